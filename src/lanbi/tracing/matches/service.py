"""Registers and matches at work: one use case, one function, one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from lanbi.core.access import Actor
from lanbi.core.errors import Malformed, NotFound, Refused
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import line, words
from lanbi.tracing import sql as root_sql
from lanbi.tracing.events import Judged, JudgementUndone
from lanbi.tracing.markings.normal import Serial, calibre_of, make_of, model_of, serial_of, type_of
from lanbi.tracing.markings.serial import SERIAL_STATUSES, SerialStatus
from lanbi.tracing.matches import sql
from lanbi.tracing.matches.events import (
    MatchDecided,
    MatchUndone,
    RegisterEntryRead,
    RegisterImported,
    RegisterWithdrawn,
)
from lanbi.tracing.matches.holder import Both, SerialHolder
from lanbi.tracing.matches.model import (
    ABANDONED_AFTER,
    ENTRIES_MAX,
    ENTRY_STRIDE,
    NAME_CHARS_MAX,
    SEARCH_SCORE_MIN,
    WHY_CHARS_MAX,
    Entry,
    Match,
    MatchKind,
    MatchVerdict,
    Register,
    Scored,
    Side,
    Wanted,
    base_of,
    check_verdict,
    pair_key,
    weigh,
)
from lanbi.tracing.matches.sql import Looked
from lanbi.tracing.model import SEALED_FOR, UNGRADED, VALUE_CHARS_MAX, Given, Verdict, check_grade
from lanbi.tracing.service import Tracing

CLEARED_ROWS_MAX = 20_000
WITHDRAWN_STATEMENTS_MAX = 200
HITS_MAX = 50
HITS_DEFAULT = 10
STATED_PROPS = ("serial", "make", "model", "calibre", "type")
"""What a register's word on a firearm is taken for: markings and descriptions, nothing of anybody."""


