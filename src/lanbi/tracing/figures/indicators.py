"""The open indicators of a period: what was recovered, asked, answered, established, as may be published."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import msgspec

from lanbi.core.access import Actor
from lanbi.core.errors import Malformed
from lanbi.core.ports import Reader
from lanbi.core.time import Clock, rfc3339
from lanbi.tracing.indicators import measures
from lanbi.tracing.indicators.measures import Asked, Measure, Period
from lanbi.tracing.indicators.suppression import Table
from lanbi.tracing.schema import earliest
from lanbi.tracing.service import Tracing

PERIOD_DAYS_MAX = 20 * 366
PERIOD_DAYS_DEFAULT = 365
ESTABLISHED = ("purchaser", "foreign")
OUTCOMES = (*ESTABLISHED, "undetermined", "refused", "open", "not_asked")
UNTRACEABLE = ("obliterated", "none")

ROWS = """
SELECT f.recovered_on, f.trace_state, f.outcome, f.make, f.model, f.calibre, f.serial, f.serial_status,
 f.country, r.disposition
FROM tracing_firearm f JOIN tracing_recovery r ON r.id = f.recovery_id
WHERE f.recovered_on >= :first AND f.recovered_on <= :last
"""

AskedOf = Callable[[Reader], Iterable[Asked]]


class IndicatorRow(msgspec.Struct, frozen=True, kw_only=True):
    """A share with its denominator. `withheld`: one of its cells is below ten; `at_least` and `at_most` say
    what can still be said. `code`: of the vocabulary `indicators`."""

    code: str
    numerator: int | None
    denominator: int | None
    share: float | None
    at_least: float | None
    at_most: float | None
    withheld: bool


class ResponseRow(msgspec.Struct, frozen=True, kw_only=True):
    """Days to the first response, those without one censored today. Null where fewer than ten."""

    asked: int | None
    responded: int | None
    median_days: float | None
    low: float | None
    high: float | None


class IndicatorsRow(msgspec.Struct, frozen=True, kw_only=True):
    """All indicators of a period, as of a day."""

    first: str
    last: str
    as_of: str
    indicators: list[IndicatorRow]
    response: ResponseRow
    answered_by_partner: Table
    outcomes_by_year: Table


def indicators(
    tracing: Tracing, clock: Clock, asked_of: AskedOf, reader: Reader, actor: Actor, *, first: str, last: str
) -> IndicatorsRow:
    """The indicators of a period ("2025-01-01" to "2025-12-31"; the last year unless told).

    Raises `Malformed("tracing-period")` for one that is turned round or too long.
    """
    tracing.gate.require(actor, "tracing.audit")
    today = date.fromisoformat(rfc3339(clock.now())[:10])
    period = _period(first, last, today)
    rows = reader.rows(ROWS, first=period.first.isoformat(), last=f"{period.last.isoformat()}~")
    found = [row for row in rows if period.holds(date.fromisoformat(earliest(row[0])))]
    asked = list(asked_of(reader))
    submitted = sum(row[1] not in ("none", "draft") for row in found)
    complete = measures.completeness((_known(row) for row in found), period)
    answered = measures.reciprocity(asked, period)
    kinds = [row[9] for row in found]
    untraceable = sum(row[7] in UNTRACEABLE for row in found)
    established = sum(row[2] in ESTABLISHED for row in found)
    goal = measures.sdg_16_4_2(
        len(found) - kinds.count("found") - kinds.count("surrendered"),
        kinds.count("found"),
        kinds.count("surrendered"),
        untraceable=untraceable,
        established=min(established, len(found) - untraceable),
        period=period,
    )
    ordered = [
        measures.share_submitted(len(found), submitted, period),
        complete.all_five,
        *complete.each.values(),
        answered.out,
        answered.inward,
        goal.of_all,
        goal.of_traceable,
    ]
    response = measures.response_time([one for one in asked if one.direction == "out"], period, today)
    years = [str(year) for year in range(period.first.year, period.last.year + 1)]
    return IndicatorsRow(
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        as_of=today.isoformat(),
        indicators=[_indicator(one) for one in ordered],
        response=ResponseRow(
            asked=response.asked,
            responded=response.responded,
            median_days=None if response.median is None else response.median.days,
            low=None if response.median is None else response.median.low,
            high=None if response.median is None else response.median.high,
        ),
        answered_by_partner=answered.by_partner["out"],
        outcomes_by_year=measures.outcomes([(_outcome(row), row[0][:4]) for row in found], OUTCOMES, years),
    )


def _period(first: str, last: str, today: date) -> Period:
    try:
        end = date.fromisoformat(last) if last else today
        begin = date.fromisoformat(first) if first else end - timedelta(PERIOD_DAYS_DEFAULT - 1)
    except ValueError as error:
        raise Malformed("tracing-date", field="first, last", given=f"{first} {last}"[:40]) from error
    if not 0 <= (end - begin).days <= PERIOD_DAYS_MAX:
        raise Malformed("tracing-period", first=begin.isoformat(), last=end.isoformat())
    return Period(begin, end)


def _known(row: tuple[object, ...]) -> list[str]:
    """Which identifiers are known; a serial only where it was read whole, or restored."""
    names = dict(zip(("make", "model", "calibre", "serial", "country"), (*row[3:7], row[8]), strict=True))
    serial = names["serial"]
    if row[7] in ("partial", *UNTRACEABLE) or (isinstance(serial, str) and "?" in serial):
        names["serial"] = None
    return [name for name, value in names.items() if value]


def _outcome(row: tuple[object, ...]) -> str:
    state, outcome = row[1], row[2]
    if outcome in OUTCOMES:
        return str(outcome)
    return "not_asked" if state in ("none", "draft") else "refused" if state == "refused" else "open"


def _indicator(one: Measure) -> IndicatorRow:
    return IndicatorRow(
        code=one.code,
        numerator=one.numerator,
        denominator=one.denominator,
        share=None if one.share is None else round(one.share, 4),
        at_least=None if one.at_least is None else round(one.at_least, 3),
        at_most=None if one.at_most is None else round(one.at_most, 3),
        withheld=one.withheld,
    )
