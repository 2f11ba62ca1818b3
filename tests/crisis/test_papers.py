"""The forms of a major incident, on the screen and on paper, on a whole node."""

from io import BytesIO
from typing import Any

import msgspec
import pypdf
import pytest

from crisis.hall import CHIEF, Hall, declared, refused
from lanbi.core.time import SECOND
from lanbi.crisis.papers import service as papers
from lanbi.crisis.papers.forms import CODES
from lanbi.crisis.papers.service import Papers
from stores import VOCABULARY, Web

TRIES_MAX = 8


def paper(answer: Any) -> str:
    """What stands on the pages, without its spaces: they depend on where lines break."""
    assert answer.headers["content-type"] == "application/pdf", answer.text
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
    return "".join(text.split())


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


def test_the_log_of_a_period_long_over_is_whole(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "LOG_LINES_MAX", 4)
    major = hall.major()
    plan = hall.plan
    first = hall.do(lambda tx: plan.set_period(tx, major.id))
    for n in range(2):
        hall.do(lambda tx, n=n: plan.set_objective(tx, major.id, f"Premye {n}"))
    hall.clock.advance((first.ends_at - first.begins_at) // SECOND)
    for n in range(9):
        hall.do(lambda tx, n=n: plan.set_objective(tx, major.id, f"Apre {n}"))
    paper = Papers(hall.crisis, VOCABULARY, hall.around)
    ask = lambda item: hall.look(  # noqa: E731
        lambda reader: paper.form(reader, CHIEF, major.id, "214", lang="en", item_id=item)
    )
    told = str(ask(first.id))
    assert "Premye 0" in told and "Premye 1" in told
    assert "Apre" not in told
    newest = str(ask(None))
    assert "Apre 8" in newest and "Premye" not in newest


def test_what_is_no_form_is_refused_with_those_that_are(web: Web) -> None:
    path = declared(web)
    for asked in ("999", "201.doc", "999.pdf"):
        assert refused(web.get(f"{path}/forms/{asked}")) == (404, "form-none")
    assert refused(web.get(f"{path}/forms/201?lang=de")) == (422, "form-lang")
    nothing = "00000000-0000-7000-8000-000000000000"
    assert refused(web.get(f"{path}/forms/204?item={nothing}")) == (404, "major-item-none")
    assert refused(web.get(f"/majors/{nothing}/forms/201")) == (404, "major-none")
    assert refused(web.get(f"{path}/forms/201", role="administrator")) == (404, "major-none")