class Registers:
    """Lists of known firearms: taken in whole, read on the record, taken back."""

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing

    # -- taking in: begin, add pieces, finish; nobody sees it before the last --------------

    def check(self, reader: Reader, actor: Actor, wanted: Wanted, digest: str) -> str:
        """Whether a register may be taken in; answers with its name.

        Raises `Refused("register-twice")` where one of the same bytes stands; `Malformed` for what it is
        called.
        """
        self._tracing.gate.require(actor, "tracing.record")
        self._tracing.vocabulary.usable("register_kinds", wanted.kind)
        for purpose in wanted.handling.purposes:
            self._tracing.vocabulary.term("tracing_purposes", purpose)
        check_grade(wanted.grade)
        self._refuse_twice(reader, digest)
        return line(wanted.name, "name", chars_max=NAME_CHARS_MAX)

    def begin(self, tx: Tx, wanted: Wanted, digest: str) -> Register:
        """A place for a register that is about to be taken in. Raises as `check`."""
        name = self.check(tx, tx.actor, wanted, digest)
        register_id, number = new_id(tx.now), root_sql.next_number(tx, "register")
        sql.add_register(
            tx,
            register_id=register_id,
            number=number,
            name=name,
            kind=wanted.kind,
            handling=wanted.handling,
            digest=digest,
            synthetic=wanted.synthetic,
        )
        return sql.register(tx, register_id)

    def _refuse_twice(self, reader: Reader, digest: str) -> None:
        for twin in sql.registers(reader, sql.STANDING_DIGEST, digest=digest):
            raise Refused("register-twice", name=twin.name, number=twin.number)

    def finish(
        self, tx: Tx, register_id: str, *, entries: int, skipped: int, repeated: int, grade: str = UNGRADED
    ) -> Register:
        """From now on it stands: searches find it, and every recovered firearm is looked for in it.

        Raises `Refused`: register-twice (another import of the same bytes was faster), register-gone (it was
        cleared away meanwhile), registers-full.
        """
        self._tracing.gate.require(tx.actor, "tracing.record")
        register = sql.register(tx, register_id)
        self._refuse_twice(tx, register.digest)
        held = int(tx.rows(sql.STANDING_ENTRIES)[0][0])
        if held + entries > ENTRIES_MAX:
            raise Refused("registers-full", limit=ENTRIES_MAX, held=held, given=entries)
        source = self._tracing.add_source(
            tx,
            kind="register",
            reference=register.name,
            originator=register.handling.originator,
            grade=grade,
            digest=register.digest,
            synthetic=register.synthetic,
        )
        tx.record(
            RegisterImported(
                id=register.id,
                register_kind=register.kind,
                originator=register.handling.originator,
                source=source.id,
                sha256=register.digest,
                entries=entries,
                skipped=skipped,
            )
        )
        done = tx.run(
            sql.FINISH_REGISTER,
            id=register.id,
            source_id=source.id,
            entries=entries,
            skipped=skipped,
            repeated=repeated,
            now=tx.now,
            seq=tx.seq,
        )
        if not done:
            raise Refused("register-gone", name=register.name)
        tx.run(sql.SET_CURSOR, seq=0, id="")
        return sql.register(tx, register.id)

    def abandon(self, tx: Tx, register: Register) -> None:
        """What was taken in so far of a register that nobody sees yet is cleared away by the node."""
        tx.run(sql.ABANDON_REGISTER, id=register.id, base=base_of(register.number))

    # -- reading -------------------------------------------------------------------------

    def page(self, reader: Reader, actor: Actor, *, before: int, limit: int) -> list[Register]:
        """Those that stand or were withdrawn, newest first."""
        self._tracing.gate.require(actor, "tracing.see")
        return sql.registers(reader, sql.REGISTERS, before=before, limit=limit)

    def get(self, reader: Reader, actor: Actor, register_id: str) -> Register:
        """Raises `NotFound("register-none")`, also while it is taken in."""
        self._tracing.gate.require(actor, "tracing.see")
        register = sql.register(reader, register_id)
        if register.seq == 0:
            raise NotFound("register-none")
        return register

    def read_entry(self, tx: Tx, n: int) -> tuple[Entry, Register]:
        """All that a register says of one firearm, its reference among it; the reading goes on the record.

        Raises `NotFound("register-entry-none")`, `Refused("register-withdrawn")`.
        """
        self._tracing.gate.require(tx.actor, "tracing.see")
        found = sql.entry(tx, n)
        register = None if found is None else sql.register_numbered(tx, found.register_number)
        if found is None or register is None:
            raise NotFound("register-entry-none")
        register.need_standing()
        tx.record(RegisterEntryRead(id=register.id, row=found.row))
        return found, register

    # -- taking back -----------------------------------------------------------------------

    def withdraw(self, tx: Tx, register_id: str, reason: str, *, held: int | None = None) -> Register:
        """Its entries are found no more from now on; undecided proposals on it fall, and what was stated from
        it.

        `reason`: a code of the vocabulary `withdrawal_reasons`. `held`: the version that was seen.
        """
        self._tracing.gate.require(tx.actor, "tracing.approve")
        self._tracing.vocabulary.usable("withdrawal_reasons", reason)
        register = sql.register(tx, register_id)
        register.need_standing()
        register.check_held(held)
        tx.record(RegisterWithdrawn(id=register.id, reason=reason))
        seq = tx.seq
        tx.run(
            sql.WITHDRAW_REGISTER,
            id=register.id,
            now=tx.now,
            by=tx.actor.id,
            why=reason,
            base=base_of(register.number),
            seq=seq,
        )
        tx.run(sql.WITHDRAW_REGISTER_MATCHES, id=register.id, now=tx.now, empty=sql.EMPTY_SIDE, seq=seq)
        tx.run(sql.MARK_REGISTER_MATCHES, id=register.id, seq=seq)
        self._withdraw_stated(tx, sql.register(tx, register.id))
        return sql.register(tx, register.id)

    def _withdraw_stated(self, tx: Tx, register: Register) -> bool:
        """Takes back some of what was stated from a withdrawn register; whether there was anything."""
        if register.source_id is None:
            return False
        rows = tx.rows(sql.STATED_BY, source_id=register.source_id, limit=WITHDRAWN_STATEMENTS_MAX)
        if rows:
            self._tracing.withdraw(tx, [row[0] for row in rows], register.withdrawn_why or "originator")
        return bool(rows)

    def clear(self, tx: Tx) -> bool:
        """The node's own work: a piece of what withdrawn and abandoned registers left behind. True if
        more."""
        for dead in sql.registers(tx, sql.ABANDONED, before=tx.now - ABANDONED_AFTER):
            self.abandon(tx, dead)
        found = sql.registers(tx, sql.TO_CLEAR)
        if not found:
            return False
        register = found[0]
        if self._withdraw_stated(tx, register):
            return True
        after = base_of(register.number) if register.cleared_n is None else register.cleared_n
        last = min(register.last_n, after + CLEARED_ROWS_MAX)
        tx.run(sql.DROP_ENTRIES, after=after, last=last)
        tx.run(sql.CLEARED, id=register.id, n=last)
        if last == register.last_n and register.seq == 0:
            tx.run(sql.DROP_UNFINISHED, id=register.id)
        return True

    def to_clear(self, reader: Reader, now: int) -> bool:
        """Whether there is anything for `clear`."""
        return bool(
            sql.registers(reader, sql.TO_CLEAR)
            or sql.registers(reader, sql.ABANDONED, before=now - ABANDONED_AFTER)
        )


