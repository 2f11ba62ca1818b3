"""Major incidents over HTTP, on a whole node, and on the live picture."""

from io import BytesIO
from typing import Any

import msgspec
import pypdf
import pytest

from crisis.hall import CHIEF, Hall
from lanbi.crisis.api import live
from lanbi.crisis.forms import CODES
from stores import ACTORS, MARIE, Screen, Web

HERE = {"lat": 18.5392, "lon": -72.335, "radius_m": 300, "source": "landmark", "confidence": "heard"}
TRIES_MAX = 8
TRAP = '#eval("1 + 1") $x^2$ [*gra*] _la_ @ref <lab> \\n // non'


def refused(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert body["detail"]
    assert body["hint"]
    return answer.status_code, body["code"]


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


def paper(answer: Any) -> str:
    """What stands on the pages, without its spaces: they depend on where lines break."""
    assert answer.headers["content-type"] == "application/pdf", answer.text
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
    return "".join(text.split())


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


def twice(web: Web, path: str, code: str, lang: str) -> tuple[Any, Any, bytes]:
    """A form, its paper and its paper again, while the record stood still: a node also writes by itself."""
    where = f"{path}/forms/{code}"
    for _ in range(TRIES_MAX):
        before = web.get(f"{where}?lang={lang}").content
        first, again = (web.get(f"{where}.pdf?lang={lang}") for _ in range(2))
        if web.get(f"{where}?lang={lang}").content == before:
            return msgspec.json.decode(before), first, again.content
    pytest.fail("the record never stood still")


@pytest.mark.parametrize(("code", "lang"), list(zip(CODES, ("ht", "fr", "es", "en") * 2, strict=True)))
def test_each_form_is_the_same_on_the_screen_and_on_paper(web: Web, code: str, lang: str) -> None:
    form, first, again = twice(web, declared(web), code, lang)
    assert (form["name"], form["lang"]) == (f"ICS {code}", lang)
    assert again == first.content
    told = paper(first)
    wanted = [form["title"], form["major"], form["utc"], str(form["seq"])]
    wanted += [cell for block in form["blocks"] for row in block.get("rows", []) for cell in row]
    wanted += [field["value"] for block in form["blocks"] for field in block.get("items", [])]
    assert [words for words in wanted if "".join(words.split()) not in told] == []


def test_a_form_follows_the_rows(web: Web) -> None:
    path = declared(web)
    before = web.get(f"{path}/forms/202?lang=en").json()
    web.post(f"{path}/objectives", {"words": "Separe blese yo"})
    after = web.get(f"{path}/forms/202?lang=en")
    assert after.json()["seq"] > before["seq"]
    assert "Separe blese yo" in after.text
    assert "Separe" not in str(before)


def test_who_may_not_read_words_gets_forms_without_them(web: Web) -> None:
    path = declared(web)
    for code in CODES:
        seen = web.get(f"{path}/forms/{code}?lang=en", role="auditor").text
        assert not [
            word for word in ("Solino", "Etenn", "Kaptèn", "Lekòl", "4101", "Voye", "eval") if word in seen
        ]
    row = web.get(path, role="analyst").json()
    assert (row["name"], row["statements"][1]["words"], row["statements"][1]["counts"]["p1"]) == (
        None,
        None,
        3,
    )
    assert row["posts"][0]["area"]["words"] == ""


def test_what_is_no_form_is_refused_with_those_that_are(web: Web) -> None:
    path = declared(web)
    for asked in ("999", "201.doc", "999.pdf"):
        assert refused(web.get(f"{path}/forms/{asked}")) == (404, "form-none")
    assert refused(web.get(f"{path}/forms/201?lang=de")) == (422, "form-lang")
    nothing = "00000000-0000-7000-8000-000000000000"
    assert refused(web.get(f"{path}/forms/204?item={nothing}")) == (404, "major-item-none")
    assert refused(web.get(f"/majors/{nothing}/forms/201")) == (404, "major-none")
    assert refused(web.get(f"{path}/forms/201", role="administrator")) == (404, "major-none")


def test_pictures_agree_whatever_happens(hall: Hall) -> None:
    """Snapshot before and pushes = fresh snapshot, for the major incidents and for their parts."""
    kinds, crisis = live(hall.crisis), hall.crisis
    screens = [Screen(hall, kind) for kind in kinds]

    def agree() -> list[int]:
        for screen, kind in zip(screens, kinds, strict=True):
            screen.push()
            assert screen.picture == Screen(hall, kind).picture
        return [len(screen.picture) for screen in screens]

    major = hall.major()
    unit = hall.sent(major)
    assert agree() == [1, 0]
    goal = hall.do(lambda tx: crisis.set_objective(tx, major.id, "Etenn dife a"))
    one = hall.do(lambda tx: crisis.form_division(tx, major.id, "A"))
    two = hall.do(lambda tx: crisis.form_division(tx, major.id, "B"))
    hall.do(lambda tx: crisis.join_division(tx, major.id, one.id, unit.id))
    agree()
    hall.do(lambda tx: crisis.join_division(tx, major.id, two.id, unit.id))
    row = hall.do(lambda tx: crisis.plan_radio(tx, major.id, "K1"))
    hall.do(lambda tx: crisis.settle_objective(tx, major.id, goal.id, "met"))
    assert agree() == [1, 4]
    hall.do(lambda tx: crisis.remove_radio(tx, major.id, row.id))
    hall.do(lambda tx: crisis.set_period(tx, major.id))
    hall.do(lambda tx: crisis.set_period(tx, major.id, begins_at=tx.now + 3_600_000_000))
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
