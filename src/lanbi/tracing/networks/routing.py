"""The likeliest routes of a firearm from its sale to its seizure, with what is not known about them. Pure.

All walks on the graph of `legs` that end where the firearm was found are weighed (or the likeliest PATHS_MAX
of them, and then the answer says so). Evidence turns their prior into a posterior:

- what was seen of the consignment is true with the reliability of its source, or belongs to another one;
- a stop leaves a trace in our hands with the chance `seen_share`, so unseen stops count a little against;
- dates must fit the transit times between what was seen and the seizure;
- `unmodelled`, a route that is not on the graph at all, competes with all others, and gains when they fail.

The probabilities of the listed routes, of the other routes of the graph and of "none of these" sum to one.
They are as good as the prior, which is mostly assumption: read them as an order, and read the contradictions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import exp
from typing import Literal

import msgspec

from lanbi.tracing.networks.legs import Graph, Leg, Walk
from lanbi.tracing.networks.transit import days_between, total

ROUTES_SHOWN = 5
EVIDENCE_MAX = 40
STOPS_OUTSIDE = 2
"""Places of export and of transhipment on a route that the graph does not have."""
UNHEARD_OF = 0.01
"""Share of first sales in a state that the graph does not have as an origin."""
DWELL_DAYS = 7.0
"""Mean time between two traces of one consignment in one place."""

Held = Literal["held_port", "held_street"]
_RELIABILITY = {"A": 0.95, "B": 0.85, "C": 0.7, "D": 0.5, "E": 0.3, "F": 0.6}
_CREDIBILITY = {"1": 1.0, "2": 0.95, "3": 0.85, "4": 0.6, "5": 0.35, "6": 0.85}


def reliability_of(grade: str) -> float:
    """The chance that what stands on an Admiralty grade (A1 to F6) is about this consignment: assumption."""
    return _RELIABILITY[grade[0]] * _CREDIBILITY[grade[1]]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One thing known of the consignment, by a reference that opens it; `reliability` between 0 and 1."""

    ref: str
    reliability: float
    day: date | None = None


class Sighting(Evidence, frozen=True, kw_only=True):
    """It, or its container, was at a place."""

    place: str


class LegSeen(Evidence, frozen=True, kw_only=True):
    """A paper (a bill of lading) says that it left `frm` for `to`."""

    frm: str
    to: str


class Bought(Evidence, frozen=True, kw_only=True):
    """A trace says where it was first sold: the code of an origin, e.g. US-FL."""

    place: str


class Declared(Evidence, frozen=True, kw_only=True):
    """Its papers name a destination."""

    place: str


class Seizure(msgspec.Struct, frozen=True, kw_only=True):
    """Where the route ends and when it was seen to. `places`: code → weight of each place that it may have
    ended at (see `legs.Graph.ends_near`). `held`: on arrival, or recovered from whoever came to hold it."""

    places: Mapping[str, float]
    day: date
    held: Held


class Stop(msgspec.Struct, frozen=True):
    """A place of a route: it left there between `low` and `high` (10 and 90 %), half-way `middle`."""

    place: str
    low: date
    middle: date
    high: date


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One route. `prior`: before the evidence. `supported`, `contradicted`: references of what would be true
    and what would have to be a mistake if this were the route; nothing of the evidence is left out."""

    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]
    probability: float
    prior: float
    supported: tuple[str, ...]
    contradicted: tuple[str, ...]


class Routing(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. sum(route.probability) + other_routes + none_of_these = 1.

    `by_leg`, `by_place`: the probability that the route took a leg or stopped at a place, over all routes of
    the graph, not only those listed. `off_graph`: evidence about places or legs that the graph does not have.
    `complete`: no walk was left out for want of room.
    """

    routes: tuple[Route, ...]
    other_routes: float
    none_of_these: float
    by_leg: dict[tuple[str, str], float]
    by_place: dict[str, float]
    off_graph: tuple[str, ...]
    searched: int
    complete: bool


