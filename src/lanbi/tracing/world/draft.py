"""A synthetic world in the making: what is drawn so far, and the chances it is drawn with. SYNTHETIC."""

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.random import Generator

from lanbi.tracing.world.recipe import Recipe

YEAR_DAYS = 365.25
HELD_DAYS_MIN = 40  # an innocent gun is owned for a while before it is stolen, sent and found
HANDGUNS = ("pistol", "revolver")


class Gun(msgspec.Struct):
    """A gun while the world is being made; days are ordinals, −1 is none."""

    network: int
    model: int
    dealer: int
    buyer: int
    sold: int
    ready: int
    country: int
    report: int = -1
    load: int = -1
    found: int = -1


class Person(msgspec.Struct):
    """A buyer while the world is being made: numbers of an address and a telephone, equal where shared."""

    address: int
    phone: int


class Load(msgspec.Struct):
    """A consignment while the world is being made. `stays`: the days (from, to) of each leg."""

    network: int
    route: int
    kind: int
    stays: list[tuple[int, int]]
    guns: list[int]
    phone: int
    container: int = -1
    seized: bool = False


class Draft:
    """A world in the making, and the chances it is made with."""

    def __init__(self, rng: Generator, recipe: Recipe) -> None:
        self.rng, self.recipe = rng, recipe
        self.guns: list[Gun] = []
        self.persons: list[Person] = []
        self.loads: list[Load] = []
        self.events: list[list[int]] = []
        self.shootings: list[tuple[int, int, int]] = []
        self.channels: list[str] = []
        self.contacts = int(recipe.number("shipping.forwarders"))  # the first telephones are forwarders'
        self.reports = 0
        self.containers = 0
        self.since, self.until = recipe.day("time.since"), recipe.day("time.until")
        dealers = int(recipe.number("scale.dealers"))
        size = (1.0 + rng.permutation(dealers)) ** -recipe.number("dealers.zipf")
        self.sales_per_day = size * recipe.number("dealers.largest_sales_per_week") / 7
        self.by_size = np.cumsum(size / size.sum())
        self.by_model = np.cumsum(_shares([one.share for one in recipe.models]))
        self.by_country = np.cumsum(_shares([one.share for one in recipe.countries]))
        self.by_load = np.cumsum(_shares([one.share for one in recipe.loads]))
        self.routes: list[tuple[list[int], np.ndarray]] = []
        for country in recipe.countries:
            mine = [at for at, route in enumerate(recipe.routes) if route.country == country.code]
            self.routes.append((mine, np.cumsum(_shares([recipe.routes[at].share for at in mine]))))

    def chance(self, name: str) -> bool:
        """Whether a share of the recipe falls this time."""
        return self.rng.random() < self.recipe.number(name)

    def one_of(self, cumulated: np.ndarray) -> int:
        """A place drawn by cumulated shares."""
        return min(int(np.searchsorted(cumulated, self.rng.random(), "right")), len(cumulated) - 1)

    def between(self, low: float, high: float) -> int:
        """A day from low to high, both included."""
        return int(low) + int(self.rng.integers(0, max(1, int(high) - int(low) + 1)))

    def contact(self) -> int:
        """A new address or telephone."""
        self.contacts += 1
        return self.contacts - 1

    def person(self) -> int:
        """Somebody new, who now and then shares an address or a recycled number with an earlier one."""
        one = Person(self.contact(), self.contact())
        if self.persons:
            other = self.persons[int(self.rng.integers(len(self.persons)))]
            if self.chance("innocents.shared_address"):
                one.address = other.address
            if self.chance("innocents.recycled_phone"):
                one.phone = other.phone
        self.persons.append(one)
        return len(self.persons) - 1

    def days(self, shape: float, scale_years: float, low: float, high: float) -> int:
        """Days by a Weibull law of years, given that they lie from low to high."""
        ends = [-math.expm1(-((max(at, 0.0) / YEAR_DAYS / scale_years) ** shape)) for at in (low, high)]
        share = min(ends[0] + self.rng.random() * (ends[1] - ends[0]), 1 - 1e-12)
        years = scale_years * (-math.log1p(-share)) ** (1 / shape)
        return int(min(max(years * YEAR_DAYS, low), high))

    def held(self, low: float) -> int:
        """Days from an innocent first sale to the recovery, at least `low`."""
        number = self.recipe.number
        return self.days(
            number("time_to_crime.innocent_shape"), number("time_to_crime.innocent_scale_years"),
            low, number("time_to_crime.innocent_years_max") * YEAR_DAYS,
        )  # fmt: skip

    def route(self, country: int) -> int:
        """A route into a country."""
        mine, cumulated = self.routes[country]
        return mine[self.one_of(cumulated)]

    def stays(self, route: int, leaves: int) -> list[tuple[int, int]]:
        """The days of each leg of a route."""
        legs = []
        for days in self.recipe.routes[route].days:
            legs.append((leaves, leaves + days))
            leaves += days + int(self.rng.integers(1, 5))
        return legs

    def send(self, network: int, guns: list[int], route: int, leaves: int, phone: int) -> None:
        """Guns on their way together."""
        for at in guns:
            self.guns[at].load = len(self.loads)
        stays = self.stays(route, leaves)
        kind = self.one_of(self.by_load)
        self.loads.append(Load(network, route, kind, stays, guns, phone))

    def carrier(self) -> int:
        """The telephone on a bill: mostly a forwarder's, shared by half the island."""
        if self.rng.random() < 0.6:
            return int(self.rng.integers(int(self.recipe.number("shipping.forwarders"))))
        return self.contact()


def _shares(values: Sequence[float]) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return array / array.sum()
