"""Hand-overs at work: one use case, one function, one transaction."""

import hashlib
from collections.abc import Callable, Mapping

from lanbi.core.access import SYSTEM, Actor, Gate
from lanbi.core.errors import NotFound, Refused
from lanbi.core.events import Sealed
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.text import words
from lanbi.core.time import DAY, Instant
from lanbi.handovers import sql
from lanbi.handovers.events import (
    HandoverAcknowledged,
    HandoverAnswered,
    HandoverAsked,
    HandoverInitialled,
    HandoverLetGo,
    HandoverOffered,
    HandoverRefreshed,
    HandoverRemarked,
    HandoverSigned,
    HandoverStarted,
    HandoverTaken,
    HandoverWithdrawn,
    LineFact,
)
from lanbi.handovers.model import (
    FORMAT,
    RANKS,
    WORDS_CHARS_MAX,
    Changes,
    Handover,
    Item,
    Line,
    Lines,
    Person,
    Said,
    check_post,
    document,
)
from lanbi.record.checkpoint import SiteKey
from lanbi.record.events import SealedErased

KEEP_WORDS_FOR: Instant = 730 * DAY

SeatOf = Callable[[Reader, str], str | None]
"""The seat at which an account is on duty now, if any."""
Known = Callable[[Reader, str], Person]
"""Whose account it is; raises `NotFound("account-none")`, also for one that is disabled."""


