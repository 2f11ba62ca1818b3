"""What can be concluded from a release alone: links between its firearms, times to crime, a timeline.

Nothing here looks further than the release: a link that rests on a statement that stays is not found.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from math import exp
from typing import Any, Literal

import msgspec

from lanbi.tracing.exports.model import Item, Release
from lanbi.tracing.model import clusters
from lanbi.tracing.networks.facts import Comparison, Facts, Marked, Packing, Sale, Use
from lanbi.tracing.networks.links import find
from lanbi.tracing.schema import earliest, latest
from lanbi.tracing.timing.ttc import Gun, Timed, time_to_crime

TIES_MAX = 120
LIKELIER_MAX = 1_000_000
_LEGIBLE = (None, "legible", "restored")
FIRST_SALE = (None, "first_sale")


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """Firearms that one thing ties: `kind`: a code of `link_reasons`; `about`: what they share, an entity
    where it is one. `likelier`: how many times likelier such a coincidence is between firearms of one network
    than between unrelated ones, of the weakest and the strongest pair. `on`: the entities whose claims carry
    it."""

    kind: str
    evidence: Literal["evidenced", "inferred"]
    firearms: tuple[str, ...]
    about: str
    likelier: tuple[int, int]
    on: tuple[str, ...]


class Spell(msgspec.Struct, frozen=True, kw_only=True):
    """Days from first retail sale to recovery, the least and the most that the dates allow; or why not."""

    firearm: Item
    sale: Item | None
    days: tuple[int, int] | None
    why_not: str | None


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One dated thing. `on`: as it was said; `sort`: the first day that it can mean."""

    on: str
    sort: str
    item: Item
    prop: str


def heads(release: Release) -> dict[str, str]:
    """For each entity the one that stands for it, by our judgements as far as they go out."""
    pairs = [(one.left, one.right) for one in release.same if one.verdict == "same"]
    return clusters(pairs, [item.id for item in release.items])


def facts_of(release: Release) -> Facts:
    """The facts that links are found in, of the firearms in a release."""
    head = heads(release)

    def named(entity_id: str | None) -> str | None:
        return None if entity_id is None else head.get(entity_id, entity_id)

    marked: dict[str, Marked] = {}
    packings = []
    for firearm in release.of("firearm"):
        recovery = release.named(firearm.value("recovery"))
        key = head[firearm.id]
        if key not in marked or key == firearm.id:
            marked[key] = _marked(key, firearm, recovery)
        consignment = None if recovery is None else release.named(recovery.value("consignment"))
        if recovery is not None and consignment is not None:
            packings.append(_packing(f"{recovery.id}/{firearm.id}", key, consignment, head))
    for packing in release.of("packing"):
        item, consignment = release.named(packing.value("item")), release.named(packing.value("consignment"))
        if item is not None and consignment is not None:
            packings.append(_packing(packing.id, head[item.id], consignment, head))
    sales = [
        Sale(
            id=sale.id,
            firearm=str(named(sale.value("firearm"))),
            dealer=named(sale.value("seller")),
            party=named(sale.value("buyer")),
            day=_day(sale.value("date")),
            report=sale.value("multiple_sale"),
            stolen=sale.value("kind") == "theft",
        )
        for sale in release.of("acquisition")
        if sale.value("firearm") and sale.value("kind") in (*FIRST_SALE, "theft")
    ]
    comparisons = [
        Comparison(
            one.id, str(named(one.value("left"))), str(named(one.value("right"))), str(one.value("status"))
        )
        for one in release.of("ballistic")
        if one.value("left") and one.value("right") and one.value("status")
    ]
    uses = [
        Use(
            one.id,
            str(named(one.value("party"))),
            str(named(one.value("contact"))),
            contact.value("kind") or "address",
        )
        for one in release.of("contact_use")
        if one.value("party") and (contact := release.named(one.value("contact"))) is not None
    ]
    return Facts(tuple(marked.values()), tuple(sales), tuple(packings), tuple(comparisons), tuple(uses))


def _day(text: str | None) -> int | None:
    """The ordinal of a whole day; a month or a year is no coincidence with anything."""
    return date.fromisoformat(text).toordinal() if text is not None and len(text) == 10 else None


def _marked(key: str, firearm: Item, recovery: Item | None) -> Marked:
    serial = firearm.value("serial")
    legible = firearm.value("serial_status") in _LEGIBLE and serial is not None and "?" not in serial
    found_on = None if recovery is None else recovery.value("date")
    return Marked(
        firearm=key,
        make=firearm.value("make"),
        model=firearm.value("model"),
        serial=serial if legible else None,
        found=None if found_on is None else date.fromisoformat(earliest(found_on)).toordinal(),
    )


