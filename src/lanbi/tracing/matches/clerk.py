"""The matches' clerk: every second it searches what was recorded or changed, and puts proposals on the
record.

It remembers nothing of its own: how far it looked stands in the store, so a node that was restarted goes on
where it was, and of two nodes over one store each piece is done by one. It proposes; nothing is joined by it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from lanbi.core.access import SYSTEM
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import HOUR, Clock, Instant
from lanbi.tracing import sql as root_sql
from lanbi.tracing.matches import sql
from lanbi.tracing.matches.events import MatchesProposed
from lanbi.tracing.matches.holder import SerialHolder
from lanbi.tracing.matches.model import (
    KNOWN_MARKS_MIN,
    PROPOSALS_OF_ONE_MAX,
    QUEUE_SCORE_MIN,
    Match,
    alignment_rows,
    is_loose,
    kind_of,
    known_marks,
    pair_key,
    part_rows,
)
from lanbi.tracing.matches.service import Registers, SearchHit, weigh_both
from lanbi.tracing.matches.sql import Looked

FIREARMS_AT_ONCE = 64
"""Searched in one piece: people's commands go between two."""
FOUND_BY_MAX = 500
LOOK_AGAIN_AFTER: Instant = HOUR
"""How often a reading with unread marks is sought among what was recorded since."""
WORK_S = 0.25
"""Of each second, at most."""
RANK_STEP = 20_000
"""In millionths of log10 odds: a proposal that moves by less is left as it was."""


class Piece(NamedTuple):
    """What is to be searched now, and where the cursor goes after it.

    `registers`: the newest register that stands. `newest`: the newest change of any firearm.
    """

    cursor: tuple[int, str]
    after: tuple[int, str]
    firearms: list[Looked]
    registers: int
    newest: int

    @property
    def empty(self) -> bool:
        return not self.firearms and self.cursor == self.after


class Outcome(NamedTuple):
    """A firearm with what it may be."""

    firearm: Looked
    hits: list[SearchHit]


