"""Gazetteers and boundaries from files: GeoJSON and CSV, as others publish them.

A file is read whole and judged row by row before anything is written. What is wrong with a row is said with
its line and a reason; the good rows go in (or, when asked to be strict, nothing does). The same file again
changes nothing: a row is known by its source and code.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import cos, isfinite, pi, radians, sqrt
from pathlib import Path
from typing import Any, Literal

import msgspec
import shapely
from shapely.geometry import shape as to_shape

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError, Malformed, Refused, TooLarge
from lanbi.core.ids import new_id
from lanbi.core.ports import Store, Tx
from lanbi.core.time import Clock
from lanbi.places import sql
from lanbi.places.events import PlacesImported
from lanbi.places.fold import NAME_CHARS_MAX, plain
from lanbi.places.model import NAMES_MAX, Place
from lanbi.places.terms import kind_of, kinds
from lanbi.places.territory import Territory

FILE_BYTES_MAX = 256 * 1024 * 1024
ROWS_MAX = 200_000
BAD_ROWS_KEPT_MAX = 1_000
CELL_CHARS_MAX = 10_000_000
CORNERS_MAX = 200_000
"""Corners of one outline."""
RADIUS_M_MAX = 500_000.0
DEFAULT_KIND = "locality"
METRES_PER_DEGREE = 111_195.0
PROGRESS_EVERY_ROWS = 500
SOURCE_CHARS_MAX = 60

Stage = Literal["reading", "checking", "sounding", "writing"]
Progress = Callable[[Stage, int, int], None]
"""(stage, rows done, rows in all)."""

FIELDS = ("name", "name_ht", "name_fr", "name_es", "name_en", "alt", "kind", "lat", "lon", "radius_m",
          "parent", "code", "population")  # fmt: skip
"""What a mapping may name. Several spellings in one cell are parted by "|"."""

# Column and property names that are understood without a mapping, in the order of preference.
_KNOWN: dict[str, tuple[str, ...]] = {
    "name": ("name", "nom", "non", "wof:name", "nombre", "title"),
    "name_ht": ("name_ht", "name:ht", "nom_ht", "non_ht", "kreyol", "kreyòl", "alt_ht"),
    "name_fr": ("name_fr", "name:fr", "nom_fr", "alt_fr"),
    "name_es": ("name_es", "name:es", "alt_es"),
    "name_en": ("name_en", "name:en", "alt_en"),
    "alt": ("alt", "alt_name", "alt_names", "alternatenames", "name_und", "alt_und", "alias", "aliases"),
    "kind": ("kind", "type", "placetype", "wof:placetype", "place", "amenity", "feature", "fclass"),
    "lat": ("lat", "latitude", "y", "lat_dd"),
    "lon": ("lon", "lng", "long", "longitude", "x", "lon_dd"),
    "radius_m": ("radius_m", "radius", "rayon_m"),
    "parent": ("parent", "parent_code", "parent_id", "wof:parent_id"),
    "code": ("code", "pcode", "p_code", "wof_id", "wof:id", "geonameid", "gn_id", "osm_id", "@id", "id"),
    "population": ("population", "pop", "wof:population"),
}
_ADMIN_KINDS = ("country", "department", "commune", "section")
_ADMIN_CODE = re.compile(r"adm([0-3])_pcode", re.IGNORECASE)
_ORDINAL = re.compile(r"^\s*\d+\s*(?:re|ère|e|ème|eme)\s+section\s+(?:de(?:s| la)? )?(.+)$", re.IGNORECASE)
_SPELLINGS = re.compile(r"\s*\|\s*")


class BadRow(msgspec.Struct, frozen=True):
    """A row left out: its line (or feature number, from 1) and the refusal's code with its blanks."""

    line: int
    code: str
    args: dict[str, str]


class ImportReport(msgspec.Struct, kw_only=True):
    """What an import did, or would do. `bad` holds the first `BAD_ROWS_KEPT_MAX` of `refused` rows."""

    source: str
    sha256: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    orphans: int = 0
    by_kind: dict[str, int] = msgspec.field(default_factory=dict)
    bad: list[BadRow] = msgspec.field(default_factory=list)
    written: bool = False


