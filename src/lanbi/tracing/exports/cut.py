"""The cut: what of a selection may go to a recipient, and what stays and why.

The one rule is `handling.why_kept`. Over it stands only this: a statement that names an entity of which
nothing goes stays too, and an entity without a statement that goes is not mentioned at all.
"""

from collections.abc import Iterable, Mapping

from lanbi.core.errors import NotFound, TooLarge
from lanbi.core.ports import Reader
from lanbi.core.time import rfc3339
from lanbi.tracing import sql as root_sql
from lanbi.tracing.exports import sql
from lanbi.tracing.exports.model import (
    ENTITIES_MAX,
    KINDS_FIRST,
    STATEMENTS_MAX,
    Cited,
    Claim,
    Cut,
    Export,
    Item,
    KeptClaim,
    Reason,
    Release,
    Same,
    Selection,
    for_recipient,
    strictest,
)
from lanbi.tracing.handling import Recipient, state_of, why_kept
from lanbi.tracing.model import Entity, Statement, prefer
from lanbi.tracing.schema import kind_of, load

# What hangs on an entity of a kind: entities of other kinds that name it in one of their properties.
HANGS: Mapping[str, frozenset[tuple[str, str]]] = {
    "recovery": frozenset({
        ("firearm", "recovery"), ("materiel", "recovery"), ("possession", "recovery"),
        ("ballistic", "left"), ("ballistic", "right"),
    }),
    "firearm": frozenset({
        ("acquisition", "firearm"), ("packing", "item"), ("ballistic", "left"), ("ballistic", "right"),
    }),
    "materiel": frozenset({("packing", "item")}),
    "consignment": frozenset({
        ("leg", "consignment"), ("consigning", "consignment"), ("packing", "consignment"),
    }),
    "person": frozenset({("contact_use", "party")}),
    "dealer": frozenset({("contact_use", "party")}),
}  # fmt: skip
# Named by something of the case, these are followed in their turn. Another firearm of the same consignment,
# or the other side of a ballistic comparison, belongs to another case and is only named.
FOLLOWED = frozenset({"consignment", "person", "dealer"})


def choose(reader: Reader, selection: Selection) -> dict[str, Entity]:
    """The entities of a selection, by id.

    Raises `NotFound("export-case-none")` for a case that nothing was recovered in,
    `NotFound("tracing-none")`, `TooLarge("export-entities-many")`.
    """
    chosen = _Chosen(reader, alike=selection.judgements)
    if selection.case is not None:
        recoveries = sql.recoveries_of(reader, selection.case, ENTITIES_MAX + 1)
        if not recoveries:
            raise NotFound("export-case-none", case=selection.case)
        for recovery_id in recoveries:
            chosen.follow(recovery_id)
        return chosen.held
    for entity_id in selection.entities:
        chosen.take(root_sql.get(reader, entity_id).id)
    chosen.join()
    return chosen.held


class _Chosen:
    """The entities taken so far. `alike`: with each the others that are judged to be the same."""

    def __init__(self, reader: Reader, *, alike: bool) -> None:
        self._reader = reader
        self._alike = alike
        self._followed: set[str] = set()
        self.held: dict[str, Entity] = {}

    def take(self, entity_id: str) -> list[Entity]:
        """The entity and whoever stands for the same; empty where it is gone."""
        entity = self.held.get(entity_id) or root_sql.find(self._reader, entity_id)
        if entity is None or entity.gone_at is not None:
            return []
        group = [entity]
        if self._alike:
            members = root_sql.members(self._reader, entity.canonical)
            group = [member for member in members if member.gone_at is None]
        for member in group:
            self.held[member.id] = member
        if len(self.held) > ENTITIES_MAX:
            raise TooLarge("export-entities-many", limit=ENTITIES_MAX)
        return group

    def follow(self, entity_id: str) -> None:
        """Takes an entity, what hangs on it, and what that names."""
        waiting = [entity_id]
        while waiting:
            for entity in self.take(waiting.pop()):
                if entity.id in self._followed:
                    continue
                self._followed.add(entity.id)
                waiting += self._hanging(entity)
                waiting += self._named(entity)

    def _hanging(self, entity: Entity) -> list[str]:
        """What hangs on it, to be followed: firearms of a recovery, sales of a firearm, legs of a
        consignment."""
        return [
            found.id
            for found in sql.naming(self._reader, entity.id)
            if (found.kind, found.prop) in HANGS.get(entity.kind, frozenset())
        ]

    def _named(self, entity: Entity) -> list[str]:
        """Takes what the entity names; returns what of it is to be followed."""
        found = []
        for target in sql.named_by(self._reader, entity.id):
            if target.kind in FOLLOWED:
                found.append(target.id)
            elif not kind_of(entity.kind).node:
                self.take(target.id)
        return found

    def join(self) -> None:
        """Takes what joins the entities held: sales, legs, comparisons of which all that they name is held,
        or two at least."""
        reader = self._reader
        joints = {
            found.id
            for entity_id in list(self.held)
            for found in sql.naming(reader, entity_id)
            if not kind_of(found.kind).node
        }
        for joint in sorted(joints - self.held.keys()):
            ends = {target.id for target in sql.named_by(reader, joint)}
            if len(ends & self.held.keys()) >= min(2, len(ends)):
                self.take(joint)


