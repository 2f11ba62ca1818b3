"""Planted networks, and how many are found in what an agency sees of them; and communities on a million
links.

Every figure on networks is of the synthetic world of `lanbi.tracing.world` and holds for it: its recipe
says which of its numbers anybody measured. The weights and the rule were chosen on `TUNING_SEEDS`; the
figures are of `EVALUATION_SEEDS`, with 95 % intervals over these. The baseline is the method of the pilot
that the goals come from: connected components over shared purchaser, consignment and ballistics, clusters
of two guns counted; ours must be of three guns to count.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator

from bench.context import Bench, Context, median
from bench.results import Goal, Row, row
from lanbi.tracing.networks import communities, links
from lanbi.tracing.networks.links import Links
from lanbi.tracing.networks.partition import Graph, Price
from lanbi.tracing.networks.partition import communities as parts
from lanbi.tracing.world import observe, world
from lanbi.tracing.world.recipe import Recipe, standard
from lanbi.tracing.world.truth import Score, Truth, interval, score

TUNING_SEEDS = range(100, 120)
EVALUATION_SEEDS = range(1, 11)
QUICK_SEEDS = range(1, 4)
RATES = (0.10, 0.23, 0.45, 0.65, 0.85, 0.95)
GOAL_RATE = 0.45
PILOT_KINDS = ("purchaser", "consignment", "ballistic_confirmed", "ballistic_lead")
# Networks of many buyers, who get a third of their guns from other owners and send few at a time.
SCATTERED = {
    "networks__guns_per_buyer": 8.0,
    "networks__own_purchases": 0.65,
    "networks__guns_per_consignment": 5.0,
}
SCATTERED_WORDS = "harder: scattered networks"
BY_COUNTRY_WORDS = "rates as they are by country"
GOAL_FOUND = Goal("value", ">=", 0.80)
GOAL_PRECISION = Goal("value", ">=", 0.97)
GOAL_SPEED = Goal("value", "<=", 10)
EDGES, QUICK_EDGES = 1_000_000, 50_000
NODES_PER_EDGE = 0.1
MIXED_SHARE = 0.4
RESOLUTION = 0.02
PEER_RESOLUTIONS = (1, 50, 200)
ROUNDS = 3

Finder = Callable[[Links], list[tuple[str, ...]]]


class Seen(NamedTuple):
    """What is seen of the world of one seed, as links, and the truth."""

    links: Links
    truth: Truth


def pilot(found: Links) -> list[tuple[str, ...]]:
    """The pilot's method."""
    return communities.connected(found, PILOT_KINDS).members(found.firearms)


def pilot_of_three(found: Links) -> list[tuple[str, ...]]:
    """The pilot's method where, as with ours, only clusters of three guns count."""
    return communities.connected(found, PILOT_KINDS, guns_min=3).members(found.firearms)


def ours(found: Links) -> list[tuple[str, ...]]:
    """As the product does it."""
    return communities.find(found).members(found.firearms)


def without_inferred(found: Links) -> list[tuple[str, ...]]:
    """With inferred links switched off."""
    return communities.find(found.evidenced()).members(found.firearms)


def without_serials(found: Links) -> list[tuple[str, ...]]:
    """Without the kind of link that rests most on what the world assumes."""
    kept = found.of_kinds([kind for kind in links.KINDS if kind != "serials"])
    return communities.find(kept).members(kept.firearms)


class Worlds:
    """Worlds by seed, made once; each is looked at with several trace rates."""

    def __init__(self, context: Context, recipe: Recipe, what: str) -> None:
        self.recipe = recipe
        self.seeds = QUICK_SEEDS if context.quick else EVALUATION_SEEDS
        self._made = []
        for turn, seed in enumerate(self.seeds):
            context.say(f"networks: {what}, world {turn + 1} of {len(self.seeds)}")
            self._made.append(world.make(np.random.default_rng(seed), recipe))

    def seen(self, rate: float, *, even: bool) -> list[Seen]:
        """`even`: every country traces the same share, as in the pilot; else each its own."""
        recipe = self.recipe.with_numbers(seen__trace_rate=rate)
        recipe = recipe.with_one_trace_rate() if even else recipe
        looks = []
        for seed, (made, truth) in zip(self.seeds, self._made, strict=True):
            seen = observe.see(np.random.default_rng(seed + 1_000_000), made, recipe)
            looks.append(Seen(links.find(seen.facts()), truth))
        return looks


