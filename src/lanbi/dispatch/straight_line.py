"""Travel by straight line: the estimate for a place whose road network is not loaded."""

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from lanbi.core.geo import EARTH_RADIUS_M
from lanbi.dispatch.model import Travel

# Road length over straight-line length: 1.417 on average to hospitals in the United States (Boscoe, Henry
# and Zdeb, "A Nationwide Comparison of Driving Distance Versus Straight-Line Distance", 2012).
DETOUR_FACTOR = 1.4
# Daytime average through a congested town, stops included.
SPEED_KMH = 30.0


class StraightLine:
    """`TravelTimes` as distance on the sphere × detour factor, at one speed."""

    basis = "straight_line"

    def __init__(self, *, detour_factor: float = DETOUR_FACTOR, speed_kmh: float = SPEED_KMH) -> None:
        self._detour = detour_factor
        self._metres_per_s = speed_kmh / 3.6

    def to(self, points: Sequence[tuple[float, float]], lat: float, lon: float) -> list[Travel]:
        """Seconds and metres of way from each point; the metres carry the detour factor."""
        # As core.geo.distance_m, with what depends only on the goal taken out of the loop.
        goal_phi, goal_lambda = radians(lat), radians(lon)
        goal_cos = cos(goal_phi)
        diameter = 2 * EARTH_RADIUS_M * self._detour
        speed = self._metres_per_s
        found: list[Travel] = []
        for point_lat, point_lon in points:
            phi = radians(point_lat)
            half_chord = (
                sin((goal_phi - phi) / 2) ** 2
                + cos(phi) * goal_cos * sin((goal_lambda - radians(point_lon)) / 2) ** 2
            )
            metres = diameter * asin(min(1.0, sqrt(half_chord)))
            found.append(Travel(metres / speed, metres))
        return found
