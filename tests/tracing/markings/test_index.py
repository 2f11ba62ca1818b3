"""Serial search: what is found, in which order, while the register changes."""

import random
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.tracing.markings import part
from lanbi.tracing.markings.index import DELTA_ROWS_MAX, Hits, SerialIndex, columns_of
from lanbi.tracing.markings.marks import ALIKE, ALPHABET, GAP, SERIAL_MARKS_MAX, UNREAD
from lanbi.tracing.markings.score import Gun, parts_by_code

MARKS = st.text(ALPHABET, min_size=5, max_size=10)
GUNS = st.builds(
    Gun,
    marks=MARKS,
    make=st.sampled_from([None, "GLOCK", "TAURUS", "ROSSI", "RUGER"]),
    calibre=st.sampled_from([None, "9X19", "380ACP", "45ACP"]),
    type=st.sampled_from([None, "pistol", "revolver"]),
)
TARGET = Gun(marks="SYN488075", make="GLOCK", model="GLOCK/19", calibre="9X19", type="pistol")


def index_of(guns: list[Gun]) -> SerialIndex:
    return SerialIndex(range(len(guns)), columns_of(guns))


def register(count: int = 2_000, seed: int = 3) -> list[Gun]:
    """Guns of a few makes, and the target's neighbours."""
    draw = random.Random(seed)
    shapes = {"GLOCK": "AAAA999", "TAURUS": "AAA99999", "RUGER": "999999999", "SMITHWESSON": "AAA9999"}
    guns: list[Gun] = []
    for _ in range(count):
        make = draw.choice(list(shapes))
        marks = "".join(draw.choice(ALPHABET[10:] if sign == "A" else ALPHABET[:10]) for sign in shapes[make])
        guns.append(Gun(marks=marks, make=make, calibre=draw.choice(["9X19", "45ACP"]), type="pistol"))
    return guns


@pytest.fixture(scope="module")
def index() -> SerialIndex:
    return index_of([*register(), TARGET])


@pytest.mark.parametrize(
    "reading",
    [
        "SYN488075",
        "5YN48B075",  # look-alikes
        "SYN480875",  # neighbours swapped
        "SYN48075",  # one missing
        "SYN4880755",  # one extra
        "SYN438075",  # another mark
        "SYN48?075",
        "SYN4?80?5",
        "S?N48?07?",
        "SYN…075",
        "…488075",
        "SYN48…",
        "S??48??75",  # more unread than are filled in
    ],
)
def test_a_serial_is_found_in_spite_of(index: SerialIndex, reading: str) -> None:
    found = index.search(Gun(marks=reading, make="GLOCK", calibre="9X19"))
    assert found.proposals, reading
    assert found.proposals[0].id == 2_000
    assert found.proposals[0].marks == TARGET.marks
    assert found.proposals[0].posterior > 0.5
    assert found.entries == 2_001


def test_what_is_like_nothing_is_not_proposed(index: SerialIndex) -> None:
    for reading in ("ZZTOP99", "7", "…", "", "SYN999999"):
        assert index.search(Gun(marks=reading)).proposals == ()


def test_the_wrong_make_is_proposed_last(index: SerialIndex) -> None:
    same = index.search(Gun(marks="SYN48B075", make="GLOCK")).proposals[0].posterior
    unknown = index.search(Gun(marks="SYN48B075")).proposals[0].posterior
    differs = index.search(Gun(marks="SYN48B075", make="RUGER"), posterior_min=0.0).proposals[0].posterior
    assert same > unknown > differs


def test_among_neighbours_a_mark_that_differs_says_little() -> None:
    """Guns of one production run differ in one figure: an absent neighbour is likelier than a misreading."""
    run = [Gun(marks=f"SYN48{number:04}", make="GLOCK") for number in range(8000, 8100) if number != 8075]
    run += register(500)
    one = SerialIndex(range(len(run)), columns_of(run))
    found = one.search(Gun(marks="SYN488075", make="GLOCK"))
    assert found.near >= 18
    assert all(proposal.posterior < 0.5 for proposal in found.proposals)
    alone = index_of([Gun(marks="SYN488074", make="GLOCK"), *register(500)])
    assert alone.search(Gun(marks="SYN488075", make="GLOCK")).proposals[0].posterior > 0.5


