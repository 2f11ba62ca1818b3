"""The recipe of the synthetic world, read from `data/world.toml`: each number with the source that it has."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

LABEL = "SYNTHETIC"


class Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A country of recovery. `share`: of all recoveries; `trace_rate`: share traced, before scaling."""

    code: str
    share: float
    trace_rate: float
    agencies: tuple[str, ...]
    places: tuple[str, ...]
    customs: str


class Route(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ports in order and the days between them. `share` is of the country's routes."""

    country: str
    share: float
    ports: tuple[str, ...]
    days: tuple[int, ...]


class Port(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A port by UN/LOCODE, or a land crossing by our own code (HT-BEL)."""

    code: str
    name: str


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A US state of sale and its share of the dealers."""

    code: str
    share: float


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model, its share of the guns sold, and its serial's pattern: A a letter, 9 a digit."""

    make: str
    model: str
    type: str
    calibre: str
    share: float
    serial: str


class Load(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How guns travel: what was declared and where they were hidden."""

    kind: str
    declared: str
    concealment: str
    share: float


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One parameter and where it comes from; "assumption" where nobody measured it."""

    value: float | date
    source: str


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All parameters: shares are 0…1, times in the unit that is named."""

    label: str
    scale: dict[str, Number]
    time: dict[str, Number]
    networks: dict[str, Number]
    channels: dict[str, Number]
    time_to_crime: dict[str, Number]
    innocents: dict[str, Number]
    dealers: dict[str, Number]
    stock: dict[str, Number]
    shipping: dict[str, Number]
    recoveries: dict[str, Number]
    ballistics: dict[str, Number]
    seen: dict[str, Number]
    countries: tuple[Country, ...]
    routes: tuple[Route, ...]
    ports: tuple[Port, ...]
    states: tuple[State, ...]
    models: tuple[Model, ...]
    loads: tuple[Load, ...]

    def number(self, name: str) -> float:
        """The parameter `group.name`; raises KeyError for one that is not there, TypeError for a date."""
        value = self._at(name).value
        if isinstance(value, date):
            raise TypeError(f"{name} is a date")
        return value

    def day(self, name: str) -> int:
        """The date `group.name` as a proleptic ordinal."""
        value = self._at(name).value
        if not isinstance(value, date):
            raise TypeError(f"{name} is no date")
        return value.toordinal()

    def with_numbers(self, **numbers: float) -> "Recipe":
        """A recipe with other values: `seen__trace_rate=0.23` is for `seen.trace_rate`."""
        changed: dict[str, dict[str, Number]] = {}
        for key, value in numbers.items():
            group, _, name = key.partition("__")
            self._at(f"{group}.{name}")
            table = changed.setdefault(group, dict(getattr(self, group)))
            table[name] = Number(value, "set by the caller")
        return msgspec.structs.replace(self, **changed)

    def ending(self, until: date) -> "Recipe":
        """The same years, moved so that the last day is `until`."""
        first, last = self.time["since"].value, self.time["until"].value
        if not isinstance(first, date) or not isinstance(last, date):
            raise TypeError("time.since and time.until are dates")
        moved = {
            "since": Number(first + (until - last), "set by the caller"),
            "until": Number(until, "set by the caller"),
        }
        return msgspec.structs.replace(self, time={**self.time, **moved})

    def with_one_trace_rate(self) -> "Recipe":
        """The same world where every country traces the same share, as in the pilot."""
        rate = self.number("seen.trace_rate")
        even = tuple(msgspec.structs.replace(one, trace_rate=rate) for one in self.countries)
        return msgspec.structs.replace(self, countries=even)

    def _at(self, name: str) -> Number:
        group, _, key = name.partition(".")
        return getattr(self, group)[key]


@cache
def standard() -> Recipe:
    """The recipe as shipped: 30 networks among 3,000 other guns, 45 % traced."""
    text = files("lanbi.tracing.world").joinpath("data", "world.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Recipe)