def scores(seen: Sequence[Seen], finder: Finder) -> list[Score]:
    """The finder's score for each world."""
    return [score(finder(one.links), one.truth) for one in seen]


def _said(values: Sequence[float]) -> str:
    mean, low, high = interval(values)
    return f"{mean:.3f} ({low:.3f}–{high:.3f})"


def _rows(name: str, seen: Sequence[Seen], *, goals: bool) -> list[Row]:
    """Found, pair precision and false clusters of one kind of world."""
    mine, theirs, three = scores(seen, ours), scores(seen, pilot), scores(seen, pilot_of_three)
    off, bare = scores(seen, without_inferred), scores(seen, without_serials)
    channels: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in mine:
        for channel, (hits, of) in one.found_by_channel.items():
            channels[channel][0] += hits
            channels[channel][1] += of
    by_channel = ", ".join(f"{channel} {hits}/{of}" for channel, (hits, of) in sorted(channels.items()))

    def figure(attribute: str, what: str, goal: Goal | None, note: str, *, less: bool = False) -> Row:
        def of(one: Sequence[Score]) -> list[float]:
            return [getattr(score, attribute) for score in one]

        values, base = of(mine), of(three if less else theirs)
        value, base_value = interval(values)[0], interval(base)[0]
        better, worse = (base_value, value) if less else (value, base_value)
        return row(
            f"networks {name}: {what}",
            value,
            "",
            goal=goal if goals else None,
            baseline="components of 3 guns" if less else "components",
            baseline_value=base_value,
            ratio=better / worse if worse else None,
            rounds=values,
            note=f"95 %: {_said(values)}; components {_said(of(theirs))}, of three guns {_said(of(three))}; "
            f"inferred links off {_said(of(off))}, serials off {_said(of(bare))}{note}",
        )

    recall = _said([one.pair_recall for one in mine])
    return [
        figure("found", "share found", GOAL_FOUND, f"; by channel: {by_channel}"),
        figure("pair_precision", "pair precision", GOAL_PRECISION, f"; pair recall {recall}"),
        figure("false_per_1000", "false clusters per 1,000", None, "", less=True),
    ]


def _curve(worlds: Worlds, rates: Sequence[float], context: Context) -> list[Row]:
    """Share found and pair precision against the share traced."""
    rows = []
    for turn, rate in enumerate(rates):
        context.say(f"networks: {rate:.0%} traced")
        seen = worlds.seen(rate, even=True)
        mine, theirs = scores(seen, ours), scores(seen, pilot)
        found, base = [one.found for one in mine], [one.found for one in theirs]
        rows.append(
            row(
                f"networks: share found, {rate:.0%} traced",
                interval(found)[0],
                "",
                baseline="components",
                baseline_value=interval(base)[0],
                ratio=interval(found)[0] / max(interval(base)[0], 1e-9),
                rounds=found,
                note=f"95 %: {_said(found)}, components {_said(base)}; pair precision "
                f"{_said([one.pair_precision for one in mine])}, recall "
                f"{_said([one.pair_recall for one in mine])}, false per 1,000 "
                f"{_said([one.false_per_1000 for one in mine])}",
            )
        )
        context.step(turn + 1, len(rates))
    return rows


def planted(rng: Generator, edges: int) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """(nodes, left, right, true part) of a graph with planted parts: 10 to 100 nodes each by a power law,
    degrees
    by another, and `MIXED_SHARE` of the links between parts."""
    nodes = int(edges * NODES_PER_EDGE)
    draws = rng.random(nodes)
    sizes = ((10**-0.5 + draws * (100**-0.5 - 10**-0.5)) ** -2).astype(np.int64)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), nodes)) + 1]
    truth = np.repeat(np.arange(len(sizes)), sizes)[:nodes][rng.permutation(nodes)]
    members, counts = np.argsort(truth, kind="stable"), np.bincount(truth)
    first = np.cumsum(counts) - counts
    degree = np.cumsum(rng.pareto(2.0, nodes) + 1)

    def anyone(count: int) -> np.ndarray:
        return np.minimum(np.searchsorted(degree, rng.random(count) * degree[-1]), nodes - 1)

    pairs = np.zeros(0, dtype=np.int64)
    while len(pairs) < edges:
        left = anyone(edges)
        near = members[first[truth[left]] + (rng.random(edges) * counts[truth[left]]).astype(np.int64)]
        right = np.where(rng.random(edges) < MIXED_SHARE, anyone(edges), near)
        fresh = np.minimum(left, right) * nodes + np.maximum(left, right)
        pairs = np.unique(np.concatenate([pairs, fresh[left != right]]))
    pairs = rng.permutation(pairs)[:edges]
    return nodes, pairs // nodes, pairs % nodes, truth


