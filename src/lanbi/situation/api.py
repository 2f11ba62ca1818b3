"""Norms, zones, workload, unserved demand and the house over HTTP and on the live picture."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from lanbi.core.access import Actor
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader
from lanbi.core.time import Clock, parse_instant_or_none, rfc3339, rfc3339_or_none
from lanbi.situation import sql
from lanbi.situation.model import House, Unserved
from lanbi.situation.norms import Figure
from lanbi.situation.service import Ledger, NormFigure, Situation, Workload
from lanbi.situation.workload import SeatLoad, UnitLoad
from lanbi.situation.zones import Facts, Zone, ZoneGiven

SITUATION_TAGS = ["situation"]
HOUSE_TAGS = ["house"]
Limit = Annotated[int | None, QueryParameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]
Since = Annotated[str | None, QueryParameter(description="RFC 3339; that instant included.")]
Until = Annotated[str | None, QueryParameter(description="RFC 3339; that instant excluded; now unless told.")]
Group = Annotated[str | None, QueryParameter(description="A code of `incident_groups`.")]


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """The cases of one priority ("none": without any)."""

    priority: str
    kept: int
    of: int
    p90_s: float | None
    p90_at_least: bool


class HourRow(msgspec.Struct, frozen=True, kw_only=True):
    """The cases that came in within the hour that begins at `at`."""

    at: str
    kept: int
    of: int


class NormRow(msgspec.Struct, frozen=True, kw_only=True):
    """A norm, and how it was kept. `share` is None where nothing could be measured.

    of = measured + running_late + given_up; total = of + running + the sum of left_out.
    `…_at_least`: the percentile falls on a case that still runs; it can only grow.
    """

    code: str
    seconds: int
    target: float
    share: float | None
    total: int
    of: int
    kept: int
    measured: int
    given_up: int
    running: int
    running_late: int
    left_out: dict[str, int]
    p50_s: float | None
    p50_at_least: bool
    p90_s: float | None
    p90_at_least: bool
    by_priority: list[PartRow]
    by_hour: list[HourRow]


class NormsRow(msgspec.Struct, frozen=True, kw_only=True):
    """All norms over [since, until)."""

    since: str
    until: str
    now: str
    items: list[NormRow]


class FactsRow(msgspec.Struct, frozen=True, kw_only=True):
    """From what a zone's state was concluded; see `docs/concepts/silence.md`."""

    reason: str
    units: int
    lost: list[str]
    heard_at: str | None
    events: int
    event_at: str | None
    baseline_hours: int
    baseline_least: int | None
    baseline_median: float | None


class ZoneRow(msgspec.Struct, frozen=True, kw_only=True):
    """A zone. `rings`: its outlines as (lon, lat) in degrees. `state` is None before the first look."""

    id: str
    version: int
    name: str
    names: dict[str, str]
    lat: float
    lon: float
    rings: list[list[tuple[float, float]]]
    state: str | None
    since: str | None
    facts: FactsRow


class ZoneList(msgspec.Struct, frozen=True):
    """All zones in use."""

    items: list[ZoneRow]


class ZoneStateRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a zone was found to be. `seq`: the journal entry that says so."""

    seq: int
    state: str
    since: str
    at: str
    facts: FactsRow


class ZoneStatePage(msgspec.Struct, frozen=True):
    """One page of a zone's history, newest first."""

    items: list[ZoneStateRow]
    next: str | None


class ZoneBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A zone: `polygon`, a GeoJSON Polygon or MultiPolygon, or a centre with a radius in metres."""

    name: str
    names: dict[str, str] = {}
    polygon: dict[str, Any] | None = None
    lat: float | None = None
    lon: float | None = None
    radius_m: float | None = None


class ZonesBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole ground, anew: at most 600 zones. Those of the same name keep their history."""

    zones: list[ZoneBody]


class SeatHourRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a seat did within the hour that begins at `at`."""

    at: str
    calls: int
    incidents: int
    assignments: int


class SeatRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one seat carries."""

    id: str
    name: str
    role: str
    signed_in_at: str | None
    calls: int
    talking: int
    incidents: int
    assignments: int
    promises: int
    overdue: int
    hours: list[SeatHourRow]


class UnitLoadRow(msgspec.Struct, frozen=True, kw_only=True):
    """How long one unit was on tasks: `busy_s` of `of_s` seconds."""

    id: str
    callsign: str
    busy_s: int
    of_s: int
    tasks: int


class WorkloadRow(msgspec.Struct, frozen=True, kw_only=True):
    """Seats by name and units by callsign since `since`. `everybody`: not the asker's own seat alone."""

    since: str
    until: str
    everybody: bool
    seats: list[SeatRow]
    units: list[UnitLoadRow]


class UnservedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A demand that nobody could serve. `ended_how`: None while it stands, else of `unserved_ends`."""

    id: str
    version: int
    incident_id: str
    number: int
    priority: str | None
    reason: str
    words: str | None
    at: str
    by: str
    ended_at: str | None
    ended_how: str | None


class ReasonRow(msgspec.Struct, frozen=True, kw_only=True):
    """How often a reason was given, and what came of it. `unserved` = open + closed: nobody came."""

    reason: str
    unserved: int
    open: int
    closed: int
    served: int


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """Unserved demand since `since`: `unserved` of `demands` incidents opened since then.

    `served`: somebody came after all. `withdrawn`: said by mistake, and in no other count.
    """

    since: str
    demands: int
    unserved: int
    open: int
    served: int
    withdrawn: int
    by_reason: list[ReasonRow]
    items: list[UnservedRow]
    next: str | None


class UnservedBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str
    words: str = ""


class UnservedWithdrawBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str = ""


class HouseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the house, as told at `at`: id "power", or "link/…" with `name` and `kind`.

    `state`: of `power_sources` or of `link_states`. `generator_s`, `battery_s`: seconds that were left then.
    """

    id: str
    version: int
    what: str
    name: str | None
    kind: str | None
    state: str
    generator_s: int | None
    battery_s: int | None
    latency_ms: int | None
    at: str
    by: str


class HouseList(msgspec.Struct, frozen=True):
    """The power, then the links by name."""

    items: list[HouseRow]


class HousePowerBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    source: str
    generator_s: int | None = None
    battery_s: int | None = None
    at: str | None = None


class HouseLinkBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: str
    state: str
    latency_ms: int | None = None
    at: str | None = None


def norm_row(found: NormFigure) -> NormRow:
    """The row that people and machines see."""
    norm, figure = found.norm, found.figure
    counts = msgspec.structs.asdict(figure)
    return NormRow(
        code=norm.code,
        seconds=norm.seconds,
        target=norm.share,
        share=figure.kept / figure.of if figure.of else None,
        **(counts | {"by_priority": _parts(figure), "by_hour": _hours(figure)}),
    )


def _parts(figure: Figure) -> list[PartRow]:
    return [
        PartRow(
            priority=part.key, kept=part.kept, of=part.of, p90_s=part.p90_s, p90_at_least=part.p90_at_least
        )
        for part in figure.by_priority
    ]


def _hours(figure: Figure) -> list[HourRow]:
    return [HourRow(at=rfc3339(hour.at), kept=hour.kept, of=hour.of) for hour in figure.by_hour]


def facts_row(facts: Facts) -> FactsRow:
    """The row that people and machines see."""
    return FactsRow(
        reason=facts.reason,
        units=facts.units,
        lost=list(facts.lost),
        heard_at=rfc3339_or_none(facts.heard_at),
        events=facts.events,
        event_at=rfc3339_or_none(facts.event_at),
        baseline_hours=facts.baseline_hours,
        baseline_least=facts.baseline_least,
        baseline_median=facts.baseline_median,
    )


def zone_row(zone: Zone) -> ZoneRow:
    """The row that people and machines see."""
    return ZoneRow(
        id=zone.id,
        version=zone.seq,
        name=zone.name,
        names=zone.names,
        lat=zone.lat,
        lon=zone.lon,
        rings=[list(ring) for ring in zone.rings],
        state=zone.state,
        since=rfc3339_or_none(zone.since),
        facts=facts_row(zone.facts),
    )


def unserved_row(unserved: Unserved, *, with_words: bool) -> UnservedRow:
    """The row that people and machines see."""
    return UnservedRow(
        id=unserved.id,
        version=unserved.seq,
        incident_id=unserved.incident_id,
        number=unserved.number,
        priority=unserved.priority,
        reason=unserved.reason,
        words=unserved.words if with_words else None,
        at=rfc3339(unserved.at),
        by=unserved.by_name,
        ended_at=rfc3339_or_none(unserved.ended_at),
        ended_how=unserved.ended_how,
    )


def house_row(house: House) -> HouseRow:
    """The row that people and machines see."""
    return HouseRow(
        id=house.id,
        version=house.seq,
        what=house.what,
        name=house.name,
        kind=house.kind,
        state=house.state,
        generator_s=house.generator_s,
        battery_s=house.battery_s,
        latency_ms=house.latency_ms,
        at=rfc3339(house.at),
        by=house.by_name,
    )


