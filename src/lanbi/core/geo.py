"""Places on the Earth as areas: a centre, a radius, a source and a confidence.

A caller never gives a point. What is stored says how large the doubt is, and
every distance in the house is computed on it here.
"""

from math import asin, cos, isfinite, radians, sin, sqrt

import msgspec

from lanbi.core.errors import Malformed
from lanbi.core.text import line

EARTH_RADIUS_M = 6_371_008.8  # mean radius R1, IUGG 1980 (Moritz 2000)
RADIUS_M_MAX = 500_000.0
AREA_WORDS_CHARS_MAX = 500


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """Where something is, as far as is known.

    `lat`, `lon`: degrees, WGS 84; both None while only words are known.
    `radius_m`: metres around the centre within which it is believed to be.
    `source`, `confidence`: codes of the vocabularies `area_sources`, `confidences`.
    `words`: the place as it was said. `place_id`: the gazetteer's place, if one was chosen.
    """

    lat: float | None = None
    lon: float | None = None
    radius_m: float | None = None
    source: str = "caller"
    confidence: str = "heard"
    words: str = ""
    place_id: str | None = None

    @property
    def known(self) -> bool:
        """Whether there is a centre to send somebody to."""
        return self.lat is not None


def check_area(area: Area) -> Area:
    """The area, with figures that can be true; `Malformed` says which one cannot.

    Only what holds anywhere on Earth is checked here; whether it lies in the
    country is the places' question.
    """
    if (area.lat is None) != (area.lon is None):
        raise Malformed("coordinates-half")
    if area.lat is None and not area.words.strip():
        raise Malformed("area-empty")
    if area.words:
        area = msgspec.structs.replace(area, words=line(area.words, "words", chars_max=AREA_WORDS_CHARS_MAX))
    if area.lat is not None and area.lon is not None:
        check_coordinates(area.lat, area.lon)
        if area.radius_m is None or not isfinite(area.radius_m) or not 0 < area.radius_m <= RADIUS_M_MAX:
            raise Malformed("radius-impossible", given=area.radius_m, limit=RADIUS_M_MAX)
    return area


def check_coordinates(lat: float, lon: float) -> None:
    """Raises `Malformed("coordinates-impossible")` for what is no point on Earth."""
    if not (isfinite(lat) and isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        raise Malformed("coordinates-impossible", lat=str(lat), lon=str(lon))


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres between two points on the sphere (haversine); within 0.56 % of the ellipsoid."""
    phi1, phi2 = radians(lat1), radians(lat2)
    half_chord = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half_chord)))
