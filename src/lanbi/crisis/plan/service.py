"""The plan at work: one use case, one function, one transaction."""

from msgspec.structs import replace

from lanbi.core.errors import NotFound, Refused
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.crisis import events, sql
from lanbi.crisis.model import UnitFacts
from lanbi.crisis.parts import (
    DemobCheck,
    Division,
    Objective,
    ObjectiveStatus,
    Period,
    RadioRow,
    Request,
    RequestStatus,
    check_count,
    check_due,
    check_period,
    check_priority,
)
from lanbi.crisis.service import Crisis, UnitOf
from lanbi.crisis.writing import REMARK_CHARS_MAX, kept, made, pen_for, says


class Plan:
    """The use cases of what is wanted and by whom; `Crisis` says who may edit and until when.

    Where something is changed, what is None stays as it was; `held` is the version that the person saw,
    and `Conflict("item-edited-meanwhile")` is raised where somebody else edited it since.
    """

    def __init__(self, crisis: Crisis, vocabulary: Vocabulary, unit_of: UnitOf) -> None:
        self._crisis = crisis
        self._vocabulary = vocabulary
        self._unit_of = unit_of

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
        major = self._crisis.editable(tx, major_id)
        objective = Objective(
            **made(tx, major, Objective),
            priority=check_priority(priority),
            due_at=None if due_at is None else check_due(due_at, tx.now),
            edit_seq=tx.seq + 1,
        )
        pen = pen_for(tx, objective)
        fact = events.ObjectiveSet(
            id=major_id,
            item=objective.id,
            words=pen.must_words("words", text),
            owner=pen.line("owner", owner),
            priority=objective.priority,
            due_at=objective.due_at,
        )
        return kept(tx, objective, fact)

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
        self._crisis.editable(tx, major_id)
        objective = sql.item(tx, Objective, major_id, item_id).change(
            priority=priority, due_at=due_at, seq=tx.seq + 1, held=held, at=tx.now
        )
        pen = pen_for(tx, objective)
        fact = events.ObjectiveChanged(
            id=major_id,
            item=item_id,
            words=pen.words("words", text),
            owner=pen.line("owner", owner),
            priority=objective.priority,
            due_at=objective.due_at,
        )
        return kept(tx, objective, fact)

    def settle_objective(self, tx: Tx, major_id: str, item_id: str, status: ObjectiveStatus) -> Objective:
        """Met, dropped, or open again."""
        self._crisis.editable(tx, major_id)
        self._vocabulary.usable("objective_statuses", status)
        was = sql.item(tx, Objective, major_id, item_id)
        fact = events.ObjectiveSettled(id=major_id, item=item_id, status=status, was=was.status)
        return kept(tx, was.settle(status, at=tx.now), fact)

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
        major = self._crisis.editable(tx, major_id)
        self._vocabulary.usable("capabilities", capability)
        request = Request(
            **made(tx, major, Request),
            number=sql.count(tx, Request, major_id) + 1,
            capability=capability,
            count=check_count(count),
            needed_by=None if needed_by is None else check_due(needed_by, tx.now),
        )
        pen = pen_for(tx, request)
        fact = events.ResourceRequested(
            id=major_id,
            item=request.id,
            number=request.number,
            capability=capability,
            count=count,
            needed_by=request.needed_by,
            words=pen.words("words", text),
            source=pen.line("source", source),
        )
        return kept(tx, request, fact)

    def move_request(
        self, tx: Tx, major_id: str, item_id: str, status: RequestStatus, *, reason: str | None = None
    ) -> Request:
        """The next step, or its end: declined needs a reason."""
        self._crisis.editable(tx, major_id)
        self._vocabulary.usable("request_statuses", status)
        was = sql.item(tx, Request, major_id, item_id)
        request = was.move(status, at=tx.now, reasoned=says(reason))
        fact = events.ResourceMoved(
            id=major_id,
            item=item_id,
            number=request.number,
            status=status,
            was=was.status,
            reason=pen_for(tx, request).line("reason", reason, chars_max=REMARK_CHARS_MAX),
        )
        return kept(tx, request, fact)

    # -- divisions ---------------------------------------------------------------------

    def form_division(
        self, tx: Tx, major_id: str, name: str, *, supervisor: str | None = None, work: str | None = None
    ) -> Division:
        """A division or group, which is to do `work`; it has no units yet."""
        major = self._crisis.editable(tx, major_id)
        division = Division(**made(tx, major, Division), edit_seq=tx.seq + 1)
        pen = pen_for(tx, division)
        fact = events.DivisionFormed(
            id=major_id,
            item=division.id,
            name=pen.must_line("name", name),
            supervisor=pen.line("supervisor", supervisor),
            work=pen.words("work", work),
        )
        return kept(tx, division, fact)

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
        self._crisis.editable(tx, major_id)
        division = sql.item(tx, Division, major_id, item_id).change(seq=tx.seq + 1, held=held)
        pen = pen_for(tx, division)
        fact = events.DivisionChanged(
            id=major_id,
            item=item_id,
            name=pen.line("name", name),
            supervisor=pen.line("supervisor", supervisor),
            work=pen.words("work", work),
        )
        return kept(tx, division, fact)

    def join_division(self, tx: Tx, major_id: str, item_id: str, unit_id: str) -> Division:
        """A unit that works on one of the incidents works in this division; it leaves any other."""
        major = self._crisis.editable(tx, major_id)
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
        fact = events.DivisionJoined(
            id=major_id, item=item_id, unit_id=unit_id, callsign=unit.callsign, was=was
        )
        return kept(tx, division, fact)

    def leave_division(self, tx: Tx, major_id: str, item_id: str, unit_id: str) -> Division:
        self._crisis.editable(tx, major_id)
        division = sql.item(tx, Division, major_id, item_id)
        unit = self._unit(tx, unit_id)
        if unit_id not in division.unit_ids:
            raise Refused("division-unit-none", callsign=unit.callsign)
        sql.leave_division(tx, major_id, unit_id)
        fact = events.DivisionLeft(id=major_id, item=item_id, unit_id=unit_id, callsign=unit.callsign)
        return kept(tx, division, fact)

    def close_division(self, tx: Tx, major_id: str, item_id: str) -> Division:
        """Its units are free for another division."""
        self._crisis.editable(tx, major_id)
        division = sql.item(tx, Division, major_id, item_id).close(at=tx.now)
        sql.empty_division(tx, item_id)
        return kept(tx, division, events.DivisionClosed(id=major_id, item=item_id))

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
        major = self._crisis.editable(tx, major_id)
        row = RadioRow(**made(tx, major, RadioRow), edit_seq=tx.seq + 1)
        pen = pen_for(tx, row)
        fact = events.RadioPlanned(
            id=major_id,
            item=row.id,
            channel=pen.must_line("channel", channel),
            function=pen.line("function", function),
            frequency=pen.line("frequency", frequency),
            assignment=pen.line("assignment", assignment),
            remarks=pen.line("remarks", remarks, chars_max=REMARK_CHARS_MAX),
        )
        return kept(tx, row, fact)

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
        self._crisis.editable(tx, major_id)
        row = sql.item(tx, RadioRow, major_id, item_id).change(seq=tx.seq + 1, held=held)
        pen = pen_for(tx, row)
        fact = events.RadioChanged(
            id=major_id,
            item=item_id,
            channel=pen.line("channel", channel),
            function=pen.line("function", function),
            frequency=pen.line("frequency", frequency),
            assignment=pen.line("assignment", assignment),
            remarks=pen.line("remarks", remarks, chars_max=REMARK_CHARS_MAX),
        )
        return kept(tx, row, fact)

    def remove_radio(self, tx: Tx, major_id: str, item_id: str) -> RadioRow:
        self._crisis.editable(tx, major_id)
        row = sql.item(tx, RadioRow, major_id, item_id).remove(at=tx.now)
        return kept(tx, row, events.RadioRemoved(id=major_id, item=item_id))

    # -- operational periods -----------------------------------------------------------

    def set_period(
        self, tx: Tx, major_id: str, *, begins_at: Instant | None = None, ends_at: Instant | None = None
    ) -> Period:
        """The next operational period; twelve hours from the end of the one before unless told. One that
        begins earlier ends the one before."""
        major = self._crisis.editable(tx, major_id)
        periods = sql.items(tx, Period, major_id)
        last = periods[-1] if periods else None
        begin, end = check_period(begins_at, ends_at, last, now=tx.now)
        if last is not None and begin < last.ends_at:
            sql.save_item(tx, replace(last, ends_at=begin))
        period = Period(**made(tx, major, Period), number=len(periods) + 1, begins_at=begin, ends_at=end)
        fact = events.PeriodSet(
            id=major_id, item=period.id, number=period.number, begins_at=begin, ends_at=end
        )
        return kept(tx, period, fact)

    # -- demobilisation ----------------------------------------------------------------

    def check_demob(self, tx: Tx, major_id: str, unit_id: str, step: str) -> DemobCheck:
        """One step of a unit's way out is done; doing it again changes nothing."""
        major = self._crisis.editable(tx, major_id)
        self._vocabulary.usable("demob_steps", step)
        unit = self._unit(tx, unit_id)
        for done in sql.items(tx, DemobCheck, major_id):
            if (done.unit_id, done.step, done.gone) == (unit_id, step, False):
                return done
        check = DemobCheck(**made(tx, major, DemobCheck), unit_id=unit_id, callsign=unit.callsign, step=step)
        fact = events.DemobChecked(
            id=major_id, item=check.id, unit_id=unit_id, callsign=unit.callsign, step=step
        )
        return kept(tx, check, fact)

    def withdraw_demob(self, tx: Tx, major_id: str, item_id: str) -> DemobCheck:
        """It was checked in error."""
        self._crisis.editable(tx, major_id)
        check = sql.item(tx, DemobCheck, major_id, item_id).withdraw(at=tx.now)
        fact = events.DemobWithdrawn(
            id=major_id, item=item_id, unit_id=check.unit_id, callsign=check.callsign, step=check.step
        )
        return kept(tx, check, fact)

    def _unit(self, reader: Reader, unit_id: str) -> UnitFacts:
        """The unit; `NotFound("unit-none")` where there is none."""
        unit = self._unit_of(reader, unit_id)
        if unit is None:
            raise NotFound("unit-none", id=unit_id)
        return unit
