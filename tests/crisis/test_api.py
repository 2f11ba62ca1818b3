"""Major incidents over HTTP, on a whole node, and on the live picture."""

from crisis.hall import CHIEF, Hall, declared, refused
from lanbi.crisis.api import live
from stores import ACTORS, MARIE, Screen, Web


def test_a_major_incident_goes_its_whole_way(web: Web) -> None:
    path = declared(web)
    whole = web.get(path).json()
    assert {name: len(whole[name]) for name in ("statements", "posts", "objectives", "requests")} == {
        "statements": 2,
        "posts": 1,
        "objectives": 1,
        "requests": 1,
    }
    ask = whole["requests"][0]["id"]
    assert refused(web.post(f"{path}/stand_down", role="commander")) == (409, "major-requests-open")
    arrived = web.post(f"{path}/requests/{ask}/status", {"status": "arrived"}).json()
    assert set(arrived["clocks"]) == {"requested", "arrived"}
    goal = whole["objectives"][0]["id"]
    assert web.post(f"{path}/objectives/{goal}/status", {"status": "met"}).json()["status"] == "met"
    assert refused(web.post(f"{path}/stand_down")) == (403, "not-allowed")
    assert web.post(f"{path}/stand_down", role="commander").json()["state"] == "stood_down"
    assert refused(web.post(f"{path}/radio", {"channel": "K2"})) == (409, "major-stood-down")
    assert [row["number"] for row in web.get("/majors?state=stood_down").json()["items"]] == [1]
    lead = whole["incidents"][0]["incident_id"]
    kinds = [line["kind"] for line in web.get(f"/incidents/{lead}/log?limit=200").json()["items"]]
    assert "major.stood_down" in kinds
    assert "Etenn" not in web.get("/journal", role="auditor").text


def test_who_edits_the_same_thing_second_is_told(web: Web) -> None:
    path = declared(web)
    goal = web.get(path).json()["objectives"][0]
    tag = f'"{goal["version"]}"'
    where = f"{path}/objectives/{goal['id']}/change"
    assert web.post(where, {"priority": 2}, if_match=tag).status_code == 200
    assert refused(web.post(where, {"priority": 3}, if_match=tag)) == (412, "item-edited-meanwhile")
    assert web.post(where, {"owner": "Lapolis"}).json()["priority"] == 2


def test_pictures_agree_whatever_happens(hall: Hall) -> None:
    """Snapshot before and pushes = fresh snapshot, for the major incidents and for their parts."""
    kinds, crisis, plan = live(hall.crisis), hall.crisis, hall.plan
    screens = [Screen(hall, kind) for kind in kinds]

    def agree() -> list[int]:
        for screen, kind in zip(screens, kinds, strict=True):
            screen.push()
            assert screen.picture == Screen(hall, kind).picture
        return [len(screen.picture) for screen in screens]

    major = hall.major()
    unit = hall.sent(major)
    assert agree() == [1, 0]
    goal = hall.do(lambda tx: plan.set_objective(tx, major.id, "Etenn dife a"))
    one = hall.do(lambda tx: plan.form_division(tx, major.id, "A"))
    two = hall.do(lambda tx: plan.form_division(tx, major.id, "B"))
    hall.do(lambda tx: plan.join_division(tx, major.id, one.id, unit.id))
    agree()
    hall.do(lambda tx: plan.join_division(tx, major.id, two.id, unit.id))
    row = hall.do(lambda tx: plan.plan_radio(tx, major.id, "K1"))
    hall.do(lambda tx: plan.settle_objective(tx, major.id, goal.id, "met"))
    assert agree() == [1, 4]
    hall.do(lambda tx: plan.remove_radio(tx, major.id, row.id))
    hall.do(lambda tx: plan.set_period(tx, major.id))
    hall.do(lambda tx: plan.set_period(tx, major.id, begins_at=tx.now + 3_600_000_000))
    assert agree() == [1, 5]
    hall.major("Dezyèm")
    hall.do(lambda tx: crisis.stand_down(tx, major.id), by=CHIEF)
    assert agree() == [1, 0]
    hall.clock.advance(731 * 86_400)
    hall.erase_all_due()
    agree()


def test_screens_without_words_see_figures_and_states(hall: Hall) -> None:
    major = hall.major()
    hall.do(lambda tx: hall.crisis.state(tx, major.id, "number", text="anpil", counts={"p1": 2}))
    majors, parts = (Screen(hall, kind, MARIE) for kind in live(hall.crisis))
    assert majors.picture[major.id].name == "Dife Solino"
    (said,) = parts.picture.values()
    assert (said.words, said.counts) == ("anpil", {"p1": 2})
    assert {kind.action for kind in live(hall.crisis)} == {"crisis.see"}
    assert ACTORS["auditor"].role == "auditor"
