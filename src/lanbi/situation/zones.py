"""The ground in zones, and what kind of silence lies over each. Pure.

Four silences are four different things, with four different next steps:

quiet          the links work, somebody was heard, and little happens, as usual at this hour
no_link        the units that should be heard have all lost their link
no_unit        nobody is assigned, available or positioned there
not_reporting  links work, but nobody called or reported, and at this hour somebody nearly always does

Where the past is too short to say what is usual the state is `unknown`, with the
length of the past. A zone is ground to be covered; nothing here says anything about
who lives on it.
"""

from collections.abc import Sequence
from math import cos, isfinite, radians
from statistics import median
from typing import Literal

import msgspec
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from lanbi.core.errors import Malformed
from lanbi.core.geo import EARTH_RADIUS_M, check_coordinates
from lanbi.core.time import DAY, HOUR, MINUTE, Instant

ZONES_MAX = 600
ZONE_CORNERS_MAX = 4_000
ZONE_RADIUS_M_MIN = 50.0
ZONE_RADIUS_M_MAX = 100_000.0
# Outlines are drawn on a screen and asked whether they hold a caller's area, which is vague itself.
SIMPLER_BY_DEG = 0.0008
DEG_DIGITS = 5
CIRCLE_QUARTER_SEGMENTS = 12

LINK_LOST_AFTER: Instant = 15 * MINUTE
HEARD_WITHIN: Instant = 1 * HOUR
LOOK_BACK: Instant = 1 * DAY
"""How far back the newest call or report of a zone is looked for: longer silence is told as so long."""
BASELINE_DAYS = 28
BASELINE_STEP: Instant = 5 * MINUTE
# With 19 past hours the strictest claim that rank alone allows is one in twenty.
BASELINE_HOURS_MIN = 19
CLAIM_CHANCE_MAX = 0.05
# A unit that crosses a border back and forth must not fill the record.
STATE_STANDS_FOR: Instant = 1 * MINUTE

State = Literal["quiet", "no_link", "no_unit", "not_reporting", "unknown"]
SILENT: frozenset[str] = frozenset({"no_link", "not_reporting"})
"""The states in which something that should be heard is not."""


class ZoneGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A zone as somebody describes it: a GeoJSON Polygon or MultiPolygon (degrees WGS 84), or a centre with
    a radius in metres. `names`: how it is called by language, where that differs from `name`."""

    name: str
    names: dict[str, str] = {}
    lat: float | None = None
    lon: float | None = None
    radius_m: float | None = None
    geometry: str | None = None
    place_id: str | None = None


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """A zone laid out: a point within it to write its name at, and its outer rings as (lon, lat)."""

    given: ZoneGiven
    lat: float
    lon: float
    rings: tuple[tuple[tuple[float, float], ...], ...]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """From what a state was concluded.

    `reason`: "no_unit", "links_lost", "never_so_few", "as_usual", "heard", "too_little_history",
    "no_link_to_check". `units`: how many are there; `lost`: callsigns of those unheard for 15 minutes;
    `heard_at`: the newest position. `events`: calls and observations of the last hour, `event_at` the newest
    of a day. `baseline_hours`: past days of which the same hour is known; `baseline_least`, `…_median`: the
    events in these hours.
    """

    reason: str
    units: int = 0
    lost: tuple[str, ...] = ()
    heard_at: Instant | None = None
    events: int = 0
    event_at: Instant | None = None
    baseline_hours: int = 0
    baseline_least: int | None = None
    baseline_median: float | None = None


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """A zone with the state it was last found in; `state` is None before the first look."""

    id: str
    name: str
    names: dict[str, str]
    place_id: str | None
    lat: float
    lon: float
    rings: tuple[tuple[tuple[float, float], ...], ...]
    retired: bool
    state: State | None
    since: Instant | None
    facts: Facts
    seq: int = 0


class UnitThere(msgspec.Struct, frozen=True, kw_only=True):
    """A unit in service that is in a zone, or on its way there.

    `heard_at`: when its last position came in; None for one that never sent any (it reports
    by voice, and has no link to lose).
    """

    callsign: str
    heard_at: Instant | None


class Verdict(msgspec.Struct, frozen=True):
    """A state, since when as far as the facts tell, and the facts."""

    state: State
    since: Instant
    facts: Facts


def judge(
    units: Sequence[UnitThere],
    *,
    events: int,
    event_at: Instant | None,
    baseline: Sequence[int],
    now: Instant,
) -> Verdict:
    """The state of one zone.

    `events`: calls and observations there in the last hour; `event_at`: the newest within `LOOK_BACK`.
    `baseline`: the number of events in the same hour of each past day that the node has lived through.

    "not_reporting" is claimed by rank alone, with no model of how calls come: when nothing came now,
    and so few past hours were as empty that an ordinary hour would look like this less than one time
    in twenty, (1 + empty hours) / (1 + hours) <= 0.05.
    """
    lost = sorted(u.callsign for u in units if u.heard_at is not None and now - u.heard_at > LINK_LOST_AFTER)
    tracked = [u.heard_at for u in units if u.heard_at is not None]
    facts = Facts(
        reason="",
        units=len(units),
        lost=tuple(lost),
        heard_at=max(tracked, default=None),
        events=events,
        event_at=event_at,
        baseline_hours=len(baseline),
        baseline_least=min(baseline, default=None),
        baseline_median=float(median(baseline)) if baseline else None,
    )

    def found(state: State, reason: str, since: Instant) -> Verdict:
        return Verdict(state, since, msgspec.structs.replace(facts, reason=reason))

    if not units:
        return found("no_unit", "no_unit", now)
    if tracked and len(lost) == len(tracked):
        return found("no_link", "links_lost", max(tracked))
    if events:
        return found("quiet", "heard", now)
    if len(baseline) < BASELINE_HOURS_MIN:
        return found("unknown", "too_little_history", now)
    empty = sum(1 for count in baseline if count == 0)
    if (1 + empty) / (1 + len(baseline)) <= CLAIM_CHANCE_MAX:
        return found("not_reporting", "never_so_few", now - LOOK_BACK if event_at is None else event_at)
    if not tracked:
        return found("unknown", "no_link_to_check", now)
    return found("quiet", "as_usual", now)


def baseline_windows(now: Instant, first_day: Instant | None) -> list[tuple[Instant, Instant]]:
    """The same hour of the past 28 days, newest first, as far as the node has lived: [start, end) each.

    They end at the last full five minutes of the day, so that they may be remembered for so long.
    """
    end = now - now % BASELINE_STEP
    windows = [(end - day * DAY - HEARD_WITHIN, end - day * DAY) for day in range(1, BASELINE_DAYS + 1)]
    return [] if first_day is None else [window for window in windows if window[0] >= first_day]


# -- the ground --------------------------------------------------------------------------


def lay_out(givens: Sequence[ZoneGiven]) -> list[Plot]:
    """Zones as outlines that tell for every point in which one it lies.

    Zones given as circles do not overlap one another: each keeps the ground that is nearer to
    its centre than to any other circle's. Raises `Malformed`: "zones-none", "zones-too-many",
    "zone-twice", "zone-outline", "zone-radius", "zone-empty", or what is wrong with a coordinate.
    """
    if not givens:
        raise Malformed("zones-none")
    if len(givens) > ZONES_MAX:
        raise Malformed("zones-too-many", limit=ZONES_MAX, given=len(givens))
    seen: set[str] = set()
    for given in givens:
        key = given.name.casefold()
        if key in seen:
            raise Malformed("zone-twice", name=given.name)
        seen.add(key)
    circles = _circles([given for given in givens if given.geometry is None])
    plots: list[Plot] = []
    for given in givens:
        shape = _outline(given) if given.geometry is not None else circles[given.name]
        parts = [shape] if isinstance(shape, Polygon) else list(getattr(shape, "geoms", ()))
        polygons = [part for part in parts if isinstance(part, Polygon) and not part.is_empty]
        if not polygons:
            raise Malformed("zone-empty", name=given.name)
        at = max(polygons, key=lambda part: part.area).representative_point()
        rings = tuple(
            tuple((round(x, DEG_DIGITS), round(y, DEG_DIGITS)) for x, y in part.exterior.coords)
            for part in polygons
        )
        plots.append(Plot(given=given, lat=at.y, lon=at.x, rings=rings))
    return plots


def _outline(given: ZoneGiven) -> BaseGeometry:
    try:
        shape = shapely.from_geojson(given.geometry)
    except shapely.GEOSException as error:
        raise Malformed("zone-outline", name=given.name) from error
    if not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty:
        raise Malformed("zone-outline", name=given.name)
    corners = shapely.get_coordinates(shape)
    if len(corners) > ZONE_CORNERS_MAX:
        raise Malformed("zone-corners", name=given.name, limit=ZONE_CORNERS_MAX, given=len(corners))
    for lon, lat in corners:
        check_coordinates(float(lat), float(lon))
    if not shape.is_valid:
        raise Malformed("zone-outline", name=given.name)
    simpler = shape.simplify(SIMPLER_BY_DEG)
    return shape if simpler.is_empty else simpler


def _circles(givens: Sequence[ZoneGiven]) -> dict[str, BaseGeometry]:
    if not givens:
        return {}
    centres: list[Point] = []
    for given in givens:
        lat, lon, radius_m = given.lat, given.lon, given.radius_m
        if lat is None or lon is None or radius_m is None:
            raise Malformed("zone-outline", name=given.name)
        check_coordinates(lat, lon)
        if not (isfinite(radius_m) and ZONE_RADIUS_M_MIN <= radius_m <= ZONE_RADIUS_M_MAX):
            raise Malformed(
                "zone-radius", name=given.name, low=round(ZONE_RADIUS_M_MIN), high=round(ZONE_RADIUS_M_MAX)
            )
        centres.append(Point(lon, lat))
    # A plane on which a metre east is as long as a metre north, near enough for one country.
    squeeze = cos(radians(sum(centre.y for centre in centres) / len(centres)))
    flat = [Point(centre.x * squeeze, centre.y) for centre in centres]
    metre = 1 / (radians(1) * EARTH_RADIUS_M)
    discs = [
        centre.buffer((given.radius_m or 0) * metre, quad_segs=CIRCLE_QUARTER_SEGMENTS)
        for centre, given in zip(flat, givens, strict=True)
    ]
    if len({(centre.x, centre.y) for centre in flat}) > 1:
        cells = list(
            shapely.voronoi_polygons(shapely.MultiPoint(flat), extend_to=shapely.union_all(discs)).geoms
        )
        discs = [
            disc.intersection(next(cell for cell in cells if cell.intersects(centre)))
            for disc, centre in zip(discs, flat, strict=True)
        ]
    return {
        given.name: shapely.transform(disc, lambda xy: xy / [squeeze, 1.0])
        for given, disc in zip(givens, discs, strict=True)
    }


class Ground:
    """Tells in which zone a point lies. Immutable; safe between threads."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        shapes = [(zone.id, Polygon(ring)) for zone in zones for ring in zone.rings]
        # Where outlines overlap the smaller one is meant.
        shapes.sort(key=lambda item: item[1].area)
        self._ids = [zone_id for zone_id, _ in shapes]
        polygons = [shape for _, shape in shapes]
        shapely.prepare(polygons)
        self._tree = shapely.STRtree(polygons)

    def at(self, lat: float | None, lon: float | None) -> str | None:
        """The id of the zone that holds the point, or None for no point or none of ours."""
        if lat is None or lon is None or not self._ids:
            return None
        hits = self._tree.query(Point(lon, lat), predicate="intersects")
        return self._ids[int(min(hits))] if len(hits) else None
