"""What travels with a request or an answer: statements with their sources and their rules, and nothing that
the rules keep here.

On the wire an entity is known by a key that only this partner gets from us (HMAC-SHA-256 over both), so that
two partners cannot lay their papers side by side and find the same purchaser without the originator. A person
travels as such a key, a role and a legal status: a pseudonym. Names travel only where `persons` says so.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from lanbi.core.ports import Reader
from lanbi.core.time import SECOND, Instant
from lanbi.tracing import sql as root_sql
from lanbi.tracing.handling import Handling, Kept, Recipient, Tlp, why_kept
from lanbi.tracing.model import Entity, Source, Statement
from lanbi.tracing.requests.terms import travels
from lanbi.tracing.schema import kind_of

ASKED = "asked"
"""The key of the firearm that the request is about, whoever speaks."""
PACKAGE_ENTITIES_MAX = 200
PACKAGE_STATEMENTS_MAX = 2_000
SALES_MAX = 50
PHOTOS_BYTES_MAX = 4 * 1024 * 1024
KEY_HEX_CHARS = 32
PURCHASER = "purchaser"

WhyStays = Kept | Literal["left_out", "photo_large"]
"""Why a statement stays: by its rules, or since whoever wrote the request left it out, or since the
photographs that go with it fill the letter."""


class WireEntity(msgspec.Struct, frozen=True, kw_only=True):
    """An entity on its way. `ref`: what its site calls it; empty for a person."""

    key: str
    kind: str
    ref: str = ""


class WireSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source on its way, without its own words."""

    key: str
    kind: str
    originator: str
    reference: str
    grade: str
    digest: str = ""
    synthetic: bool = False


class WireHandling(msgspec.Struct, frozen=True, kw_only=True):
    """The originator's rules on their way; the originator stands with the source."""

    tlp: Tlp
    releasable: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    onward: bool = False
    review_on: str | None = None

    def rules(self, originator: str) -> Handling:
        return Handling(
            originator=originator,
            tlp=self.tlp,
            releasable=self.releasable,
            purposes=self.purposes,
            onward=self.onward,
            review_on=self.review_on,
        )


class WireStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A claim on its way. `value` of an entity's property is that entity's key."""

    id: str
    entity: str
    prop: str
    value: str
    source: str
    handling: WireHandling
    original: str | None = None


class WirePhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A photograph as it came, by its SHA-256."""

    digest: str
    data: bytes


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """What travels together."""

    entities: tuple[WireEntity, ...] = ()
    sources: tuple[WireSource, ...] = ()
    statements: tuple[WireStatement, ...] = ()
    photos: tuple[WirePhoto, ...] = ()


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One statement that might travel; `stays`: why it does not."""

    entity: Entity
    statement: Statement
    stays: WhyStays | None


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """What might travel to whom, and for what. `asked`: the firearm; `buyers`: whether it tells that somebody
    bought; `persons`: names are to travel too."""

    asked: str
    to: Recipient
    items: list[Item]
    buyers: bool = False
    persons: bool = False

    @property
    def going(self) -> list[Item]:
        return [item for item in self.items if item.stays is None]

    @property
    def statements(self) -> tuple[str, ...]:
        """The ids of what goes."""
        return tuple(sorted(item.statement.id for item in self.going))

    def said(self, kind: str) -> dict[str, str]:
        """The properties of a kind that go, with one of the values each."""
        return {
            item.statement.prop: item.statement.value or "" for item in self.going if item.entity.kind == kind
        }


def day_of(now: Instant) -> str:
    """The day of an instant, UTC: "2026-11-22"."""
    return datetime.fromtimestamp(now / SECOND, UTC).strftime("%Y-%m-%d")


def key_of(secret: bytes, partner: str, entity_id: str) -> str:
    """By what a partner knows an entity of ours."""
    return hmac.new(secret, f"{partner}\n{entity_id}".encode(), hashlib.sha256).hexdigest()[:KEY_HEX_CHARS]


class _Looker:
    """Reads what might travel, once, and asks the rule of every statement."""

    def __init__(
        self,
        reader: Reader,
        to: Recipient,
        *,
        us: str,
        persons: bool,
        leave_out: Sequence[str],
    ) -> None:
        self._reader = reader
        self._to = to
        self._us = us
        self._persons = persons
        self._leave_out = frozenset(leave_out)
        self._stopped = root_sql.stopped(reader)
        self.items: dict[str, list[Item]] = {}

    def look(self, entity: Entity) -> list[Item]:
        """The entity's statements that stand and are of a kind that travels."""
        if entity.id not in self.items:
            props = travels()[entity.kind]
            self.items[entity.id] = [
                Item(entity=entity, statement=said, stays=self._why(said))
                for said in root_sql.statements_of(self._reader, entity.id)
                if said.prop in props and said.stands
            ]
        return self.items[entity.id]

    def follow(self, item: Item) -> Entity | None:
        """What a statement that goes names; None where it is gone, or of a kind that does not travel."""
        target = item.statement.target
        found = None if target is None or item.stays is not None else root_sql.find(self._reader, target)
        return found if found is not None and found.gone_at is None and found.kind in travels() else None

    def found(self, asked: str) -> list[Item]:
        """All that was looked at. What names a thing of which nothing goes stays with it; a person of whom
        nothing goes is still somebody."""
        goes = {key for key, items in self.items.items() if any(item.stays is None for item in items)}
        return [
            item
            if (target := item.statement.target) is None
            or item.stays is not None
            or target in goes
            or target == asked
            or self._is_person(target)
            else msgspec.structs.replace(item, stays=self._why_all_stays(target))
            for items in self.items.values()
            for item in items
        ]

    def _is_person(self, entity_id: str) -> bool:
        entity = root_sql.find(self._reader, entity_id)
        return entity is not None and entity.kind == "person" and entity.gone_at is None

    def _why_all_stays(self, entity_id: str) -> WhyStays:
        for item in self.items.get(entity_id, ()):
            if item.stays is not None:
                return item.stays
        return "not_named"

    def _why(self, said: Statement) -> WhyStays | None:
        kept = why_kept(
            said.handling,
            self._to,
            us=self._us,
            withdrawn=not said.stands,
            stopped=said.handling.originator in self._stopped,
            sealed=said.sealed_id is not None and not self._persons,
        )
        return kept or ("left_out" if said.id in self._leave_out else None)


