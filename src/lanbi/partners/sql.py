"""Other sites, their keys and letters in the store."""

from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.partners.model import Direction, Key, Letter, Partner, State

_PARTNER = """SELECT p.code, p.state, p.name, p.url, p.kinds_in, p.kinds_out, p.enabled, p.screening_sealed,
 w.value, p.screened_at, p.screened_by, p.added_at, p.retired_at, p.seq
FROM partner p LEFT JOIN sealed w ON w.id = p.screening_sealed AND w.class = 'words'"""
_LETTER = """SELECT direction, partner, id, kind, in_reply_to, made_at, content, body_bytes, key_id,
 signature, state, outcome, reason, args, settled_at, receipt, made_seq, seq, NULL FROM partner_letter"""
_LETTER_WHOLE = _LETTER.replace("NULL", "body")

PARTNER = f"{_PARTNER} WHERE p.code = :code"
PARTNERS = f"{_PARTNER} ORDER BY p.code"
COUNT = "SELECT COUNT(*) FROM partner"
SAVE_PARTNER = """
INSERT INTO partner (code, state, name, url, kinds_in, kinds_out, enabled, screening_sealed, screened_at,
 screened_by, added_at, retired_at, seq)
VALUES (:code, :state, :name, :url, :kinds_in, :kinds_out, :enabled, :screening_sealed, :screened_at,
 :screened_by, :added_at, :retired_at, :seq)
ON CONFLICT (code) DO UPDATE SET name = :name, url = :url, kinds_in = :kinds_in, kinds_out = :kinds_out,
 enabled = :enabled, screening_sealed = :screening_sealed, screened_at = :screened_at,
 screened_by = :screened_by, retired_at = :retired_at, seq = :seq
"""
TOUCH_SEALED = "UPDATE partner SET seq = :seq WHERE screening_sealed = :sealed"
KEYS = "SELECT code, public_key, added_at, retired_at FROM partner_key ORDER BY added_at, key_id"
KEY = "SELECT code FROM partner_key WHERE key_id = :key_id"
SAVE_KEY = """
INSERT INTO partner_key (key_id, code, public_key, added_at, retired_at)
VALUES (:key_id, :code, :public_key, :added_at, :retired_at)
ON CONFLICT (key_id) DO UPDATE SET retired_at = :retired_at
"""

ADD_LETTER = """
INSERT INTO partner_letter (direction, partner, id, kind, in_reply_to, made_at, content, body, body_bytes,
 key_id, signature, state, outcome, reason, args, settled_at, receipt, made_seq, seq)
VALUES (:direction, :partner, :id, :kind, :in_reply_to, :made_at, :content, :body, :body_bytes, :key_id,
 :signature, :state, :outcome, :reason, :args, :settled_at, :receipt, :made_seq, :seq)
ON CONFLICT (direction, partner, id) DO UPDATE SET made_at = :made_at, content = :content, body = :body,
 body_bytes = :body_bytes, key_id = :key_id, signature = :signature, state = :state, outcome = :outcome,
 reason = :reason, args = :args, settled_at = :settled_at, receipt = :receipt, seq = :seq
"""
LETTER = f"{_LETTER} WHERE direction = :direction AND partner = :partner AND id = :id"
LETTER_WHOLE = f"{_LETTER_WHOLE} WHERE direction = :direction AND partner = :partner AND id = :id"
LETTER_BY_ID = f"{_LETTER} WHERE id = :id ORDER BY made_seq DESC LIMIT 1"
# Receipts are shown with the letters that they are for.
LETTERS = f"""{_LETTER} WHERE made_seq < :before AND kind <> 'partner.receipt'
 AND (:direction = '' OR direction = :direction) AND (:partner = '' OR partner = :partner)
 AND (:state = '' OR state = :state)
ORDER BY made_seq DESC LIMIT :limit"""
REPLIES_WAITING = """SELECT COUNT(*) FROM partner_letter WHERE in_reply_to = :id AND direction = 'out'
 AND partner = :partner AND kind = :kind AND state = 'waiting'"""
IN_STATE = """SELECT partner, id, body_bytes FROM partner_letter
WHERE direction = :direction AND state = :state AND partner = :partner ORDER BY made_seq LIMIT :limit"""
COUNTS = """SELECT partner, direction, state, COUNT(*) FROM partner_letter
WHERE direction = 'out' AND state IN ('waiting', 'refused') AND kind <> 'partner.receipt'
GROUP BY partner, direction, state"""
WAITING = """SELECT COUNT(*) FROM partner_letter
WHERE direction = 'out' AND state = 'waiting' AND partner = :partner AND kind <> 'partner.receipt'"""
TO_SERVE = """SELECT DISTINCT l.partner FROM partner_letter l JOIN partner p ON p.code = l.partner
WHERE l.direction = 'out' AND l.state = 'waiting' AND p.enabled = 1 AND p.retired_at IS NULL
 AND p.url IS NOT NULL ORDER BY l.partner"""
