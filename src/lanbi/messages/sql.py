"""Messages and channels in the store. Words come through their seal, at reading time."""

from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.messages.model import PICTURED_MAX, Channel, Message, Party, Receipt

_MESSAGES = """SELECT m.id, m.sent_at, m.sent_seq, m.from_id, m.from_name, m.from_unit, m.to_kind, m.to_id,
 m.to_name, m.incident_id, m.reply_to, m.thread, m.priority, m.template, m.args, m.place_sealed, p.value,
 m.words_sealed, w.value, m.receipts, m.archived, m.seq
FROM message m
LEFT JOIN sealed p ON p.id = m.place_sealed AND p.class = 'words'
LEFT JOIN sealed w ON w.id = m.words_sealed AND w.class = 'words'"""
_OWN = """
 AND (:party = '' OR EXISTS (SELECT 1 FROM message_party q WHERE q.party = :party AND q.message_id = m.id))
"""
_NEWEST_OWN = f"{_OWN}ORDER BY m.sent_seq DESC LIMIT :limit"

GET = f"{_MESSAGES} WHERE m.id = :id"
PAGE = f"{_MESSAGES} WHERE m.sent_seq < :before ORDER BY m.sent_seq DESC LIMIT :limit"
PAGE_TO = f"""{_MESSAGES} WHERE m.to_kind = :to_kind AND m.to_id = :to_id
 AND m.sent_seq < :before{_NEWEST_OWN}"""
PAGE_OF_INCIDENT = f"{_MESSAGES} WHERE m.incident_id = :incident_id AND m.sent_seq < :before{_NEWEST_OWN}"
PAGE_OF_THREAD = f"{_MESSAGES} WHERE m.thread = :thread AND m.sent_seq < :before{_NEWEST_OWN}"
PAGE_OF_PARTY = f"""{_MESSAGES} JOIN message_party f ON f.message_id = m.id
WHERE f.party = :of AND f.sent_seq < :before{_OWN}ORDER BY f.sent_seq DESC LIMIT :limit"""
CHANGED = f"{_MESSAGES} WHERE m.seq > :since ORDER BY m.seq"
PICTURED = f"{_MESSAGES} WHERE m.archived = 0 ORDER BY m.sent_seq"
AGED = f"""{_MESSAGES} WHERE m.archived = 0 AND m.sent_at < :before ORDER BY m.sent_seq"""
CROWDED = f"""{_MESSAGES} WHERE m.archived = 0 ORDER BY m.sent_seq DESC LIMIT :limit OFFSET :keep"""
AWAITED = f"{_MESSAGES} WHERE m.awaited = 1 ORDER BY m.sent_seq"
SAVE = """
INSERT INTO message (id, sent_at, sent_seq, from_id, from_name, from_unit, to_kind, to_id, to_name,
 incident_id, reply_to, thread, priority, template, args, place_sealed, words_sealed, receipts, archived,
 awaited, seq)
VALUES (:id, :sent_at, :sent_seq, :from_id, :from_name, :from_unit, :to_kind, :to_id, :to_name,
 :incident_id, :reply_to, :thread, :priority, :template, :args, :place_sealed, :words_sealed, :receipts,
 :archived, :awaited, :seq)
ON CONFLICT (id) DO UPDATE SET receipts = :receipts, archived = :archived, awaited = :awaited,
 seq = :seq
"""
ADD_PARTY = """
INSERT INTO message_party (party, message_id, sent_seq)
SELECT :party, id, sent_seq FROM message WHERE id = :message_id
ON CONFLICT (party, message_id) DO NOTHING
"""
TOUCH = "UPDATE message SET seq = :seq WHERE id = :id"
REASON = "SELECT value FROM sealed WHERE id = :id AND class = 'words'"
SEALED_FOR = "SELECT subject FROM sealed WHERE id = :id"

_CHANNELS = """SELECT c.id, c.name_sealed, n.value, c.incident_id, c.units, c.roles, c.opened_at, c.opened_by,
 c.closed_at, c.seq
FROM channel c LEFT JOIN sealed n ON n.id = c.name_sealed AND n.class = 'words'"""

