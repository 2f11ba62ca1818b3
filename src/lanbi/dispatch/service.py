"""Dispatch at work: one use case, one function, one transaction."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import structs

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import NotFound, Refused
from lanbi.core.events import AreaFact, Sealed
from lanbi.core.geo import Area, check_area
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import words
from lanbi.core.time import DAY, Clock, Instant, SystemClock
from lanbi.core.vocabulary import Vocabulary
from lanbi.dispatch import sql
from lanbi.dispatch.events import (
    STEP_FACTS,
    AssignmentCancelled,
    AssignmentCleared,
    AssignmentMade,
    AssignmentPreempted,
    AssignmentReplaced,
    AssignmentUndone,
    Strike,
    UnitAvailabilitySet,
    UnitCapabilitiesSet,
    UnitCommissioned,
    UnitCrewSet,
)
from lanbi.dispatch.model import (
    AT_WORK,
    CAPABILITIES_MAX,
    Assignment,
    Availability,
    ClockSource,
    IncidentSite,
    Mode,
    Position,
    Stamp,
    TravelTimes,
    Unit,
    check_callsign,
    check_crew,
    check_shift,
    outranks,
)
from lanbi.dispatch.recommend import Candidate, Recommendation, recommend
from lanbi.incidents.events import IncidentClosed
from lanbi.record import undo
from lanbi.record.events import SealedErased
from lanbi.record.undo import Done

KEEP_WORDS_FOR: Instant = 730 * DAY
KEEP_POST_FOR: Instant = 3650 * DAY  # what a home post is called outlives most crews
REASON_CHARS_MAX = 500
# What an order that is taken back at once ends with, a code of the vocabulary `cancel_reasons`.
MISTAKE = "mistake"
REASONS = ("preempt_reasons", "cancel_reasons", "replace_reasons")

CheckPlace = Callable[[float, float], None]
"""Raises where a point cannot be in this site's country."""
SiteOf = Callable[[Reader, str], IncidentSite | None]
"""What dispatch must know of an incident; None where there is none."""
PositionsOf = Callable[[Reader], Mapping[str, Position]]
"""The last known position of each unit, by the unit's id."""