def ledger_row(ledger: Ledger, items: list[UnservedRow], next_: str | None) -> LedgerRow:
    """The counts with one page of what was counted."""
    by_reason: dict[str, dict[str, int]] = {}
    for reason, how, count in ledger.counts:
        by_reason.setdefault(reason, {})[how] = count
    rows = [
        ReasonRow(
            reason=reason,
            unserved=counts.get("open", 0) + counts.get("closed", 0),
            open=counts.get("open", 0),
            closed=counts.get("closed", 0),
            served=counts.get("served", 0),
        )
        for reason, counts in by_reason.items()
    ]
    rows.sort(key=lambda row: (-row.unserved, row.reason))
    return LedgerRow(
        since=rfc3339(ledger.since),
        demands=ledger.demands,
        unserved=sum(row.unserved for row in rows),
        open=sum(row.open for row in rows),
        served=sum(row.served for row in rows),
        withdrawn=sum(counts.get("withdrawn", 0) for counts in by_reason.values()),
        by_reason=rows,
        items=items,
        next=next_,
    )


def _seat_row(seat: SeatLoad) -> SeatRow:
    fields = msgspec.structs.asdict(seat)
    fields["signed_in_at"] = rfc3339_or_none(seat.signed_in_at)
    fields["hours"] = [
        SeatHourRow(
            at=rfc3339(hour.at), calls=hour.calls, incidents=hour.incidents, assignments=hour.assignments
        )
        for hour in seat.hours
    ]
    return SeatRow(**fields)


def _unit_row(unit: UnitLoad) -> UnitLoadRow:
    return UnitLoadRow(**msgspec.structs.asdict(unit))


def workload_row(workload: Workload) -> WorkloadRow:
    """The answer that people see."""
    return WorkloadRow(
        since=rfc3339(workload.since),
        until=rfc3339(workload.until),
        everybody=workload.everybody,
        seats=[_seat_row(seat) for seat in workload.seats],
        units=[_unit_row(unit) for unit in workload.units],
    )


def live(situation: Situation) -> list[LiveKind]:
    """Zones with their states, demand that stands unserved, the house."""

    def zones_changed(reader: Reader, since: int) -> Changed:
        return [
            (zone.id, zone.seq, None if zone.retired else zone_row(zone))
            for zone in sql.zones_changed(reader, since)
        ]

    def unserved_changed(reader: Reader, since: int) -> Changed:
        return [
            (unserved.id, unserved.seq, unserved_row(unserved, with_words=True) if unserved.open else None)
            for unserved in sql.unserved_changed(reader, since)
        ]

    def unserved_seen_by(row: UnservedRow, actor: Actor) -> UnservedRow:
        return row if situation.may_read_words(actor) else msgspec.structs.replace(row, words=None)

    def house_changed(reader: Reader, since: int) -> Changed:
        return [(row.id, row.seq, house_row(row)) for row in sql.house_changed(reader, since)]

    def as_it_is(row: Any, _actor: Actor) -> Any:
        return row

    return [
        LiveKind(kind="zone", action="situation.see", changed=zones_changed, seen_by=as_it_is),
        LiveKind(kind="unserved", action="situation.see", changed=unserved_changed, seen_by=unserved_seen_by),
        LiveKind(kind="house", action="situation.see", changed=house_changed, seen_by=as_it_is),
    ]


