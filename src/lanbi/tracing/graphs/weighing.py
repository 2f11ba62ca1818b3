"""What speaks for and against each reading of an inferred link: a matrix, filled to begin with."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from lanbi.tracing.networks import ach
from lanbi.tracing.networks.facts import Facts, Sale
from lanbi.tracing.networks.links import Link

SHORT_DAYS, LONG_DAYS = 365, 3 * 365
BUSY_DAYS = 7
BUSY_SALES_MIN = 5  # sales of one dealer within a week of both, as far as traces tell
COINCIDENCE = "the_coincidence"
RATINGS = ("CC", "C", "N", "NA", "I", "II")


class Ground(msgspec.Struct, frozen=True):
    """One item: a code of the vocabulary `link_reasons`, the fact that it stands in (if one), its grade."""

    code: str
    fact: str | None = None
    grade: str = "F6"

    @property
    def id(self) -> str:
        return self.code if self.fact is None else f"{self.code}:{self.fact}"


class Matrix(msgspec.Struct, frozen=True):
    """The grounds, the ratings by (ground's id, hypothesis), and what follows from them."""

    grounds: tuple[Ground, ...]
    cells: dict[tuple[str, str], ach.Rating]
    analysis: ach.Analysis


@cache
def standard() -> dict[str, dict[str, ach.Rating]]:
    """The ratings to begin with, by ground and hypothesis."""
    raw = tomllib.loads(files("lanbi.tracing.graphs").joinpath("data", "weighing.toml").read_text("utf-8"))
    return msgspec.convert(raw, dict[str, dict[str, ach.Rating]])


def grounds_of(
    link: Link,
    others: Iterable[Link],
    facts: Facts,
    *,
    countries: Mapping[str, str | None],
    recoveries: Mapping[str, str | None],
    dealer_sales: Callable[[str, date, int], int],
    grade_of: Callable[[str], str],
    unsure: Iterable[str],
) -> list[Ground]:
    """What is known beside the coincidence itself.

    `others`: further links between the same two. `countries`, `recoveries`: of each firearm.
    `dealer_sales`: how many sales of a dealer are known within so many days of a day. `grade_of`: of a fact's
    source. `unsure`: firearms whose serial is not wholly read.
    """
    pair = (link.left, link.right)
    found = [Ground(COINCIDENCE, fact, grade_of(fact)) for fact in dict.fromkeys(link.facts)]
    sales = [sale for sale in facts.sales if sale.firearm in pair]
    found_on = {one.firearm: one.found for one in facts.marked}
    times = [
        then - sale.day
        for sale in sales
        if sale.day is not None and (then := found_on.get(sale.firearm)) is not None
    ]
    if len(times) >= 2 and max(times) <= SHORT_DAYS:
        found.append(Ground("short_time_to_crime", grade="B2"))
    elif times and min(times) > LONG_DAYS:
        found.append(Ground("long_time_to_crime", grade="B2"))
    recovery = recoveries.get(link.left)
    if recovery is not None and recovery == recoveries.get(link.right):
        found.append(Ground("recovered_together", recovery, grade_of(recovery)))
    elif None not in (places := [countries.get(one) for one in pair]) and places[0] != places[1]:
        found.append(Ground("recovered_apart", grade="B2"))
    found += [Ground("theft_reported", sale.id, grade_of(sale.id)) for sale in sales if sale.stolen]
    found += _dealer(sales, dealer_sales)
    if any(one in pair for one in unsure):
        found.append(Ground("serial_unsure", grade="B2"))
    found += [
        Ground("ballistic_excluded", one.id, grade_of(one.id))
        for one in facts.comparisons
        if {one.left, one.right} == set(pair) and one.status == "excluded"
    ]
    if any(other.kind != link.kind for other in others):
        found.append(Ground("another_link", grade="B2"))
    return found


def _dealer(sales: Iterable[Sale], dealer_sales: Callable[[str, date, int], int]) -> list[Ground]:
    dated = [(sale.dealer, sale.day) for sale in sales if sale.dealer is not None and sale.day is not None]
    if len(dated) < 2 or len({dealer for dealer, _ in dated}) != 1:
        return []
    dealer, day = dated[0]
    much = dealer_sales(dealer, date.fromordinal(day), BUSY_DAYS) >= BUSY_SALES_MIN + 2
    return [Ground("dealer_sells_much" if much else "dealer_sells_little", grade="C3")]


def weigh(
    link_kind: str, grounds: Iterable[Ground], overruled: Mapping[tuple[str, str], ach.Rating]
) -> Matrix:
    """The matrix of a link with an analyst's own ratings in place of ours, ranked by what speaks against."""
    rows = tuple(grounds)
    readings = [reading.hypothesis for reading in ach.template(link_kind)]
    codes = {reading.code for reading in readings}
    cells: dict[tuple[str, str], ach.Rating] = {
        (ground.id, code): rating
        for ground in rows
        for code, rating in standard().get(ground.code, {}).items()
        if code in codes
    }
    ids = {ground.id for ground in rows}
    cells |= {key: rating for key, rating in overruled.items() if key[0] in ids and key[1] in codes}
    items = [ach.Item(ref=ground.id, grade=ground.grade) for ground in rows]
    return Matrix(rows, cells, ach.analyse(readings, items, cells))