CHANNEL = f"{_CHANNELS} WHERE c.id = :id"
CHANNELS_OPEN = f"{_CHANNELS} WHERE c.closed_at IS NULL ORDER BY c.id"
CHANNELS_OF = f"{_CHANNELS} WHERE c.incident_id = :incident_id AND c.closed_at IS NULL ORDER BY c.id"
CHANNELS_CHANGED = f"{_CHANNELS} WHERE c.seq > :since ORDER BY c.seq"
SAVE_CHANNEL = """
INSERT INTO channel (id, name_sealed, incident_id, units, roles, opened_at, opened_by, closed_at, seq)
VALUES (:id, :name_sealed, :incident_id, :units, :roles, :opened_at, :opened_by, :closed_at, :seq)
ON CONFLICT (id) DO UPDATE SET closed_at = :closed_at, seq = :seq
"""
TOUCH_CHANNEL = "UPDATE channel SET seq = :seq WHERE id = :id"

_encoder = msgspec.json.Encoder()
_receipts = msgspec.json.Decoder(tuple[Receipt, ...])
_args = msgspec.json.Decoder(dict[str, str])
_codes = msgspec.json.Decoder(tuple[str, ...])


def _message(reader: Reader, row: tuple[Any, ...]) -> Message:
    receipts = _receipts.decode(row[19])
    return Message(
        id=row[0],
        sent_at=row[1],
        sent_seq=row[2],
        from_id=row[3],
        from_name=row[4],
        from_unit=row[5],
        to_kind=row[6],
        to_id=row[7],
        to_name=row[8],
        incident_id=row[9],
        reply_to=row[10],
        thread=row[11],
        priority=row[12],
        template=row[13],
        args=_args.decode(row[14]),
        place_sealed=row[15],
        place=row[16],
        words_sealed=row[17],
        words=row[18],
        receipts=tuple(_with_reason(reader, receipt) for receipt in receipts),
        archived=bool(row[20]),
        seq=row[21],
    )


def _with_reason(reader: Reader, receipt: Receipt) -> Receipt:
    if receipt.reason_sealed is None:
        return receipt
    row = reader.row(REASON, id=receipt.reason_sealed)
    return msgspec.structs.replace(receipt, reason=None if row is None else row[0])


def get(reader: Reader, message_id: str) -> Message:
    """The message; `NotFound("message-none")` where there is none."""
    row = reader.row(GET, id=message_id)
    if row is None:
        raise NotFound("message-none", id=message_id)
    return _message(reader, row)


def save(tx: Tx, message: Message) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    kept = tuple(msgspec.structs.replace(receipt, reason=None) for receipt in message.receipts)
    tx.run(
        SAVE,
        id=message.id,
        sent_at=message.sent_at,
        sent_seq=message.sent_seq or tx.seq + 1,
        from_id=message.from_id,
        from_name=message.from_name,
        from_unit=message.from_unit,
        to_kind=message.to_kind,
        to_id=message.to_id,
        to_name=message.to_name,
        incident_id=message.incident_id,
        reply_to=message.reply_to,
        thread=message.thread,
        priority=message.priority,
        template=message.template,
        args=_encoder.encode(message.args).decode(),
        place_sealed=message.place_sealed,
        words_sealed=message.words_sealed,
        receipts=_encoder.encode(kept).decode(),
        archived=int(message.archived),
        awaited=int(message.awaited),
        seq=tx.seq + 1,
    )


def add_parties(tx: Tx, message_id: str, parties: list[Party]) -> None:
    """From now on the message, which stands already, is found by these."""
    tx.run_many(ADD_PARTY, [{"party": party.key, "message_id": message_id} for party in parties])


