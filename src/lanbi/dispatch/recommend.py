"""Whom to send: the nearest units that cover what an incident needs, with reasons, and what is missing.

Pure. The cover is a greedy set multi-cover: take the free unit that meets the most
needs still open, the nearest first among equals, until none meets any. A unit
counts once for each capability that it has. Whatever the fleet could cover is
covered; the number of units sent is at most (1 + ln n) times the least possible
(Chvátal 1979), and usually equal to it.
"""

from collections.abc import Callable, Mapping, Sequence
from heapq import nsmallest
from math import ceil
from operator import attrgetter
from typing import Any

import msgspec

from lanbi.core.time import HOUR, MINUTE, SECOND, Instant
from lanbi.dispatch.model import IncidentSite, Position, Travel, TravelTimes

RECOMMENDED_UNITS_MAX = 12
PREEMPTABLE_UNITS_MAX = 3
PREEMPTABLE_ASKED_MAX = 24
BECAUSE_UNITS_MAX = 12
POSITION_OLD_AFTER: Instant = 5 * MINUTE
SHIFT_ENDS_WITHIN: Instant = HOUR
CREW_SHORT_BELOW = 2
_NEVER_S = float("inf")

Reason = dict[str, Any]
"""`code`, and beside it what fills the blanks of its sentence."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that has something of what is needed. `incident_id`, `number`, `status`: of its task."""

    unit_id: str
    callsign: str
    capabilities: frozenset[str]
    crew: int = 2
    shift_until: Instant | None = None
    home: tuple[float, float] | None = None
    availability: str = "available"
    reason: str | None = None
    incident_id: str | None = None
    number: int | None = None
    status: str | None = None


