"""The first shift, in the demo: it goes on by what the learner really does, from the ring to the end."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import NodeProcess
from e2e.words import Words

# Robots drive, and do so at their own pace.
CREW_MS = 180_000


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[NodeProcess]:
    """A demo of its own, its evening played ahead."""
    made = NodeProcess(tmp_path / "demo-data", verb="demo")
    try:
        made.start()
        yield made
    finally:
        made.close()


def test_a_stranger_learns_the_main_job_by_doing_it(
    demo: NodeProcess, seats: Seats, words: dict[str, Words]
) -> None:
    page = seats.page(demo.base)
    floor = Floor(page, words["ht"])
    page.goto("/")
    floor.by("button", "lesson-offer").click()
    strip = floor.by("region", "lesson-title")
    expect(strip).to_contain_text("1/")
    # Left for later and taken up again, over a reload.
    floor.by("button", "lesson-leave").click()
    page.reload()
    floor.by("button", "lesson-resume").click()
    number = re.search(r"\d+", strip.locator(".say b").first.inner_text())
    assert number is not None

    call = next(
        c
        for c in page.request.get(f"{demo.base}/api/v1/calls?limit=50").json()["items"]
        if c["number"] == int(number.group())
    )
    answered = page.request.post(
        f"{demo.base}/api/v1/calls/{call['id']}/answer", data={}, headers={"Origin": demo.base}
    )
    assert answered.ok, answered.text()
    expect(strip).to_contain_text(floor.words("lesson-step-place"))
    expect(strip).to_contain_text(floor.words("lesson-caller"))
    page.keyboard.press("i")
    type_label = floor.words.label("incident_types", "pedestrian_hit")
    floor.command(f"n type:{type_label} loc:deye legliz sen pye pr:1")
    expect(strip).to_contain_text(re.compile(r"4/"))
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    floor.command("rec")
    expect(page.locator("[data-send]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(strip).to_contain_text(floor.words("lesson-step-follow"))
    floor.command("a timoun nan pale, li gen yon pye kase")
    expect(strip).not_to_contain_text(floor.words("lesson-step-follow"), timeout=CREW_MS)
    incident = next(
        c["incident_id"]
        for c in page.request.get(f"{demo.base}/api/v1/calls?limit=50").json()["items"]
        if c["id"] == call["id"]
    )
    number_text = str(page.request.get(f"{demo.base}/api/v1/incidents/{incident}").json()["number"])
    expect(strip).to_contain_text(floor.words("lesson-step-close", incident=number_text, number=""))
    floor.by("button", "lesson-skip").click()
    floor.command("ho")
    expect(strip).to_contain_text(floor.words("lesson-done"))
    expect(strip).to_contain_text(floor.words.label("clocks", "answer"))
    floor.by("button", "lesson-end").click()
    expect(strip).to_be_hidden()
