"""What is open, domain by domain, as the lines of a hand-over.

Part of the composition root: it alone reads several domains at once. Each function gives one section;
facts are codes, numbers and callsigns, never a person's words, and nothing that changes by the second.
"""

from collections.abc import Iterator, Mapping

from lanbi.alarms import sql as alarms_sql
from lanbi.calls import sql as calls_sql
from lanbi.core.ports import Reader
from lanbi.core.time import MINUTE, Instant, rfc3339
from lanbi.crisis import sql as crisis_sql
from lanbi.dispatch import sql as dispatch_sql
from lanbi.handovers.model import Line, Lines
from lanbi.incidents import sql as incidents_sql
from lanbi.messages import sql as messages_sql
from lanbi.rosters import sql as rosters_sql
from lanbi.rosters.model import Rules
from lanbi.situation import sql as situation_sql
from lanbi.tracks import sql as tracks_sql

# Nobody is late before this has passed since the roster said so.
SHIFT_LATE: Instant = 10 * MINUTE
CALLBACKS_MAX = 1_000
# What may be counted instead of told when a night has more lines than anybody can read: first what weighs
# most here. What is not named stands by itself.
WEIGHTS: Mapping[str, int] = {"observations": 9, "units": 8, "rosters": 7, "alarms": 6, "P4": 5, "P3": 4,
                              "unserved": 3, "messages": 2, "callbacks": 1, "promises": 1}  # fmt: skip
# Alarms about what has a line of its own are told only while nobody has taken them, or while shelved.
TOLD_ELSEWHERE = frozenset({
    "unassigned_p0", "unassigned_p1", "unassigned", "callback_overdue", "promise_overdue",
})  # fmt: skip
SEVERITIES = ("emergency", "high", "medium", "low")
# Nobody is told to take over a call that rings: it is answered.
SHORT_LIVED = frozenset({"unanswered"})


def lines(rules: Rules) -> dict[str, Lines]:
    """Every section, by a name of its own. `rules`: the hours of rest and duty."""

    def rosters(reader: Reader, now: Instant) -> Iterator[Line]:
        for shift in rosters_sql.open_before(reader, now):
            about = {"post": shift.post}
            if shift.state == "planned":
                if shift.starts_at < now - SHIFT_LATE:
                    yield _roster("shift_late", shift.id, shift.starts_at, about)
                continue
            if shift.ends_at < now:
                yield _roster("shift_over", shift.id, shift.ends_at, about)
            elif shift.warnings(rules) and not shift.justified:
                yield _roster("shift_tired", shift.id, shift.begin, about)

    return {
        "majors": majors,
        "incidents": incidents,
        "alarms": alarms,
        "promises": promises,
        "callbacks": callbacks,
        "unserved": unserved,
        "units": units,
        "observations": observations,
        "messages": messages,
        "rosters": rosters,
        "house": house,
    }


def _roster(code: str, shift_id: str, since: Instant, facts: dict[str, str]) -> Line:
    return Line(
        section="rosters",
        code=code,
        key=f"shift/{shift_id}",
        facts=dict(facts),
        since=since,
        place=facts["post"],
        fold=code,
        weight=WEIGHTS["rosters"],
    )


def majors(reader: Reader, now: Instant) -> Iterator[Line]:
    """Major incidents that nobody has stood down."""
    del now
    for major in crisis_sql.changed(reader, 0):
        yield Line(
            section="majors",
            code="major_open",
            key=f"major/{major.id}",
            facts={
                "number": major.number,
                "incidents": len(major.incidents),
                "commander": major.commander_name,
            },
            since=major.declared_at,
            place=f"{major.number:08}",
        )


def incidents(reader: Reader, now: Instant) -> Iterator[Line]:
    """Open incidents by priority, within it those without a unit first, then the oldest."""
    del now
    for incident in incidents_sql.changed(reader, 0):
        units: list[str] = dispatch_sql.callsigns_on(reader, incident.id)
        priority = incident.priority
        yield Line(
            section="incidents",
            code="incident_underway" if units else "incident_waiting",
            key=f"incident/{incident.id}",
            facts={
                "number": incident.number,
                "type": incident.type,
                "priority": priority,
                "units": sorted(units),
            },
            since=incident.opened_at,
            place=f"{priority or 'P9'}/{1 if units else 0}/{incident.number:08}",
            fold=priority if priority in WEIGHTS else None,
            weight=WEIGHTS.get(priority or "", 0),
        )


def alarms(reader: Reader, now: Instant) -> Iterator[Line]:
    """Alarms that nobody has taken, those put aside, and those that are so still."""
    for alarm in alarms_sql.live(reader):
        if alarm.kind in SHORT_LIVED:
            continue
        if alarm.shelved_until is not None and alarm.shelved_until > now:
            state = "shelved"
        elif alarm.unseen:
            state = "unseen"
        elif alarm.kind in TOLD_ELSEWHERE:
            continue
        else:
            state = "taken"
        yield Line(
            section="alarms",
            code=f"alarm_{state}",
            key=f"alarm/{alarm.id}",
            facts={"kind": alarm.kind, "severity": alarm.severity, **alarm.facts},
            since=alarm.raised_at,
            place=f"{SEVERITIES.index(alarm.severity)}/{alarm.made_seq:012}",
            fold=alarm.kind if alarm.severity in ("medium", "low") else None,
            weight=WEIGHTS["alarms"],
        )