def find_routes(
    graph: Graph, seizure: Seizure, evidence: Sequence[Evidence], *, top: int = ROUTES_SHOWN
) -> Routing:
    """The `top` likeliest routes to a seizure, and what is left for others and for none of these.

    Raises ValueError for more than EVIDENCE_MAX pieces of evidence, or a reliability outside 0 to 1.
    """
    if len(evidence) > EVIDENCE_MAX:
        raise ValueError("too much evidence for one route")
    if any(not 0 <= one.reliability <= 1 for one in evidence):
        raise ValueError("a reliability lies between 0 and 1")
    walks, complete = graph.walks(seizure.places)
    before = sum(prior for _, prior in walks)
    weigher = _Weigher(graph, seizure, evidence, walks)
    outside = graph.model.unmodelled * weigher.outside()
    inside = [(1 - graph.model.unmodelled) * prior / before * weigher.weigh(legs)[0] for legs, prior in walks]
    whole = outside + sum(inside)
    order = sorted(range(len(walks)), key=lambda i: -inside[i])[:top]
    by_leg: dict[tuple[str, str], float] = defaultdict(float)
    by_place: dict[str, float] = defaultdict(float)
    for (legs, _), weight in zip(walks, inside, strict=True):
        by_place[legs[0].frm] += weight / whole
        for leg in legs:
            by_leg[leg.frm, leg.to] += weight / whole
            by_place[leg.to] += weight / whole
    routes = tuple(
        weigher.route(walks[i][0], inside[i] / whole, (1 - graph.model.unmodelled) * walks[i][1] / before)
        for i in order
    )
    return Routing(
        routes=routes,
        other_routes=max(0.0, (whole - outside) / whole - sum(route.probability for route in routes)),
        none_of_these=outside / whole,
        by_leg=dict(sorted(by_leg.items(), key=lambda pair: (-pair[1], pair[0]))),
        by_place=dict(sorted(by_place.items(), key=lambda pair: (-pair[1], pair[0]))),
        off_graph=tuple(one.ref for one in evidence if not _on_graph(graph, one)),
        searched=len(walks),
        complete=complete,
    )


def _on_graph(graph: Graph, one: Evidence) -> bool:
    if isinstance(one, LegSeen):
        return (one.frm, one.to) in graph.pairs
    if isinstance(one, Bought):
        return one.place in graph.origins
    return isinstance(one, Sighting | Declared) and one.place in graph.places


def _usual(graph: Graph, walks: Iterable[Walk]) -> tuple[dict[str | tuple[str, str], float], float]:
    """How often the routes that end here name a place or a leg, half of it spread over the whole graph."""
    places: dict[str | tuple[str, str], float] = dict.fromkeys(graph.places, 0.0)
    legs: dict[str | tuple[str, str], float] = dict.fromkeys(graph.pairs, 0.0)
    for walk, prior in walks:
        for leg in walk:
            places[leg.to] += prior
            legs[leg.frm, leg.to] += prior
    mixed: dict[str | tuple[str, str], float] = {}
    for named in (places, legs):
        whole = sum(named.values()) or 1.0
        mixed |= {key: (weight / whole + 1 / len(named)) / 2 for key, weight in named.items()}
    return mixed, 0.5 / len(places)


class _Mark(msgspec.Struct, frozen=True):
    """Evidence on a route: the stop that it stands at, and its weight if true and if mistaken."""

    ref: str
    stop: int
    day: int
    true: float
    mistaken: float


def _where(one: Evidence) -> str | tuple[str, str]:
    return (one.frm, one.to) if isinstance(one, LegSeen) else getattr(one, "place", "")


