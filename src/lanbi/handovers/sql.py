"""Hand-overs in the store. Words come through their seals, at reading time."""

from typing import Any

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.handovers.model import Fact, Handover, Item, Person, Said, Signature
from lanbi.record.sealed import words_of

_HANDOVER = """SELECT id, post, state, outgoing, offered_to, incoming, started_at, offered_at, taken_at,
 ended_at, signatures, next_line, made_seq, seq FROM handover"""

GET = f"{_HANDOVER} WHERE id = :id"
OPEN = f"{_HANDOVER} WHERE open = 1 ORDER BY made_seq"
OPEN_OF_POST = f"{_HANDOVER} WHERE post_key = :post_key AND open = 1"
ANY_OPEN = "SELECT 1 FROM handover WHERE open = 1 LIMIT 1"
PAGE = f"{_HANDOVER} WHERE made_seq < :before ORDER BY made_seq DESC LIMIT :limit"
CHANGED = f"{_HANDOVER} WHERE seq > :since ORDER BY seq"
SAVE = """
INSERT INTO handover (id, post, post_key, state, open, outgoing, offered_to, incoming, started_at, offered_at,
 taken_at, ended_at, signatures, next_line, made_seq, seq)
VALUES (:id, :post, :post_key, :state, :open, :outgoing, :offered_to, :incoming, :started_at, :offered_at,
 :taken_at, :ended_at, :signatures, :next_line, :made_seq, :seq)
ON CONFLICT (id) DO UPDATE SET state = :state, open = :open, offered_to = :offered_to, incoming = :incoming,
 offered_at = :offered_at, taken_at = :taken_at, ended_at = :ended_at, signatures = :signatures,
 next_line = :next_line, seq = :seq
"""
LINES = """
SELECT n, section, code, key, place, since, facts, rev, state, changed, fresh, gone, acknowledged_at, remark,
 question, answer FROM handover_line WHERE handover_id = :id ORDER BY n
"""
SAVE_LINE = """
INSERT INTO handover_line (handover_id, n, section, code, key, place, since, facts, rev, state, changed,
 fresh, gone, acknowledged_at, remark, question, answer)
VALUES (:handover_id, :n, :section, :code, :key, :place, :since, :facts, :rev, :state, :changed, :fresh,
 :gone, :acknowledged_at, :remark, :question, :answer)
ON CONFLICT (handover_id, n) DO UPDATE SET code = :code, since = :since, facts = :facts, rev = :rev,
 state = :state, changed = :changed, fresh = :fresh, gone = :gone, acknowledged_at = :acknowledged_at,
 question = :question, answer = :answer
"""
DROP_LINE = "DELETE FROM handover_line WHERE handover_id = :handover_id AND n = :n"
ADD_DOCUMENT = """
INSERT INTO handover_document (handover_id, document, sha256, signature, key_id, public_key)
VALUES (:handover_id, :document, :sha256, :signature, :key_id, :public_key)
"""
DOCUMENT = """
SELECT document, sha256, signature, key_id, public_key FROM handover_document WHERE handover_id = :id
"""
SEALED_FOR = "SELECT subject FROM sealed WHERE id = :id"
TOUCH = "UPDATE handover SET seq = :seq WHERE id = :id"

_encoder = msgspec.json.Encoder(order="sorted")
_person = msgspec.json.Decoder(Person)
_signatures = msgspec.json.Decoder(tuple[Signature, ...])
_facts = msgspec.json.Decoder(dict[str, Fact])
_said = msgspec.json.Decoder(Said)


class Document(msgspec.Struct, frozen=True):
    """What was signed, to the letter, and what proves it. `sha256` in hex."""

    text: str
    sha256: str
    signature: bytes
    key_id: str
    public_key: bytes


def _words(reader: Reader, text: str | None) -> Said | None:
    if text is None:
        return None
    said = _said.decode(text)
    return replace(said, words=words_of(reader, said.sealed))


def _item(reader: Reader, row: tuple[Any, ...]) -> Item:
    return Item(
        n=row[0],
        section=row[1],
        code=row[2],
        key=row[3],
        place=row[4],
        since=row[5],
        facts=_facts.decode(row[6]),
        rev=row[7],
        state=row[8],
        changed=bool(row[9]),
        fresh=bool(row[10]),
        gone=bool(row[11]),
        acknowledged_at=row[12],
        remark=_words(reader, row[13]),
        question=_words(reader, row[14]),
        answer=_words(reader, row[15]),
    )


