"""Anonymous tips in the browser: a stranger, the triage desk, and back; nothing is left behind."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import ROOT, Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words
from lanbi.locales import hint

PHONE = {"width": 360, "height": 640}
PASSPHRASE = "senk mo ki pa gen rapò"
SAID = "Gen de kamyon ki dechaje zam nan ansyen depo a chak lendi swa"
AGENT = "Yon telefon ki pa sanble ak okenn lot/7.7"
NEW_PASSPHRASE = "senk lòt mo ki pa gen rapò"
REPLY = "Mèsi. Ki koulè kamyon yo?"
NEW_TEXT = "Yo siyale zam ki rive lannwit. Pwoche ak prekosyon."
AXE = Path(os.environ.get("LANBI_AXE") or ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TARGET_PX_MIN = 48
TEXTS = ROOT / "ui" / "src" / "tip" / "i18n"


def texts(lang: str) -> dict[str, str]:
    """The public page's own sentences."""
    lines = (TEXTS / f"{lang}.ftl").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" = ", 1) for line in lines if " = " in line)


HT, FR = texts("ht"), texts("fr")


@pytest.fixture(scope="module")
def centre(house: Room) -> Iterator[Room]:
    """The house with its compartment made, as a commander does it once."""
    chef = house.machine("commander")
    if chef.get("/tips/compartment")["id"] is None:
        chef.post("/tips/compartment", {"passphrase": PASSPHRASE})
    yield house


def stranger(seats: Seats, centre: Room, **settings: Any) -> Page:
    page = seats.page(centre.base, size=PHONE, user_agent=AGENT, **settings)
    page.goto("/tip")
    expect(page.get_by_role("heading", name=HT["title"], exact=True)).to_be_visible()
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def give(page: Page, text: str) -> str:
    """Sends a tip → the code that is shown."""
    page.get_by_label(HT["words"], exact=True).fill(text)
    press(page, HT["send"])
    expect(page.get_by_role("heading", name=HT["got-title"], exact=True)).to_be_visible()
    return "-".join(page.locator(".code span").all_inner_texts())


def follow(page: Page, code: str) -> None:
    press(page, HT["tab-follow"])
    page.get_by_label(HT["code"], exact=True).fill(code.lower().replace("-", " "))
    press(page, HT["open"])


def left_behind(page: Page) -> dict[str, Any]:
    kept = page.evaluate(
        "async () => ({local: localStorage.length, session: sessionStorage.length,"
        " databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length})"
        if page.url.startswith(("https", "http://127."))
        else "() => ({})"
    )
    return {**kept, "cookies": page.context.cookies()}


NOTHING = {"local": 0, "session": 0, "databases": 0, "caches": 0, "cookies": []}


