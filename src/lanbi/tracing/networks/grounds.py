"""On which grounds two recovered firearms are linked: a function for each family of facts, all near-linear.

Hubs link nobody: a coincidence weighs by how rare it is (where a dealer sells two hundred guns a week, the
same week is no coincidence), and a telephone of more than `HOLDERS_MAX` holders is a carrier's.
"""

from collections.abc import Sequence
from itertools import combinations

import msgspec
import numpy as np

from lanbi.tracing.networks.facts import SHORT_DAYS, Table

CLIQUE_GUNS_MAX = 12
YEAR_DAYS = 365
CO_PURCHASE_DAYS = 14
CO_PURCHASE_NEIGHBOURS_MAX = 24
BURST_DAYS = 60  # sales this near do not count as the dealer's ordinary trade
HOLDERS_MAX = 8
HOLDER_GUNS_MAX = 4
WEIGHT_MIN_NATS = 1.0


class Weights(msgspec.Struct, frozen=True):
    """What each kind of link weighs, in nats. Judged on the tuning worlds, to be judged again on real cases.

    co_purchase_*: the chance that a gun of the same network was bought so near in time at the same dealer, of
    which the chance that an unrelated one was is taken away.
    """

    purchaser: float = 10.0
    purchaser_years: float = 8.0  # purchases more than a year apart
    purchaser_one_long: float = 6.0  # one of the guns took long to its crime
    purchaser_long: float = 4.5  # both did
    report: float = 10.0
    report_long: float = 5.0
    theft: float = 11.0
    consignment: float = 9.5
    consignment_three: float = 6.0  # two or three guns may be small senders' who know nothing of each other
    consignment_two: float = 5.0
    bill: float = 9.5
    container: float = 2.0
    address: float = 7.5
    phone: float = 7.5
    serials: float = 8.0
    serials_far: float = 7.0
    serials_sold_together: float = 0.5
    ballistic_confirmed: float = 4.5
    ballistic_lead: float = 3.8
    co_purchase_days: float = 0.06  # within two days
    co_purchase_weeks: float = 0.03
    judged_on_guns: float = 3600  # how many guns there were to coincide with, when the weights were judged
    same_country: float = 0.8  # the chance that two guns of one network are found in one country
    same_country_nats_max: float = 1.5
    serials_long: float = -2.5  # for each of the two that took long to its crime


WEIGHTS = Weights()


class Found(msgspec.Struct, frozen=True):
    """Links of one kind in columns; `about` are places in `names`, the rest as in `links.Links`."""

    kind: str
    names: Sequence[str]
    about: np.ndarray
    left: np.ndarray
    right: np.ndarray
    weight: np.ndarray
    guns: np.ndarray
    apart: np.ndarray
    facts: np.ndarray