class _Weigher:
    """The likelihood of the evidence on one route after the other."""

    def __init__(
        self, graph: Graph, seizure: Seizure, evidence: Iterable[Evidence], walks: Iterable[Walk]
    ) -> None:
        self.graph, self.model = graph, graph.model
        self.usual, self.unusual = _usual(graph, walks)
        self.evidence = tuple(evidence)
        self.end = seizure.day.toordinal()
        self.held = graph.laws[seizure.held]

    def _usual_day(self, one: Evidence) -> float:
        """The chance of a day of its kind on any route; 1 without a day."""
        if one.day is None or isinstance(one, Declared):
            return 1.0
        laws = self.graph.laws
        first = (laws["gather"],) if isinstance(one, Bought) else ()
        return total((*first, laws["freight"], self.held)).on(self.end - one.day.toordinal())

    def _mistaken(self, one: Evidence) -> float:
        """The weight of evidence that belongs to another consignment, of the same traffic: places that many
        routes pass are also those that a wrong paper names most often."""
        doubt = 1 - one.reliability
        if isinstance(one, Bought):  # a wrong answer is about another firearm that was recovered, too
            return doubt * self.graph.origins.get(one.place, UNHEARD_OF) * self._usual_day(one)
        usual = self.usual.get(_where(one), self.unusual)
        if isinstance(one, Declared):
            return doubt * usual
        return self.model.mistakes_per_case * doubt * usual / (self.model.window_days if one.day else 1)

    def _true(self, one: Evidence, legs: Sequence[Leg]) -> tuple[int, float] | None:
        """The stop that evidence puts itself at and its weight there; None if the route has no such stop."""
        if isinstance(one, Bought):
            return (0, one.reliability) if one.place == legs[0].frm else None
        if isinstance(one, LegSeen):
            found = next((i for i, leg in enumerate(legs) if (leg.frm, leg.to) == (one.frm, one.to)), None)
        else:
            found = next((i for i, leg in enumerate(legs, 1) if leg.to == _where(one)), None)
        if found is None:
            return None
        share = 1 / len(legs) if isinstance(one, Declared) else self.model.seen_share
        return found, share * one.reliability

    def outside(self) -> float:
        """The likelihood on a route that the graph does not have: by any place, in the usual time."""
        weight, seen = 1.0, 0
        for one in self.evidence:
            true = one.reliability * self._usual_day(one)
            if isinstance(one, Bought):
                true *= self.graph.origins.get(one.place, UNHEARD_OF)
            elif isinstance(one, LegSeen):
                true *= self.model.seen_share / len(self.graph.pairs)
            else:
                true *= (1.0 if isinstance(one, Declared) else self.model.seen_share) / len(self.graph.places)
            seen += isinstance(one, Sighting | LegSeen)
            weight *= self._mistaken(one) + true
        return weight * (1 - self.model.seen_share) ** max(0, STOPS_OUTSIDE - seen)

    def weigh(self, legs: Sequence[Leg]) -> tuple[float, dict[str, float], list[_Mark]]:
        """The likelihood of all evidence on one route; how likely each piece is true on it; the dated marks.

        Exact over all ways to call pieces true or mistaken: a forward and a backward pass along the route.
        """
        factor, true_share = 1.0, dict.fromkeys((one.ref for one in self.evidence), 0.0)
        marks: list[_Mark] = []
        undated: set[int] = set()
        for one in self.evidence:
            found, mistaken = self._true(one, legs), self._mistaken(one)
            if found is None:
                factor *= mistaken
            elif one.day is None or isinstance(one, Declared):
                factor *= found[1] + mistaken
                true_share[one.ref] = found[1] / (found[1] + mistaken)
                undated |= {found[0]} if isinstance(one, Sighting) else set()
            else:
                marks.append(_Mark(one.ref, found[0], one.day.toordinal(), found[1], mistaken))
        marks.sort(key=lambda mark: (mark.stop, mark.day))
        ends = [*marks, _Mark("", len(legs), self.end, 1.0, 0.0)]
        size = len(ends)
        forward, backward = [0.0] * size, [0.0] * size
        link = [[0.0] * size for _ in range(size)]
        for i, mark in enumerate(ends):
            between = 1.0
            for k in range(i - 1, -1, -1):
                link[k][i] = (
                    between * self._step(legs, ends[k], mark, undated, last=i == size - 1) * mark.true
                )
                between *= ends[k].mistaken
                forward[i] += forward[k] * link[k][i]
            forward[i] += between * self._unseen(0, mark.stop, undated) * mark.true
        backward[-1] = 1.0
        for k in range(size - 2, -1, -1):
            backward[k] = sum(link[k][i] * backward[i] for i in range(k + 1, size))
        if forward[-1] > 0:
            for k, mark in enumerate(marks):
                true_share[mark.ref] = forward[k] * backward[k] / forward[-1]
        return factor * forward[-1], true_share, marks

    def _unseen(self, stop: int, onward: int, undated: set[int]) -> float:
        """The chance that nothing was seen of the stops strictly between two."""
        return (1 - self.model.seen_share) ** sum(i not in undated for i in range(max(stop, 0) + 1, onward))

    def _step(self, legs: Sequence[Leg], here: _Mark, then: _Mark, undated: set[int], *, last: bool) -> float:
        """The chance of the time between two marks, and of nothing seen in between."""
        laws = (*(leg.law for leg in legs[here.stop : then.stop]), *((self.held,) if last else ()))
        days = then.day - here.day
        dwelt = exp(-days / DWELL_DAYS) * (1 - exp(-1 / DWELL_DAYS))
        chance = total(laws).on(days) if laws else dwelt
        return chance * self._unseen(here.stop, then.stop, undated)

    def route(self, legs: tuple[Leg, ...], probability: float, prior: float) -> Route:
        """One route as it is shown: days by stop, and what speaks for and against it."""
        _, true_share, marks = self.weigh(legs)
        known = {mark.stop: mark.day for mark in marks if true_share[mark.ref] >= 0.5}
        return Route(
            stops=tuple(self._stop(legs, i, known) for i in range(len(legs) + 1)),
            legs=legs,
            probability=probability,
            prior=prior,
            supported=tuple(ref for ref, share in true_share.items() if share >= 0.5),
            contradicted=tuple(ref for ref, share in true_share.items() if share < 0.5),
        )

    def _stop(self, legs: Sequence[Leg], i: int, known: Mapping[int, int]) -> Stop:
        place = legs[i].frm if i < len(legs) else legs[-1].to
        laws = [leg.law for leg in legs]
        low = middle = high = known.get(i, 0)
        if i not in known:
            earlier = max((k for k in known if k < i), default=None)
            later = min((k for k in known if k > i), default=len(legs))
            onward = [*laws[i:later], *(() if later in known else (self.held,))]
            start, before = (None, []) if earlier is None else (known[earlier], laws[earlier:i])
            low, middle, high = days_between(before, onward, start, known.get(later, self.end))
        return Stop(place, *(date.fromordinal(max(1, day)) for day in (low, middle, high)))
