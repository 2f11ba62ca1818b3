"""Which section, commune and department a point lies in."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
import shapely

from lanbi.places.index import Gazetteer
from lanbi.places.model import Place
from lanbi.places.terms import kinds

CACHE_POINTS_MAX = 20_000
CACHE_DEG_DIGITS = 4
"""Points are cached on a grid of 0.0001° (11 m): finer than any outline."""


class Outlines:
    """The boundaries of places in a spatial tree. Immutable but for its cache; safe between threads."""

    def __init__(self, outlines: Sequence[tuple[str, str]], gazetteer: Gazetteer) -> None:
        """`outlines`: (place id, GeoJSON geometry). What is no area, or of an unknown place, is left out."""
        ids = [place_id for place_id, _ in outlines]
        shapes = shapely.from_geojson([text for _, text in outlines], on_invalid="ignore") if outlines else []
        areas = shapely.area(shapes) if ids else []
        known = kinds()
        kept: list[tuple[Place, shapely.Geometry, float]] = []
        for place_id, shape, area in zip(ids, shapes, areas, strict=True):
            place = gazetteer.get(place_id)
            if place is not None and shape is not None and area > 0:
                kept.append((place, shape, area))
        # Innermost first: by kind, then by size where two of one kind overlap.
        kept.sort(key=lambda k: (known[k[0].kind].rank if k[0].kind in known else 0, k[2]))
        self._places = [place for place, _, _ in kept]
        self._shapes = np.array([shape for _, shape, _ in kept], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        self._cache: OrderedDict[tuple[float, float], list[Place]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._places)

    def at(self, lat: float, lon: float) -> list[Place]:
        """The places whose outline holds the point, innermost first; one of each kind."""
        key = (round(lat, CACHE_DEG_DIGITS), round(lon, CACHE_DEG_DIGITS))
        with self._lock:
            held = self._cache.get(key)
            if held is not None:
                self._cache.move_to_end(key)
                return held
        hits = sorted(int(i) for i in self._tree.query(shapely.Point(lon, lat), predicate="intersects"))
        chain: dict[str, Place] = {}
        for i in hits:
            chain.setdefault(self._places[i].kind, self._places[i])
        found = list(chain.values())
        with self._lock:
            self._cache[key] = found
            if len(self._cache) > CACHE_POINTS_MAX:
                self._cache.popitem(last=False)
        return found
