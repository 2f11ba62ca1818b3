"""What a proposal weighs, and against whom."""

from math import isclose, log10

from hypothesis import given
from hypothesis import strategies as st

from lanbi.tracing.markings.index import Found, SerialIndex, columns_of
from lanbi.tracing.markings.marks import ALPHABET
from lanbi.tracing.markings.score import posterior_of
from lanbi.tracing.matches.model import (
    Side,
    alignment_rows,
    is_loose,
    kind_of,
    known_marks,
    pair_key,
    part_rows,
    searchable,
    weigh,
)

marks = st.text(ALPHABET, min_size=5, max_size=9)
makes = st.sampled_from(["GLOCK", "TAURUS", "RUGER", None])
sides = st.builds(Side, marks=marks, make=makes)


def found(reading: Side, held: dict[int, Side]) -> Found:
    """What an index of these finds."""
    index = SerialIndex(list(held), columns_of([side.gun for side in held.values()]))
    return index.search(reading.gun, limit=50, posterior_min=0.0)


@given(sides, st.lists(sides, min_size=1, max_size=8))
def test_the_parts_are_the_score_and_the_best_comes_first(reading: Side, others: list[Side]) -> None:
    held = dict(enumerate([reading, *others], start=1))
    scored = weigh(found(reading, held), held, (), score_min=0.0)
    assert scored[0].side.marks == reading.marks
    assert [one.rank for one in scored] == sorted((one.rank for one in scored), reverse=True)
    for one in scored:
        total = sum(part.weight for part in one.comparison.parts)
        assert isclose(total, one.comparison.log10_odds, abs_tol=1e-9)
        assert isclose(one.score, posterior_of(total), abs_tol=1e-9)
        assert {part.code for part in one.comparison.parts} >= {"register", "marks", "pattern", "others"}


@given(sides, st.lists(sides, max_size=5))
def test_a_gun_in_two_registers_is_no_rival_of_itself(reading: Side, others: list[Side]) -> None:
    rest = [side for side in others if side.marks != reading.marks]
    twice = {1: reading, 2: reading, **dict(enumerate(rest, start=3))}
    raw = {one.id: one.posterior for one in found(reading, twice).proposals}
    first, second = weigh(found(reading, twice), twice, (), score_min=0.0)[:2]
    assert {first.id, second.id} == {1, 2}
    assert isclose(first.score, second.score, abs_tol=1e-9)
    assert raw[1] <= 0.5
    assert first.score >= raw[1]


def test_two_guns_of_one_serial_and_two_makes_are_rivals() -> None:
    reading = Side(marks="AB123456")
    one, other = Side(marks="AB123456", make="GLOCK"), Side(marks="AB123456", make="TAURUS")
    scored = weigh(found(reading, {1: one, 2: other}), {1: one, 2: other}, (), score_min=0.0)
    assert [round(hit.score, 2) for hit in scored] == [0.5, 0.5]
    assert [hit.near for hit in scored] == [1, 1]
    same = weigh(found(reading, {1: one, 2: one}), {1: one, 2: one}, (), score_min=0.0)
    assert all(hit.score > 0.9 and hit.near == 0 for hit in same)


def test_what_is_gone_is_neither_proposed_nor_a_rival() -> None:
    """A planted fault: were the withdrawn still counted, the true one would stand at a half."""
    reading = Side(marks="SYN48B075", make="GLOCK")
    true, rival = Side(marks="SYN488075", make="GLOCK"), Side(marks="SYN48B075", make="TAURUS")
    held = {1: true, 2: rival}
    both = weigh(found(reading, held), held, (), score_min=0.0)
    assert len(both) == 2
    for left in (
        weigh(found(reading, held), {1: true}, (), score_min=0.0),
        weigh(found(reading, held), held, {2}, score_min=0.0),
    ):
        (only,) = left
        assert only.id == 1
        assert only.score > next(hit.score for hit in both if hit.id == 1)
        assert only.near == 0


