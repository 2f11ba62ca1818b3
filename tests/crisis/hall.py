"""A floor on which major incidents are led: wired to incidents, units and accounts as a node wires them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dispatch.yard import CHANMAS, Yard
from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError, NotFound
from lanbi.core.ports import Reader
from lanbi.crisis.model import IncidentFacts, Major, UnitFacts
from lanbi.crisis.parts import Whole
from lanbi.crisis.plan.service import Plan
from lanbi.crisis.service import Crisis, Surroundings
from lanbi.dispatch import sql as dispatch_sql
from lanbi.dispatch.model import Unit
from lanbi.incidents import sql as incidents_sql
from lanbi.incidents.model import Incident
from lanbi.record.events import SealedErased
from lanbi.record.log import LogRow
from lanbi.store.engine import Engine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from stores import ENGINES, SITE, VOCABULARY, FixedClock, Web, engine_named, open_store, real_gate

CHIEF = Actor(id="chief", name="Chèf Roz", role="commander", lang="fr")
PEOPLE = {"marie": "Marie Jean-Baptiste", "chief": "Chèf Roz"}


class Hall(Yard):
    """Major incidents over a store."""

    def __init__(self, store: LanbiStore, clock: FixedClock, gate: Any = None) -> None:
        super().__init__(store, clock, gate)
        self.around = around = Surroundings(
            check_place=self._check_place,
            incident_of=_incident_of,
            unit_of=_unit_of,
            units_on=_units_on,
            log_of=self._log_of,
            person_of=_person_of,
            site=lambda: SITE,
        )
        self.crisis = Crisis(self.gate, VOCABULARY, around)
        self.plan = Plan(self.crisis, VOCABULARY, around.unit_of)
        store.subscribe(SealedErased, self.crisis.sealed_erased)

    def _log_of(
        self, reader: Reader, actor: Actor, incident_id: str, before: int, limit: int
    ) -> list[LogRow]:
        return self.incidents.log(reader, actor, incident_id, before=before, limit=limit)

    def fire(self, title: str = "Dife nan depo") -> Incident:
        """An open incident that units may be sent to."""
        return self.do(
            lambda tx: self.incidents.open(tx, type="house_fire", title=title, area=CHANMAS), by=CHIEF
        )

    def major(self, name: str = "Dife Solino") -> Major:
        """One that leads on a fresh incident."""
        incident = self.fire()
        return self.do(lambda tx: self.crisis.declare(tx, incident.id, name=name), by=CHIEF)

    def whole(self, key: str) -> Whole:
        """With all its parts, as it stands now."""
        return self.look(lambda reader: self.crisis.whole(reader, CHIEF, key))

    def sent(self, major: Major, callsign: str = "M21") -> Unit:
        """A unit that works on the incident that leads."""
        unit = self.do(
            lambda tx: self.dispatch.commission(
                tx, callsign=callsign, kind="ambulance", capabilities=("ambulance_basic",), crew=2
            ),
            by=CHIEF,
        )
        self.do(lambda tx: self.dispatch.assign(tx, major.incidents[0].incident_id, unit.id), by=CHIEF)
        return unit


HERE = {"lat": 18.5392, "lon": -72.335, "radius_m": 300, "source": "landmark", "confidence": "heard"}
TRAP = '#eval("1 + 1") $x^2$ [*gra*] _la_ @ref <lab> \\n // non'


def declared(web: Web) -> str:
    """A major incident with something in each of its parts; its path."""
    incidents = [web.post("/incidents", {"type": "house_fire", "title": "Dife", "area": HERE}).json()]
    made = web.post("/majors", {"incident_id": incidents[0]["id"], "name": "Dife Solino"}, role="dispatcher")
    assert made.status_code == 201
    path = f"/majors/{made.json()['id']}"
    for where, body in (
        ("methane", {"letter": "hazards", "words": TRAP}),
        ("methane", {"letter": "number", "source": "Kwa Wouj", "counts": {"p1": 3, "dead": 1}}),
        ("posts", {"kind": "command", "name": "PK 1", "area": HERE | {"words": "Lekòl la"}}),
        ("objectives", {"words": "Etenn dife a", "owner": "Ponpye"}),
        ("requests", {"capability": "foam", "count": 2, "source": "Ayewopò"}),
        ("divisions", {"name": "Divizyon A", "supervisor": "Kaptèn Jozèf", "work": "Dife a"}),
        ("radio", {"channel": "K1", "function": "Kòmandman", "frequency": "TG 4101"}),
        ("periods", {}),
        ("messages", {"to": "Sant Nò", "subject": "Ranfò", "words": "Voye de kamyon."}),
    ):
        answer = web.post(f"{path}/{where}", body)
        assert answer.status_code == 201, (where, answer.text)
    return path


def refused(answer: Any) -> tuple[int, str]:
    """(status, code) of a refusal over HTTP, which says why and what next."""
    body = answer.json()
    assert body["detail"]
    assert body["hint"]
    return answer.status_code, body["code"]


def code_of(work: Callable[[], Any]) -> str:
    """The code with which this is refused."""
    with pytest.raises(LanbiError) as refused:
        work()
    return refused.value.code


def _incident_of(reader: Reader, incident_id: str) -> IncidentFacts | None:
    found = incidents_sql.find(reader, incident_id)
    if found is None:
        return None
    return IncidentFacts(
        id=found.id,
        number=found.number,
        state=found.state,
        type=found.type,
        title=found.title,
        priority=found.priority,
        place="" if found.area is None else found.area.words,
        opened_at=found.opened_at,
        closed_at=found.closed_at,
    )


def _facts(unit: Unit) -> UnitFacts:
    return UnitFacts(
        id=unit.id,
        callsign=unit.callsign,
        kind=unit.kind,
        crew=unit.crew,
        state=unit.state,
        since=unit.state_since,
        incident_id=None if unit.task is None else unit.task.incident_id,
    )


def _unit_of(reader: Reader, unit_id: str) -> UnitFacts | None:
    unit = dispatch_sql.find_unit(reader, unit_id)
    return None if unit is None else _facts(unit)


def _units_on(reader: Reader, incident_ids: Any) -> list[UnitFacts]:
    found = [_facts(unit) for unit in dispatch_sql.units_changed(reader, 0)]
    return [unit for unit in found if unit.incident_id in incident_ids]


def _person_of(reader: Reader, login: str) -> str:
    if login not in PEOPLE:
        raise NotFound("account-none", login=login)
    return PEOPLE[login]


@contextmanager
def hall_over(engine: Engine, gate: Any = None) -> Iterator[Hall]:
    """A hall over a fresh store, closed in the end."""
    clock = FixedClock()
    store = open_store(engine, clock)
    try:
        yield Hall(store, clock, gate)
    finally:
        store.close()


@pytest.fixture(params=ENGINES)
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    """Over a real store, once on each engine; everybody may do everything."""
    with hall_over(engine_named(request.param, tmp_path, request)) as made:
        yield made


@pytest.fixture
def guarded_hall(tmp_path: Path) -> Iterator[Hall]:
    """The same behind the shipped policies, on SQLite."""
    with hall_over(SqliteEngine(tmp_path / FILE_NAME), real_gate()) as made:
        yield made
