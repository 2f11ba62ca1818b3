"""Competing hypotheses: ranked by what speaks against them, never without an innocent one."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.tracing.networks.ach import (
    AGAINST,
    TEMPLATES,
    Hypothesis,
    Item,
    Rating,
    Unfit,
    analyse,
    credibility_of,
    template,
)
from lanbi.tracing.networks.links import KINDS

STRAW, RESALE, THEFT = (
    Hypothesis("straw_purchases", False),
    Hypothesis("private_resale", True),
    Hypothesis("theft", True),
)
SALE, REPORT, PAPER = (
    Item(ref="sale", grade="A1", relevance="high"),
    Item(ref="report", grade="C3"),
    Item(ref="paper", grade="E5", relevance="low"),
)


def cells(**rows: str) -> dict[tuple[str, str], Rating]:
    """One row of ratings for straw purchases, resale and theft by item."""
    table: dict[tuple[str, str], Rating] = {}
    for ref, row in rows.items():
        for hypothesis, rating in zip((STRAW, RESALE, THEFT), row.split(), strict=True):
            table[ref, hypothesis.code] = rating  # pyright: ignore[reportArgumentType]
    return table


def test_the_reading_that_least_speaks_against_comes_first() -> None:
    found = analyse((STRAW, RESALE, THEFT), (SALE, REPORT), cells(sale="CC I II", report="C C I"))
    assert [(score.code, score.rank) for score in found.scores] == [
        ("straw_purchases", 1),
        ("private_resale", 2),
        ("theft", 3),
    ]
    assert [score.inconsistency for score in found.scores] == pytest.approx([0, 2, 5])
    assert (found.scores[2].against, found.scores[0].for_) == (2, 2)


def test_agreement_is_shown_and_never_counted() -> None:
    """Nine items that agree do not outweigh one that disagrees."""
    items = [Item(ref=str(i), grade="A1", relevance="high") for i in range(9)] + [PAPER]
    table: dict[tuple[str, str], Rating] = {(str(i), "straw_purchases"): "CC" for i in range(9)}
    table["paper", "straw_purchases"] = "I"
    found = analyse((STRAW, RESALE), items, table)
    assert found.leads == ("private_resale",)
    assert found.scores[1].for_ == 9


def test_a_credible_and_relevant_item_weighs_four_times_a_poor_one() -> None:
    found = analyse((STRAW, RESALE, THEFT), (SALE, REPORT, PAPER), {})
    assert found.weights == pytest.approx({"sale": 2, "report": 1, "paper": 0.5})
    assert found.unrated == 9


def test_equal_readings_share_a_rank() -> None:
    found = analyse((STRAW, RESALE, THEFT), (SALE,), cells(sale="C N II"))
    assert [score.rank for score in found.scores] == [1, 1, 3]
    assert found.leads == ("private_resale", "straw_purchases")


def test_the_one_item_on_which_the_order_hangs_is_named() -> None:
    found = analyse((STRAW, RESALE, THEFT), (SALE, REPORT), cells(sale="C II II", report="I N I"))
    assert found.leads == ("straw_purchases",)
    assert [turn.ref for turn in found.turns] == ["sale", "report"]
    sale, report = found.turns
    assert sale.lead_changes
    assert sale.leads == ("private_resale",)
    assert not report.lead_changes
    assert report.leads == ("straw_purchases",)


def test_an_order_that_no_single_item_turns_says_so() -> None:
    found = analyse((STRAW, RESALE, THEFT), (SALE, REPORT), cells(sale="C I II", report="C I II"))
    assert found.turns == ()


def test_an_item_that_is_the_same_for_all_tells_nothing() -> None:
    found = analyse((STRAW, RESALE, THEFT), (SALE, REPORT), cells(sale="C C C", report="C C I"))
    assert found.idle == ("sale",)


@pytest.mark.parametrize(
    ("hypotheses", "items", "table", "code"),
    [
        ((STRAW,), (SALE,), {}, "few_hypotheses"),
        ((STRAW, Hypothesis("one_supply_network", False)), (SALE,), {}, "no_innocent"),
        ((STRAW, RESALE, RESALE), (SALE,), {}, "twice"),
        ((STRAW, RESALE), (SALE, SALE), {}, "twice"),
        ((STRAW, RESALE), (SALE,), {("sale", "theft"): "I"}, "cell"),
        ((STRAW, RESALE), (SALE,), {("other", "private_resale"): "I"}, "cell"),
    ],
)
def test_a_matrix_that_is_not_fair_is_refused(
    hypotheses: tuple[Hypothesis, ...],
    items: tuple[Item, ...],
    table: dict[tuple[str, str], Rating],
    code: str,
) -> None:
    with pytest.raises(Unfit) as refused:
        analyse(hypotheses, items, table)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("grade", "credible"),
    [
        ("A1", "high"),
        ("B2", "high"),
        ("A3", "medium"),
        ("C3", "medium"),
        ("E1", "low"),
        ("B5", "low"),
        ("F6", "low"),
    ],
)
def test_a_grade_says_how_credible(grade: str, credible: str) -> None:
    assert credibility_of(grade) == credible


def test_every_kind_of_link_has_readings_an_innocent_one_and_what_would_refute_each() -> None:
    assert TEMPLATES.keys() == set(KINDS)
    for kind in (*KINDS, "some_new_kind"):
        readings = template(kind)
        hypotheses = [reading.hypothesis for reading in readings]
        assert any(one.innocent for one in hypotheses)
        assert any(not one.innocent for one in hypotheses)
        assert all(reading.refuted_by for reading in readings)
        assert analyse(hypotheses, [SALE], {}).leads  # a template can be weighed as it is


def test_a_code_is_innocent_or_not_wherever_it_stands() -> None:
    said = {
        (one.hypothesis.code, one.hypothesis.innocent) for readings in TEMPLATES.values() for one in readings
    }
    assert len({code for code, _ in said}) == len(said)


ratings = st.sampled_from(sorted(AGAINST))


@given(st.lists(st.tuples(ratings, ratings, ratings), min_size=1, max_size=8), st.data())
def test_the_order_of_rows_and_columns_does_not_matter(
    rows: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    items = [Item(ref=str(i), grade="B2") for i in range(len(rows))]
    hypotheses = [STRAW, RESALE, THEFT]
    table: dict[tuple[str, str], Rating] = {
        (str(i), hypotheses[j].code): rows[i][j]  # pyright: ignore[reportAssignmentType]
        for i, j in product(range(len(rows)), range(3))
    }
    one = analyse(hypotheses, items, table)
    other = analyse(data.draw(st.permutations(hypotheses)), data.draw(st.permutations(items)), table)
    assert {score.code: score.rank for score in one.scores} == {
        score.code: score.rank for score in other.scores
    }
    assert {turn.ref for turn in one.turns} == {turn.ref for turn in other.turns}
