"""Parts of a graph: connected components, and communities by local moves. Columns of numbers, no firearms.

The moves are those of Louvain and Leiden for a constant Potts model, worked on whole columns at once: each
round, a fixed half of the nodes for which something changed look at the communities around them, and move to
the best. No chance is drawn: which half follows from the node's number and the round, so the same graph gives
the same parts.
"""

import msgspec
import numpy as np

ROUNDS_MAX = 60
LEVELS_MAX = 20
PASSES_MAX = 2
GAIN_MIN = 1e-9
_WHOLE_MAX = 1 << 62


class Graph(msgspec.Struct, frozen=True):
    """An undirected graph in columns: ends, weights, and `shared`, what a link is about.

    Between two parts every shared thing counts once, with its heaviest link: a purchaser of five guns here
    and five there is one fact, not twenty-five. Without `shared` every link is about something of its own.
    """

    nodes: int
    left: np.ndarray
    right: np.ndarray
    weight: np.ndarray
    shared: np.ndarray | None = None


def components(nodes: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The component of each node, numbered from 0 in the order of their first nodes; links as two columns."""
    label = np.arange(nodes, dtype=np.int64)
    while len(left):
        low = np.minimum(label[left], label[right])
        high = np.maximum(label[left], label[right])
        apart = low != high
        if not apart.any():
            break
        left, right, low, high = left[apart], right[apart], low[apart], high[apart]
        np.minimum.at(label, high, low)
        while not np.array_equal(label, shorter := label[label]):
            label = shorter
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


class Price(msgspec.Struct, frozen=True):
    """What it takes to be together: `resolution` for each pair of nodes, and `join` for joining two parts,
    less `settled` for each of the two that has `settled_size` nodes or more."""

    resolution: float
    join: float = 0.0
    settled: float = 0.0
    settled_size: float = 3.0

    def join_of(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """The price of joining parts of these sizes."""
        if not self.join:
            return np.zeros(len(one))
        sides = (one >= self.settled_size).astype(float) + (other >= self.settled_size)
        return np.maximum(self.join - self.settled * sides, 0.0)


def communities(graph: Graph, start: np.ndarray, price: Price) -> np.ndarray:
    """A community for each node, numbered from 0, each connected.

    `start`: nodes of one number are never parted. Two communities are joined, or a node moves, when what ties
    them exceeds the price. Near-linear in links.
    """
    if graph.shared is not None:
        graph = msgspec.structs.replace(graph, shared=np.unique(graph.shared, return_inverse=True)[1])
    core = np.unique(start, return_inverse=True)[1].astype(np.int64)
    size = np.bincount(core).astype(float)
    base = _between(graph, core, len(size))
    label, around = np.arange(len(size), dtype=np.int64), _Around(base)
    for turn in range(PASSES_MAX):
        before = label
        label = _moved(around, size, label, price)
        label = _connected(base, label)
        for _ in range(LEVELS_MAX):
            count = int(label.max(initial=-1)) + 1
            upper = _between(base, label, count)
            sizes = np.bincount(label, weights=size, minlength=count)
            higher = _moved(_Around(upper), sizes, np.arange(count, dtype=np.int64), price)
            higher = _connected(upper, higher)
            if int(higher.max(initial=-1)) + 1 == count:
                break
            label = higher[label]
        if turn and _same(before, label):
            break
    return _numbered(label)[core]


def _numbered(label: np.ndarray) -> np.ndarray:
    """The same parts, numbered in the order of their first nodes."""
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(_numbered(one), _numbered(other))


def _between(graph: Graph, label: np.ndarray, count: int) -> Graph:
    """The graph of the parts: links inside a part vanish, parallel ones become one for each shared thing."""
    one, other = label[graph.left], label[graph.right]
    apart = np.flatnonzero(one != other)
    one, other = one[apart], other[apart]
    pair = np.minimum(one, other) * count + np.maximum(one, other)
    weight = graph.weight[apart]
    if graph.shared is None:
        order = np.argsort(pair)
        starts = _starts(pair[order])
        pair, weight = pair[order][starts], _reduced(np.add, weight[order], starts)
        return Graph(count, pair // max(count, 1), pair % max(count, 1), weight)
    shared = graph.shared[apart]
    order, firsts = _grouped(pair, shared)
    weight = _reduced(np.maximum, weight[order], firsts)
    one_of_each = order[firsts]
    pair = pair[one_of_each]
    return Graph(count, pair // max(count, 1), pair % max(count, 1), weight, shared[one_of_each])


def _grouped(key: np.ndarray, shared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(order by key and shared thing, where in it each pair of the two begins); both columns are at least
    0.
    """
    things = int(shared.max(initial=0)) + 1
    if int(key.max(initial=0)) < _WHOLE_MAX // things:
        whole = key * things + shared
        order = np.argsort(whole)
        return order, _starts(whole[order])
    order = np.lexsort((shared, key))
    key, shared = key[order], shared[order]
    fresh = np.ones(len(key), dtype=bool)
    fresh[1:] = (key[1:] != key[:-1]) | (shared[1:] != shared[:-1])
    return order, np.flatnonzero(fresh)


def _starts(sorted_keys: np.ndarray) -> np.ndarray:
    if not len(sorted_keys):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([[0], np.flatnonzero(sorted_keys[1:] != sorted_keys[:-1]) + 1])


def _reduced(how: np.ufunc, values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return how.reduceat(values, starts) if len(starts) else np.zeros(0)


def _connected(graph: Graph, label: np.ndarray) -> np.ndarray:
    inside = label[graph.left] == label[graph.right]
    return components(graph.nodes, graph.left[inside], graph.right[inside])


class _Around:
    """The links of each node, both ways: rows `first[v]`…`first[v + 1]` are those of v."""

    def __init__(self, graph: Graph) -> None:
        source = np.concatenate([graph.left, graph.right])
        order = np.argsort(source, kind="stable")
        self.target = np.concatenate([graph.right, graph.left])[order]
        self.weight = np.concatenate([graph.weight, graph.weight])[order]
        self.shared = None if graph.shared is None else np.concatenate([graph.shared, graph.shared])[order]
        self.degree = np.bincount(source, minlength=graph.nodes)
        self.first = np.concatenate([[0], np.cumsum(self.degree)])

    def rows(self, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(place in `nodes`, row) of all links of the nodes."""
        counts = self.degree[nodes]
        owner = np.repeat(np.arange(len(nodes)), counts)
        begins = np.cumsum(counts) - counts
        return owner, np.arange(len(owner)) + np.repeat(self.first[nodes] - begins, counts)


def _half(nodes: np.ndarray, turn: int) -> np.ndarray:
    """A fixed half of the nodes, another one each turn (the finisher of MurmurHash3)."""
    mixed = (nodes.astype(np.uint64) + np.uint64(turn)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    return (mixed >> np.uint64(63)).astype(bool)


class _Parts:
    """Who is in which part while nodes move: `label` of each node, and by label how much and how many."""

    def __init__(self, size: np.ndarray, label: np.ndarray) -> None:
        self.size, self.label = size, label.copy()
        self.held = np.bincount(label, weights=size, minlength=len(size))
        self.count = np.bincount(label, minlength=len(size))

    def move(self, nodes: np.ndarray, targets: np.ndarray) -> None:
        """Nodes into the parts of other labels; to −1 is into a part of one's own."""
        np.subtract.at(self.held, self.label[nodes], self.size[nodes])
        np.subtract.at(self.count, self.label[nodes], 1)
        alone = targets < 0
        np.add.at(self.count, targets[~alone], 1)
        if alone.any():
            targets[alone] = np.flatnonzero(self.count == 0)[: np.count_nonzero(alone)]
            np.add.at(self.count, targets[alone], 1)
        self.label[nodes] = targets
        np.add.at(self.held, targets, self.size[nodes])


def _moved(around: _Around, size: np.ndarray, label: np.ndarray, price: Price) -> np.ndarray:
    """Local moves until none is worth it; labels stay below the number of nodes."""
    parts = _Parts(size, label)
    active = around.degree > 0
    for turn in range(ROUNDS_MAX):
        waiting = np.flatnonzero(active)
        if not len(waiting):
            break
        looking = waiting[_half(waiting, turn)]
        if not len(looking):
            continue
        active[looking] = False
        movers, targets = _best(around, parts, looking, price)
        if len(movers):
            parts.move(movers, targets)
            active[around.target[around.rows(movers)[1]]] = True
    return parts.label


def _tied(
    around: _Around, label: np.ndarray, looking: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(place in `looking`, label, weight) of what ties nodes to the parts around them, sorted by the first
    two.
    """
    owner, rows = around.rows(looking)
    there = label[around.target[rows]]
    if around.shared is None:
        key = owner * len(label) + there
        order = np.argsort(key)
        starts = _starts(key[order])
        tied = _reduced(np.add, around.weight[rows][order], starts)
    else:
        key = owner * len(label) + there
        order, each = _grouped(key, around.shared[rows])
        heaviest = _reduced(np.maximum, around.weight[rows][order], each)
        begins = _starts(key[order][each])
        tied = _reduced(np.add, heaviest, begins)
        starts = each[begins]
    return owner[order][starts], there[order][starts], tied


def _best(around: _Around, parts: _Parts, looking: np.ndarray, price: Price) -> tuple[np.ndarray, np.ndarray]:
    """(nodes that move, to which label; −1 is to be alone)."""
    who, where, tied = _tied(around, parts.label, looking)
    mine, home = parts.size[looking], parts.label[looking]
    at_home = where == home[who]
    stays = -price.resolution * mine * (parts.held[home] - mine)
    stays[who[at_home]] += tied[at_home]
    single = parts.count[home] == 1
    joins = np.where(single[who], price.join_of(mine[who], parts.held[where]), 0.0)
    gain = tied - price.resolution * mine[who] * parts.held[where] - stays[who] - joins
    # Two single nodes that look at each other would only change places: the one of the larger label goes.
    swaps = single[who] & (where > home[who]) & (parts.count[where] == 1)
    gain[at_home | swaps] = -np.inf
    firsts = _starts(who)
    best = _reduced(np.maximum, gain, firsts)
    place = np.flatnonzero(gain == np.repeat(best, np.diff(np.append(firsts, len(gain)))))
    place = place[np.unique(who[place], return_index=True)[1]]
    target = np.full(len(looking), -2, dtype=np.int64)
    value = np.full(len(looking), GAIN_MIN)
    better = gain[place] > GAIN_MIN
    chosen = who[place][better]
    target[chosen], value[chosen] = where[place][better], gain[place][better]
    leaving = price.join_of(mine, parts.held[home] - mine) - stays
    target[~single & (leaving > value)] = -1
    moving = target > -2
    return looking[moving], target[moving]
