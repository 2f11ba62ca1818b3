"""Recoveries at work: one use case, one function, one transaction."""

import re
from collections.abc import Sequence

import msgspec

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError, Malformed, NotFound, TooLarge
from lanbi.core.ports import Reader, Tx
from lanbi.tracing import sql as tracing_sql
from lanbi.tracing.handling import Handling
from lanbi.tracing.markings.normal import serial_of
from lanbi.tracing.model import Entity, Given, Source, ref_of
from lanbi.tracing.reading import UNREAD_SERIAL
from lanbi.tracing.recoveries import sql
from lanbi.tracing.recoveries.form import Completeness, completeness
from lanbi.tracing.recoveries.judging import told_by_serial
from lanbi.tracing.recoveries.model import (
    ITEMS_SHOWN_MAX,
    QUERY_CHARS_MAX,
    SIMILAR_MAX,
    FirearmFilter,
    FirearmLine,
    Item,
    Recorded,
    RecoveryFilter,
    RecoveryLine,
    Similar,
    SimilarReason,
    check_items,
    check_order,
    check_recovery,
)
from lanbi.tracing.recoveries.sql import Sought
from lanbi.tracing.schema import earliest, latest, read_date
from lanbi.tracing.service import Tracing

_REFERENCE = re.compile(r"([FR])[-\s]?(\d{1,9})", re.IGNORECASE)
NUMBERED = frozenset({None, "legible", "restored"})
"""States of a serial that can be the same as another's; a part of one is found by the search for serials."""
FIRST_SALES = frozenset({None, "first_sale", "wholesale"})


class Flagged(msgspec.Struct, frozen=True, kw_only=True):
    """A value that was kept with a doubt. `original`: as written, where reading changed it."""

    prop: str
    value: str | None
    original: str | None
    flag: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a recovery. `line`: as on the board of firearms; None for other materiel."""

    entity: Entity
    completeness: Completeness
    flags: list[Flagged]
    line: FirearmLine | None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A recovery with its items; `more`: there are others beyond the first five hundred."""

    line: RecoveryLine
    entity: Entity
    completeness: Completeness
    flags: list[Flagged]
    items: list[Shown]
    similar: list[Similar]
    more: bool


