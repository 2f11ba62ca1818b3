"""Communities of firearms on typed links, and why each stands: its strongest links, what would break it.

First the cores: guns that one evidenced link of at least `Rule.join` nats ties, and their chains. Then what
is left, inferred links above all, may join cores and single guns, where the sum over the things that they
share exceeds `join`, and `resolution` for each pair of guns beside: the larger two parts are, the more must
tie them.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from lanbi.tracing.networks.links import EVIDENCED, FAMILIES, FAMILY, KINDS, Link, Links
from lanbi.tracing.networks.partition import Graph, Price, communities, components

BREAKS_TRIED_MAX = 200


class Rule(msgspec.Struct, frozen=True):
    """When guns are one community.

    join: nats that must tie two parts, about the log-odds against two recovered guns being of one network;
    settled: that much less for each of the two that is no stray gun but three or more already.
    resolution: nats that each pair of guns between them counts against. guns_min: a community of fewer is a
    lead, not a network. evidenced: it must hold at least one evidenced link.
    """

    join: float = 7.0
    settled: float = 0.8
    resolution: float = 0.05
    guns_min: int = 3
    evidenced: bool = False


class Break(msgspec.Struct, frozen=True):
    """A shared thing without which the community falls apart, into parts of so many guns, the largest first.
    `links`: the rows of the links that rest on it."""

    kind: str
    about: str
    links: tuple[int, ...]
    parts: tuple[int, ...]


class Why(msgspec.Struct, frozen=True):
    """Why a community stands: its strongest links; what would break it, the most even break first; the share
    of its links that are evidenced, and the nats of all shared things together."""

    firearms: tuple[str, ...]
    strongest: tuple[Link, ...]
    breaks: tuple[Break, ...]
    evidenced_share: float
    nats: float


class Communities(msgspec.Struct, frozen=True):
    """`label`: the community of each firearm, from 0, or −1; there are `count` of them, the largest first."""

    label: np.ndarray
    count: int

    def members(self, firearms: Sequence[str]) -> list[tuple[str, ...]]:
        """The firearms of each community, in order of id."""
        inside = np.flatnonzero(self.label >= 0)
        order = inside[np.argsort(self.label[inside], kind="stable")]
        ends = np.cumsum(np.bincount(self.label[order], minlength=self.count))
        if not self.count:
            return []
        return [tuple(firearms[int(at)] for at in part) for part in np.split(order, ends[:-1])]


def find(links: Links, rule: Rule | None = None) -> Communities:
    """Communities, the same for the same links. `links.evidenced()` leaves out what is inferred."""
    rule = rule or Rule()
    label = _labels(links, rule)
    keep = np.bincount(label, minlength=1) >= rule.guns_min
    if rule.evidenced:
        inside = (links.kind < EVIDENCED) & (label[links.left] == label[links.right])
        keep &= np.bincount(label[links.left[inside]], minlength=len(keep)) > 0
    return _kept(label, keep)


def connected(links: Links, kinds: Sequence[str], guns_min: int = 2) -> Communities:
    """Connected components over links of some kinds: the plain method that others are measured against."""
    chosen = links.of_kinds(kinds)
    label = components(len(links.firearms), chosen.left, chosen.right)
    return _kept(label, np.bincount(label, minlength=1) >= guns_min)


def _kept(label: np.ndarray, keep: np.ndarray) -> Communities:
    """Those of the parts that are kept, the largest first."""
    kept = np.flatnonzero(keep)
    kept = kept[np.argsort(-np.bincount(label, minlength=1)[kept], kind="stable")]
    number = np.full(len(keep), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    return Communities(number[label], len(kept))


def _counted(links: Links) -> np.ndarray:
    """Rows of the links that count: for each pair of guns the heaviest of each family."""
    count = max(1, len(links.firearms))
    cell = (links.left * count + links.right) * FAMILIES + FAMILY[links.kind]
    order = np.lexsort((links.kind, -links.weight, cell))
    return np.sort(order[np.unique(cell[order], return_index=True)[1]])


def _labels(links: Links, rule: Rule) -> np.ndarray:
    strong = (links.kind < EVIDENCED) & (links.weight >= rule.join)
    cores = components(len(links.firearms), links.left[strong], links.right[strong])
    rows = _counted(links)
    shared = links.kind[rows].astype(np.int64) * max(1, len(links.shared)) + links.about[rows]
    graph = Graph(len(links.firearms), links.left[rows], links.right[rows], links.weight[rows], shared)
    return communities(graph, cores, Price(rule.resolution, rule.join, rule.settled))


def why(links: Links, found: Communities, number: int, rule: Rule | None = None, strongest: int = 5) -> Why:
    """Why community `number` stands. Raises IndexError for one that is not there."""
    if not 0 <= number < found.count:
        raise IndexError(number)
    rule = rule or Rule()
    members = np.flatnonzero(found.label == number)
    rows = np.flatnonzero((found.label[links.left] == number) & (found.label[links.right] == number))
    place = np.full(len(links.firearms), -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    inside = links.where(rows)
    inside = msgspec.structs.replace(
        inside,
        firearms=tuple(links.firearms[at] for at in members),
        left=place[inside.left],
        right=place[inside.right],
    )
    shared = inside.kind.astype(np.int64) * max(1, len(inside.shared)) + inside.about
    things, of_thing = np.unique(shared, return_inverse=True)
    heaviest = np.zeros(len(things))
    np.maximum.at(heaviest, of_thing, inside.weight)
    breaks = []
    for thing in np.argsort(-heaviest, kind="stable")[:BREAKS_TRIED_MAX]:
        without = of_thing != thing
        sizes = np.bincount(_labels(inside.where(without), rule))
        if len(sizes) > 1:
            gone = np.flatnonzero(~without)
            breaks.append(
                Break(
                    KINDS[int(inside.kind[gone[0]])],
                    inside.shared[inside.about[gone[0]]],
                    tuple(int(rows[at]) for at in gone),
                    tuple(sorted(sizes.tolist(), reverse=True)),
                )
            )
    breaks.sort(key=lambda one: (-sum(one.parts[1:]), one.kind, one.about))
    top = np.lexsort((np.arange(len(inside)), inside.kind, -inside.weight))[:strongest]
    return Why(
        inside.firearms,
        tuple(inside.link(int(at)) for at in top),
        tuple(breaks),
        float(np.mean(inside.kind < EVIDENCED)) if len(inside) else 0.0,
        float(heaviest.sum()),
    )
