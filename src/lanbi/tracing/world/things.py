"""What the synthetic world is made of: plain rows. None of them says to which network a thing belongs."""

from datetime import date

import msgspec

from lanbi.tracing.networks.container import check_digit, read_container
from lanbi.tracing.world.recipe import LABEL


class Dealer(msgspec.Struct, frozen=True):
    """A licensed seller, invented."""

    id: str
    name: str
    licence: str
    city: str
    state: str


class Purchaser(msgspec.Struct, frozen=True):
    """An invented person who bought or received guns; the alias is another name that the person gives."""

    id: str
    name: str
    alias: str
    address: str
    phone: str


class Firearm(msgspec.Struct, frozen=True):
    """A gun as its maker marked it."""

    id: str
    make: str
    model: str
    type: str
    calibre: str
    serial: str


class Acquisition(msgspec.Struct, frozen=True):
    """A gun's first way out of the trade: a first sale to a purchaser, or a theft from the dealer.

    `report` is the multiple-sale report or the dealer's loss report that lists it.
    """

    id: str
    firearm: str
    dealer: str
    purchaser: str | None
    day: date
    kind: str
    report: str | None


class Leg(msgspec.Struct, frozen=True):
    """One stretch of a route: ports by UN/LOCODE, a mode (sea, road) and its days."""

    origin: str
    destination: str
    mode: str
    departed: date
    arrived: date


class Consignment(msgspec.Struct, frozen=True):
    """Guns that travelled together under one bill of lading. A container may hold several consignments."""

    id: str
    container: str | None
    bill: str
    kind: str
    declared: str
    concealment: str
    phone: str
    legs: tuple[Leg, ...]
    firearms: tuple[str, ...]
    seized: bool


class Recovery(msgspec.Struct, frozen=True):
    """An agency took guns at a place on a day."""

    id: str
    day: date
    country: str
    place: str
    agency: str
    case: str
    disposition: str
    consignment: str | None
    firearms: tuple[str, ...]


class Shooting(msgspec.Struct, frozen=True):
    """Two recovered guns had been fired at one scene: what a laboratory may find out."""

    id: str
    day: date
    country: str
    firearms: tuple[str, str]


class World(msgspec.Struct, frozen=True):
    """All that happened, but for who belonged to what: that is the truth, kept apart. SYNTHETIC."""

    until: date
    dealers: tuple[Dealer, ...]
    purchasers: tuple[Purchaser, ...]
    firearms: tuple[Firearm, ...]
    acquisitions: tuple[Acquisition, ...]
    consignments: tuple[Consignment, ...]
    recoveries: tuple[Recovery, ...]
    shootings: tuple[Shooting, ...]
    label: str = LABEL


def container_number(serial: int) -> str | None:
    """`SYNU0000427`: a prefix of no line, a serial below a million, and the check digit of ISO 6346.

    None for the serials that owners pass over, whose check digit is that of other numbers too.
    """
    body = f"SYNU{serial:06d}"
    written = f"{body}{check_digit(body)}"
    return None if "ten" in read_container(written).flags else written