def test_others_that_fit_as_well_share_the_posterior_and_are_counted() -> None:
    guns = [Gun(marks=f"SYN2{number}4408", make="TAURUS") for number in range(5)]
    found = index_of([*guns, *register(300)]).search(Gun(marks="SYN2?4408", make="TAURUS"), posterior_min=0.0)
    assert [proposal.id for proposal in found.proposals] == [0, 1, 2, 3, 4]  # equals: the lower id first
    assert found.proposals[0].posterior == pytest.approx(found.proposals[4].posterior)
    assert found.proposals[0].posterior < 0.2
    assert parts_by_code(found.proposals[0].comparison.parts)["others"].count == 4


def test_too_many_that_fit_are_said_to_be_too_many(
    monkeypatch: pytest.MonkeyPatch, index: SerialIndex
) -> None:
    reading = Gun(marks=f"{GAP}5")
    assert not index.search(reading).too_many
    monkeypatch.setattr(part, "LOOSE_ROWS_MAX", 10)
    found = index.search(reading)
    assert found.too_many
    assert found.proposals == ()
    assert len(index.search_many([reading, TARGET]).id) == 1


def test_a_register_entry_with_an_unread_mark_is_found_too() -> None:
    guns = [Gun(marks="SYN48?075", make="GLOCK"), *register(300)]
    assert index_of(guns).search(Gun(marks="SYN488075", make="GLOCK")).proposals[0].id == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(GUNS, min_size=1, max_size=30, unique_by=lambda gun: gun.marks), st.data())
def test_every_serial_finds_itself_and_bears_one_error(guns: list[Gun], data: st.DataObject) -> None:
    index = index_of(guns)
    which = data.draw(st.integers(0, len(guns) - 1))
    marks = guns[which].marks
    hits = index.search_many(guns, limit=50, posterior_min=0.0)
    for query in range(len(guns)):
        assert query in hits.id[hits.query == query]
    at = data.draw(st.integers(0, len(marks) - 2))
    groups = [group for group in ALIKE if marks[at] in group]
    readings = [
        marks[:at] + (groups[0][-1] if groups else marks[at]) + marks[at + 1 :],
        marks[:at] + marks[at + 1 :],
        marks[:at] + marks[at + 1] + marks[at] + marks[at + 2 :],
        marks[:at] + data.draw(st.sampled_from(ALPHABET)) + marks[at:],
        marks[:at] + UNREAD + marks[at + 1 :],
        marks[:at] + UNREAD + UNREAD + marks[at + 2 :],
        marks[:at] + GAP + marks[at + 1 :],
    ]
    for reading in readings:
        found = index.search(Gun(marks=reading), limit=50, posterior_min=0.0)
        assert which in [proposal.id for proposal in found.proposals], reading


def same(one: Hits, other: Hits) -> None:
    assert one.query.tolist() == other.query.tolist()
    assert one.id.tolist() == other.id.tolist()
    assert one.others.tolist() == other.others.tolist()
    np.testing.assert_allclose(one.posterior, other.posterior, atol=1e-9)
    np.testing.assert_allclose(one.log10_odds, other.log10_odds, atol=1e-6)


