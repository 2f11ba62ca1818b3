"""The ground that a site answers for: a pair of numbers outside it is a mistake, not a place.

Most wrong coordinates are of three kinds: a zero that stands for "unknown", latitude and longitude
exchanged, and a foreign or mistyped figure. Each gets its own refusal, because the next step differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import msgspec
import shapely
from shapely.geometry import Polygon

from lanbi.core.errors import Malformed
from lanbi.core.geo import check_coordinates

ZERO_DEG = 0.001
"""Both coordinates nearer to zero than this (100 m) are an empty field, not the Gulf of Guinea."""
TERRITORY_CORNERS_MAX = 5_000


class _TerritoryFile(msgspec.Struct):
    name: str
    polygon: list[tuple[float, float]]


class Territory:
    """A country or region as a polygon with a margin. Immutable; safe to share between threads."""

    def __init__(self, name: str, corners: Sequence[tuple[float, float]]) -> None:
        """`corners`: (lon, lat) in degrees, at least three, in order around the territory."""
        if not 3 <= len(corners) <= TERRITORY_CORNERS_MAX:
            raise Malformed("territory-unreadable", name=name)
        for lon, lat in corners:
            check_coordinates(lat, lon)
        self.name = name
        self._shape = Polygon(corners)
        if not self._shape.is_valid:
            raise Malformed("territory-unreadable", name=name)
        shapely.prepare(self._shape)

    @classmethod
    def haiti(cls) -> Territory:
        """Haiti with its islands and a margin of sea: what a new site starts with."""
        return cls.from_json((files("lanbi.places") / "data" / "haiti.json").read_bytes())

    @classmethod
    def from_json(cls, data: bytes) -> Territory:
        """A territory as `{"name": …, "polygon": [[lon, lat], …]}`; `Malformed("territory-unreadable")`."""
        try:
            read = msgspec.json.decode(data, type=_TerritoryFile)
        except msgspec.DecodeError as error:
            raise Malformed("territory-unreadable", name=str(error)) from error
        return cls(read.name, read.polygon)

    @classmethod
    def of_bounds(cls, name: str, west: float, south: float, east: float, north: float) -> Territory:
        """Plain bounds in degrees, for another country or for data made up for a test."""
        return cls(name, [(west, south), (east, south), (east, north), (west, north)])

    @classmethod
    def world(cls) -> Territory:
        """Anywhere on Earth; only impossible and zero coordinates are refused."""
        return cls.of_bounds("world", -180, -90, 180, 90)

    def to_json(self) -> bytes:
        """As `from_json` reads it."""
        corners = [(float(lon), float(lat)) for lon, lat in self._shape.exterior.coords]
        return msgspec.json.encode(_TerritoryFile(self.name, corners))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        west, south, east, north = self._shape.bounds
        return west, south, east, north

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return bool(shapely.intersects_xy(self._shape, lon, lat))

    def check(self, lat: float, lon: float) -> None:
        """Returns for a point inside; raises `Malformed` with the code of what is wrong with it.

        "coordinates-impossible" (no point on Earth), "coordinates-empty", "coordinates-swapped" (inside
        once exchanged), "coordinates-sign" (inside once the longitude is west), "coordinates-outside".
        """
        if abs(lat) < ZERO_DEG and abs(lon) < ZERO_DEG:
            raise Malformed("coordinates-empty")
        # Swapped figures may be impossible ones (a longitude of -102 as latitude), so this comes first.
        if not (-90 <= lat <= 90 and self.holds(lat, lon)) and -90 <= lon <= 90 and self.holds(lon, lat):
            raise Malformed("coordinates-swapped", lat=_degrees(lon), lon=_degrees(lat))
        check_coordinates(lat, lon)
        if self.holds(lat, lon):
            return
        for sign_lat, sign_lon in ((1, -1), (-1, 1), (-1, -1)):
            if self.holds(sign_lat * lat, sign_lon * lon):
                raise Malformed(
                    "coordinates-sign", lat=_degrees(sign_lat * lat), lon=_degrees(sign_lon * lon)
                )
        raise Malformed("coordinates-outside", territory=self.name, lat=_degrees(lat), lon=_degrees(lon))


def _degrees(value: float) -> str:
    return f"{value:.5f}"