def promises(reader: Reader, now: Instant) -> Iterator[Line]:
    """What was promised and is not yet settled, by when it is due."""
    del now
    for promise in calls_sql.promises_changed(reader, 0):
        yield Line(
            section="promises",
            code="promise_open",
            key=f"promise/{promise.id}",
            facts={
                "kind": promise.kind,
                "due_at": rfc3339(promise.due_at),
                "number": _number(reader, promise.incident_id),
                "owner": promise.owner.name,
            },
            since=promise.made_at,
            place=f"{promise.due_at:020}",
            fold=promise.kind,
            weight=WEIGHTS["promises"],
        )


def callbacks(reader: Reader, now: Instant) -> Iterator[Line]:
    """Missed calls that nobody has reached again, by when they are due."""
    del now
    found = calls_sql.page(reader, state="owed", incident_id=None, before=2**62, limit=CALLBACKS_MAX)
    for call in found:
        debt = call.callback
        if debt is not None:
            yield Line(
                section="callbacks",
                code="callback_owed",
                key=f"call/{call.id}",
                facts={
                    "call": call.number,
                    "due_at": rfc3339(debt.due_at),
                    "attempts": debt.attempts,
                    "number": _number(reader, call.incident_id),
                },
                since=call.offered_at,
                place=f"{debt.due_at:020}",
                fold="callbacks",
                weight=WEIGHTS["callbacks"],
            )


def unserved(reader: Reader, now: Instant) -> Iterator[Line]:
    """Demand that nobody could serve, and for which nobody has come yet."""
    del now
    for demand in situation_sql.unserved_changed(reader, 0):
        if demand.open:
            yield Line(
                section="unserved",
                code="unserved_open",
                key=f"unserved/{demand.id}",
                facts={"number": demand.number, "priority": demand.priority, "reason": demand.reason},
                since=demand.at,
                place=f"{demand.priority or 'P9'}/{demand.number:08}",
                fold=demand.reason,
                weight=WEIGHTS["unserved"],
            )


def units(reader: Reader, now: Instant) -> Iterator[Line]:
    """Units out of service, and why."""
    del now
    for unit in dispatch_sql.units_changed(reader, 0):
        if unit.availability == "out_of_service":
            yield Line(
                section="units",
                code="unit_out",
                key=f"unit/{unit.id}",
                facts={"unit": unit.callsign, "reason": unit.reason},
                since=unit.since,
                place=unit.callsign,
                fold=unit.reason,
                weight=WEIGHTS["units"],
            )


def observations(reader: Reader, now: Instant) -> Iterator[Line]:
    """What was seen on the roads and in the streets, and holds still."""
    del now
    for _, seen, holds in tracks_sql.observations_changed(reader, 0):
        if holds:
            yield Line(
                section="observations",
                code="observation",
                key=f"observation/{seen.id}",
                facts={"kind": seen.kind, "lat": _rounded(seen.area.lat), "lon": _rounded(seen.area.lon)},
                since=seen.at,
                place=f"{seen.kind}/{seen.at:020}",
                fold=seen.kind,
                weight=WEIGHTS["observations"],
            )


def messages(reader: Reader, now: Instant) -> Iterator[Line]:
    """Messages that somebody has yet to acknowledge."""
    del now
    for message in messages_sql.awaited(reader):
        waiting = message.counts.of - message.counts.acknowledged
        yield Line(
            section="messages",
            code="message_waiting",
            key=f"message/{message.id}",
            facts={
                "priority": message.priority,
                "to_kind": message.to_kind,
                "to": message.to_name if message.to_kind in ("unit", "account") else message.to_id,
                "waiting": waiting,
            },
            since=message.sent_at,
            place=f"{message.sent_seq:012}",
            fold=message.priority,
            weight=WEIGHTS["messages"],
        )


def house(reader: Reader, now: Instant) -> Iterator[Line]:
    """The power, and the links that are not as they should be, as last told."""
    del now
    for row in situation_sql.house(reader):
        if row.what == "power" or row.state != "good":
            yield Line(
                section="house",
                code=row.what,
                key=f"house/{row.id}",
                facts={
                    "state": row.state,
                    "name": row.name,
                    # A machine that reports each half minute does not make another line of it each time.
                    "generator_s": _whole_hours(row.generator_s),
                    "battery_s": _whole_hours(row.battery_s),
                },
                since=row.at,
                place=f"{0 if row.what == 'power' else 1}/{row.name or ''}",
            )


def _whole_hours(seconds: int | None) -> int | None:
    """As the screens show a reserve."""
    return None if seconds is None else seconds - seconds % 3_600


def _number(reader: Reader, incident_id: str | None) -> int | None:
    if incident_id is None:
        return None
    incident = incidents_sql.find(reader, incident_id)
    return None if incident is None else incident.number


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 4)