def cut(reader: Reader, selection: Selection, to: Recipient, *, us: str) -> Cut:
    """What of the selection goes to `to`, and what stays. `us`: this site's code.

    Raises as `choose`, and `TooLarge("export-statements-many")`.
    """
    entities = choose(reader, selection)
    said, kept = _parted(reader, entities, to, us)
    release = _release(
        reader, entities, said, to, us=us, judgements=selection.judgements, incomplete=bool(kept)
    )
    refs = {key: (entity.ref, entity.kind) for key, entity in entities.items()}
    return Cut(release=release, kept=tuple(kept), refs=refs)


def recut(reader: Reader, export: Export, to: Recipient, *, us: str) -> Release:
    """What an export was cut with, as far as it may still go by the rules of `to.today`.

    It bears the day on which it was cut; with nothing changed it is the same release.
    """
    found = [root_sql.find(reader, key) for key in sql.entities_of(reader, export.id)]
    entities = {entity.id: entity for entity in found if entity is not None and entity.gone_at is None}
    said, _ = _parted(reader, entities, to, us, only=sql.manifest(reader, export.id))
    return _release(
        reader,
        entities,
        said,
        Recipient(to.code, to.purpose, export.made_on),
        us=us,
        judgements=export.selection.judgements,
        incomplete=export.kept > 0,
    )


def _parted(
    reader: Reader,
    entities: Mapping[str, Entity],
    to: Recipient,
    us: str,
    *,
    only: frozenset[str] | None = None,
) -> tuple[dict[str, list[Statement]], list[KeptClaim]]:
    """What goes, by entity, and what stays. `only`: as if nothing but these had been said."""
    stopped = root_sql.stopped(reader)
    said: dict[str, list[Statement]] = {}
    reasons: dict[str, Reason] = {}
    every: list[Statement] = []
    for entity in entities.values():
        for statement in root_sql.statements_of(reader, entity.id):
            if only is not None and statement.id not in only:
                continue
            every.append(statement)
            reason = _reason(statement, entity.kind, to, us, stopped)
            if reason is None:
                said.setdefault(entity.id, []).append(statement)
            else:
                reasons[statement.id] = reason
        if len(every) > STATEMENTS_MAX:
            raise TooLarge("export-statements-many", limit=STATEMENTS_MAX)
    _drop_danglers(said, reasons, entities)
    kept = [
        KeptClaim(
            id=one.id,
            entity_id=one.entity_id,
            prop=one.prop,
            originator=one.handling.originator,
            reason=reasons[one.id],
        )
        for one in every
        if one.id in reasons
    ]
    return said, kept


def _reason(
    statement: Statement, kind: str, to: Recipient, us: str, stopped: frozenset[str]
) -> Reason | None:
    """Why the statement stays by its originator's rules. A state's switch holds for each of its sites."""
    originator = statement.handling.originator
    personal = kind_of(kind).props[statement.prop].type == "personal"
    erased = statement.value is None and statement.sealed_id is None
    return why_kept(
        statement.handling,
        to,
        us=us,
        withdrawn=not statement.stands or erased,
        stopped=originator in stopped or state_of(originator) in stopped,
        sealed=personal or statement.sealed_id is not None,
    )


