"""Analysis of competing hypotheses: what speaks against each reading of a link. Pure.

After Heuer (Psychology of Intelligence Analysis, 1999, chapter 8): a hypothesis is never proved by what
agrees with it, since the same evidence agrees with others; it is weakened by what disagrees. So readings
are ranked by weighted inconsistency, the least first, and no number here is a probability.

A matrix without an innocent reading is refused: theft, private resale or a clerk's error must be able to
win.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

Rating = Literal["CC", "C", "N", "NA", "I", "II"]
"""Very consistent, consistent, neutral, not applicable, inconsistent, very inconsistent."""
Relevance = Literal["high", "medium", "low"]

AGAINST: dict[Rating, int] = {"CC": 0, "C": 0, "N": 0, "NA": 0, "I": 1, "II": 2}
_SCALE: dict[Rating, int] = {"CC": 2, "C": 1, "N": 0, "NA": 0, "I": -1, "II": -2}
_WEIGHT: dict[Relevance, float] = {"high": 2**0.5, "medium": 1.0, "low": 2**-0.5}
"""Three steps whose product for a credible and relevant item is twice that of a middling one."""
SAME = 1e-9


class Unfit(ValueError):
    """A matrix that cannot be analysed. `code`: `few_hypotheses` (fewer than two), `no_innocent`, `twice`
    (a code or reference stands twice), `cell` (a cell of no row or no column)."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code, self.what = code, what


class Hypothesis(msgspec.Struct, frozen=True):
    """One reading of a link: a code of the vocabulary `hypotheses`. `innocent`: nobody in it traffics."""

    code: str
    innocent: bool


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a reference that opens the evidence, the Admiralty grade of its source, how much it matters
    here."""

    ref: str
    grade: str = "F6"
    relevance: Relevance = "medium"


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One hypothesis ranked. `inconsistency`: weighted points against; `against`: how many items speak
    against it, `for_`: how many agree (shown, never counted); `rank` 1 is the least contradicted, ties
    share a rank."""

    code: str
    innocent: bool
    inconsistency: float
    against: int
    for_: int
    rank: int


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What happens without one item. `leads`: the hypotheses that would then lead; `lead_changes`: whether
    those are others than now. An order that turns on one item is as good as that item."""

    ref: str
    order: tuple[str, ...]
    leads: tuple[str, ...]
    lead_changes: bool


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. `scores` by rank; `turns`: the items on which the order depends; `idle`: items that agree
    or disagree with every hypothesis alike, so that they tell nothing; `weights` by item; `unrated`: empty
    cells, which count as neutral."""

    scores: tuple[Score, ...]
    leads: tuple[str, ...]
    turns: tuple[Turn, ...]
    idle: tuple[str, ...]
    weights: dict[str, float]
    unrated: int


def credibility_of(grade: str) -> Relevance:
    """High for A or B with 1 or 2, low for E or 5 and for what cannot be judged (F, 6), medium between."""
    letter, figure = grade[:1], grade[1:]
    if letter in "EF" or figure in ("5", "6"):
        return "low"
    return "high" if letter in "AB" and figure in ("1", "2") else "medium"


def analyse(
    hypotheses: Sequence[Hypothesis], items: Sequence[Item], cells: Mapping[tuple[str, str], Rating]
) -> Analysis:
    """Rank the hypotheses by what speaks against them, and say which single items the order hangs on.

    `cells`: (item reference, hypothesis code) → rating; a missing cell counts as neutral. Raises Unfit.
    """
    _check(hypotheses, items, cells)
    weights = {one.ref: _WEIGHT[credibility_of(one.grade)] * _WEIGHT[one.relevance] for one in items}

    def points(without: str | None = None) -> dict[str, float]:
        return {
            hypothesis.code: sum(
                weights[one.ref] * AGAINST[cells.get((one.ref, hypothesis.code), "N")]
                for one in items
                if one.ref != without
            )
            for hypothesis in hypotheses
        }

    now = points()
    order = _order(now)
    turns = []
    for one in items:
        then = points(one.ref)
        if _order(then) != order:
            leads = tuple(sorted(_order(then)[0]))
            flat = tuple(code for tied in _order(then) for code in sorted(tied))
            turns.append(Turn(ref=one.ref, order=flat, leads=leads, lead_changes=set(leads) != order[0]))
    return Analysis(
        scores=_scores(hypotheses, items, cells, now, order),
        leads=tuple(sorted(order[0])),
        turns=tuple(turns),
        idle=tuple(
            one.ref
            for one in items
            if len({_SCALE[cells.get((one.ref, hypothesis.code), "N")] for hypothesis in hypotheses}) == 1
        ),
        weights=weights,
        unrated=sum((one.ref, hypothesis.code) not in cells for one in items for hypothesis in hypotheses),
    )


def _check(hypotheses: Sequence[Hypothesis], items: Sequence[Item], cells: Iterable[tuple[str, str]]) -> None:
    codes, refs = [one.code for one in hypotheses], [one.ref for one in items]
    for names in (codes, refs):
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise Unfit("twice", twice)
    if len(codes) < 2:
        raise Unfit("few_hypotheses")
    if not any(one.innocent for one in hypotheses):
        raise Unfit("no_innocent")
    for ref, code in cells:
        if ref not in refs or code not in codes:
            raise Unfit("cell", f"{ref}, {code}")