def page(
    reader: Reader,
    *,
    to: tuple[str, str] | None,
    incident_id: str | None,
    thread: str | None,
    party: str | None,
    own: str | None,
    before: int,
    limit: int,
) -> list[Message]:
    """Newest first: messages sent before entry `before`, by one of the filters.

    `party`: "unit/…" or "account/…", to or from whom they went; `own`: only those that concern it too.
    """
    found: dict[str, Any] = {"before": before, "limit": limit}
    if to is not None:
        rows = reader.rows(PAGE_TO, to_kind=to[0], to_id=to[1], party=own or "", **found)
    elif incident_id is not None:
        rows = reader.rows(PAGE_OF_INCIDENT, incident_id=incident_id, party=own or "", **found)
    elif thread is not None:
        rows = reader.rows(PAGE_OF_THREAD, thread=thread, party=own or "", **found)
    elif party is not None or own is not None:
        rows = reader.rows(PAGE_OF_PARTY, of=party or own, party=own or "", **found)
    else:
        rows = reader.rows(PAGE, **found)
    return [_message(reader, row) for row in rows]


def changed(reader: Reader, since: int) -> list[Message]:
    """Those changed after `since`; with 0, those that stand on the picture."""
    rows = reader.rows(CHANGED, since=since) if since else reader.rows(PICTURED)
    return [_message(reader, row) for row in rows]


def aged(reader: Reader, before: Instant) -> list[Message]:
    """Those on the picture that were sent before `before`, oldest first."""
    return [_message(reader, row) for row in reader.rows(AGED, before=before)]


def crowded(reader: Reader, limit: int) -> list[Message]:
    """The oldest on the picture beyond what it holds, at most `limit`."""
    return [_message(reader, row) for row in reader.rows(CROWDED, limit=limit, keep=PICTURED_MAX)]


def awaited(reader: Reader) -> list[Message]:
    """The flash messages that somebody has yet to acknowledge, oldest first."""
    return [_message(reader, row) for row in reader.rows(AWAITED)]


def sealed_for(reader: Reader, sealed_id: str) -> str | None:
    """The subject of a sealed value, kept or erased."""
    row = reader.row(SEALED_FOR, id=sealed_id)
    return None if row is None else row[0]


def touch(tx: Tx, message_id: str) -> None:
    """Words of this message were erased by the entry recorded last."""
    tx.run(TOUCH, id=message_id, seq=tx.seq)


# -- channels --------------------------------------------------------------------------


def _channel(row: tuple[Any, ...]) -> Channel:
    return Channel(
        id=row[0],
        name_sealed=row[1],
        name=row[2],
        incident_id=row[3],
        units=_codes.decode(row[4]),
        roles=_codes.decode(row[5]),
        opened_at=row[6],
        opened_by=row[7],
        closed_at=row[8],
        seq=row[9],
    )


def find_channel(reader: Reader, channel_id: str) -> Channel | None:
    """A channel that a person made."""
    row = reader.row(CHANNEL, id=channel_id)
    return None if row is None else _channel(row)


def channels(reader: Reader) -> list[Channel]:
    """Those that a person made and nobody closed, oldest first."""
    return [_channel(row) for row in reader.rows(CHANNELS_OPEN)]


def channels_of(reader: Reader, incident_id: str) -> list[Channel]:
    """The open channels that belong to this incident."""
    return [_channel(row) for row in reader.rows(CHANNELS_OF, incident_id=incident_id)]


def channels_changed(reader: Reader, since: int) -> list[Channel]:
    """Those changed after `since`; with 0, those that are open."""
    return (
        [_channel(row) for row in reader.rows(CHANNELS_CHANGED, since=since)] if since else channels(reader)
    )


def save_channel(tx: Tx, channel: Channel) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    tx.run(
        SAVE_CHANNEL,
        id=channel.id,
        name_sealed=channel.name_sealed,
        incident_id=channel.incident_id,
        units=_encoder.encode(channel.units).decode(),
        roles=_encoder.encode(channel.roles).decode(),
        opened_at=channel.opened_at,
        opened_by=channel.opened_by,
        closed_at=channel.closed_at,
        seq=tx.seq + 1,
    )


def touch_channel(tx: Tx, channel_id: str) -> None:
    """The name of this channel was erased by the entry recorded last."""
    tx.run(TOUCH_CHANNEL, id=channel_id, seq=tx.seq)