class MatchClerk:
    """Searches firearms by themselves, in bounded pieces."""

    def __init__(self, store: Store, registers: Registers, holder: SerialHolder, clock: Clock) -> None:
        self._store = store
        self._registers = registers
        self._holder = holder
        self._clock = clock

    def step(self) -> int:
        """Looks at what is due for a part of a second; says how many firearms it searched.

        For a thread of its own. Raises `Busy` where the store cannot be reached.
        """
        begun = self._clock.monotonic()
        self._clear()
        if self._holder.held is not None:
            self._holder.refresh()  # what people search is at most a second old
        done = 0
        while True:
            piece = self._store.read_now(self._due)
            if piece.empty or not self._holder.refresh():
                return done
            done += self._do(piece)
            if self._clock.monotonic() - begun >= WORK_S:
                return done

    def _clear(self) -> None:
        now = self._clock.now()
        if self._store.read_now(lambda reader: self._registers.to_clear(reader, now)):
            self._store.write_now(SYSTEM, self._registers.clear)

    # -- what is due ---------------------------------------------------------------------

    def _due(self, reader: Reader) -> Piece:
        cursor = _cursor(reader)
        registers = int(reader.rows(sql.NEWEST_REGISTER)[0][0])
        newest = int(reader.rows(sql.NEWEST_FIREARM)[0][0])
        changed = sql.changed(reader, *cursor, FIREARMS_AT_ONCE)
        after = (changed[-1].seq, changed[-1].id) if changed else cursor
        fresh = {gun.id: gun for gun in changed if self._is_new(reader, gun, registers)}
        before = self._clock.now() - LOOK_AGAIN_AFTER
        again = [
            row[0]
            for row in reader.rows(sql.TO_LOOK_AGAIN, before=before, newest=newest, limit=FIREARMS_AT_ONCE)
        ]
        # Where the other side of a proposal changed, the one that found it is searched first.
        again += [row[0] for key in fresh for row in reader.rows(sql.FOUND_BY, id=key, limit=FOUND_BY_MAX)]
        first = [
            gun
            for key in dict.fromkeys(again)
            if key not in fresh and (gun := sql.firearm(reader, key)) is not None
        ]
        return Piece(cursor, after, [*first, *fresh.values()], registers, newest)

    @staticmethod
    def _is_new(reader: Reader, gun: Looked, registers: int) -> bool:
        """Whether it was never searched so, in so many registers."""
        row = reader.row(sql.LOOK, id=gun.id)
        return row is None or (row[0], row[1]) != (sql.side_text(gun.side), registers)

    # -- searching -----------------------------------------------------------------------

    def _do(self, piece: Piece) -> int:
        sought = [gun for gun in piece.firearms if known_marks(gun.side.marks) >= KNOWN_MARKS_MIN]
        promising = self._holder.promising(sought) if sought else []
        likely = {gun.id for gun, found in zip(sought, promising, strict=True) if found}
        outcomes = [Outcome(gun, self._search(gun) if gun.id in likely else []) for gun in piece.firearms]
        return self._store.write_now(SYSTEM, lambda tx: self._write(tx, piece, outcomes))

    def _search(self, gun: Looked) -> list[SearchHit]:
        found = self._holder.search(gun.side.gun)
        return self._store.read_now(
            lambda reader: weigh_both(
                reader, found, own=sql.cluster(reader, gun.id), score_min=QUEUE_SCORE_MIN
            )[:PROPOSALS_OF_ONE_MAX]
        )

    # -- writing -------------------------------------------------------------------------

    def _write(self, tx: Tx, piece: Piece, outcomes: Sequence[Outcome]) -> int:
        if _cursor(tx) != piece.cursor:
            return 0  # another node was faster, or all is to be searched anew
        searched = 0
        for outcome in outcomes:
            now = sql.firearm(tx, outcome.firearm.id)
            if now is None or now.seq != outcome.firearm.seq:
                continue  # it changed meanwhile and comes again
            self._settle(tx, outcome)
            tx.run(
                sql.SAVE_LOOK,
                id=now.id,
                reading=sql.side_text(now.side),
                registers=piece.registers,
                newest=piece.newest,
                now=tx.now,
                again=int(is_loose(now.side.marks)),
            )
            searched += 1
        if piece.after != piece.cursor:
            tx.run(sql.SET_CURSOR, seq=piece.after[0], id=piece.after[1])
        return searched

    def _settle(self, tx: Tx, outcome: Outcome) -> None:
        """Proposals that are new or moved are written, those that hold no more are withdrawn."""
        gun = outcome.firearm
        standing = {match.id: match for match in sql.matches(tx, sql.OPEN_OF, id=gun.id)}
        writing: list[tuple[SearchHit, Match | None]] = []
        for hit in outcome.hits:
            wanted, known = self._known(tx, gun, hit)
            if known is not None:
                standing.pop(known.id, None)
            if wanted:
                writing.append((hit, known))
        if not writing and not standing:
            return
        tx.record(MatchesProposed(id=gun.id, proposed=len(writing), withdrawn=len(standing)))
        for match in standing.values():
            tx.run(sql.WITHDRAW_MATCH, id=match.id, now=tx.now, why="stale", seq=tx.seq)
        for hit, known in writing:
            values = _values(gun, hit)
            if known is not None:
                del values["pair"], values["marks"], values["held_marks"]
                del values["firearm_id"], values["other_id"], values["register_id"], values["entry_n"]
                tx.run(sql.PROPOSE_AGAIN, id=known.id, seq=tx.seq, **values)
            else:
                number = root_sql.next_number(tx, "match")
                tx.run(sql.ADD_MATCH, id=new_id(tx.now), number=number, now=tx.now, seq=tx.seq, **values)

    @staticmethod
    def _known(tx: Tx, gun: Looked, hit: SearchHit) -> tuple[bool, Match | None]:
        """(whether it is to be written, the match that it is already)."""
        other = hit.firearm
        key = pair_key(gun.id, other.id if other else None, hit.entry.n if hit.entry else None)
        of_pair = sql.matches(tx, sql.MATCHES_OF_PAIR, pair=key)
        if any(match.verdict == "same" for match in of_pair):
            return False, None
        # It may have been withdrawn since it was read.
        if hit.register is not None and sql.register(tx, hit.register.id).state != "standing":
            return False, None
        if other is not None:
            current = sql.firearm(tx, other.id)
            if current is None or current.side != other.side:
                return False, None  # it changed, and is searched itself
            if tx.row(sql.CANONICAL, id=gun.id) == tx.row(sql.CANONICAL, id=other.id):
                return False, None
            if any(
                match.firearm_id == other.id and match.verdict == "none" and match.withdrawn_at is None
                for match in of_pair
            ):
                return False, None  # proposed the other way round
            if not of_pair and tx.row(sql.JUDGED, one=gun.id, other=other.id) is not None:
                return False, None
        for match in of_pair:
            if (match.firearm_id, match.reading.marks, match.held.marks) != (
                gun.id, gun.side.marks, hit.scored.side.marks,
            ):  # fmt: skip
                continue
            if match.verdict != "none":
                return False, match
            same = match.reading == gun.side and match.held == hit.scored.side
            moved = not same or abs(match.rank - hit.scored.rank) >= RANK_STEP
            return match.withdrawn_at is not None or moved, match
        return True, None


def _cursor(reader: Reader) -> tuple[int, str]:
    row = reader.row(sql.CURSOR)
    return (0, "") if row is None else (row[0], row[1])


def _values(gun: Looked, hit: SearchHit) -> dict[str, object]:
    scored = hit.scored
    return sql.match_values(
        kind="register" if hit.firearm is None else kind_of(gun.side, scored.side),
        firearm_id=gun.id,
        other_id=None if hit.firearm is None else hit.firearm.id,
        register_id=None if hit.register is None else hit.register.id,
        entry_n=None if hit.entry is None else hit.entry.n,
        reading=gun.side,
        held=scored.side,
        score=scored.score,
        rank=scored.rank,
        near=scored.near,
        of=scored.of,
        alignment=alignment_rows(scored.comparison.steps),
        parts=part_rows(scored.comparison, gun.side, scored.side, scored.of),
    )
