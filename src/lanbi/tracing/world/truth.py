"""The truth of a synthetic world, kept apart from what is seen, and how well findings agree with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import comb, sqrt
from statistics import fmean, stdev

import msgspec

PURE_SHARE_MIN = 0.7
COVERED_SHARE_MIN = 0.3
CLUSTER_GUNS_MIN = 2
# Student's t, 97.5 %, by degrees of freedom; beyond the table the normal law's.
_T = {1: 12.71, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228,
      11: 2.201, 12: 2.179, 13: 2.160, 14: 2.145, 15: 2.131, 19: 2.093, 24: 2.064, 29: 2.045}  # fmt: skip


class Network(msgspec.Struct, frozen=True):
    """A planted network: its channel (straw, unlicensed, dealer_theft, owner_theft), its recovered guns."""

    channel: str
    firearms: tuple[str, ...]


class Truth(msgspec.Struct, frozen=True):
    """The planted networks by name, and how many guns were recovered in all."""

    networks: dict[str, Network]
    recovered: int

    def network_of(self) -> dict[str, str]:
        """Firearm → network; innocent guns are not in it."""
        return {gun: name for name, one in self.networks.items() for gun in one.firearms}

    @property
    def innocents(self) -> int:
        return self.recovered - sum(len(one.firearms) for one in self.networks.values())


class Score(msgspec.Struct, frozen=True):
    """How well clusters agree with the truth.

    found: share of all planted networks of which one cluster holds at least 30 % of the guns *recovered*,
    traced or not, while at least 70 % of that cluster are the network's. pair_precision and pair_recall: of
    the pairs of guns in one cluster, how many are of one network; and of all pairs of recovered guns of one
    network, how many are in one cluster. A pair with an innocent gun is a wrong one. false_per_1000:
    clusters of which less than half belongs to any one network, per 1,000 innocent guns.
    """

    found: float
    pair_precision: float
    pair_recall: float
    false_per_1000: float
    clusters: int
    found_by_channel: dict[str, tuple[int, int]]

    @property
    def f1(self) -> float:
        both = self.pair_precision + self.pair_recall
        return 2 * self.pair_precision * self.pair_recall / both if both else 0.0


def score(clusters: Sequence[Sequence[str]], truth: Truth, guns_min: int = CLUSTER_GUNS_MIN) -> Score:
    """Scores disjoint clusters of firearm ids; those of fewer than `guns_min` count as none.

    With no pair claimed, precision is 1 by convention: nothing wrong was said. Raises ValueError when a
    firearm stands in two clusters.
    """
    network_of = truth.network_of()
    said = [one for one in clusters if len(one) >= guns_min]
    if len({gun for one in said for gun in one}) != sum(map(len, said)):
        raise ValueError("a firearm stands in two clusters")
    claimed = right = false = 0
    found: set[str] = set()
    for one in said:
        counts = Counter(network_of[gun] for gun in one if gun in network_of)
        claimed += comb(len(one), 2)
        right += sum(comb(count, 2) for count in counts.values())
        name, most = counts.most_common(1)[0] if counts else ("", 0)
        if 2 * most < len(one):
            false += 1
        if (
            most
            and most >= PURE_SHARE_MIN * len(one)
            and most >= COVERED_SHARE_MIN * len(truth.networks[name].firearms)
        ):
            found.add(name)
    pairs = sum(comb(len(one.firearms), 2) for one in truth.networks.values())
    channels: dict[str, tuple[int, int]] = {}
    for name, one in sorted(truth.networks.items()):
        hits, all_of_it = channels.get(one.channel, (0, 0))
        channels[one.channel] = (hits + (name in found), all_of_it + 1)
    return Score(
        found=len(found) / len(truth.networks) if truth.networks else 0.0,
        pair_precision=right / claimed if claimed else 1.0,
        pair_recall=right / pairs if pairs else 0.0,
        false_per_1000=1000 * false / truth.innocents if truth.innocents else 0.0,
        clusters=len(said),
        found_by_channel=channels,
    )


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """(mean, low, high): the mean over seeds and its 95 % interval by Student's t; one value has none."""
    mean = fmean(values)
    if len(values) < 2:
        return mean, mean, mean
    half = _T.get(len(values) - 1, 1.96) * stdev(values) / sqrt(len(values))
    return mean, mean - half, mean + half


def summary(scores: Sequence[Score]) -> Mapping[str, tuple[float, float, float]]:
    """Each figure of the score over seeds, as `interval` gives it."""
    names = ("found", "pair_precision", "pair_recall", "f1", "false_per_1000")
    return {name: interval([getattr(one, name) for one in scores]) for name in names}