class Dispatch:
    """The use cases of units and assignments."""

    def __init__(  # noqa: PLR0917 - the composition root hands in what there is
        self,
        gate: Gate,
        vocabulary: Vocabulary,
        check_place: CheckPlace,
        site_of: SiteOf,
        positions_of: PositionsOf,
        travel: TravelTimes,
        clock: Clock | None = None,
    ) -> None:
        """`clock`: for the age of positions in a recommendation, which is read, not written."""
        self._gate = gate
        self._vocabulary = vocabulary
        self._check_place = check_place
        self._site_of = site_of
        self._positions_of = positions_of
        self._travel = travel
        self._clock = clock or SystemClock()

    # -- units: commands -----------------------------------------------------------------

    def commission(
        self,
        tx: Tx,
        *,
        callsign: str,
        kind: str,
        capabilities: tuple[str, ...] | None = None,
        crew: int = 0,
        home: Area | None = None,
        shift_until: Instant | None = None,
    ) -> Unit:
        """A new unit, available at once. Without `capabilities` it has those of its kind."""
        self._gate.require(tx.actor, "units.commission")
        self._vocabulary.usable("unit_kinds", kind)
        callsign = check_callsign(callsign)
        if sql.unit_by_callsign(tx, callsign) is not None:
            raise Refused("callsign-taken", callsign=callsign)
        if capabilities is None:
            capabilities = self._vocabulary.term("unit_kinds", kind).capabilities
        capabilities = tuple(dict.fromkeys(capabilities))
        if len(capabilities) > CAPABILITIES_MAX:
            raise Refused("capabilities-full", limit=CAPABILITIES_MAX)
        for capability in capabilities:
            self._vocabulary.usable("capabilities", capability)
        unit_id = new_id(tx.now)
        home = None if home is None else self._checked(home)
        sealed = None
        if home is not None and home.words:
            sealed = self._sealed(tx, f"unit/{unit_id}", "place", home.words, keep_for=KEEP_POST_FOR)
        unit = Unit(
            id=unit_id,
            callsign=callsign,
            kind=kind,
            capabilities=capabilities,
            crew=check_crew(crew),
            shift_until=check_shift(shift_until, tx.now),
            home=home,
            home_sealed=None if sealed is None else sealed.sealed,
            commissioned_at=tx.now,
            commissioned_by=tx.actor.id,
            since=tx.now,
        )
        sql.add_unit(tx, unit)
        tx.record(
            UnitCommissioned(
                id=unit.id,
                callsign=unit.callsign,
                unit_kind=kind,
                capabilities=capabilities,
                crew=unit.crew,
                home=None if home is None else AreaFact.of(home, sealed),
                shift_until=unit.shift_until,
            )
        )
        return sql.get_unit(tx, unit.id)

    def set_availability(
        self, tx: Tx, unit_id: str, availability: Availability, *, reason: str | None = None
    ) -> Unit:
        """Available, or out of service for a reason of the vocabulary; not while it is assigned."""
        was = self.unit(tx, tx.actor, unit_id)
        self._gate.require(tx.actor, "units.availability", own=_own(tx.actor, unit_id))
        if availability == "out_of_service" and reason is not None:
            self._vocabulary.usable("availability_reasons", reason)
        unit = was.set_availability(availability, reason, at=tx.now)
        if unit is was:
            return unit
        sql.save_unit(tx, unit)
        tx.record(
            UnitAvailabilitySet(
                id=unit.id,
                callsign=unit.callsign,
                availability=unit.availability,
                reason=unit.reason,
                was=was.availability,
            )
        )
        return sql.get_unit(tx, unit_id)

    def man(self, tx: Tx, unit_id: str, crew: int, shift_until: Instant | None) -> Unit:
        """Who is aboard, and until when."""
        was = self.unit(tx, tx.actor, unit_id)
        self._gate.require(tx.actor, "units.crew", own=_own(tx.actor, unit_id))
        unit = was.man(crew, shift_until, now=tx.now)
        sql.save_unit(tx, unit)
        tx.record(
            UnitCrewSet(
                id=unit.id,
                callsign=unit.callsign,
                crew=unit.crew,
                shift_until=unit.shift_until,
                was=was.crew,
            )
        )
        return sql.get_unit(tx, unit_id)

    def equip(self, tx: Tx, unit_id: str, capabilities: tuple[str, ...]) -> Unit:
        """What the vehicle can do by itself from now on; what its crew brings stays beside it."""
        was = self.unit(tx, tx.actor, unit_id)
        self._gate.require(tx.actor, "units.capabilities")
        for capability in capabilities:
            self._vocabulary.usable("capabilities", capability)
        self._save_equipped(tx, was, was.equip(capabilities, was.brought))
        return sql.get_unit(tx, unit_id)

    # -- assignments: commands -------------------------------------------------------------

    def assign(
        self, tx: Tx, incident_id: str, unit_id: str, *, mode: Mode = "normal", reason: str = ""
    ) -> Assignment:
        """Sends a unit. With mode "preempt" and a reason, a busy unit is taken from its work, which
        ends on the record in the same piece; a free one is simply sent."""
        self._gate.require(tx.actor, "assignments.make", own=_own(tx.actor, unit_id))
        preempt = mode == "preempt"
        if preempt:
            self._gate.require(tx.actor, "assignments.preempt")
        site = self._site(tx, incident_id)
        unit = self.unit(tx, tx.actor, unit_id)
        self._must_take(tx, unit, incident_id, site, preempt=preempt)
        new = self._new(tx, unit, incident_id, site)
        if preempt:
            code, sealed = self._reason(tx, "preempt_reasons", reason, new.id)
            new = structs.replace(new, reason=code, reason_sealed=sealed.sealed if sealed else None)
        else:
            code, sealed = None, None
        if unit.task is not None:
            old = sql.get_assignment(tx, unit.task.assignment_id)
            self._preempt(tx, old, new, code, sealed)
        self._make(tx, new, mode, code, sealed)
        return sql.get_assignment(tx, new.id)

    def step(
        self,
        tx: Tx,
        assignment_id: str,
        status: str,
        *,
        at: Instant | None = None,
        source: ClockSource | None = None,
        held: int | None = None,
    ) -> Assignment:
        """The crew came to `status`; or the time of a step already passed is entered late."""
        was = self.assignment(tx, tx.actor, assignment_id)
        self._gate.require(tx.actor, "assignments.status", own=_own(tx.actor, was.unit_id))
        self._vocabulary.usable("assignment_statuses", status)
        was.must_hold(held)
        new = was.step(status, at=at, source=source, by=tx.actor.id, now=tx.now)
        sql.save_assignment(tx, new)
        stamp = new.clocks[status]
        before = was.clocks.get(status)
        about = {
            "id": new.id,
            "unit_id": new.unit_id,
            "callsign": new.callsign,
            "incident_id": new.incident_id,
            "number": new.number,
            "at": stamp.at,
            "source": stamp.source,
            "was_at": None if before is None else before.at,
        }
        happened = min(stamp.at, tx.now)
        if status == "cleared":
            if was.active:
                sql.free_unit(tx, new.unit_id, stamp.at)
            last = was.active and not sql.callsigns_on(tx, new.incident_id)
            tx.record(AssignmentCleared(**about, last=last), at=happened)
        else:
            tx.record(STEP_FACTS[status](**about), at=happened)
        return sql.get_assignment(tx, assignment_id)

    def cancel(self, tx: Tx, assignment_id: str, reason: str, *, held: int | None = None) -> Assignment:
        """Calls the unit off."""
        was = self.assignment(tx, tx.actor, assignment_id)
        self._gate.require(tx.actor, "assignments.cancel", own=_own(tx.actor, was.unit_id))
        was.must_hold(held)
        ended = was.end("cancelled", at=tx.now, by=tx.actor.id)
        code, sealed = self._reason(tx, "cancel_reasons", reason, was.id)
        last = self._save_ended(tx, ended, code, sealed)
        tx.record(
            AssignmentCancelled(
                id=ended.id,
                unit_id=ended.unit_id,
                callsign=ended.callsign,
                incident_id=ended.incident_id,
                number=ended.number,
                at=tx.now,
                source="automatic",
                reason=code,
                words=sealed,
                last=last,
            )
        )
        return sql.get_assignment(tx, assignment_id)

    def replace(
        self, tx: Tx, assignment_id: str, unit_id: str, reason: str, *, held: int | None = None
    ) -> Assignment:
        """Another, free unit takes the task over: its assignment begins as this one ends. Returns the new."""
        was = self.assignment(tx, tx.actor, assignment_id)
        self._gate.require(tx.actor, "assignments.replace", own=_own(tx.actor, was.unit_id))
        was.must_hold(held)
        ended = was.end("replaced", at=tx.now, by=tx.actor.id)
        site = self._site(tx, was.incident_id)
        unit = self.unit(tx, tx.actor, unit_id)
        self._must_take(tx, unit, was.incident_id, site, preempt=False)
        code, sealed = self._reason(tx, "replace_reasons", reason, was.id)
        new = structs.replace(self._new(tx, unit, was.incident_id, site), replaces=was.id)
        self._make(tx, new, "normal", None, None)
        self._save_ended(tx, ended, code, sealed)
        tx.record(
            AssignmentReplaced(
                id=ended.id,
                unit_id=ended.unit_id,
                callsign=ended.callsign,
                incident_id=ended.incident_id,
                number=ended.number,
                at=tx.now,
                source="automatic",
                reason=code,
                words=sealed,
                last=False,
                by_assignment_id=new.id,
                by_callsign=new.callsign,
            )
        )
        return sql.get_assignment(tx, new.id)

    def undo(self, tx: Tx, assignment_id: str, status: str) -> Assignment:
        """Whoever said so just now takes `status` back; see `record.undo` for who may, and until when.

        "assigned": the unit was sent by mistake and is called off; a task that it was taken
        from, or that it took over, stands again. A later step: the crew is where it was
        before. "cleared", "cancelled": the task goes on. What the step had struck of the
        incident's clocks is struck out, and where another unit has come to the same step
        since, its time stands instead.
        """
        was = self.assignment(tx, tx.actor, assignment_id)
        action = {"assigned": "assignments.make", "cancelled": "assignments.cancel"}.get(status)
        self._gate.require(tx.actor, action or "assignments.status", own=_own(tx.actor, was.unit_id))
        if was.status != status:
            raise Refused("undo-overtaken")
        if status in {"preempted", "replaced"}:
            raise Refused("undo-nothing")
        done = undo.last_of(tx, f"assignment/{was.id}", f"assignment.{_kind_of(status)}")
        stamp = was.clocks[status]
        if done is None or done.body["at"] != stamp.at or done.body.get("was_at") is not None:
            raise Refused("undo-nothing")
        undo.must_be_own_and_fresh(tx, done)
        if status == "assigned":
            return self._call_back(tx, was, done)
        if not was.active:
            self._must_be_free(tx, was)
        self._take_back(tx, was, done)
        return sql.get_assignment(tx, assignment_id)

    # -- looks -----------------------------------------------------------------------

    def unit(self, reader: Reader, actor: Actor, unit_id: str) -> Unit:
        """The unit; absent for who may not see it."""
        if not self._sees(actor, "units.see", unit_id):
            raise NotFound("unit-none", id=unit_id)
        return sql.get_unit(reader, unit_id)

    def units(self, reader: Reader, actor: Actor, *, after: str, limit: int) -> list[Unit]:
        """By callsign, those after the case-folded callsign `after`; a crew gets its own unit only."""
        crew = _is_crew(actor)
        self._gate.require(actor, "units.see", own=crew)
        if not crew:
            return sql.unit_page(reader, after=after, limit=limit)
        own = None if actor.unit_id is None else sql.find_unit(reader, actor.unit_id)
        return [own] if own is not None and own.callsign.casefold() > after else []

    def assignment(self, reader: Reader, actor: Actor, assignment_id: str) -> Assignment:
        """The assignment; absent for who may not see it."""
        found = sql.find_assignment(reader, assignment_id)
        if found is None or not self._sees(actor, "assignments.see", found.unit_id):
            raise NotFound("assignment-none", id=assignment_id)
        return found

    def assignments(
        self, reader: Reader, actor: Actor, *, incident_id: str | None, before: int, limit: int
    ) -> list[Assignment]:
        """Newest first, active or ended; a crew gets its own unit's only."""
        crew = _is_crew(actor)
        self._gate.require(actor, "assignments.see", own=crew)
        if crew and actor.unit_id is None:
            return []
        unit_id = actor.unit_id if crew else None
        return sql.assignment_page(
            reader, incident_id=incident_id, unit_id=unit_id, before=before, limit=limit
        )

    def recommend(self, reader: Reader, actor: Actor, incident_id: str) -> Recommendation:
        """Whom to send to that incident now, and what is missing; `Refused("incident-unplaced")` where
        nobody knows where it is."""
        self._gate.require(actor, "dispatch.recommend")
        site = self._site(reader, incident_id)
        if site.state != "open":
            raise Refused("incident-closed", number=site.number)
        if site.area is None or not site.area.known:
            raise Refused("incident-unplaced", number=site.number)
        fleet = [
            Candidate(
                unit_id=row[0],
                callsign=row[1],
                capabilities=row[2],
                crew=row[3],
                shift_until=row[4],
                home=None if row[5] is None or row[6] is None else (row[5], row[6]),
                availability=row[7],
                reason=row[8],
                incident_id=row[9],
                number=row[10],
                status=row[11],
            )
            for row in sql.fleet(reader, frozenset(need.capability for need in site.needs))
        ]

        def may_preempt(unit: Candidate) -> bool:
            if unit.incident_id is None or unit.status not in AT_WORK:
                return True
            other = self._site_of(reader, unit.incident_id)
            return outranks(site.priority, None if other is None else other.priority)

        return recommend(
            site,
            incident_id,
            fleet,
            self._positions_of(reader),
            self._travel,
            now=self._clock.now(),
            may_preempt=may_preempt,
        )

    def may_read_words(self, actor: Actor, unit_id: str) -> bool:
        """Whether rows about that unit carry for this actor what somebody wrote: of timers, of reasons."""
        return self._gate.allows(actor, "units.read_words", own=_own(actor, unit_id))

    @property
    def reason_codes(self) -> frozenset[str]:
        """The codes that the reason of an assignment may be, where it is not somebody's own words."""
        return frozenset(code for table in REASONS for code in self._vocabulary.tables[table])

    @property
    def basis(self) -> str:
        """How travel is estimated."""
        return self._travel.basis

    def known(self, reader: Reader, unit_id: str) -> bool:
        """Whether there is such a unit; for other domains."""
        return sql.known(reader, unit_id)

    # -- what other domains' facts mean here ---------------------------------------------

    def incident_closing(self, tx: Tx, fact: IncidentClosed) -> None:
        """An incident with units on it is not closed."""
        callsigns = sql.callsigns_on(tx, fact.id)
        if callsigns:
            site = self._site(tx, fact.id)
            raise Refused("incident-has-units", number=site.number, callsigns=", ".join(callsigns))

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Words that were erased leave the rows that showed them."""
        sql.touch_sealed(tx, fact.sealed)

    def crew_aboard(
        self, tx: Tx, unit_id: str, *, crew: int, shift_until: Instant | None, brings: tuple[str, ...]
    ) -> None:
        """A crew went aboard, changed or left; what it brings is what the unit can do meanwhile.

        Bootstrap subscribes this to the facts of the rosters, which have asked whether the actor may.
        """
        was = sql.get_unit(tx, unit_id)
        if shift_until is not None and shift_until <= tx.now:
            shift_until = None
        unit = was.man(crew, shift_until, now=tx.now)
        if unit != was:
            sql.save_unit(tx, unit)
            tx.record(
                UnitCrewSet(
                    id=unit.id,
                    callsign=unit.callsign,
                    crew=unit.crew,
                    shift_until=unit.shift_until,
                    was=was.crew,
                )
            )
        self._save_equipped(tx, unit, unit.equip(unit.own, brings))

    # -- inside ----------------------------------------------------------------------

    def _save_equipped(self, tx: Tx, was: Unit, unit: Unit) -> None:
        if (unit.capabilities, unit.brought) == (was.capabilities, was.brought):
            return
        sql.save_unit(tx, unit)
        tx.record(
            UnitCapabilitiesSet(
                id=unit.id,
                callsign=unit.callsign,
                capabilities=unit.capabilities,
                brought=unit.brought,
                was=was.capabilities,
            )
        )

    def _sees(self, actor: Actor, action: str, unit_id: str) -> bool:
        own = _own(actor, unit_id)
        return (own or not _is_crew(actor)) and self._gate.allows(actor, action, own=own)

    def _site(self, reader: Reader, incident_id: str) -> IncidentSite:
        site = self._site_of(reader, incident_id)
        if site is None:
            raise NotFound("incident-none", id=incident_id)
        return site

    def _must_take(self, tx: Tx, unit: Unit, incident_id: str, site: IncidentSite, *, preempt: bool) -> None:
        on = self._site_of(tx, unit.task.incident_id) if preempt and unit.task is not None else None
        why_out = ""
        if unit.reason is not None:
            why_out = self._vocabulary.term("availability_reasons", unit.reason).labels[tx.actor.lang]
        unit.must_take(incident_id, site, on=on, preempt=preempt, why_out=why_out)

    def _new(self, tx: Tx, unit: Unit, incident_id: str, site: IncidentSite) -> Assignment:
        return Assignment(
            id=new_id(tx.now),
            unit_id=unit.id,
            callsign=unit.callsign,
            incident_id=incident_id,
            number=site.number,
            made_at=tx.now,
            made_by=tx.actor.id,
            clocks={"assigned": Stamp(tx.now, "automatic", tx.actor.id)},
        )

    def _make(self, tx: Tx, new: Assignment, mode: str, code: str | None, sealed: Sealed | None) -> None:
        sql.save_assignment(tx, new)
        tx.record(
            AssignmentMade(
                id=new.id,
                unit_id=new.unit_id,
                callsign=new.callsign,
                incident_id=new.incident_id,
                number=new.number,
                at=tx.now,
                source="automatic",
                mode=mode,
                replaces=new.replaces,
                reason=code,
                words=sealed,
            )
        )

    def _preempt(
        self, tx: Tx, old: Assignment, new: Assignment, code: str | None, sealed: Sealed | None
    ) -> None:
        ended = old.end("preempted", at=tx.now, by=tx.actor.id)
        last = self._save_ended(tx, ended, code, sealed)
        tx.record(
            AssignmentPreempted(
                id=ended.id,
                unit_id=ended.unit_id,
                callsign=ended.callsign,
                incident_id=ended.incident_id,
                number=ended.number,
                at=tx.now,
                source="automatic",
                reason=code,
                words=sealed,
                last=last,
                for_incident_id=new.incident_id,
                for_number=new.number,
            )
        )

    def _call_back(self, tx: Tx, was: Assignment, done: Done) -> Assignment:
        """Calls off a unit that was sent by mistake, and lets stand again what its sending had ended."""
        if was.replaces is None:
            old = sql.preempted_last(tx, was.unit_id)
        else:
            old = sql.get_assignment(tx, was.replaces)
        if old is not None and (old.active or old.clocks[old.status].at != was.made_at):
            old = None
        if old is not None and old.unit_id != was.unit_id:
            self._must_be_free(tx, old)
        free_since = sql.get_unit(tx, was.unit_id).since
        ended = was.end("cancelled", at=tx.now, by=tx.actor.id)
        last = self._save_ended(tx, ended, MISTAKE, None)
        # It has been free all the time, as far as the board should tell.
        sql.free_unit(tx, was.unit_id, free_since)
        about = _about(ended, at=tx.now)
        tx.record(AssignmentCancelled(**about, reason=MISTAKE, words=None, last=last))
        struck = (
            self._strike(tx, was, "assigned"),
            Strike(incident_id=was.incident_id, clock="clear", at=tx.now, source="automatic", by=tx.actor.id),
        )
        tx.record(
            AssignmentUndone(**about, status="assigned", now="cancelled", undoes=done.seq, struck_out=struck)
        )
        if old is not None:
            how = undo.last_of(tx, f"assignment/{old.id}", f"assignment.{old.status}")
            self._take_back(tx, old, how or done)
        return sql.get_assignment(tx, was.id)

    def _take_back(self, tx: Tx, was: Assignment, done: Done) -> None:
        """The last step of `was` is taken back, and with it what it struck of the incident's clocks."""
        struck = self._strike(tx, was, was.status)
        back = was.back(was.status)
        sql.save_assignment(tx, back)
        tx.record(
            AssignmentUndone(
                **_about(back, at=tx.now),
                status=was.status,
                now=back.status,
                undoes=done.seq,
                struck_out=(struck,),
            )
        )

    def _strike(self, tx: Tx, was: Assignment, status: str) -> Strike:
        """The strike that this step made, if it made one, and the earliest one of another unit since."""
        stamp = was.clocks[status]
        clock = _clock_of(status)
        others = [
            other.clocks[status]
            for other in sql.assignments_of(tx, was.incident_id)
            if clock != "clear" and other.id != was.id and other.reason != MISTAKE and status in other.clocks
        ]
        then = min(others, key=lambda other: other.at, default=None)
        return Strike(
            incident_id=was.incident_id,
            clock=clock,
            at=stamp.at,
            source=stamp.source,
            by=stamp.by,
            next_at=then.at if then else None,
            next_source=then.source if then else None,
            next_by=then.by if then else None,
        )

    def _must_be_free(self, tx: Tx, was: Assignment) -> None:
        """Its unit can have the task again: it has no other, is in service, and the incident is open."""
        site, unit = self._site(tx, was.incident_id), sql.get_unit(tx, was.unit_id)
        if site.state != "open":
            raise Refused("incident-closed", number=site.number)
        if unit.task is not None or unit.availability != "available":
            raise Refused("undo-overtaken")

    def _save_ended(self, tx: Tx, ended: Assignment, code: str | None, sealed: Sealed | None) -> bool:
        """Writes an assignment that ended now; says whether no unit is left on its incident."""
        sql.save_assignment(
            tx, structs.replace(ended, reason=code, reason_sealed=sealed.sealed if sealed else None)
        )
        sql.free_unit(tx, ended.unit_id, tx.now)
        return not sql.callsigns_on(tx, ended.incident_id)

    def _reason(
        self, tx: Tx, table: str, reason: str, assignment_id: str
    ) -> tuple[str | None, Sealed | None]:
        """A reason as its code where it is one of the vocabulary's, else as sealed words."""
        text = words(reason, "reason", chars_max=REASON_CHARS_MAX).strip()
        term = self._vocabulary.tables[table].get(text)
        if term is not None and not term.retired:
            return text, None
        return None, self._sealed(tx, f"assignment/{assignment_id}", "reason", text)

    def _sealed(
        self, tx: Tx, subject: str, field: str, text: str, *, keep_for: Instant = KEEP_WORDS_FOR
    ) -> Sealed:
        return tx.seal(subject=subject, field=field, kind="words", value=text, keep_for=keep_for)

    def _checked(self, area: Area) -> Area:
        area = check_area(area)
        self._vocabulary.usable("area_sources", area.source)
        self._vocabulary.usable("confidences", area.confidence)
        if area.lat is not None and area.lon is not None:
            self._check_place(area.lat, area.lon)
        return area


def _kind_of(status: str) -> str:
    """The last word of the kind of the fact that brings a task to this status."""
    return "made" if status == "assigned" else status


def _clock_of(status: str) -> str:
    """The incident's clock that a task's coming to this status strikes."""
    if status == "assigned":
        return AssignmentMade.clock
    return STEP_FACTS[status].clock if status in STEP_FACTS else AssignmentCleared.clock


def _about(assignment: Assignment, *, at: Instant) -> dict[str, Any]:
    """What every fact about an assignment carries."""
    return {
        "id": assignment.id,
        "unit_id": assignment.unit_id,
        "callsign": assignment.callsign,
        "incident_id": assignment.incident_id,
        "number": assignment.number,
        "at": at,
        "source": "automatic",
    }


def _is_crew(actor: Actor) -> bool:
    """Whether this actor sees its own unit's rows only; the live picture asks the same."""
    return actor.role == "field_unit"


def _own(actor: Actor, unit_id: str) -> bool:
    """Whether this is the crew's own unit."""
    return actor.unit_id is not None and actor.unit_id == unit_id
