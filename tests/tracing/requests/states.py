"""Two states that trace firearms for each other: each with its own store, key, people and courier."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError
from lanbi.core.ports import Reader, Tx
from lanbi.partners.events import LetterSettled
from lanbi.record.events import SealedErased
from lanbi.store.engine import Engine
from lanbi.tracing import sql as tracing_sql
from lanbi.tracing.events import Withdrawn
from lanbi.tracing.handling import Handling
from lanbi.tracing.model import Entity, Given, Statement
from lanbi.tracing.requests import sql
from lanbi.tracing.requests.model import TraceRequest
from lanbi.tracing.requests.package import day_of
from lanbi.tracing.requests.service import Requests
from lanbi.tracing.service import Tracing
from partners.sites import Road, Site, courier_of, engines_in
from stores import ACTORS, ENGINES, VOCABULARY, FixedClock, engine_named, real_gate

T = TypeVar("T")

ANALYST = ACTORS["analyst"]
CHIEF = ACTORS["commander"]
SEIZURE = {
    "date": "2026-07-10", "agency": "Ladwann Pòtoprens", "case": "24-118", "legal_basis": "customs_control",
    "country": "HT", "concealment": "nan yon konpresè",
}  # fmt: skip
GLOCK = {
    "make": "Glock", "model": "19", "calibre": "9mm", "serial": "SYN48B075", "serial_status": "legible",
    "country": "AT", "type": "pistol",
}  # fmt: skip
SALE = {"date": "2025-03-09", "kind": "first_sale"}
DEALER = {"name": "Armería Envantada", "city": "Santiago", "country": "DO", "licence": "A-07"}


def refusal(work: Callable[[], Any]) -> str:
    """The code with which something is refused."""
    with pytest.raises(LanbiError) as refused:
        work()
    return refused.value.code


class State(Site):
    """A site that traces firearms."""

    def wire(self) -> None:
        super().wire()
        self.tracing = Tracing(
            self.gate, VOCABULARY, hashlib.sha256(self.seed + b"1").digest(), lambda: self.code
        )
        self.requests = Requests(
            self.tracing,
            secret=hashlib.sha256(self.seed + b"2").digest(),
            send=self.outbox.send,
            may_send=self.outbox.may_send,
        )
        for kind, handler in self.requests.post.handlers().items():
            self.inbox.register(kind, handler)
        self.store.subscribe(LetterSettled, self.requests.post.letter_settled)
        self.store.subscribe(Withdrawn, self.requests.post.statements_withdrawn)
        self.store.subscribe(SealedErased, self.requests.sealed_erased)

    def do(self, work: Callable[[Tx], T], *, by: Actor = ANALYST) -> T:
        return self.store.write_now(by, work)

    # -- what is known here ------------------------------------------------------------------

    def rules(self, *releasable: str, **more: Any) -> Handling:
        return Handling(**{"originator": self.code, "releasable": tuple(sorted(releasable)), **more})

    def state(
        self, kind: str, values: dict[str, str], rules: Handling | None = None, *, of: Entity | None = None
    ) -> Entity:
        """A source says this of a new entity, or of one that is known."""

        def work(tx: Tx) -> Entity:
            source = self.tracing.add_source(
                tx,
                kind="seizure_report",
                reference="PV 24-118",
                grade="A1",
                originator=None if rules is None else rules.originator,
            )
            given = [Given(prop=prop, value=value) for prop, value in values.items()]
            if of is not None:
                return self.tracing.state(tx, of.id, given, source, rules)
            return self.tracing.make(tx, kind, given, source, rules)

        return self.do(work)

    def seized(self, rules: Handling, marks: dict[str, str] = GLOCK) -> Entity:
        """A firearm, and the seizure in which it was found."""
        recovery = self.state("recovery", SEIZURE, rules)
        return self.state("firearm", {**marks, "recovery": recovery.id}, rules)

    def statements(self, entity_id: str) -> list[Statement]:
        return self.look(lambda reader: tracing_sql.statements_of(reader, entity_id))

    def said(self, entity_id: str) -> dict[str, str | None]:
        """The values that stand, by property; of several the last."""
        return {one.prop: one.value for one in self.statements(entity_id) if one.stands}

    def entities(self, kind: str) -> list[Entity]:
        def work(reader: Reader) -> list[Entity]:
            rows = reader.rows(
                "SELECT id FROM tracing_entity WHERE kind = :kind AND gone_at IS NULL ORDER BY number",
                kind=kind,
            )
            return [tracing_sql.get(reader, row[0]) for row in rows]

        return self.look(work)

    def board(self, firearm: Entity) -> tuple[str, str | None]:
        """What the board says of a firearm's trace."""
        found = self.look(
            lambda reader: reader.row(
                "SELECT trace_state, outcome FROM tracing_firearm WHERE id = :id", id=firearm.id
            )
        )
        assert found is not None
        return found[0], found[1]

    # -- requests ------------------------------------------------------------------------------

    def draft(self, firearm: Entity, to: str = "DO", *, by: Actor = ANALYST, **given: Any) -> TraceRequest:
        fields = {
            "purpose": "criminal_investigation", "legal_basis": "criminal_investigation", "case": "24-118",
            **given,
        }  # fmt: skip
        return self.do(
            lambda tx: self.requests.asking.draft(tx, firearm_id=firearm.id, to=to, **fields), by=by
        )

    def approve(self, request: TraceRequest, *, by: Actor = CHIEF) -> TraceRequest:
        return self.do(lambda tx: self.requests.approve(tx, request.id), by=by)

    def send(self, request: TraceRequest, *, by: Actor = ANALYST) -> TraceRequest:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self.do(lambda tx: self.requests.asking.send(tx, request.id), by=by)

    def ask(self, firearm: Entity, to: str = "DO", **given: Any) -> TraceRequest:
        """Drafted, approved by another, sent."""
        return self.send(self.approve(self.draft(firearm, to, **given)))

    def now(self, request: TraceRequest) -> TraceRequest:
        """As it stands."""
        return self.look(lambda reader: sql.get(reader, request.id))

    def came(self, number: int = -1) -> TraceRequest:
        """A request that came, the newest unless told."""
        found = self.look(
            lambda reader: sql.page(
                reader,
                side="in",
                state="",
                partner="",
                firearm_id="",
                open_only=False,
                before=2**62,
                limit=99,
            )
        )
        return found[::-1][number]

    def step(
        self, verb: str, request: TraceRequest, *given: Any, by: Actor = ANALYST, **more: Any
    ) -> TraceRequest:
        """acknowledge, progress, need_more, refuse or answer."""
        work = getattr(self.requests.answering, verb)
        return self.do(lambda tx: work(tx, request.id, *given, **more), by=by)

    def story(self, request: TraceRequest) -> list[str]:
        return [one.what for one in self.look(lambda reader: sql.steps(reader, request.id))]

    def today(self) -> str:
        return day_of(self.clock.now())

    def bodies_sent(self, kind: str) -> list[bytes]:
        """What letters of a kind say that wait here."""
        rows = self.look(
            lambda reader: reader.rows(
                "SELECT body FROM partner_letter WHERE direction = 'out' AND kind = :kind ORDER BY made_seq",
                kind=kind,
            )
        )
        return [bytes(row[0]) for row in rows if row[0] is not None]


