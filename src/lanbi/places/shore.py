"""Land from coastlines: OSM draws the shore as lines with the land on their left, and no land at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from typing import Any

import shapely
from shapely.geometry import LineString, Point, Polygon, box
from shapely.ops import linemerge, polygonize, unary_union

COAST_POINTS_MAX = 5_000_000
"""Further coastline is left out: a whole continent's map is not built on a centre's own machine."""
ASIDE_SHARE = 1e-3
"""How far beside a shore segment, as a share of its length, its left side is probed."""
ON_EDGE_DEG = 1e-9
SEGMENTS_ASKED_MAX = 64


class Shore:
    """Gathers coastline ways, then closes them against the frame of the extract."""

    def __init__(self, frame: tuple[float, float, float, float] | None) -> None:
        """`frame`: west, south, east, north of the extract in degrees; without it, that of the ways seen."""
        self._frame = frame
        self._lines: list[LineString] = []
        self._points = 0

    def add(self, way: Any) -> None:
        """One way tagged `natural=coastline`, its nodes with locations."""
        self.add_line([(n.lon, n.lat) for n in way.nodes if n.location.valid()])

    def add_line(self, points: list[tuple[float, float]]) -> None:
        """A piece of shore as (lon, lat), land on its left."""
        if len(points) >= 2 and self._points < COAST_POINTS_MAX:
            self._points += len(points)
            self._lines.append(LineString(points))

    def land(self) -> Iterator[str]:
        """The land as GeoJSON polygons. No coast at all: the whole frame, for a country without a sea."""
        if self._frame is None and not self._lines:
            return
        frame = box(*(self._frame or shapely.union_all(self._lines).bounds))
        if not self._lines:
            yield shapely.to_geojson(frame)
            return
        cut = [part for line in _merged(self._lines) for part in _lines(line.intersection(frame))]
        if not cut:
            yield shapely.to_geojson(frame)
            return
        closing = [self._to_edge(end, frame) for line in _merged(cut) for end in _loose_ends(line, frame)]
        for face in polygonize(unary_union([*cut, *closing, frame.boundary])):
            if _is_land(face, cut):
                yield shapely.to_geojson(face)

    @staticmethod
    def _to_edge(end: Point, frame: Polygon) -> LineString:
        # An extract cut along a country's border ends its coast inside the frame: close it the shortest way.
        edge = frame.boundary
        return LineString([end, edge.interpolate(edge.project(end))])


def _merged(lines: list[LineString]) -> list[LineString]:
    return list(_lines(linemerge(lines) if len(lines) > 1 else lines[0]))


def _lines(found: Any) -> Iterator[LineString]:
    if found.geom_type == "LineString":
        if found.length > 0:
            yield found
    elif hasattr(found, "geoms"):
        for part in found.geoms:
            yield from _lines(part)


def _loose_ends(line: LineString, frame: Polygon) -> list[Point]:
    if line.is_closed:
        return []
    ends = (Point(line.coords[0]), Point(line.coords[-1]))
    return [end for end in ends if frame.boundary.distance(end) > 0]


def _is_land(face: Polygon, shore: list[LineString]) -> bool:
    """Whether a face lies left of the shore that bounds it: the longer half of the segments asked decides."""
    tree = shapely.STRtree(shore)
    edge = face.boundary
    left_length = right_length = 0.0
    asked = 0
    for i in tree.query(edge, predicate="intersects"):
        points = list(shore[int(i)].coords)
        for a, b in pairwise(points):
            middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
            length = hypot(b[0] - a[0], b[1] - a[1])
            if length == 0 or edge.distance(Point(middle)) > ON_EDGE_DEG:
                continue
            step = length * ASIDE_SHARE
            left = Point(middle[0] - (b[1] - a[1]) / length * step, middle[1] + (b[0] - a[0]) / length * step)
            if face.contains(left):
                left_length += length
            else:
                right_length += length
            asked += 1
            if asked >= SEGMENTS_ASKED_MAX:
                return left_length > right_length
    return left_length > right_length
