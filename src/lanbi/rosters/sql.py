"""Members and shifts in the store."""

from collections.abc import Sequence
from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.rosters.model import SHOWN_AFTER, SHOWN_BEFORE, Hand, Member, Shift

_MEMBER = "SELECT id, number, name_sealed, qualifications, enrolled_at, retired_at, seq FROM member"
_SHIFT = """SELECT s.id, s.unit_id, s.callsign, s.seat, s.starts_at, s.ends_at, s.crew, s.state, s.on_at,
 s.off_at, s.reason, s.reason_sealed, w.value, s.reason_by, s.made_seq, s.seq
FROM shift s LEFT JOIN sealed w ON w.id = s.reason_sealed AND w.class = 'words'"""

MEMBER = f"{_MEMBER} WHERE id = :id"
MEMBER_BY_KEY = f"{_MEMBER} WHERE number_key = :key"
MEMBER_PAGE = f"{_MEMBER} WHERE number_key > :after ORDER BY number_key LIMIT :limit"
SAVE_MEMBER = """
INSERT INTO member (id, number, number_key, name_sealed, qualifications, enrolled_at, retired_at, seq)
VALUES (:id, :number, :number_key, :name_sealed, :qualifications, :enrolled_at, :retired_at, :seq)
ON CONFLICT (id) DO UPDATE SET qualifications = :qualifications, retired_at = :retired_at, seq = :seq
"""

SHIFT = f"{_SHIFT} WHERE s.id = :id"
# `begin_at` and `end_at` are the true times where there are any, else the planned ones.
SHIFTS_BETWEEN = f"""{_SHIFT} WHERE s.begin_at < :until AND s.end_at > :since AND s.made_seq > :after
ORDER BY s.made_seq LIMIT :limit"""
SHIFTS_OPEN_OF = f"""{_SHIFT} JOIN shift_hand h ON h.shift_id = s.id
WHERE h.person = :person AND s.state <> 'ended' ORDER BY s.begin_at, s.made_seq"""
# Each half by an index of its own: joined by OR they would walk every shift there ever was.
_OPEN_BEFORE = """(SELECT id FROM shift WHERE state = 'on_duty' UNION ALL
 SELECT id FROM shift WHERE state = 'planned' AND end_at > :edge AND starts_at < :until)"""
SHIFTS_OPEN_BEFORE = f"{_SHIFT} WHERE s.id IN {_OPEN_BEFORE} ORDER BY s.starts_at, s.made_seq"
ABOARD = f"{_SHIFT} WHERE s.unit_id = :unit_id AND s.state = 'on_duty'"
SEATED = f"{_SHIFT} WHERE s.seat_key = :seat_key AND s.state = 'on_duty'"
# The last end before a shift begins: of what took place, or is still planned to. A shift to which nobody came
# is no work.
OFF_SINCE = """
SELECT MAX(s.end_at) FROM shift s JOIN shift_hand h ON h.shift_id = s.id
WHERE h.person = :person AND s.id <> :shift_id AND s.begin_at < :begin
 AND (s.on_at IS NOT NULL OR (s.state <> 'ended' AND s.end_at > :now))
"""
SAVE_SHIFT = """
INSERT INTO shift (id, unit_id, callsign, seat, seat_key, starts_at, ends_at, crew, state, on_at, off_at,
 reason, reason_sealed, reason_by, made_seq, begin_at, end_at, seq)
VALUES (:id, :unit_id, :callsign, :seat, :seat_key, :starts_at, :ends_at, :crew, :state, :on_at, :off_at,
 :reason, :reason_sealed, :reason_by, :made_seq, :begin_at, :end_at, :seq)
ON CONFLICT (id) DO UPDATE SET starts_at = :starts_at, ends_at = :ends_at, crew = :crew, state = :state,
 on_at = :on_at, off_at = :off_at, reason = :reason, reason_sealed = :reason_sealed, reason_by = :reason_by,
 begin_at = :begin_at, end_at = :end_at, seq = :seq
"""
UNHAND = "DELETE FROM shift_hand WHERE shift_id = :shift_id"
HAND = "INSERT INTO shift_hand (person, shift_id) VALUES (:person, :shift_id)"
TOUCH_SEALED = "UPDATE shift SET seq = :seq WHERE reason_sealed = :sealed"

