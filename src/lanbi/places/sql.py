"""The table `place`: every statement over it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.places.model import Place, pack_keys, unpack_keys

COLUMNS = (
    "id, kind, name, names, code, parent_id, lat, lon, radius_m, source, population, fold_keys, added_by, seq"
)
ALL = f"SELECT {COLUMNS} FROM place ORDER BY id"  # noqa: S608 - a constant
GET = f"SELECT {COLUMNS} FROM place WHERE id = :id"  # noqa: S608
CHANGED = f"SELECT {COLUMNS} FROM place WHERE seq > :since ORDER BY seq"  # noqa: S608
PAGE = f"SELECT {COLUMNS} FROM place WHERE id > :after ORDER BY id LIMIT :limit"  # noqa: S608
OF_SOURCE = f"SELECT {COLUMNS} FROM place WHERE source = :source"  # noqa: S608
GEOMETRY = "SELECT geometry FROM place WHERE id = :id"
GEOMETRIES = "SELECT id, geometry FROM place WHERE geometry IS NOT NULL"
GEOMETRIES_OF = "SELECT id, geometry FROM place WHERE source = :source AND geometry IS NOT NULL"
COUNT = "SELECT COUNT(*) FROM place"
SAVE = """
INSERT INTO place (id, kind, name, names, code, parent_id, lat, lon, radius_m, geometry, source, population,
                   fold_keys, added_by, seq)
VALUES (:id, :kind, :name, :names, :code, :parent_id, :lat, :lon, :radius_m, :geometry, :source, :population,
        :fold_keys, :added_by, :seq)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, names = excluded.names,
  code = excluded.code, parent_id = excluded.parent_id, lat = excluded.lat, lon = excluded.lon,
  radius_m = excluded.radius_m, geometry = excluded.geometry, source = excluded.source,
  population = excluded.population, fold_keys = excluded.fold_keys, added_by = excluded.added_by,
  seq = excluded.seq
"""


def get(reader: Reader, place_id: str) -> Place:
    """The place with this id; `NotFound("place-unknown")` if there is none."""
    row = reader.row(GET, id=place_id)
    if row is None:
        raise NotFound("place-unknown")
    return _place(row)


def every(reader: Reader) -> list[Place]:
    """All places, each with its keys: those stored, or made anew where the folding rules changed since."""
    return [_place(row) for row in reader.rows(ALL)]


def changed(reader: Reader, since: int) -> list[Place]:
    """Places written after journal entry `since`."""
    return [_place(row) for row in reader.rows(CHANGED, since=since)]


def page(reader: Reader, after: str, limit: int) -> list[Place]:
    """Places in the order of their ids."""
    return [_place(row) for row in reader.rows(PAGE, after=after, limit=limit)]


def of_source(reader: Reader, source: str) -> list[Place]:
    """What was imported from one source."""
    return [_place(row) for row in reader.rows(OF_SOURCE, source=source)]


def geometry(reader: Reader, place_id: str) -> str | None:
    """The outline as GeoJSON text, or None."""
    row = reader.row(GEOMETRY, id=place_id)
    return None if row is None else row[0]


def geometries(reader: Reader) -> list[tuple[str, str]]:
    """(place id, GeoJSON text) of every place with an outline."""
    return [(row[0], row[1]) for row in reader.rows(GEOMETRIES)]


def geometries_of(reader: Reader, source: str) -> dict[str, str]:
    """GeoJSON text by place id, of one source."""
    return {row[0]: row[1] for row in reader.rows(GEOMETRIES_OF, source=source)}


def count(reader: Reader) -> int:
    """How many places there are."""
    row = reader.row(COUNT)
    return 0 if row is None else int(row[0])


def save(tx: Tx, places: Sequence[tuple[Place, str | None]], seq: int) -> None:
    """Writes places with their outlines (GeoJSON text or None) as of journal entry `seq`."""
    tx.run_many(
        SAVE,
        [
            {
                "id": place.id,
                "kind": place.kind,
                "name": place.name,
                "names": msgspec.json.encode(place.names).decode(),
                "code": place.code,
                "parent_id": place.parent_id,
                "lat": place.lat,
                "lon": place.lon,
                "radius_m": place.radius_m,
                "geometry": outline,
                "source": place.source,
                "population": place.population,
                "fold_keys": pack_keys(place),
                "added_by": place.added_by,
                "seq": seq,
            }
            for place, outline in places
        ],
    )


_NAMES = msgspec.json.Decoder(dict[str, list[str]])


def _place(row: tuple) -> Place:
    place = Place(
        id=row[0],
        kind=row[1],
        name=row[2],
        names=_NAMES.decode(row[3]),
        code=row[4],
        parent_id=row[5],
        lat=row[6],
        lon=row[7],
        radius_m=row[8],
        source=row[9],
        population=row[10],
        added_by=row[12],
        version=row[13],
    )
    kept = unpack_keys(row[11])
    if kept is None:
        return place.sounded()
    return msgspec.structs.replace(place, keys=kept[0], words=kept[1])
