"""Taking in what another site exported: its statements stand here under their originators' rules.

All of the file or nothing. The same file taken in twice adds nothing; a newer one adds what is new in it.
What was said here and comes back is known by its id, so that one report never looks like two; and what is
sealed there has no value here.
"""

from collections.abc import Iterable, Sequence

import msgspec

from lanbi.core.errors import Refused
from lanbi.core.geo import Area
from lanbi.core.ids import new_id
from lanbi.core.ports import Tx
from lanbi.tracing import sql as root_sql
from lanbi.tracing.exports import sql
from lanbi.tracing.exports.events import TakenIn
from lanbi.tracing.exports.model import Claim, Item
from lanbi.tracing.exports.statements import Bundle, read
from lanbi.tracing.handling import state_of
from lanbi.tracing.model import Given, Source
from lanbi.tracing.schema import kind_of, prop_of
from lanbi.tracing.service import Tracing

_area = msgspec.json.Decoder(Area)
_encoder = msgspec.json.Encoder(order="deterministic")


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a file: statements that are new here, those known before, those left out."""

    sender: str
    entities: int
    new: int
    known: int
    left: int


def take(tx: Tx, tracing: Tracing, data: bytes) -> Taken:
    """Takes in a file of statements (see `statements`).

    Raises as `read`, `Refused("export-file-not-ours")` for a file that names another recipient, and whatever
    a value that cannot be one raises; then nothing of it is taken in.
    """
    tracing.gate.require(tx.actor, "tracing.record")
    bundle = read(data)
    us = tracing.us()
    if bundle.to.code not in (us, state_of(us)):
        raise Refused("export-file-not-ours", to=bundle.to.code, us=us)
    taking = _Taking(tx, tracing, bundle)
    for item in _targets_first(bundle.items):
        taking.item(item)
    tx.record(
        TakenIn(
            id=new_id(tx.now),
            sender=bundle.us,
            snapshot=bundle.snapshot,
            new=taking.new,
            known=taking.known,
            left=taking.left,
        )
    )
    return Taken(
        sender=bundle.us, entities=len(bundle.items), new=taking.new, known=taking.known, left=taking.left
    )


def _targets_first(items: Iterable[Item]) -> list[Item]:
    """What is named before what names it; the kinds allow no circle."""
    waiting = {item.id: item for item in items}
    found: list[Item] = []

    def put(item: Item) -> None:
        if waiting.pop(item.id, None) is None:
            return
        for claim in item.claims:
            if claim.target is not None and claim.target in waiting:
                put(waiting[claim.target])
        found.append(item)

    for item in list(waiting.values()):
        put(item)
    return found


class _Taking:
    """One file being taken in."""

    def __init__(self, tx: Tx, tracing: Tracing, bundle: Bundle) -> None:
        self._tx = tx
        self._tracing = tracing
        self._us = tracing.us()
        self._sender = bundle.us
        self._cited = {source.id: source for source in bundle.sources}
        self.new = self.known = self.left = 0

    def _source(self, source_id: str) -> Source:
        """The source as it stands here; made when first needed."""
        known = sql.taken(self._tx, source_id) or sql.own_source(self._tx, source_id)
        if known is not None:
            return root_sql.source(self._tx, known)
        cited = self._cited[source_id]
        made = self._tracing.add_source(
            self._tx,
            kind=cited.kind,
            reference=cited.reference,
            originator=cited.originator,
            grade=cited.grade,
            synthetic=cited.synthetic,
        )
        sql.add_taken(self._tx, source_id, made.id)
        return made

    def item(self, item: Item) -> None:
        """The claims of one entity, source by source."""
        kind_of(item.kind)
        by_source: dict[str, list[tuple[Claim, Given]]] = {}
        for claim in item.claims:
            if sql.taken(self._tx, claim.id) is not None or sql.is_statement(self._tx, claim.id):
                self.known += 1
                continue
            given = self._given(item, claim) if self._may_come(item, claim) else None
            if given is None:
                self.left += 1
            else:
                by_source.setdefault(claim.source, []).append((claim, given))
        for source_id, pairs in by_source.items():
            self._state(item, source_id, pairs)

    def _may_come(self, item: Item, claim: Claim) -> bool:
        """What was said here would be known; what its originator let nobody pass on can only come from it;
        and a contact is nothing without its value, which is sealed."""
        rules = claim.handling
        theirs = rules.originator in (self._sender, state_of(self._sender))
        return item.kind != "contact" and rules.originator != self._us and (theirs or rules.onward)

    def _local(self, entity_id: str, kind: str | None = None) -> str | None:
        """What stands here for an entity of the file: what was made of it before, or our own coming back."""
        known = sql.taken(self._tx, entity_id)
        if known is not None:
            return known
        own = root_sql.find(self._tx, entity_id)
        return own.id if own is not None and own.gone_at is None and own.kind == (kind or own.kind) else None

    def _state(self, item: Item, source_id: str, pairs: Sequence[tuple[Claim, Given]]) -> None:
        tx, source, givens = self._tx, self._source(source_id), [given for _, given in pairs]
        local = self._local(item.id, item.kind)
        before: set[str] = set()
        if local is None:
            local = self._tracing.make(tx, item.kind, givens, source).id
            sql.add_taken(tx, item.id, local)
        else:
            before = _statement_ids(tx, local)
            self._tracing.state(tx, local, givens, source)
        made = [one for one in root_sql.statements_of(tx, local) if one.id not in before]
        for (claim, _), statement in zip(pairs, made, strict=True):
            sql.add_taken(tx, claim.id, statement.id)
        self.new += len(pairs)

    def _given(self, item: Item, claim: Claim) -> Given | None:
        """The claim as it is stated here; None for what names something that was left out."""
        prop = prop_of(item.kind, claim.prop)
        value = claim.original or claim.value
        if prop.type == "personal":
            return None
        if prop.type == "entity":
            local = None if claim.target is None else self._local(claim.target)
            if local is None:
                return None
            value = local
        elif prop.type == "area":
            # The other site's gazetteer is not ours.
            area = msgspec.structs.replace(_area.decode(claim.value), place_id=None)
            value = _encoder.encode(area).decode()
        return Given(prop=claim.prop, value=value, handling=claim.handling)


def _statement_ids(tx: Tx, entity_id: str) -> set[str]:
    return {one.id for one in root_sql.statements_of(tx, entity_id)}