def _within(
    group: np.ndarray, gun: np.ndarray, when: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(first row, second row, guns in the group) of the pairs within groups; −1 is no group.

    A gun counts once in a group. Up to `CLIQUE_GUNS_MAX` guns give all pairs, more a chain by `when`.
    """
    rows = np.flatnonzero(group >= 0)
    rows = rows[np.lexsort((rows, gun[rows], group[rows]))]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (np.diff(group[rows]) != 0) | (np.diff(gun[rows]) != 0)
    rows = rows[first]
    rows = rows[np.lexsort((gun[rows], when[rows], group[rows]))]
    size = np.bincount(group[rows], minlength=1)[group[rows]] if len(rows) else np.zeros(0, np.int64)
    pairs_a, pairs_b = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, CLIQUE_GUNS_MAX):
        few = (size[:-step] <= CLIQUE_GUNS_MAX) | (step == 1)
        here = np.flatnonzero((group[rows[:-step]] == group[rows[step:]]) & few)
        if not len(here):
            break
        pairs_a.append(here)
        pairs_b.append(here + step)
    one, other = np.concatenate(pairs_a), np.concatenate(pairs_b)
    return rows[one], rows[other], size[one]


def _apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    gap = np.abs(one - other)
    return np.where(np.isnan(gap), -1, gap).astype(np.int64)


def two(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    none = np.full(len(left), -1, dtype=np.int64)
    return np.stack([left, right, none, none], axis=1)


def places(table: Table, weights: Weights, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """What it adds to a coincidence that the two were found in one country, the rarer the more, or in two."""
    one, other = table.country.codes[left], table.country.codes[right]
    known = (one >= 0) & (other >= 0)
    everywhere = table.background.countries
    of_all = sum(everywhere.values()) + len(everywhere) + 1.0
    share = np.array([(everywhere.get(name, 0) + 1.0) / of_all for name in table.country.names] or [1.0])
    share = share[np.maximum(one, 0)]
    same = np.minimum(np.log(weights.same_country / share), weights.same_country_nats_max)
    apart = np.log((1 - weights.same_country) / np.maximum(1 - share, 1 - weights.same_country))
    return np.where(known, np.where(one == other, same, apart), 0.0)


def sales(table: Table, weights: Weights) -> list[Found]:
    """Shared purchaser, multiple-sale report or loss report; purchases near in time at the same dealer."""
    gun, day = table.sale_gun, table.sale_day
    long = (table.found[gun] - day) > SHORT_DAYS
    found = []

    def add(kind: str, names: Sequence[str], group: np.ndarray) -> None:
        one, other, guns = _within(group, gun, np.nan_to_num(day))
        apart = _apart(day[one], day[other])
        longs = long[one].astype(int) + long[other]
        if kind == "purchaser":
            weight = np.where(apart > YEAR_DAYS, weights.purchaser_years, weights.purchaser)
            slow = np.where(longs == 1, weights.purchaser_one_long, weights.purchaser_long)
            weight = np.where(longs == 0, weight, slow)
        elif kind == "report":
            weight = np.where(longs > 0, weights.report_long, weights.report)
        else:
            weight = np.full(len(one), weights.theft)
        facts = two(table.sale_fact[one], table.sale_fact[other])
        found.append(Found(kind, names, group[one], gun[one], gun[other], weight, guns, apart, facts))

    add("purchaser", table.party.names, table.party.codes)
    add("report", table.report.names, np.where(table.stolen, -1, table.report.codes))
    add("theft", table.report.names, np.where(table.stolen, table.report.codes, -1))
    found.append(_co_purchase(table, weights, long))
    return found


def _co_purchase(table: Table, weights: Weights, long: np.ndarray) -> Found:
    """Different purchasers, the same dealer, within two weeks, and both guns soon in a crime."""
    dealer, day, gun = table.dealer.codes, table.sale_day, table.sale_gun
    rows = np.flatnonzero((dealer >= 0) & ~np.isnan(day) & ~long & ~table.stolen)
    rows = rows[np.lexsort((gun[rows], day[rows], dealer[rows]))]
    pairs_a, pairs_b = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, CO_PURCHASE_NEIGHBOURS_MAX + 1):
        a, b = rows[:-step], rows[step:]
        near = (dealer[a] == dealer[b]) & (day[b] - day[a] <= CO_PURCHASE_DAYS)
        if not near.any():
            break
        pairs_a.append(a[near])
        pairs_b.append(b[near])
    one, other = np.concatenate(pairs_a), np.concatenate(pairs_b)
    party = table.party.codes
    differ = (gun[one] != gun[other]) & ((party[one] < 0) | (party[one] != party[other]))
    one, other = one[differ], other[differ]
    gap = day[other] - day[one]
    around, weight = table.background, np.zeros(0)
    trade = np.array([around.dealers.get(name, 0) for name in table.dealer.names] or [0])
    if len(one):
        # The dealer's ordinary trade, as far as it is seen: its sales outside the burst that the pair is in.
        start, end = float(np.min(day[rows])), float(np.max(day[rows]))
        step = end - start + 4 * BURST_DAYS
        line = dealer[rows] * step + (day[rows] - start)
        middle = dealer[one] * step + ((day[one] + day[other]) / 2 - start)
        burst = np.searchsorted(line, middle + BURST_DAYS, "right")
        burst = burst - np.searchsorted(line, middle - BURST_DAYS)
        ordinary = np.maximum(trade[dealer[one]] - burst, 0)
        expected = (ordinary + 0.5) / max(around.days - 2 * BURST_DAYS, YEAR_DAYS) * (2 * gap + 1)
        chance = np.where(gap <= 2, weights.co_purchase_days, weights.co_purchase_weeks)
        traced = max(around.short_sales, 1) / max(around.guns, 1)
        weight = np.log(chance * traced * weights.judged_on_guns / expected)
        weight = np.minimum(weight + places(table, weights, gun[one], gun[other]), weights.report)
    keep = np.flatnonzero(weight >= WEIGHT_MIN_NATS)
    one, other = one[keep], other[keep]
    facts = two(table.sale_fact[one], table.sale_fact[other])
    return Found(
        "co_purchase", table.dealer.names, dealer[one], gun[one], gun[other], weight[keep],
        trade[dealer[one]], gap[keep].astype(np.int64), facts,
    )  # fmt: skip


def shipments(table: Table, weights: Weights) -> list[Found]:
    """The same consignment; another one under the same bill of lading; another one in the same container."""
    gun = table.packing_gun
    still = np.zeros(len(gun))
    found = []
    for kind, coded in (
        ("consignment", table.consignment),
        ("bill", table.bill),
        ("container", table.container),
    ):
        one, other, guns = _within(coded.codes, gun, still)
        if kind != "consignment":
            differ = table.consignment.codes[one] != table.consignment.codes[other]
            one, other, guns = one[differ], other[differ], guns[differ]
        weight = np.full(len(one), getattr(weights, kind))
        if kind == "consignment":
            few = [weights.consignment_two, weights.consignment_three]
            weight = np.select([guns == 2, guns == 3], few, weight)
        facts = two(table.packing_fact[one], table.packing_fact[other])
        apart = np.full(len(one), -1, dtype=np.int64)
        found.append(
            Found(kind, coded.names, coded.codes[one], gun[one], gun[other], weight, guns, apart, facts)
        )
    return found


def contacts(table: Table, weights: Weights) -> list[Found]:
    """An address or a telephone of two holders: purchasers, or consignments. Of each, the first few guns."""
    held: dict[str, list[tuple[int, int]]] = {}
    for codes, names, guns, facts in (
        (table.party.codes, table.party.names, table.sale_gun, table.sale_fact),
        (table.consignment.codes, table.consignment.names, table.packing_gun, table.packing_fact),
    ):
        for code, gun, fact in zip(codes.tolist(), guns.tolist(), facts.tolist(), strict=True):
            if code >= 0:
                held.setdefault(names[code], []).append((gun, fact))
    users: dict[str, dict[tuple[str, str], int]] = {"address": {}, "phone": {}}
    for use, fact in zip(table.uses, table.use_fact.tolist(), strict=True):
        if use.holder in held:
            users[use.kind].setdefault((use.contact, use.holder), fact)
    found = []
    for kind, uses in users.items():
        by_contact: dict[str, list[tuple[str, int]]] = {}
        for (contact, holder), fact in uses.items():
            by_contact.setdefault(contact, []).append((holder, fact))
        rows: list[tuple[int, int, int, int, int, int, int, int]] = []
        names = []
        for contact, holders in sorted(by_contact.items()):
            everybody = max(len(holders), table.background.holders.get((kind, contact), 0))
            if len(holders) < 2 or everybody > HOLDERS_MAX:
                continue
            for (a, use_a), (b, use_b) in combinations(sorted(holders), 2):
                for gun_a, fact_a in sorted(held[a])[:HOLDER_GUNS_MAX]:
                    for gun_b, fact_b in sorted(held[b])[:HOLDER_GUNS_MAX]:
                        if gun_a != gun_b:
                            row = (gun_a, gun_b, len(names), everybody, fact_a, fact_b, use_a, use_b)
                            rows.append(row)
            names.append(contact)
        columns = np.array(rows, dtype=np.int64).reshape(-1, 8)
        left, right, about, shared = columns[:, :4].T
        weight = getattr(weights, kind) - np.log(np.maximum(shared - 1, 1))
        weight = weight + places(table, weights, left, right)
        keep = np.flatnonzero(weight >= WEIGHT_MIN_NATS)
        apart = np.full(len(keep), -1, dtype=np.int64)
        found.append(
            Found(
                kind, names, about[keep], left[keep], right[keep], weight[keep],
                shared[keep], apart, columns[keep, 4:],
            )
        )  # fmt: skip
    return found


def ballistics(table: Table, weights: Weights) -> list[Found]:
    """Confirmed hits, and leads that no examiner has excluded or confirmed. A lead is no hit."""
    count = max(1, len(table.firearms))
    low = np.minimum(table.comparison_left, table.comparison_right)
    high = np.maximum(table.comparison_left, table.comparison_right)
    pair = low * count + high
    status = np.array(table.comparison_status, dtype=object)
    decided = pair[(status == "confirmed") | (status == "excluded")]
    found = []
    for kind, chosen in (
        ("ballistic_confirmed", status == "confirmed"),
        ("ballistic_lead", (status == "lead") & ~np.isin(pair, decided)),
    ):
        rows = np.flatnonzero(chosen.astype(bool))
        rows = rows[np.unique(pair[rows], return_index=True)[1]]
        weight = np.full(len(rows), getattr(weights, kind))
        names = [table.fact_ids[at] for at in table.comparison_fact[rows]]
        facts = two(table.comparison_fact[rows], np.full(len(rows), -1))
        found.append(
            Found(
                kind, names, np.arange(len(rows)), low[rows], high[rows], weight,
                np.full(len(rows), 2), np.full(len(rows), -1, dtype=np.int64), facts,
            )
        )  # fmt: skip
    return found