def routes(situation: Situation, clock: Clock) -> list[HTTPRouteHandler]:
    """The handlers of /situation, /house, and of unserved demand."""

    @get("/situation/norms", summary="How norms were kept, with denominators", tags=SITUATION_TAGS)
    async def get_norms(
        desk: Desk, since: Since = None, until: Until = None, group: Group = None
    ) -> Response[NormsRow]:
        start, end, now = parse_instant_or_none(since), parse_instant_or_none(until), clock.now()

        def work(reader: Reader) -> NormsRow:
            first, last, figures = situation.norms(
                reader, desk.actor, now=now, since=start, until=end, group=group
            )
            return NormsRow(
                since=rfc3339(first),
                until=rfc3339(last),
                now=rfc3339(now),
                items=[norm_row(found) for found in figures],
            )

        return await desk.look(work)

    @get("/situation/zones", summary="Zones and what kind of silence lies over each", tags=SITUATION_TAGS)
    async def list_zones(desk: Desk) -> Response[ZoneList]:
        return await desk.look(
            lambda reader: ZoneList([zone_row(zone) for zone in situation.zones(reader, desk.actor)])
        )

    @post("/situation/zones", status_code=200, summary="Part the ground into zones", tags=SITUATION_TAGS)
    async def set_zones(data: ZonesBody, desk: Desk) -> Response[ZoneList]:
        givens = [
            ZoneGiven(
                name=zone.name,
                names=zone.names,
                lat=zone.lat,
                lon=zone.lon,
                radius_m=zone.radius_m,
                geometry=None if zone.polygon is None else msgspec.json.encode(zone.polygon).decode(),
            )
            for zone in data.zones
        ]
        plots = await asyncio.to_thread(situation.laid_out, desk.actor, givens)
        return await desk.command(
            lambda tx: ZoneList([zone_row(zone) for zone in situation.set_zones(tx, plots)])
        )

    @get("/situation/zones/{zone_id:str}/states", summary="A zone's history", tags=SITUATION_TAGS)
    async def list_zone_states(
        zone_id: str, desk: Desk, limit: Limit = None, cursor: Cursor = None
    ) -> Response[ZoneStatePage]:
        key, size, before = parse_id(zone_id), page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> ZoneStatePage:
            found = situation.zone_states(reader, desk.actor, key, before=before, limit=size + 1)
            items = [
                ZoneStateRow(
                    seq=seq, state=state, since=rfc3339(since), at=rfc3339(at), facts=facts_row(facts)
                )
                for seq, state, since, at, facts in found[:size]
            ]
            return ZoneStatePage(items, str(items[-1].seq) if len(found) > size else None)

        return await desk.look(work)

    @get("/situation/workload", summary="What seats and units carry", tags=SITUATION_TAGS)
    async def get_workload(desk: Desk, since: Since = None) -> Response[WorkloadRow]:
        start, now = parse_instant_or_none(since), clock.now()
        return await desk.look(
            lambda reader: workload_row(situation.workload(reader, desk.actor, now=now, since=start))
        )

    @get("/situation/unserved", summary="Demand that nobody could serve", tags=SITUATION_TAGS)
    async def list_unserved(
        desk: Desk, since: Since = None, limit: Limit = None, cursor: Cursor = None
    ) -> Response[LedgerRow]:
        start, now = parse_instant_or_none(since), clock.now()
        size, before = page_limit(limit), page_before(cursor)
        with_words = situation.may_read_words(desk.actor)

        def work(reader: Reader) -> LedgerRow:
            ledger = situation.ledger(reader, desk.actor, now=now, since=start)
            found = situation.unserved(reader, desk.actor, ledger.since, before=before, limit=size + 1)
            items = [unserved_row(unserved, with_words=with_words) for unserved in found[:size]]
            return ledger_row(ledger, items, str(found[size - 1].made_seq) if len(found) > size else None)

        return await desk.look(work)

    @post(
        "/incidents/{incident_id:str}/unserved",
        status_code=201,
        summary="Nobody can come",
        tags=SITUATION_TAGS,
    )
    async def mark_unserved(incident_id: str, data: UnservedBody, desk: Desk) -> Response[UnservedRow]:
        key, with_words = parse_id(incident_id), situation.may_read_words(desk.actor)
        return await desk.command(
            lambda tx: unserved_row(
                situation.mark_unserved(tx, key, data.reason, text=data.words), with_words=with_words
            ),
            status=201,
        )

    @post(
        "/unserved/{unserved_id:str}/withdraw",
        status_code=200,
        summary="It was said by mistake",
        tags=SITUATION_TAGS,
    )
    async def withdraw_unserved(
        unserved_id: str, data: UnservedWithdrawBody, desk: Desk
    ) -> Response[UnservedRow]:
        key, with_words = parse_id(unserved_id), situation.may_read_words(desk.actor)
        return await desk.command(
            lambda tx: unserved_row(
                situation.withdraw_unserved(tx, key, text=data.words), with_words=with_words
            )
        )

    @get("/house", summary="Power and links, as last told", tags=HOUSE_TAGS)
    async def get_house(desk: Desk) -> Response[HouseList]:
        return await desk.look(
            lambda reader: HouseList([house_row(row) for row in situation.house(reader, desk.actor)])
        )

    @post("/house/power", status_code=200, summary="Say what the house runs on", tags=HOUSE_TAGS)
    async def tell_power(data: HousePowerBody, desk: Desk) -> Response[HouseRow]:
        at = parse_instant_or_none(data.at)
        return await desk.command(
            lambda tx: house_row(
                situation.tell_power(
                    tx, data.source, generator_s=data.generator_s, battery_s=data.battery_s, at=at
                )
            )
        )

    @post("/house/links/{name:str}", status_code=200, summary="Say how a link is", tags=HOUSE_TAGS)
    async def tell_link(name: str, data: HouseLinkBody, desk: Desk) -> Response[HouseRow]:
        at = parse_instant_or_none(data.at)
        return await desk.command(
            lambda tx: house_row(
                situation.tell_link(
                    tx, name, kind=data.kind, state=data.state, latency_ms=data.latency_ms, at=at
                )
            )
        )

    return [
        get_norms,
        list_zones,
        set_zones,
        list_zone_states,
        get_workload,
        list_unserved,
        mark_unserved,
        withdraw_unserved,
        get_house,
        tell_power,
        tell_link,
    ]