def for_request(
    reader: Reader, firearm: Entity, to: Recipient, *, us: str, leave_out: Sequence[str] = ()
) -> Selection:
    """What would travel with a request: the firearm's marks, and the circumstances of its recovery if the
    statement that joins them goes."""
    looker = _Looker(reader, to, us=us, persons=False, leave_out=leave_out)
    for item in list(looker.look(firearm)):
        named = looker.follow(item)
        if named is not None and named.kind == "recovery":
            looker.look(named)
    return Selection(asked=firearm.id, to=to, items=_fitting(reader, looker.found(firearm.id)))


def for_answer(
    reader: Reader,
    firearm: Entity,
    to: Recipient,
    *,
    us: str,
    persons: bool = False,
    leave_out: Sequence[str] = (),
) -> Selection:
    """What would travel with an answer: sales of the firearm, who sold, and who bought: by a pseudonym, or by
    name where `persons`."""
    looker = _Looker(reader, to, us=us, persons=persons, leave_out=leave_out)
    for sale in root_sql.sales_of(reader, firearm.id)[:SALES_MAX]:
        for item in list(looker.look(sale)):
            named = looker.follow(item)
            if named is not None and named.kind in ("dealer", "person"):
                looker.look(named)
    # What the asker said of its own firearm is known there.
    items = _fitting(reader, looker.found(firearm.id))
    buyers = any(item.stays is None and item.statement.prop == "buyer" for item in items)
    return Selection(asked=firearm.id, to=to, items=items, buyers=buyers, persons=persons)


def _fitting(reader: Reader, items: list[Item]) -> list[Item]:
    """The items, photographs that no longer fit into the letter staying here."""
    room, found = PHOTOS_BYTES_MAX, []
    for item in items:
        if item.stays is None and _is_photo(item):
            size = _photo_bytes(reader, item.statement.value or "")
            if size is None or size > room:
                found.append(msgspec.structs.replace(item, stays="photo_large"))
                continue
            room -= size
        found.append(item)
    return found


def _is_photo(item: Item) -> bool:
    return kind_of(item.entity.kind).props[item.statement.prop].type == "photo"


