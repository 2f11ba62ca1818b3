"""What an agency sees of a synthetic world: part of it, late, misread and under other names. SYNTHETIC.

Nothing here says to which network a thing belongs: the truth is not handed in.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
import numpy as np
from numpy.random import Generator

from lanbi.tracing.networks import facts
from lanbi.tracing.world.recipe import LABEL, Recipe
from lanbi.tracing.world.things import Consignment, Dealer, Firearm, Recovery, World

_MISREAD = dict(zip("0O1I5S8B2Z", "O0I1S5B8Z2", strict=True))
NOT_TRACED = ("dealer_paperwork", "too_old", "bad_identifiers")


class SeenFirearm(msgspec.Struct, frozen=True):
    """A recovered gun as it was entered. `serial_status`: legible, partial or obliterated; a misread serial
    is
    legible to whoever read it. `?` stands for a sign that nobody can read."""

    id: str
    recovery: str
    make: str
    model: str
    type: str
    calibre: str
    serial: str | None
    serial_status: str


class SeenParty(msgspec.Struct, frozen=True):
    """A purchaser as trace answers name them: the same name at the same address is one."""

    id: str
    name: str
    address: str | None
    phone: str | None


class SeenRequest(msgspec.Struct, frozen=True):
    """A trace request and its answer. `outcome`: purchaser, theft, undetermined, or None while it is waited
    for;
    `reason` says why undetermined."""

    id: str
    firearm: str
    sent: date
    answered: date | None
    outcome: str | None
    reason: str | None


class SeenSale(msgspec.Struct, frozen=True):
    """The first sale, or the theft from the dealer, that an answer tells of."""

    id: str
    request: str
    firearm: str
    dealer: str
    party: str | None
    day: date | None
    kind: str
    report: str | None


class SeenPacking(msgspec.Struct, frozen=True):
    """Papers place a gun in a consignment."""

    id: str
    firearm: str
    consignment: str


class SeenComparison(msgspec.Struct, frozen=True):
    """Ballistics of two guns: lead, confirmed or excluded."""

    id: str
    left: str
    right: str
    status: str
    day: date


class Observation(msgspec.Struct, frozen=True):
    """All that an agency has on its desk on the day `until`. SYNTHETIC."""

    until: date
    recoveries: tuple[Recovery, ...]
    firearms: tuple[SeenFirearm, ...]
    requests: tuple[SeenRequest, ...]
    dealers: tuple[Dealer, ...]
    parties: tuple[SeenParty, ...]
    sales: tuple[SeenSale, ...]
    consignments: tuple[Consignment, ...]
    packings: tuple[SeenPacking, ...]
    comparisons: tuple[SeenComparison, ...]
    label: str = LABEL

    def traced_share(self) -> float:
        """The share of recovered guns whose trace named a dealer."""
        return len({one.firearm for one in self.sales}) / max(1, len(self.firearms))

    def facts(self) -> facts.Facts:
        """The same as facts to find links in. A contact is equal for an equal address or telephone."""
        found = {gun: one for one in self.recoveries for gun in one.firearms}
        about = {one.id: one for one in self.consignments}
        uses = [
            (one.id, value, kind)
            for one in self.parties
            for kind, value in (("address", one.address), ("phone", one.phone))
            if value is not None
        ]
        uses += [(one.id, one.phone, "phone") for one in self.consignments]
        return facts.Facts(
            tuple(
                facts.Marked(
                    one.id, one.make, one.model, one.serial,
                    found[one.id].day.toordinal(), found[one.id].country,
                )
                for one in self.firearms
            ),
            tuple(
                facts.Sale(
                    one.id, one.firearm, one.dealer, one.party,
                    None if one.day is None else one.day.toordinal(), one.report, one.kind == "theft",
                )
                for one in self.sales
            ),
            tuple(
                facts.Packing(
                    one.id, one.firearm, one.consignment,
                    about[one.consignment].container, about[one.consignment].bill,
                )
                for one in self.packings
            ),
            tuple(facts.Comparison(one.id, one.left, one.right, one.status) for one in self.comparisons),
            tuple(
                facts.Use(f"U-{at:05d}", holder, value, kind)
                for at, (holder, value, kind) in enumerate(sorted(uses))
            ),
        )  # fmt: skip


def see(rng: Generator, world: World, recipe: Recipe) -> Observation:
    """What is seen of a world; the same generator state gives the same.

    `seen.trace_rate` is the share of all recovered guns that are traced in the end: the rates of the
    countries are shifted by one and the same number of log-odds until it comes out, as far as enough
    answers are there by now.
    """
    found = {gun: one for one in world.recoveries for gun in one.firearms}
    firearms = [_marked(rng, gun, found[gun.id].id, recipe) for gun in world.firearms]
    requests = _requests(rng, world, firearms, found, recipe)
    sales, parties = _answers(rng, world, requests, recipe)
    consignments, packings = _shipments(rng, world, recipe)
    known = {one.dealer for one in sales}
    return Observation(
        until=world.until,
        recoveries=world.recoveries,
        firearms=tuple(firearms),
        requests=tuple(requests),
        dealers=tuple(one for one in world.dealers if one.id in known),
        parties=tuple(parties),
        sales=tuple(sales),
        consignments=tuple(consignments),
        packings=tuple(packings),
        comparisons=tuple(_comparisons(rng, world, found, recipe)),
    )


def _marked(rng: Generator, gun: Firearm, recovery: str, recipe: Recipe) -> SeenFirearm:
    serial, status, draw = gun.serial, "legible", rng.random()
    obliterated, partial = recipe.number("seen.obliterated"), recipe.number("seen.partial")
    misread = recipe.number("seen.misread")
    if draw < obliterated:
        serial, status = None, "obliterated"
    elif draw < obliterated + partial:
        gone = set(rng.choice(len(serial), size=2, replace=False).tolist())
        serial, status = "".join("?" if at in gone else sign for at, sign in enumerate(serial)), "partial"
    elif draw < obliterated + partial + misread:
        at = int(rng.integers(len(serial)))
        other = _MISREAD.get(serial[at], str(int(rng.integers(10))))
        serial = serial[:at] + other + serial[at + 1 :]
    return SeenFirearm(gun.id, recovery, gun.make, gun.model, gun.type, gun.calibre, serial, status)


def _requests(
    rng: Generator, world: World, firearms: Sequence[SeenFirearm], found: dict[str, Recovery], recipe: Recipe
) -> list[SeenRequest]:
    number = recipe.number
    until, count = world.until.toordinal(), len(firearms)
    rate = {one.code: np.log(one.trace_rate / (1 - one.trace_rate)) for one in recipe.countries}
    odds = np.array([rate[found[one.id].country] for one in firearms])
    marked = {gun.id: gun.serial for gun in world.firearms}
    unread = np.array([one.serial != marked[one.id] for one in firearms])
    odds = odds - np.where(unread, number("seen.unread_log_odds"), 0.0)
    days = np.array([found[one.id].day.toordinal() for one in firearms])
    sent = days + rng.integers(1, 60, size=count)
    spread = number("seen.answer_days_sigma")
    waits = number("seen.answer_days_median") * np.exp(spread * rng.standard_normal(count))
    answers = sent + waits.astype(int) + 1
    able = answers <= until
    share, low, high = number("seen.trace_rate"), -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        less = np.mean(able / (1 + np.exp(-(odds + middle)))) < share
        low, high = (middle, high) if less else (low, middle)
    traced = able & (rng.random(count) < 1 / (1 + np.exp(-(odds + high))))
    # Of the guns that are not traced, as many were submitted that the whole share comes out.
    rest = (number("seen.submitted") * count - traced.sum()) / max(1, count - traced.sum())
    submitted = traced | (rng.random(count) < rest)
    theft = {one.firearm: one.kind == "theft" for one in world.acquisitions}
    rows, order = [], rng.permutation(int(submitted.sum()))
    for at in np.flatnonzero(submitted).tolist():
        one = firearms[at]
        outcome = reason = None
        if traced[at]:
            outcome = "theft" if theft[one.id] else "purchaser"
        elif able[at]:
            illegible = one.serial_status != "legible"
            outcome = "undetermined"
            reason = "obliterated" if illegible else NOT_TRACED[int(rng.integers(len(NOT_TRACED)))]
        rows.append(
            SeenRequest(
                f"Q-{order[len(rows)] + 1:05d}", one.id, date.fromordinal(int(sent[at])),
                date.fromordinal(int(answers[at])) if able[at] else None, outcome, reason,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda one: one.id)


def _answers(
    rng: Generator, world: World, requests: Sequence[SeenRequest], recipe: Recipe
) -> tuple[list[SeenSale], list[SeenParty]]:
    number = recipe.number
    sale_of = {one.firearm: one for one in world.acquisitions}
    buyers = {one.id: one for one in world.purchasers}
    known: dict[tuple[str, str | None], tuple[str | None, str | None]] = {}
    rows = []
    for request in requests:
        if request.outcome not in ("purchaser", "theft"):
            continue
        sale = sale_of[request.firearm]
        who: tuple[str, str | None] | None = None
        if sale.purchaser is not None:
            buyer = buyers[sale.purchaser]
            name, address, phone = buyer.name, buyer.address, buyer.phone
            if rng.random() < number("seen.aliases"):
                name = buyer.alias
                if rng.random() < number("seen.alias_other_address"):
                    address = f"{rng.integers(1, 9999)} Synthetic Other Street {rng.integers(1, 999)}"
                if rng.random() < number("seen.alias_other_phone"):
                    phone = f"+1 000 9{rng.integers(10, 99)} {rng.integers(10_000):04d}"
            no_address, no_phone = rng.random(2) < (number("seen.no_address"), number("seen.no_phone"))
            # Even where the answer withheld the address, it was the address that told two of one name apart.
            who = (name, address)
            before = known.get(who, (None, None))
            known[who] = (before[0] if no_address else address, before[1] if no_phone else phone)
        day = None if rng.random() < number("seen.no_date") else sale.day
        unreported = sale.kind != "theft" and rng.random() < number("seen.no_report")
        rows.append((sale, request.id, who, day, None if unreported else sale.report))
    order = rng.permutation(len(known))
    numbers = {who: f"P-{at + 1:05d}" for who, at in zip(sorted(known), order, strict=True)}
    parties = [SeenParty(numbers[who], who[0], *known[who]) for who in known]
    sales = [
        SeenSale(
            sale.id, request, sale.firearm, sale.dealer, numbers[who] if who else None, day, sale.kind, report
        )
        for sale, request, who, day, report in rows
    ]
    return sorted(sales, key=lambda one: one.id), sorted(parties, key=lambda one: one.id)


def _shipments(rng: Generator, world: World, recipe: Recipe) -> tuple[list[Consignment], list[SeenPacking]]:
    """Seized consignments are all seen; of the others as many that the whole share comes out."""
    seized = np.array([one.seized for one in world.consignments])
    share = recipe.number("seen.shipments")
    rest = max(0.0, (share * len(seized) - seized.sum()) / max(1, (~seized).sum()))
    seen = seized | (rng.random(len(seized)) < rest)
    rows, packed = [], []
    for one, chosen in zip(world.consignments, seen, strict=True):
        if not chosen:
            continue
        inside = [
            gun for gun in one.firearms if one.seized or rng.random() < recipe.number("seen.packing_known")
        ]
        rows.append(msgspec.structs.replace(one, firearms=tuple(inside)))
        packed += [(gun, one.id) for gun in inside]
    order = rng.permutation(len(packed))
    packings = [
        SeenPacking(f"K-{at + 1:05d}", gun, load) for at, (gun, load) in zip(order, packed, strict=True)
    ]
    return rows, sorted(packings, key=lambda one: one.id)


def _comparisons(
    rng: Generator, world: World, found: dict[str, Recovery], recipe: Recipe
) -> list[SeenComparison]:
    pairs = [(*one.firearms, True) for one in world.shootings]
    here: dict[str, list[str]] = {}
    for gun in sorted(found):
        here.setdefault(found[gun].country, []).append(gun)
    countries = sorted(here)
    for _ in range(int(rng.poisson(recipe.number("seen.false_leads") * len(pairs)))):
        guns = here[countries[int(rng.integers(len(countries)))]]
        if len(guns) > 1:
            left, right = (guns[int(at)] for at in rng.choice(len(guns), size=2, replace=False))
            pairs.append((min(left, right), max(left, right), False))
    rows = []
    for at, (left, right, true) in zip(rng.permutation(len(pairs)), pairs, strict=True):
        day = max(found[left].day, found[right].day) + timedelta(int(rng.integers(5, 120)))
        status = "lead"
        if rng.random() < recipe.number("seen.examined"):
            errs = rng.random() < recipe.number("seen.examiner_errs")
            status = "confirmed" if true != errs else "excluded"
        rows.append(SeenComparison(f"B-{at + 1:04d}", left, right, status, min(day, world.until)))
    return sorted(rows, key=lambda one: one.id)
