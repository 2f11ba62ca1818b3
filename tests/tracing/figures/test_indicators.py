"""What an office may publish of its own work: with denominators, and nothing of a few."""

from datetime import date
from typing import Any

import pytest

from lanbi.core.errors import Forbidden, Malformed
from lanbi.tracing.figures.indicators import IndicatorRow, IndicatorsRow, indicators
from lanbi.tracing.indicators.measures import Asked
from lanbi.tracing.sql import SET_TRACE
from stores import ACTORS
from tracing.room import ANALYST, GLOCK, Room


def read(room: Room, asked: list[Asked] | None = None, by: Any = ANALYST, **period: str) -> IndicatorsRow:
    span = {"first": "2026-01-01", "last": "2026-12-31", **period}
    return room.look(
        lambda reader: indicators(room.tracing, room.clock, lambda _: asked or [], reader, by, **span)
    )


def one(found: IndicatorsRow, code: str) -> IndicatorRow:
    return next(row for row in found.indicators if row.code == code)


def seize(room: Room, count: int, **changed: str) -> list[str]:
    values = {name: value for name, value in {**GLOCK, **changed}.items() if value}
    return [room.seized({**values, "serial": f"SYN{n:06}"})[1][0].id for n in range(count)]


def trace(room: Room, firearms: list[str], state: str, outcome: str | None = None) -> None:
    def work(tx: Any) -> None:
        for firearm in firearms:
            tx.run(SET_TRACE, id=firearm, state=state, outcome=outcome, seq=tx.seq)

    room.do(work)


def test_shares_name_their_numerator_and_denominator(room: Room) -> None:
    whole, bare = seize(room, 24), seize(room, 12, model="", country="")
    trace(room, whole[:14], "answered", "purchaser")
    trace(room, bare, "sent")
    found = read(room)
    submitted = one(found, "share_submitted")
    assert (submitted.numerator, submitted.denominator) == (26, 36)
    complete = one(found, "five_identifiers")
    assert (complete.numerator, complete.denominator) == (24, 36)
    assert one(found, "sdg_16_4_2").numerator == 14
    assert read(room, first="2025-01-01", last="2025-12-31").indicators[0].withheld


def test_a_few_are_never_shown(room: Room) -> None:
    trace(room, seize(room, 30)[:4], "answered", "purchaser")
    found = read(room)
    submitted = one(found, "share_submitted")
    assert (submitted.numerator, submitted.share, submitted.withheld) == (None, None, True)
    assert submitted.at_most is not None
    cells = [cell for line in found.outcomes_by_year.cells for cell in line]
    assert 4 not in cells
    assert found.outcomes_by_year.withheld != 0


def test_the_unanswered_count_in_the_median(room: Room) -> None:
    sent = date(2026, 3, 1)
    quick = [
        Asked(sent=sent, direction="out", partner="US", outcome="answered", responded=date(2026, 3, 11))
    ] * 12
    never = [Asked(sent=sent, direction="out", partner="US")] * 20
    assert read(room, quick).response.median_days == 10
    waiting = read(room, quick + never).response
    assert (waiting.asked, waiting.median_days) == (32, None)


def test_impossible_periods_are_refused(small: Room) -> None:
    for first, last, code in (
        ("2026-12-31", "2026-01-01", "tracing-period"),
        ("1900-01-01", "2026-01-01", "tracing-period"),
        ("soon", "", "tracing-date"),
    ):
        with pytest.raises(Malformed, match=code):
            read(small, first=first, last=last)
    read(small, by=ACTORS["auditor"])
    with pytest.raises(Forbidden):
        read(small, by=ACTORS["field_unit"])
