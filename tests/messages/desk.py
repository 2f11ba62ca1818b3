"""A floor where people write to each other: who is there is told by a plain list."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError
from lanbi.core.ports import Reader
from lanbi.core.time import Instant
from lanbi.messages.events import ChannelOpened, MessageSent
from lanbi.messages.model import Message, Party
from lanbi.messages.service import Messages, Person
from lanbi.record.events import SealedErased
from lanbi.store.engine import Engine
from stores import MARIE, PIERRE, VOCABULARY, FixedClock, Floor, open_store

CHIEF = Actor(id="chef", name="Jan Batis", role="commander", lang="fr")
JOHN = Actor(id="john", name="John Pè", role="dispatcher")


class Crew(msgspec.Struct):
    """A unit, as the list of who is there knows it."""

    party: Party
    kind: str
    in_service: bool = True
    incident_id: str | None = None


def crew_of(unit: Party) -> Actor:
    """The crew of a unit, signed in."""
    return Actor(
        id=f"crew.{unit.name.lower()}", name=unit.name, role="field_unit", lang="ht", unit_id=unit.id
    )


M21 = Party("unit", "00000000-0000-7000-8000-000000000021", "M21")
M22 = Party("unit", "00000000-0000-7000-8000-000000000022", "M22")
P7 = Party("unit", "00000000-0000-7000-8000-000000000007", "P7")


class Rooms:
    """Who there is to speak to."""

    def __init__(self) -> None:
        self.crews = [Crew(M21, "ambulance"), Crew(M22, "ambulance"), Crew(P7, "police_patrol")]
        self.people_there = [
            Person(actor.id, actor.name, actor.role, actor.lang, seated=True)
            for actor in (MARIE, PIERRE, JOHN, CHIEF)
        ]

    def unit(self, _reader: Reader, unit_id: str) -> Party | None:
        return next((crew.party for crew in self.crews if crew.party.id == unit_id), None)

    def units(self, _reader: Reader, kinds: tuple[str, ...]) -> list[Party]:
        return [crew.party for crew in self.crews if crew.in_service and (not kinds or crew.kind in kinds)]

    def units_on(self, _reader: Reader, incident_id: str) -> list[Party]:
        return [crew.party for crew in self.crews if crew.incident_id == incident_id]

    def account(self, reader: Reader, login: str) -> Party | None:
        for crew in self.crews:
            if login == f"crew.{crew.party.name.lower()}":
                return self.unit(reader, crew.party.id)
        person = next((person for person in self.people_there if person.id == login), None)
        return None if person is None else Party("account", person.id, person.name)

    def people(self, _reader: Reader, roles: tuple[str, ...], _now: Instant) -> list[Person]:
        return [person for person in self.people_there if person.role in roles]


class Desk(Floor):
    """A floor with messages on it, told of each other's facts as in a node."""

    def __init__(self, store: Any, clock: FixedClock, gate: Any = None) -> None:
        super().__init__(store, clock, gate)
        self.rooms = Rooms()
        self.messages = Messages(self.gate, VOCABULARY, self.rooms)
        store.subscribe(SealedErased, self.messages.sealed_erased)
        for fact in (MessageSent, ChannelOpened):
            store.subscribe(
                fact,
                lambda tx, fact: (
                    fact.incident_id and self.incidents.relate(tx, fact.incident_id, fact.subject)
                ),
            )

    def say(
        self, text: str | None = "Kote nou ye?", *, to: Any = M21, by: Actor = PIERRE, **given: Any
    ) -> Message:
        """Sends a message to a party, or to a (kind, id)."""
        kind, key = (to.kind, to.id) if isinstance(to, Party) else to
        return self.do(lambda tx: self.messages.send(tx, to_kind=kind, to_id=key, text=text, **given), by=by)

    def take(self, message: Message, step: Any, *, by: Actor, **given: Any) -> Message:
        return self.do(lambda tx: self.messages.step(tx, message.id, step, **given), by=by)

    def refusal(self, work: Any, *, by: Actor = PIERRE) -> str:
        """The code of the refusal that this work meets; nothing of it was kept."""
        head = self.head
        try:
            self.do(work, by=by)
        except LanbiError as error:
            assert self.head == head
            return error.code
        raise AssertionError("it was let through")


@contextmanager
def desk_over(engine: Engine, gate: Any = None) -> Iterator[Desk]:
    """A desk over a fresh store, closed in the end."""
    clock = FixedClock()
    store = open_store(engine, clock)
    try:
        yield Desk(store, clock, gate)
    finally:
        store.close()
