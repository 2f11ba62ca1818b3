"""Two whole sites that match in private: stores, keys, partners, registers and recovered firearms, wired as
in a node. The Dominican one owns registers, the Haitian one asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError, NotFound
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.partners import sql as partners_sql
from lanbi.partners.envelope import Envelope, canonical
from lanbi.partners.events import LetterSettled
from lanbi.partners.outbox import Outbox
from lanbi.store.engine import Engine
from lanbi.tracing.handling import Handling
from lanbi.tracing.matches import sql as matches_sql
from lanbi.tracing.matches.model import Register, Side, Wanted, base_of
from lanbi.tracing.matches.service import Registers
from lanbi.tracing.matching import sql
from lanbi.tracing.matching.model import Offer, PartnerFacts, Query, RegisterFacts
from lanbi.tracing.matching.service import Fetch, FetchError, Matching, MatchingWorks, Opened, Surroundings
from lanbi.tracing.model import Entity
from partners.sites import Pair, Site, engines_in, shape
from stores import FixedClock, engine_named, real_gate
from tracing.room import ANALYST, CHIEF, GLOCK, Room

T = TypeVar("T")
CASE = "DCPJ 2026/114"
WHY = "criminal_investigation"
SESSION = "a session"
CHUNK_BYTES = 100


def surroundings(outbox: Outbox) -> Surroundings:
    """Partners and registers as private matching asks for them: what bootstrap hands in."""

    def partner_of(reader: Reader, code: str) -> PartnerFacts | None:
        found = partners_sql.find(reader, code)
        return None if found is None else PartnerFacts(found.code, found.open, found.url)

    def standing(reader: Reader, register_id: str) -> Register | None:
        found = matches_sql.registers(reader, matches_sql.REGISTER, id=register_id)
        return found[0] if found and found[0].state == "standing" else None

    def register_of(reader: Reader, register_id: str) -> RegisterFacts | None:
        found = standing(reader, register_id)
        if found is None:
            return None
        return RegisterFacts(
            id=found.id, name=found.name, kind=found.kind, handling=found.handling, entries=found.entries,
            synthetic=found.synthetic,
        )  # fmt: skip

    def entries_of(
        reader: Reader, register_id: str, after: int, limit: int
    ) -> list[tuple[int, str, str | None]]:
        found = standing(reader, register_id)
        if found is None:
            return []
        rows = reader.rows(
            matches_sql.ENTRIES_FOR_INDEX,
            after=max(after, base_of(found.number)),
            last=found.last_n,
            limit=limit,
        )
        return [(row[0], row[1], row[2]) for row in rows]

    return Surroundings(
        partner_of=partner_of,
        register_of=register_of,
        entries_of=entries_of,
        send=outbox.send,
        may_send=outbox.may_send,
    )


class MatchingSite:
    """A site with private matching."""

    def __init__(self, site: Site, fetch: Fetch) -> None:
        self.site = site
        self.code = site.code
        self.room = Room(site.store, site.clock, site.code)
        self.registers = Registers(self.room.tracing)
        self.fetch = fetch
        self.wire()
        site.store.subscribe(LetterSettled, self._letter_settled)

    def _letter_settled(self, tx: Tx, fact: LetterSettled) -> None:
        self.matching.letter_settled(tx, fact)  # as it is wired now

    def wire(self) -> None:
        """As at a start of the node."""
        site = self.site
        self.matching = Matching(self.room.tracing, site.key, surroundings(site.outbox))
        for kind, handler in self.matching.handlers.items():
            site.inbox.register(kind, handler)
        self.works = self.more_works()

    def more_works(self, fetch: Fetch | None = None) -> MatchingWorks:
        return MatchingWorks(
            self.matching, self.site.store, self.site.clock, fetch or self.fetch, chance=lambda: 0.5
        )

    def do(self, work: Callable[[Tx], T], *, by: Actor = ANALYST, purpose: str = "") -> T:
        return self.site.store.write_now(by, work, purpose=purpose)

    def look(self, work: Callable[[Reader], T]) -> T:
        return self.site.store.read_now(work)

    # -- registers and firearms --------------------------------------------------------

    def register(
        self,
        *entries: tuple[str, str | None],
        name: str = "SYNTHETIC stolen",
        handling: Handling | None = None,
    ) -> Register:
        """A register that stands, of (marks, make) as they are kept."""
        wanted = Wanted(
            name=name, kind="stolen", synthetic=True, handling=handling or Handling(originator=self.code)
        )

        def work(tx: Tx) -> Register:
            made = self.registers.begin(tx, wanted, digest=f"{new_id(tx.now).replace('-', ''):0>64}")
            rows = [
                matches_sql.entry_values(
                    base_of(made.number) + at,
                    marks,
                    described=Side(marks=marks, make=make),
                    reference=None,
                    flags=(),
                    written={},
                )
                for at, (marks, make) in enumerate(entries, start=1)
            ]
            tx.run_many(matches_sql.ADD_ENTRY, rows)
            last = base_of(made.number) + len(rows)
            tx.run(matches_sql.TOUCH_REGISTER, id=made.id, last_n=last, now=tx.now)
            return self.registers.finish(tx, made.id, entries=len(rows), skipped=0, repeated=0)

        return self.do(work)

    def withdraw_register(self, register: Register) -> None:
        self.do(lambda tx: self.registers.withdraw(tx, register.id, "error"), by=CHIEF)

    def firearms(self, *serials: str, **values: str) -> list[Entity]:
        """Recovered ones with these serials."""
        return self.room.seized(*({**GLOCK, **values, "serial": serial} for serial in serials))[1]

    # -- the use cases -----------------------------------------------------------------

    def offer(self, register: Register, to: MatchingSite, **quotas: int) -> Offer:
        """Approved, and its set made."""
        offers = self.matching.offers
        made = self.do(lambda tx: offers.offer(tx, register.id, to.code, **quotas), by=CHIEF)
        self.works.step()
        return self.the_offer(made.id)

    def the_offer(self, offer_id: str) -> Offer:
        return self.look(lambda reader: sql.offer_by_id(reader, offer_id))

    def offers(self) -> list[Offer]:
        """All, oldest first."""
        found = self.look(
            lambda reader: self.matching.offers.page(
                reader, ANALYST, side=None, partner="", before=2**62, limit=200
            )
        )
        return found[::-1]

    def ask(self, offer: Offer, firearms: Sequence[Entity], *, case: str = CASE, purpose: str = WHY) -> Query:
        ids = [firearm.id for firearm in firearms]
        return self.do(lambda tx: self.matching.asking.ask(tx, offer.id, ids, purpose=purpose, case=case)[0])

    def query(self, query: Query | str) -> Query:
        """As it stands now."""
        key = query if isinstance(query, str) else query.id
        return self.look(lambda reader: sql.query_by_id(reader, key))

    def log(self) -> list[Query]:
        """Oldest first."""
        return self.look(
            lambda reader: self.matching.asking.log(
                reader, ANALYST, direction=None, partner="", before=2**62, limit=200
            )
        )[::-1]

    def open(self, query: Query, *, by: Actor = ANALYST, case: str = "24-118") -> Opened:
        """For a purpose that is said first."""
        tracing = self.room.tracing
        self.do(lambda tx: tracing.open_desk(tx, SESSION, purpose=WHY, case=case), by=by)
        return self.do(lambda tx: self.matching.asking.open(tx, query.id, SESSION), by=by, purpose=WHY)

    def tidy(self) -> None:
        while self.do(self.matching.tidy, by=ANALYST):
            pass

    def facts(self, kind: str = "") -> list[tuple[str, str, dict[str, Any]]]:
        """(kind, actor, body) of what the record says of matching, oldest first."""
        return [
            (name, actor, msgspec.json.decode(body))
            for name, actor, body in self.site.entries(kind)
            if name.startswith("matching.")
        ]

    def count(self, table: str) -> int:
        return self.look(lambda reader: reader.rows(f"SELECT COUNT(*) FROM {table}")[0][0])


class SetRoad:
    """The way of sets between sites: `up`; `cut_at`: after so many bytes; `twist`: what is done to a set
    there."""

    def __init__(self) -> None:
        self.sites: dict[str, MatchingSite] = {}
        self.up = True
        self.cut_at: int | None = None
        self.twist: Callable[[bytes], bytes] = bytes
        self.starts: list[int] = []

    def __call__(self, url: str, digest: str, start: int) -> Iterator[bytes]:
        self.starts.append(start)
        if not self.up:
            raise FetchError("link-down")
        site = self.sites[url]

        def whole(reader: Reader) -> bytes:
            return sql.whole_set(reader, site.matching.offers.served(reader, digest).digest)

        try:
            data = self.twist(site.look(whole))
        except NotFound as error:
            raise FetchError("link-refused", status=error.status, reason=error.code) from error
        for place in range(start, len(data), CHUNK_BYTES):
            if self.cut_at is not None and place >= self.cut_at:
                raise FetchError("link-down")
            yield data[place : place + CHUNK_BYTES]


class Two:
    """Haiti asks, the Dominican Republic owns; letters and sets have each a road of their own."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.clock: FixedClock = pair.haiti.clock
        self.road = SetRoad()
        self.haiti = MatchingSite(pair.haiti, self.road)
        self.owner = MatchingSite(pair.dominicana, self.road)
        for site in (self.haiti, self.owner):
            self.road.sites[f"https://{site.code.lower()}.example"] = site

    def step(self) -> None:
        """Letters go and come until nothing waits; what takes long is done."""
        for _ in range(4):
            self.pair.step()
        for site in (self.haiti, self.owner):
            site.works.step()

    def offered(self, *entries: tuple[str, str | None], **quotas: int) -> Offer:
        """A register of the owner, ready to be asked about: as Haiti holds it."""
        self.owner.offer(self.owner.register(*(entries or (("A8C123", "GLOCK"),))), self.haiti, **quotas)
        self.step()
        offer = self.haiti.offers()[-1]
        assert offer.state == "ready"
        return offer

    def asked(self, offer: Offer, *serials: str, case: str = CASE) -> Query:
        """A batch about new firearms, with whatever came of it."""
        query = self.haiti.ask(offer, self.haiti.firearms(*serials), case=case)
        self.step()
        return self.haiti.query(query)

    def letters(self, kind: str) -> list[bytes]:
        """Those of a kind that passed, as they travelled, in order."""
        return [data for data in self.pair.road.passed if f'"kind":"{kind}"'.encode() in data]

    def write(self, sender: MatchingSite, to: MatchingSite, kind: str, body: Any, **changed: Any) -> bytes:
        """Any letter of a site to the other, signed by it."""
        return shape(
            Envelope(
                id=new_id(self.clock.now()), sender=sender.code, recipient=to.code, kind=kind,
                made_at=self.clock.now(), body=canonical(body), **changed,
            ),
            sender.site,
        )  # fmt: skip


