"""The graph on which routes are looked for, and how likely each route is before any evidence. Pure.

A route is a walk: an origin (where the first sale was), then leg after leg, each chosen among those that
leave a place, until it stays. The figures stand in `data/legs.toml`, with sources; most are assumptions.
"""

from __future__ import annotations

import heapq
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import count
from math import exp
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from lanbi.tracing.networks.ports import Ports, load_ports
from lanbi.tracing.networks.transit import Law

LEGS_MAX = 6
PATHS_MAX = 20_000
PRIOR_MIN = 1e-12
"""Routes less likely than this before any evidence are not looked at."""
END_SCALE_M = 30_000.0
"""A place this much farther from the seizure is less likely, by the factor e, to be the end of the route."""
END_WITHIN_M = 150_000.0

Share = Annotated[float, Meta(gt=0, lt=1)]


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """A way from one place to the next. `chance`: share of what leaves or stays at `frm` that takes it."""

    frm: str
    to: str
    mode: str
    law: Law
    chance: float
    source: str


Walk = tuple[tuple[Leg, ...], float]
"""Legs from an origin to an end, and the prior."""


class Graph:
    """Places, legs and the prior over routes."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        data = msgspec.convert(raw, _Data)
        self.model = data.model
        self.laws = {name: data.transits[name] for name in ("gather", "freight", "held_port", "held_street")}
        self.origins = _shares({code: origin.log_odds for code, origin in data.origins.items()})
        self.origin_places = data.origins
        odds: dict[str, dict[str, float]] = defaultdict(dict)
        for group in data.legs:
            odds[group.frm] |= group.to
        self.out: dict[str, list[Leg]] = defaultdict(list)
        self.into: dict[str, list[Leg]] = defaultdict(list)
        self.stay: dict[str, float] = defaultdict(lambda: 1.0)
        chances: dict[str, dict[str, float]] = {}
        for place, to in odds.items():
            staying = data.stay.get(place, data.stay.get(place[:2], data.stay.get("default", 0.0)))
            chances[place] = _shares({**to, "": staying})
            self.stay[place] = chances[place].pop("")
        for group in data.legs:
            for to in group.to:
                leg = Leg(
                    frm=group.frm, to=to, mode=group.mode, law=data.transits[group.transit],
                    chance=chances[group.frm][to], source=group.source,
                )  # fmt: skip
                self.out[leg.frm].append(leg)
                self.into[to].append(leg)
        self.pairs = {(leg.frm, leg.to) for legs in self.out.values() for leg in legs}
        self.places = {place for pair in self.pairs for place in pair} - self.origins.keys()

    def ends_near(self, lat: float, lon: float, country: str, ports: Ports | None = None) -> dict[str, float]:
        """Places of the graph where a firearm seized at a point may have arrived, weighed by distance."""
        near = (ports or load_ports()).near(lat, lon, within_m=END_WITHIN_M, country=country)
        found = {port.code: exp(-metres / END_SCALE_M) for port, metres in near if port.code in self.places}
        whole = sum(found.values())
        return {code: weight / whole for code, weight in found.items()}

    def walks(self, ends: Mapping[str, float]) -> tuple[list[Walk], bool]:
        """Every walk from an origin to one of the ends with its prior, the likeliest first; whether all."""
        order = count()
        heap: list[tuple[float, int, tuple[Leg, ...], str]] = []
        for end, weight in ends.items():
            if end in self.places and weight > 0:
                heapq.heappush(heap, (-weight * self.stay[end], next(order), (), end))
        walks: list[Walk] = []
        while heap and len(walks) < PATHS_MAX:
            negative, _, legs, here = heapq.heappop(heap)
            if here in self.origins:
                walks.append((legs, -negative))
                continue
            if len(legs) == LEGS_MAX:
                continue
            been = {leg.to for leg in legs}
            for leg in self.into[here]:
                prior = -negative * leg.chance * self.origins.get(leg.frm, 1.0)
                if leg.frm not in been and leg.frm != here and prior >= PRIOR_MIN:
                    heapq.heappush(heap, (-prior, next(order), (leg, *legs), leg.frm))
        return walks, not heap


class _Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unmodelled: Share
    seen_share: Share
    mistakes_per_case: Share
    window_days: Annotated[int, Meta(ge=1)]


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a first retail sale was; `lat`, `lon`: the middle of the state, for the map."""

    name: str
    lat: float
    lon: float
    log_odds: float


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    frm: str = msgspec.field(name="from")
    mode: Literal["sea", "air", "road"]
    transit: str
    source: str
    to: dict[str, float]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    model: _Model
    transits: dict[str, Law]
    origins: dict[str, Origin]
    stay: dict[str, float]
    legs: list[_Group]


def _shares(log_odds: Mapping[str, float]) -> dict[str, float]:
    whole = sum(map(exp, log_odds.values()))
    return {key: exp(value) / whole for key, value in log_odds.items()}


@cache
def load_graph() -> Graph:
    """The graph of the product, read once. A faulty table is a `msgspec.ValidationError`."""
    text = (files("lanbi.tracing.networks") / "data" / "legs.toml").read_text(encoding="utf-8")
    return Graph(tomllib.loads(text))
