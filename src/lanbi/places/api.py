"""Places and the map over HTTP."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import anyio
import msgspec
from litestar import Request, Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from lanbi.core.desk import Desk, page_limit
from lanbi.core.errors import LanbiError, Malformed, NotFound
from lanbi.core.geo import Area
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader, Tx
from lanbi.places.index import Match
from lanbi.places.location import Candidate
from lanbi.places.model import Place
from lanbi.places.service import OWN_SOURCE, Places
from lanbi.places.terms import kinds
from lanbi.places.tiles import TilesInfo, read_info

TAGS = ["places"]
MAP_TAGS = ["map"]
SEARCH_RESULTS_MAX = 50
WIDE_RADIUS_M = 5_000.0
LANDMARKS_MAX = 200
"""In one view: more would hide the ground."""
SEARCH_RESULTS_DEFAULT = 10
QUERY_CHARS_MAX = 500
WITHIN_MAX = 4
RANGE_BYTES_MAX = 4 * 1024 * 1024
"""One answer to a range request: a longer range is answered with its beginning (RFC 9110 section 15.3.7)."""
CHUNK_BYTES = 256 * 1024
TILES_MEDIA_TYPE = "application/vnd.pmtiles"
BASE_MAX_AGE_S = 3_600

Limit = Annotated[
    int | None, QueryParameter(description="1 to 200 rows; 50 unless told, 10 of a search (at most 50).")
]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before; not with a search.")]
Query = Annotated[
    str | None,
    QueryParameter(description="A name as it is said, or a sentence: “dèyè legliz Sen Michèl, Dèlma 33”."),
]
Near = Annotated[str | None, QueryParameter(description="“lat,lon”: among equals, the nearer comes first.")]

Degrees = Annotated[float, QueryParameter(description="Degrees, WGS 84.")]


class WithinRow(msgspec.Struct, frozen=True):
    """A place that holds another."""

    id: str
    name: str
    kind: str


class FoundBy(msgspec.Struct, frozen=True, kw_only=True):
    """Why a place is in the answer: the name that matched, how, and how well (0–100).

    `because`: reason codes; `relation`: how the words place it by a landmark; `context`: the wider place
    that the words also name.
    """

    name: str
    because: list[str]
    score: float
    relation: str | None = None
    context: str | None = None
    distance_m: float | None = None


class PlaceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A place as the API shows it. `name` is in the reader's language where that is known.

    `area`: what to put on a call or an incident; wider than the place itself where the words say "behind".
    `found`: only in a search. `within`: what holds it, innermost first.
    """

    id: str
    version: int
    kind: str
    label: str
    name: str
    names: dict[str, list[str]]
    code: str | None
    parent_id: str | None
    lat: float | None
    lon: float | None
    radius_m: float | None
    source: str
    population: int | None
    within: list[WithinRow]
    area: Area
    found: FoundBy | None = None


class PlacePage(msgspec.Struct, frozen=True):
    """One page of places, or the results of a search."""

    items: list[PlaceRow]
    next: str | None


class Chain(msgspec.Struct, frozen=True):
    """What holds a point, innermost first: section, commune, department."""

    items: list[PlaceRow]


class LandmarkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A landmark as the map draws it. `own`: added by this site's people while they worked."""

    id: str
    name: str
    kind: str
    lat: float
    lon: float
    radius_m: float | None
    own: bool


class LandmarkList(msgspec.Struct, frozen=True):
    """The landmarks in a view; `more`: there are others, and a nearer view shows them."""

    items: list[LandmarkRow]
    more: bool


class AddBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A landmark. Degrees WGS 84, metres; `names` by language."""

    name: str
    lat: float
    lon: float
    radius_m: float
    kind: str = "landmark"
    names: dict[str, str] = {}


class StyleInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a screen must know to draw the map. `bounds`: west, south, east, north to open with."""

    tiles: bool
    bounds: tuple[float, float, float, float]
    attribution: str
    precision: Literal["sketch", "survey"]


def row_of(place: Place, places: Places, lang: str) -> PlaceRow:
    """The row that people and machines see."""
    return PlaceRow(
        id=place.id,
        version=place.version,
        kind=place.kind,
        label=kinds()[place.kind].labels[lang] if place.kind in kinds() else place.kind,
        name=place.called(lang),
        names=place.names,
        code=place.code,
        parent_id=place.parent_id,
        lat=place.lat,
        lon=place.lon,
        radius_m=place.radius_m,
        source=place.source,
        population=place.population,
        within=[WithinRow(p.id, p.called(lang), p.kind) for p in places.around(place)[:WITHIN_MAX]],
        area=Area(
            lat=place.lat,
            lon=place.lon,
            radius_m=place.radius_m,
            source="gazetteer",
            confidence="likely",
            words=place.called(lang),
            place_id=place.id,
        ),
    )