class Handovers:
    """The use cases of a hand-over."""

    def __init__(
        self,
        gate: Gate,
        key: SiteKey,
        site: Callable[[], str],
        lines: Mapping[str, Lines],
        *,
        seat_of: SeatOf,
        person_of: Known,
    ) -> None:
        """`lines`: what each domain has open, by a name of its own; `site()`: the name to sign with."""
        self._gate = gate
        self._key = key
        self._site = site
        self._lines = dict(lines)
        self._seat_of = seat_of
        self._person_of = person_of

    # -- the outgoing --------------------------------------------------------------------

    def start(self, tx: Tx, *, seat: str | None = None) -> Handover:
        """A list of what is open now, of a post: the seat, else the role. One at a time, and by a person."""
        by = self._person(tx.actor)
        _must_be_person(tx.actor)
        post = check_post(seat) if seat else self._seat_of(tx, by.id) or by.role
        under_way = sql.open_of(tx, post)
        if under_way is not None:
            raise Refused("handover-open", post=post, name=under_way.outgoing.name)
        empty = Handover(id=new_id(tx.now), post=post, outgoing=by, started_at=tx.now)
        made, changes = empty.refreshed(self._open(tx, tx.now))
        sql.save(tx, made, None)
        tx.record(HandoverStarted(id=made.id, post=post, lines=_facts(changes.added)))
        return sql.get(tx, made.id)

    def remark(self, tx: Tx, handover_id: str, text: str) -> Handover:
        """What no table knows, in the words of who hands over."""
        was = self._fresh(tx, handover_id)
        said, seal = self._said(tx, handover_id, "remark", text)
        new, item = was.remarked(said)
        sql.save(tx, new, was)
        tx.record(HandoverRemarked(id=new.id, n=item.n, words=seal))
        return sql.get(tx, new.id)

    def offer(self, tx: Tx, handover_id: str, *, to: str | None = None) -> Handover:
        """The list is whole; who takes over may begin. `to`: only this account may."""
        was = self._fresh(tx, handover_id)
        new = was.offer(tx.actor.id, tx.now, None if to is None else self._person_of(tx, to))
        sql.save(tx, new, was)
        tx.record(HandoverOffered(id=new.id, to=to))
        return sql.get(tx, new.id)

    def answer(self, tx: Tx, handover_id: str, n: int, text: str) -> Handover:
        was = self._fresh(tx, handover_id)
        said, seal = self._said(tx, handover_id, "answer", text)
        new, item = was.answered(n, said)
        sql.save(tx, new, was)
        tx.record(HandoverAnswered(id=new.id, line=_fact(item), words=seal))
        return sql.get(tx, new.id)

    def withdraw(self, tx: Tx, handover_id: str) -> Handover:
        """It will not take place; what was said in it stays on the record."""
        by = self._person(tx.actor)
        was = sql.get(tx, handover_id)
        new = was.withdraw(by, tx.now)
        sql.save(tx, new, was)
        tx.record(HandoverWithdrawn(id=new.id))
        return sql.get(tx, new.id)

    # -- the incoming --------------------------------------------------------------------

    def take(self, tx: Tx, handover_id: str) -> Handover:
        """Who takes over begins to read: a person, since a machine could never sign."""
        _must_be_person(tx.actor)
        was = self._fresh(tx, handover_id)
        new = was.take(self._person(tx.actor), tx.now)
        sql.save(tx, new, was)
        tx.record(HandoverTaken(id=new.id))
        return sql.get(tx, new.id)

    def let_go(self, tx: Tx, handover_id: str) -> Handover:
        """Gives it back; who takes it next begins anew."""
        was = self._fresh(tx, handover_id)
        new = was.let_go(tx.actor.id)
        sql.save(tx, new, was)
        tx.record(HandoverLetGo(id=new.id))
        return sql.get(tx, new.id)

    def acknowledge(self, tx: Tx, handover_id: str, n: int, rev: int) -> Handover:
        """The line as it stood at `rev` is read and taken over."""
        was = self._fresh(tx, handover_id)
        new, item = was.acknowledge(n, rev, tx.actor.id, tx.now)
        if new is was:
            return was
        sql.save(tx, new, was)
        tx.record(HandoverAcknowledged(id=new.id, line=_fact(item)))
        return sql.get(tx, new.id)

    def ask(self, tx: Tx, handover_id: str, n: int, text: str) -> Handover:
        was = self._fresh(tx, handover_id)
        said, seal = self._said(tx, handover_id, "question", text)
        new, item = was.asked(n, said)
        sql.save(tx, new, was)
        tx.record(HandoverAsked(id=new.id, line=_fact(item), words=seal))
        return sql.get(tx, new.id)

    # -- both ----------------------------------------------------------------------------

    def sign(self, tx: Tx, handover_id: str, *, held: int | None = None) -> Handover:
        """One of the two signs; the caller has asked for their password again.

        `held`: the version that they read; `Conflict` where the list changed after it. With the second
        signature the document is made, hashed, signed with the site's key, and its hash stands in the
        journal.
        """
        was = self._fresh(tx, handover_id)
        _must_be_person(tx.actor)
        new = was.sign(tx.actor.id, tx.actor.name, tx.now, held=held)
        sql.save(tx, new, was)
        if new.open:
            tx.record(HandoverInitialled(id=new.id))
            return sql.get(tx, new.id)
        site = self._site()
        text = document(new, site)
        digest = hashlib.sha256(text.encode()).digest()
        signature = self._key.sign_document(FORMAT, site, digest)
        sql.add_document(
            tx,
            new.id,
            sql.Document(text, digest.hex(), signature, self._key.key_id, self._key.public_key),
        )
        tx.record(
            HandoverSigned(
                id=new.id,
                post=new.post,
                outgoing=new.outgoing.id,
                incoming=tx.actor.id if new.incoming is None else new.incoming.id,
                lines=len(new.items),
                sha256=digest.hex(),
                key_id=self._key.key_id,
                signature=signature.hex(),
            )
        )
        return sql.get(tx, new.id)

    # -- looks ---------------------------------------------------------------------------

    def may_read_words(self, actor: Actor) -> bool:
        """Whether rows for this actor carry remarks, questions and answers."""
        return self._gate.allows(actor, "handovers.read_words")

    def get(self, reader: Reader, actor: Actor, handover_id: str) -> Handover:
        """The hand-over with its lines; absent for who may not see it."""
        if not self._gate.allows(actor, "handovers.see"):
            raise NotFound("handover-none", id=handover_id)
        return sql.get(reader, handover_id)

    def page(self, reader: Reader, actor: Actor, *, before: int, limit: int) -> list[Handover]:
        """Newest first, without their lines."""
        self._gate.require(actor, "handovers.see")
        return sql.page(reader, before=before, limit=limit)

    def document(self, reader: Reader, actor: Actor, handover_id: str) -> sql.Document:
        """What both signed, to the letter."""
        self.get(reader, actor, handover_id)
        return sql.get_document(reader, handover_id)

    # -- what is open changes --------------------------------------------------------------

    def keep_watch(self, store: Store, now: Instant) -> None:
        """Brings the lists under way up to date where they are not; the node asks every second."""
        if store.read_now(lambda reader: self._stale(reader, now)):
            store.write_now(SYSTEM, self.refresh)

    def refresh(self, tx: Tx) -> None:
        """Every list under way, as it is now."""
        under_way = sql.open_ones(tx)
        if under_way:
            lines = self._open(tx, tx.now)
            for was in under_way:
                self._save_refreshed(tx, was, *was.refreshed(lines))

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Words that were erased leave the rows that showed them."""
        sql.touch_sealed(tx, fact.sealed)

    # -- inside ----------------------------------------------------------------------------

    def _open(self, reader: Reader, now: Instant) -> list[Line]:
        return [line for domain in self._lines.values() for line in domain(reader, now)]

    def _stale(self, reader: Reader, now: Instant) -> bool:
        if not sql.any_open(reader):
            return False
        lines = self._open(reader, now)
        return any(was.refreshed(lines)[1] for was in sql.open_ones(reader))

    def _fresh(self, tx: Tx, handover_id: str) -> Handover:
        """The hand-over as it is now, brought up to date on the record before anything is decided."""
        self._gate.require(tx.actor, "handovers.make")
        was = sql.get(tx, handover_id)
        if not was.open:
            return was
        new, changes = was.refreshed(self._open(tx, tx.now))
        self._save_refreshed(tx, was, new, changes)
        return sql.get(tx, handover_id) if changes else was

    def _save_refreshed(self, tx: Tx, was: Handover, new: Handover, changes: Changes) -> None:
        if not changes:
            return
        sql.save(tx, new, was)
        tx.record(
            HandoverRefreshed(
                id=new.id,
                added=_facts(changes.added),
                changed=_facts(changes.changed),
                gone=_facts(changes.gone),
                dropped=_facts(changes.dropped),
            )
        )

    def _person(self, actor: Actor) -> Person:
        self._gate.require(actor, "handovers.make")
        if actor.role not in RANKS:
            raise Refused("handover-person-only")
        return Person(actor.id, actor.name, actor.role)

    def _said(self, tx: Tx, handover_id: str, field: str, text: str) -> tuple[Said, Sealed]:
        typed = words(text, "words", chars_max=WORDS_CHARS_MAX)
        seal = tx.seal(
            subject=f"handover/{handover_id}",
            field=field,
            kind="words",
            value=typed,
            keep_for=KEEP_WORDS_FOR,
        )
        return Said(sealed=seal.sealed, commitment=seal.commitment, by=tx.actor.id, at=tx.now), seal


def _must_be_person(actor: Actor) -> None:
    """No machine hands over a watch."""
    if actor.kind != "account":
        raise Refused("handover-person-only")


def _fact(item: Item) -> LineFact:
    return LineFact(item.n, item.key, item.rev)


def _facts(items: tuple[Item, ...]) -> tuple[LineFact, ...]:
    return tuple(_fact(item) for item in items)
