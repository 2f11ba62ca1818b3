"""`make demo`, as a stranger meets it: one click, a room at work, and the robots go on."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import NodeProcess, lanbi
from e2e.words import Words


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[NodeProcess]:
    """A demo of its own, its evening played ahead."""
    made = NodeProcess(tmp_path / "demo-data", verb="demo")
    try:
        made.start()
        yield made
    finally:
        made.close()


def test_a_stranger_comes_into_a_room_at_work_with_one_click(
    demo: NodeProcess, seats: Seats, words: dict[str, Words], tmp_path: Path
) -> None:
    shown = demo.log.read_text()
    accounts = httpx.get(f"{demo.base}/api/v1/demo/accounts", trust_env=False).json()["items"]
    assert {account["role"] for account in accounts} == {
        "call_taker", "dispatcher", "commander", "auditor", "analyst",
    }  # fmt: skip
    for account in accounts:
        assert f"{demo.base}/#demo={account['account']}" in shown

    page = seats.page(demo.base)
    floor = Floor(page, words["ht"])
    page.goto("/")
    way_in = floor.by("region", "signin-demo")
    expect(way_in).to_contain_text(floor.words("signin-demo-note"))
    way_in.get_by_role("button", name="Plas 2").click()
    floor.here()
    expect(page.locator("header.status")).to_contain_text(floor.words("demo"))
    assert floor.queue.locator("[data-incident]").count() >= 3
    assert floor.units.locator("[data-unit]").count() >= 8
    expect(floor.page.locator("#incident").get_by_role("heading").first).to_be_visible()
    # The robots go on: something happens that this page did not do.
    head = page.request.get(f"{demo.base}/api/v1/healthz").json()["head"]
    page.wait_for_function(
        "async (head) => (await (await fetch('/api/v1/healthz')).json()).head > head + 2", arg=head
    )

    other = seats.page(demo.base)
    other.goto("/#demo=odite")
    expect(other.locator("header.status")).to_contain_text("Oditè")
    assert "demo=" not in other.url
    copy = tmp_path / "evening.sqlite"
    assert lanbi("backup", "--data", demo.data, "--to", copy).returncode == 0
    assert lanbi("verify", copy).returncode == 0
