"""Routes: the likeliest first, probabilities that sum to one, evidence that is weighed and never dropped."""

from __future__ import annotations

import sys
import tomllib
from datetime import date, timedelta
from importlib.resources import files
from math import exp

import numpy as np
import pytest

from lanbi.tracing.networks.legs import Graph, Leg, load_graph
from lanbi.tracing.networks.ports import load_ports
from lanbi.tracing.networks.routing import (
    Bought,
    Declared,
    Evidence,
    LegSeen,
    Routing,
    Seizure,
    Sighting,
    find_routes,
    reliability_of,
)
from lanbi.tracing.networks.transit import Law, days_between, total

GRAPH = load_graph()
DAY = date(2024, 7, 4)
STREET = Seizure(places={"HTPAP": 1.0}, day=DAY, held="held_street")
CUSTOMS = Seizure(places={"HTPAP": 1.0}, day=DAY, held="held_port")


def path(routing: Routing, i: int = 0) -> str:
    return ">".join(stop.place for stop in routing.routes[i].stops)


def ago(days: int) -> date:
    return DAY - timedelta(days)


# ---------------------------------------- the graph


def test_the_tables_of_ports_and_legs_agree() -> None:
    ports = load_ports().by_code
    assert GRAPH.places <= ports.keys()
    assert not GRAPH.origins.keys() & ports.keys()
    assert sum(GRAPH.origins.values()) == pytest.approx(1)
    for place, legs in GRAPH.out.items():
        assert sum(leg.chance for leg in legs) + GRAPH.stay[place] == pytest.approx(1)


def test_every_leg_has_a_source_or_says_that_it_is_an_assumption() -> None:
    raw = tomllib.loads((files("lanbi.tracing.networks") / "data" / "legs.toml").read_text(encoding="utf-8"))
    for group in raw["legs"]:
        source = group["source"]
        assert source == "assumption" or "assumption" in source or len(source) > 20


def test_walks_never_meet_themselves_and_come_with_the_likeliest_first() -> None:
    walks, complete = GRAPH.walks({"HTGVS": 1.0})
    assert complete
    priors = [prior for _, prior in walks]
    assert priors == sorted(priors, reverse=True)
    for legs, prior in walks[:200]:
        places = [legs[0].frm, *(leg.to for leg in legs)]
        assert len(set(places)) == len(places)
        assert places[0] in GRAPH.origins
        assert places[-1] == "HTGVS"
        chance = GRAPH.origins[places[0]] * GRAPH.stay["HTGVS"]
        for leg in legs:
            chance *= leg.chance
        assert prior == pytest.approx(chance)


def test_an_end_is_looked_for_near_the_seizure_and_on_its_side_of_the_border() -> None:
    ends = GRAPH.ends_near(18.55, -72.33, "HT")
    assert max(ends, key=lambda code: ends[code]) == "HTPAP"
    assert sum(ends.values()) == pytest.approx(1)
    assert not any(code.startswith("DO") for code in ends)
    assert GRAPH.ends_near(45.0, 3.0, "HT") == {}


# ---------------------------------------- times


def test_a_law_knows_its_half_way_day() -> None:
    law = Law(14, 0.6)
    assert law.within(14) == pytest.approx(0.5)
    assert law.quantile(0.9) == pytest.approx(14 * exp(0.6 * 1.2816), rel=1e-3)
    assert sum(law.on(day) for day in range(2000)) == pytest.approx(1)
    assert law.on(-1) == 0


@pytest.mark.parametrize(
    "laws",
    [
        (Law(14, 0.6), Law(14, 0.6)),
        (Law(14, 0.6), Law(4, 1.0), Law(40, 1.1)),
        (Law(40, 1.1), Law(25, 0.6), Law(4, 1.0), Law(240, 1.3)),
    ],
)
def test_the_law_of_a_sum_is_that_of_drawn_sums(laws: tuple[Law, ...]) -> None:
    random = np.random.default_rng(2)
    draws = sum(law.median_days * np.exp(law.spread * random.standard_normal(400_000)) for law in laws)
    for share in (0.05, 0.1, 0.25, 0.5, 0.75, 0.9):
        assert total(laws).quantile(share) == pytest.approx(float(np.quantile(draws, share)), rel=0.16)


