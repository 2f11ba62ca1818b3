"""Vector tiles from any OpenStreetMap extract, made on this machine and served without any map service.

OSM extract (PBF) → one GeoJSON feature per line, of a small schema → `tippecanoe` → PMTiles, put in place in
one step. Needs the extra `map`; reading the finished tiles needs nothing.

The schema (layers and their properties; every name also as `name_ht`, `name_fr` where OSM has it) uses the
layer names of the sketch map, so that one style draws both:

- `land`: what lies left of the coastline; `water`: class lake|sea; `river`: class river|stream|canal|…
- `landuse`: class residential|industrial|commercial|green|farm|military|cemetery|school|sand|airport
- `road`: class motorway…path, ref, bridge, tunnel, surface, oneway
- `building`: from zoom 13; `runway`: class runway|taxiway|helipad
- `commune`: administrative boundaries, level 2–8
- `label`: class city|town|village|suburb|…, rank, population; `poi`: class hospital|police|school|…
"""

from __future__ import annotations

import errno
import gzip
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from lanbi.core.errors import Busy, LanbiError, Malformed, Refused
from lanbi.places.shore import Shore

if TYPE_CHECKING:
    import osmium
    import osmium.geom
    import osmium.osm

ATTRIBUTION = "© OpenStreetMap contributors, ODbL"
ZOOM_MIN = 4
ZOOM_MAX = 14
BUILDINGS_FROM_ZOOM = 13
COAST = "coast"
"""Not a layer: the shore's lines are gathered, and become `land`."""
BOUNDARY_WAYS_MAX = 2_000_000
METADATA_BYTES_MAX = 4 * 1024 * 1024
HEADER_BYTES = 127
PROGRESS_EVERY_OBJECTS = 20_000
TIPPECANOE_STDERR_CHARS_MAX = 2_000
FREE_SPACE_FACTOR = 6
"""Room needed beside the extract, as a multiple of its size: the GeoJSON lines and tippecanoe's own files."""
FREE_SPACE_BYTES_MIN = 64 * 1024 * 1024

BYTES_PER_OBJECT = 9
"""Of a PBF, about: enough to move a bar while the number of objects is not known."""

Progress = Callable[[int, int], None]
"""(done, of): percent of the whole work, rising, each number once."""
_Stage = Literal["boundaries", "features", "tiles"]
_SHARES: dict[_Stage, tuple[int, int]] = {"boundaries": (0, 5), "features": (5, 45), "tiles": (45, 99)}
"""Where each stage begins and ends on the bar."""


class TilesInfo(msgspec.Struct, frozen=True):
    """What a PMTiles file says of itself. `bounds`: west, south, east, north in degrees."""

    bounds: tuple[float, float, float, float]
    zoom_min: int
    zoom_max: int
    attribution: str
    name: str
    layers: tuple[str, ...]
    bytes: int


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was built: how many features, by layer, and the finished file."""

    features: int
    layers: dict[str, int]
    tiles: TilesInfo


class _Bar:
    """Turns what each stage knows of itself into one rising percentage."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._told = -1

    def __call__(self, stage: _Stage, share: float) -> None:
        start, end = _SHARES[stage]
        self._tell(int(start + (end - start) * min(1.0, share)))

    def done(self) -> None:
        self._tell(100)

    def _tell(self, percent: int) -> None:
        if percent > self._told:
            self._told = percent
            if self._progress is not None:
                self._progress(percent, 100)