SETTLE = """
UPDATE partner_letter SET state = :state, outcome = :outcome, reason = :reason, args = :args,
 settled_at = :settled_at, receipt = COALESCE(:receipt, receipt), seq = :seq
WHERE direction = :direction AND partner = :partner AND id = :id
"""
DROP_BODY = """UPDATE partner_letter SET body = NULL
WHERE direction = :direction AND partner = :partner AND id = :id"""
DROP_WAITING = """UPDATE partner_letter SET state = 'dropped', reason = 'partner-retired', body = NULL,
 settled_at = :now, seq = :seq WHERE direction = 'out' AND state = 'waiting' AND partner = :partner"""
OLD_BODIES = """SELECT direction, partner, id FROM partner_letter
WHERE body IS NOT NULL AND made_at < :before AND state <> 'waiting' ORDER BY made_at LIMIT :limit"""
KEPT = """SELECT partner, id FROM partner_letter
WHERE direction = 'in' AND state = 'kept' AND kind = :kind AND body IS NOT NULL
ORDER BY made_seq LIMIT :limit"""

_encoder = msgspec.json.Encoder(order="sorted")
_args = msgspec.json.Decoder(dict[str, str | int])


def _partner(row: tuple[Any, ...], keys: tuple[Key, ...]) -> Partner:
    return Partner(
        code=row[0], state=row[1], name=row[2], url=row[3], kinds_in=tuple(row[4].split()),
        kinds_out=tuple(row[5].split()), enabled=bool(row[6]), screening_sealed=row[7], screening=row[8],
        screened_at=row[9], screened_by=row[10], added_at=row[11], retired_at=row[12], keys=keys, seq=row[13],
    )  # fmt: skip


def _letter(row: tuple[Any, ...]) -> Letter:
    return Letter(
        direction=row[0], partner=row[1], id=row[2], kind=row[3], in_reply_to=row[4], made_at=row[5],
        content=row[6], body_bytes=row[7], key_id=row[8], signature=row[9], state=row[10], outcome=row[11],
        reason=row[12], args=_args.decode(row[13]), settled_at=row[14],
        receipt=None if row[15] is None else bytes(row[15]), made_seq=row[16], seq=row[17],
        body=None if row[18] is None else bytes(row[18]),
    )  # fmt: skip


def keys_by_code(reader: Reader) -> dict[str, tuple[Key, ...]]:
    """Every partner's keys, retired ones too, oldest first."""
    found: dict[str, tuple[Key, ...]] = {}
    for code, public_key, added_at, retired_at in reader.rows(KEYS):
        key = Key(public_key=bytes(public_key), added_at=added_at, retired_at=retired_at)
        found[code] = (*found.get(code, ()), key)
    return found


def find(reader: Reader, code: str) -> Partner | None:
    row = reader.row(PARTNER, code=code)
    return None if row is None else _partner(row, keys_by_code(reader).get(code, ()))


def get(reader: Reader, code: str) -> Partner:
    """The partner, also a retired one; `NotFound("partner-none")` where there is none."""
    found = find(reader, code)
    if found is None:
        raise NotFound("partner-none", code=code[:40])
    return found


def partners(reader: Reader) -> list[Partner]:
    """All of them, by code; there are at most `PARTNERS_MAX`."""
    keys = keys_by_code(reader)
    return [_partner(row, keys.get(row[0], ())) for row in reader.rows(PARTNERS)]


def count(reader: Reader) -> int:
    return int(reader.rows(COUNT)[0][0])


def save(tx: Tx, partner: Partner) -> None:
    """Writes partner and keys with the number of the entry that was recorded last."""
    tx.run(
        SAVE_PARTNER, code=partner.code, state=partner.state, name=partner.name, url=partner.url,
        kinds_in=" ".join(partner.kinds_in), kinds_out=" ".join(partner.kinds_out),
        enabled=int(partner.enabled), screening_sealed=partner.screening_sealed,
        screened_at=partner.screened_at, screened_by=partner.screened_by, added_at=partner.added_at,
        retired_at=partner.retired_at, seq=tx.seq,
    )  # fmt: skip
    for key in partner.keys:
        tx.run(
            SAVE_KEY,
            key_id=key.key_id,
            code=partner.code,
            public_key=key.public_key,
            added_at=key.added_at,
            retired_at=key.retired_at,
        )


