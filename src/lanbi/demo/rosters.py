"""The demo's rosters: SYNTHETIC crews for the synthetic units, three watches of twelve hours each.

Nobody here exists. A member's name says so; service numbers begin with the unit's callsign and a letter for
the watch. The watch before has gone home, this one is aboard since it began, the next is planned.
"""

from typing import Protocol

import msgspec

from lanbi.core.access import SYSTEM
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import HOUR, Instant
from lanbi.dispatch.model import Unit
from lanbi.dispatch.service import Dispatch
from lanbi.rosters.service import Rosters

WATCH: Instant = 12 * HOUR
UNITS_MAX = 200
# Late typing reaches back a day and no farther.
REACH: Instant = 24 * HOUR
# One crew brings what its vehicle does not have; one has gone on too long, one came back too early.
BRINGS = {"M23": ("midwife", "oxygen")}
LONG = "P12"
TIRED = "M21"
SEATS = (("Plas 1", "plas1"), ("Plas 2", "plas2"))
SEAT_LEFT: Instant = 5 * HOUR


class Room(Protocol):
    """What is needed of the node."""

    @property
    def store(self) -> Store: ...
    @property
    def dispatch(self) -> Dispatch: ...
    @property
    def rosters(self) -> Rosters: ...


class _Watch(msgspec.Struct, frozen=True):
    letter: str
    starts_at: Instant
    ends_at: Instant


def set_rosters(room: Room) -> None:
    """Enrols and plans what is not there yet; a demo that goes on keeps its rosters."""
    if room.store.read_now(lambda reader: room.rosters.members(reader, SYSTEM, after="", limit=1)):
        return
    units = room.store.read_now(lambda reader: _units(room, reader))
    for unit in units:
        if unit.crew and unit.shift_until is not None:
            room.store.write_now(SYSTEM, lambda tx, unit=unit: _crews(room.rosters, tx, unit))
    room.store.write_now(SYSTEM, lambda tx: _seats(room.rosters, tx))


def _units(room: Room, reader: Reader) -> list[Unit]:
    return room.dispatch.units(reader, SYSTEM, after="", limit=UNITS_MAX)


def _crews(rosters: Rosters, tx: Tx, unit: Unit) -> None:
    until = unit.shift_until or tx.now
    begun = max(until - WATCH, tx.now - REACH) - (2 * HOUR if unit.callsign == LONG else 0)
    before = _Watch("A", begun - WATCH, begun)
    now = _Watch("B", begun, until)
    after = _Watch("C", until, until + WATCH)
    people = {watch.letter: _people(rosters, tx, unit, watch.letter) for watch in (before, now, after)}
    if unit.callsign == TIRED:
        # Somebody of the watch before comes back for the next one: nine hours' rest or so, and it says so.
        people["C"] = [people["B"][0], *people["C"][1:]]
        after = _Watch("C", until + 9 * HOUR, until + 9 * HOUR + WATCH)
    for watch in (before, now, after):
        shift = rosters.plan(
            tx,
            unit_id=unit.id,
            members=people[watch.letter],
            starts_at=watch.starts_at,
            ends_at=watch.ends_at,
        )
        if watch.letter == "B" or (watch.letter == "A" and watch.starts_at >= tx.now - REACH):
            rosters.sign_on(tx, shift.id, at=watch.starts_at)
        if watch.letter == "A":
            if watch.starts_at >= tx.now - REACH:
                rosters.sign_off(tx, shift.id, at=watch.ends_at)
            else:
                rosters.cancel(tx, shift.id)


def _people(rosters: Rosters, tx: Tx, unit: Unit, letter: str) -> list[str]:
    found = []
    for place in range(1, unit.crew + 1):
        number = f"{unit.callsign}-{letter}{place}"
        member = rosters.enrol(
            tx,
            number=number,
            name=f"Moun envante {number}",
            qualifications=BRINGS.get(unit.callsign, ()) if place == 1 else (),
        )
        found.append(member.id)
    return found


def _seats(rosters: Rosters, tx: Tx) -> None:
    ends_at = tx.now + SEAT_LEFT
    for seat, account in SEATS:
        shift = rosters.plan(tx, seat=seat, account=account, starts_at=ends_at - WATCH, ends_at=ends_at)
        rosters.sign_on(tx, shift.id, at=ends_at - WATCH)