def build_tiles(osm_pbf: Path, out: Path, progress: Progress | None = None) -> BuildReport:
    """Builds `out` (PMTiles) from an OSM extract. Blocks: about a minute for each 50 MB of extract.

    `out` keeps its old content until the new one is complete. Raises `Malformed("map-no-file")`,
    `Malformed("map-not-pbf")`, `Malformed("map-empty")`, `Refused("map-extra-missing")`,
    `Refused("map-failed")` and `Busy("map-disk-full")`.
    """
    tell = _Bar(progress)
    _check_extract(osm_pbf)
    tippecanoe = _tippecanoe()
    with _disk_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        _check_room(osm_pbf, out)
        with tempfile.TemporaryDirectory(prefix=".tiles-", dir=out.parent) as work:
            lines = Path(work) / "features.geojsonl"
            features = _write_features(osm_pbf, lines, tell)
            if not features:
                raise Malformed("map-empty", file=osm_pbf.name)
            fresh = Path(work) / "tiles.pmtiles"
            _run_tippecanoe(tippecanoe, lines, fresh, osm_pbf.name, tell)
            info = read_info(fresh)
            with fresh.open("rb") as done:
                os.fsync(done.fileno())
            fresh.replace(out)
    tell.done()
    return BuildReport(features=sum(features.values()), layers=features, tiles=info)


def read_info(pmtiles: Path) -> TilesInfo:
    """Bounds, zooms, attribution and layers of a PMTiles file, version 3 (its specification, section 3).

    Raises `Malformed("tiles-unreadable")` for anything else.
    """
    try:
        with pmtiles.open("rb") as file:
            head = file.read(HEADER_BYTES)
            if len(head) < HEADER_BYTES or head[:8] != b"PMTiles\x03":
                raise Malformed("tiles-unreadable", file=pmtiles.name)
            offset, length = struct.unpack_from("<QQ", head, 24)
            compression, low, high = head[97], head[100], head[101]
            west, south, east, north = (v / 1e7 for v in struct.unpack_from("<iiii", head, 102))
            if length > METADATA_BYTES_MAX:
                raise Malformed("tiles-unreadable", file=pmtiles.name)
            file.seek(offset)
            raw = file.read(length)
            size = file.seek(0, os.SEEK_END)
        # Internal compression 2 is gzip, 1 is none.
        metadata = json.loads(gzip.decompress(raw) if compression == 2 else raw)
    except (OSError, ValueError, EOFError) as error:
        raise Malformed("tiles-unreadable", file=pmtiles.name) from error
    layers = metadata.get("vector_layers") or []
    return TilesInfo(
        bounds=(west, south, east, north),
        zoom_min=low,
        zoom_max=high,
        attribution=str(metadata.get("attribution") or ATTRIBUTION),
        name=str(metadata.get("name") or ""),
        layers=tuple(str(layer.get("id")) for layer in layers if isinstance(layer, dict)),
        bytes=size,
    )


# Before the work.


def _check_extract(osm_pbf: Path) -> None:
    try:
        with osm_pbf.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise Malformed("map-no-file", file=osm_pbf.name) from error
    if not head:
        raise Malformed("map-empty", file=osm_pbf.name)
    # A PBF begins with the length of its first block header and the word OSMHeader (fileformat.proto).
    if b"OSMHeader" not in head:
        raise Malformed("map-not-pbf", file=osm_pbf.name)