def _of_match(match: Match, places: Places, lang: str) -> PlaceRow:
    row = row_of(match.place, places, lang)
    found = FoundBy(name=match.name, because=[match.reason], score=match.score, distance_m=match.distance_m)
    sure = match.reason in {"name", "sound"}
    area = msgspec.structs.replace(row.area, confidence="likely" if sure else "heard")
    return msgspec.structs.replace(row, found=found, area=area)


def _of_candidate(candidate: Candidate, places: Places, lang: str) -> PlaceRow | None:
    place = places.gazetteer.get(candidate.area.place_id) if candidate.area.place_id else None
    if place is None:
        return None
    found = FoundBy(
        name=candidate.name,
        because=list(candidate.because),
        score=candidate.score,
        relation=candidate.relation,
        context=candidate.context,
    )
    return msgspec.structs.replace(row_of(place, places, lang), area=candidate.area, found=found)


def _search(
    places: Places, desk: Any, text: str, near: tuple[float, float] | None, limit: int
) -> list[PlaceRow]:
    """Names first when the text is a name; else what the sentence means, then what only resembles it."""
    lang = desk.actor.lang
    matches = places.search(desk.actor, text, near=near, limit=limit)
    rows = [_of_match(match, places, lang) for match in matches]
    if matches and matches[0].reason in {"name", "sound", "prefix"}:
        return rows
    meant = [
        _of_candidate(c, places, lang) for c in places.understand(desk.actor, text, near=near, limit=limit)
    ]
    first = [row for row in meant if row is not None]
    held = {row.id for row in first}
    # A whole region that one word of a sentence happens to sound like helps nobody who looks for a door.
    wide = [row for row in first if row.area.radius_m is not None and row.area.radius_m > WIDE_RADIUS_M]
    narrow = [row for row in first if row not in wide]
    return [*narrow, *(row for row in rows if row.id not in held), *wide][:limit]


def _near(text: str | None, places: Places) -> tuple[float, float] | None:
    if not text:
        return None
    parts = text.split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError as error:
        raise Malformed("near-unreadable", given=text[:40]) from error
    places.check(lat, lon)
    return lat, lon


def landmark_row(place: Place, lang: str) -> LandmarkRow:
    """The row of a place that has a point."""
    if place.lat is None or place.lon is None:
        raise Malformed("bounds-unreadable")
    return LandmarkRow(
        id=place.id,
        name=place.called(lang),
        kind=place.kind,
        lat=place.lat,
        lon=place.lon,
        radius_m=place.radius_m,
        own=place.source == OWN_SOURCE,
    )


def routes(places: Places, tiles: Path) -> list[HTTPRouteHandler]:
    """The handlers of /places and /map. `tiles`: where `build_tiles` puts its file; it need not exist."""

    @get("/places", summary="Find places, or list them all", tags=TAGS)
    async def find_places(
        desk: Desk, q: Query = None, limit: Limit = None, near: Near = None, cursor: Cursor = None
    ) -> Response[PlacePage]:
        if q is not None and q.strip():
            if len(q) > QUERY_CHARS_MAX:
                raise Malformed("query-too-long", limit=QUERY_CHARS_MAX, given=len(q))
            most = min(page_limit(limit) if limit is not None else SEARCH_RESULTS_DEFAULT, SEARCH_RESULTS_MAX)
            by = _near(near, places)
            return await desk.look(lambda _reader: PlacePage(_search(places, desk, q, by, most), None))
        size = page_limit(limit)
        after = parse_id(cursor) if cursor else ""

        def work(reader: Reader) -> PlacePage:
            found = places.page(reader, desk.actor, after=after, limit=size + 1)
            items = [row_of(place, places, desk.actor.lang) for place in found[:size]]
            return PlacePage(items, items[-1].id if len(found) > size else None)

        return await desk.look(work)

    @get("/places/at", summary="Section, commune and department of a point", tags=TAGS)
    async def places_at(desk: Desk, lat: Degrees, lon: Degrees) -> Response[Chain]:
        def work(_reader: Reader) -> Chain:
            found = places.at(desk.actor, lat, lon)
            return Chain([row_of(place, places, desk.actor.lang) for place in found])

        return await desk.look(work)

    @get("/places/{place_id:str}", summary="One place", tags=TAGS)
    async def get_place(place_id: FromPath[str], desk: Desk) -> Response[PlaceRow]:
        key = parse_id(place_id)
        return await desk.look(
            lambda reader: row_of(places.get(reader, desk.actor, key), places, desk.actor.lang)
        )

    @post("/places", status_code=201, summary="Add a landmark", tags=TAGS)
    async def add_place(data: JSONBody[AddBody], desk: Desk) -> Response[PlaceRow]:
        made: list[Place] = []

        def work(tx: Tx) -> PlaceRow:
            made[:] = [
                places.add(
                    tx,
                    name=data.name,
                    lat=data.lat,
                    lon=data.lon,
                    radius_m=data.radius_m,
                    kind=data.kind,
                    names=data.names,
                )
            ]
            return row_of(made[0], places, desk.actor.lang)

        answer = await desk.command(work, status=201)
        for place in made:  # empty when the same command had been answered before
            places.entered(place)
        return answer

    @get("/map/base.geojson", summary="The sketch map of the metropolitan area", tags=MAP_TAGS)
    async def base_map(desk: Desk, request: Request[Any, Any, Any]) -> Response[bytes]:
        places.require_sight(desk.actor)
        data, tag = _base()
        headers = {"etag": tag, "cache-control": f"private, max-age={BASE_MAX_AGE_S}"}
        if request.headers.get("if-none-match") == tag:
            return Response(b"", status_code=304, headers=headers)
        return Response(data, media_type="application/geo+json", headers=headers)

    @get("/map/landmarks", summary="The landmarks in a view", tags=MAP_TAGS)
    async def landmarks_in(
        desk: Desk, west: Degrees, south: Degrees, east: Degrees, north: Degrees
    ) -> Response[LandmarkList]:
        def work(_reader: Reader) -> LandmarkList:
            found = places.landmarks(desk.actor, (west, south, east, north), LANDMARKS_MAX + 1)
            rows = [landmark_row(place, desk.actor.lang) for place in found[:LANDMARKS_MAX]]
            return LandmarkList(rows, len(found) > LANDMARKS_MAX)

        return await desk.look(work)

    @get("/map/style-info", summary="Whether there are tiles, and where the map opens", tags=MAP_TAGS)
    async def style_info(desk: Desk) -> Response[StyleInfo]:
        places.require_sight(desk.actor)
        info = await anyio.to_thread.run_sync(_info_of, tiles)
        if info is None:
            made = StyleInfo(tiles=False, bounds=_view(), attribution="", precision="sketch")
        else:
            made = StyleInfo(tiles=True, bounds=info.bounds, attribution=info.attribution, precision="survey")
        return await desk.look(lambda _reader: made)

    @get("/map/tiles.pmtiles", summary="The vector tiles, by HTTP ranges", tags=MAP_TAGS)
    async def map_tiles(desk: Desk, request: Request[Any, Any, Any]) -> Response[Any]:
        places.require_sight(desk.actor)
        return await anyio.to_thread.run_sync(_tiles_answer, tiles, dict(request.headers))

    return [find_places, places_at, get_place, add_place, base_map, landmarks_in, style_info, map_tiles]


