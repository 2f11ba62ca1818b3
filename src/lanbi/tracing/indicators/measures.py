"""The open indicators: how much is recovered, asked, answered and established, each with its denominator.
Pure.

Every figure names its numerator, denominator and period, and withholds what would show fewer than CELL_MIN
firearms or requests (see `suppression`). They describe the work of offices, not the danger of places: a
state that submits more looks worse on some of them, so they are never ranked against each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from lanbi.tracing.indicators.suppression import CELL_MIN, Table, publish
from lanbi.tracing.timing.survival import Quantile, kaplan_meier

IDENTIFIERS = ("make", "model", "calibre", "serial", "country")
"""What a trace needs under the International Tracing Instrument and ISACS 05.31; `country`: of manufacture,
or of last legal import."""

Direction = Literal["out", "in"]
Outcome = Literal["answered", "more_needed", "refused", "lapsed", "open"]


class Period(msgspec.Struct, frozen=True):
    """From `first` to `last`, both days included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A share that may be published. `numerator`, `share`: None where withheld, since it or what is left of
    the denominator is below CELL_MIN; `denominator`: None where it is itself. `at_least`, `at_most`: what
    can then still be said of the share."""

    code: str
    period: Period
    numerator: int | None
    denominator: int | None
    share: float | None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def withheld(self) -> bool:
        return self.share is None


def proportion(code: str, numerator: int, denominator: int, period: Period) -> Measure:
    """A share with the small cells of its two-cell row withheld. ValueError unless 0 <= numerator <=
    denominator."""
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is no share")
    rest = denominator - numerator
    if denominator < CELL_MIN:
        return Measure(code=code, period=period, numerator=None, denominator=None, share=None)
    if numerator >= CELL_MIN and rest >= CELL_MIN:
        return Measure(
            code=code,
            period=period,
            numerator=numerator,
            denominator=denominator,
            share=numerator / denominator,
        )
    edge = (CELL_MIN - 1) / denominator
    # Below twice the least cell either side may be the small one, and a bound would say which.
    wide = denominator >= 2 * CELL_MIN
    return Measure(
        code=code, period=period, numerator=None, denominator=denominator, share=None,
        at_least=1 - edge if wide and rest < CELL_MIN else None,
        at_most=edge if wide and numerator < CELL_MIN else None,
    )  # fmt: skip


def share_submitted(recovered: int, submitted: int, period: Period) -> Measure:
    """Of the firearms recovered in the period, those for which a trace was asked, by when this is
    computed."""
    return proportion("share_submitted", submitted, recovered, period)


class Completeness(msgspec.Struct, frozen=True):
    """The share of recovered firearms with all five identifiers, and with each."""

    all_five: Measure
    each: dict[str, Measure]


def completeness(known: Iterable[Iterable[str]], period: Period) -> Completeness:
    """`known`: for each firearm recovered in the period, which of IDENTIFIERS are known of it; others are
    ignored.

    A partial or obliterated serial is not known, a restored one is: whoever counts decides so before this.
    """
    sets = [frozenset(one) & frozenset(IDENTIFIERS) for one in known]
    having = Counter(name for one in sets for name in one)
    full = sum(len(one) == len(IDENTIFIERS) for one in sets)
    return Completeness(
        proportion("five_identifiers", full, len(sets), period),
        {name: proportion(f"identifier_{name}", having[name], len(sets), period) for name in IDENTIFIERS},
    )


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One trace request. `direction`: `out`, asked by us; `in`, asked of us. `responded`: the day of the
    first answer of any kind: an answer, a demand for more, a refusal. `reason`: why a trace found
    nobody."""

    sent: date
    direction: Direction
    partner: str
    outcome: Outcome = "open"
    responded: date | None = None
    reason: str = ""


class Reciprocity(msgspec.Struct, frozen=True):
    """Answered of asked, by direction; and by partner in one table, with its columns `answered` and `not`.

    The shares are made from the tables, so that what a table withholds cannot be read from a share.
    """

    out: Measure
    inward: Measure
    by_partner: dict[Direction, Table]


def reciprocity(requests: Iterable[Asked], period: Period) -> Reciprocity:
    """Of the requests sent in the period, those that were answered in substance: a refusal is no answer."""
    asked = [one for one in requests if period.holds(one.sent)]
    tables: dict[Direction, Table] = {}
    for direction in ("out", "in"):
        cells = Counter(
            (one.partner, "answered" if one.outcome == "answered" else "not")
            for one in asked
            if one.direction == direction
        )
        tables[direction] = publish(sorted({partner for partner, _ in cells}), ("answered", "not"), cells)
    return Reciprocity(_answered(tables, "out", period), _answered(tables, "in", period), tables)