class Recoveries:
    """The use cases of recoveries; what is said in them are statements of `tracing`."""

    def __init__(self, tracing: Tracing) -> None:
        self.tracing = tracing

    # -- recording -------------------------------------------------------------------------

    def record(
        self,
        tx: Tx,
        values: Sequence[Given],
        items: Sequence[Item],
        source: Source,
        handling: Handling | None = None,
    ) -> Recorded:
        """A recovery with its items, whole or not at all; what they may be the same as is proposed.

        Raises `Malformed` for a day that has not come, for more than 300 items, for what is neither firearm
        nor materiel, and as `Tracing.make` for a value that cannot be one.
        """
        self.tracing.gate.require(tx.actor, "tracing.record")
        check_recovery(values, tx.now)
        check_items(items)
        recovery = self.tracing.make(tx, "recovery", values, source, handling)
        made = self._items(tx, recovery, items, source, handling)
        return self._recorded(tx, recovery, made, asked=[recovery, *made])

    def add(
        self,
        tx: Tx,
        recovery_id: str,
        items: Sequence[Item],
        source: Source,
        handling: Handling | None = None,
    ) -> Recorded:
        """More items of a recovery that is recorded already."""
        self.tracing.gate.require(tx.actor, "tracing.record")
        recovery = self._recovery(tx, recovery_id)
        if not items:
            raise Malformed("recoveries-items-none")
        check_items(items)
        made = self._items(tx, recovery, items, source, handling)
        return self._recorded(tx, recovery, made, asked=made)

    def sell(
        self,
        tx: Tx,
        firearm_id: str,
        values: Sequence[Given],
        source: Source,
        handling: Handling | None = None,
    ) -> Entity:
        """A sale of a firearm. Raises `Refused("recoveries-before-sale")` with both days where it would be
        the first and lies after the recovery: one of the two is wrong, and a person must say which."""
        self.tracing.gate.require(tx.actor, "tracing.record")
        firearm = self.tracing.entity(tx, tx.actor, firearm_id)
        if firearm.kind != "firearm" or any(given.prop == "firearm" for given in values):
            raise Malformed("recoveries-sale-of-what", ref=firearm.ref)
        stated = {given.prop: given.value for given in values}
        line = sql.firearm(tx, firearm.id)
        if stated.get("date") and stated.get("kind") in FIRST_SALES and line is not None:
            sold = read_date(stated["date"], "date")
            if line.recovered_on is not None:
                check_order(sold, line.recovered_on)
        about = [*values, Given(prop="firearm", value=firearm.id)]
        return self.tracing.make(tx, "acquisition", about, source, handling)

    def _items(
        self, tx: Tx, recovery: Entity, items: Sequence[Item], source: Source, handling: Handling | None
    ) -> list[Entity]:
        made = []
        for number, item in enumerate(items, 1):
            about = [*_as_told(item), Given(prop="recovery", value=recovery.id)]
            try:
                made.append(self.tracing.make(tx, item.kind, about, source, handling))
            except LanbiError as error:
                error.args_by_name.setdefault("item", number)
                raise
        return made

    def _recorded(
        self, reader: Reader, recovery: Entity, made: list[Entity], *, asked: Sequence[Entity]
    ) -> Recorded:
        found = tracing_sql.get(reader, recovery.id)
        return Recorded(recovery=found, items=made, similar=self.similar(reader, asked))

    # -- what may be one -----------------------------------------------------------------------

    def similar(self, reader: Reader, entities: Sequence[Entity]) -> list[Similar]:
        """What these may be the same as, at most twenty: proposals that nobody has judged yet."""
        found: list[Similar] = []
        for entity in entities:
            found += self._similar(reader, entity, SIMILAR_MAX - len(found))
            if len(found) >= SIMILAR_MAX:
                break
        return found

    def _similar(self, reader: Reader, entity: Entity, limit: int) -> list[Similar]:
        value = entity.value
        if entity.kind == "firearm":
            if value("serial") in (None, UNREAD_SERIAL) or not value("make"):
                return []
            if value("serial_status") not in NUMBERED:
                return []
            rows = reader.rows(
                sql.SAME_SERIAL, serial=value("serial"), make=value("make"), id=entity.id, limit=limit
            )
            reason: SimilarReason = "same_serial"
            names = ("make", "serial", "recovery")
            rows = [
                (row[0], row[1], row[2], row[3], None if row[4] is None else ref_of("recovery", row[4]))
                for row in rows
            ]
        elif entity.kind == "recovery":
            if not value("case") or not value("date") or not value("agency"):
                return []
            rows = reader.rows(
                sql.SAME_CASE,
                case=value("case"),
                date=value("date"),
                agency=value("agency"),
                id=entity.id,
                limit=limit,
            )
            reason, names = "same_case", ("case", "date", "agency")
        else:
            return []
        return [
            Similar(
                of=entity.id,
                of_ref=entity.ref,
                id=row[0],
                ref=ref_of(entity.kind, row[1]),
                reason=reason,
                values=dict(zip(names, row[2:], strict=True)),
            )
            for row in rows
        ]

    # -- looking -----------------------------------------------------------------------------

    def page(self, reader: Reader, actor: Actor, recovery_id: str) -> Page:
        """A recovery with its items, how complete each is, and what each may be the same as."""
        entity = self._recovery(reader, recovery_id, actor)
        line = sql.recovery(reader, entity.id)
        if line is None:
            raise NotFound("tracing-none")
        lines = sql.firearms_of(reader, entity.id, ITEMS_SHOWN_MAX + 1)
        room = max(0, ITEMS_SHOWN_MAX + 1 - len(lines))
        others = sql.materiel_of(reader, entity.id, room) if room else []
        items = [self._shown(reader, found.id, found) for found in lines]
        items += [self._shown(reader, item_id, None) for item_id in others]
        flags = _flags(reader, entity.id)
        shown = items[:ITEMS_SHOWN_MAX]
        return Page(
            line=line,
            entity=entity,
            completeness=completeness("recovery", entity.preferred, {flag.prop for flag in flags}),
            flags=flags,
            items=shown,
            similar=self.similar(reader, [entity, *(item.entity for item in shown)]),
            more=len(items) > ITEMS_SHOWN_MAX,
        )

    def _shown(self, reader: Reader, item_id: str, line: FirearmLine | None) -> Shown:
        entity, flags = tracing_sql.get(reader, item_id), _flags(reader, item_id)
        return Shown(
            entity=entity,
            completeness=completeness(entity.kind, entity.preferred, {flag.prop for flag in flags}),
            flags=flags,
            line=line,
        )

    def recoveries(
        self, reader: Reader, actor: Actor, asked: RecoveryFilter, after: tuple[str | None, int], limit: int
    ) -> list[RecoveryLine]:
        """The board of recoveries, newest first. `after`: see `sql.recoveries`."""
        self.tracing.gate.require(actor, "tracing.see")
        days = msgspec.structs.replace(
            asked,
            since=earliest(read_date(asked.since, "since")) if asked.since else "",
            until=latest(read_date(asked.until, "until")) if asked.until else "",
        )
        return sql.recoveries(reader, days, sought(asked.q), after, limit)

    def firearms(
        self, reader: Reader, actor: Actor, asked: FirearmFilter, before: int, limit: int
    ) -> list[FirearmLine]:
        """The board of firearms, newest first; `before`: the number of the last one of the page before."""
        self.tracing.gate.require(actor, "tracing.see")
        return sql.firearms(reader, asked, sought(asked.q), before, limit)

    def timed(self, reader: Reader, actor: Actor) -> int:
        """How many firearms have both a first sale and a recovery: those of which a time-to-crime is
        known."""
        self.tracing.gate.require(actor, "tracing.see")
        return int(reader.rows(sql.TIMED)[0][0])

    def _recovery(self, reader: Reader, recovery_id: str, actor: Actor | None = None) -> Entity:
        entity = (
            tracing_sql.get(reader, recovery_id)
            if actor is None
            else self.tracing.entity(reader, actor, recovery_id)
        )
        if entity.kind != "recovery":
            raise NotFound("tracing-none")
        return entity