class Matches:
    """What recovered firearms may be: a queue, decided by people, undone as easily."""

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing

    def page(
        self,
        reader: Reader,
        actor: Actor,
        *,
        verdict: MatchVerdict | None,
        kind: MatchKind | None = None,
        firearm_id: str | None = None,
        before: tuple[int, int] | None = None,
        limit: int,
    ) -> list[Match]:
        """Those that stand, best first. `before`: rank and number of the last one seen."""
        self._tracing.gate.require(actor, "tracing.see")
        return sql.page(reader, verdict=verdict, kind=kind, firearm_id=firearm_id, before=before, limit=limit)

    def get(self, reader: Reader, actor: Actor, match_id: str) -> Match:
        """Raises `NotFound("match-none")`."""
        self._tracing.gate.require(actor, "tracing.see")
        return sql.match(reader, match_id)

    def waiting(self, reader: Reader) -> int:
        """How many wait for a decision."""
        return int(reader.rows(sql.WAITING)[0][0])

    def decide(self, tx: Tx, match_id: str, verdict: str, why: str, *, held: int | None = None) -> Match:
        """What somebody found: the same, not the same, or not to be told; explained, and undone by `undo`.

        The same as another firearm is a judgement. The same as an entry of a register states on the firearm
        what the register says of it, under the register's source and rules; what was read stands beside it.

        Raises `Refused`: match-decided-already, match-withdrawn, register-withdrawn, tracing-judged-already;
        `Conflict("match-changed")`, `Malformed("match-verdict")`.
        """
        self._tracing.gate.require(tx.actor, "tracing.match")
        found = sql.match(tx, match_id)
        found.check_held(held)
        found.need_open()
        chosen = check_verdict(verdict)
        if found.other_id is not None:
            self._judge(tx, found, chosen, why)
        else:
            self._state(tx, found, chosen, why)
        return sql.match(tx, match_id)

    def _judge(self, tx: Tx, match: Match, verdict: Verdict, why: str) -> None:
        assert match.other_id is not None  # noqa: S101 - of two firearms
        judged = self._tracing.judge(tx, match.firearm_id, match.other_id, verdict, why)
        kept = tx.rows(sql.WHY_OF_JUDGEMENT, id=judged.id)[0][0]
        tx.record(
            MatchDecided(
                id=match.firearm_id, match=match.id, verdict=verdict, other=match.other_id, row=None, why=None
            )
        )
        sql.decide(tx, match.id, verdict, why=kept, judgement_id=judged.id)

    def _state(self, tx: Tx, match: Match, verdict: Verdict, why: str) -> None:
        register = sql.register(tx, str(match.register_id))
        register.need_standing()
        entry = sql.entry(tx, int(match.entry_n or 0))
        if entry is None:
            raise NotFound("register-entry-none")
        stated: list[str] = []
        if verdict == "same":
            stated = self._state_entry(tx, match.firearm_id, register, entry)
        kept = tx.seal(
            subject=f"tracing/{match.firearm_id}",
            field="why",
            kind="words",
            value=words(why, "why", chars_max=WHY_CHARS_MAX),
            keep_for=SEALED_FOR,
        )
        tx.record(
            MatchDecided(
                id=match.firearm_id,
                match=match.id,
                verdict=verdict,
                other=register.id,
                row=entry.row,
                why=kept,
            )
        )
        sql.decide(tx, match.id, verdict, why=kept.sealed, judgement_id=None, statements=stated)

    def _state_entry(self, tx: Tx, firearm_id: str, register: Register, entry: Entry) -> list[str]:
        source = root_sql.source(tx, str(register.source_id))
        givens = [
            Given(prop=prop, value=said)
            for prop in STATED_PROPS
            if (said := entry.as_written(prop)) is not None
        ]
        self._tracing.state(tx, firearm_id, givens, source, register.handling)
        rows = tx.rows(sql.STATEMENTS_MADE, entity_id=firearm_id, source_id=source.id, seq=tx.seq)
        return [row[0] for row in rows]

    def undo(self, tx: Tx, match_id: str, *, held: int | None = None) -> Match:
        """Takes a decision back with all that it made: judgement or statements. It waits again, if it still
        holds.

        Raises `Refused("match-not-decided")`, `Conflict("match-changed")`.
        """
        self._tracing.gate.require(tx.actor, "tracing.match")
        found = sql.match(tx, match_id)
        found.check_held(held)
        if found.verdict == "none":
            raise Refused("match-not-decided", number=found.number)
        if found.judgement_id is not None:
            self._tracing.undo_judgement(tx, found.judgement_id)
        standing = [key for key in found.statements if tx.row(sql.STANDING_STATEMENT, id=key) is not None]
        if standing:
            self._tracing.withdraw(tx, standing, "error")
        tx.record(MatchUndone(id=found.firearm_id, match=found.id, verdict=found.verdict))
        self._reopen(tx, found)
        return sql.match(tx, match_id)

    def _reopen(self, tx: Tx, match: Match) -> None:
        """Back in the queue, unless what was compared is no more; and searched again, to be sure."""
        sql.undo(tx, match.id, None if self._holds(tx, match) else tx.now)
        if match.register_id is not None and sql.register(tx, match.register_id).state == "withdrawn":
            tx.run(sql.BLANK_MATCH, id=match.id, empty=sql.EMPTY_SIDE)
        for firearm_id in (match.firearm_id, match.other_id):
            if firearm_id is not None:
                tx.run(sql.LOOK_AGAIN, id=firearm_id)

    def _holds(self, reader: Reader, match: Match) -> bool:
        firearm = sql.firearm(reader, match.firearm_id)
        if firearm is None or firearm.side.marks != match.reading.marks:
            return False
        if match.other_id is not None:
            other = sql.firearm(reader, match.other_id)
            return other is not None and other.side.marks == match.held.marks
        return sql.register(reader, str(match.register_id)).state == "standing"

    # -- told of what happens elsewhere -----------------------------------------------------

    def judged(self, tx: Tx, fact: Judged) -> None:
        """Two firearms were judged, here or anywhere: what waits for the same answer has it."""
        for match in sql.matches(tx, sql.MATCHES_OF_PAIR, pair=pair_key(fact.id, fact.other, None)):
            if match.verdict == "none" and match.withdrawn_at is None:
                sql.decide(
                    tx,
                    match.id,
                    check_verdict(fact.verdict),
                    why=fact.why.sealed,
                    judgement_id=fact.judgement,
                )
        for firearm_id in (fact.id, fact.other):
            tx.run(sql.LOOK_AGAIN, id=firearm_id)

    def unjudged(self, tx: Tx, fact: JudgementUndone) -> None:
        """A judgement was taken back: what it answered waits again."""
        for match in sql.matches(tx, sql.MATCHES_OF_JUDGEMENT, id=fact.judgement):
            self._reopen(tx, match)


