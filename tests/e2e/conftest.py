"""Rooms to sit in, and a browser that tells on them: no request leaves the node, no script fails."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from e2e.nodes import PASSWORD, SEATS, Room
from e2e.words import Words

ROOT = Path(__file__).resolve().parents[2]
SCREENS_BUILT = ROOT / "src" / "lanbi" / "web" / "static" / "index.html"
WAIT_MS = 15_000
LARGE = {"width": 1920, "height": 1080}
SMALL = {"width": 1366, "height": 768}
CHROMIUM_WORDS = ["--disable-dev-shm-usage", "--no-proxy-server"]
# Without a graphics card the full map is drawn too, at the price of a core.
DRAWS = ["--enable-unsafe-swiftshader"]
# Without WebGL the map is the simple one, and everything must work.
BLIND = ["--disable-3d-apis", "--disable-gpu"]
# As somebody chooses who wants every street, whatever the machine.
FULL_MAP = "if (location.protocol === 'http:') localStorage.setItem('lanbi.map.drawing', 'full')"
# What a cut link makes the browser itself write.
HARMLESS = re.compile(r"Failed to load resource|net::ERR_|WebSocket connection|WebGL|GPU stall|Performance")

expect.set_options(timeout=WAIT_MS)


class Browsers:
    """One Chromium that draws the full map and one that cannot, for all tests; begun when first asked for."""

    def __init__(self, playwright: Playwright, path: str) -> None:
        self._playwright, self._path = playwright, path
        self._open: dict[bool, Browser] = {}

    def get(self, *, draws: bool) -> Browser:
        if draws not in self._open:
            words = [*CHROMIUM_WORDS, *(DRAWS if draws else BLIND)]
            words += ["--no-sandbox"] if os.geteuid() == 0 else []
            self._open[draws] = self._playwright.chromium.launch(executable_path=self._path, args=words)
        return self._open[draws]

    def close(self) -> None:
        for chromium in self._open.values():
            chromium.close()


@pytest.fixture(scope="session")
def browsers(chromium_path: str) -> Iterator[Browsers]:
    """The session's browsers; each test has contexts of its own."""
    if not SCREENS_BUILT.exists():
        pytest.skip("the screens are not built (make ui)")
    with sync_playwright() as playwright:
        made = Browsers(playwright, chromium_path)
        yield made
        made.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One room on SQLite for all tests that leave it standing."""
    made = Room(tmp_path_factory.mktemp("room") / "node")
    try:
        made.begin()
        yield made
    finally:
        made.close()


@pytest.fixture
def room(house: Room) -> Iterator[Room]:
    """The house, quiet, and quiet again afterwards."""
    yield house
    house.tidy()


@pytest.fixture(scope="session")
def words(house: Room) -> dict[str, Words]:
    """The room's words, by language."""
    vocabulary = house.line.get("/vocabulary")
    return {lang: Words(lang, vocabulary) for lang in ("ht", "fr", "es", "en")}


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source, or a skip."""
    source = Path(os.environ.get("LANBI_AXE") or ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js")
    if not source.exists():
        pytest.skip("axe-core is not among the UI's packages (ui/node_modules/axe-core)")
    return source.read_text(encoding="utf-8")


class Seats:
    """Opens pages on nodes, and in the end says what they did that no page may do."""

    def __init__(self, browsers: Browsers, *, draws: bool) -> None:
        self._browsers, self._draws = browsers, draws
        self._contexts: list[BrowserContext] = []
        self._foreign: list[str] = []
        self._faults: list[str] = []

    def page(self, base: str, *, size: dict[str, int] = SMALL, **settings: Any) -> Page:
        """A page of a fresh browser context, nowhere yet; `goto("/")` is the node."""
        context = self._browsers.get(draws=self._draws).new_context(
            base_url=base,
            viewport=size,  # pyright: ignore[reportArgumentType]
            reduced_motion="reduce",
            locale="en-US",
            **settings,
        )
        context.set_default_timeout(WAIT_MS)
        if self._draws:
            context.add_init_script(FULL_MAP)
        self._contexts.append(context)
        context.on("request", lambda request: self._look(base, request.url))
        context.on("weberror", lambda error: self._faults.append(str(error.error)))
        context.on(
            "console",
            lambda message: (
                self._faults.append(message.text)
                if message.type == "error" and not HARMLESS.search(message.text)
                else None
            ),
        )
        page = context.new_page()
        page.on("websocket", lambda socket: self._look(base, socket.url.replace("ws://", "http://")))
        return page

    def _look(self, base: str, url: str) -> None:
        if not url.startswith((f"{base}/", "data:", "blob:")):
            self._foreign.append(url)

    def sit(self, base: str, login: str, *, path: str = "/", **settings: Any) -> Page:
        """A page where somebody has signed in already, on the floor."""
        page = self.page(base, **settings)
        lang = next((seat[3] for seat in SEATS if seat[0] == login), "ht")
        # An account keeps the language chosen last, by whatever test; a browser's own choice goes first.
        page.context.add_init_script(
            "if (location.protocol === 'http:' && !localStorage.getItem('lanbi.lang'))"
            f" localStorage.setItem('lanbi.lang', '{lang}')"
        )
        answer = page.request.post(
            f"{base}/api/v1/session", data={"account": login, "password": PASSWORD}, headers={"Origin": base}
        )
        assert answer.ok, answer.text()
        page.goto(path)
        return page

    def end(self) -> None:
        """Closes all, and fails where a page asked somebody else or a script of it failed."""
        for context in self._contexts:
            context.close()
        foreign, faults = self._foreign, self._faults
        self._contexts, self._foreign, self._faults = [], [], []
        assert foreign == [], "the browser asked somebody else"
        assert faults == [], "the page failed"


@pytest.fixture
def seats(browsers: Browsers, request: pytest.FixtureRequest) -> Iterator[Seats]:
    """Seats of one test, with the full map where it is marked `draws`.

    When it is over, every request must have gone to the node itself.
    """
    made = Seats(browsers, draws=request.node.get_closest_marker("draws") is not None)
    yield made
    made.end()