def sought(query: str) -> Sought | None:
    """What a search looks for: R-12 and F-118 as references, and the same text as the beginning of a
    serial, a case or an agency. None for an empty one; raises `TooLarge("recoveries-query-long")`."""
    query = query.strip()
    if not query:
        return None
    if len(query) > QUERY_CHARS_MAX:
        raise TooLarge("recoveries-query-long", limit=QUERY_CHARS_MAX, given=len(query))
    if "\x00" in query:
        raise Malformed("text-nul", field="q")
    found = _REFERENCE.fullmatch(query)
    letter, number = (found[1].upper(), int(found[2])) if found else ("", -1)
    marks = _marks(query)
    return Sought(
        recovery=number if letter == "R" else -1,
        firearm=number if letter == "F" else -1,
        serial=marks or sql.LAST,
        text=query.lower(),
        ascii="".join(char.lower() if char.isascii() else char for char in query),
    )


def _marks(query: str) -> str:
    try:
        return serial_of(query, "legible").marks
    except LanbiError:  # no serial: it may still be a case
        return ""


def _as_told(item: Item) -> list[Given]:
    """The values of an item; a serial that says of itself that it is filed off or read in part says so in its
    state too, unless the form gave one."""
    if item.kind != "firearm" or any(given.prop == "serial_status" for given in item.values):
        return list(item.values)
    told: list[Given] = []
    for given in item.values:
        if given.prop != "serial":
            told.append(given)
            continue
        told += [
            msgspec.structs.replace(given, prop=said.prop, value=said.text)
            for said in told_by_serial(given.prop, given.value, None)
        ]
    return told


def _flags(reader: Reader, entity_id: str) -> list[Flagged]:
    rows = reader.rows(sql.FLAGS_OF, entity_id=entity_id)
    return [Flagged(prop=row[0], value=row[1], original=row[2], flag=row[3]) for row in rows]