PHOTO_BYTES = "SELECT LENGTH(bytes) FROM tracing_photo WHERE digest = :digest"
PHOTO = "SELECT bytes FROM tracing_photo WHERE digest = :digest"


def _photo_bytes(reader: Reader, digest: str) -> int | None:
    row = reader.row(PHOTO_BYTES, digest=digest)
    return None if row is None else int(row[0])


def digest_of(selection: Selection, facts: Iterable[str]) -> str:
    """SHA-256, in hex, over what would leave: what a second person approves is this and nothing else.

    `facts`: what else is said, in a fixed order.
    """
    parts = [
        "lanbi-trace-approval/1",
        selection.to.code,
        selection.to.purpose,
        "persons" if selection.persons else "",
        *facts,
        *selection.statements,
    ]
    text = "".join(f"{len(part.encode())}:{part}\n" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def pack(
    reader: Reader, selection: Selection, *, secret: bytes, reveal: Callable[[Statement], str] | None = None
) -> Package:
    """What goes, as it travels. `reveal`: opens a sealed value, on the record; asked only for persons whose
    names go."""
    going = selection.going
    partner = selection.to.code
    named = {item.statement.target for item in going if item.statement.target is not None}
    entities = {item.entity.id: item.entity for item in going}
    for target in sorted(named - entities.keys()):
        found = root_sql.find(reader, target)
        # A buyer of whom nothing else may be said is still somebody: the answer exists.
        if found is not None and found.kind == "person" and found.gone_at is None:
            entities[target] = found
    keys = {entity_id: key_of(secret, partner, entity_id) for entity_id in entities}
    keys[selection.asked] = ASKED
    sources: dict[str, Source] = {}
    statements, photos = [], []
    for item in going:
        said = item.statement
        if said.target is not None and said.target not in keys:
            continue
        source = sources.get(said.source_id) or root_sql.source(reader, said.source_id)
        sources[said.source_id] = source
        if said.target is not None:
            value = keys[said.target]
        elif said.sealed_id is not None:
            assert reveal is not None  # noqa: S101 - a sealed item goes only where names go
            value = reveal(said)
        else:
            value = said.value or ""
        statements.append(
            WireStatement(
                id=said.id,
                entity=keys[item.entity.id],
                prop=said.prop,
                value=value,
                original=said.original,
                source=key_of(secret, partner, said.source_id),
                handling=_wire_handling(said.handling),
            )
        )
        if _is_photo(item):
            row = reader.row(PHOTO, digest=said.value)
            if row is not None:
                photos.append(WirePhoto(digest=said.value or "", data=bytes(row[0])))
    return Package(
        entities=tuple(
            WireEntity(
                key=keys[entity.id], kind=entity.kind, ref="" if entity.kind == "person" else entity.ref
            )
            for entity in entities.values()
        ),
        sources=tuple(
            WireSource(
                key=key_of(secret, partner, source.id),
                kind=source.kind,
                originator=source.originator,
                reference=source.reference,
                grade=source.grade,
                digest=source.digest,
                synthetic=source.synthetic,
            )
            for source in sources.values()
        ),
        statements=tuple(statements),
        photos=tuple(photos),
    )


def _wire_handling(handling: Handling) -> WireHandling:
    return WireHandling(
        tlp=handling.tlp,
        releasable=handling.releasable,
        purposes=handling.purposes,
        onward=handling.onward,
        review_on=handling.review_on,
    )


def in_order(package: Package) -> list[WireEntity]:
    """The entities, those first that others name; those that name each other in a ring are left out."""
    named_by: Mapping[str, set[str]] = {
        entity.key: {
            said.value
            for said in package.statements
            if said.entity == entity.key and _names_entity(entity.kind, said.prop)
        }
        for entity in package.entities
    }
    left, done, found = list(package.entities), {ASKED}, []
    known = {entity.key for entity in package.entities}
    while left:
        ready = [entity for entity in left if not ((named_by[entity.key] & known) - done - {entity.key})]
        if not ready:
            break
        found += ready
        done |= {entity.key for entity in ready}
        left = [entity for entity in left if entity not in ready]
    return found


def _names_entity(kind: str, prop: str) -> bool:
    shape = kind_of(kind).props.get(prop) if kind in travels() else None
    return shape is not None and shape.type == "entity"
