"""Positions and observations at work: one use case, one function, one transaction."""

from collections.abc import Callable, Sequence

import msgspec

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import Malformed, NotFound, Refused
from lanbi.core.events import AreaFact, Sealed
from lanbi.core.geo import Area, check_area
from lanbi.core.ids import new_id, parse_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import words
from lanbi.core.time import DAY, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.record import undo
from lanbi.record.events import SealedErased
from lanbi.tracks import sql
from lanbi.tracks.events import ObservationReported, ObservationWithdrawn, TrackBatchStored, TrackThinned
from lanbi.tracks.model import (
    AHEAD_MAX,
    Fix,
    Observation,
    Position,
    Report,
    Stored,
    Track,
    check,
    digest,
)
from lanbi.tracks.thinning import POLICY, edge, span_start, surplus

KEEP_WORDS_FOR: Instant = 730 * DAY
KNOWN_UNITS_MAX = 100_000
THIN_ROWS_MAX = 5_000
THIN_UNITS_MAX = 200

CheckPlace = Callable[[float, float], None]
"""Raises where a point cannot be in this site's country."""
KnownUnit = Callable[[Reader, str], bool]
"""Whether there is a unit with this id."""


class Thinned(msgspec.Struct, frozen=True):
    """How many positions one piece of thinning removed, and whether more is due."""

    removed: int
    more: bool