def test_no_leg_has_no_law() -> None:
    with pytest.raises(ValueError, match="no leg"):
        total(())


def test_a_stop_between_two_known_days_lies_between_them() -> None:
    low, middle, high = days_between([Law(4, 1.0)], [Law(25, 0.6)], 100, 130)
    assert 100 <= low <= middle <= high <= 130
    assert middle < 112  # the longer leg takes the larger part
    assert days_between([Law(4, 1)], [Law(4, 1)], 100, 99) == (100, 100, 99)


# ---------------------------------------- evidence


def test_without_evidence_the_prior_stands() -> None:
    routing = find_routes(GRAPH, STREET, [])
    assert path(routing) == "US-FL>US-MRV>HTPAP"
    assert routing.routes[0].probability == pytest.approx(routing.routes[0].prior, rel=0.4)
    assert 0.05 < routing.none_of_these < 0.15


@pytest.mark.parametrize(
    "evidence",
    [
        [],
        [Sighting(ref="s", reliability=0.8, day=ago(60), place="DOHAI")],
        [Sighting(ref="a", reliability=0.9, place="COBUN"), Bought(ref="b", reliability=0.9, place="US-XX")],
        [LegSeen(ref="l", reliability=1.0, day=ago(9), frm="USMIA", to="HTPAP")],
    ],
)
def test_what_is_listed_and_what_is_not_sum_to_one(evidence: list[Evidence]) -> None:
    routing = find_routes(GRAPH, STREET, evidence, top=4)
    listed = sum(route.probability for route in routing.routes)
    assert listed + routing.other_routes + routing.none_of_these == pytest.approx(1)
    assert sum(routing.by_place.get(origin, 0.0) for origin in GRAPH.origins) == pytest.approx(
        1 - routing.none_of_these
    )
    for route in routing.routes:
        assert {*route.supported, *route.contradicted} == {one.ref for one in evidence}


def test_a_bill_of_lading_makes_its_leg_likely() -> None:
    paper = LegSeen(ref="C-0412", reliability=reliability_of("B2"), day=ago(20), frm="USMIA", to="HTPAP")
    before, after = find_routes(GRAPH, CUSTOMS, []), find_routes(GRAPH, CUSTOMS, [paper])
    leg = ("USMIA", "HTPAP")
    assert before.by_leg[leg] < 0.15
    assert after.by_leg[leg] > 0.9
    assert after.routes[0].supported == ("C-0412",)


def test_a_date_that_cannot_be_makes_a_sighting_a_mistake() -> None:
    """Seen at Haina two months after the seizure: another consignment, whoever says so."""
    late = Sighting(ref="late", reliability=0.95, day=DAY + timedelta(60), place="DOHAI")
    routing = find_routes(GRAPH, STREET, [late])
    assert all("late" in route.contradicted for route in routing.routes)
    assert routing.by_place["DOHAI"] == pytest.approx(
        find_routes(GRAPH, STREET, []).by_place["DOHAI"], rel=0.1
    )


def test_a_date_that_fits_one_route_only_chooses_it() -> None:
    """At Haina nine days before a seizure on the street of the capital: enough for a lorry."""
    near = Sighting(ref="haina", reliability=0.85, day=ago(40), place="DOHAI")
    routing = find_routes(GRAPH, STREET, [near])
    assert "DOHAI" in path(routing)
    assert routing.by_place["HT-BEL"] + routing.by_place["HT-MAL"] + routing.by_place["HT-OUA"] > 0.5


def test_a_reliable_source_moves_more_than_a_doubtful_one() -> None:
    def shift(grade: str) -> float:
        seen = Sighting(ref="s", reliability=reliability_of(grade), day=ago(60), place="DOCAU")
        return find_routes(GRAPH, STREET, [seen]).by_place["DOCAU"]

    assert shift("A1") > shift("C3") > shift("E5") > find_routes(GRAPH, STREET, []).by_place["DOCAU"]