def test_a_tip_goes_in_is_read_graded_and_answered_and_the_answer_is_read(
    centre: Room, seats: Seats, words: dict[str, Words]
) -> None:
    logged = centre.log.stat().st_size
    phone = stranger(seats, centre)
    code = give(phone, SAID)
    assert re.fullmatch(r"([0-9A-Z]{5}-){3}[0-9A-Z]{5}", code)
    press(phone, HT["wrote"])
    expect(phone.get_by_role("heading", name=HT["done-title"], exact=True)).to_be_visible()
    assert code not in phone.content()
    assert left_behind(phone) == NOTHING

    # The commander, in French, with the keys.
    floor = Floor(seats.sit(centre.base, "chef", path="/#/tips"), words["fr"])
    page = floor.page
    page.get_by_label(floor.words("tips-passphrase"), exact=True).fill(PASSPHRASE)
    page.keyboard.press("Enter")
    page.locator("[data-tip]").first.click()
    expect(page.get_by_role("heading", name=floor.words("tips-why"), exact=True)).to_be_visible()
    expect(page.get_by_text(SAID)).to_have_count(0)
    page.keyboard.press("1")
    expect(page.get_by_text(SAID, exact=True)).to_be_visible()
    page.keyboard.press("v")
    grade = floor.by("form", "tips-form-grade")
    for table, value in (("reliabilities", "F"), ("credibilities", "3"), ("assessment_confidences", "low")):
        grade.get_by_text(floor.words.label(table, value), exact=True).click()
    page.keyboard.press("Control+Enter")
    expect(grade).to_have_count(0)
    expect(page.locator("[data-tip]").first).to_contain_text("F3")
    page.keyboard.press("r")
    floor.by("form", "tips-form-reply").get_by_role("textbox").fill(REPLY)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(REPLY, exact=True)).to_be_visible()

    # The original is not passed on; words of the desk's own are.
    before = {row["id"] for row in centre.line.everything("/incidents")}
    page.keyboard.press("p")
    form = floor.by("form", "tips-form-pass")
    form.get_by_text(floor.words("tips-as-incident"), exact=True).click()
    form.get_by_label(floor.words("tips-pass-words"), exact=True).fill(SAID)
    page.keyboard.press("Control+Enter")
    expect(floor.said).to_contain_text(hint("fr", "tips-copied"))
    expect(form).to_be_visible()
    assert {row["id"] for row in centre.line.everything("/incidents")} == before
    form.get_by_label(floor.words("tips-pass-words"), exact=True).fill(NEW_TEXT)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=floor.words("tips-passed"), exact=True)).to_be_visible()
    assert [row["title"] for row in centre.line.everything("/incidents")].count(NEW_TEXT) == 1
    # Another passphrase: a wrong one is refused in its place, and what was typed stays.
    page.keyboard.press("f")
    change = floor.by("form", "tips-change")
    old, new, again = (
        change.get_by_label(floor.words(key), exact=True)
        for key in ("tips-passphrase-old", "tips-passphrase-new", "tips-passphrase-again")
    )
    old.fill("se pa sa menm menm")
    new.fill(NEW_PASSPHRASE)
    again.fill(NEW_PASSPHRASE)
    page.keyboard.press("Enter")
    expect(change.get_by_role("alert")).not_to_be_empty()
    expect(new).to_have_value(NEW_PASSPHRASE)
    old.fill(PASSPHRASE)
    page.keyboard.press("Enter")
    floor.heard("tips-did-change")
    page.keyboard.press("k")
    expect(page.get_by_text(SAID)).to_have_count(0)
    expect(page.get_by_label(floor.words("tips-passphrase"), exact=True)).to_be_visible()

    # Another day, another telephone.
    phone = stranger(seats, centre)
    follow(phone, code)
    expect(phone.get_by_text(REPLY, exact=True)).to_be_visible()
    expect(phone.get_by_text(SAID)).to_have_count(0)
    phone.get_by_label(HT["add"], exact=True).fill("Yo blan")
    press(phone, HT["add-send"])
    expect(phone.get_by_text(HT["added"], exact=True)).to_be_visible()
    assert left_behind(phone) == NOTHING

    # Nothing of it lies on the disk or in the log.
    for path in [centre.log, *centre.data.rglob("*")]:
        if path.is_file():
            held = path.read_bytes()
            for secret in (
                SAID,
                "dechaje zam",
                AGENT,
                code,
                code.replace("-", ""),
                REPLY,
                PASSPHRASE,
                NEW_PASSPHRASE,
            ):
                assert secret.encode() not in held, (path.name, secret)
    said = json.dumps(centre.audit.entries(), ensure_ascii=False)
    assert SAID not in said
    assert b"127.0.0.1" not in centre.log.read_bytes()[logged:]