class _Draft(msgspec.Struct):
    line: int
    code: str
    parent: str | None
    kind: str
    name: str
    names: dict[str, list[str]]
    lat: float
    lon: float
    radius_m: float
    outline: str | None
    population: int | None


def import_places(
    store: Store,
    actor: Actor,
    clock: Clock,
    path: Path,
    *,
    territory: Territory,
    source: str | None = None,
    mapping: Mapping[str, str] | None = None,
    kind: str = DEFAULT_KIND,
    strict: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Takes a file of places into the store; afterwards call `Places.load`. Blocks: seconds for 10,000 rows.

    `source`: its short name (default: what the file is recognised as, or its stem); rows are known by it
    and their code. `mapping`: field of `FIELDS` → column. `kind`: for rows that say none.
    Raises `Malformed("places-file-…")` for a file that cannot be read at all, and
    `Refused("places-file-strict")` when `strict` and a row is bad; nothing is written then.
    """
    tell = progress or _silent
    data = _bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    if kind not in kinds():
        raise Malformed("place-kind-unknown", given=kind[:40], known=", ".join(kinds()))
    tell("reading", 0, 0)
    known_source, rows = _rows(path.name, data, mapping)
    source = (source or known_source or path.stem)[:SOURCE_CHARS_MAX]
    report = ImportReport(source=source, sha256=digest, rows=len(rows))
    drafts = _judge(rows, report, territory, kind, tell)
    if not drafts and not report.refused:
        raise Malformed("places-file-empty", file=path.name)
    if strict and report.refused:
        first = report.bad[0]
        raise Refused("places-file-strict", refused=report.refused, line=first.line, reason=first.code)
    held = store.read_now(lambda reader: (sql.of_source(reader, source), sql.geometries_of(reader, source)))
    placed = _place_all(drafts, held, source, clock, report, tell)
    if dry_run or not placed:
        return report

    def write(tx: Tx) -> None:
        entry = tx.record(
            PlacesImported(
                id=new_id(tx.now),
                source=source,
                sha256=digest,
                added=report.added,
                changed=report.changed,
                unchanged=report.unchanged,
                refused=report.refused,
            )
        )
        sql.save(tx, placed, entry.seq)

    tell("writing", 0, len(placed))
    store.write_now(actor, write)
    tell("writing", len(placed), len(placed))
    report.written = True
    return report


def _silent(_stage: Stage, _done: int, _of: int) -> None:
    """For who does not ask."""


# Reading the file.


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            raise TooLarge("places-file-too-large", file=path.name, limit=FILE_BYTES_MAX, given=size)
        data = path.read_bytes()
    except IsADirectoryError as error:
        raise Malformed("places-file-no-file", file=path.name) from error
    except OSError as error:
        raise Malformed("places-file-no-file", file=path.name) from error
    if not data.strip():
        raise Malformed("places-file-empty", file=path.name)
    return data


_Row = tuple[int, dict[str, str], dict[str, Any] | None]
"""(line, values by field, GeoJSON geometry or None)."""


def _rows(name: str, data: bytes, mapping: Mapping[str, str] | None) -> tuple[str | None, list[_Row]]:
    text = _text(name, data)
    if mapping is not None and (unknown := sorted(set(mapping) - set(FIELDS))):
        raise Malformed("places-file-mapping", field=unknown[0][:40], known=", ".join(FIELDS))
    if text.lstrip()[:1] == "{":
        return _features(name, text, mapping)
    if name.lower().endswith((".geojson", ".json")):
        raise Malformed("places-file-not-geojson", file=name)
    return _source_of(text, mapping), _table(name, text, mapping)


def _source_of(text: str, mapping: Mapping[str, str] | None) -> str | None:
    head = text[: text.find("\n") + 1 or len(text)].lower()
    known = (source for column, source in (("wof_id", "wof"), ("geonameid", "geonames")) if column in head)
    return None if mapping else next(known, None)


def _text(name: str, data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Malformed("places-file-not-utf8", file=name, line=1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(
            "places-file-not-utf8", file=name, line=data.count(b"\n", 0, error.start) + 1
        ) from error
    if "\x00" in text:
        raise Malformed("places-file-binary", file=name)
    return text


def _features(name: str, text: str, mapping: Mapping[str, str] | None) -> tuple[str | None, list[_Row]]:
    try:
        read = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("places-file-not-geojson", file=name) from error
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list) or read.get("type") != "FeatureCollection":
        raise Malformed("places-file-not-geojson", file=name)
    if len(features) > ROWS_MAX:
        raise TooLarge("places-file-many-rows", file=name, limit=ROWS_MAX, given=len(features))
    rows: list[_Row] = []
    source: str | None = None
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            rows.append((number, {}, None))
            continue
        cells = {str(key): _cell(value) for key, value in properties.items()}
        admin = None if mapping else _administrative(cells)
        if admin is not None:
            source = source or "cod-ab"
        elif not mapping and ("wof_id" in cells or "wof:id" in cells):
            source = source or "wof"
        values = admin or _fields(cells, mapping)
        if not values.get("code") and "id" in feature and not mapping:
            values["code"] = _cell(feature["id"])
        geometry = feature.get("geometry")
        rows.append((number, values, geometry if isinstance(geometry, dict) else None))
    return source, rows


def _table(name: str, text: str, mapping: Mapping[str, str] | None) -> list[_Row]:
    head = text[: text.find("\n") + 1 or len(text)]
    delimiter = max((",", ";", "\t", "|"), key=head.count)
    csv.field_size_limit(CELL_CHARS_MAX)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[_Row] = []
    try:
        header = [column.strip() for column in next(reader)]
        if mapping is not None and (missing := sorted(set(mapping.values()) - set(header))):
            raise Malformed("places-file-column", column=missing[0][:60], columns=", ".join(header)[:300])
        fields = _fields(dict.fromkeys(header, "?"), mapping)
        if "name" not in fields and not any(f.startswith("name_") for f in fields):
            raise Malformed("places-file-no-name-column", columns=", ".join(header)[:300])
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) >= ROWS_MAX:
                raise TooLarge("places-file-many-rows", file=name, limit=ROWS_MAX, given=len(rows) + 1)
            rows.append((line, _fields(dict(zip(header, cells, strict=False)), mapping), None))
    except csv.Error as error:
        raise Malformed("places-file-not-csv", file=name, line=reader.line_num, detail=str(error)) from error
    except StopIteration as error:
        raise Malformed("places-file-empty", file=name) from error
    return rows


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return "|".join(_cell(item) for item in value)
    return str(value) if not isinstance(value, dict) else ""


def _fields(cells: Mapping[str, str], mapping: Mapping[str, str] | None) -> dict[str, str]:
    if mapping is not None:
        return {field: cells.get(column, "").strip() for field, column in mapping.items()}
    lowered = {column.strip().lower(): value.strip() for column, value in cells.items()}
    out: dict[str, str] = {}
    for field, columns in _KNOWN.items():
        present = [lowered[column] for column in columns if lowered.get(column)]
        if present:
            # Names add up ("name_ht" and "alt_ht"); of every other field the first column counts.
            out[field] = "|".join(present) if field == "alt" or field.startswith("name_") else present[0]
    return out


def _administrative(cells: Mapping[str, str]) -> dict[str, str] | None:
    """A row of an OCHA boundary set: the deepest level that has a P-code is what the row is."""
    lowered = {column.lower(): value.strip() for column, value in cells.items()}
    levels = [
        int(found[1])
        for column, value in lowered.items()
        if value and (found := _ADMIN_CODE.fullmatch(column))
    ]
    if not levels:
        return None
    level = max(levels)

    def named(lang: str) -> str:
        return lowered.get(f"adm{level}_{lang}", "")

    return {
        "kind": _ADMIN_KINDS[level],
        "code": lowered[f"adm{level}_pcode"],
        "parent": lowered.get(f"adm{level - 1}_pcode", "") if level else "",
        "name": named("fr") or named("en") or named("ht") or lowered.get(f"adm{level}_name", ""),
        "name_fr": named("fr"),
        "name_ht": named("ht"),
        "name_en": named("en"),
        "name_es": named("es"),
    }


# Judging the rows.


def _judge(
    rows: list[_Row], report: ImportReport, territory: Territory, default_kind: str, tell: Progress
) -> list[_Draft]:
    drafts: list[_Draft] = []
    codes: dict[str, int] = {}
    for done, (line, values, geometry) in enumerate(rows):
        if done % PROGRESS_EVERY_ROWS == 0:
            tell("checking", done, len(rows))
        try:
            draft = _draft(line, values, geometry, territory, default_kind)
            if draft.code in codes:
                raise Malformed("place-row-code-twice", code=draft.code, other=codes[draft.code])
        except LanbiError as error:
            report.refused += 1
            if len(report.bad) < BAD_ROWS_KEPT_MAX:
                report.bad.append(
                    BadRow(line, error.code, {k: str(v) for k, v in error.args_by_name.items()})
                )
            continue
        codes[draft.code] = line
        drafts.append(draft)
        report.by_kind[draft.kind] = report.by_kind.get(draft.kind, 0) + 1
    tell("checking", len(rows), len(rows))
    return drafts


def _draft(
    line: int,
    values: Mapping[str, str],
    geometry: dict[str, Any] | None,
    territory: Territory,
    default_kind: str,
) -> _Draft:
    names = {lang: _spellings(values.get(f"name_{lang}", "")) for lang in ("ht", "fr", "es", "en")}
    names["alt"] = _spellings(values.get("alt", ""))
    first = _spellings(values.get("name", ""))
    first += [name for lang in ("fr", "ht", "en", "es") for name in names[lang][:1]]
    if not first or not plain(first[0]):
        raise Malformed("place-row-no-name")
    name = first[0]
    said_kind = values.get("kind", "")
    kind = kind_of(said_kind) if said_kind else default_kind
    if kind is None:
        raise Malformed("place-kind-unknown", given=said_kind[:40], known=", ".join(kinds()))
    if kind == "section" and (short := _ORDINAL.match(name)):
        # "1re Section Turgeau": nobody says the number.
        names["alt"].append(short[1].strip())
    outline: str | None = None
    radius = _number(values.get("radius_m", ""), "radius_m")
    if geometry is not None:
        lat, lon, reach, outline = _geometry(geometry)
        radius = radius if radius is not None else reach
    else:
        north, east = _number(values.get("lat", ""), "lat"), _number(values.get("lon", ""), "lon")
        if north is None or east is None:
            raise Malformed("place-row-no-coordinates")
        lat, lon = north, east
    territory.check(lat, lon)
    if radius is None:
        radius = kinds()[kind].radius_m
    if not 0 < radius <= RADIUS_M_MAX:
        raise Malformed("place-row-radius", given=f"{radius:g}", limit=RADIUS_M_MAX)
    people = _number(values.get("population", ""), "population")
    code = values.get("code", "").strip()
    if not code:
        code = "#" + hashlib.sha256(f"{kind}\n{name}\n{lat:.5f}\n{lon:.5f}".encode()).hexdigest()[:16]
    kept = {lang: _distinct(spellings) for lang, spellings in names.items() if spellings}
    return _Draft(
        line=line,
        code=code[:200],
        parent=values.get("parent", "").strip() or None,
        kind=kind,
        name=name,
        names=kept,
        lat=lat,
        lon=lon,
        radius_m=round(radius, 1),
        outline=outline,
        population=int(people) if people is not None and people > 0 else None,
    )


def _spellings(cell: str) -> list[str]:
    return [" ".join(part.split())[:NAME_CHARS_MAX] for part in _SPELLINGS.split(cell) if part.strip()]


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))[:NAMES_MAX]


def _number(cell: str, field: str) -> float | None:
    cell = cell.strip().replace("−", "-")
    if not cell:
        return None
    if "." not in cell and cell.count(",") == 1:
        cell = cell.replace(",", ".")  # 18,5433: a decimal comma
    try:
        value = float(cell)
    except ValueError as error:
        raise Malformed("place-row-number", field=field, given=cell[:40]) from error
    if not isfinite(value):
        raise Malformed("place-row-number", field=field, given=cell[:40])
    return value


def _geometry(geometry: dict[str, Any]) -> tuple[float, float, float | None, str | None]:
    """(lat, lon, radius in metres or None, outline as GeoJSON text or None)."""
    if geometry.get("type") not in ("Point", "Polygon", "MultiPolygon"):
        raise Malformed("place-row-geometry-kind", given=str(geometry.get("type"))[:40])
    try:
        found = to_shape(geometry)
        finite = not found.is_empty and all(abs(v) < 1e6 for v in found.bounds)
        if finite and found.geom_type != "Point" and not found.is_valid:
            found = shapely.union_all([p for p in _polygons(shapely.make_valid(found)) if p.area > 0])
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        shapely.errors.ShapelyError,
    ) as error:
        raise Malformed("place-row-geometry-broken") from error
    if not finite or found.is_empty:
        raise Malformed("place-row-geometry-broken")
    if shapely.get_num_coordinates(found) > CORNERS_MAX:
        raise Malformed("place-row-geometry-large", limit=CORNERS_MAX)
    if found.geom_type == "Point":
        return found.y, found.x, None, None  # pyright: ignore[reportAttributeAccessIssue]
    centre = found.centroid
    if not found.contains(centre):
        centre = found.representative_point()
    # The circle of the same extent: honest for a round commune, generous for a long one.
    square_m = found.area * METRES_PER_DEGREE**2 * cos(radians(centre.y))
    return centre.y, centre.x, max(10.0, sqrt(square_m / pi)), shapely.to_geojson(found)


def _polygons(found: Any) -> Iterator[Any]:
    if found.geom_type == "Polygon":
        yield found
    elif hasattr(found, "geoms"):
        for part in found.geoms:
            yield from _polygons(part)


# Placing them among those known.


def _place_all(  # noqa: PLR0917
    drafts: list[_Draft],
    held: tuple[list[Place], dict[str, str]],
    source: str,
    clock: Clock,
    report: ImportReport,
    tell: Progress,
) -> list[tuple[Place, str | None]]:
    known = {place.code: place for place in held[0]}
    outlines = held[1]
    ids = {
        draft.code: (known[draft.code].id if draft.code in known else new_id(clock.now())) for draft in drafts
    }
    for code, place in known.items():
        if code is not None:
            ids.setdefault(code, place.id)
    out: list[tuple[Place, str | None]] = []
    for done, draft in enumerate(drafts):
        if done % PROGRESS_EVERY_ROWS == 0:
            tell("sounding", done, len(drafts))
        parent_id = ids.get(draft.parent) if draft.parent is not None else None
        if draft.parent is not None and parent_id is None:
            report.orphans += 1
        before = known.get(draft.code)
        outline = draft.outline
        if before is not None:
            # One source often comes in two files, outlines and names: neither takes away what the other gave.
            held_outline = outlines.get(before.id)
            if outline is None and held_outline is not None:
                outline = held_outline
                draft.lat, draft.lon = before.lat or draft.lat, before.lon or draft.lon
                draft.radius_m = before.radius_m or draft.radius_m
            draft.names = {
                lang: _fuller(before.names.get(lang, []), draft.names.get(lang, []))
                for lang in dict.fromkeys((*before.names, *draft.names))
            }
            draft.population = draft.population or before.population
            parent_id = parent_id or before.parent_id
        place = Place(
            id=ids[draft.code],
            kind=draft.kind,
            name=draft.name,
            names=draft.names,
            code=draft.code,
            parent_id=parent_id if parent_id != ids[draft.code] else None,
            lat=draft.lat,
            lon=draft.lon,
            radius_m=draft.radius_m,
            source=source,
            population=draft.population,
        )
        if before is not None and _same(before, place) and outlines.get(before.id) == outline:
            report.unchanged += 1
            continue
        if before is None:
            report.added += 1
        else:
            report.changed += 1
        out.append((place.sounded(), outline))
    tell("sounding", len(drafts), len(drafts))
    return out


def _fuller(before: list[str], after: list[str]) -> list[str]:
    """The new spellings, unless the old ones hold them all."""
    return before if set(after) <= set(before) else after


def _same(before: Place, after: Place) -> bool:
    return msgspec.structs.replace(before, keys=(), words=(), version=0) == after