_SHOWN = """(SELECT id FROM shift WHERE state = 'on_duty' UNION ALL
 SELECT id FROM shift
 WHERE end_at > :edge AND begin_at <= :brink AND (state <> 'ended' OR on_at IS NOT NULL))"""
SHIFTS_SHOWN = f"{_SHIFT} WHERE s.id IN {_SHOWN} ORDER BY s.seq"
SHIFTS_CHANGED = f"{_SHIFT} WHERE s.seq > :since ORDER BY s.seq"
SHIFTS_CROSSING = f"""{_SHIFT} WHERE s.seq <= :since AND s.state <> 'on_duty'
 AND ((s.end_at > :edge_low AND s.end_at <= :edge_high)
 OR (s.begin_at > :brink_low AND s.begin_at <= :brink_high))"""
RECORDED_AT = "SELECT recorded_at FROM journal WHERE seq = :seq"

_encoder = msgspec.json.Encoder()
_codes = msgspec.json.Decoder(tuple[str, ...])
_crew = msgspec.json.Decoder(tuple[Hand, ...])


def _member(row: tuple[Any, ...]) -> Member:
    return Member(
        id=row[0],
        number=row[1],
        name_sealed=row[2],
        qualifications=_codes.decode(row[3]),
        enrolled_at=row[4],
        retired_at=row[5],
        seq=row[6],
    )


def _shift(row: tuple[Any, ...]) -> Shift:
    return Shift(
        id=row[0],
        unit_id=row[1],
        callsign=row[2],
        seat=row[3],
        starts_at=row[4],
        ends_at=row[5],
        crew=_crew.decode(row[6]),
        state=row[7],
        on_at=row[8],
        off_at=row[9],
        reason=row[10],
        reason_sealed=row[11],
        reason_words=row[12],
        reason_by=row[13],
        made_seq=row[14],
        seq=row[15],
    )


# -- members -------------------------------------------------------------------------


def get_member(reader: Reader, member_id: str) -> Member:
    """The member; `NotFound("member-none")` where there is none."""
    row = reader.row(MEMBER, id=member_id)
    if row is None:
        raise NotFound("member-none", id=member_id)
    return _member(row)


def member_by_number(reader: Reader, number: str) -> Member | None:
    row = reader.row(MEMBER_BY_KEY, key=number.casefold())
    return None if row is None else _member(row)


def member_page(reader: Reader, *, after: str, limit: int) -> list[Member]:
    """By service number: those whose case-folded number comes after `after`."""
    return [_member(row) for row in reader.rows(MEMBER_PAGE, after=after, limit=limit)]


def save_member(tx: Tx, member: Member) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    tx.run(
        SAVE_MEMBER,
        id=member.id,
        number=member.number,
        number_key=member.number.casefold(),
        name_sealed=member.name_sealed,
        qualifications=_encoder.encode(member.qualifications).decode(),
        enrolled_at=member.enrolled_at,
        retired_at=member.retired_at,
        seq=tx.seq + 1,
    )


# -- shifts --------------------------------------------------------------------------


def get_shift(reader: Reader, shift_id: str) -> Shift:
    """The shift; `NotFound("shift-none")` where there is none."""
    row = reader.row(SHIFT, id=shift_id)
    if row is None:
        raise NotFound("shift-none", id=shift_id)
    return _shift(row)


def shifts_between(reader: Reader, since: Instant, until: Instant, *, after: int, limit: int) -> list[Shift]:
    """Those of which any part lies between, in the order in which they were planned, after entry `after`."""
    rows = reader.rows(SHIFTS_BETWEEN, since=since, until=until, after=after, limit=limit)
    return [_shift(row) for row in rows]


def open_of(reader: Reader, person: str) -> list[Shift]:
    """What somebody is on, and planned for, first things first."""
    return [_shift(row) for row in reader.rows(SHIFTS_OPEN_OF, person=person)]