def _drop_danglers(
    said: dict[str, list[Statement]], reasons: dict[str, Reason], chosen: Iterable[str]
) -> None:
    """Takes out statements that name something of which nothing goes, until none does."""
    known = frozenset(chosen)
    while True:
        lost = [
            one
            for group in said.values()
            for one in group
            if one.target is not None and one.target not in said
        ]
        if not lost:
            return
        for one in lost:
            reasons[one.id] = "names_kept" if one.target in known else "names_beyond"
            said[one.entity_id].remove(one)
            if not said[one.entity_id]:
                del said[one.entity_id]


def _place(entity: Entity) -> tuple[int, int, int, str]:
    """In one order everywhere: by kind, then by number."""
    first = KINDS_FIRST.index(entity.kind) if entity.kind in KINDS_FIRST else len(KINDS_FIRST)
    return first, list(load()).index(entity.kind), entity.number, entity.id


def _release(
    reader: Reader,
    entities: Mapping[str, Entity],
    said: Mapping[str, list[Statement]],
    to: Recipient,
    *,
    us: str,
    judgements: bool,
    incomplete: bool,
) -> Release:
    items = []
    cited: dict[str, Cited] = {}
    numbers: dict[tuple[object, ...], int] = {}
    for entity in sorted((entities[key] for key in said), key=_place):
        values, _ = prefer(entity.kind, said[entity.id])
        claims = _claims(entity.kind, said[entity.id], values, to)
        for claim in claims:
            if claim.source not in cited:
                cited[claim.source] = _cited(reader, claim.source, numbers)
        items.append(Item(id=entity.id, kind=entity.kind, number=entity.number, claims=claims, values=values))
    return Release(
        us=us,
        to=to,
        tlp=strictest([claim.handling.tlp for item in items for claim in item.claims]),
        items=tuple(items),
        sources=tuple(cited.values()),
        same=tuple(_same(reader, said)) if judgements else (),
        origins=sql.origins(reader, [*said, *cited, *(claim.id for item in items for claim in item.claims)]),
        incomplete=incomplete,
    )


def _claims(
    kind: str, said: Iterable[Statement], values: Mapping[str, object], to: Recipient
) -> tuple[Claim, ...]:
    """The claims of one entity: by property as the schema lists them, what is worked with first."""
    props = kind_of(kind).props
    places = {name: place for place, name in enumerate(props)}
    found = []
    for one in said:
        worked = values.get(one.prop)
        value = one.value
        if value is None:
            raise ValueError(f"{kind}.{one.prop}: a statement without a value goes nowhere")
        found.append(
            Claim(
                id=one.id,
                prop=one.prop,
                value=value,
                original=None if one.original == value else one.original,
                target=one.target,
                source=one.source_id,
                handling=for_recipient(one.handling, to),
                flag=one.flag,
                said_at=one.said_at,
                worked=value in worked if isinstance(worked, list) else value == worked,
            )
        )
    found.sort(key=lambda claim: (places[claim.prop], not claim.worked, claim.said_at, claim.id))
    return tuple(found)


def _cited(reader: Reader, source_id: str, numbers: dict[tuple[object, ...], int]) -> Cited:
    """The source with its number; one document taken in by several entries has one number."""
    source = root_sql.source(reader, source_id)
    document = (source.kind, source.originator, source.reference, source.grade, source.synthetic)
    return Cited(
        n=numbers.setdefault(document, len(numbers) + 1),
        id=source.id,
        kind=source.kind,
        originator=source.originator,
        reference=source.reference,
        grade=source.grade,
        received_on=rfc3339(source.received_at)[:10],
        synthetic=source.synthetic,
    )


def _same(reader: Reader, going: Iterable[str]) -> list[Same]:
    """Our judgements that stand, between two of which something goes."""
    known = set(going)
    found = {
        old.id: Same(id=old.id, left=old.left, right=old.right, verdict=old.verdict, at=old.at)
        for entity_id in known
        for old in root_sql.judgements_of(reader, entity_id)
        if old.undone_at is None and {old.left, old.right} <= known
    }
    return [found[key] for key in sorted(found)]


def reasons_of(kept: Iterable[KeptClaim]) -> dict[str, int]:
    """How many statements stay for each reason, by reason."""
    counts: dict[str, int] = {}
    for one in kept:
        counts[one.reason] = counts.get(one.reason, 0) + 1
    return dict(sorted(counts.items()))