class Tracks:
    """The use cases of positions and observations."""

    def __init__(
        self, gate: Gate, vocabulary: Vocabulary, check_place: CheckPlace, known_unit: KnownUnit
    ) -> None:
        self._gate = gate
        self._vocabulary = vocabulary
        self._check_place = check_place
        self._known_unit = known_unit
        # Units are never deleted, and nobody learns a unit's id before its commit: what was
        # known once is known for good, and a batch needs no query per unit.
        self._known: set[str] = set()

    # -- positions -----------------------------------------------------------------------

    def report(self, tx: Tx, reports: Sequence[Report]) -> Stored:
        """Stores a batch, whole or not at all; one entry vouches for it.

        A position that was stored before (same unit, same time) is counted and ignored;
        one that a newer had overtaken is kept in history and moves nobody.
        """
        own = tx.actor.unit_id is not None and all(report.unit_id == tx.actor.unit_id for report in reports)
        self._gate.require(tx.actor, "tracks.report", own=own)
        positions = check(reports, now=tx.now, unit_of=lambda given: self._unit_of(tx, given))
        once = list({(position.unit_id, position.at): position for position in reversed(positions)}.values())
        stored, late = sql.add(tx, once)
        duplicate = len(positions) - stored
        if not stored:
            return Stored(0, 0, duplicate, None)
        kept: Sequence[Position | Track] = once if stored == len(once) else sql.of_entry(tx, tx.seq + 1)
        self._thin_again(tx, kept)
        entry = tx.record(
            TrackBatchStored(
                id=new_id(tx.now),
                count=stored,
                units=len({position.unit_id for position in kept}),
                from_=min(position.at for position in kept),
                to=max(position.at for position in kept),
                digest=digest(kept),
                late=late,
                duplicates=duplicate,
            )
        )
        return Stored(stored, late, duplicate, entry.seq)

    def thin(self, tx: Tx) -> Thinned:
        """Removes what the policy no longer keeps, in a piece of at most 5,000 rows looked at.

        For the node itself: call again while `more`. Twice is once.
        """
        rows_left, units_left = THIN_ROWS_MAX, THIN_UNITS_MAX
        gone: dict[str, list[Instant]] = {}
        for tier in reversed(POLICY):
            until = edge(tier, tx.now)
            for unit_id, start, newest in sql.unthinned(tx, tier.every, until, max(units_left, 1)):
                if not (rows_left and units_left):
                    break
                found = sql.instants(tx, unit_id, start=start, end=until, limit=rows_left)
                surplus_here = surplus(found, tier.every, newest=newest)
                sql.remove(tx, unit_id, surplus_here)
                gone.setdefault(unit_id, []).extend(surplus_here)
                done = until
                if len(found) == rows_left:  # there may be more: go on from the span that was cut
                    done = span_start(found[-1], tier.every) if tier.every else found[-1] + 1
                sql.mark_thinned(tx, unit_id, tier.every, done)
                rows_left -= len(found)
                units_left -= 1
        removed = [at for instants in gone.values() for at in instants]
        if removed:
            tx.record(
                TrackThinned(
                    id=new_id(tx.now),
                    count=len(removed),
                    units=sum(1 for instants in gone.values() if instants),
                    from_=min(removed),
                    to=max(removed),
                )
            )
        return Thinned(len(removed), more=not (rows_left and units_left))

    def latest(self, reader: Reader, actor: Actor, *, after: str, limit: int) -> list[Track]:
        """Last positions by unit id, those after `after`; a crew gets its own unit's only."""
        crew = actor.role == "field_unit"
        self._gate.require(actor, "tracks.see", own=crew)
        if not crew:
            return sql.latest_page(reader, after=after, limit=limit)
        own = None if actor.unit_id is None else sql.latest(reader, actor.unit_id)
        return [own] if own is not None and own.unit_id > after else []

    def history(
        self, reader: Reader, actor: Actor, unit_id: str, *, start: Instant, end: Instant, limit: int
    ) -> list[Track]:
        """One unit's positions in [start, end), newest first; `NotFound("unit-none")` for no unit."""
        own = actor.unit_id == unit_id
        self._gate.require(actor, "tracks.history", own=own)
        if not self._known_unit(reader, unit_id) or (actor.role == "field_unit" and not own):
            raise NotFound("unit-none", id=unit_id)
        return sql.history(reader, unit_id, start=start, end=end, limit=limit)

    def positions(self, reader: Reader) -> dict[str, Fix]:
        """Every unit's last position, by the unit's id; for other domains."""
        return sql.fixes(reader)

    # -- observations --------------------------------------------------------------------

    def observe(
        self, tx: Tx, kind: str, area: Area, *, text: str = "", at: Instant | None = None
    ) -> Observation:
        """Puts on record what somebody saw; it stands on the live picture for 12 hours."""
        self._gate.require(tx.actor, "observations.report")
        self._vocabulary.usable("observation_kinds", kind)
        area = self._checked(area)
        at = tx.now if at is None else at
        if at > tx.now + AHEAD_MAX:
            raise Malformed("observation-ahead")
        observation_id = new_id(tx.now)
        place = self._sealed(tx, observation_id, "place", area.words) if area.words else None
        said = self._sealed(tx, observation_id, "words", words(text, "words")) if text.strip() else None
        sql.add_observation(
            tx,
            Observation(
                id=observation_id,
                kind=kind,
                area=area,
                at=at,
                by=tx.actor.id,
                place_sealed=None if place is None else place.sealed,
                words_sealed=None if said is None else said.sealed,
            ),
        )
        tx.record(
            ObservationReported(
                id=observation_id, observed=kind, area=AreaFact.of(area, place), words=said, at=at
            ),
            at=min(at, tx.now),
        )
        return self._observation(tx, observation_id)

    def withdraw(self, tx: Tx, observation_id: str) -> Observation:
        """Whoever reported it takes it back; see `record.undo` for who may, and until when.

        It leaves the live picture and counts nowhere; it stays in the list, marked.
        `Refused("observation-withdrawn")` the second time.
        """
        self._gate.require(tx.actor, "observations.report")
        was = self._observation(tx, observation_id)
        if was.withdrawn_at is not None:
            raise Refused("observation-withdrawn")
        done = undo.last_of(tx, f"observation/{observation_id}", ObservationReported.kind)
        if done is None:
            raise Refused("undo-nothing")
        undo.must_be_own_and_fresh(tx, done)
        sql.withdraw_observation(tx, observation_id)
        tx.record(ObservationWithdrawn(id=observation_id, observed=was.kind, undoes=done.seq))
        return self._observation(tx, observation_id)

    def observation(self, reader: Reader, actor: Actor, observation_id: str) -> Observation:
        """The observation; absent for who may not see observations."""
        if not self._gate.allows(actor, "observations.see"):
            raise NotFound("observation-none", id=observation_id)
        return self._observation(reader, observation_id)

    def observations(self, reader: Reader, actor: Actor, *, before: int, limit: int) -> list[Observation]:
        """Newest first, live or lapsed."""
        self._gate.require(actor, "observations.see")
        return sql.observation_page(reader, before=before, limit=limit)

    def may_read_words(self, actor: Actor) -> bool:
        """Whether this actor is shown what was said, beside what was seen."""
        return self._gate.allows(actor, "observations.read_words")

    # -- what other domains' facts mean here ---------------------------------------------

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Words that were erased leave the rows that showed them."""
        sql.touch_sealed(tx, fact.sealed)

    # -- inside ----------------------------------------------------------------------

    def _unit_of(self, tx: Tx, given: str) -> str | None:
        if given in self._known:
            return given
        try:
            unit_id = parse_id(given)
        except Malformed:
            return None
        if unit_id not in self._known:
            if not self._known_unit(tx, unit_id):
                return None
            if len(self._known) >= KNOWN_UNITS_MAX:
                self._known.clear()
            self._known.add(unit_id)
        return unit_id

    def _thin_again(self, tx: Tx, kept: Sequence[Position | Track]) -> None:
        """Old positions that arrive late lie where history was thinned already."""
        old_before = tx.now - POLICY[0].after
        starts: dict[str, Instant] = {}
        for position in kept:
            if position.at < old_before:
                starts[position.unit_id] = min(position.at, starts.get(position.unit_id, position.at))
        if starts:
            coarsest = max(tier.every for tier in POLICY)
            sql.thin_again(tx, [(unit_id, span_start(at, coarsest)) for unit_id, at in starts.items()])

    def _observation(self, reader: Reader, observation_id: str) -> Observation:
        found = sql.find_observation(reader, observation_id)
        if found is None:
            raise NotFound("observation-none", id=observation_id)
        return found

    def _checked(self, area: Area) -> Area:
        area = check_area(area)
        self._vocabulary.usable("area_sources", area.source)
        self._vocabulary.usable("confidences", area.confidence)
        if area.lat is not None and area.lon is not None:
            self._check_place(area.lat, area.lon)
        return area

    def _sealed(self, tx: Tx, observation_id: str, field: str, text: str) -> Sealed:
        return tx.seal(
            subject=f"observation/{observation_id}",
            field=field,
            kind="words",
            value=text,
            keep_for=KEEP_WORDS_FOR,
        )
