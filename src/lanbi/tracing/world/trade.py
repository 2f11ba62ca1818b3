"""How guns leave the trade in the synthetic world: through networks, and without any. SYNTHETIC."""

from itertools import pairwise

import msgspec
import numpy as np

from lanbi.tracing.world.draft import HANDGUNS, HELD_DAYS_MIN, YEAR_DAYS, Draft, Gun

REPORT_DAYS = 7  # five business days
CHANNELS = ("straw", "unlicensed", "dealer_theft", "owner_theft")


class _Ring(msgspec.Struct, frozen=True):
    """A network at work: its number, its usual country, and the days between which it gets guns."""

    number: int
    home: int
    start: int
    end: float


def network(draft: Draft) -> None:
    """One network: it gets guns through its channel, and sends them in consignments to its countries."""
    rng, number = draft.rng, draft.recipe.number
    channel = CHANNELS[draft.one_of(np.cumsum([number(f"channels.{name}") for name in CHANNELS]))]
    draft.channels.append(channel)
    size = rng.lognormal(np.log(number("networks.size_median")), number("networks.size_sigma"))
    size = int(min(max(round(size), number("networks.size_min")), number("networks.size_max")))
    active = YEAR_DAYS * rng.uniform(number("networks.active_years_min"), number("networks.active_years_max"))
    last = draft.until - 250
    start = min(draft.between(draft.since - YEAR_DAYS, draft.until - 1.5 * YEAR_DAYS), int(last - active))
    ring = _Ring(len(draft.channels) - 1, draft.one_of(draft.by_country), start, start + active)
    first = len(draft.guns)
    if channel == "straw":
        _bought(draft, ring, size, _buyers(draft, size))
    elif channel == "unlicensed":
        own = int(rng.binomial(size, number("networks.own_purchases")))
        _bought(draft, ring, own, _buyers(draft, 1))
        _from_owners(draft, ring, size - own, 1)
    elif channel == "dealer_theft":
        _burgled(draft, ring, size)
    else:
        _from_owners(draft, ring, size, 4)
    _consign(draft, ring, list(range(first, len(draft.guns))))


def _buyers(draft: Draft, guns: int) -> list[int]:
    """Who buys for a network; some give its address or its telephone."""
    more = guns / draft.recipe.number("networks.guns_per_buyer")
    buyers = [draft.person() for _ in range(1 + int(draft.rng.poisson(more)))]
    address, phone = draft.contact(), draft.contact()
    for buyer in buyers:
        if draft.chance("networks.shared_address"):
            draft.persons[buyer].address = address
        if draft.chance("networks.shared_phone"):
            draft.persons[buyer].phone = phone
    return buyers


def _dealers(draft: Draft) -> list[int]:
    """Where a network buys: now a large dealer, now any."""
    count = 1 + int(draft.rng.poisson(draft.recipe.number("networks.more_dealers_mean")))
    anywhere = len(draft.by_size)
    return [
        int(draft.rng.integers(anywhere))
        if draft.chance("dealers.small_share")
        else draft.one_of(draft.by_size)
        for _ in range(count)
    ]


def _bought(draft: Draft, ring: _Ring, size: int, buyers: list[int]) -> None:
    """Visits of buyers to dealers, each for a gun or more."""
    rng, number = draft.rng, draft.recipe.number
    dealers = _dealers(draft)
    favour = rng.dirichlet(np.ones(len(buyers)))
    while size > 0:
        buyer = int(rng.choice(len(buyers), p=favour))
        usual = draft.chance("networks.usual_dealer")
        dealer = dealers[buyer % len(dealers) if usual else int(rng.integers(len(dealers)))]
        day = draft.between(ring.start, ring.end)
        model = draft.one_of(draft.by_model)
        count = min(size, int(rng.geometric(1 / number("networks.guns_per_visit"))))
        with_it = int(rng.integers(len(buyers))) if draft.chance("networks.two_buyers") else buyer
        for at in range(count):
            again = at == 0 or draft.chance("networks.same_model")
            kind = model if again else draft.one_of(draft.by_model)
            who = buyers[with_it if at % 2 else buyer]
            draft.guns.append(Gun(ring.number, kind, dealer, who, day, day, ring.home))
        size -= count