def _handover(reader: Reader, row: tuple[Any, ...], *, lines: bool) -> Handover:
    items = [_item(reader, line) for line in reader.rows(LINES, id=row[0])] if lines else []
    return Handover(
        id=row[0],
        post=row[1],
        state=row[2],
        outgoing=_person.decode(row[3]),
        to=row[4],
        incoming=None if row[5] is None else _person.decode(row[5]),
        started_at=row[6],
        offered_at=row[7],
        taken_at=row[8],
        ended_at=row[9],
        signatures=_signatures.decode(row[10]),
        items=tuple(items),
        next_line=row[11],
        made_seq=row[12],
        seq=row[13],
    )


def get(reader: Reader, handover_id: str) -> Handover:
    """The hand-over with its lines; `NotFound("handover-none")` where there is none."""
    row = reader.row(GET, id=handover_id)
    if row is None:
        raise NotFound("handover-none", id=handover_id)
    return _handover(reader, row, lines=True)


def any_open(reader: Reader) -> bool:
    return reader.row(ANY_OPEN) is not None


def open_ones(reader: Reader) -> list[Handover]:
    """Those under way, with their lines."""
    return [_handover(reader, row, lines=True) for row in reader.rows(OPEN)]


def open_of(reader: Reader, post: str) -> Handover | None:
    """The one under way of a post, whatever the case of its name; without its lines."""
    row = reader.row(OPEN_OF_POST, post_key=post.casefold())
    return None if row is None else _handover(reader, row, lines=False)


def page(reader: Reader, *, before: int, limit: int) -> list[Handover]:
    """Newest first, without their lines: those started before entry `before`."""
    return [_handover(reader, row, lines=False) for row in reader.rows(PAGE, before=before, limit=limit)]


def changed(reader: Reader, since: int) -> list[Handover]:
    """Those changed after `since`; with 0, those under way. Lines only of those under way."""
    rows = reader.rows(CHANGED, since=since) if since else reader.rows(OPEN)
    return [_handover(reader, row, lines=row[2] not in ("signed", "withdrawn")) for row in rows]


def save(tx: Tx, new: Handover, was: Handover | None) -> None:
    """Writes the row and the lines that are others than before, with the number of the entry that is
    about to be recorded."""
    seq = tx.seq + 1
    tx.run(
        SAVE,
        id=new.id,
        post=new.post,
        post_key=new.post.casefold(),
        state=new.state,
        open=int(new.open),
        outgoing=_encoder.encode(new.outgoing).decode(),
        offered_to=new.to,
        incoming=None if new.incoming is None else _encoder.encode(new.incoming).decode(),
        started_at=new.started_at,
        offered_at=new.offered_at,
        taken_at=new.taken_at,
        ended_at=new.ended_at,
        signatures=_encoder.encode(new.signatures).decode(),
        next_line=new.next_line,
        made_seq=new.made_seq or seq,
        seq=seq,
    )
    held = {} if was is None else {item.n: item for item in was.items}
    tx.run_many(SAVE_LINE, [_line_row(new.id, item) for item in new.items if held.pop(item.n, None) != item])
    tx.run_many(DROP_LINE, [{"handover_id": new.id, "n": n} for n in held])


def _line_row(handover_id: str, item: Item) -> dict[str, Any]:
    return {
        "handover_id": handover_id,
        "n": item.n,
        "section": item.section,
        "code": item.code,
        "key": item.key,
        "place": item.place,
        "since": item.since,
        "facts": _encoder.encode(item.facts).decode(),
        "rev": item.rev,
        "state": item.state,
        "changed": int(item.changed),
        "fresh": int(item.fresh),
        "gone": int(item.gone),
        "acknowledged_at": item.acknowledged_at,
        "remark": _sealed_only(item.remark),
        "question": _sealed_only(item.question),
        "answer": _sealed_only(item.answer),
    }


def _sealed_only(said: Said | None) -> str | None:
    """Words stay in their seal: what is written here has none."""
    return None if said is None else _encoder.encode(replace(said, words=None)).decode()


def add_document(tx: Tx, handover_id: str, document: Document) -> None:
    tx.run(
        ADD_DOCUMENT,
        handover_id=handover_id,
        document=document.text,
        sha256=document.sha256,
        signature=document.signature,
        key_id=document.key_id,
        public_key=document.public_key,
    )


def get_document(reader: Reader, handover_id: str) -> Document:
    """What both signed; `NotFound("handover-unsigned")` while they have not."""
    row = reader.row(DOCUMENT, id=handover_id)
    if row is None:
        raise NotFound("handover-unsigned", id=handover_id)
    return Document(row[0], row[1], bytes(row[2]), row[3], bytes(row[4]))


def touch_sealed(tx: Tx, sealed_id: str) -> None:
    """A hand-over whose words these were has changed with the entry recorded last."""
    row = tx.row(SEALED_FOR, id=sealed_id)
    if row is not None and row[0].startswith("handover/"):
        tx.run(TOUCH, id=row[0].partition("/")[2], seq=tx.seq)
