"""Gives a drawn world its names, serials and numbers, and parts it from its truth. SYNTHETIC.

Every list is put in an order of chance before it is numbered, so that no id tells where a thing comes from.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

import numpy as np
from numpy.random import Generator

from lanbi.tracing.world import things
from lanbi.tracing.world.draft import Draft
from lanbi.tracing.world.truth import Network, Truth

_SYLLABLES = ("ba", "de", "fi", "go", "ka", "lu", "ma", "ne", "po", "ri", "sa", "te", "vo", "za", "mi", "lo")
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # makers leave out I, O and Q
_MASK = (1 << 64) - 1
_Row = TypeVar("_Row", bound="_Named")


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def finished(draft: Draft) -> tuple[things.World, Truth]:
    """The world in plain rows, and the truth beside it."""
    rng, recipe = draft.rng, draft.recipe
    gun_ids = _ids(rng, "F", len(draft.guns))
    load_ids = _ids(rng, "C", len(draft.loads))
    dealer_ids = _ids(rng, "D", len(draft.by_size))
    person_ids = _ids(rng, "P", len(draft.persons))
    reports = _ids(rng, "MS", draft.reports)
    serials = _serials(draft)
    by_state = np.cumsum([one.share for one in recipe.states])
    dealers = [
        things.Dealer(
            name,
            f"Synthetic Arms {name[2:]}",
            f"SYN-FFL-{name[2:]}",
            f"Synthetic {_word(rng, 3)}",
            recipe.states[draft.one_of(by_state / by_state[-1])].code,
        )
        for name in dealer_ids
    ]
    streets = [f"Synthetic {_word(rng, 3)} Street" for _ in range(400)]
    addresses = {
        one: f"{rng.integers(1, 9999)} {streets[int(rng.integers(400))]}"
        for one in sorted({person.address for person in draft.persons})
    }
    purchasers = [
        things.Purchaser(
            name,
            f"Synthetic {_word(rng, 2)} {_word(rng, 3)}",
            f"Synthetic {_word(rng, 2)} {_word(rng, 3)}",
            addresses[one.address],
            _phone(one.phone),
        )
        for name, one in zip(person_ids, draft.persons, strict=True)
    ]
    sale_ids = _ids(rng, "S", len(draft.guns))
    firearms, sales = [], []
    for at, gun in enumerate(draft.guns):
        model = recipe.models[gun.model]
        firearms.append(
            things.Firearm(gun_ids[at], model.make, model.model, model.type, model.calibre, serials[at])
        )
        sales.append(
            things.Acquisition(
                sale_ids[at],
                gun_ids[at],
                dealer_ids[gun.dealer],
                person_ids[gun.buyer] if gun.buyer >= 0 else None,
                date.fromordinal(gun.sold),
                "first_sale" if gun.buyer >= 0 else "theft",
                reports[gun.report] if gun.report >= 0 else None,
            )
        )
    world = things.World(
        until=date.fromordinal(draft.until),
        dealers=_sorted(dealers),
        purchasers=_sorted(purchasers),
        firearms=_sorted(firearms),
        acquisitions=_sorted(sales),
        consignments=_sorted(_consignments(draft, load_ids, gun_ids)),
        recoveries=_sorted(_recoveries(draft, load_ids, gun_ids)),
        shootings=_sorted(
            [
                things.Shooting(
                    name, date.fromordinal(day), recipe.countries[draft.guns[left].country].code,
                    (min(gun_ids[left], gun_ids[right]), max(gun_ids[left], gun_ids[right])),
                )
                for name, (day, left, right) in zip(
                    _ids(rng, "V", len(draft.shootings)), draft.shootings, strict=True
                )
            ]
        ),
    )  # fmt: skip
    return world, _truth(draft, gun_ids)


def _truth(draft: Draft, gun_ids: list[str]) -> Truth:
    names = _ids(draft.rng, "N", len(draft.channels))
    members: list[list[str]] = [[] for _ in names]
    for at, gun in enumerate(draft.guns):
        if gun.network >= 0:
            members[gun.network].append(gun_ids[at])
    return Truth(
        {
            name: Network(channel, tuple(sorted(mine)))
            for name, channel, mine in sorted(zip(names, draft.channels, members, strict=True))
        },
        len(draft.guns),
    )


def _consignments(draft: Draft, load_ids: list[str], gun_ids: list[str]) -> list[things.Consignment]:
    rng, recipe = draft.rng, draft.recipe
    bills = rng.permutation(len(draft.loads))
    numbers = [one for at in range(2 * draft.containers + 20) if (one := things.container_number(at))]
    numbers = [numbers[at] for at in rng.permutation(len(numbers))]
    rows = []
    for at, load in enumerate(draft.loads):
        ports = recipe.routes[load.route].ports
        legs = tuple(
            things.Leg(
                origin,
                destination,
                "road" if "-" in destination else "sea",
                *map(date.fromordinal, days),
            )
            for origin, destination, days in zip(ports, ports[1:], load.stays, strict=False)
        )
        about = recipe.loads[load.kind]
        rows.append(
            things.Consignment(
                load_ids[at],
                numbers[load.container] if load.container >= 0 else None,
                f"SYN-BL-{bills[at]:06d}",
                "container" if load.container >= 0 else about.kind,
                about.declared,
                about.concealment,
                _phone(load.phone),
                legs,
                tuple(sorted(gun_ids[one] for one in load.guns)),
                load.seized,
            )
        )
    return rows


def _recoveries(draft: Draft, load_ids: list[str], gun_ids: list[str]) -> list[things.Recovery]:
    rng, recipe = draft.rng, draft.recipe
    port_names = {one.code: one.name for one in recipe.ports}
    cases = rng.permutation(len(draft.events))
    rows = []
    for at, (name, guns) in enumerate(zip(_ids(rng, "R", len(draft.events)), draft.events, strict=True)):
        first = draft.guns[guns[0]]
        load = draft.loads[first.load]
        country = recipe.countries[first.country]
        place = country.places[int(rng.integers(len(country.places)))]
        agency = country.agencies[int(rng.integers(len(country.agencies)))]
        rows.append(
            things.Recovery(
                name,
                date.fromordinal(first.found),
                country.code,
                port_names[recipe.routes[load.route].ports[-1]] if load.seized else place,
                country.customs if load.seized else agency,
                f"SYN-{country.code}-{cases[at]:05d}",
                "seized" if load.seized or rng.random() < 0.8 else "found",
                load_ids[first.load] if load.seized else None,
                tuple(sorted(gun_ids[one] for one in guns)),
            )
        )
    return rows


def _serials(draft: Draft) -> list[str]:
    """Serials in the make's format: a dealer's stock of a model comes in lots of consecutive numbers.

    A gun's place in the stock follows from its day and the dealer's sales; other guns, never found, lie
    between.
    """
    recipe = draft.recipe
    lot = int(recipe.number("stock.lot"))
    key = int(draft.rng.integers(1 << 62))
    share = np.diff(draft.by_model, prepend=0.0)
    order = sorted(
        range(len(draft.guns)),
        key=lambda at: (draft.guns[at].dealer, draft.guns[at].model, draft.guns[at].sold, at),
    )
    serials = [""] * len(draft.guns)
    used: set[tuple[str, str]] = set()
    before, place = (-1, -1), 0
    for at in order:
        gun = draft.guns[at]
        model = recipe.models[gun.model]
        sold = int(gun.sold * draft.sales_per_day[gun.dealer] * share[gun.model])
        place = max(place + 1, sold) if before == (gun.dealer, gun.model) else sold
        before = (gun.dealer, gun.model)
        room = _room(model.serial)
        number = (_mix(key, gun.dealer, gun.model, place // lot) % (room // lot)) * lot + place % lot
        while (model.make, text := _written(model.serial, number)) in used:
            number = (number + lot) % room
        used.add((model.make, text))
        serials[at] = text
    return serials


def _room(pattern: str) -> int:
    room = 1
    for sign in pattern:
        room *= len(_LETTERS) if sign == "A" else 10
    return room


def _written(pattern: str, number: int) -> str:
    signs = []
    for sign in reversed(pattern):
        number, at = divmod(number, len(_LETTERS) if sign == "A" else 10)
        signs.append(_LETTERS[at] if sign == "A" else str(at))
    return "".join(reversed(signs))


def _mix(*numbers: int) -> int:
    """A number of 64 bits that looks drawn by chance (the steps of SplitMix64)."""
    mixed = 0
    for number in numbers:
        mixed = (mixed ^ number) + 0x9E3779B97F4A7C15 & _MASK
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _MASK
        mixed ^= mixed >> 31
    return mixed


def _ids(rng: Generator, letter: str, count: int) -> list[str]:
    """`F-0001` and on, in an order of chance."""
    width = max(2, len(str(count)))
    return [f"{letter}-{at + 1:0{width}d}" for at in rng.permutation(count)]


def _sorted(rows: Sequence[_Row]) -> tuple[_Row, ...]:
    return tuple(sorted(rows, key=lambda one: one.id))


def _word(rng: Generator, syllables: int) -> str:
    return "".join(_SYLLABLES[int(at)] for at in rng.integers(len(_SYLLABLES), size=syllables)).capitalize()


def _phone(number: int) -> str:
    """A number in area 000, which nobody has."""
    return f"+1 000 {number // 10000:03d} {number % 10000:04d}"