def test_a_code_with_a_slip_is_noticed_and_one_that_opens_nothing_is_told_so(
    centre: Room, seats: Seats
) -> None:
    phone = stranger(seats, centre)
    press(phone, HT["tab-follow"])
    field = phone.get_by_label(HT["code"], exact=True)
    field.fill("0000000000000000000J")
    expect(phone.get_by_text(HT["code-wrong"], exact=True)).to_be_visible()
    expect(phone.get_by_role("button", name=HT["open"], exact=True)).to_be_disabled()
    field.fill("0" * 20)
    press(phone, HT["open"])
    expect(phone.get_by_role("heading", name=HT["unknown"], exact=True)).to_be_visible()


def test_one_leaves_at_once(centre: Room, seats: Seats) -> None:
    phone = stranger(seats, centre)
    phone.get_by_label(HT["words"], exact=True).fill(SAID)
    phone.keyboard.press("Escape")
    phone.keyboard.press("Escape")
    phone.wait_for_url("about:blank")
    phone = stranger(seats, centre)
    phone.get_by_role("button", name=re.compile(re.escape(HT["exit"]))).click()
    phone.wait_for_url("about:blank")


def test_without_javascript_it_is_slower_and_works(centre: Room, seats: Seats) -> None:
    page = seats.page(centre.base, size=PHONE, java_script_enabled=False)
    page.goto("/tip")
    page.get_by_role("link", name="Kreyòl", exact=True).click()
    page.locator("textarea[name=words]").first.fill("Yon lòt bagay")
    page.locator("form").first.get_by_role("button").click()
    code = page.locator(".code").inner_text()
    page.locator("input[name=code]").fill(code)
    page.locator("form").nth(1).get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert page.context.cookies() == []


def test_a_call_taker_writes_one_down_and_reads_out_the_code(
    centre: Room, seats: Seats, words: dict[str, Words]
) -> None:
    call = centre.ring()
    centre.line.post(f"/calls/{call['id']}/answer")
    floor = Floor(seats.sit(centre.base, "plas1", path="/#/tips"), words["ht"])
    page = floor.page
    form = floor.by("form", "tips-take")
    form.get_by_label(floor.words("tips-words"), exact=True).fill(
        "Gen moun ki kache zam. Rele m nan 3456 0142"
    )
    expect(form.get_by_text(floor.words("tips-personal"), exact=True)).to_be_visible()
    form.get_by_label(floor.words("tips-words"), exact=True).fill("Gen moun ki kache zam nan yon pi")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=floor.words("tips-code"), exact=True)).to_be_visible()
    assert not [kind for kind in centre.audit.kinds(f"call/{call['id']}") if "tip" in kind]
    floor.by("button", "tips-code-said").click()
    expect(page.locator(".code")).to_have_count(0)
    expect(page.locator("[data-tip]")).to_have_count(0)
    page.goto("/#/")
    centre.tidy()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_public_page_can_be_used_by_everybody(centre: Room, seats: Seats, scheme: Any) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not among the UI's packages (ui/node_modules/axe-core)")
    page = stranger(seats, centre, bypass_csp=True, color_scheme=scheme)
    axe = AXE.read_text(encoding="utf-8")

    def broken() -> list[str]:
        page.evaluate(axe)
        found = page.evaluate(
            "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations",
            WCAG,
        )
        return [f"{rule['id']}: {rule['nodes'][0]['target'][0]}" for rule in found]

    def small() -> list[str]:
        return page.evaluate(
            "(least) => [...document.querySelectorAll('button, a, input, textarea, summary')].map((e) =>"
            " [e.textContent.trim() || e.id, e.getBoundingClientRect()]).filter(([, b]) => b.height > 0 &&"
            " (b.height < least || b.width < least)).map(([name, b]) => `${name} ${b.width}×${b.height}`)",
            TARGET_PX_MIN,
        )

    assert broken() == []
    assert small() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for summary in page.locator("summary").all():
        summary.click()
    assert broken() == []
    give(page, "Yon tès")
    assert broken() == []
    assert small() == []
    press(page, HT["tab-follow"])
    assert broken() == []
    page.locator("button[lang=fr]").click()
    expect(page.get_by_role("heading", name=FR["follow-title"], exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