def _answered(tables: Mapping[Direction, Table], direction: Direction, period: Period) -> Measure:
    """The share of a table's first column, as far as the table shows it."""
    table, code = tables[direction], f"reciprocity_{direction}"
    answered, whole = table.column_totals[0], table.total
    if whole is None or answered is None:
        return Measure(code=code, period=period, numerator=None, denominator=whole, share=None)
    return proportion(code, answered, whole, period)


class ResponseTime(msgspec.Struct, frozen=True, kw_only=True):
    """Days from a request to the first response; requests without one are censored at the day of analysis.

    `asked`, `responded`: denominators, withheld like any cell, also where `responded` less those answered
    in substance is one. `median`: None where fewer than CELL_MIN were asked or responded to; its `days` is
    None where fewer than half have been responded to so far. `impossible`: whether there are requests that
    were responded to before they were sent; these are in `asked` and not on the curve.
    """

    period: Period
    as_of: date
    asked: int | None
    responded: int | None
    median: Quantile | None
    impossible: bool


def response_time(requests: Iterable[Asked], period: Period, as_of: date) -> ResponseTime:
    """The median of the Kaplan-Meier curve of response times of requests sent in the period.

    A request that lapsed without a response is censored like any other unanswered one, and at the day of
    analysis, not at its lapse: it was not answered by then either, and to let it leave early would flatter
    whoever let it. A median over answered requests only would be short for a partner that answers few.
    """
    sent = [one for one in requests if period.holds(one.sent) and one.sent <= as_of]
    days: list[int] = []
    seen: list[bool] = []
    kinds: Counter[tuple[str, str]] = Counter()
    for one in sent:
        responded = one.responded if one.responded is not None and one.responded <= as_of else None
        answered = "answered" if one.outcome == "answered" else "otherwise"
        kinds["all", "none" if responded is None else answered] += 1
        if responded is None or responded >= one.sent:
            days.append(((responded or as_of) - one.sent).days)
            seen.append(responded is not None)
    table = publish(("all",), ("answered", "otherwise", "none"), kinds)
    by_answer = table.cells[0][:2]
    return ResponseTime(
        period=period,
        as_of=as_of,
        asked=table.total,
        responded=None if None in table.cells[0] else sum(value or 0 for value in by_answer),
        median=kaplan_meier(days, seen).quantile() if sum(seen) >= CELL_MIN else None,
        impossible=len(days) < len(sent),
    )


def outcomes(pairs: Iterable[tuple[str, str]], rows: Sequence[str], columns: Sequence[str]) -> Table:
    """How traces ended: `pairs` are (outcome or reason, column), a column being a year or a partner.

    All `rows` and `columns` stand in the table, empty ones too, so that its shape tells nothing. ValueError
    for a pair that names neither.
    """
    return publish(rows, columns, Counter(pairs))


class Sdg1642(msgspec.Struct, frozen=True):
    """SDG indicator 16.4.2, over both denominators that states use: all arms seized, found or surrendered,
    and those of them that can be traced at all."""

    of_all: Measure
    of_traceable: Measure


def sdg_16_4_2(
    seized: int, found: int, surrendered: int, *, untraceable: int, established: int, period: Period
) -> Sdg1642:
    """Proportion of seized, found or surrendered arms whose illicit origin or context has been established.

    `established`: by tracing or otherwise by a competent authority; the point of diversion is known.
    `untraceable`: those without a unique marking that anybody could follow. The UN definition (UNODC and
    UNODA, metadata of indicator 16.4.2) speaks of the first denominator, national reports often of the
    second; printing both shows which was used. ValueError where the parts do not fit.
    """
    recovered = seized + found + surrendered
    if min(seized, found, surrendered, untraceable) < 0 or untraceable > recovered:
        raise ValueError("the parts do not make up a whole")
    of_all = proportion("sdg_16_4_2", established, recovered, period)
    of_traceable = proportion("sdg_16_4_2_traceable", established, recovered - untraceable, period)
    if untraceable < CELL_MIN:  # two denominators would give it away
        of_traceable = msgspec.structs.replace(
            of_traceable, numerator=None, denominator=None, share=None, at_least=None, at_most=None
        )
    return Sdg1642(of_all, of_traceable)
