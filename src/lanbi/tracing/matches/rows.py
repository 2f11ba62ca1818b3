"""Registers, hits and matches as people and machines see them."""

from typing import Any

import msgspec

from lanbi.core.ports import Reader
from lanbi.core.time import rfc3339, rfc3339_or_none
from lanbi.tracing import sql as root_sql
from lanbi.tracing.matches import sql
from lanbi.tracing.matches.model import (
    ENTRY_STRIDE,
    Entry,
    Match,
    Register,
    alignment_rows,
    part_rows,
)
from lanbi.tracing.matches.service import Search, SearchHit
from lanbi.tracing.model import Entity, ref_of
from lanbi.tracing.rows import HandlingRow, handling_row


class RefRow(msgspec.Struct, frozen=True):
    """A thing by its id and the reference that people read."""

    id: str
    ref: str


class RecoveredRow(msgspec.Struct, frozen=True, kw_only=True):
    """A reading as it was compared, and the photographs that there are now."""

    marks: str
    make: str | None
    model: str | None
    calibre: str | None
    photos: list[str]


class OtherRow(msgspec.Struct, frozen=True, kw_only=True):
    """The other firearm as it was compared."""

    id: str
    ref: str
    marks: str
    make: str | None
    model: str | None
    calibre: str | None
    photos: list[str]
    recovery: RefRow | None


class InRegisterRow(msgspec.Struct, frozen=True, kw_only=True):
    """The entry as it was compared. `row`: of the register's file; its reference is read on the record."""

    id: str
    number: int
    name: str
    kind: str
    originator: str
    marks: str
    make: str | None
    model: str | None
    calibre: str | None
    entry: int
    row: int
    withdrawn: bool


class MatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal with its reasons, and what somebody decided. `score` 0 to 1; weights are log10."""

    id: str
    version: int
    number: int
    kind: str
    firearm: RefRow
    other: OtherRow | None
    score: float
    recovered: RecoveredRow
    register: InRegisterRow | None
    alignment: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    near: int
    of: int
    verdict: str
    decided_by: str | None
    decided_at: str | None
    why: str | None
    undone_at: str | None
    proposed_at: str
    withdrawn_at: str | None


class RegisterRow(msgspec.Struct, frozen=True, kw_only=True):
    """A register. `repeated`: entries whose serial and make stand in it before."""

    id: str
    version: int
    number: int
    name: str
    kind: str
    originator: str
    handling: HandlingRow
    digest: str
    entries: int
    skipped: int
    repeated: int
    synthetic: bool
    imported_at: str
    by: str
    withdrawn_at: str | None
    withdrawn_by: str | None
    withdrawn_why: str | None


class RegisterRefRow(msgspec.Struct, frozen=True, kw_only=True):
    """Which register an entry stands in."""

    id: str
    number: int
    name: str
    kind: str
    originator: str
    synthetic: bool


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry, without its reference."""

    n: int
    row: int
    flags: tuple[str, ...]
    register: RegisterRefRow


class EntryReadRow(msgspec.Struct, frozen=True, kw_only=True):
    """All that a register says of one firearm. `written`: as it stood in the file, where reading changed
    it."""

    n: int
    row: int
    register: RegisterRefRow
    marks: str
    make: str | None
    model: str | None
    calibre: str | None
    type: str | None
    reference: str | None
    flags: tuple[str, ...]
    written: dict[str, str]


class FoundFirearmRow(msgspec.Struct, frozen=True, kw_only=True):
    """A recovered firearm that was found."""

    id: str
    ref: str
    recovery: RefRow | None


class HitRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a serial may be. `near`: how many others fit about as well, of `of`."""

    entry: EntryRow | None
    firearm: FoundFirearmRow | None
    marks: str
    make: str | None
    model: str | None
    calibre: str | None
    type: str | None
    score: float
    alignment: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    near: int
    of: int


class ReadRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was searched, as it was read; a code that is not known is null."""

    marks: str
    status: str
    notes: tuple[str, ...]
    make: str | None
    model: str | None
    calibre: str | None
    type: str | None


class SearchRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found, best first. `too_many`: the reading fits too many to tell them apart."""

    read: ReadRow
    hits: list[HitRow]
    too_many: bool
    entries: int
    firearms: int


def register_row(register: Register) -> RegisterRow:
    return RegisterRow(
        id=register.id,
        version=register.seq,
        number=register.number,
        name=register.name,
        kind=register.kind,
        originator=register.handling.originator,
        handling=handling_row(register.handling),
        digest=register.digest,
        entries=register.entries,
        skipped=register.skipped,
        repeated=register.repeated,
        synthetic=register.synthetic,
        imported_at=rfc3339(register.imported_at),
        by=register.by,
        withdrawn_at=rfc3339_or_none(register.withdrawn_at),
        withdrawn_by=register.withdrawn_by,
        withdrawn_why=register.withdrawn_why,
    )


def register_ref(register: Register) -> RegisterRefRow:
    return RegisterRefRow(
        id=register.id,
        number=register.number,
        name=register.name,
        kind=register.kind,
        originator=register.handling.originator,
        synthetic=register.synthetic,
    )


def entry_read_row(entry: Entry, register: Register) -> EntryReadRow:
    return EntryReadRow(
        n=entry.n,
        row=entry.row,
        register=register_ref(register),
        marks=entry.marks,
        make=entry.make,
        model=entry.model,
        calibre=entry.calibre,
        type=entry.type,
        reference=entry.reference,
        flags=entry.flags,
        written=entry.written,
    )


class MatchRows:
    """Rows of matches over one reading: each register and firearm is asked for once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._registers: dict[str, Register] = {}
        self._entities: dict[str, Entity | None] = {}

    def row(self, match: Match) -> MatchRow:
        """The row as the queue shows it."""
        side = match.reading
        return MatchRow(
            id=match.id,
            version=match.seq,
            number=match.number,
            kind=match.kind,
            firearm=self._ref(match.firearm_id),
            other=self._other(match),
            score=round(match.score, 4),
            recovered=RecoveredRow(
                marks=side.marks,
                make=side.make,
                model=side.model,
                calibre=side.calibre,
                photos=self._photos(match.firearm_id),
            ),
            register=self._register(match),
            alignment=match.alignment,
            parts=match.parts,
            near=match.near,
            of=match.of,
            verdict=match.verdict,
            decided_by=match.decided_by,
            decided_at=rfc3339_or_none(match.decided_at),
            why=match.why,
            undone_at=rfc3339_or_none(match.undone_at),
            proposed_at=rfc3339(match.proposed_at),
            withdrawn_at=rfc3339_or_none(match.withdrawn_at),
        )

    def _entity(self, entity_id: str) -> Entity | None:
        if entity_id not in self._entities:
            self._entities[entity_id] = root_sql.find(self._reader, entity_id)
        return self._entities[entity_id]

    def _ref(self, entity_id: str) -> RefRow:
        found = self._entity(entity_id)
        return RefRow(entity_id, "" if found is None else found.ref)

    def _photos(self, entity_id: str) -> list[str]:
        found = self._entity(entity_id)
        return [] if found is None else list(found.preferred.get("photo") or ())

    def _other(self, match: Match) -> OtherRow | None:
        if match.other_id is None:
            return None
        held = match.held
        found = self._entity(match.other_id)
        recovery_id = None if found is None else found.value("recovery")
        return OtherRow(
            id=match.other_id,
            ref="" if found is None else found.ref,
            marks=held.marks,
            make=held.make,
            model=held.model,
            calibre=held.calibre,
            photos=self._photos(match.other_id),
            recovery=None if recovery_id is None else self._ref(recovery_id),
        )

    def _register(self, match: Match) -> InRegisterRow | None:
        if match.register_id is None or match.entry_n is None:
            return None
        if match.register_id not in self._registers:
            self._registers[match.register_id] = sql.register(self._reader, match.register_id)
        register, held = self._registers[match.register_id], match.held
        return InRegisterRow(
            id=register.id,
            number=register.number,
            name=register.name,
            kind=register.kind,
            originator=register.handling.originator,
            marks=held.marks,
            make=held.make,
            model=held.model,
            calibre=held.calibre,
            entry=match.entry_n,
            row=match.entry_n % ENTRY_STRIDE,
            withdrawn=register.state == "withdrawn",
        )


def match_row(reader: Reader, match: Match) -> MatchRow:
    """One match as a row."""
    return MatchRows(reader).row(match)


def search_row(reader: Reader, search: Search) -> SearchRow:
    """A search as the API answers it."""
    reading = search.reading
    return SearchRow(
        read=ReadRow(
            marks=search.serial.marks,
            status=search.serial.status,
            notes=search.serial.notes,
            make=reading.make,
            model=reading.model,
            calibre=reading.calibre,
            type=reading.type,
        ),
        hits=[_hit(reader, search, hit) for hit in search.hits],
        too_many=search.too_many,
        entries=search.entries,
        firearms=search.firearms,
    )


def _hit(reader: Reader, search: Search, hit: SearchHit) -> HitRow:
    scored = hit.scored
    side = scored.side
    entry = None
    if hit.entry is not None and hit.register is not None:
        entry = EntryRow(
            n=hit.entry.n, row=hit.entry.row, flags=hit.entry.flags, register=register_ref(hit.register)
        )
    firearm = None
    if hit.firearm is not None:
        found = root_sql.find(reader, hit.firearm.id)
        recovery_id = None if found is None else found.value("recovery")
        recovery = None if recovery_id is None else root_sql.find(reader, recovery_id)
        firearm = FoundFirearmRow(
            id=hit.firearm.id,
            ref=ref_of("firearm", hit.firearm.number),
            recovery=None if recovery is None else RefRow(recovery.id, recovery.ref),
        )
    return HitRow(
        entry=entry,
        firearm=firearm,
        marks=side.marks,
        make=side.make,
        model=side.model,
        calibre=side.calibre,
        type=side.type,
        score=round(scored.score, 4),
        alignment=alignment_rows(scored.comparison.steps),
        parts=part_rows(scored.comparison, search.reading, side, scored.of),
        near=scored.near,
        of=scored.of,
    )