class SearchHit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a serial may be: an entry of a register, or a recovered firearm."""

    scored: Scored
    entry: Entry | None = None
    register: Register | None = None
    firearm: Looked | None = None


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What was searched, as it was read, and what was found, best first. `too_many` fit to tell them
    apart."""

    serial: Serial
    reading: Side
    hits: list[SearchHit]
    too_many: bool
    entries: int
    firearms: int


class Searching:
    """Serial search over registers and recovered firearms."""

    def __init__(self, tracing: Tracing, holder: SerialHolder) -> None:
        self._tracing = tracing
        self._holder = holder

    def search(
        self,
        reader: Reader,
        actor: Actor,
        serial: str,
        *,
        status: str | None = None,
        make: str | None = None,
        model: str | None = None,
        calibre: str | None = None,
        type: str | None = None,
        limit: int = HITS_DEFAULT,
    ) -> Search:
        """What a serial may be, as somebody reads it. A serial alone is no person: nothing of it is recorded.

        Raises `Malformed` for a serial that cannot be one or has no marks, `Busy("serial-index-building")`.
        """
        self._tracing.gate.require(actor, "tracing.see")
        if not 1 <= limit <= HITS_MAX:
            raise Malformed("limit-impossible", limit=HITS_MAX, given=limit)
        given = {"make": make, "model": model, "calibre": calibre, "type": type}
        read = _read_serial(serial, status)
        reading = _described(read.marks, given)
        found = self._holder.search(reading.gun)
        hits = weigh_both(reader, found, score_min=SEARCH_SCORE_MIN)
        return Search(
            serial=read,
            reading=reading,
            hits=hits[:limit],
            too_many=found.entries.too_many or found.firearms.too_many,
            entries=found.entries.entries,
            firearms=found.firearms.entries,
        )