class Exchange:
    """States that are partners of each other, and the road between them."""

    def __init__(self, *states: State) -> None:
        self.states = {state.code: state for state in states}
        for one in states:
            for other in states:
                if one is not other:
                    one.know(other)
        self.road = Road(*states)
        self.couriers = {state.code: courier_of(state, self.road) for state in states}

    @property
    def haiti(self) -> State:
        return self.states["HT-PAP"]

    @property
    def dominicana(self) -> State:
        return self.states["DO"]

    def carry(self) -> None:
        """Everybody's letters arrive, and what they cause."""
        for _ in range(3):
            for courier in self.couriers.values():
                courier.step()

    def wait(self, days: float) -> None:
        self.haiti.clock.advance(days * 86_400)


@contextmanager
def exchange_over(engines: Sequence[Engine], codes: Sequence[str] = ("HT-PAP", "DO")) -> Iterator[Exchange]:
    clock, gate = FixedClock(), real_gate()
    made: list[State] = []
    try:
        made += [State(code, engine, clock, gate) for code, engine in zip(codes, engines, strict=True)]
        yield Exchange(*made)
    finally:
        for state in made:
            state.close()


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """Haiti and the Dominican Republic over SQLite, behind the shipped policies."""
    with exchange_over(engines_in(tmp_path)) as made:
        yield made


@pytest.fixture(params=ENGINES)
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Exchange]:
    """The same, Haiti once on each engine."""
    first, second = engines_in(tmp_path)
    if request.param != "sqlite":
        first.close()
        first = engine_named(request.param, tmp_path, request)
    with exchange_over((first, second)) as made:
        yield made
