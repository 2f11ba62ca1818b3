"""The facts that links are found in, as plain rows, and as columns of numbers."""

from collections import Counter
from collections.abc import Iterable

import msgspec
import numpy as np


class Marked(msgspec.Struct, frozen=True):
    """A recovered firearm. `serial` normalised, with `?` for a sign that nobody can read, or None; `found` an
    ordinal day, in `country`."""

    firearm: str
    make: str | None = None
    model: str | None = None
    serial: str | None = None
    found: int | None = None
    country: str | None = None


class Sale(msgspec.Struct, frozen=True):
    """What a trace answered: the first sale, or with `stolen` the theft from the dealer. `report`: the
    multiple-sale or loss report that lists the gun; `day` an ordinal."""

    id: str
    firearm: str
    dealer: str | None = None
    party: str | None = None
    day: int | None = None
    report: str | None = None
    stolen: bool = False


class Packing(msgspec.Struct, frozen=True):
    """A firearm was in a consignment, which had a container and a bill of lading, as far as is known."""

    id: str
    firearm: str
    consignment: str
    container: str | None = None
    bill: str | None = None


class Comparison(msgspec.Struct, frozen=True):
    """What a laboratory says of two firearms: lead, confirmed or excluded."""

    id: str
    left: str
    right: str
    status: str


class Use(msgspec.Struct, frozen=True):
    """A party or a consignment uses an address or a telephone; `contact` is the same for the same value."""

    id: str
    holder: str
    contact: str
    kind: str


class Facts(msgspec.Struct, frozen=True):
    """All facts of one question. The order of rows does not matter."""

    marked: tuple[Marked, ...]
    sales: tuple[Sale, ...] = ()
    packings: tuple[Packing, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    uses: tuple[Use, ...] = ()


SHORT_DAYS = 3 * 365  # a time-to-crime that counts as short (ATF)


class Background(msgspec.Struct, frozen=True):
    """How common things are among all recovered guns, so that a coincidence can be weighed.

    guns: how many; short_sales: of them sold within three years of their recovery, over `days` from the
    first to the last such sale, and by dealer; countries: guns by country of recovery; holders: how many
    share a contact.
    """

    guns: int
    short_sales: int
    days: int
    dealers: dict[str, int]
    countries: dict[str, int]
    holders: dict[tuple[str, str], int]


def background(facts: Facts) -> Background:
    """How common things are in these facts, which should be all there are, not those of two guns."""
    found = {one.firearm: one.found for one in facts.marked}
    short: dict[str, tuple[str | None, int]] = {}
    for sale in facts.sales:
        if not sale.stolen and sale.day is not None and sale.firearm in found:
            until = found[sale.firearm]
            if until is None or until - sale.day <= SHORT_DAYS:
                short[sale.id] = (sale.dealer, sale.day)
    when = [day for _, day in short.values()]
    users: dict[tuple[str, str], set[str]] = {}
    for use in facts.uses:
        users.setdefault((use.kind, use.contact), set()).add(use.holder)
    return Background(
        guns=len(facts.marked),
        short_sales=len(short),
        days=max(when) - min(when) if when else 0,
        dealers=dict(Counter(dealer for dealer, _ in short.values() if dealer is not None)),
        countries=dict(Counter(one.country for one in facts.marked if one.country is not None)),
        holders={contact: len(who) for contact, who in users.items() if len(who) > 1},
    )


class Coded:
    """Texts as numbers: equal texts one number, in the order of the texts; None is −1."""

    def __init__(self, texts: Iterable[str | None]) -> None:
        given = list(texts)
        self.names = tuple(sorted({one for one in given if one is not None}))
        at = {name: number for number, name in enumerate(self.names)}
        self.codes = np.array([-1 if one is None else at[one] for one in given], dtype=np.int64)


def days(values: Iterable[int | None]) -> np.ndarray:
    """Ordinal days as floats, unknown ones NaN."""
    return np.array([np.nan if one is None else one for one in values], dtype=float)


class Table:
    """The facts in columns: `firearms` sorted by id, and `fact_ids` in which facts are named by their place.

    Facts about firearms that are not among the marked are left out. Raises ValueError for a firearm marked
    twice.
    """

    def __init__(self, facts: Facts, among: Background | None = None) -> None:
        self.background = among or background(facts)
        self.marked = sorted(facts.marked, key=lambda one: one.firearm)
        self.firearms = tuple(one.firearm for one in self.marked)
        at = {name: number for number, name in enumerate(self.firearms)}
        if len(at) != len(self.firearms):
            raise ValueError("a firearm is marked twice")
        self.found = days(one.found for one in self.marked)
        self.country = Coded(one.country for one in self.marked)
        ids: list[str] = []

        def named(rows: list) -> np.ndarray:
            ids.extend(one.id for one in rows)
            return np.arange(len(ids) - len(rows), len(ids), dtype=np.int64)

        def gun(rows: list, name: str = "firearm") -> np.ndarray:
            return np.array([at[getattr(one, name)] for one in rows], dtype=np.int64)

        sales = sorted((one for one in facts.sales if one.firearm in at), key=lambda one: one.id)
        self.sale_fact, self.sale_gun = named(sales), gun(sales)
        self.sale_day = days(one.day for one in sales)
        self.dealer, self.party = Coded(one.dealer for one in sales), Coded(one.party for one in sales)
        self.report = Coded(one.report for one in sales)
        self.stolen = np.array([one.stolen for one in sales], dtype=bool)
        packings = sorted((one for one in facts.packings if one.firearm in at), key=lambda one: one.id)
        self.packing_fact, self.packing_gun = named(packings), gun(packings)
        self.consignment = Coded(one.consignment for one in packings)
        self.container = Coded(one.container for one in packings)
        self.bill = Coded(one.bill for one in packings)
        known = [one for one in facts.comparisons if one.left in at and one.right in at]
        pairs = sorted((one for one in known if one.left != one.right), key=lambda one: one.id)
        self.comparison_fact = named(pairs)
        self.comparison_left, self.comparison_right = gun(pairs, "left"), gun(pairs, "right")
        self.comparison_status = [one.status for one in pairs]
        uses = sorted(facts.uses, key=lambda one: one.id)
        self.use_fact = named(uses)
        self.uses = uses
        self.fact_ids = tuple(ids)
