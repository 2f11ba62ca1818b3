"""The demo's major incident: invented, as the evening is, and only where the store holds none yet."""

import tomllib
from importlib.resources import files
from typing import Protocol

import msgspec

from lanbi.core.access import Actor
from lanbi.core.geo import Area
from lanbi.core.ports import Store, Tx
from lanbi.core.time import MINUTE
from lanbi.crisis.parts import RequestStatus
from lanbi.crisis.plan.service import Plan
from lanbi.crisis.service import Crisis
from lanbi.incidents.model import Incident
from lanbi.incidents.service import Incidents

NEWEST = 2**62
INCIDENTS_MAX = 200

COMMANDER = Actor(id="robo7", name="Chèf sal (robo)", role="commander", lang="ht", kind="system")


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what stands in the file."""


class Statement(_Part, frozen=True):
    letter: str
    words: str | None = None
    source: str | None = None
    counts: dict[str, int] | None = None


class Post(_Part, frozen=True):
    kind: str
    place: str
    name: str | None = None


class Objective(_Part, frozen=True):
    words: str
    owner: str
    priority: int
    due_in_minutes: int


class Request(_Part, frozen=True):
    capability: str
    count: int
    source: str
    needed_in_minutes: int
    status: RequestStatus


class Division(_Part, frozen=True):
    name: str
    supervisor: str
    work: str


class Radio(_Part, frozen=True):
    channel: str
    function: str
    frequency: str
    assignment: str


class DemoMajor(_Part, frozen=True):
    """The file `majors.toml`. `synthetic` stands there and is always true."""

    synthetic: bool
    type: str
    name: str
    methane: tuple[Statement, ...]
    posts: tuple[Post, ...]
    objectives: tuple[Objective, ...]
    requests: tuple[Request, ...]
    divisions: tuple[Division, ...]
    radio: tuple[Radio, ...]


class Room(Protocol):
    """What is needed of the node."""

    @property
    def store(self) -> Store: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def crisis(self) -> Crisis: ...
    @property
    def crisis_plan(self) -> Plan: ...


def load_major() -> DemoMajor:
    """The shipped one."""
    text = (files("lanbi.demo") / "majors.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), DemoMajor)


def declare_one(room: Room) -> None:
    """Declares it on an open incident, once in a store; nothing where no incident is open."""
    told = load_major()

    def work(tx: Tx) -> None:
        if room.crisis.page(tx, COMMANDER, state=None, before=NEWEST, limit=1):
            return
        found = room.incidents.page(tx, COMMANDER, state="open", before=NEWEST, limit=INCIDENTS_MAX)
        if found:
            lead = next((one for one in found if one.type == told.type), found[0])
            _plan(tx, room.crisis_plan, told, _declare(tx, room.crisis, told, lead))

    room.store.write_now(COMMANDER, work)


def _declare(tx: Tx, crisis: Crisis, told: DemoMajor, incident: Incident) -> str:
    """Its id."""
    major = crisis.declare(tx, incident.id, name=told.name).id
    for one in told.methane:
        crisis.state(tx, major, one.letter, text=one.words, source=one.source, counts=one.counts)
    for post in told.posts:
        crisis.open_post(tx, major, post.kind, name=post.name, area=Area(words=post.place))
    return major


def _plan(tx: Tx, plan: Plan, told: DemoMajor, major: str) -> None:
    for goal in told.objectives:
        due_at = tx.now + goal.due_in_minutes * MINUTE
        plan.set_objective(tx, major, goal.words, priority=goal.priority, owner=goal.owner, due_at=due_at)
    for ask in told.requests:
        needed_by = tx.now + ask.needed_in_minutes * MINUTE
        made = plan.request(tx, major, ask.capability, ask.count, source=ask.source, needed_by=needed_by)
        if ask.status != "requested":
            plan.move_request(tx, major, made.id, ask.status)
    for row in told.divisions:
        plan.form_division(tx, major, row.name, supervisor=row.supervisor, work=row.work)
    for row in told.radio:
        plan.plan_radio(
            tx, major, row.channel, function=row.function, frequency=row.frequency, assignment=row.assignment
        )
    plan.set_period(tx, major)