def owner_of_key(reader: Reader, key_id: str) -> str | None:
    """The code of whose key it is or was."""
    row = reader.row(KEY, key_id=key_id)
    return None if row is None else row[0]


def save_letter(tx: Tx, letter: Letter) -> None:
    """Writes the letter with the number of the entry that was recorded last."""
    tx.run(
        ADD_LETTER, direction=letter.direction, partner=letter.partner, id=letter.id, kind=letter.kind,
        in_reply_to=letter.in_reply_to, made_at=letter.made_at, content=letter.content, body=letter.body,
        body_bytes=letter.body_bytes, key_id=letter.key_id, signature=letter.signature, state=letter.state,
        outcome=letter.outcome, reason=letter.reason, args=_encoder.encode(letter.args).decode(),
        settled_at=letter.settled_at, receipt=letter.receipt, made_seq=tx.seq, seq=tx.seq,
    )  # fmt: skip


def letter(
    reader: Reader, direction: Direction, partner: str, letter_id: str, *, whole: bool = False
) -> Letter | None:
    """The letter; its body only where `whole`, since it may be large."""
    sql = LETTER_WHOLE if whole else LETTER
    row = reader.row(sql, direction=direction, partner=partner, id=letter_id)
    return None if row is None else _letter(row)


def letter_by_id(reader: Reader, letter_id: str) -> Letter:
    """Raises `NotFound("letter-none")`."""
    row = reader.row(LETTER_BY_ID, id=letter_id)
    if row is None:
        raise NotFound("letter-none")
    return _letter(row)


def letters(
    reader: Reader, *, direction: str, partner: str, state: str, before: int, limit: int
) -> list[Letter]:
    """Newest first, without bodies; an empty text asks for any."""
    rows = reader.rows(LETTERS, direction=direction, partner=partner, state=state, before=before, limit=limit)
    return [_letter(row) for row in rows]


def in_state(
    reader: Reader, direction: Direction, partner: str, state: State, limit: int
) -> list[tuple[str, int]]:
    """(id, bytes of its body) of letters in this state, oldest first."""
    rows = reader.rows(IN_STATE, direction=direction, partner=partner, state=state, limit=limit)
    return [(letter_id, size) for _, letter_id, size in rows]


def counts(reader: Reader) -> dict[tuple[str, str], int]:
    """How many letters wait, and how many were refused, by (partner, state)."""
    return {(partner, state): number for partner, _, state, number in reader.rows(COUNTS)}


def waiting(reader: Reader, partner: str) -> int:
    return int(reader.rows(WAITING, partner=partner)[0][0])


def to_serve(reader: Reader) -> list[str]:
    """The partners for whom something waits that a connection may carry."""
    return [row[0] for row in reader.rows(TO_SERVE)]


def settle(
    tx: Tx,
    letter: Letter,
    *,
    state: State,
    outcome: str | None,
    reason: str | None = None,
    args: dict[str, str | int] | None = None,
    settled_at: Instant | None,
    receipt: bytes | None = None,
) -> None:
    """What became of a letter, with the number of the entry recorded last. A receipt that it has stays."""
    tx.run(
        SETTLE, direction=letter.direction, partner=letter.partner, id=letter.id, state=state,
        outcome=outcome, reason=reason, args=_encoder.encode(args or {}).decode(), settled_at=settled_at,
        receipt=receipt, seq=tx.seq,
    )  # fmt: skip


def drop_body(tx: Tx, direction: str, partner: str, letter_id: str) -> None:
    tx.run(DROP_BODY, direction=direction, partner=partner, id=letter_id)


def drop_waiting(tx: Tx, partner: str) -> None:
    tx.run(DROP_WAITING, partner=partner, now=tx.now, seq=tx.seq)


def old_bodies(reader: Reader, before: Instant, limit: int) -> list[tuple[str, str, str]]:
    """(direction, partner, id) of settled letters, made before, that still have a body."""
    return [(row[0], row[1], row[2]) for row in reader.rows(OLD_BODIES, before=before, limit=limit)]


def kept(reader: Reader, kind: str, limit: int) -> list[tuple[str, str]]:
    """(partner, id) of letters that were kept since nobody here knew their kind, oldest first."""
    return [(row[0], row[1]) for row in reader.rows(KEPT, kind=kind, limit=limit)]


def receipt_waits(reader: Reader, partner: str, letter_id: str, kind: str) -> bool:
    return bool(reader.rows(REPLIES_WAITING, partner=partner, id=letter_id, kind=kind)[0][0])


def touch_sealed(tx: Tx, sealed_id: str) -> None:
    """Rows that show these sealed words have changed with the entry recorded last."""
    tx.run(TOUCH_SEALED, sealed=sealed_id, seq=tx.seq)