READINGS = st.lists(
    st.builds(
        Gun, marks=st.text(ALPHABET + UNREAD, min_size=3, max_size=10), make=st.sampled_from([None, "GLOCK"])
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(GUNS, max_size=20),
    st.lists(GUNS, max_size=12),
    st.lists(st.integers(0, 35), max_size=10),
    READINGS,
)
def test_adding_and_taking_away_is_the_same_as_building_anew(
    first: list[Gun], more: list[Gun], gone: list[int], readings: list[Gun]
) -> None:
    changed = index_of(first)
    half = len(more) // 2
    changed.add(range(len(first), len(first) + half), columns_of(more[:half]))
    changed.remove(gone)
    changed.add(range(len(first) + half, len(first) + len(more)), columns_of(more[half:]))
    changed.remove(gone)
    kept = [at for at in range(len(first) + len(more)) if at not in gone]
    anew = SerialIndex(kept, columns_of([[*first, *more][at] for at in kept]))
    asked = [*readings, *first[:3], *more[:3]]
    expected = anew.search_many(asked, limit=50, posterior_min=0.0)
    same(changed.search_many(asked, limit=50, posterior_min=0.0), expected)
    assert len(changed) == len(anew) == len(kept)
    changed.merge()
    same(changed.search_many(asked, limit=50, posterior_min=0.0), expected)
    assert len(changed) == len(kept)


@settings(max_examples=40, deadline=None)
@given(st.lists(GUNS, max_size=25), READINGS, st.text(ALPHABET, max_size=3), st.text(ALPHABET, max_size=3))
def test_many_readings_at_once_find_what_each_finds_alone(
    guns: list[Gun], readings: list[Gun], begin: str, end: str
) -> None:
    index = index_of(guns)
    asked = [*readings, *guns[:3], Gun(marks=begin + GAP + end)]
    together = index.search_many(asked, limit=50, posterior_min=0.0)
    for query, reading in enumerate(asked):
        alone = index.search(reading, limit=50, posterior_min=0.0)
        mine = together.query == query
        assert [proposal.id for proposal in alone.proposals] == together.id[mine].tolist()
        for proposal, odds, others in zip(
            alone.proposals, together.log10_odds[mine], together.others[mine], strict=True
        ):
            # The odds that the arrays sum up are those that the screen's parts add up to.
            assert proposal.comparison.log10_odds == pytest.approx(odds, abs=1e-3)
            assert proposal.comparison.posterior == pytest.approx(proposal.posterior, abs=1e-3)
            assert parts_by_code(proposal.comparison.parts)["others"].count == others


def test_the_newer_state_of_an_entry_takes_the_place_of_the_older() -> None:
    index = index_of([Gun(marks="AAA1111"), Gun(marks="BBB2222")])
    index.add([1], columns_of([Gun(marks="CCC3333")]))
    assert len(index) == 2
    assert index.search(Gun(marks="CCC3333")).proposals[0].id == 1
    assert index.search(Gun(marks="BBB2222")).proposals == ()
    index.add([7, 7], columns_of([Gun(marks="DDD4444"), Gun(marks="EEE5555")]))
    assert index.search(Gun(marks="DDD4444")).proposals == ()
    assert index.search(Gun(marks="EEE5555")).proposals[0].id == 7


def test_as_many_ids_as_rows() -> None:
    with pytest.raises(ValueError, match="2 ids for 1 rows"):
        SerialIndex([1, 2], columns_of([Gun(marks="AAA1111")]))
    index = SerialIndex()
    assert len(index) == 0
    assert index.search(TARGET).proposals == ()
    with pytest.raises(ValueError, match="0 ids for 1 rows"):
        index.add([], columns_of([Gun(marks="AAA1111")]))
    index.add([-5], columns_of([TARGET]))
    assert index.search(TARGET).proposals[0].id == -5


def test_entries_without_marks_and_of_full_length_are_held() -> None:
    long = "A1" * (SERIAL_MARKS_MAX // 2)
    index = index_of([Gun(marks=""), Gun(marks=long), Gun(marks="B2")])
    assert index.search(Gun(marks=long)).proposals[0].id == 1
    assert index.search(Gun(marks=long[:-1] + UNREAD)).proposals[0].id == 1
    assert index.search(Gun(marks=long[:4] + GAP + long[-4:])).proposals[0].id == 1
    assert index.search(Gun(marks="B2")).proposals[0].id == 2


def test_a_merge_is_wanted_only_after_much_has_changed() -> None:
    index = index_of(register(50))
    assert not index.wants_merge
    more = columns_of([Gun(marks="AAA1111")] * (DELTA_ROWS_MAX + 1))
    index.add(range(100, 100 + DELTA_ROWS_MAX + 1), more)
    assert index.wants_merge
    index.merge()
    assert not index.wants_merge
    assert index.bytes > 0


def test_searches_go_on_while_the_register_changes(index: SerialIndex) -> None:
    """Every search sees one whole register: what comes and goes does it no harm."""
    changing = index_of([*register(), TARGET])
    wrong: list[object] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            found = changing.search(Gun(marks="SYN48B075", make="GLOCK"))
            if [proposal.id for proposal in found.proposals][:1] != [2_000]:
                wrong.append(found)

    readers = [threading.Thread(target=search) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(15):
        changing.add([5_000 + turn], columns_of([Gun(marks=f"QRS{turn:05}", make="TAURUS")]))
        changing.remove([turn, 5_000 + turn - 3])
    changing.merge()
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert len(changing) == 2_001 - 15 + 3
