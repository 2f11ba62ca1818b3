"""Major incidents at work: one use case, one function, one transaction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from lanbi.core.access import Actor, Gate, Person
from lanbi.core.errors import NotFound, Refused
from lanbi.core.events import AreaFact, Sealed
from lanbi.core.geo import Area, check_area
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import TITLE_CHARS_MAX, line, words
from lanbi.core.time import DAY, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.crisis import events, forms, sql
from lanbi.crisis.model import (
    ITEMS_MAX,
    DemobCheck,
    Division,
    IncidentFacts,
    Item,
    Linked,
    Major,
    Message,
    Objective,
    ObjectiveStatus,
    Period,
    Post,
    RadioRow,
    Request,
    RequestStatus,
    Statement,
    UnitFacts,
    Whole,
    check_count,
    check_due,
    check_period,
    check_priority,
    check_statement,
)
from lanbi.record.events import SealedErased
from lanbi.record.log import LogRow, log_rows

KEEP_WORDS_FOR: Instant = 730 * DAY
WORDS_CHARS_MAX = 4_000
LOG_LINES_MAX = 400
"""On the form of activities; what is older stands in the journal."""

CheckPlace = Callable[[float, float], None]
"""Raises where a point cannot be in this site's country."""
IncidentOf = Callable[[Reader, str], IncidentFacts | None]
UnitOf = Callable[[Reader, str], UnitFacts | None]
UnitsOn = Callable[[Reader, Sequence[str]], list[UnitFacts]]
"""Units with an active task on one of these incidents, by callsign."""
LogOf = Callable[[Reader, Actor, str, int, int], list[LogRow]]
"""The log of an incident as this actor may read it: before this entry, so many lines, newest first."""
PersonOf = Callable[[Reader, str], str]
"""The name of an account; raises `NotFound` where there is none."""


class Surroundings:
    """What a major incident asks of the rest of the house; bootstrap hands it in."""

    def __init__(
        self,
        *,
        check_place: CheckPlace,
        incident_of: IncidentOf,
        unit_of: UnitOf,
        units_on: UnitsOn,
        log_of: LogOf,
        person_of: PersonOf,
        site: Callable[[], str],
    ) -> None:
        self.check_place = check_place
        self.incident_of = incident_of
        self.unit_of = unit_of
        self.units_on = units_on
        self.log_of = log_of
        self.person_of = person_of
        self.site = site