# The map's files.


@cache
def _base() -> tuple[bytes, str]:
    data = (files("lanbi.places") / "data" / "port_au_prince.geojson").read_bytes()
    return data, f'"{sha256(data).hexdigest()[:16]}"'


@cache
def _view() -> tuple[float, float, float, float]:
    return msgspec.convert(msgspec.json.decode(_base()[0])["view"], tuple[float, float, float, float])


def _info_of(tiles: Path) -> TilesInfo | None:
    try:
        return read_info(tiles) if tiles.is_file() else None
    except LanbiError:
        return None  # a broken file is no map: the sketch still draws


_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def _tiles_answer(tiles: Path, headers: dict[str, str]) -> Response[Any]:
    """200, 206, 304 or 416 (RFC 9110 sections 13 and 14). One range at a time, as tile readers ask."""
    try:
        stat = tiles.stat()
    except OSError as error:
        raise NotFound("tiles-absent") from error
    size = stat.st_size
    tag = f'"{stat.st_mtime_ns:x}-{size:x}"'
    # Tiles are compressed inside; compressed once more, byte ranges would no longer be the file's.
    said = {
        "etag": tag,
        "accept-ranges": "bytes",
        "cache-control": "private, no-cache",
        "content-encoding": "identity",
    }
    if headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=said)
    wanted = _RANGE.fullmatch(headers.get("range", "").strip())
    if wanted is None or wanted[1] == wanted[2] == "" or headers.get("if-range", tag) != tag:
        said["content-length"] = str(size)
        return Stream(_chunks(tiles, size), media_type=TILES_MEDIA_TYPE, headers=said)
    if wanted[1] == "":
        first, last = max(0, size - int(wanted[2])), size - 1
    else:
        first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
    if first > last or first >= size:
        return Response(b"", status_code=416, headers={**said, "content-range": f"bytes */{size}"})
    last = min(last, first + RANGE_BYTES_MAX - 1)
    with tiles.open("rb") as file:
        file.seek(first)
        data = file.read(last - first + 1)
    said["content-range"] = f"bytes {first}-{first + len(data) - 1}/{size}"
    return Response(data, status_code=206, media_type=TILES_MEDIA_TYPE, headers=said)


def _chunks(tiles: Path, size: int) -> Callable[[], AsyncIterator[bytes]]:
    async def read() -> AsyncIterator[bytes]:
        left = size
        async with await anyio.open_file(tiles, "rb") as file:
            while left > 0 and (data := await file.read(min(CHUNK_BYTES, left))):
                left -= len(data)
                yield data

    return read