def body_of(letter: bytes) -> Any:
    """What a letter says."""
    return msgspec.json.decode(letter)["body"]


def refusal(work: Callable[[], Any]) -> LanbiError:
    """With what it is refused."""
    with pytest.raises(LanbiError) as refused:
        work()
    return refused.value


@contextmanager
def two_over(asks: Engine, owns: Engine) -> Iterator[Two]:
    clock = FixedClock()
    haiti = Site("HT-PAP", asks, clock, real_gate())
    try:
        dominicana = Site("DO", owns, clock, real_gate())
        try:
            yield Two(Pair(haiti, dominicana))
        finally:
            dominicana.close()
    finally:
        haiti.close()


# Fixtures: conftest says `from tracing.matching.sites import two, three_ways`.


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    """Both sites over SQLite, behind the shipped policies."""
    with two_over(*engines_in(tmp_path)) as made:
        yield made


@pytest.fixture(
    params=[
        pytest.param("sqlite"),
        pytest.param("asks", marks=pytest.mark.postgres),
        pytest.param("owns", marks=pytest.mark.postgres),
    ]
)
def three_ways(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Two]:
    """The same, with PostgreSQL at nobody's, at who asks, at who owns."""
    asks, owns = engines_in(tmp_path)
    if request.param == "asks":
        asks = engine_named("postgres", tmp_path, request)
    if request.param == "owns":
        owns = engine_named("postgres", tmp_path, request)
    with two_over(asks, owns) as made:
        yield made
