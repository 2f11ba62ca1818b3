"""Positions and observations over HTTP and on the live picture."""

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from lanbi.core.access import Actor
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.geo import Area
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader
from lanbi.core.time import INSTANT_MAX, INSTANT_MIN, parse_instant, rfc3339, rfc3339_or_none
from lanbi.tracks import sql
from lanbi.tracks.model import Observation, Report, Stored, Track
from lanbi.tracks.service import Tracks

TRACK_TAGS = ["tracks"]
OBSERVATION_TAGS = ["observations"]
Limit = Annotated[int | None, QueryParameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]
From = Annotated[str | None, QueryParameter(name="from", description="RFC 3339; that instant included.")]
To = Annotated[str | None, QueryParameter(name="to", description="RFC 3339; that instant excluded.")]


class TrackRow(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's position. `version` is the number of the journal entry that vouches for it."""

    id: str
    version: int
    unit_id: str
    at: str
    received_at: str
    lat: float
    lon: float
    accuracy_m: float
    speed_mps: float | None
    course_deg: float | None


class TrackPage(msgspec.Struct, frozen=True):
    """One page of positions."""

    items: list[TrackRow]
    next: str | None


class BatchBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most 1,000 positions, of one unit or many, in any order."""

    positions: list[Report]


class ObservationRow(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody saw; `words` only for those who may read them. `withdrawn_at`: taken back."""

    id: str
    version: int
    kind: str
    area: Area
    words: str | None
    at: str
    by: str
    withdrawn_at: str | None


class ObservationPage(msgspec.Struct, frozen=True):
    """One page of observations, newest first."""

    items: list[ObservationRow]
    next: str | None


class ObserveBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: str
    area: Area
    words: str = ""
    at: str | None = None


def track_row(track: Track) -> TrackRow:
    """The row that people and machines see."""
    return TrackRow(
        id=track.unit_id,
        version=track.seq,
        unit_id=track.unit_id,
        at=rfc3339(track.at),
        received_at=rfc3339(track.received_at),
        lat=track.lat,
        lon=track.lon,
        accuracy_m=track.accuracy_m,
        speed_mps=track.speed_mps,
        course_deg=track.course_deg,
    )


def observation_row(observation: Observation, *, with_words: bool) -> ObservationRow:
    """The row that people and machines see."""
    return ObservationRow(
        id=observation.id,
        version=observation.seq,
        kind=observation.kind,
        area=observation.area,
        words=observation.words if with_words else None,
        at=rfc3339(observation.at),
        by=observation.by,
        withdrawn_at=rfc3339_or_none(observation.withdrawn_at),
    )


def live(tracks: Tracks) -> list[LiveKind]:
    """Each unit's last position (a crew sees its own), and the observations of the last 12 hours."""

    def tracks_changed(reader: Reader, since: int) -> Changed:
        return [(track.unit_id, track.seq, track_row(track)) for track in sql.latest_changed(reader, since)]

    def track_seen_by(row: TrackRow, actor: Actor) -> TrackRow | None:
        return row if actor.role != "field_unit" or actor.unit_id == row.unit_id else None

    def observations_changed(reader: Reader, since: int) -> Changed:
        return [
            (observation.id, version, observation_row(observation, with_words=True) if is_live else None)
            for version, observation, is_live in sql.observations_changed(reader, since)
        ]

    def observation_seen_by(row: ObservationRow, actor: Actor) -> ObservationRow:
        return row if tracks.may_read_words(actor) else msgspec.structs.replace(row, words=None)

    return [
        LiveKind(kind="track", action="tracks.see", changed=tracks_changed, seen_by=track_seen_by),
        LiveKind(
            kind="observation",
            action="observations.see",
            changed=observations_changed,
            seen_by=observation_seen_by,
        ),
    ]


def routes(tracks: Tracks) -> list[HTTPRouteHandler]:
    """The handlers of /tracks and /observations."""

    @post("/tracks", status_code=200, summary="Report one position", tags=TRACK_TAGS)
    async def report(data: Report, desk: Desk) -> Response[Stored]:
        return await desk.command(lambda tx: tracks.report(tx, (data,)))

    @post("/tracks/batch", status_code=200, summary="Report many positions", tags=TRACK_TAGS)
    async def report_batch(data: BatchBody, desk: Desk) -> Response[Stored]:
        return await desk.command(lambda tx: tracks.report(tx, data.positions))

    @get("/tracks", summary="Last positions, by unit", tags=TRACK_TAGS)
    async def list_tracks(desk: Desk, limit: Limit = None, cursor: Cursor = None) -> Response[TrackPage]:
        size, after = page_limit(limit), "" if not cursor else parse_id(cursor)

        def work(reader: Reader) -> TrackPage:
            found = tracks.latest(reader, desk.actor, after=after, limit=size + 1)
            items = [track_row(track) for track in found[:size]]
            return TrackPage(items, items[-1].id if len(found) > size else None)

        return await desk.look(work)

    @get("/tracks/{unit_id:str}/history", summary="Where a unit was, newest first", tags=TRACK_TAGS)
    async def get_history(
        unit_id: str,
        desk: Desk,
        *,
        start: From = None,
        end: To = None,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[TrackPage]:
        key, size = parse_id(unit_id), page_limit(limit)
        first = INSTANT_MIN if start is None else parse_instant(start)
        before = min(INSTANT_MAX + 1 if end is None else parse_instant(end), page_before(cursor))

        def work(reader: Reader) -> TrackPage:
            found = tracks.history(reader, desk.actor, key, start=first, end=before, limit=size + 1)
            items = [track_row(track) for track in found[:size]]
            return TrackPage(items, str(found[size - 1].at) if len(found) > size else None)

        return await desk.look(work)

    @post("/observations", status_code=201, summary="Report what was seen", tags=OBSERVATION_TAGS)
    async def observe(data: ObserveBody, desk: Desk) -> Response[ObservationRow]:
        at = None if data.at is None else parse_instant(data.at)
        with_words = tracks.may_read_words(desk.actor)
        return await desk.command(
            lambda tx: observation_row(
                tracks.observe(tx, data.kind, data.area, text=data.words, at=at), with_words=with_words
            ),
            status=201,
        )

    @get("/observations", summary="List observations, newest first", tags=OBSERVATION_TAGS)
    async def list_observations(
        desk: Desk, limit: Limit = None, cursor: Cursor = None
    ) -> Response[ObservationPage]:
        size, before = page_limit(limit), page_before(cursor)
        with_words = tracks.may_read_words(desk.actor)

        def work(reader: Reader) -> ObservationPage:
            found = tracks.observations(reader, desk.actor, before=before, limit=size + 1)
            items = [observation_row(item, with_words=with_words) for item in found[:size]]
            return ObservationPage(items, str(items[-1].version) if len(found) > size else None)

        return await desk.look(work)

    @get("/observations/{observation_id:str}", summary="One observation", tags=OBSERVATION_TAGS)
    async def get_observation(observation_id: str, desk: Desk) -> Response[ObservationRow]:
        key, with_words = parse_id(observation_id), tracks.may_read_words(desk.actor)
        return await desk.look(
            lambda reader: observation_row(tracks.observation(reader, desk.actor, key), with_words=with_words)
        )

    @post(
        "/observations/{observation_id:str}/withdraw",
        status_code=200,
        summary="Take back what one has just reported",
        tags=OBSERVATION_TAGS,
    )
    async def withdraw(observation_id: str, desk: Desk) -> Response[ObservationRow]:
        key, with_words = parse_id(observation_id), tracks.may_read_words(desk.actor)
        return await desk.command(lambda tx: observation_row(tracks.withdraw(tx, key), with_words=with_words))

    return [
        report,
        report_batch,
        list_tracks,
        get_history,
        observe,
        list_observations,
        get_observation,
        withdraw,
    ]