def weigh_both(reader: Reader, found: Both, *, own: Iterable[int] = (), score_min: float) -> list[SearchHit]:
    """What was found, read from the store, weighed against its true rivals; best first.

    `own`: numbers of firearms that are the reading's own. An entry of a register that stands no more is left
    out.
    """
    entries: dict[int, Entry] = {}
    registers: dict[int, Register | None] = {}
    for proposal in found.entries.proposals:
        number = proposal.id // ENTRY_STRIDE
        if number not in registers:
            register = sql.register_numbered(reader, number)
            registers[number] = register if register is not None and register.state == "standing" else None
        if registers[number] is not None and (entry := sql.entry(reader, proposal.id)) is not None:
            entries[proposal.id] = entry
    firearms: dict[int, Looked] = {}
    for proposal in found.firearms.proposals:
        if (firearm := sql.firearm_numbered(reader, proposal.id)) is not None:
            firearms[proposal.id] = firearm
    among = weigh(found.entries, {n: side_of(entry) for n, entry in entries.items()}, (), score_min=score_min)
    beside = weigh(
        found.firearms,
        {number: firearm.side for number, firearm in firearms.items()},
        frozenset(own),
        score_min=score_min,
    )
    hits = [
        SearchHit(scored=scored, entry=entries[scored.id], register=registers[scored.id // ENTRY_STRIDE])
        for scored in among
    ]
    hits += [SearchHit(scored=scored, firearm=firearms[scored.id]) for scored in beside]
    return sorted(hits, key=lambda hit: -hit.scored.rank)


def side_of(entry: Entry) -> Side:
    """An entry as it is compared."""
    return Side(marks=entry.marks, make=entry.make, model=entry.model, calibre=entry.calibre, type=entry.type)


def _read_serial(serial: str, status: str | None) -> Serial:
    if status is not None and status not in SERIAL_STATUSES:
        raise Malformed("serial-status", status=status[:40])
    known: SerialStatus | None = status  # pyright: ignore[reportAssignmentType]
    read = serial_of(serial, known)
    if not read.marks:
        raise Malformed("serial-no-marks", status=read.status)
    return read


def _described(marks: str, given: Mapping[str, str | None]) -> Side:
    """A reading with what is recognised of the gun; what is not is left out of the search."""

    def text(prop: str) -> str | None:
        value = given[prop]
        return line(value, prop, chars_max=VALUE_CHARS_MAX) if value and value.strip() else None

    make, model, calibre, type_ = (text(prop) for prop in ("make", "model", "calibre", "type"))
    make_code = None if make is None else make_of(make).code
    model_code = None if model is None else model_of(model, make_code).code
    if make is None and model_code is not None:
        make_code = model_code.partition("/")[0]
    return Side(
        marks=marks,
        make=make_code,
        model=model_code,
        calibre=None if calibre is None else calibre_of(calibre).code,
        type=None if type_ is None else type_of(type_).code,
    )
