"""Alarms over HTTP and on the live picture."""

from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec.structs import replace

from lanbi.alarms import sql
from lanbi.alarms.model import Alarm
from lanbi.alarms.service import Alarms, Rate
from lanbi.core.access import Actor, Person
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader
from lanbi.core.time import rfc3339, rfc3339_or_none

TAGS = ["alarms"]
Limit = Annotated[int | None, QueryParameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]


class AlarmRow(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm as the API and the live picture show it. Times are RFC 3339, UTC.

    It stands on the picture until it is both taken and cleared. `since`: from when what
    it is about is counted; `raised_at`: when it was last raised. `facts`: figures and
    names for its sentence, by kind. `shelf_reason`: while its words are kept.
    """

    id: str
    version: int
    kind: str
    severity: Literal["emergency", "high", "medium", "low"]
    subject: str
    incident_id: str | None
    unit_id: str | None
    facts: dict[str, str | int]
    since: str
    raised_at: str
    cleared_at: str | None
    taken_by: Person | None
    taken_at: str | None
    shelved_until: str | None
    shelved_by: str | None
    shelf_reason: str | None
    escalated_at: str | None
    count: int


class AlarmPage(msgspec.Struct, frozen=True):
    """One page of alarms, newest first."""

    items: list[AlarmRow]
    next: str | None


class TakeAlarmsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most 200."""

    ids: list[str]


class ShelveBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For so many minutes, as far as its kind allows, and why."""

    minutes: int
    reason: str


def alarm_row(alarm: Alarm) -> AlarmRow:
    """The row that people and machines see."""
    return AlarmRow(
        id=alarm.id,
        version=alarm.seq,
        kind=alarm.kind,
        severity=alarm.severity,
        subject=alarm.subject,
        incident_id=alarm.incident_id,
        unit_id=alarm.unit_id,
        facts=alarm.facts,
        since=rfc3339(alarm.since),
        raised_at=rfc3339(alarm.raised_at),
        cleared_at=rfc3339_or_none(alarm.cleared_at),
        taken_by=alarm.taken_by,
        taken_at=rfc3339_or_none(alarm.taken_at),
        shelved_until=rfc3339_or_none(alarm.shelved_until),
        shelved_by=alarm.shelved_by,
        shelf_reason=alarm.shelf_reason,
        escalated_at=rfc3339_or_none(alarm.escalated_at),
        count=alarm.count,
    )


def without_words(row: AlarmRow) -> AlarmRow:
    """The row for who may see alarms but not read what somebody wrote."""
    return row if row.shelf_reason is None else replace(row, shelf_reason=None)


def live(alarms: Alarms) -> LiveKind:
    """The alarms that nobody took, or that are still so."""

    def changed(reader: Reader, since: int) -> Changed:
        return [
            (alarm.id, alarm.seq, alarm_row(alarm) if alarm.live else None)
            for alarm in sql.changed(reader, since)
        ]

    def seen_by(row: AlarmRow, actor: Actor) -> AlarmRow:
        return row if alarms.may_read_words(actor) else without_words(row)

    return LiveKind(kind="alarm", action="alarms.see", changed=changed, seen_by=seen_by)


def routes(alarms: Alarms) -> list[HTTPRouteHandler]:
    """The handlers of /alarms."""

    def shown(alarm: Alarm, actor: Actor) -> AlarmRow:
        row = alarm_row(alarm)
        return row if alarms.may_read_words(actor) else without_words(row)

    @get("/alarms", summary="The ledger of alarms, newest first", tags=TAGS)
    async def list_alarms(
        desk: Desk,
        *,
        in_state: Annotated[
            Literal["open", "unseen", "shelved", "ended"] | None, QueryParameter(name="state")
        ] = None,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[AlarmPage]:
        size, before = page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> AlarmPage:
            found = alarms.page(reader, desk.actor, state=in_state, before=before, limit=size + 1)
            items = [shown(alarm, desk.actor) for alarm in found[:size]]
            return AlarmPage(items, str(found[size - 1].made_seq) if len(found) > size else None)

        return await desk.look(work)

    @get("/alarms/rate", summary="How fast they come", tags=TAGS)
    async def get_rate(desk: Desk) -> Response[Rate]:
        return await desk.look(lambda reader: alarms.rate(reader, desk.actor))

    @get("/alarms/{alarm_id:str}", summary="One alarm", tags=TAGS)
    async def get_alarm(alarm_id: str, desk: Desk) -> Response[AlarmRow]:
        key = parse_id(alarm_id)
        return await desk.look(lambda reader: shown(alarms.get(reader, desk.actor, key), desk.actor))

    @post("/alarms/take", status_code=200, summary="Take several", tags=TAGS)
    async def take_all(data: TakeAlarmsBody, desk: Desk) -> Response[AlarmPage]:
        keys = [parse_id(alarm_id) for alarm_id in data.ids]
        return await desk.command(
            lambda tx: AlarmPage([alarm_row(alarm) for alarm in alarms.take_all(tx, keys)], None)
        )

    @post("/alarms/{alarm_id:str}/take", status_code=200, summary="Take it", tags=TAGS)
    async def take(alarm_id: str, desk: Desk) -> Response[AlarmRow]:
        key = parse_id(alarm_id)
        return await desk.command(lambda tx: alarm_row(alarms.take(tx, key)))

    @post("/alarms/{alarm_id:str}/shelve", status_code=200, summary="Put it aside for a while", tags=TAGS)
    async def shelve(alarm_id: str, data: ShelveBody, desk: Desk) -> Response[AlarmRow]:
        key = parse_id(alarm_id)
        return await desk.command(lambda tx: alarm_row(alarms.shelve(tx, key, data.minutes, data.reason)))

    @post("/alarms/{alarm_id:str}/unshelve", status_code=200, summary="Bring it back", tags=TAGS)
    async def unshelve(alarm_id: str, desk: Desk) -> Response[AlarmRow]:
        key = parse_id(alarm_id)
        return await desk.command(lambda tx: alarm_row(alarms.unshelve(tx, key)))

    return [list_alarms, get_rate, get_alarm, take_all, take, shelve, unshelve]