def test_the_state_of_the_first_sale_is_where_the_route_begins() -> None:
    sold = Bought(ref="trace", reliability=0.95, day=ago(400), place="US-GA")
    routing = find_routes(GRAPH, STREET, [sold])
    assert routing.by_place["US-GA"] > 0.85
    assert routing.routes[0].stops[0].low == routing.routes[0].stops[0].high == ago(400)


def test_a_declared_destination_speaks_for_routes_by_it() -> None:
    said = Declared(ref="papers", reliability=0.6, place="DOCAU")
    assert (
        find_routes(GRAPH, STREET, [said]).by_place["DOCAU"]
        > 2 * (find_routes(GRAPH, STREET, []).by_place["DOCAU"])
    )


def test_evidence_off_the_graph_is_named_and_strengthens_none_of_these() -> None:
    seen = Sighting(ref="far", reliability=0.85, day=ago(60), place="COBUN")
    routing = find_routes(GRAPH, STREET, [seen])
    assert routing.off_graph == ("far",)
    assert routing.none_of_these > 3 * find_routes(GRAPH, STREET, []).none_of_these
    assert routing.routes[0].contradicted == ("far",)


def test_contradicting_evidence_stands_beside_what_supports() -> None:
    """Two ports on one day cannot both be: the more reliable wins, the other is named as contradicted."""
    routing = find_routes(
        GRAPH,
        CUSTOMS,
        [
            Sighting(ref="good", reliability=0.9, day=ago(30), place="DOHAI"),
            Sighting(ref="poor", reliability=0.3, day=ago(30), place="JMKIN"),
        ],
    )
    assert routing.routes[0].supported == ("good",)
    assert routing.routes[0].contradicted == ("poor",)


def test_days_of_stops_follow_what_is_known() -> None:
    routing = find_routes(
        GRAPH,
        CUSTOMS,
        [
            Bought(ref="trace", reliability=0.95, day=ago(135), place="US-FL"),
            Sighting(ref="miami", reliability=0.9, day=ago(30), place="USMIA"),
        ],
    )
    stops = {stop.place: stop for stop in routing.routes[0].stops}
    assert stops["US-FL"].middle == ago(135)
    assert stops["USMIA"].middle == ago(30)
    assert ago(30) <= stops["HTPAP"].low <= stops["HTPAP"].middle <= stops["HTPAP"].high <= DAY


def test_a_place_that_no_walk_reaches_is_none_of_these() -> None:
    routing = find_routes(GRAPH, Seizure(places={"BBBGI": 0.0, "XXXXX": 1.0}, day=DAY, held="held_port"), [])
    assert routing.routes == ()
    assert routing.none_of_these == 1
    assert routing.searched == 0


def test_figures_that_are_no_chance_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        find_routes(GRAPH, STREET, [Sighting(ref="s", reliability=1.2, place="DOHAI")])
    with pytest.raises(ValueError, match="too much evidence"):
        find_routes(GRAPH, STREET, [Sighting(ref=str(i), reliability=0.5, place="DOHAI") for i in range(41)])


# ---------------------------------------- does it mean what it says


