"""What may be recorded of a recovery, what may not, and what the boards show of it. Pure."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from lanbi.core.errors import Malformed, Refused
from lanbi.core.time import HOUR, Instant, rfc3339
from lanbi.tracing.model import Entity, Given, ref_of
from lanbi.tracing.schema import earliest, latest, read_date

ITEM_KINDS = ("firearm", "materiel")
ITEMS_AT_ONCE_MAX = 300
ITEMS_SHOWN_MAX = 500
SIMILAR_MAX = 20
QUERY_CHARS_MAX = 80
# On the islands farthest east a day begins so long before it does in Greenwich.
DAY_BEGINS_BEFORE: Instant = 14 * HOUR

SimilarReason = Literal["same_serial", "same_case"]
"""Why two may be one: the same serial and make; the same case, day and agency."""


class Item(msgspec.Struct, frozen=True):
    """One thing of a recovery, as it is given."""

    kind: str
    values: tuple[Given, ...]


class Similar(msgspec.Struct, frozen=True, kw_only=True):
    """Two entities that may be one: proposed, never merged. `of`: the one that was asked about."""

    of: str
    of_ref: str
    id: str
    ref: str
    reason: SimilarReason
    values: dict[str, str | None]


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A recovery with the items that were recorded just now, and what they may be the same as."""

    recovery: Entity
    items: list[Entity]
    similar: list[Similar]


class RecoveryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A recovery on the board. `firearms`, `materiel`: how many; `missing`: identifiers that nobody stated,
    its own and one for each firearm that lacks any."""

    id: str
    version: int
    ref: str
    number: int
    date: str | None
    country: str | None
    place: str | None
    lat: float | None
    lon: float | None
    radius_m: float | None
    agency: str | None
    case: str | None
    disposition: str | None
    legal_basis: str | None
    firearms: int
    materiel: int
    missing: int


class FirearmLine(msgspec.Struct, frozen=True, kw_only=True):
    """A firearm on the board. `missing`: of its five identifiers; `contested`: properties of which sources
    say different things; `sold_after`: its first sale lies after its recovery, so one of the two is
    wrong."""

    id: str
    version: int
    ref: str
    number: int
    recovery_id: str | None
    recovery: str | None
    type: str | None
    make: str | None
    model: str | None
    calibre: str | None
    serial: str | None
    serial_status: str | None
    country: str | None
    missing: int
    contested: int
    recovered_on: str | None
    recovered_in: str | None
    sold_on: str | None
    sold_in: str | None
    dealer_id: str | None
    trace_state: str
    outcome: str | None
    sold_after: bool


class RecoveryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which recoveries. `q`: a reference (R-12, F-118), or how a case, an agency or a serial begins. `since`,
    `until`: days, both included; a recovery of which only the month is known is of every day of it."""

    q: str = ""
    country: str = ""
    disposition: str = ""
    since: str = ""
    until: str = ""
    incomplete: bool = False


class FirearmFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which firearms. `country`: where they were recovered; `made_in`: of manufacture; `q`: a reference, or
    how a serial begins."""

    q: str = ""
    state: str = ""
    make: str = ""
    calibre: str = ""
    country: str = ""
    made_in: str = ""
    incomplete: bool = False
    contested: bool = False


def check_day(day: str, now: Instant) -> None:
    """Raises `Malformed("recoveries-day-ahead", day=, today=)` for a day that has begun nowhere on Earth."""
    today = rfc3339(now + DAY_BEGINS_BEFORE)[:10]
    if earliest(day) > today:
        raise Malformed("recoveries-day-ahead", day=day, today=rfc3339(now)[:10])


def check_order(sold: str, recovered: str) -> None:
    """Raises `Refused("recoveries-before-sale", recovered=, sold=)` where no reading of the two days lets the
    sale come first."""
    if is_after(sold, recovered):
        raise Refused("recoveries-before-sale", recovered=recovered, sold=sold)


def is_after(sold: str | None, recovered: str | None) -> bool:
    """Whether the sale certainly lies after the recovery."""
    return sold is not None and recovered is not None and earliest(sold) > latest(recovered)


def check_recovery(values: Sequence[Given], now: Instant) -> None:
    """Raises for a recovery on a day that has not come."""
    for given in values:
        if given.prop == "date":
            check_day(read_date(given.value, "date"), now)


def check_items(items: Sequence[Item]) -> None:
    """Raises `Malformed` for more than 300, for what is no item, and for one that is said to be elsewhere."""
    if len(items) > ITEMS_AT_ONCE_MAX:
        raise Malformed("recoveries-items-many", limit=ITEMS_AT_ONCE_MAX, given=len(items))
    for number, item in enumerate(items, 1):
        if item.kind not in ITEM_KINDS:
            raise Malformed("recoveries-item-kind", given=item.kind[:40], number=number)
        if any(given.prop == "recovery" for given in item.values):
            raise Malformed("recoveries-item-elsewhere", number=number)


def recovery_line(row: tuple[Any, ...]) -> RecoveryLine:
    """From a row of `tracing_recovery`; the columns stand in `sql`."""
    return RecoveryLine(
        id=row[0], version=row[1], ref=ref_of("recovery", row[2]), number=row[2], date=row[3], country=row[4],
        place=row[5], lat=row[6], lon=row[7], radius_m=row[8], agency=row[9], case=row[10],
        disposition=row[11], legal_basis=row[12], firearms=row[13], materiel=row[14], missing=row[15],
    )  # fmt: skip


def firearm_line(row: tuple[Any, ...]) -> FirearmLine:
    """From a row of `tracing_firearm`; the columns stand in `sql`."""
    return FirearmLine(
        id=row[0], version=row[1], ref=ref_of("firearm", row[2]), number=row[2], recovery_id=row[3],
        recovery=None if row[4] is None else ref_of("recovery", row[4]), type=row[5], make=row[6],
        model=row[7], calibre=row[8], serial=row[9], serial_status=row[10], country=row[11],
        missing=row[12], contested=row[13], recovered_on=row[14], recovered_in=row[15], sold_on=row[16],
        sold_in=row[17], dealer_id=row[18], trace_state=row[19], outcome=row[20],
        sold_after=is_after(row[16], row[14]),
    )  # fmt: skip
