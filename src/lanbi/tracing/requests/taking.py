"""Takes in what came with a letter: as claims of whoever sent it, under the rules of whoever first said it.

What cannot be read here, and what pretends to be our own word, is left out and named; the rest is taken.
"""

from collections.abc import Mapping

import msgspec

from lanbi.core.errors import LanbiError
from lanbi.core.ports import Tx
from lanbi.core.text import line
from lanbi.tracing import sql as root_sql
from lanbi.tracing.handling import Handling, state_of
from lanbi.tracing.model import (
    REFERENCE_CHARS_MAX,
    STATEMENTS_AT_ONCE_MAX,
    VALUE_CHARS_MAX,
    Given,
    Source,
)
from lanbi.tracing.photos import keep_photo, read_photo
from lanbi.tracing.reading import read
from lanbi.tracing.requests import sql
from lanbi.tracing.requests.package import (
    ASKED,
    PURCHASER,
    Package,
    WireEntity,
    WireSource,
    WireStatement,
    in_order,
)
from lanbi.tracing.requests.terms import travels
from lanbi.tracing.schema import prop_of
from lanbi.tracing.service import Tracing

PHOTO_THERE = "SELECT 1 FROM tracing_photo WHERE digest = :digest"


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What came in. `entities`: ours, by their key; `unread`: properties that were left out."""

    entities: dict[str, str]
    statements: list[str]
    unread: list[str]
    synthetic: bool


class Taking:
    """Takes in one letter. `sender`: its site; `kind`: of the sources that are made for it; `reference`: how
    the request is called."""

    def __init__(
        self,
        tx: Tx,
        tracing: Tracing,
        package: Package,
        *,
        sender: str,
        kind: str,
        reference: str,
        request_id: str,
    ) -> None:
        self._tx = tx
        self._tracing = tracing
        self._package = package
        self._sender = sender
        self._kind = kind
        self._reference = reference
        self._request_id = request_id
        self._wire_sources: Mapping[str, WireSource] = {one.key: one for one in package.sources}
        self._sources: dict[str, Source] = {}
        self._cover: Source | None = None
        self._photos: frozenset[str] = frozenset()
        self._entities: dict[str, str] = {}
        self._statements: list[str] = []
        self._unread: list[str] = []

    def take(self, known: Mapping[str, str]) -> Taken:
        """`known`: entities of ours that stand for keys of theirs, whatever was said before."""
        self._entities.update(known)
        self._keep_photos()
        for entity in in_order(self._package):
            if entity.kind in travels():
                self._take_entity(entity)
            else:
                self._unread.append(entity.kind[:40])
        return Taken(
            entities=self._entities,
            statements=self._statements,
            unread=sorted(set(self._unread)),
            synthetic=any(source.synthetic for source in self._sources.values()),
        )

    def _keep_photos(self) -> None:
        kept: set[str] = set()
        for photo in self._package.photos:
            try:
                # What it says it is must be what it is: the statement that names it says no more.
                if read_photo(photo.data).digest == photo.digest:
                    kept.add(keep_photo(self._tx, photo.data).digest)
            except LanbiError:
                continue
        self._photos = frozenset(kept)

    def _take_entity(self, entity: WireEntity) -> None:
        by_source: dict[str, list[tuple[WireStatement, Given]]] = {}
        for said in self._package.statements:
            if said.entity != entity.key:
                continue
            before = sql.carried(self._tx, "in", self._sender, said.id)
            if before is not None:
                continue  # told before, or taken back before it came
            given = self._read(entity, said)
            if given is None:
                self._unread.append(f"{entity.kind}.{said.prop}"[:80])
            else:
                by_source.setdefault(said.source, []).append((said, given))
        here = self._here(entity)
        for source_key, found in by_source.items():
            source = self._source(source_key)
            for first in range(0, len(found), STATEMENTS_AT_ONCE_MAX):
                here = self._state(entity, here, source, found[first : first + STATEMENTS_AT_ONCE_MAX])
        if here is None and entity.kind == "person":
            # Somebody of whom nothing else may be said: the answer exists.
            cover = self._covered()
            rules = Handling(originator=self._sender)
            here = self._tracing.make(
                self._tx, "person", [Given(prop="role", value=PURCHASER)], cover, rules
            ).id
        if here is not None:
            self._entities[entity.key] = here
            if entity.key != ASKED:
                sql.set_known(self._tx, self._sender, entity.key, here)

    def _here(self, entity: WireEntity) -> str | None:
        key = self._entities.get(entity.key) or sql.known(self._tx, self._sender, entity.key)
        found = None if key is None else root_sql.find(self._tx, key)
        return None if found is None or found.gone_at is not None or found.kind != entity.kind else found.id

    def _state(
        self, entity: WireEntity, here: str | None, source: Source, found: list[tuple[WireStatement, Given]]
    ) -> str:
        givens = [given for _, given in found]
        before = set() if here is None else self._said(here, source)
        if here is None:
            here = self._tracing.make(self._tx, entity.kind, givens, source).id
        else:
            self._tracing.state(self._tx, here, givens, source)
        # Ids grow as they are made, so they stand in the order in which the values were given.
        made = sorted(self._said(here, source) - before)
        for (said, given), statement_id in zip(found, made, strict=True):
            sql.add_carried(
                self._tx,
                "in",
                self._sender,
                said.id,
                statement_id,
                request_id=self._request_id,
                review_on=None if given.handling is None else given.handling.review_on,
            )
        self._statements += made
        return here

    def _said(self, entity_id: str, source: Source) -> set[str]:
        return {
            said.id for said in root_sql.statements_of(self._tx, entity_id) if said.source_id == source.id
        }

    def _read(self, entity: WireEntity, said: WireStatement) -> Given | None:
        """The value as we can state it; None where it cannot be read here, or may not be."""
        wire = self._wire_sources[said.source]
        if wire.originator in (self._tracing.us(), state_of(self._tracing.us())):
            return None
        purposes = self._tracing.vocabulary.tables["tracing_purposes"]
        if said.prop not in travels()[entity.kind] or not set(said.handling.purposes) <= purposes.keys():
            return None
        try:
            rules = said.handling.rules(wire.originator)
            value = self._value(entity.kind, said)
        except LanbiError:
            return None
        return None if value is None else Given(prop=said.prop, value=value, handling=rules)

    def _value(self, kind: str, said: WireStatement) -> str | None:
        prop = prop_of(kind, said.prop)
        if prop.type == "entity":
            named = self._entities.get(said.value)
            found = None if named is None else root_sql.find(self._tx, named)
            return named if found is not None and found.kind in prop.of else None
        if prop.type == "personal":
            return line(said.value, said.prop, chars_max=VALUE_CHARS_MAX)
        if prop.type == "photo":
            there = said.value in self._photos or self._tx.row(PHOTO_THERE, digest=said.value) is not None
            return said.value if there else None
        text = said.original or said.value
        read(self._tracing.vocabulary, said.prop, prop, text)
        return text

    def _source(self, key: str) -> Source:
        if key not in self._sources:
            wire = self._wire_sources[key]
            self._sources[key] = self._tracing.add_source(
                self._tx,
                kind=self._kind,
                reference=f"{self._reference}: {wire.reference}"[:REFERENCE_CHARS_MAX],
                originator=wire.originator,
                grade=wire.grade,
                digest=wire.digest if len(wire.digest) == 64 and wire.digest.isalnum() else "",
                synthetic=wire.synthetic,
            )
        return self._sources[key]

    def _covered(self) -> Source:
        """The letter itself, as what says that there is somebody."""
        if self._cover is None:
            self._cover = self._tracing.add_source(
                self._tx,
                kind=self._kind,
                reference=self._reference,
                originator=self._sender,
                synthetic=any(source.synthetic for source in self._wire_sources.values()),
            )
        return self._cover