def test_the_reading_itself_does_not_hide_the_other_firearm() -> None:
    reading, twin = Side(marks="SYN48B075", make="GLOCK"), Side(marks="SYN488075", make="GLOCK")
    held = {7: reading, 8: twin, **{at: Side(marks=f"AB{at:05}", make="RUGER") for at in range(20, 60)}}
    hits = weigh(found(reading, held), held, {7}, score_min=0.2)
    assert [hit.id for hit in hits] == [8]
    assert weigh(found(reading, held), held, (), score_min=0.2)[0].id == 7


def test_a_lower_score_than_asked_is_not_proposed() -> None:
    reading = Side(marks="SYN48B075", make="GLOCK")
    held = {1: Side(marks="SYN48B075", make="GLOCK"), 2: Side(marks="SYN48B175", make="TAURUS")}
    assert len(weigh(found(reading, held), held, (), score_min=0.0)) == 2
    assert [hit.id for hit in weigh(found(reading, held), held, (), score_min=0.2)] == [1]


def test_rows_say_what_their_sentences_need() -> None:
    reading = Side(marks="SYN48B075", make="GLOCK", calibre="9X19", type="pistol")
    held = Side(marks="SYN488075", make="GLOCK", calibre="9X18")
    (hit,) = weigh(found(reading, {1: held}), {1: held}, (), score_min=0.0)
    steps = alignment_rows(hit.comparison.steps)
    assert steps[5] == {"recovered": "B", "register": "8", "relation": "look_alike"}
    rows = {row["code"]: row["args"] for row in part_rows(hit.comparison, reading, held, 1)}
    assert rows["register"] == {"entries": 1}
    assert (rows["marks"], rows["look_alike"], rows["others"]) == ({"count": 8}, {"count": 1}, {"count": 0})
    assert rows["make"] == {"recovered": "GLOCK", "register": "GLOCK", "relation": "same"}
    assert rows["calibre"]["relation"] in ("near", "differs")
    assert rows["pattern"] == {}
    assert "type" not in rows


def test_duplicates_are_whole_serials_of_one_make() -> None:
    glock = Side(marks="SYN48B075", make="GLOCK")
    assert kind_of(glock, glock) == "duplicate"
    assert kind_of(glock, Side(marks="SYN48B075", make="TAURUS")) == "firearm"
    assert kind_of(glock, Side(marks="SYN48B075")) == "firearm"
    assert kind_of(Side(marks="SYN48B075"), Side(marks="SYN48B075")) == "firearm"
    assert kind_of(Side(marks="SYN4?B075", make="GLOCK"), Side(marks="SYN4?B075", make="GLOCK")) == "firearm"


def test_a_model_without_its_make_is_of_the_make_that_was_stated() -> None:
    assert Side(marks="AB1234", make="GLOCK", model="19").gun.model == "GLOCK/19"
    assert Side(marks="AB1234", make="Zanmi", model="19").gun.model is None
    assert Side(marks="AB1234", make="Zanmi", calibre="rale").gun.calibre is None


def test_what_can_be_searched_and_what_can_be_held() -> None:
    assert [known_marks(text) for text in (None, "", "?", "AB?1", "…075")] == [0, 0, 0, 3, 3]
    assert [searchable(text) for text in (None, "?", "AB?1", "…075")] == [False, False, True, False]
    assert [is_loose(text) for text in ("AB12", "AB?1", "A??1", "…075")] == [False, False, True, True]


@given(st.uuids(), st.uuids())
def test_a_pair_is_one_whichever_was_searched(one: object, other: object) -> None:
    assert pair_key(str(one), str(other), None) == pair_key(str(other), str(one), None)
    assert pair_key(str(one), None, 7) != pair_key(str(one), None, 8)


def test_weights_are_log10_of_what_they_say() -> None:
    held = {at: Side(marks=f"AB{at:05}") for at in range(1, 11)}
    (best, *_) = weigh(found(Side(marks="AB00003"), held), held, (), score_min=0.0)
    register = next(part for part in best.comparison.parts if part.code == "register")
    assert isclose(register.weight, -log10(10))