class Crisis:
    """The use cases of major incidents. `synthetic`: what is printed carries the mark of an exercise."""

    def __init__(
        self, gate: Gate, vocabulary: Vocabulary, around: Surroundings, *, synthetic: bool = False
    ) -> None:
        self._gate = gate
        self._vocabulary = vocabulary
        self._around = around
        self._synthetic = synthetic

    # -- the major incident itself -----------------------------------------------------

    def declare(
        self, tx: Tx, incident_id: str, *, name: str | None = None, commander: str | None = None
    ) -> Major:
        """That incident leads a new major incident. Whoever declares it as commander commands it."""
        self._gate.require(tx.actor, "crisis.declare")
        incident = self._free(tx, incident_id)
        if incident.state == "closed":
            raise Refused("incident-closed", number=incident.number)
        if commander is None and tx.actor.role == "commander":
            commander = tx.actor.id
        major_id, seq = new_id(tx.now), tx.seq + 1
        major = Major(
            id=major_id,
            number=sql.next_number(tx),
            declared_at=tx.now,
            declared_by=tx.actor.id,
            declared_by_name=tx.actor.name,
            commander=commander,
            commander_name=None if commander is None else self._name(tx, commander),
            name_seq=seq,
            commander_seq=seq,
        )
        sql.save(tx, major)
        sql.link(tx, major_id, Linked(incident.id, incident.number))
        tx.record(
            events.MajorDeclared(
                id=major_id,
                number=major.number,
                incident_id=incident.id,
                incident_number=incident.number,
                name=self._line(tx, major_id, major_id, "name", name, chars_max=TITLE_CHARS_MAX),
                commander=commander,
            )
        )
        return sql.get(tx, major_id)

    def rename(self, tx: Tx, major_id: str, name: str, *, held: int | None = None) -> Major:
        major = self._editable(tx, major_id).renamed(seq=tx.seq + 1, held=held)
        sql.save(tx, major)
        sealed = self._must_line(tx, major_id, major_id, "name", name, chars_max=TITLE_CHARS_MAX)
        tx.record(events.MajorNamed(id=major_id, name=sealed))
        return sql.get(tx, major_id)

    def command(self, tx: Tx, major_id: str, commander: str, *, held: int | None = None) -> Major:
        """An account takes command."""
        was = self._editable(tx, major_id)
        person = Person(commander, self._name(tx, line(commander, "commander")))
        sql.save(tx, was.commanded(person, seq=tx.seq + 1, held=held))
        tx.record(events.MajorCommanderSet(id=major_id, commander=commander, was=was.commander))
        return sql.get(tx, major_id)

    def link(self, tx: Tx, major_id: str, incident_id: str) -> Major:
        major = self._editable(tx, major_id)
        incident = self._around.incident_of(tx, incident_id)
        if incident is None:
            raise NotFound("incident-none", id=incident_id)
        major.must_take(incident)
        self._free(tx, incident_id)
        sql.save(tx, major)
        sql.link(tx, major_id, Linked(incident.id, incident.number))
        tx.record(events.MajorIncidentLinked(id=major_id, incident_id=incident.id, number=incident.number))
        return sql.get(tx, major_id)

    def unlink(self, tx: Tx, major_id: str, incident_id: str) -> Major:
        major = self._editable(tx, major_id)
        linked = major.without(incident_id)
        sql.save(tx, major)
        sql.unlink(tx, major_id, incident_id)
        tx.record(events.MajorIncidentUnlinked(id=major_id, incident_id=incident_id, number=linked.number))
        return sql.get(tx, major_id)

    def stand_down(self, tx: Tx, major_id: str, text: str | None = None) -> Major:
        """It is over: refused while requested resources are on their way."""
        self._gate.require(tx.actor, "crisis.stand_down")
        requests = sql.items(tx, Request, major_id)
        major = sql.get(tx, major_id).stand_down(
            at=tx.now, by=tx.actor.id, wanting=sum(request.wanting for request in requests)
        )
        sql.save(tx, major)
        sql.touch_items(tx, major_id)
        tx.record(events.MajorStoodDown(id=major_id, words=self._words(tx, major_id, major_id, "end", text)))
        return sql.get(tx, major_id)

    # -- METHANE -----------------------------------------------------------------------

    def state(
        self,
        tx: Tx,
        major_id: str,
        letter: str,
        *,
        text: str | None = None,
        source: str | None = None,
        counts: Mapping[str, int | None] | None = None,
        at: Instant | None = None,
    ) -> Statement:
        """Appends a dated statement to one letter; what stood there stays readable.

        `letter`: of the vocabulary `methane_letters`. `counts`: persons by `CASUALTIES`, for the letter
        `number` alone.
        """
        major = self._editable(tx, major_id)
        self._vocabulary.usable("methane_letters", letter)
        counts = counts or {}
        worded = text is not None and text.strip() != ""
        when = check_statement(letter, at, counts, worded=worded, now=tx.now)
        statement = Statement(
            **self._made(tx, major, Statement),
            letter=letter,
            at=when,
            p1=counts.get("p1"),
            p2=counts.get("p2"),
            p3=counts.get("p3"),
            dead=counts.get("dead"),
            missing=counts.get("missing"),
        )
        sql.save_item(tx, statement)
        tx.record(
            events.MethaneStated(
                id=major_id,
                item=statement.id,
                letter=letter,
                stated_at=when,
                words=self._words(tx, major_id, statement.id, "words", text),
                source=self._line(tx, major_id, statement.id, "source", source),
                p1=statement.p1,
                p2=statement.p2,
                p3=statement.p3,
                dead=statement.dead,
                missing=statement.missing,
            ),
            at=when,
        )
        return sql.item(tx, Statement, major_id, statement.id)

    # -- posts -------------------------------------------------------------------------

    def open_post(
        self, tx: Tx, major_id: str, kind: str, *, name: str | None = None, area: Area | None = None
    ) -> Post:
        major = self._editable(tx, major_id)
        self._vocabulary.usable("major_posts", kind)
        area = None if area is None else self._checked(area)
        post = Post(**self._made(tx, major, Post), kind=kind)
        if area is not None:
            post = replace(
                post,
                lat=area.lat,
                lon=area.lon,
                radius_m=area.radius_m,
                area_source=area.source,
                confidence=area.confidence,
                place_id=area.place_id,
            )
        sql.save_item(tx, post)
        place = self._line(
            tx, major_id, post.id, "place", None if area is None else area.words, chars_max=500
        )
        tx.record(
            events.PostOpened(
                id=major_id,
                item=post.id,
                post=kind,
                name=self._line(tx, major_id, post.id, "name", name),
                area=None if area is None else AreaFact.of(area, place),
            )
        )
        return sql.item(tx, Post, major_id, post.id)

    def close_post(self, tx: Tx, major_id: str, item_id: str) -> Post:
        self._editable(tx, major_id)
        post = sql.item(tx, Post, major_id, item_id).close(at=tx.now)
        sql.save_item(tx, post)
        tx.record(events.PostClosed(id=major_id, item=item_id, post=post.kind))
        return sql.item(tx, Post, major_id, item_id)

    # -- objectives --------------------------------------------------------------------

    def set_objective(
        self,
        tx: Tx,
        major_id: str,
        text: str,
        *,
        priority: int = 1,
        owner: str | None = None,
        due_at: Instant | None = None,
    ) -> Objective:
        """What is to be reached, by whom (an account's name or any words), by when."""
        major = self._editable(tx, major_id)
        objective = Objective(
            **self._made(tx, major, Objective),
            priority=check_priority(priority),
            due_at=None if due_at is None else check_due(due_at, tx.now),
            edit_seq=tx.seq + 1,
        )
        sql.save_item(tx, objective)
        tx.record(
            events.ObjectiveSet(
                id=major_id,
                item=objective.id,
                words=self._must_words(tx, major_id, objective.id, "words", text),
                owner=self._line(tx, major_id, objective.id, "owner", owner),
                priority=objective.priority,
                due_at=objective.due_at,
            )
        )
        return sql.item(tx, Objective, major_id, objective.id)

    def change_objective(
        self,
        tx: Tx,
        major_id: str,
        item_id: str,
        *,
        text: str | None = None,
        priority: int | None = None,
        owner: str | None = None,
        due_at: Instant | None = None,
        held: int | None = None,
    ) -> Objective:
        """Changes what is given. `Conflict` where somebody else changed it after `held`."""
        self._editable(tx, major_id)
        objective = sql.item(tx, Objective, major_id, item_id).change(
            priority=priority, due_at=due_at, seq=tx.seq + 1, held=held, at=tx.now
        )
        sql.save_item(tx, objective)
        tx.record(
            events.ObjectiveChanged(
                id=major_id,
                item=item_id,
                words=self._words(tx, major_id, item_id, "words", text),
                owner=self._line(tx, major_id, item_id, "owner", owner),
                priority=objective.priority,
                due_at=objective.due_at,
            )
        )
        return sql.item(tx, Objective, major_id, item_id)

    def settle_objective(self, tx: Tx, major_id: str, item_id: str, status: ObjectiveStatus) -> Objective:
        self._editable(tx, major_id)
        self._vocabulary.usable("objective_statuses", status)
        was = sql.item(tx, Objective, major_id, item_id)
        sql.save_item(tx, was.settle(status, at=tx.now))
        tx.record(events.ObjectiveSettled(id=major_id, item=item_id, status=status, was=was.status))
        return sql.item(tx, Objective, major_id, item_id)

    # -- resources ---------------------------------------------------------------------

    def request(
        self,
        tx: Tx,
        major_id: str,
        capability: str,
        count: int,
        *,
        text: str | None = None,
        source: str | None = None,
        needed_by: Instant | None = None,
    ) -> Request:
        """So many with a capability, of `source`, by a time."""
        major = self._editable(tx, major_id)
        self._vocabulary.usable("capabilities", capability)
        request = Request(
            **self._made(tx, major, Request),
            number=sql.count(tx, Request, major_id) + 1,
            capability=capability,
            count=check_count(count),
            needed_by=None if needed_by is None else check_due(needed_by, tx.now),
        )
        sql.save_item(tx, request)
        tx.record(
            events.ResourceRequested(
                id=major_id,
                item=request.id,
                number=request.number,
                capability=capability,
                count=count,
                needed_by=request.needed_by,
                words=self._words(tx, major_id, request.id, "words", text),
                source=self._line(tx, major_id, request.id, "source", source),
            )
        )
        return sql.item(tx, Request, major_id, request.id)

    def move_request(
        self, tx: Tx, major_id: str, item_id: str, status: RequestStatus, *, reason: str | None = None
    ) -> Request:
        """The next step, or its end: declined needs a reason."""
        self._editable(tx, major_id)
        self._vocabulary.usable("request_statuses", status)
        was = sql.item(tx, Request, major_id, item_id)
        reasoned = reason is not None and reason.strip() != ""
        request = was.move(status, at=tx.now, reasoned=reasoned)
        sql.save_item(tx, request)
        tx.record(
            events.ResourceMoved(
                id=major_id,
                item=item_id,
                number=request.number,
                status=status,
                was=was.status,
                reason=self._line(tx, major_id, item_id, "reason", reason, chars_max=500),
            )
        )
        return sql.item(tx, Request, major_id, item_id)

    # -- divisions ---------------------------------------------------------------------

    def form_division(
        self, tx: Tx, major_id: str, name: str, *, supervisor: str | None = None, work: str | None = None
    ) -> Division:
        major = self._editable(tx, major_id)
        division = Division(**self._made(tx, major, Division), edit_seq=tx.seq + 1)
        sql.save_item(tx, division)
        tx.record(
            events.DivisionFormed(
                id=major_id,
                item=division.id,
                name=self._must_line(tx, major_id, division.id, "name", name),
                supervisor=self._line(tx, major_id, division.id, "supervisor", supervisor),
                work=self._words(tx, major_id, division.id, "work", work),
            )
        )
        return sql.item(tx, Division, major_id, division.id)

    def change_division(
        self,
        tx: Tx,
        major_id: str,
        item_id: str,
        *,
        name: str | None = None,
        supervisor: str | None = None,
        work: str | None = None,
        held: int | None = None,
    ) -> Division:
        self._editable(tx, major_id)
        division = sql.item(tx, Division, major_id, item_id).change(seq=tx.seq + 1, held=held)
        sql.save_item(tx, division)
        tx.record(
            events.DivisionChanged(
                id=major_id,
                item=item_id,
                name=self._line(tx, major_id, item_id, "name", name),
                supervisor=self._line(tx, major_id, item_id, "supervisor", supervisor),
                work=self._words(tx, major_id, item_id, "work", work),
            )
        )
        return sql.item(tx, Division, major_id, item_id)

    def join_division(self, tx: Tx, major_id: str, item_id: str, unit_id: str) -> Division:
        """A unit that works on one of the incidents works in this division; it leaves any other."""
        major = self._editable(tx, major_id)
        division = sql.item(tx, Division, major_id, item_id)
        division.must_be_open()
        unit = self._unit(tx, unit_id)
        if not any(linked.incident_id == unit.incident_id for linked in major.incidents):
            raise Refused("division-unit-elsewhere", callsign=unit.callsign, number=major.number)
        was = sql.division_of(tx, major_id, unit_id)
        if was == item_id:
            return division
        if was is not None:
            sql.save_item(tx, sql.item(tx, Division, major_id, was))
        sql.join_division(tx, division, unit_id)
        sql.save_item(tx, division)
        tx.record(
            events.DivisionJoined(id=major_id, item=item_id, unit_id=unit_id, callsign=unit.callsign, was=was)
        )
        return sql.item(tx, Division, major_id, item_id)

    def leave_division(self, tx: Tx, major_id: str, item_id: str, unit_id: str) -> Division:
        self._editable(tx, major_id)
        division = sql.item(tx, Division, major_id, item_id)
        unit = self._unit(tx, unit_id)
        if unit_id not in division.unit_ids:
            raise Refused("division-unit-none", callsign=unit.callsign)
        sql.leave_division(tx, major_id, unit_id)
        sql.save_item(tx, division)
        tx.record(events.DivisionLeft(id=major_id, item=item_id, unit_id=unit_id, callsign=unit.callsign))
        return sql.item(tx, Division, major_id, item_id)

    def close_division(self, tx: Tx, major_id: str, item_id: str) -> Division:
        """Its units are free for another division."""
        self._editable(tx, major_id)
        division = sql.item(tx, Division, major_id, item_id).close(at=tx.now)
        sql.empty_division(tx, item_id)
        sql.save_item(tx, division)
        tx.record(events.DivisionClosed(id=major_id, item=item_id))
        return sql.item(tx, Division, major_id, item_id)

    # -- radio plan --------------------------------------------------------------------

    def plan_radio(
        self,
        tx: Tx,
        major_id: str,
        channel: str,
        *,
        function: str | None = None,
        frequency: str | None = None,
        assignment: str | None = None,
        remarks: str | None = None,
    ) -> RadioRow:
        """A line of the radio plan; `frequency` may be a talk group."""
        major = self._editable(tx, major_id)
        row = RadioRow(**self._made(tx, major, RadioRow), edit_seq=tx.seq + 1)
        sql.save_item(tx, row)
        tx.record(
            events.RadioPlanned(
                id=major_id,
                item=row.id,
                channel=self._must_line(tx, major_id, row.id, "channel", channel),
                function=self._line(tx, major_id, row.id, "function", function),
                frequency=self._line(tx, major_id, row.id, "frequency", frequency),
                assignment=self._line(tx, major_id, row.id, "assignment", assignment),
                remarks=self._line(tx, major_id, row.id, "remarks", remarks, chars_max=500),
            )
        )
        return sql.item(tx, RadioRow, major_id, row.id)

    def change_radio(
        self,
        tx: Tx,
        major_id: str,
        item_id: str,
        *,
        channel: str | None = None,
        function: str | None = None,
        frequency: str | None = None,
        assignment: str | None = None,
        remarks: str | None = None,
        held: int | None = None,
    ) -> RadioRow:
        self._editable(tx, major_id)
        row = sql.item(tx, RadioRow, major_id, item_id).change(seq=tx.seq + 1, held=held)
        sql.save_item(tx, row)
        tx.record(
            events.RadioChanged(
                id=major_id,
                item=item_id,
                channel=self._line(tx, major_id, item_id, "channel", channel),
                function=self._line(tx, major_id, item_id, "function", function),
                frequency=self._line(tx, major_id, item_id, "frequency", frequency),
                assignment=self._line(tx, major_id, item_id, "assignment", assignment),
                remarks=self._line(tx, major_id, item_id, "remarks", remarks, chars_max=500),
            )
        )
        return sql.item(tx, RadioRow, major_id, item_id)

    def remove_radio(self, tx: Tx, major_id: str, item_id: str) -> RadioRow:
        self._editable(tx, major_id)
        row = sql.item(tx, RadioRow, major_id, item_id).remove(at=tx.now)
        sql.save_item(tx, row)
        tx.record(events.RadioRemoved(id=major_id, item=item_id))
        return sql.item(tx, RadioRow, major_id, item_id)

    # -- operational periods -----------------------------------------------------------

    def set_period(
        self, tx: Tx, major_id: str, *, begins_at: Instant | None = None, ends_at: Instant | None = None
    ) -> Period:
        """The next operational period; twelve hours from the end of the one before unless told. One that
        begins earlier ends the one before."""
        major = self._editable(tx, major_id)
        periods = sql.items(tx, Period, major_id)
        last = periods[-1] if periods else None
        begin, end = check_period(begins_at, ends_at, last, now=tx.now)
        if last is not None and begin < last.ends_at:
            sql.save_item(tx, replace(last, ends_at=begin))
        period = Period(
            **self._made(tx, major, Period), number=len(periods) + 1, begins_at=begin, ends_at=end
        )
        sql.save_item(tx, period)
        tx.record(
            events.PeriodSet(id=major_id, item=period.id, number=period.number, begins_at=begin, ends_at=end)
        )
        return sql.item(tx, Period, major_id, period.id)

    # -- demobilisation ----------------------------------------------------------------

    def check_demob(self, tx: Tx, major_id: str, unit_id: str, step: str) -> DemobCheck:
        """One step of a unit's way out is done; doing it again changes nothing."""
        major = self._editable(tx, major_id)
        self._vocabulary.usable("demob_steps", step)
        unit = self._unit(tx, unit_id)
        for done in sql.items(tx, DemobCheck, major_id):
            if (done.unit_id, done.step, done.gone) == (unit_id, step, False):
                return done
        check = DemobCheck(
            **self._made(tx, major, DemobCheck), unit_id=unit_id, callsign=unit.callsign, step=step
        )
        sql.save_item(tx, check)
        tx.record(
            events.DemobChecked(
                id=major_id, item=check.id, unit_id=unit_id, callsign=unit.callsign, step=step
            )
        )
        return sql.item(tx, DemobCheck, major_id, check.id)

    def withdraw_demob(self, tx: Tx, major_id: str, item_id: str) -> DemobCheck:
        """It was checked in error."""
        self._editable(tx, major_id)
        check = sql.item(tx, DemobCheck, major_id, item_id).withdraw(at=tx.now)
        sql.save_item(tx, check)
        tx.record(
            events.DemobWithdrawn(
                id=major_id, item=item_id, unit_id=check.unit_id, callsign=check.callsign, step=check.step
            )
        )
        return sql.item(tx, DemobCheck, major_id, item_id)

    # -- general messages --------------------------------------------------------------

    def write_message(
        self, tx: Tx, major_id: str, text: str, *, to: str, subject: str, sender: str | None = None
    ) -> Message:
        """A general message; `sender` is the writer's own name unless told."""
        major = self._editable(tx, major_id)
        message = Message(**self._made(tx, major, Message), number=sql.count(tx, Message, major_id) + 1)
        sql.save_item(tx, message)
        sender = sender if sender is not None and sender.strip() else tx.actor.name
        tx.record(
            events.MessageWritten(
                id=major_id,
                item=message.id,
                number=message.number,
                to=self._must_line(tx, major_id, message.id, "to", to),
                sender=self._must_line(tx, major_id, message.id, "sender", sender),
                subject_line=self._must_line(tx, major_id, message.id, "subject", subject),
                words=self._must_words(tx, major_id, message.id, "words", text),
            )
        )
        return sql.item(tx, Message, major_id, message.id)

    def reply(self, tx: Tx, major_id: str, item_id: str, text: str) -> Message:
        self._editable(tx, major_id)
        message = sql.item(tx, Message, major_id, item_id).reply(at=tx.now, by=tx.actor.name)
        sql.save_item(tx, message)
        sealed = self._must_words(tx, major_id, item_id, "reply", text)
        tx.record(events.MessageReplied(id=major_id, item=item_id, number=message.number, words=sealed))
        return sql.item(tx, Message, major_id, item_id)

    # -- looks -------------------------------------------------------------------------

    def may_read_words(self, actor: Actor) -> bool:
        """Whether names, statements and the rest of what people wrote are for this actor."""
        return self._gate.allows(actor, "crisis.read_words")

    def get(self, reader: Reader, actor: Actor, major_id: str) -> Major:
        """The major incident; absent for who may not see them."""
        if not self._gate.allows(actor, "crisis.see"):
            raise NotFound("major-none", id=major_id)
        return sql.get(reader, major_id)

    def whole(self, reader: Reader, actor: Actor, major_id: str) -> Whole:
        """With all its parts."""
        self.get(reader, actor, major_id)
        return sql.whole(reader, major_id)

    def page(
        self, reader: Reader, actor: Actor, *, state: str | None, before: int, limit: int
    ) -> list[Major]:
        self._gate.require(actor, "crisis.see")
        return sql.page(reader, state=state, before=before, limit=limit)

    def log(self, reader: Reader, actor: Actor, major_id: str, *, before: int, limit: int) -> list[LogRow]:
        """What the record holds of it and of its incidents, newest first; each entry once."""
        major = self.get(reader, actor, major_id)
        own = sql.log(reader, major_id, before=before, limit=limit)
        lines = {row.seq: row for row in log_rows(reader, own, may_read=self.may_read_words(actor))}
        for linked in major.incidents:
            for row in self._around.log_of(reader, actor, linked.incident_id, before, limit):
                lines.setdefault(row.seq, row)
        return [lines[seq] for seq in sorted(lines, reverse=True)[:limit]]

    def form(
        self, reader: Reader, actor: Actor, major_id: str, code: str, *, lang: str, item_id: str | None = None
    ) -> forms.Form:
        """One of the ICS forms, made of the rows as they stand in this view.

        `item_id`: the division of a 204, the message of a 213, the unit of a 221, the period of the
        others; the newest or all of them where none is named. Raises `NotFound("form-none")`.
        """
        whole = self.whole(reader, actor, major_id)
        head = reader.head
        as_of = sql.recorded_at(reader, head)
        ids = [linked.incident_id for linked in whole.major.incidents]
        incidents = [facts for each in ids if (facts := self._around.incident_of(reader, each)) is not None]
        units = self._around.units_on(reader, ids)
        known = {unit.id: unit for unit in units}
        for unit_id in {check.unit_id for check in whole.demob} | {
            unit for division in whole.divisions for unit in division.unit_ids
        }:
            if unit_id not in known and (unit := self._around.unit_of(reader, unit_id)) is not None:
                known[unit_id] = unit
        log: list[LogRow] = []
        if code == "214":
            log = self.log(reader, actor, major_id, before=2**62, limit=LOG_LINES_MAX + 1)
        return forms.build(
            code,
            forms.Facts(
                whole=whole,
                incidents=tuple(incidents),
                working=tuple(units),
                units=known,
                log=tuple(log),
                log_max=LOG_LINES_MAX,
                as_of=as_of,
                seq=head,
                signed=sql.signed_last(reader, head),
                site=self._around.site(),
                synthetic=self._synthetic,
                readable=self.may_read_words(actor),
            ),
            self._vocabulary,
            lang=lang,
            item_id=item_id,
        )

    # -- what other domains' facts mean here -------------------------------------------

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Bootstrap subscribes this to `SealedErased`: rows that showed the words are told to the screens."""
        sql.words_forgotten(tx, fact.sealed)

    # -- inside ------------------------------------------------------------------------

    def _editable(self, tx: Tx, major_id: str) -> Major:
        self._gate.require(tx.actor, "crisis.edit")
        major = sql.get(tx, major_id)
        major.must_be_open()
        return major

    def _free(self, tx: Tx, incident_id: str) -> IncidentFacts:
        """The incident, which no open major incident holds."""
        incident = self._around.incident_of(tx, incident_id)
        if incident is None:
            raise NotFound("incident-none", id=incident_id)
        held = sql.open_of_incident(tx, incident_id)
        if held is not None:
            raise Refused("incident-in-major", incident=incident.number, number=held[1], major_id=held[0])
        return incident

    def _unit(self, tx: Tx, unit_id: str) -> UnitFacts:
        unit = self._around.unit_of(tx, unit_id)
        if unit is None:
            raise NotFound("unit-none", id=unit_id)
        return unit

    def _name(self, tx: Tx, login: str) -> str:
        return tx.actor.name if login == tx.actor.id else self._around.person_of(tx, login)

    def _made(self, tx: Tx, major: Major, kind: type[Item]) -> dict[str, Any]:
        """What every new part carries."""
        if sql.count(tx, kind, major.id) >= ITEMS_MAX:
            raise Refused("major-full", number=major.number, limit=ITEMS_MAX)
        return {
            "id": new_id(tx.now),
            "major_id": major.id,
            "made_at": tx.now,
            "made_by": tx.actor.id,
            "made_by_name": tx.actor.name,
        }

    def _checked(self, area: Area) -> Area:
        area = check_area(area)
        self._vocabulary.usable("area_sources", area.source)
        self._vocabulary.usable("confidences", area.confidence)
        if area.lat is not None and area.lon is not None:
            self._around.check_place(area.lat, area.lon)
        return area

    def _seal(self, tx: Tx, major_id: str, item_id: str, field: str, value: str) -> Sealed:
        sealed = tx.seal(
            subject=f"major/{major_id}", field=field, kind="words", value=value, keep_for=KEEP_WORDS_FOR
        )
        sql.say(tx, major_id, item_id, field, sealed.sealed)
        return sealed

    def _must_words(self, tx: Tx, major_id: str, item_id: str, field: str, text: str) -> Sealed:
        return self._seal(tx, major_id, item_id, field, words(text, field, chars_max=WORDS_CHARS_MAX))

    def _words(self, tx: Tx, major_id: str, item_id: str, field: str, text: str | None) -> Sealed | None:
        if text is None or not text.strip():
            return None
        return self._must_words(tx, major_id, item_id, field, text)

    def _must_line(
        self, tx: Tx, major_id: str, item_id: str, field: str, text: str, *, chars_max: int = 120
    ) -> Sealed:
        return self._seal(tx, major_id, item_id, field, line(text, field, chars_max=chars_max))

    def _line(
        self, tx: Tx, major_id: str, item_id: str, field: str, text: str | None, *, chars_max: int = 120
    ) -> Sealed | None:
        if text is None or not text.strip():
            return None
        return self._must_line(tx, major_id, item_id, field, text, chars_max=chars_max)