def _order(points: Mapping[str, float]) -> list[set[str]]:
    """The codes from the least to the most contradicted; those with the same points stand together."""
    ordered: list[set[str]] = []
    last = float("-inf")
    for code in sorted(points, key=lambda code: points[code]):
        if points[code] - last > SAME:
            ordered.append(set())
        ordered[-1].add(code)
        last = points[code]
    return ordered


def _scores(
    hypotheses: Sequence[Hypothesis],
    items: Sequence[Item],
    cells: Mapping[tuple[str, str], Rating],
    points: Mapping[str, float],
    order: Sequence[set[str]],
) -> tuple[Score, ...]:
    ranks: dict[str, int] = {}
    for tied in order:
        ranks |= dict.fromkeys(tied, len(ranks) + 1)
    scores = []
    for hypothesis in hypotheses:
        column = [_SCALE[cells.get((one.ref, hypothesis.code), "N")] for one in items]
        scores.append(
            Score(
                code=hypothesis.code,
                innocent=hypothesis.innocent,
                inconsistency=points[hypothesis.code],
                against=sum(value < 0 for value in column),
                for_=sum(value > 0 for value in column),
                rank=ranks[hypothesis.code],
            )
        )
    return tuple(sorted(scores, key=lambda score: score.rank))


class Reading(msgspec.Struct, frozen=True):
    """A hypothesis to begin with, and what would refute it: codes of the vocabulary `refutations`."""

    hypothesis: Hypothesis
    refuted_by: tuple[str, ...]


def _guilty(code: str, *refuted_by: str) -> Reading:
    return Reading(Hypothesis(code, False), refuted_by)


def _innocent(code: str, *refuted_by: str) -> Reading:
    return Reading(Hypothesis(code, True), refuted_by)


_RESALE = _innocent("private_resale", "no_resale_before_recovery", "purchaser_held_it_later")
_THEFT = _innocent("theft", "no_theft_report", "reported_after_recovery", "purchaser_held_it_later")
_CLERK = _innocent("clerical_error", "serial_seen_on_photo", "second_register_agrees")
_NAMESAKE = _innocent("namesake", "identity_document_same", "birth_date_and_address_same")
_BUSY_DEALER = _innocent("busy_dealer", "rate_of_dealer_low", "serials_in_sequence")
_OTHER_SENDER = _innocent("other_sender_same_box", "one_house_bill", "packed_together")
_HANDED_ON = _innocent("handed_on_locally", "never_in_one_place", "held_by_one_person_throughout")
_STRAW = _guilty("straw_purchases", "purchaser_still_holds_them", "lawful_export_papers")
_ONE_NETWORK = _guilty("one_supply_network", "apart_in_time_and_route", "other_route_proved")

TEMPLATES: dict[str, tuple[Reading, ...]] = {
    "purchaser": (_STRAW, _RESALE, _THEFT, _NAMESAKE, _CLERK),
    "report": (_STRAW, _RESALE, _THEFT, _CLERK),
    "theft": (
        _guilty("theft_to_order", "thief_convicted_alone", "recovered_near_the_theft"),
        _innocent("opportunist_theft", "stolen_list_matches_order", "same_buyer_afterwards"),
        _CLERK,
    ),
    "consignment": (_ONE_NETWORK, _OTHER_SENDER, _CLERK),
    "bill": (_ONE_NETWORK, _OTHER_SENDER, _CLERK),
    "container": (
        _ONE_NETWORK,
        _innocent("box_used_again", "same_voyage", "packed_together"),
        _OTHER_SENDER,
        _CLERK,
    ),
    "ballistic_confirmed": (
        _guilty("one_group_uses_it", "held_by_others_between", "apart_in_time_and_route"),
        _HANDED_ON,
        _innocent("laboratory_mix_up", "second_examiner_agrees", "chain_of_custody_whole"),
    ),
    "ballistic_lead": (
        _guilty("one_group_uses_it", "microscope_excludes", "held_by_others_between"),
        _innocent("lead_is_no_hit", "microscope_confirms"),
        _HANDED_ON,
    ),
    "co_purchase": (_STRAW, _BUSY_DEALER, _RESALE, _THEFT),
    "serials": (
        _guilty("bought_as_a_lot", "sold_to_unrelated_buyers", "rate_of_dealer_high"),
        _innocent("neighbours_in_one_delivery", "one_buyer_on_the_forms", "sold_on_one_day"),
        _CLERK,
    ),
    "address": (
        _ONE_NETWORK,
        _innocent("shared_address", "one_household", "same_time_at_address"),
        _NAMESAKE,
        _CLERK,
    ),
    "phone": (
        _ONE_NETWORK,
        _innocent("number_given_again", "same_holder_throughout", "calls_between_them"),
        _innocent("lent_telephone", "calls_between_them"),
        _CLERK,
    ),
}  # fmt: skip
"""By kind of link: what to weigh first. Each list holds at least one innocent reading."""


def template(link_kind: str) -> tuple[Reading, ...]:
    """The readings to begin with; for an unknown kind of link those that fit any."""
    return TEMPLATES.get(link_kind, (_ONE_NETWORK, _RESALE, _THEFT, _CLERK))