def open_before(reader: Reader, until: Instant) -> list[Shift]:
    """On duty, or planned to have begun before `until`. One to which nobody came is open until it leaves
    the picture: nobody can sign on to it any more."""
    edge = until - SHOWN_BEFORE
    return [_shift(row) for row in reader.rows(SHIFTS_OPEN_BEFORE, until=until, edge=edge)]


def aboard(reader: Reader, unit_id: str) -> Shift | None:
    """The shift that is on duty with a unit."""
    row = reader.row(ABOARD, unit_id=unit_id)
    return None if row is None else _shift(row)


def seated(reader: Reader, seat: str) -> Shift | None:
    """The shift that is on duty at a seat, whatever the case of its name."""
    row = reader.row(SEATED, seat_key=seat.casefold())
    return None if row is None else _shift(row)


def off_since(reader: Reader, person: str, shift: Shift, now: Instant) -> Instant | None:
    """When the last shift of a person that began before this one ends or ended."""
    row = reader.row(OFF_SINCE, person=person, shift_id=shift.id, begin=shift.begin, now=now)
    return None if row is None else row[0]


def save_shift(tx: Tx, shift: Shift, *, people: Sequence[str] | None = None, seq: int | None = None) -> None:
    """Writes the row with the number of the entry that is about to be recorded.

    `people`: whose shift it is, where that is new. `seq`: that of the entry recorded last,
    where the change follows from it and has none of its own.
    """
    seq = tx.seq + 1 if seq is None else seq
    tx.run(
        SAVE_SHIFT,
        id=shift.id,
        unit_id=shift.unit_id,
        callsign=shift.callsign,
        seat=shift.seat,
        seat_key=None if shift.seat is None else shift.seat.casefold(),
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        crew=_encoder.encode(shift.crew).decode(),
        state=shift.state,
        on_at=shift.on_at,
        off_at=shift.off_at,
        reason=shift.reason,
        reason_sealed=shift.reason_sealed,
        reason_by=shift.reason_by,
        made_seq=shift.made_seq or seq,
        begin_at=shift.begin,
        end_at=shift.end,
        seq=seq,
    )
    if people is not None:
        tx.run(UNHAND, shift_id=shift.id)
        tx.run_many(HAND, [{"person": person, "shift_id": shift.id} for person in people])


def shifts_changed(reader: Reader, since: int) -> list[tuple[int, Shift, bool]]:
    """(version, shift, whether it is on the picture) of all that changed after `since`.

    With 0, those on the picture now. Coming within a day, and having ended a day ago, are
    no entries of their own: they follow from the time at which the newest entry was recorded.
    """
    now = _recorded_at(reader, reader.head)
    if not since:
        rows = reader.rows(SHIFTS_SHOWN, edge=now - SHOWN_BEFORE, brink=now + SHOWN_AFTER)
        return [(shift.seq, shift, True) for shift in map(_shift, rows)]
    then = _recorded_at(reader, since)
    low, high = min(then, now), max(then, now)
    found = [
        (shift.seq, shift, shift.shown(now))
        for shift in map(_shift, reader.rows(SHIFTS_CHANGED, since=since))
    ]
    rows = reader.rows(
        SHIFTS_CROSSING,
        since=since,
        edge_low=low - SHOWN_BEFORE,
        edge_high=high - SHOWN_BEFORE,
        brink_low=low + SHOWN_AFTER,
        brink_high=high + SHOWN_AFTER,
    )
    for shift in map(_shift, rows):
        shown = shift.shown(now)
        found.append((shift.seq if shown else reader.head, shift, shown))
    return found


def _recorded_at(reader: Reader, seq: int) -> Instant:
    row = reader.row(RECORDED_AT, seq=seq)
    return 0 if row is None else row[0]


def touch_sealed(tx: Tx, sealed_id: str) -> None:
    """Rows that show these sealed words have changed with the entry recorded last."""
    tx.run(TOUCH_SEALED, sealed=sealed_id, seq=tx.seq)