class World:
    """Draws true routes and what is seen of them, by the rules that the analysis assumes."""

    def __init__(self, graph: Graph, end: str, seed: int) -> None:
        self.graph, self.end = graph, end
        self.random = np.random.default_rng(seed)
        self.walks, _ = graph.walks({end: 1.0})
        priors = np.array([prior for _, prior in self.walks])
        self.priors = priors / priors.sum()
        self.held = graph.laws["held_street"]

    def _draw(self, law: Law) -> float:
        return law.median_days * exp(law.spread * self.random.standard_normal())

    def _graded(self, true: bool) -> float:
        return 0.8 if self.random.random() < (0.8 if true else 0.2) else 0.2

    def case(self) -> tuple[tuple[Leg, ...] | None, list[Evidence]]:
        """A route (None: one that the graph does not have) and the evidence of it."""
        model, random = self.graph.model, self.random
        places = sorted(self.graph.places)
        evidence: list[Evidence] = []

        def seen(place: str, days: float, true: bool) -> None:
            ref = f"e{len(evidence)}"
            evidence.append(
                Sighting(ref=ref, reliability=self._graded(true), day=ago(int(days)), place=place)
            )

        legs = None
        if random.random() < model.unmodelled:
            days = self._draw(self.held) + self._draw(self.graph.laws["freight"])
            for _ in range(2):
                if random.random() < model.seen_share:
                    seen(str(random.choice(places)), days, True)
            days += self._draw(self.graph.laws["gather"])
            origin = str(random.choice(list(self.graph.origins), p=list(self.graph.origins.values())))
        else:
            legs = self.walks[random.choice(len(self.walks), p=self.priors)][0]
            days = self._draw(self.held)
            for i in range(len(legs) - 1, -1, -1):
                days += self._draw(legs[i].law)
                if i > 0 and random.random() < model.seen_share:
                    seen(legs[i].frm, days, True)
            origin = legs[0].frm
        if random.random() < 0.5:
            evidence.append(Bought(ref="trace", reliability=0.97, day=ago(int(days)), place=origin))
        for _ in range(random.poisson(model.mistakes_per_case)):
            other = self.walks[random.choice(len(self.walks), p=self.priors)][0]
            stops = [leg.to for leg in other]
            place = str(random.choice(stops if random.random() < 0.5 else places))
            seen(place, random.uniform(0, model.window_days), False)
        return legs, evidence


def test_probabilities_come_true_as_often_as_they_say() -> None:
    """On 400 drawn cases: what is called 30 % likely is true about three times in ten."""
    world = World(GRAPH, "HTCAP", seed=41)
    said: list[float] = []
    was: list[bool] = []
    first = prior_first = 0
    brier = prior_brier = 0.0
    cases = 400
    for _ in range(cases):
        legs, evidence = world.case()
        routing = find_routes(
            GRAPH, Seizure(places={"HTCAP": 1.0}, day=DAY, held="held_street"), evidence, top=40
        )
        for route in routing.routes:
            said.append(route.probability)
            was.append(route.legs == legs)
        said.append(routing.none_of_these)
        was.append(legs is None)
        first += routing.routes[0].legs == legs
        prior_first += world.walks[0][0] == legs
        hit = next((route.probability for route in routing.routes if route.legs == legs), 0.0)
        hit = routing.none_of_these if legs is None else hit
        squares = sum(route.probability**2 for route in routing.routes) + routing.none_of_these**2
        brier += squares - 2 * hit + 1
        flat = float((world.priors**2).sum()) * 0.81 + 0.01
        prior_hit = (
            0.1 if legs is None else 0.9 * float(world.priors[[w for w, _ in world.walks].index(legs)])
        )
        prior_brier += flat - 2 * prior_hit + 1
    chances, truths = np.array(said), np.array(was)
    lines = [f"top-1 {first / cases:.3f} (prior {prior_first / cases:.3f})"]
    lines.append(f"Brier {brier / cases:.3f} (prior {prior_brier / cases:.3f})")
    for low, high in ((0.0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 0.9), (0.9, 1.01)):
        inside = (chances >= low) & (chances < high)
        if inside.sum() < 20:
            continue
        claimed, came = float(chances[inside].mean()), float(truths[inside].mean())
        lines.append(f"{low:.2f} to {high:.2f}: said {claimed:.3f}, came {came:.3f}, n {int(inside.sum())}")
        doubt = 3.5 * (claimed * (1 - claimed) / inside.sum()) ** 0.5
        assert abs(claimed - came) < doubt + 0.03, lines[-1]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")  # pytest -s shows it
    assert first > prior_first
    assert brier < prior_brier