def agreement(one: np.ndarray, other: np.ndarray) -> float:
    """Normalised mutual information of two labellings, 0…1."""

    def entropy(shares: np.ndarray) -> float:
        return float(-np.sum(shares * np.log(shares)))

    width = int(other.max()) + 1
    cells = np.unique(one.astype(np.int64) * width + other, return_counts=True)[1] / len(one)
    first, second = (np.unique(label, return_counts=True)[1] / len(one) for label in (one, other))
    whole = entropy(first) + entropy(second)
    return 2 * (whole - entropy(cells)) / whole if whole else 1.0


def _peer(nodes: int, left: np.ndarray, right: np.ndarray) -> Callable[[float], np.ndarray] | None:
    """NetworKit's parallel Leiden on the graph, or None where it is not installed."""
    try:
        import networkit  # pyright: ignore[reportMissingImports]
    except ImportError:
        return None
    graph: Any = networkit.Graph(nodes)
    graph.addEdges((left.astype(np.uint64), right.astype(np.uint64)))

    def leiden(resolution: float) -> np.ndarray:
        found = networkit.community.ParallelLeiden(graph, randomize=False, gamma=resolution)
        found.run()
        return np.array(found.getPartition().getVector(), dtype=np.int64)

    return leiden


def _timed(what: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    start = perf_counter()
    label = what()
    return perf_counter() - start, label


def _speed(context: Context) -> Row:
    """Communities of a graph of a million links, ours and the peer's at the resolution that suits it best."""
    edges = QUICK_EDGES if context.quick else EDGES
    context.say(f"networks: communities on {edges:,} links")
    nodes, left, right, truth = planted(np.random.default_rng(5), edges)
    graph, everyone = Graph(nodes, left, right, np.ones(edges), np.arange(edges)), np.arange(nodes)
    peer = _peer(nodes, left, right)
    best, notes = 0.0, []
    if peer is not None:
        quality = {one: agreement(peer(one), truth) for one in PEER_RESOLUTIONS}
        best = max(quality, key=lambda one: quality[one])
        notes = [f"NetworKit at γ {one:g}: NMI {quality[one]:.3f}" for one in PEER_RESOLUTIONS]
    seconds, theirs, mark = [], [], 0.0
    for turn in range(ROUNDS):
        took, label = _timed(lambda: parts(graph, everyone, Price(RESOLUTION)))
        seconds.append(took)
        mark = agreement(label, truth)
        if peer is not None:
            theirs.append(_timed(lambda: peer(best))[0])
        context.step(turn + 1, ROUNDS)
    return row(
        f"networks: communities, {edges:,} links",
        median(seconds),
        "s",
        goal=GOAL_SPEED if edges >= EDGES else None,
        baseline=f"NetworKit ParallelLeiden γ={best:g}" if theirs else None,
        baseline_value=median(theirs) if theirs else None,
        ratio=median([b / a for a, b in zip(seconds, theirs, strict=True)]) if theirs else None,
        rounds=seconds,
        note="; ".join(
            [
                f"{nodes:,} nodes, {MIXED_SHARE:.0%} of links between parts, one core: NMI {mark:.3f}",
                *(notes or ["NetworKit is not installed"]),
            ]
        ),
    )


def run(context: Context) -> list[Row]:
    """What is found at 45 % traced, in three kinds of world; the curve; the speed."""
    worlds = Worlds(context, standard(), "standard")
    rows = _rows("at 45 %", worlds.seen(GOAL_RATE, even=True), goals=True)
    rows += _rows(f"at 45 %, {BY_COUNTRY_WORDS}", worlds.seen(GOAL_RATE, even=False), goals=False)
    rows += _curve(worlds, (GOAL_RATE,) if context.quick else RATES, context)
    if not context.quick:
        harder = Worlds(context, standard().with_numbers(**SCATTERED), "scattered")
        rows += _rows(f"at 45 %, {SCATTERED_WORDS}", harder.seen(GOAL_RATE, even=True), goals=False)
    return [*rows, _speed(context)]


BENCH = Bench("networks", "planted networks found again; communities on a million links", run)
