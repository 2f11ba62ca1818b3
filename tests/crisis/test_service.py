"""Major incidents at work, on both stores: what is kept, what is told, what is refused."""

import pytest

from crisis.hall import CHIEF, Hall, code_of
from lanbi.core.errors import LanbiError, NotFound
from lanbi.core.geo import Area
from lanbi.crisis import sql
from lanbi.crisis.parts import Objective, Statement
from stores import ACTORS, MARIE, PIERRE


def test_one_that_is_declared_holds_its_incident_and_commands_by_its_declarer(hall: Hall) -> None:
    incident = hall.fire()
    major = hall.do(lambda tx: hall.crisis.declare(tx, incident.id, name="Dife Solino"), by=CHIEF)
    assert (major.number, major.state, major.name, major.commander_name) == (
        1,
        "open",
        "Dife Solino",
        CHIEF.name,
    )
    assert [linked.number for linked in major.incidents] == [incident.number]
    again = lambda tx: hall.crisis.declare(tx, incident.id)  # noqa: E731
    assert code_of(lambda: hall.do(again, by=PIERRE)) == "incident-in-major"
    other = hall.fire("Yon lòt")
    by_pierre = hall.do(lambda tx: hall.crisis.declare(tx, other.id), by=PIERRE)
    assert (by_pierre.commander, by_pierre.name) == (None, None)
    assert (
        code_of(lambda: hall.do(lambda tx: hall.crisis.link(tx, major.id, other.id))) == "incident-in-major"
    )


def test_a_closed_or_unknown_incident_leads_nothing(hall: Hall) -> None:
    incident = hall.fire()
    hall.do(lambda tx: hall.incidents.close(tx, incident.id, "resolved"), by=CHIEF)
    assert code_of(lambda: hall.do(lambda tx: hall.crisis.declare(tx, incident.id))) == "incident-closed"
    assert code_of(lambda: hall.do(lambda tx: hall.crisis.declare(tx, "nothing"))) == "incident-none"


def test_incidents_come_and_go_and_the_lead_stays(hall: Hall) -> None:
    major, second = hall.major(), hall.fire("Dezyèm")
    linked = hall.do(lambda tx: hall.crisis.link(tx, major.id, second.id))
    assert [one.incident_id for one in linked.incidents] == [major.incidents[0].incident_id, second.id]
    lead = linked.incidents[0].incident_id
    assert code_of(lambda: hall.do(lambda tx: hall.crisis.unlink(tx, major.id, lead))) == "major-lead-stays"
    assert len(hall.do(lambda tx: hall.crisis.unlink(tx, major.id, second.id)).incidents) == 1


def test_what_was_said_stays_readable_and_the_newest_stands(hall: Hall) -> None:
    major = hall.major()
    hall.do(lambda tx: hall.crisis.state(tx, major.id, "hazards", text="gaz"))
    hall.clock.advance(60)
    hall.do(lambda tx: hall.crisis.state(tx, major.id, "hazards", text="gaz ak kouran", source="Ponpye"))
    said = hall.whole(major.id).statements
    assert [one.said for one in said] == [{"words": "gaz"}, {"words": "gaz ak kouran", "source": "Ponpye"}]
    assert said[0].made_by_name == MARIE.name
    count = {"p1": 3, "dead": 0}
    hall.do(lambda tx: hall.crisis.state(tx, major.id, "number", counts=count, source="Kwa Wouj"))
    newest = hall.whole(major.id).statements[-1]
    assert (newest.p1, newest.p2, newest.dead) == (3, None, 0)
    misplaced = lambda tx: hall.crisis.state(tx, major.id, "access", counts=count)  # noqa: E731
    assert code_of(lambda: hall.do(misplaced)) == "counts-misplaced"
    assert (
        code_of(lambda: hall.do(lambda tx: hall.crisis.state(tx, major.id, "z", text="a"))) == "unknown-term"
    )


def test_the_journal_holds_no_word_that_anybody_wrote(hall: Hall) -> None:
    major, unit = hall.major("Non sekrè"), None
    unit = hall.sent(major)
    crisis, plan = hall.crisis, hall.plan
    secret = "pawòl-kache"
    hall.do(lambda tx: crisis.rename(tx, major.id, secret))
    hall.do(lambda tx: crisis.state(tx, major.id, "type", text=secret, source=secret))
    hall.do(lambda tx: crisis.open_post(tx, major.id, "triage", name=secret, area=Area(words=secret)))
    goal = hall.do(lambda tx: plan.set_objective(tx, major.id, secret, owner=secret))
    hall.do(lambda tx: plan.change_objective(tx, major.id, goal.id, text=secret))
    ask = hall.do(lambda tx: plan.request(tx, major.id, "foam", 1, text=secret, source=secret))
    hall.do(lambda tx: plan.move_request(tx, major.id, ask.id, "declined", reason=secret))
    part = hall.do(lambda tx: plan.form_division(tx, major.id, secret, supervisor=secret, work=secret))
    hall.do(lambda tx: plan.join_division(tx, major.id, part.id, unit.id))
    hall.do(lambda tx: plan.plan_radio(tx, major.id, secret, function=secret, frequency=secret))
    note = hall.do(lambda tx: crisis.write_message(tx, major.id, secret, to=secret, subject=secret))
    hall.do(lambda tx: crisis.reply(tx, major.id, note.id, secret))
    hall.do(lambda tx: crisis.stand_down(tx, major.id, secret), by=CHIEF)
    entries = [entry for entry in hall.entries() if entry[0] == f"major/{major.id}"]
    assert len(entries) == 14
    assert not [entry for entry in entries if secret in entry[4] or "sekrè" in entry[4]]


def test_words_that_are_erased_leave_every_part_and_the_screens_are_told(hall: Hall) -> None:
    major = hall.major()
    goal = hall.do(lambda tx: hall.plan.set_objective(tx, major.id, "Etenn dife a"))
    hall.clock.advance(731 * 86_400)
    assert hall.erase_all_due() > 0
    kept = hall.look(lambda reader: sql.item(reader, Objective, major.id, goal.id))
    assert kept.said == {"words": None}
    assert kept.seq > goal.seq
    assert hall.look(lambda reader: sql.get(reader, major.id)).name is None


def test_a_part_belongs_to_its_own_major_incident(hall: Hall) -> None:
    one, two = hall.major(), hall.major("Lòt")
    said = hall.do(lambda tx: hall.crisis.state(tx, one.id, "type", text="dife"))
    with pytest.raises(NotFound):
        hall.look(lambda reader: sql.item(reader, Statement, two.id, said.id))


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("call_taker", {"see", "edit"}),
        ("dispatcher", {"see", "edit", "declare"}),
        ("commander", {"see", "edit", "declare", "stand_down"}),
        ("analyst", {"see"}),
        ("auditor", {"see"}),
        ("field_unit", set()),
        ("administrator", set()),
    ],
)
def test_each_role_does_its_own(guarded_hall: Hall, role: str, may: set[str]) -> None:
    hall, actor = guarded_hall, ACTORS[role]
    major, other = hall.major(), hall.fire()
    done = set()
    for what, work in (
        ("see", lambda tx: hall.crisis.page(tx, actor, state=None, before=9, limit=5)),
        ("edit", lambda tx: hall.crisis.state(tx, major.id, "type", text="dife")),
        ("declare", lambda tx: hall.crisis.declare(tx, other.id)),
        ("stand_down", lambda tx: hall.crisis.stand_down(tx, major.id)),
    ):
        try:
            hall.do(work, by=actor)
        except LanbiError as refused:
            assert refused.code == "not-allowed"
        else:
            done.add(what)
    assert done == may