class Met(msgspec.Struct, frozen=True):
    """A need, and how many of it the units already on the incident meet."""

    capability: str
    count: int
    met: int


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of the answer.

    `choice`: "chosen" covers a need, "alternative" is the next best, "preempt" is at
    other work and could be taken from it. `seconds`, `metres`: None where it is not
    known where the unit is. `position_age_s`: None where the home post stands in.
    """

    unit: Candidate
    choice: str
    covers: list[str]
    seconds: float | None
    metres: float | None
    position_age_s: float | None
    reasons: list[Reason]


class Shortfall(msgspec.Struct, frozen=True):
    """How many units with a capability are missing, and because of which.

    `capability`: None where the incident's needs are unknown and there is no free unit at all.
    """

    capability: str | None
    missing: int
    because: list[Reason]


class Recommendation(msgspec.Struct, frozen=True):
    """Chosen units first, in the order of choosing; then what else there is, nearest first."""

    needs: list[Met]
    units: list[Choice]
    shortfalls: list[Shortfall]


class _Ground(msgspec.Struct, frozen=True):
    """What one recommendation reckons with: `needs` still open, the `goal` (lat, lon), the time."""

    needs: dict[str, int]
    goal: tuple[float, float]
    positions: Mapping[str, Position]
    travel: TravelTimes
    now: Instant


class _Placed(msgspec.Struct, frozen=True):
    unit: Candidate
    covers: frozenset[str]
    travel: Travel | None
    position_age: Instant | None
    nearness: tuple[float, str]  # seconds, then the callsign so that equals have an order


def recommend(
    site: IncidentSite,
    incident_id: str,
    fleet: Sequence[Candidate],
    positions: Mapping[str, Position],
    travel: TravelTimes,
    *,
    now: Instant,
    may_preempt: Callable[[Candidate], bool],
) -> Recommendation:
    """Ranks `fleet` for a placed incident.

    `fleet`: every unit with at least one capability of `site.needs`; every unit where
    the incident needs nothing yet. `may_preempt`: whether a busy unit could be taken
    from its work; asked for at most `PREEMPTABLE_ASKED_MAX` units, the nearest.
    """
    if site.area is None or site.area.lat is None or site.area.lon is None:
        return Recommendation([], [], [])
    counts: dict[str, int] = {}
    for need in site.needs:
        counts[need.capability] = counts.get(need.capability, 0) + need.count
    met = dict.fromkeys(counts, 0)
    free: list[Candidate] = []
    busy: list[Candidate] = []
    for unit in fleet:
        if unit.incident_id == incident_id:
            for capability in unit.capabilities & met.keys():
                met[capability] += 1
        elif unit.incident_id is not None:
            busy.append(unit)
        elif _why_not(unit, now) is None:
            free.append(unit)
    open_needs = {code: max(0, count - met[code]) for code, count in counts.items()}
    ground = _Ground(open_needs, (site.area.lat, site.area.lon), positions, travel, now)
    placed = _placed(free, ground)
    chosen = _cover(placed, open_needs)
    taken = {item.unit.unit_id for item in chosen}
    preemptable = _preemptable(busy, ground, may_preempt)
    room = max(0, RECOMMENDED_UNITS_MAX - len(chosen) - len(preemptable))
    rest = (item for item in placed if item.unit.unit_id not in taken)
    alternatives = nsmallest(room, rest, key=_nearness)
    more = [
        (item, choice)
        for choice, items in (("alternative", alternatives), ("preempt", preemptable))
        for item in items
    ]
    more.sort(key=lambda pair: pair[0].nearness)
    ranked = [(item, "chosen") for item in chosen] + more
    left = dict(open_needs)
    for item in chosen:
        for code in item.covers:
            left[code] = max(0, left[code] - 1)
    shortfalls = [
        Shortfall(code, missing, _because(code, counts[code], incident_id, fleet, now))
        for code, missing in left.items()
        if missing
    ]
    if not counts and not free:
        shortfalls.append(Shortfall(None, 1, _because(None, 1, incident_id, fleet, now)))
    return Recommendation(
        needs=[Met(code, count, min(count, met[code])) for code, count in counts.items()],
        units=[_choice(item, choice, now, any_need=bool(counts)) for item, choice in ranked],
        shortfalls=shortfalls,
    )


def _why_not(unit: Candidate, now: Instant) -> Reason | None:
    """Why a unit without a task cannot be sent; None if it can."""
    if unit.availability != "available":
        return {"code": "out_of_service", "reason": unit.reason}
    if unit.crew == 0:
        return {"code": "no_crew"}
    if unit.shift_until is not None and unit.shift_until <= now:
        return {"code": "off_shift", "minutes": (now - unit.shift_until) // MINUTE}
    return None


def _placed(units: Sequence[Candidate], ground: _Ground) -> list[_Placed]:
    """Each unit with its travel from its last position, or from its home post."""
    known: list[tuple[Candidate, Instant | None]] = []
    points: list[tuple[float, float]] = []
    lost: list[Candidate] = []
    for unit in units:
        position = ground.positions.get(unit.unit_id)
        if position is not None:
            known.append((unit, max(0, ground.now - position.at)))
            points.append((position.lat, position.lon))
        elif unit.home is not None:
            known.append((unit, None))
            points.append(unit.home)
        else:
            lost.append(unit)
    codes = frozenset(ground.needs)
    # Thousands of units share a few sets of capabilities.
    covers = {having: having & codes for having in {unit.capabilities for unit in units}}
    found = [
        _Placed(unit, covers[unit.capabilities], way, age, (way.seconds, unit.callsign))
        for (unit, age), way in zip(known, ground.travel.to(points, *ground.goal), strict=True)
    ]
    found.extend(
        _Placed(unit, covers[unit.capabilities], None, None, (_NEVER_S, unit.callsign)) for unit in lost
    )
    return found


_nearness = attrgetter("nearness")


def _cover(placed: Sequence[_Placed], needs: Mapping[str, int]) -> list[_Placed]:
    """Greedy set multi-cover of `needs`: most needs met, then nearest."""
    # Units that cover the same are interchangeable but for their distance, so only the
    # nearest of each group is compared: few groups, however many units.
    groups: dict[frozenset[str], list[_Placed]] = {}
    for item in placed:
        groups.setdefault(item.covers, []).append(item)
    bound = sum(needs.values())
    for covers, items in groups.items():
        useful = min(bound, sum(needs[code] for code in covers))
        groups[covers] = nsmallest(useful, items, key=_nearness)[::-1]
    left = dict(needs)
    chosen: list[_Placed] = []
    while True:
        best: tuple[int, tuple[float, str], list[_Placed]] | None = None
        for covers, items in groups.items():
            gain = sum(1 for code in covers if left[code] > 0)
            if gain and items:
                offer = (-gain, items[-1].nearness, items)
                if best is None or offer[:2] < best[:2]:
                    best = offer
        if best is None:
            return chosen
        item = best[2].pop()
        chosen.append(item)
        for code in item.covers:
            left[code] -= 1


def _preemptable(
    busy: Sequence[Candidate],
    ground: _Ground,
    may_preempt: Callable[[Candidate], bool],
) -> list[_Placed]:
    wanted_codes = {code for code, missing in ground.needs.items() if missing}
    wanted = [unit for unit in busy if not wanted_codes.isdisjoint(unit.capabilities)]
    placed = _placed(wanted, ground)
    found: list[_Placed] = []
    for item in nsmallest(PREEMPTABLE_ASKED_MAX, placed, key=_nearness):
        if len(found) < PREEMPTABLE_UNITS_MAX and may_preempt(item.unit):
            found.append(item)
    return found


def _choice(item: _Placed, choice: str, now: Instant, *, any_need: bool) -> Choice:
    unit, way, age = item.unit, item.travel, item.position_age
    covers = sorted(item.covers)
    reasons: list[Reason] = []
    if covers:
        reasons.append({"code": "covers", "capabilities": covers})
    elif not any_need:
        reasons.append({"code": "needs_unknown"})
    if way is None:
        reasons.append({"code": "position_unknown"})
    else:
        reasons.append(
            {
                "code": "distance",
                "km": round(way.metres / 1000, 1),
                "minutes": ceil(way.seconds / 60),
            }
        )
        if age is None:
            reasons.append({"code": "from_home_post"})
        elif age > POSITION_OLD_AFTER:
            reasons.append({"code": "position_old", "minutes": age // MINUTE})
    if unit.crew < CREW_SHORT_BELOW:
        reasons.append({"code": "short_crew", "crew": unit.crew})
    if unit.shift_until is not None and unit.shift_until - now <= SHIFT_ENDS_WITHIN:
        reasons.append({"code": "shift_ends", "minutes": max(0, unit.shift_until - now) // MINUTE})
    if choice == "preempt":
        reasons.append({"code": "would_preempt", "number": unit.number, "status": unit.status})
    return Choice(
        unit=unit,
        choice=choice,
        covers=covers,
        seconds=None if way is None else round(way.seconds, 1),
        metres=None if way is None else round(way.metres, 1),
        position_age_s=None if age is None else age / SECOND,
        reasons=reasons,
    )


def _because(
    capability: str | None, count: int, incident_id: str, fleet: Sequence[Candidate], now: Instant
) -> list[Reason]:
    """Why no more units with this capability can be sent; never empty."""
    having = sorted(
        (unit for unit in fleet if capability is None or capability in unit.capabilities),
        key=lambda unit: unit.callsign,
    )
    if not having:
        return [{"unit_id": None, "callsign": None, "code": "none_in_fleet"}]
    named: list[Reason] = []
    for unit in having:
        if unit.incident_id == incident_id:
            continue
        why = _why_not(unit, now) if unit.incident_id is None else {"code": "busy", "number": unit.number}
        if why is not None:
            named.append({"unit_id": unit.unit_id, "callsign": unit.callsign, **why})
    because = named[:BECAUSE_UNITS_MAX]
    if len(named) > BECAUSE_UNITS_MAX:
        more = len(named) - BECAUSE_UNITS_MAX
        because.append({"unit_id": None, "callsign": None, "code": "and_more", "count": more})
    if len(having) < count:
        because.append({"unit_id": None, "callsign": None, "code": "no_more_in_fleet", "count": len(having)})
    return because
