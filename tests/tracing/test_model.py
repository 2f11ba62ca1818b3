"""Claims stand side by side; which is worked with follows a rule that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import Malformed
from lanbi.tracing.handling import Handling
from lanbi.tracing.model import Statement, clusters, edges_of, prefer
from lanbi.tracing.projection import missing_of
from lanbi.tracing.schema import earliest, kind_of, latest, load, prop_of, read_date


def said(prop: str, value: str | None, number: int, **more: object) -> Statement:
    facts = {"original": None, "target": None, "sealed_id": None, "flag": None, "preferred_at": None}
    return Statement(
        id=f"s{number:04}",
        entity_id="f1",
        prop=prop,
        value=value,
        source_id="q",
        handling=Handling(originator="HT"),
        by="analyst-1",
        said_at=number,
        withdrawn_at=more.pop("withdrawn_at", None),
        seq=number,
        **{**facts, **more},
    )  # pyright: ignore[reportArgumentType]


def test_the_more_credible_wins_then_the_newer_and_both_stand() -> None:
    old, new = said("make", "GLOCK", 1, grade="B2"), said("make", "TAURUS", 2, grade="C4")
    assert prefer("firearm", [old, new]) == ({"make": "GLOCK"}, 1)
    assert prefer("firearm", [said("make", "GLOCK", 1), said("make", "TAURUS", 2)])[0] == {"make": "TAURUS"}


def test_an_analysts_choice_wins_over_every_grade() -> None:
    graded, chosen = said("make", "GLOCK", 1, grade="A1"), said("make", "TAURUS", 2, preferred_at=9)
    assert prefer("firearm", [graded, chosen]) == ({"make": "TAURUS"}, 1)


def test_what_is_withdrawn_or_sealed_is_not_worked_with() -> None:
    assert prefer("firearm", [said("make", "GLOCK", 1, withdrawn_at=5)]) == ({}, 0)
    assert prefer("person", [said("name", None, 1, sealed_id="x")]) == ({}, 0)


def test_what_may_be_several_is_no_contradiction() -> None:
    photos = [said("photo", "a" * 64, 1), said("photo", "b" * 64, 2)]
    assert prefer("firearm", photos) == ({"photo": ["b" * 64, "a" * 64]}, 0)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=12))
def test_sameness_is_the_same_from_either_side(pairs: list[tuple[str, str]]) -> None:
    heads = clusters(pairs, list("abcdefgh"))
    assert all(heads[left] == heads[right] for left, right in pairs)
    assert heads == clusters([(b, a) for a, b in reversed(pairs)], list("abcdefgh"))
    assert all(heads[head] == head and head <= item for item, head in heads.items())


def test_taking_one_pair_away_parts_what_only_it_joined() -> None:
    assert clusters([("a", "b"), ("b", "c")], list("abc")) == {"a": "a", "b": "a", "c": "a"}
    assert clusters([("a", "b")], list("abc")) == {"a": "a", "b": "a", "c": "c"}


def test_a_sale_joins_seller_buyer_and_firearm() -> None:
    sale = {"seller": "d", "buyer": "p", "firearm": "f"}
    assert [edge[:2] for edge in edges_of("acquisition", sale)] == [("d", "p"), ("p", "f")]
    assert [edge[:2] for edge in edges_of("acquisition", {"seller": "d", "firearm": "f"})] == [("d", "f")]
    assert edges_of("acquisition", {"seller": "d"}) == []
    assert edges_of("firearm", {"recovery": "r", "make": "GLOCK"}) == [("", "r", "firearm.recovery")]


def test_five_identifiers_make_a_trace() -> None:
    whole = {"make": "GLOCK", "model": "17", "calibre": "9X19", "serial": "ABC123", "country": "AT"}
    assert missing_of("firearm", whole) == []
    assert missing_of("firearm", {**whole, "country": "", "import_country": "US"}) == []
    assert missing_of("firearm", {**whole, "serial": ""}) == ["serial"]
    assert missing_of("firearm", {**whole, "serial": "", "serial_status": "obliterated"}) == []


@pytest.mark.parametrize("text", ["2026", "2026-11", "2024-02-29"])
def test_a_date_may_be_known_to_the_day_month_or_year(text: str) -> None:
    assert read_date(f" {text} ", "date") == text
    assert earliest(text) <= latest(text)


@pytest.mark.parametrize("text", ["", "26-11-2026", "2025-02-29", "2026-13", "1066", "2026-1-1", "yesterday"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="tracing-date"):
        read_date(text, "date")


def test_a_month_ends_when_it_ends() -> None:
    assert (latest("2024-02"), latest("2023-02"), latest("2026")) == (
        "2024-02-29",
        "2023-02-28",
        "2026-12-31",
    )


def test_nobody_can_write_down_a_race_an_age_or_a_victim() -> None:
    asked = {name for kind in load().values() for name in kind.props}
    assert not asked & {"race", "ethnicity", "sex", "gender", "age", "victim", "witness", "religion"}
    with pytest.raises(Malformed, match="tracing-kind"):
        kind_of("victim")
    with pytest.raises(Malformed, match="tracing-prop"):
        prop_of("person", "race")
