"""Entities and statements at work: one use case, one function, one transaction."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import Malformed, NotFound, Refused
from lanbi.core.events import Sealed
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import line, words
from lanbi.core.time import DAY, Instant
from lanbi.core.vocabulary import RetentionTerm, Vocabulary
from lanbi.record import sealed
from lanbi.tracing import sql
from lanbi.tracing.events import (
    DeskOpened,
    Judged,
    JudgementUndone,
    OpeningAsked,
    OpeningDecided,
    OriginatorStopped,
    PersonExpired,
    PersonRead,
    Preferred,
    Said,
    SourceAdded,
    Stated,
    Withdrawn,
)
from lanbi.tracing.handling import Handling
from lanbi.tracing.model import (
    CASE_CHARS_MAX,
    DESK_FOR,
    OPENING_FOR,
    REFERENCE_CHARS_MAX,
    SEALED_FOR,
    STATEMENTS_AT_ONCE_MAX,
    UNGRADED,
    VALUE_CHARS_MAX,
    WORDS_CHARS_MAX,
    Dossier,
    Entity,
    Given,
    Judgement,
    Opening,
    Source,
    Statement,
    Value,
    Verdict,
    check_grade,
    clusters,
    commitment,
    edges_of,
    prefer,
)
from lanbi.tracing.projection import project
from lanbi.tracing.reading import read
from lanbi.tracing.schema import kind_of, prop_of

SALT_BYTES = 16
WHY_CHARS_MAX = 2_000
DESKS_MAX = 1_000
EXPIRE_PERSONS_MAX = 100
OPENINGS_SHOWN_MAX = 50
CLUSTER_MEMBERS_MAX = 200
PERSONAL_KINDS = frozenset({"person", "contact"})
_encoder = msgspec.json.Encoder()


class Desk(msgspec.Struct, frozen=True):
    """What a session reads for."""

    purpose: str
    case: str
    until: Instant


class Tracing:
    """The use cases of entities, sources and statements."""

    def __init__(self, gate: Gate, vocabulary: Vocabulary, secret: bytes, us: Callable[[], str]) -> None:
        """`secret`: 32 bytes, for the digests by which contacts are known to be equal. `us`: this site's
        code."""
        self.gate = gate
        self.vocabulary = vocabulary
        self._secret = secret
        self.us = us
        self._desks: dict[str, Desk] = {}

    # -- sources and statements -----------------------------------------------------------

    def add_source(
        self,
        tx: Tx,
        *,
        kind: str,
        reference: str,
        originator: str | None = None,
        grade: str = UNGRADED,
        text: str = "",
        digest: str = "",
        synthetic: bool = False,
    ) -> Source:
        """What statements come from.

        `originator`: this site unless told. Raises `Malformed` for an unknown kind or grade.
        """
        self.gate.require(tx.actor, "tracing.record")
        self.vocabulary.usable("source_kinds", kind)
        source_id = new_id(tx.now)
        kept = None
        if text:
            kept = tx.seal(
                subject=f"tracing_source/{source_id}",
                field="words",
                kind="words",
                value=words(text, "words", chars_max=WORDS_CHARS_MAX),
                keep_for=SEALED_FOR,
            )
        source = Source(
            id=source_id,
            kind=kind,
            originator=Handling(originator=originator or self.us()).originator,
            reference=line(reference, "reference", chars_max=REFERENCE_CHARS_MAX),
            grade=check_grade(grade),
            words_sealed=None if kept is None else kept.sealed,
            digest=digest,
            received_at=tx.now,
            by=tx.actor.id,
            synthetic=synthetic,
        )
        tx.record(
            SourceAdded(
                id=source.id,
                of=source.kind,
                originator=source.originator,
                grade=source.grade,
                digest=source.digest,
                words=kept,
            )
        )
        sql.add_source(tx, source)
        return source

    def make(
        self, tx: Tx, kind: str, givens: Sequence[Given], source: Source, handling: Handling | None = None
    ) -> Entity:
        """A new entity with what its source says of it; whole, or `Malformed` and nothing of it.

        A contact that is known already is that contact, with one more statement.
        """
        self.gate.require(tx.actor, "tracing.record")
        kind_of(kind)
        digest = self._contact_digest(kind, givens)
        if digest is not None:
            known = tx.row(sql.CONTACT, digest=digest)
            if known is not None:
                return sql.get(tx, known[0])
        read_values = self._read(tx, kind, givens)
        entity_id = new_id(tx.now)
        entity = Entity(
            id=entity_id,
            kind=kind,
            number=sql.next_number(tx, kind),
            canonical=entity_id,
            preferred={},
            contested=0,
            made_at=tx.now,
            expires_at=None,
            gone_at=None,
            seq=0,
        )
        if digest is not None:
            tx.run(sql.ADD_CONTACT, digest=digest, entity_id=entity_id)
        return self._state(tx, entity, read_values, source, self._rules(source, handling), made=True)

    def state(
        self,
        tx: Tx,
        entity_id: str,
        givens: Sequence[Given],
        source: Source,
        handling: Handling | None = None,
    ) -> Entity:
        """More statements about an entity; those that stand beside them stay."""
        self.gate.require(tx.actor, "tracing.record")
        entity = sql.get(tx, entity_id)
        read_values = self._read(tx, entity.kind, givens)
        return self._state(tx, entity, read_values, source, self._rules(source, handling), made=False)

    def _rules(self, source: Source, handling: Handling | None) -> Handling:
        if handling is None:
            return Handling(originator=source.originator)
        if handling.originator != source.originator:
            raise Malformed("tracing-originator-differs", given=handling.originator, source=source.originator)
        for purpose in handling.purposes:
            self.vocabulary.term("tracing_purposes", purpose)
        return handling

    def _read(self, reader: Reader, kind: str, givens: Sequence[Given]) -> list[tuple[Given, Value]]:
        if not givens or len(givens) > STATEMENTS_AT_ONCE_MAX:
            raise Malformed("tracing-statements-count", limit=STATEMENTS_AT_ONCE_MAX, given=len(givens))
        found = []
        for given in givens:
            prop = prop_of(kind, given.prop)
            if prop.type == "entity":
                named = sql.get(reader, given.value)
                if named.kind not in prop.of:
                    raise Malformed("tracing-wrong-kind", prop=given.prop, given=named.kind)
                value = Value(value=named.id)
            elif prop.type == "personal":
                value = Value(value=line(given.value, given.prop, chars_max=VALUE_CHARS_MAX))
            else:
                value = read(self.vocabulary, given.prop, prop, given.value)
            found.append((given, value))
        return found

    def _state(
        self,
        tx: Tx,
        entity: Entity,
        values: Iterable[tuple[Given, Value]],
        source: Source,
        handling: Handling,
        *,
        made: bool,
    ) -> Entity:
        laid = [self._lay_down(tx, entity, one, source, handling) for one in values]
        tx.record(
            Stated(
                id=entity.id,
                of=entity.kind,
                ref=entity.ref,
                source=source.id,
                originator=source.originator,
                made=made,
                said=tuple(said for said, _, _ in laid),
            )
        )
        fresh = [msgspec.structs.replace(statement, seq=tx.seq) for _, statement, _ in laid]
        sql.add_statements(
            tx, [(statement, salt) for statement, (_, _, salt) in zip(fresh, laid, strict=True)]
        )
        return self._settle(tx, entity, fresh if made else sql.statements_of(tx, entity.id), made=made)

    def _lay_down(
        self, tx: Tx, entity: Entity, one: tuple[Given, Value], source: Source, handling: Handling
    ) -> tuple[Said, Statement, bytes | None]:
        """One statement as the record and as the table keep it, and the salt of its commitment."""
        given, value = one
        statement_id, salt = new_id(tx.now), secrets.token_bytes(SALT_BYTES)
        prop = kind_of(entity.kind).props[given.prop]
        seal: Sealed | None = None
        if prop.type == "personal":
            seal = tx.seal(
                subject=f"tracing/{entity.id}",
                field=given.prop,
                kind="personal",
                value=value.value,
                keep_for=SEALED_FOR,
            )
            said = Said(statement_id, given.prop, personal=seal)
        else:
            said = Said(statement_id, given.prop, commitment(salt, value.value, value.original))
        statement = Statement(
            id=statement_id,
            entity_id=entity.id,
            prop=given.prop,
            value=None if seal is not None else value.value,
            original=None if seal is not None else value.original,
            target=value.value if prop.type == "entity" else None,
            sealed_id=None if seal is None else seal.sealed,
            source_id=source.id,
            handling=handling if given.handling is None else self._rules(source, given.handling),
            flag=value.flag,
            by=tx.actor.id,
            said_at=tx.now,
            preferred_at=None,
            withdrawn_at=None,
            seq=0,
            grade=source.grade,
        )
        return said, statement, salt if seal is None else None

    def _settle(
        self, tx: Tx, entity: Entity, statements: Iterable[Statement], *, made: bool = False
    ) -> Entity:
        """Works out again what is made from an entity's statements: preferred values, edges, boards."""
        preferred, contested = prefer(entity.kind, statements)
        settled = msgspec.structs.replace(
            entity,
            preferred=preferred,
            contested=contested,
            expires_at=self._expiry(entity, preferred),
            seq=tx.seq,
        )
        if made:
            sql.add_entity(tx, settled)
        else:
            sql.set_preferred(tx, settled)
        on_date = preferred.get("date") or preferred.get("departed")
        edges = [(left or entity.id, right, kind) for left, right, kind in edges_of(entity.kind, preferred)]
        sql.replace_edges(tx, entity.id, edges, on_date, preferred.get("arrived"), fresh=made)
        project(tx, entity, settled)
        return settled

    def _settle_again(self, tx: Tx, entity_id: str) -> Entity:
        return self._settle(tx, sql.get(tx, entity_id), sql.statements_of(tx, entity_id))

    def _expiry(self, entity: Entity, preferred: dict[str, Any]) -> Instant | None:
        if entity.kind != "person":
            return None
        status = self.vocabulary.term("legal_statuses", preferred.get("legal_status") or "unknown")
        assert isinstance(status, RetentionTerm)  # noqa: S101 - the table's type says so
        return entity.made_at + status.days * DAY

    def _contact_digest(self, kind: str, givens: Sequence[Given]) -> str | None:
        if kind != "contact":
            return None
        said = {given.prop: given.value for given in givens}
        if not said.get("value") or not said.get("kind"):
            raise Malformed("tracing-contact-half")
        value = "".join(char for char in said["value"].casefold() if char.isalnum())
        return hmac.new(self._secret, f"{said['kind']}\n{value}".encode(), hashlib.sha256).hexdigest()

    def prefer(self, tx: Tx, statement_id: str) -> Entity:
        """Works with this statement from now on; the others of its property stand beside it."""
        self.gate.require(tx.actor, "tracing.record")
        statement = sql.statement(tx, statement_id)
        if not statement.stands:
            raise Refused("tracing-withdrawn-already")
        tx.record(Preferred(id=statement.entity_id, prop=statement.prop, statement=statement_id))
        tx.run(sql.PREFER, id=statement_id, now=tx.now, seq=tx.seq)
        return self._settle_again(tx, statement.entity_id)

    def withdraw(self, tx: Tx, statement_ids: Sequence[str], reason: str) -> list[Entity]:
        """Takes statements back, all of one entity or of several; the record that they were made stands.

        `reason`: a code of the vocabulary `withdrawal_reasons`.
        """
        self.gate.require(tx.actor, "tracing.record")
        self.vocabulary.usable("withdrawal_reasons", reason)
        if not statement_ids or len(statement_ids) > STATEMENTS_AT_ONCE_MAX:
            raise Malformed(
                "tracing-statements-count", limit=STATEMENTS_AT_ONCE_MAX, given=len(statement_ids)
            )
        by_entity: dict[str, list[str]] = {}
        for statement_id in statement_ids:
            statement = sql.statement(tx, statement_id)
            if not statement.stands:
                raise Refused("tracing-withdrawn-already")
            by_entity.setdefault(statement.entity_id, []).append(statement_id)
        settled = []
        for entity_id, ids in by_entity.items():
            tx.record(Withdrawn(id=entity_id, statements=tuple(ids), reason=reason))
            for statement_id in ids:
                tx.run(sql.WITHDRAW, id=statement_id, now=tx.now, why=reason, seq=tx.seq)
            settled.append(self._settle_again(tx, entity_id))
        return settled

    def stop(self, tx: Tx, originator: str, stopped: bool) -> frozenset[str]:
        """An originator's switch: nothing that it released leaves this site any more, or may again."""
        self.gate.require(tx.actor, "tracing.approve")
        Handling(originator=originator)
        tx.record(OriginatorStopped(id=originator, stopped=stopped))
        if stopped:
            tx.run(sql.STOP, originator=originator, at=tx.now)
        else:
            tx.run(sql.UNSTOP, originator=originator)
        return sql.stopped(tx)

    # -- sameness ---------------------------------------------------------------------------

    def judge(self, tx: Tx, left_id: str, right_id: str, verdict: Verdict, why: str) -> Judgement:
        """Whether two entities are the same: recorded, explained, and taken back as easily.

        Raises `Refused("tracing-judged-already")` where the same two were judged and that stands.
        """
        self.gate.require(tx.actor, "tracing.judge")
        left, right = sql.get(tx, left_id), sql.get(tx, right_id)
        if left.id == right.id or left.kind != right.kind:
            raise Malformed("tracing-judge-kinds", left=left.ref, right=right.ref)
        if any(
            old.undone_at is None and {old.left, old.right} == {left.id, right.id}
            for old in sql.judgements_of(tx, left.id)
        ):
            raise Refused("tracing-judged-already", left=left.ref, right=right.ref)
        judgement_id = new_id(tx.now)
        kept = tx.seal(
            subject=f"tracing/{left.id}",
            field="why",
            kind="words",
            value=words(why, "why", chars_max=WHY_CHARS_MAX),
            keep_for=SEALED_FOR,
        )
        tx.record(Judged(id=left.id, judgement=judgement_id, other=right.id, verdict=verdict, why=kept))
        tx.run(
            sql.ADD_JUDGEMENT,
            id=judgement_id,
            left=left.id,
            right=right.id,
            verdict=verdict,
            why_sealed=kept.sealed,
            by=tx.actor.id,
            at=tx.now,
            seq=tx.seq,
        )
        if verdict == "same":
            self._regroup(tx, {left.canonical, right.canonical})
        return sql.judgement(tx, judgement_id)

    def undo_judgement(self, tx: Tx, judgement_id: str) -> Judgement:
        """Both stand apart again, as before; the judgement stays readable as undone."""
        self.gate.require(tx.actor, "tracing.judge")
        judgement = sql.judgement(tx, judgement_id)
        if judgement.undone_at is not None:
            raise Refused("tracing-undone-already")
        tx.record(JudgementUndone(id=judgement.left, judgement=judgement.id, other=judgement.right))
        tx.run(sql.UNDO_JUDGEMENT, id=judgement.id, now=tx.now, by=tx.actor.id, seq=tx.seq)
        if judgement.verdict == "same":
            found = [sql.find(tx, entity_id) for entity_id in (judgement.left, judgement.right)]
            self._regroup(tx, {entity.canonical for entity in found if entity is not None})
        return sql.judgement(tx, judgement_id)

    def _regroup(self, tx: Tx, canonicals: set[str]) -> None:
        """Works out who is one with whom, among those that were or are in question."""
        members = [member for canonical in sorted(canonicals) for member in sql.members(tx, canonical)]
        if len(members) > CLUSTER_MEMBERS_MAX:
            raise Refused("tracing-cluster-large", limit=CLUSTER_MEMBERS_MAX)
        pairs = {
            (old.left, old.right)
            for member in members
            for old in sql.judgements_of(tx, member.id)
            if old.undone_at is None and old.verdict == "same"
        }
        heads = clusters(pairs, [member.id for member in members])
        for member in members:
            if heads[member.id] != member.canonical:
                tx.run(sql.SET_CANONICAL, id=member.id, canonical=heads[member.id], seq=tx.seq)

    # -- reading ------------------------------------------------------------------------------

    def entity(self, reader: Reader, actor: Actor, entity_id: str) -> Entity:
        """Raises `NotFound("tracing-none")`."""
        self.gate.require(actor, "tracing.see")
        return sql.get(reader, entity_id)

    def dossier(self, reader: Reader, actor: Actor, entity_id: str) -> Dossier:
        """All that is held; a person or contact is read through `read_person`.

        Raises `Refused("tracing-desk-needed")` for one of those.
        """
        self.gate.require(actor, "tracing.see")
        entity = sql.get(reader, entity_id)
        if entity.kind in PERSONAL_KINDS:
            raise Refused("tracing-desk-needed", ref=entity.ref)
        return self._dossier(reader, entity)

    def _dossier(self, reader: Reader, entity: Entity) -> Dossier:
        members = sql.members(reader, entity.canonical)
        statements = [said for member in members for said in sql.statements_of(reader, member.id)]
        judgements = {old.id: old for member in members for old in sql.judgements_of(reader, member.id)}
        sources = {
            source_id: sql.source(reader, source_id)
            for source_id in dict.fromkeys(said.source_id for said in statements)
        }
        return Dossier(
            entity=entity,
            members=members,
            statements=statements,
            sources=sources,
            judgements=sorted(judgements.values(), key=lambda old: old.id),
        )

    # -- persons: for a purpose, on the record, and sealed until two persons open -----------------

    def open_desk(self, tx: Tx, session: str, *, purpose: str, case: str) -> Desk:
        """Says for which purpose and case this session reads persons from now on, for eight hours."""
        self.gate.require(tx.actor, "tracing.see")
        self.vocabulary.usable("tracing_purposes", purpose)
        desk = Desk(purpose, line(case, "case", chars_max=CASE_CHARS_MAX), tx.now + DESK_FOR)
        tx.record(DeskOpened(id=new_id(tx.now), case=desk.case))
        if len(self._desks) >= DESKS_MAX:
            self._desks = {name: held for name, held in self._desks.items() if held.until > tx.now}
        self._desks[session] = desk
        return desk

    def desk(self, session: str, now: Instant) -> Desk | None:
        """What this session reads for; None where nothing was said, or too long ago."""
        held = self._desks.get(session)
        return held if held is not None and held.until > now else None

    def need_desk(self, session: str, now: Instant) -> Desk:
        """Raises `Refused("tracing-desk-needed")`."""
        found = self.desk(session, now)
        if found is None:
            raise Refused("tracing-desk-needed", ref="")
        return found

    def read_person(self, tx: Tx, entity_id: str, session: str) -> Dossier:
        """What is held of a person or a contact, sealed values apart; the reading goes on the record."""
        self.gate.require(tx.actor, "tracing.see")
        desk = self.need_desk(session, tx.now)
        entity = sql.get(tx, entity_id)
        tx.record(PersonRead(id=entity.id, case=desk.case))
        return self._dossier(tx, entity)

    def ask_opening(self, tx: Tx, entity_id: str, session: str) -> Opening:
        """Asks that a person's sealed values be opened for the case in hand; a second person decides."""
        self.gate.require(tx.actor, "tracing.judge")
        desk = self.need_desk(session, tx.now)
        entity = sql.get(tx, entity_id)
        if entity.kind not in PERSONAL_KINDS:
            raise Malformed("tracing-nothing-sealed", ref=entity.ref)
        opening_id, number = new_id(tx.now), sql.next_number(tx, "opening")
        tx.record(OpeningAsked(id=entity.id, opening=opening_id, case=desk.case))
        tx.run(
            sql.ADD_OPENING,
            id=opening_id,
            number=number,
            entity_id=entity.id,
            case_ref=desk.case,
            purpose=desk.purpose,
            asked_by=tx.actor.id,
            asked_at=tx.now,
            seq=tx.seq,
        )
        return sql.opening(tx, opening_id)

    def decide_opening(self, tx: Tx, opening_id: str, allowed: bool) -> Opening:
        """The second person's word; never of the one who asked."""
        self.gate.require(tx.actor, "tracing.approve")
        opening = sql.opening(tx, opening_id)
        if opening.decided_at is not None:
            raise Refused("tracing-decided-already")
        if opening.asked_by == tx.actor.id:
            raise Refused("tracing-second-person")
        tx.record(OpeningDecided(id=opening.entity_id, opening=opening.id, allowed=allowed))
        until = tx.now + OPENING_FOR if allowed else None
        tx.run(
            sql.DECIDE_OPENING,
            id=opening.id,
            by=tx.actor.id,
            now=tx.now,
            allowed=int(allowed),
            until=until,
            seq=tx.seq,
        )
        return sql.opening(tx, opening.id)

    def openings(self, reader: Reader, actor: Actor) -> list[Opening]:
        """What waits for a second person."""
        self.gate.require(actor, "tracing.see")
        return sql.openings_waiting(reader, OPENINGS_SHOWN_MAX)

    def openings_of(self, reader: Reader, actor: Actor, entity_id: str) -> list[Opening]:
        self.gate.require(actor, "tracing.see")
        return sql.openings_of(reader, entity_id, OPENINGS_SHOWN_MAX)

    def unseal(self, tx: Tx, entity_id: str, prop: str) -> list[str]:
        """The sealed values of one property, to whom an opening was allowed; each reading is an entry.

        Raises `Refused("tracing-not-opened")` for anybody else, or when its hours are over.
        """
        self.gate.require(tx.actor, "tracing.judge")
        entity = sql.get(tx, entity_id)
        held = [
            opening
            for opening in sql.openings_of(tx, entity.id, OPENINGS_SHOWN_MAX)
            if opening.open_to(tx.actor.id, tx.now)
        ]
        if not held:
            raise Refused("tracing-not-opened", ref=entity.ref)
        found = [
            said.sealed_id
            for said in sql.statements_of(tx, entity.id)
            if said.stands and said.prop == prop and said.sealed_id is not None
        ]
        if not found:
            raise NotFound("sealed-none")
        purpose = f"{held[0].purpose} {held[0].case}"
        return [sealed.reveal(tx, sealed_id, purpose) for sealed_id in found]

    # -- the node's own work ------------------------------------------------------------------------

    def expire_persons(self, tx: Tx) -> bool:
        """Takes out persons whose time is over: their sealed values,
        statements and edges. True if more wait."""
        due = sql.expired(tx, tx.now, EXPIRE_PERSONS_MAX)
        for person in due:
            for said in sql.statements_of(tx, person.id):
                if said.sealed_id is not None:
                    sealed.erase(tx, said.sealed_id, "retention")
            tx.record(PersonExpired(id=person.id))
            about = [said for said in sql.statements_about(tx, person.id) if said.stands]
            for said in about:
                tx.run(sql.WITHDRAW, id=said.id, now=tx.now, why="expired", seq=tx.seq)
            tx.run(sql.ERASE_SAID, entity_id=person.id)
            tx.run(sql.DROP_EDGES_AT, id=person.id)
            tx.run(sql.SET_GONE, id=person.id, now=tx.now, seq=tx.seq)
            for entity_id in dict.fromkeys(said.entity_id for said in about):
                if (other := sql.find(tx, entity_id)) is not None and other.gone_at is None:
                    self._settle_again(tx, entity_id)
        return len(due) == EXPIRE_PERSONS_MAX