def _tippecanoe() -> Path:
    try:
        import osmium.osm as _  # noqa: F401
    except ImportError as error:
        raise Refused("map-extra-missing", needs="osmium") from error
    beside = shutil.which("tippecanoe", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("tippecanoe")
    if found is None:
        raise Refused("map-extra-missing", needs="tippecanoe")
    return Path(found)


def _check_room(osm_pbf: Path, out: Path) -> None:
    needed = max(FREE_SPACE_BYTES_MIN, FREE_SPACE_FACTOR * osm_pbf.stat().st_size)
    free = shutil.disk_usage(out.parent).free
    if free < needed:
        raise Busy(
            "map-disk-full", folder=str(out.parent), needed_mb=needed // 1_000_000, free_mb=free // 1_000_000
        )


@contextmanager
def _disk_errors(out: Path) -> Iterator[None]:
    try:
        yield
    except LanbiError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Busy("map-disk-full", folder=str(out.parent), needed_mb=0, free_mb=0) from error
        raise Refused("map-failed", detail=str(error)) from error


# OSM objects → features.

_ROADS: dict[str, tuple[str, int]] = {
    # highway value → (class, first zoom)
    "motorway": ("motorway", 4), "motorway_link": ("motorway", 9),
    "trunk": ("trunk", 5), "trunk_link": ("trunk", 9),
    "primary": ("primary", 7), "primary_link": ("primary", 10),
    "secondary": ("secondary", 9), "secondary_link": ("secondary", 11),
    "tertiary": ("tertiary", 10), "tertiary_link": ("tertiary", 12),
    "unclassified": ("street", 11), "residential": ("street", 12), "living_street": ("street", 12),
    "road": ("street", 12), "pedestrian": ("pedestrian", 13), "service": ("service", 13),
    "track": ("track", 12), "path": ("path", 13), "footway": ("path", 13), "steps": ("path", 14),
    "cycleway": ("path", 13), "bridleway": ("path", 13),
}  # fmt: skip
_LANDUSE = {
    "residential": "residential", "industrial": "industrial", "port": "industrial", "railway": "industrial",
    "commercial": "commercial", "retail": "commercial", "forest": "green", "grass": "green",
    "meadow": "green", "recreation_ground": "green", "village_green": "green", "wood": "green",
    "scrub": "green", "park": "green", "garden": "green", "pitch": "green", "golf_course": "green",
    "farmland": "farm", "orchard": "farm", "vineyard": "farm", "plantation": "farm",
    "military": "military", "cemetery": "cemetery", "grave_yard": "cemetery", "school": "school",
    "university": "school", "college": "school", "beach": "sand", "sand": "sand",
}  # fmt: skip
_PLACES = {
    "country": 4, "state": 5, "region": 6, "city": 5, "town": 8, "suburb": 11, "quarter": 12,
    "neighbourhood": 13, "village": 11, "hamlet": 12, "locality": 13, "isolated_dwelling": 13, "island": 8,
}  # fmt: skip
_POIS = {
    "hospital": 11, "clinic": 13, "doctors": 14, "pharmacy": 14, "police": 12, "fire_station": 12,
    "school": 13, "university": 12, "college": 13, "place_of_worship": 13, "marketplace": 12, "fuel": 13,
    "townhall": 13, "courthouse": 13, "prison": 13, "bus_station": 13, "bank": 14, "embassy": 14,
    "community_centre": 14, "ferry_terminal": 12, "fountain": 14, "drinking_water": 14, "stadium": 12,
}  # fmt: skip
_WATERWAYS = {"river": 8, "canal": 11, "stream": 12, "drain": 13, "ditch": 14}
_AEROWAYS = {"runway": 9, "taxiway": 12, "apron": 12, "aerodrome": 9, "helipad": 13}


def _write_features(osm_pbf: Path, lines: Path, tell: _Bar) -> dict[str, int]:
    import osmium
    import osmium.geom
    import osmium.osm

    counts: dict[str, int] = {}
    try:
        levels = _boundary_levels(osm_pbf, tell)
        factory = osmium.geom.GeoJSONFactory()
        shore = Shore(_bounds(osm_pbf))
        read = 0
        expected = max(1, osm_pbf.stat().st_size // BYTES_PER_OBJECT)
        with lines.open("w", encoding="utf-8") as out:
            for thing in osmium.FileProcessor(str(osm_pbf)).with_locations().with_areas():
                read += 1
                if read % PROGRESS_EVERY_OBJECTS == 0:
                    tell("features", read / expected)
                for layer, zoom, properties in _layers_of(thing, levels):
                    if layer == COAST:
                        shore.add(thing)
                        continue
                    geometry = _shape_of(factory, thing)
                    if geometry is None:
                        break
                    counts[layer] = counts.get(layer, 0) + 1
                    out.write(_line(layer, zoom, properties, geometry))
            for geometry in shore.land() if counts else ():
                counts["land"] = counts.get("land", 0) + 1
                out.write(_line("land", ZOOM_MIN, {}, geometry))
    except RuntimeError as error:
        # pyosmium raises plain RuntimeErrors for a file that breaks off or is no PBF inside.
        if isinstance(error, LanbiError):
            raise
        raise Malformed("map-not-pbf", file=osm_pbf.name) from error
    tell("features", 1)
    return counts


def _line(layer: str, zoom: int, properties: dict[str, Any], geometry: str) -> str:
    head = json.dumps({"layer": layer, "minzoom": zoom, "maxzoom": ZOOM_MAX})
    said = json.dumps(properties, ensure_ascii=False)
    # `geometry` is finished JSON: putting it in as text spares a parse per feature.
    return f'{{"type":"Feature","tippecanoe":{head},"properties":{said},"geometry":{geometry}}}\n'


def _bounds(osm_pbf: Path) -> tuple[float, float, float, float] | None:
    import osmium
    import osmium.io
    import osmium.osm

    with osmium.io.Reader(str(osm_pbf)) as reader:
        box = reader.header().box()
    if not box.valid():
        # Written by a tool that states no frame: its nodes give one.
        for node in osmium.FileProcessor(str(osm_pbf), osmium.osm.NODE):
            box.extend(node.location)  # pyright: ignore[reportAttributeAccessIssue]
    if not box.valid():
        return None
    return (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)


def _boundary_levels(osm_pbf: Path, tell: _Bar) -> dict[int, int]:
    """Way id → the widest administrative level that it bounds."""
    import osmium
    import osmium.geom
    import osmium.osm

    tell("boundaries", 0)
    levels: dict[int, int] = {}
    for relation in osmium.FileProcessor(str(osm_pbf), osmium.osm.RELATION):
        level = _level(relation.tags)
        if level is None or len(levels) > BOUNDARY_WAYS_MAX:
            continue
        for member in relation.members:  # pyright: ignore[reportAttributeAccessIssue]
            if member.type == "w":
                levels[member.ref] = min(level, levels.get(member.ref, 99))
    return levels


def _level(tags: Any) -> int | None:
    if tags.get("boundary") != "administrative":
        return None
    said = tags.get("admin_level", "")
    return int(said) if said.isascii() and said.isdigit() and 2 <= int(said) <= 8 else None


def _layers_of(thing: Any, levels: dict[int, int]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    import osmium
    import osmium.geom
    import osmium.osm

    tags = thing.tags
    if isinstance(thing, osmium.osm.Node):
        if len(tags):
            yield from _of_node(tags)
    elif isinstance(thing, osmium.osm.Way):
        yield from _of_way(tags, thing.is_closed(), levels.get(thing.id) or _level(tags))
    elif isinstance(thing, osmium.osm.Area):
        yield from _of_area(tags)


def _of_node(tags: Any) -> Iterator[tuple[str, int, dict[str, Any]]]:
    place = tags.get("place")
    if place in _PLACES and tags.get("name"):
        yield (
            "label",
            _PLACES[place],
            {"class": place, "rank": _rank(place), **_names(tags), **_number(tags, "population")},
        )
    poi = tags.get("amenity") or ("stadium" if tags.get("leisure") == "stadium" else None)
    if poi in _POIS:
        yield "poi", _POIS[poi], {"class": poi, **_names(tags)}
    if tags.get("aeroway") == "helipad":
        yield "runway", _AEROWAYS["helipad"], {"class": "helipad", **_names(tags)}


def _of_way(tags: Any, closed: bool, level: int | None) -> Iterator[tuple[str, int, dict[str, Any]]]:
    road = _ROADS.get(tags.get("highway", ""))
    if road is not None and not (closed and tags.get("area") == "yes"):
        said: dict[str, Any] = {"class": road[0], **_names(tags)}
        for key in ("ref", "surface", "oneway"):
            if tags.get(key):
                said[key] = tags[key]
        for key in ("bridge", "tunnel"):
            if tags.get(key, "no") != "no":
                said[key] = 1
        yield "road", road[1], said
    water = tags.get("waterway")
    if water in _WATERWAYS:
        yield "river", _WATERWAYS[water], {"class": water, **_names(tags)}
    if tags.get("natural") == "coastline":
        yield COAST, ZOOM_MIN, {}
    air = tags.get("aeroway")
    if air in ("runway", "taxiway") and not (closed and tags.get("area") == "yes"):
        yield "runway", _AEROWAYS[air], {"class": air, **_names(tags)}
    if level is not None:
        yield "commune", {2: 4, 3: 5, 4: 6, 5: 7, 6: 8, 7: 9, 8: 10}[level], {"level": level}


def _of_area(tags: Any) -> Iterator[tuple[str, int, dict[str, Any]]]:
    if tags.get("building", "no") != "no":
        yield "building", BUILDINGS_FROM_ZOOM, _names(tags)
    if (
        tags.get("natural") in ("water", "bay")
        or tags.get("landuse") in ("reservoir", "basin")
        or (tags.get("waterway") in ("riverbank", "dock"))
    ):
        yield "water", 6, {"class": "sea" if tags.get("natural") == "bay" else "lake", **_names(tags)}
    use = next(
        (
            _LANDUSE[v]
            for key in ("landuse", "leisure", "natural", "amenity")
            if (v := tags.get(key)) in _LANDUSE
        ),
        None,
    )
    if use is not None:
        yield "landuse", 8, {"class": use, **_names(tags)}
    air = tags.get("aeroway")
    if air in ("apron", "aerodrome"):
        yield "landuse", _AEROWAYS[air], {"class": "airport", **_names(tags)}
    poi = tags.get("amenity")
    if poi in _POIS and tags.get("name"):
        yield "poi", _POIS[poi], {"class": poi, **_names(tags)}


def _names(tags: Any) -> dict[str, str]:
    out: dict[str, str] = {}
    for key, tag in (("name", "name"), ("name_ht", "name:ht"), ("name_fr", "name:fr")):
        value = tags.get(tag)
        if value:
            out[key] = value
    return out


def _rank(place: str) -> int:
    return 1 if place in ("city", "town") else 2 if place in ("suburb", "village", "island") else 3


def _number(tags: Any, key: str) -> dict[str, int]:
    value = tags.get(key, "")
    return {key: int(value)} if value.isascii() and value.isdigit() else {}


def _shape_of(factory: osmium.geom.GeoJSONFactory, thing: Any) -> str | None:
    import osmium
    import osmium.geom
    import osmium.osm

    try:
        if isinstance(thing, osmium.osm.Node):
            return factory.create_point(thing)
        if isinstance(thing, osmium.osm.Way):
            return factory.create_linestring(thing)
        return factory.create_multipolygon(thing)
    except (RuntimeError, ValueError, osmium.InvalidLocationError):
        # An extract cuts ways at its edge and holds broken rings: renderers leave such objects out, too.
        return None


# Features → tiles.


def _run_tippecanoe(tippecanoe: Path, lines: Path, out: Path, extract: str, tell: _Bar) -> None:
    command = [
        str(tippecanoe), "--output", str(out), "--force", "--read-parallel",
        "--minimum-zoom", str(ZOOM_MIN), "--maximum-zoom", str(ZOOM_MAX),
        "--name", extract, "--attribution", ATTRIBUTION, "--temporary-directory", str(out.parent),
        "--drop-densest-as-needed", "--extend-zooms-if-still-dropping-maximum", str(ZOOM_MAX),
        "--simplification", "4", "--json-progress", str(lines),
    ]  # fmt: skip
    tell("tiles", 0)
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603 - a fixed program with our own arguments
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as running:
        assert running.stderr is not None  # noqa: S101 - a pipe was asked for
        for line in running.stderr:
            share = _share(line)
            if share is not None:
                # It counts to 100 once for reading and again for cutting; the bar only rises.
                tell("tiles", share / 100)
            else:
                said.append(line.strip())
                del said[:-20]
    if running.returncode != 0 or not out.exists():
        detail = " ".join(part for part in said if part)[-TIPPECANOE_STDERR_CHARS_MAX:]
        if "No space left" in detail:
            raise Busy("map-disk-full", folder=str(out.parent.parent), needed_mb=0, free_mb=0)
        raise Refused("map-failed", detail=detail[-300:])


def _share(line: str) -> float | None:
    if not line.startswith("{"):
        return None
    try:
        return float(json.loads(line)["progress"])
    except (ValueError, KeyError, TypeError):
        return None