def _packing(key: str, firearm: str, consignment: Item, head: dict[str, str]) -> Packing:
    return Packing(
        key, firearm, head[consignment.id], consignment.value("container"), consignment.value("bill")
    )


def ties(release: Release) -> tuple[list[Tie], int]:
    """What ties the firearms, the strongest first, at most `TIES_MAX`; and how many were left off."""
    links = find(facts_of(release))
    groups: dict[tuple[str, str], list[Any]] = {}
    for at in range(len(links)):
        link = links.link(at)
        groups.setdefault((link.kind, link.about), []).append(link)
    found = []
    for (kind, about), group in groups.items():
        weights = [link.weight for link in group]
        ids = sorted(
            {end for link in group for end in (link.left, link.right)}, key=lambda one: _number(release, one)
        )
        facts = dict.fromkeys(fact.partition("/")[0] for link in group for fact in link.facts)
        found.append(
            Tie(
                kind=kind,
                evidence=group[0].evidence,
                firearms=tuple(ids),
                about=about,
                likelier=(_likelier(min(weights)), _likelier(max(weights))),
                on=tuple(facts),
            )
        )
    found.sort(key=lambda tie: (tie.evidence != "evidenced", -tie.likelier[1], tie.kind, tie.about))
    return found[:TIES_MAX], max(0, len(found) - TIES_MAX)


def _number(release: Release, entity_id: str) -> tuple[int, str]:
    item = release.named(entity_id)
    return (item.number if item is not None else 0, entity_id)


def _likelier(weight: float) -> int:
    """The likelihood ratio to two figures; no more than a million, which no such weight can carry."""
    ratio = min(exp(weight), float(LIKELIER_MAX))
    if ratio < 10:
        return max(1, round(ratio))
    digits = len(str(int(ratio))) - 2
    return round(ratio / 10**digits) * 10**digits


def spells(release: Release) -> list[Spell]:
    """The time to crime of every recovered firearm, by what the release says of sale and recovery."""
    head = heads(release)
    sales: dict[str, list[Item]] = {}
    for sale in release.of("acquisition"):
        firearm = sale.value("firearm")
        if firearm and sale.value("date") and sale.value("kind") in FIRST_SALE:
            sales.setdefault(head.get(firearm, firearm), []).append(sale)
    found = []
    for firearm in release.of("firearm"):
        recovery = release.named(firearm.value("recovery"))
        if recovery is None or head[firearm.id] != firearm.id:
            continue
        sale = min(sales.get(firearm.id, []), key=lambda one: earliest(str(one.value("date"))), default=None)
        days, why_not = _days(sale, recovery, release.to.today)
        found.append(Spell(firearm=firearm, sale=sale, days=days, why_not=why_not))
    return found


def _days(sale: Item | None, recovery: Item, today: str) -> tuple[tuple[int, int] | None, str | None]:
    sold = None if sale is None else sale.value("date")
    seized = recovery.value("date")
    if sold is None:
        return None, "sale_unknown"
    if seized is None:
        return None, "recovery_unknown"
    as_of = date.fromisoformat(today)
    last = min(latest(seized), max(today, earliest(seized)))
    ends = []
    for start, end in ((latest(sold), earliest(seized)), (earliest(sold), last)):
        ends.append(
            time_to_crime(Gun(sold=date.fromisoformat(start), recovered=date.fromisoformat(end)), as_of)
        )
    least, most = ends
    if not isinstance(most, Timed):
        return None, most.reason
    return (least.days if isinstance(least, Timed) else 0, most.days), None


_DATED = {
    "acquisition": ("date",), "recovery": ("date",), "leg": ("departed", "arrived"), "ballistic": ("date",),
}  # fmt: skip


def timeline(release: Release) -> list[Moment]:
    """All that has a date, in order; of several that contradict, the one worked with."""
    found = [
        Moment(on=on, sort=earliest(on), item=item, prop=prop)
        for item in release.items
        for prop in _DATED.get(item.kind, ())
        if (on := item.value(prop)) is not None
    ]
    return sorted(found, key=lambda one: (one.sort, len(one.on), one.item.kind, one.item.number, one.prop))


def cites(release: Release, items: Iterable[Item], props: Sequence[str] = ()) -> list[int]:
    """The numbers of the sources that these items stand on, of some properties or of all."""
    return sorted(
        {
            release.numbers[claim.source]
            for item in items
            for claim in item.claims
            if not props or claim.prop in props
        }
    )