def _from_owners(draft: Draft, ring: _Ring, size: int, at_once: int) -> None:
    """Guns that others had bought long before: resold to the network, or stolen from their houses."""
    while size > 0:
        owner = draft.person()
        got = draft.between(ring.start, ring.end)
        count = min(size, int(draft.rng.integers(1, at_once + 1)))
        for _ in range(count):
            sold = got - draft.held(HELD_DAYS_MIN)
            model, dealer = draft.one_of(draft.by_model), draft.one_of(draft.by_size)
            draft.guns.append(Gun(ring.number, model, dealer, owner, sold, got, ring.home))
        size -= count


def _burgled(draft: Draft, ring: _Ring, size: int) -> None:
    """Burglaries of dealers: a trace ends at the dealer and its loss report."""
    while size > 0:
        dealer = int(draft.rng.integers(len(draft.by_size)))
        day = draft.between(ring.start, ring.end)
        report = draft.reports
        draft.reports += 1
        count = min(size, 3 + int(draft.rng.poisson(7)))
        models = [draft.one_of(draft.by_model) for _ in range(3)]
        for _ in range(count):
            kind = models[int(draft.rng.integers(len(models)))]
            draft.guns.append(Gun(ring.number, kind, dealer, -1, day, day, ring.home, report))
        size -= count


def _consign(draft: Draft, ring: _Ring, guns: list[int]) -> None:
    """Guns in the order in which they came, a handful at a time, to the usual country or another."""
    rng, number = draft.rng, draft.recipe.number
    guns.sort(key=lambda at: (draft.guns[at].ready, at))
    mine = draft.contact()
    while guns:
        count = min(len(guns), 1 + int(rng.poisson(number("networks.guns_per_consignment") - 1)))
        now, guns = guns[:count], guns[count:]
        country = ring.home if draft.chance("networks.home_country") else draft.one_of(draft.by_country)
        for at in now:
            draft.guns[at].country = country
        wait = min(int(rng.exponential(number("networks.consigning_wait_days"))), 150)
        leaves = max(draft.guns[at].ready for at in now) + 1 + wait
        phone = mine if draft.chance("networks.kept_phone") else draft.carrier()
        draft.send(ring.number, now, draft.route(country), leaves, phone)


def innocents(draft: Draft) -> None:
    """The other guns: sold, kept, resold or stolen, at last in the islands, alone or by twos and threes."""
    rng, number = draft.rng, draft.recipe.number
    left = int(number("scale.innocents"))
    # The recipe gives shares of guns, but groups are drawn: of 2.4 guns each, on average.
    house, mixed = number("innocents.household_share") / 2.4, number("innocents.mixed_share") / 2.4
    while left > 0:
        kind = rng.random()
        count = 1 if kind >= house + mixed else min(left, int(rng.choice([2, 3, 4], p=[0.7, 0.2, 0.1])))
        household = kind < house
        together = not household or draft.chance("innocents.household_together")
        country, base = draft.one_of(draft.by_country), draft.between(draft.since, draft.until)
        owner = draft.person() if household else -1
        mine: list[int] = []
        for at in range(count):
            found = min(base + draft.between(0, 300), draft.until) if together and at else base
            if not together and at:
                base = found = draft.between(draft.since, draft.until)
            sold = base - draft.held(HELD_DAYS_MIN)
            dealer, model = draft.one_of(draft.by_size), draft.one_of(draft.by_model)
            if household and at and draft.chance("innocents.household_same_day"):
                before = draft.guns[mine[-1]]
                if found - before.sold >= HELD_DAYS_MIN and base - before.sold >= HELD_DAYS_MIN:
                    sold, dealer = before.sold, before.dealer
            buyer = owner if household else draft.person()
            mine.append(len(draft.guns))
            draft.guns.append(Gun(-1, model, dealer, buyer, sold, sold, country, found=found))
        for sent in [mine] if together else [[at] for at in mine]:
            low = max(draft.guns[at].sold for at in sent) + 1
            high = min(draft.guns[at].found for at in sent) - 20
            draft.send(-1, sent, draft.route(country), draft.between(low, high), draft.carrier())
        left -= count


def multiple_sales(draft: Draft) -> None:
    """Two handguns or more to one person at one dealer within five business days are reported together."""
    visits: dict[tuple[int, int], list[Gun]] = {}
    for gun in draft.guns:
        if gun.buyer >= 0 and draft.recipe.models[gun.model].type in HANDGUNS:
            visits.setdefault((gun.buyer, gun.dealer), []).append(gun)
    for guns in visits.values():
        guns.sort(key=lambda gun: gun.sold)
        for before, gun in pairwise(guns):
            if gun.sold - before.sold <= REPORT_DAYS:
                if before.report < 0:
                    before.report = draft.reports
                    draft.reports += 1
                gun.report = before.report
