"""What each seat carries and how long units are at work, for planning relief. Pure.

Never a ranking: rows come in the order of the seats' names, and no figure is
compared with another's.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from lanbi.core.time import HOUR, Instant

WORKLOAD_WINDOW_MAX: Instant = 48 * HOUR


class Deed(msgspec.Struct, frozen=True, array_like=True):
    """One thing that a seat did: "call", "incident" or "assignment", and when."""

    what: str
    by: str
    at: Instant


class SeatHour(msgspec.Struct, frozen=True, kw_only=True):
    """What one seat did within an hour; `at` is its beginning."""

    at: Instant
    calls: int
    incidents: int
    assignments: int


class SeatLoad(msgspec.Struct, frozen=True, kw_only=True):
    """One seat. `signed_in_at`: when its open session began, None where nobody sits.

    `talking`: calls on its line now. `promises`: open ones that it owns, `overdue` of them past their time.
    """

    id: str
    name: str
    role: str
    signed_in_at: Instant | None
    calls: int
    talking: int
    incidents: int
    assignments: int
    promises: int
    overdue: int
    hours: tuple[SeatHour, ...]


class UnitLoad(msgspec.Struct, frozen=True, kw_only=True):
    """How long a unit was on tasks: `busy_s` of `of_s` seconds of the window in which it existed."""

    id: str
    callsign: str
    busy_s: int
    of_s: int
    tasks: int


class Seat(msgspec.Struct, frozen=True, array_like=True):
    """An account that works on the floor."""

    id: str
    name: str
    role: str
    signed_in_at: Instant | None


class Span(msgspec.Struct, frozen=True, array_like=True):
    """One task of a unit; `until` is None while it lasts."""

    unit_id: str
    start: Instant
    until: Instant | None


def seat_loads(
    seats: Iterable[Seat],
    deeds: Sequence[Deed],
    *,
    talking: dict[str, int],
    promises: dict[str, tuple[int, int]],
) -> list[SeatLoad]:
    """Every seat's load, by name. `promises`: (open, overdue) by owner."""
    by_seat: dict[str, list[Deed]] = {}
    for deed in deeds:
        by_seat.setdefault(deed.by, []).append(deed)
    loads: list[SeatLoad] = []
    for seat in sorted(seats, key=lambda seat: (seat.name.casefold(), seat.id)):
        own = by_seat.get(seat.id, [])
        loads.append(
            SeatLoad(
                id=seat.id,
                name=seat.name,
                role=seat.role,
                signed_in_at=seat.signed_in_at,
                talking=talking.get(seat.id, 0),
                promises=promises.get(seat.id, (0, 0))[0],
                overdue=promises.get(seat.id, (0, 0))[1],
                hours=tuple(_hours(own)),
                **_counts(own),
            )
        )
    return loads


def _counts(deeds: Iterable[Deed]) -> dict[str, Any]:
    what = [deed.what for deed in deeds]
    return {
        "calls": what.count("call"),
        "incidents": what.count("incident"),
        "assignments": what.count("assignment"),
    }


def _hours(deeds: Iterable[Deed]) -> list[SeatHour]:
    hours: dict[Instant, list[Deed]] = {}
    for deed in deeds:
        hours.setdefault(deed.at - deed.at % HOUR, []).append(deed)
    return [SeatHour(at=at, **_counts(own)) for at, own in sorted(hours.items())]


def unit_loads(
    units: Iterable[tuple[str, str, Instant]], spans: Iterable[Span], *, start: Instant, now: Instant
) -> list[UnitLoad]:
    """Each unit's time on tasks within [start, now), by callsign. `units`: (id, callsign, commissioned at).

    Tasks of one unit never overlap (it does one thing at a time), but late entries may make them
    seem to: what overlaps counts once.
    """
    own: dict[str, list[tuple[Instant, Instant]]] = {}
    for span in spans:
        until = now if span.until is None else min(span.until, now)
        if until > start:
            own.setdefault(span.unit_id, []).append((max(span.start, start), until))
    loads: list[UnitLoad] = []
    for unit_id, callsign, commissioned_at in sorted(units, key=lambda unit: unit[1].casefold()):
        tasks = sorted(own.get(unit_id, []))
        busy, reached = 0, max(start, commissioned_at)
        for begin, end in tasks:
            busy += max(0, end - max(begin, reached))
            reached = max(reached, end)
        of = max(0, now - max(start, commissioned_at))
        loads.append(
            UnitLoad(
                id=unit_id,
                callsign=callsign,
                busy_s=min(busy, of) // 1_000_000,
                of_s=of // 1_000_000,
                tasks=len(tasks),
            )
        )
    return loads
