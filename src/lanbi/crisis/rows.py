"""Major incidents and their parts as the API and the live picture show them."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec.structs import asdict, replace

from lanbi.core.access import Person
from lanbi.core.geo import Area
from lanbi.core.time import rfc3339, rfc3339_or_none
from lanbi.crisis.model import Major
from lanbi.crisis.parts import (
    DemobCheck,
    Division,
    Item,
    Message,
    Objective,
    ObjectiveStatus,
    Period,
    Post,
    RadioRow,
    Request,
    RequestStatus,
    Statement,
    Whole,
)

# Fields that hold what somebody wrote, in whichever row.
_WORDS = frozenset(
    {"name", "words", "source", "reason", "owner", "supervisor", "work", "channel", "function", "frequency"}
    | {"assignment", "remarks", "to", "sender", "subject", "reply"}
)


class LinkedRow(msgspec.Struct, frozen=True):
    """An incident of it, with its running number."""

    incident_id: str
    number: int


class MajorRow(msgspec.Struct, frozen=True, kw_only=True):
    """A major incident. Times are RFC 3339, UTC. `incidents`: the first leads."""

    id: str
    version: int
    number: int
    name: str | None
    state: Literal["open", "stood_down"]
    incidents: list[LinkedRow]
    declared_at: str
    declared_by: Person
    commander: Person | None
    stood_down_at: str | None
    words: str | None


class MajorPage(msgspec.Struct, frozen=True):
    """One page of major incidents, newest first."""

    items: list[MajorRow]
    next: str | None


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the rows of its parts: whose they are, and who made them."""

    id: str
    version: int
    major_id: str
    at: str
    by: Person


class StatementRow(PartRow, frozen=True, kw_only=True):
    """`stated_at`: when it was so; the newest of a letter stands. `counts`: persons, by triage."""

    item: Literal["statement"] = "statement"
    letter: str
    stated_at: str
    words: str | None
    source: str | None
    counts: dict[str, int] | None


class PostRow(PartRow, frozen=True, kw_only=True):
    item: Literal["post"] = "post"
    kind: str
    name: str | None
    area: Area | None
    closed_at: str | None


class ObjectiveRow(PartRow, frozen=True, kw_only=True):
    item: Literal["objective"] = "objective"
    words: str | None
    owner: str | None
    priority: int
    status: ObjectiveStatus
    due_at: str | None
    settled_at: str | None


class RequestRow(PartRow, frozen=True, kw_only=True):
    """`source`: of whom it is asked. `clocks`: when each status was reached."""

    item: Literal["request"] = "request"
    number: int
    capability: str
    count: int
    words: str | None
    source: str | None
    reason: str | None
    needed_by: str | None
    status: RequestStatus
    clocks: dict[str, str]


class DivisionRow(PartRow, frozen=True, kw_only=True):
    item: Literal["division"] = "division"
    name: str | None
    supervisor: str | None
    work: str | None
    unit_ids: list[str]
    closed_at: str | None


class RadioPlanRow(PartRow, frozen=True, kw_only=True):
    item: Literal["radio"] = "radio"
    channel: str | None
    function: str | None
    frequency: str | None
    assignment: str | None
    remarks: str | None


class PeriodRow(PartRow, frozen=True, kw_only=True):
    item: Literal["period"] = "period"
    number: int
    begins_at: str
    ends_at: str


class DemobRow(PartRow, frozen=True, kw_only=True):
    item: Literal["demob"] = "demob"
    unit_id: str
    callsign: str
    step: str


class GeneralMessageRow(PartRow, frozen=True, kw_only=True):
    item: Literal["message"] = "message"
    number: int
    to: str | None
    sender: str | None
    subject: str | None
    words: str | None
    reply: str | None
    replied_at: str | None
    replied_by: str | None


class MajorWhole(MajorRow, frozen=True, kw_only=True):
    """A major incident with all its parts, each kind in the order in which they were made."""

    statements: list[StatementRow]
    posts: list[PostRow]
    objectives: list[ObjectiveRow]
    requests: list[RequestRow]
    divisions: list[DivisionRow]
    radio: list[RadioPlanRow]
    periods: list[PeriodRow]
    demob: list[DemobRow]
    messages: list[GeneralMessageRow]


