"""The journal over HTTP: its entries, their proofs, and the checkpoints that outsiders keep."""

from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from lanbi.core.access import Actor, Gate
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.errors import Malformed, NotFound
from lanbi.core.ports import Entry, Reader
from lanbi.core.time import rfc3339
from lanbi.record import proofs
from lanbi.record.journal import preimage

TAGS = ["journal"]
FILTER_CHARS_MAX = 120

_COLUMNS = "seq, id, site, subject, kind, at, recorded_at, actor, purpose, body, leaf"
PAGE = f"SELECT {_COLUMNS} FROM journal WHERE seq < :before ORDER BY seq DESC LIMIT :limit"  # noqa: S608
PAGE_OF_SUBJECT = f"""SELECT {_COLUMNS} FROM journal WHERE subject = :subject AND seq < :before
ORDER BY seq DESC LIMIT :limit"""  # noqa: S608
PAGE_OF_KIND = f"""SELECT {_COLUMNS} FROM journal WHERE kind = :kind AND seq < :before
ORDER BY seq DESC LIMIT :limit"""  # noqa: S608
PAGE_OF_BOTH = f"""SELECT {_COLUMNS} FROM journal WHERE subject = :subject AND kind = :kind AND seq < :before
ORDER BY seq DESC LIMIT :limit"""  # noqa: S608
GET = f"SELECT {_COLUMNS} FROM journal WHERE seq = :seq"  # noqa: S608
SIGNED_AFTER = """SELECT h.site, c.size, c.root, c.at, c.key_id, c.signature, k.public_key FROM checkpoint c
JOIN site_key k ON k.key_id = c.key_id JOIN record_head h ON h.one = 1
WHERE c.size >= :size ORDER BY c.size LIMIT 1"""
SIGNED_LAST = """SELECT h.site, c.size, c.root, c.at, c.key_id, c.signature, k.public_key FROM checkpoint c
JOIN site_key k ON k.key_id = c.key_id JOIN record_head h ON h.one = 1 ORDER BY c.size DESC LIMIT 1"""


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it was hashed; `preimage` is the very text whose SHA-256 (after a zero byte) is `leaf`."""

    seq: int
    id: str
    site: str
    subject: str
    kind: str
    at: str
    recorded_at: str
    actor: str
    purpose: str
    body: msgspec.Raw
    leaf: str
    preimage: str | None = None


class JournalPage(msgspec.Struct, frozen=True):
    """One page of the journal, newest first."""

    items: list[EntryRow]
    next: str | None


class CheckpointRow(msgspec.Struct, frozen=True, kw_only=True):
    """A signed head of the record; hexadecimal throughout. `at_us`: microseconds, as signed."""

    site: str
    size: int
    root: str
    at: str
    at_us: int
    key_id: str
    signature: str
    public_key: str


class ProofRow(msgspec.Struct, frozen=True, kw_only=True):
    """That entry `seq` stands in the tree of `size` entries (RFC 6962 section 2.1.1)."""

    seq: int
    size: int
    leaf: str
    path: list[str]
    root: str
    checkpoint: CheckpointRow | None


class ConsistencyRow(msgspec.Struct, frozen=True, kw_only=True):
    """That the tree of `to` entries only adds to that of `from_` entries (RFC 6962 section 2.1.2)."""

    from_: int = msgspec.field(name="from")
    to: int
    path: list[str]
    from_root: str
    to_root: str


def _row(row: tuple[Any, ...], *, whole: bool = False) -> EntryRow:
    entry = Entry(*row[:10])
    return EntryRow(
        seq=entry.seq,
        id=entry.id,
        site=entry.site,
        subject=entry.subject,
        kind=entry.kind,
        at=rfc3339(entry.at),
        recorded_at=rfc3339(entry.recorded_at),
        actor=entry.actor,
        purpose=entry.purpose,
        body=msgspec.Raw(entry.body.encode()),
        leaf=bytes(row[10]).hex(),
        preimage=preimage(entry).decode() if whole else None,
    )


def _checkpoint(row: tuple[Any, ...] | None) -> CheckpointRow | None:
    if row is None:
        return None
    site, size, root, at, key_id, signature, public_key = row
    return CheckpointRow(
        site=site,
        size=size,
        root=bytes(root).hex(),
        at=rfc3339(at),
        at_us=at,
        key_id=key_id,
        signature=bytes(signature).hex(),
        public_key=bytes(public_key).hex(),
    )


def routes(gate: Gate) -> list[HTTPRouteHandler]:
    """The handlers of /journal."""

    def may_see(actor: Actor) -> None:
        gate.require(actor, "journal.see")

    @get("/journal", summary="List entries, newest first", tags=TAGS)
    async def list_entries(
        desk: Desk,
        limit: int | None = None,
        cursor: str | None = None,
        subject: str | None = None,
        kind: str | None = None,
    ) -> Response[JournalPage]:
        may_see(desk.actor)
        size, before = page_limit(limit), page_before(cursor)
        for text in (subject, kind):
            if text is not None and len(text) > FILTER_CHARS_MAX:
                raise Malformed("filter-too-long", limit=FILTER_CHARS_MAX)

        def work(reader: Reader) -> JournalPage:
            if subject and kind:
                rows = reader.rows(PAGE_OF_BOTH, subject=subject, kind=kind, before=before, limit=size + 1)
            elif subject:
                rows = reader.rows(PAGE_OF_SUBJECT, subject=subject, before=before, limit=size + 1)
            elif kind:
                rows = reader.rows(PAGE_OF_KIND, kind=kind, before=before, limit=size + 1)
            else:
                rows = reader.rows(PAGE, before=before, limit=size + 1)
            items = [_row(row) for row in rows[:size]]
            return JournalPage(items, str(items[-1].seq) if len(rows) > size else None)

        return await desk.look(work)

    @get("/journal/checkpoint", summary="The newest signed checkpoint", tags=TAGS)
    async def newest_checkpoint(desk: Desk) -> Response[CheckpointRow]:
        may_see(desk.actor)

        def work(reader: Reader) -> CheckpointRow:
            found = _checkpoint(reader.row(SIGNED_LAST))
            if found is None:
                raise NotFound("checkpoint-none")
            return found

        return await desk.look(work)

    @get("/journal/consistency", summary="Proof that the record only grew", tags=TAGS)
    async def consistency(
        desk: Desk,
        older: Annotated[int, QueryParameter(name="from")],
        newer: Annotated[int | None, QueryParameter(name="to")] = None,
    ) -> Response[ConsistencyRow]:
        may_see(desk.actor)

        def work(reader: Reader) -> ConsistencyRow:
            to = reader.head if newer is None else newer
            if not 0 < older <= to <= reader.head:
                raise Malformed("sizes-impossible", older=older, newer=to, head=reader.head)
            proof = proofs.consistency_proof(reader, older, to)
            return ConsistencyRow(
                from_=older,
                to=to,
                path=[digest.hex() for digest in proof.path],
                from_root=proof.old_root.hex(),
                to_root=proof.new_root.hex(),
            )

        return await desk.look(work)

    @get("/journal/{seq:int}", summary="One entry, with the text that was hashed", tags=TAGS)
    async def get_entry(seq: int, desk: Desk) -> Response[EntryRow]:
        may_see(desk.actor)

        def work(reader: Reader) -> EntryRow:
            row = reader.row(GET, seq=seq)
            if row is None:
                raise NotFound("entry-none", seq=seq)
            return _row(row, whole=True)

        return await desk.look(work)

    @get("/journal/{seq:int}/proof", summary="Proof that an entry stands in the record", tags=TAGS)
    async def get_proof(seq: int, desk: Desk) -> Response[ProofRow]:
        may_see(desk.actor)

        def work(reader: Reader) -> ProofRow:
            if not 1 <= seq <= reader.head:
                raise NotFound("entry-none", seq=seq)
            checkpoint = _checkpoint(reader.row(SIGNED_AFTER, size=seq))
            size = reader.head if checkpoint is None else checkpoint.size
            proof = proofs.inclusion_proof(reader, seq, size)
            return ProofRow(
                seq=seq,
                size=size,
                leaf=proof.leaf.hex(),
                path=[digest.hex() for digest in proof.path],
                root=proof.root.hex(),
                checkpoint=checkpoint,
            )

        return await desk.look(work)

    return [list_entries, newest_checkpoint, consistency, get_entry, get_proof]