def row_of(major: Major) -> MajorRow:
    """The row with what people wrote."""
    return MajorRow(
        id=major.id,
        version=major.seq,
        number=major.number,
        name=major.name,
        state=major.state,
        incidents=[LinkedRow(linked.incident_id, linked.number) for linked in major.incidents],
        declared_at=rfc3339(major.declared_at),
        declared_by=Person(major.declared_by, major.declared_by_name),
        commander=None
        if major.commander is None
        else Person(major.commander, major.commander_name or major.commander),
        stood_down_at=rfc3339_or_none(major.stood_down_at),
        words=major.end_words,
    )


def _part(row: type[PartRow], one: Item) -> dict[str, Any]:
    """What the rows of all parts carry, and what was written on this one, as far as such a row shows it."""
    return {
        "id": one.id,
        "version": one.seq,
        "major_id": one.major_id,
        "at": rfc3339(one.made_at),
        "by": Person(one.made_by, one.made_by_name),
        **{name: one.said.get(name) for name in row.__struct_fields__ if name in _WORDS},
    }


def statement_row(one: Statement) -> StatementRow:
    return StatementRow(
        **_part(StatementRow, one),
        letter=one.letter,
        stated_at=rfc3339(one.at),
        counts=one.counts or None,
    )


def post_row(one: Post) -> PostRow:
    return PostRow(
        **_part(PostRow, one), kind=one.kind, area=one.area, closed_at=rfc3339_or_none(one.closed_at)
    )


def objective_row(one: Objective) -> ObjectiveRow:
    return ObjectiveRow(
        **_part(ObjectiveRow, one),
        priority=one.priority,
        status=one.status,
        due_at=rfc3339_or_none(one.due_at),
        settled_at=rfc3339_or_none(one.settled_at),
    )


def request_row(one: Request) -> RequestRow:
    return RequestRow(
        **_part(RequestRow, one),
        number=one.number,
        capability=one.capability,
        count=one.count,
        needed_by=rfc3339_or_none(one.needed_by),
        status=one.status,
        clocks={step: rfc3339(at) for step, at in one.clocks.items()},
    )


def division_row(one: Division) -> DivisionRow:
    return DivisionRow(
        **_part(DivisionRow, one), unit_ids=list(one.unit_ids), closed_at=rfc3339_or_none(one.closed_at)
    )


def radio_row(one: RadioRow) -> RadioPlanRow:
    return RadioPlanRow(**_part(RadioPlanRow, one))


def period_row(one: Period) -> PeriodRow:
    return PeriodRow(
        **_part(PeriodRow, one),
        number=one.number,
        begins_at=rfc3339(one.begins_at),
        ends_at=rfc3339(one.ends_at),
    )


def demob_row(one: DemobCheck) -> DemobRow:
    return DemobRow(**_part(DemobRow, one), unit_id=one.unit_id, callsign=one.callsign, step=one.step)


def message_row(one: Message) -> GeneralMessageRow:
    return GeneralMessageRow(
        **_part(GeneralMessageRow, one),
        number=one.number,
        replied_at=rfc3339_or_none(one.replied_at),
        replied_by=one.replied_by_name,
    )


PART_ROWS: dict[type[Item], Callable[[Any], PartRow]] = {
    Statement: statement_row,
    Post: post_row,
    Objective: objective_row,
    Request: request_row,
    Division: division_row,
    RadioRow: radio_row,
    Period: period_row,
    DemobCheck: demob_row,
    Message: message_row,
}
"""How the parts of each kind are shown."""


def without_words(row: Any) -> Any:
    """The row for who may not read what people wrote: codes, figures, places as figures, times."""
    blank: dict[str, Any] = {name: None for name in row.__struct_fields__ if name in _WORDS}
    if getattr(row, "area", None) is not None:
        blank["area"] = replace(row.area, words="")
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if isinstance(value, list) and value and isinstance(value[0], PartRow):
            blank[name] = [without_words(one) for one in value]
    return replace(row, **blank)


def whole_of(whole: Whole) -> MajorWhole:
    """The major incident with all its parts."""
    return MajorWhole(
        **asdict(row_of(whole.major)),
        statements=[statement_row(one) for one in whole.statements],
        posts=[post_row(one) for one in whole.posts],
        objectives=[objective_row(one) for one in whole.objectives],
        requests=[request_row(one) for one in whole.requests],
        divisions=[division_row(one) for one in whole.divisions],
        radio=[radio_row(one) for one in whole.radio],
        periods=[period_row(one) for one in whole.periods],
        demob=[demob_row(one) for one in whole.demob],
        messages=[message_row(one) for one in whole.messages],
    )
