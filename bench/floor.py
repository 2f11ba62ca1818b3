"""The watch floor in a real browser: first picture, key echo, a command seen on another screen, the map
while it moves, and memory over twelve hours played sixty times as fast.

Times are taken inside the pages, on the browser's own clock, which pages of one
machine share. Without a graphics card the browser draws in software: frames a
second say which it was.
"""

import contextlib
import gzip
import itertools
import os
import random
import re
import shutil
import threading
import time
from collections.abc import Iterator
from typing import Any

from bench.context import Bench, Context, median
from bench.load import Asker, quantile
from bench.processes import ROOT, CannotRunError, Server, node, token
from bench.results import Goal, Row, row

UNITS = 1_000
INCIDENTS = 500
WEST, SOUTH, EAST, NORTH = -72.40, 18.48, -72.20, 18.62
POSITIONS_PER_BATCH = 250
ACCOUNT, PASSWORD = "bench", "a long sentence for a bench"
LARGE = {"width": 1920, "height": 1080}
FIRST_ROUNDS, QUICK_FIRST_ROUNDS = 7, 3
KEYS, QUICK_KEYS = 200, 60
WARM_KEYS = 48
# A fast hand: twelve keys a second.
KEYS_EVERY_MS = 80
SETTLED_MS = 2_000
COMMANDS, QUICK_COMMANDS = 60, 20
MOVING_S, QUICK_MOVING_S = 8.0, 4.0
SOAK_SPEED = 60
SOAK_HOURS, QUICK_SOAK_HOURS = 12.0, 1.0
SOAK_UNITS = 40
SOAK_POSITIONS_EVERY_S = 10.0
SOAK_INCIDENTS_PER_HOUR = 50.0
SOAK_OPEN_MAX = 15
SOAK_SAMPLES = 24
WAIT_MS = 60_000

GOAL_FIRST = Goal("value", "<=", 2_000)
GOAL_ECHO = Goal("value", "<=", 50)
GOAL_SEEN = Goal("value", "<=", 300)
GOAL_FRAMES = Goal("value", ">=", 50)
GOAL_BUNDLE = Goal("value", "<=", 400)
BASELINE_PAGE = "an empty page of the same node"
BASELINE_FIELD = "a bare text field, same browser"
BASELINE_FULL = "the full map (MapLibre GL), same marks"
BASELINE_SIMPLE = "the simple map (2D canvas), same marks"
BASELINE_FLAT = "the same floor with nothing happening"

# Marks when the first incident has been drawn: two frames after it stands in the page.
FIRST_MARK = """
new MutationObserver((_, watch) => {
  if (!document.querySelector('[data-incident]')) return;
  watch.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => (window.__first = performance.now())));
}).observe(document, { childList: true, subtree: true });
"""
# From the key's own time to the frame after which its effect stands on the screen.
ECHO_MARK = """
window.__echo = [];
document.addEventListener('keydown', (e) => {
  const from = e.timeStamp;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.__echo.push(performance.now() - from);
    channel.port2.postMessage(0);
  });
}, true);
"""
# Notes when a row's priority changes: by incident, on the clock that all pages share.
SEEN_MARK = """
window.__seen = {};
const look = () => {
  for (const row of document.querySelectorAll('[data-incident]')) {
    const mark = row.querySelector('.p')?.textContent?.trim();
    const key = `${row.dataset.incident} ${mark}`;
    if (!(key in window.__seen)) window.__seen[key] = performance.timeOrigin + performance.now();
  }
};
const all = { subtree: true, childList: true, characterData: true, attributes: true };
new MutationObserver(look).observe(document.querySelector('#queue'), all);
look();
"""
SENT_MARK = """
document.addEventListener('keydown', (e) => {
  if (e.key === 'Enter') window.__sent = performance.timeOrigin + e.timeStamp;
}, { capture: true, once: true })
"""
DRAWN_BY = """
(() => {
  const gl = document.createElement('canvas').getContext('webgl2');
  const told = gl?.getExtension('WEBGL_debug_renderer_info');
  return told ? gl.getParameter(told.UNMASKED_RENDERER_WEBGL) : 'unknown';
})()
"""
FRAMES = """
(ms) => new Promise((done) => {
  const times = [];
  const from = performance.now();
  const step = (now) => {
    times.push(now);
    if (now - from < ms) requestAnimationFrame(step);
    else done(times);
  };
  requestAnimationFrame(step);
})
"""


def chromium() -> str:
    """Debian's Chromium, or Chrome under one of its names."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise CannotRunError("no Chromium on this machine: install Debian's package `chromium`")


@contextlib.contextmanager
def browser() -> Iterator[Any]:
    """One headless Chromium."""
    from playwright.sync_api import sync_playwright

    words = [
        "--enable-unsafe-swiftshader",
        "--disable-dev-shm-usage",
        "--no-proxy-server",
        "--js-flags=--expose-gc",
    ]
    if os.geteuid() == 0:
        words.append("--no-sandbox")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=words)
        try:
            yield started
        finally:
            started.close()


class Speaker:
    """Asks over a fresh connection each time: between two pictures the server closes idle ones."""

    def __init__(self, port: int, secret: str) -> None:
        self._port, self._secret = port, secret

    def json(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer; raises where it is a refusal."""
        with Asker(self._port, self._secret) as asker:
            return asker.json(method, path, body)


class House:
    """A furnished node: an account to sign in with, units and incidents all over the city."""

    def __init__(self, server: Server, keeper: str) -> None:
        self.server = server
        self.base = f"http://127.0.0.1:{server.port}"
        self._random = random.Random(7)
        self._keeper = Speaker(server.port, keeper)
        self._keeper.json(
            "POST",
            "/api/v1/accounts",
            {"login": ACCOUNT, "name": "Bench", "role": "dispatcher", "lang": "ht", "password": PASSWORD},
        )
        secret = self._keeper.json(
            "POST", "/api/v1/tokens", {"name": "radio", "role": "dispatcher", "lang": "en"}
        )
        self.radio = Speaker(server.port, secret["token"])
        self.units: list[str] = []

    def furnish(self, units: int, incidents: int) -> None:
        """So many units with a position each, so many open incidents with a place."""
        for _ in range(units):
            unit = {"callsign": f"M{len(self.units) + 1}", "kind": "ambulance", "crew": 2}
            self.units.append(self._keeper.json("POST", "/api/v1/units", unit)["id"])
        self.move(self.units)
        for n in range(incidents):
            self.open(f"P{n % 4 + 1}")

    def spot(self) -> dict[str, float]:
        """Somewhere in the city."""
        return {"lat": self._random.uniform(SOUTH, NORTH), "lon": self._random.uniform(WEST, EAST)}

    def open(self, priority: str) -> dict[str, Any]:
        """One more incident."""
        area = {
            **self.spot(),
            "radius_m": 150,
            "source": "map",
            "confidence": "likely",
            "words": "bò mache a",
        }
        return self.radio.json(
            "POST", "/api/v1/incidents", {"type": "bleeding", "priority": priority, "area": area}
        )

    def move(self, units: list[str]) -> None:
        """Each of these reports a new position, now."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        for start in range(0, len(units), POSITIONS_PER_BATCH):
            batch = [
                {"unit_id": unit, "at": at, **self.spot(), "accuracy_m": 8}
                for unit in units[start : start + POSITIONS_PER_BATCH]
            ]
            self.radio.json("POST", "/api/v1/tracks/batch", {"positions": batch})


def sit(started: Any, house: House, *scripts: str, path: str = "/") -> Any:
    """A page of a fresh context, signed in, going to `path`."""
    context = started.new_context(base_url=house.base, viewport=LARGE, bypass_csp=True)
    context.set_default_timeout(WAIT_MS)
    for script in scripts:
        context.add_init_script(script)
    page = context.new_page()
    answer = page.request.post(
        "/api/v1/session", data={"account": ACCOUNT, "password": PASSWORD}, headers={"Origin": house.base}
    )
    if not answer.ok:
        raise CannotRunError(f"no way to sign in: {answer.text()[:300]}")
    page.goto(path)
    return page


def _first_picture(started: Any, house: House, rounds: int) -> list[Row]:
    ours, theirs = [], []
    for _ in range(rounds):
        page = sit(started, house, FIRST_MARK)
        page.wait_for_function("window.__first")
        ours.append(float(page.evaluate("window.__first")))
        page.context.close()
        bare = sit(started, house, path="/lanbi.svg")
        theirs.append(
            float(
                bare.evaluate(
                    "performance.getEntriesByType('navigation')[0].loadEventEnd || performance.now()"
                )
            )
        )
        bare.context.close()
    return [
        row(
            f"floor: first picture, {INCIDENTS} incidents and {UNITS:,} units",
            median(ours),
            "ms",
            goal=GOAL_FIRST,
            baseline=BASELINE_PAGE,
            baseline_value=median(theirs),
            rounds=ours,
            note="cold cache, from navigation until the first incident is drawn",
        )
    ]


def _echo(started: Any, house: House, keys: int) -> list[Row]:
    def typed(page: Any, count: int) -> list[float]:
        page.evaluate(ECHO_MARK)
        line = "D 17 M21 M22 M105 "
        for n in range(WARM_KEYS + count):
            page.keyboard.press("Backspace" if n % (len(line) + 6) > len(line) else line[n % len(line)])
            page.wait_for_timeout(KEYS_EVERY_MS)
        page.wait_for_function(f"window.__echo.length >= {WARM_KEYS + count}")
        return sorted(page.evaluate("window.__echo")[WARM_KEYS:])

    page = sit(started, house)
    page.wait_for_selector("[data-incident]")
    page.wait_for_selector(".map canvas")
    page.wait_for_timeout(SETTLED_MS)
    page.keyboard.press("F2")
    ours = typed(page, keys)
    page.context.close()
    bare = started.new_page(viewport=LARGE)
    bare.set_content("<input>")
    bare.focus("input")
    theirs = typed(bare, keys)
    bare.context.close()
    return [
        row(
            "floor: a key on the command line until its echo is drawn, p95",
            quantile(ours, 0.95),
            "ms",
            goal=GOAL_ECHO,
            baseline=BASELINE_FIELD,
            baseline_value=quantile(theirs, 0.95),
            note=f"{keys} keys, {1000 // KEYS_EVERY_MS} a second, after {WARM_KEYS} others; {INCIDENTS} "
            f"incidents and {UNITS:,} units; p50 {quantile(ours, 0.5):.1f} ms",
        )
    ]


def _seen(started: Any, house: House, commands: int) -> list[Row]:
    writer, reader = sit(started, house), sit(started, house)
    for page in (writer, reader):
        page.wait_for_selector("[data-incident]")
    reader.evaluate(SEEN_MARK)
    opened = [house.open("P3")["number"] for _ in range(commands)]
    took = []
    for number in opened:
        reader.wait_for_function(f"'{number} P3' in window.__seen")
        writer.keyboard.press("F2")
        writer.keyboard.type(f"PR {number} 1")
        writer.evaluate(SENT_MARK)
        writer.keyboard.press("Enter")
        reader.wait_for_function(f"'{number} P1' in window.__seen")
        took.append(reader.evaluate(f"window.__seen['{number} P1']") - writer.evaluate("window.__sent"))
    for page in (writer, reader):
        page.context.close()
    took.sort()
    return [
        row(
            "floor: Enter on one screen until the row stands on another, p95",
            quantile(took, 0.95),
            "ms",
            goal=GOAL_SEEN,
            baseline="the same, median",
            baseline_value=quantile(took, 0.5),
            note=f"{commands} commands, committed on disk, two browser windows",
        )
    ]


def _moving(started: Any, house: House, seconds: float) -> list[Row]:
    def frames(page: Any) -> tuple[float, float]:
        canvas = page.wait_for_selector(".map canvas")
        page.wait_for_timeout(3_000)
        box = canvas.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y + box["height"] / 3)
        page.mouse.down()
        handle = page.evaluate_handle(
            f"({FRAMES})({seconds * 1000}).then((t) => (window.__frames = t))  && 0"
        )
        end = time.monotonic() + seconds
        n = 0
        while time.monotonic() < end:
            n += 1
            page.mouse.move(
                x + 120 * (1 if n // 40 % 2 else -1) * (n % 40) / 40, y + box["height"] / 3 + n % 7
            )
        page.mouse.up()
        handle.dispose()
        page.wait_for_function("window.__frames")
        times = page.evaluate("window.__frames")
        gaps = sorted(b - a for a, b in itertools.pairwise(times))
        return 1000 * len(gaps) / (times[-1] - times[0]), quantile(gaps, 0.95)

    stop = threading.Event()

    def drive() -> None:
        n = 0
        while not stop.wait(0.5):
            house.move(house.units[n % 10 :: 10])
            n += 1

    def measured(*scripts: str) -> tuple[float, float, str]:
        page = sit(started, house, *scripts, path="/#/map")
        page.wait_for_selector(".map canvas")
        gpu = page.evaluate(DRAWN_BY)
        found = frames(page)
        page.context.close()
        return *found, gpu

    driver = threading.Thread(target=drive)
    driver.start()
    try:
        # What this machine's people get without choosing, and beside it the other way to draw.
        ours, gap, gpu = measured()
        software = "SwiftShader" in gpu or "llvmpipe" in gpu or gpu == "unknown"
        other = "full" if software else "simple"
        theirs, their_gap, _ = measured(
            f"if (location.protocol === 'http:') localStorage.setItem('lanbi.map.drawing', '{other}')"
        )
    finally:
        stop.set()
        driver.join()
    return [
        row(
            f"floor: map while moving, {UNITS:,} units and {INCIDENTS} incidents",
            ours,
            "frames/s",
            goal=GOAL_FRAMES,
            baseline=BASELINE_FULL if software else BASELINE_SIMPLE,
            baseline_value=theirs,
            ratio=ours / theirs if theirs else None,
            note=f"p95 between frames {gap:.0f} ms, baseline {their_gap:.0f} ms; 200 new positions a second; "
            + ("no graphics card" if software else gpu[:60]),
        )
    ]


def _soak(context: Context, started: Any, house: House, hours: float) -> list[Row]:
    """Twelve hours of work at sixty times the pace: the page's heap after each collection."""
    page = sit(started, house)
    page.wait_for_selector("#queue")
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.enable")
    seconds = hours * 3600 / SOAK_SPEED
    stop = threading.Event()
    done = {"incidents": 0, "positions": 0}

    def work() -> None:
        standing: list[str] = []
        rng = random.Random(11)
        next_incident = next_move = time.monotonic()
        while not stop.is_set():
            now = time.monotonic()
            if now >= next_move:
                house.move(house.units)
                done["positions"] += len(house.units)
                next_move = max(now, next_move + SOAK_POSITIONS_EVERY_S / SOAK_SPEED)
            if now >= next_incident:
                standing.append(house.open(f"P{rng.randint(1, 4)}")["id"])
                done["incidents"] += 1
                if len(standing) > SOAK_OPEN_MAX:
                    old = standing.pop(rng.randrange(len(standing) // 2))
                    house.radio.json("POST", f"/api/v1/incidents/{old}/close", {"disposition": "resolved"})
                next_incident += rng.expovariate(SOAK_INCIDENTS_PER_HOUR * SOAK_SPEED / 3600)
            stop.wait(max(0.0, min(next_move, next_incident) - time.monotonic()))

    worker = threading.Thread(target=work)
    worker.start()
    points: list[tuple[float, float]] = []
    from_ = time.monotonic()
    try:
        for sample in range(1, SOAK_SAMPLES + 1):
            page.wait_for_timeout(
                max(0.0, 1000 * (from_ + seconds * sample / SOAK_SAMPLES - time.monotonic()))
            )
            devtools.send("HeapProfiler.collectGarbage")
            used = devtools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
            points.append(((time.monotonic() - from_) * SOAK_SPEED / 3600, used))
            context.say(f"floor: {points[-1][0]:.1f} of {hours:g} simulated hours, heap {used:.1f} MB")
    finally:
        stop.set()
        worker.join()
    page.context.close()
    # The first quarter fills what is bounded: journal pages, outcomes, drafts, compiled code.
    settled = points[len(points) // 4 :]
    return [
        row(
            f"floor: heap of one screen over {hours:g} simulated hours, slope",
            slope(settled) * 1000,
            "kB/h",
            goal=Goal("value", "<=", 100),
            baseline="heap in use at the end, MB",
            baseline_value=points[-1][1],
            note=f"×{SOAK_SPEED}, {done['incidents']} incidents, {done['positions']:,} positions; "
            f"{points[0][1]:.1f} → {points[-1][1]:.1f} MB",
        )
    ]


def slope(points: list[tuple[float, float]]) -> float:
    """Least squares: how much y grows for one of x."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def _bundle() -> list[Row]:
    static = ROOT / "src" / "lanbi" / "web" / "static"
    page = (static / "index.html").read_text()
    asked = [
        static / name.lstrip("/") for name in re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', page)
    ]
    packed = lambda path: len(gzip.compress(path.read_bytes(), 9)) / 1000  # noqa: E731
    first = sum(packed(path) for path in asked)
    all_of_it = sum(
        packed(path)
        for path in (static / "assets").iterdir()
        if path.suffix in {".js", ".css"} and not path.name.startswith(("MapView", "maplibre"))
    )
    return [
        row(
            "floor: screens, gzip, without the map library",
            all_of_it,
            "kB",
            goal=GOAL_BUNDLE,
            baseline="what the first picture needs of it, kB",
            baseline_value=first,
            note="all screens in four languages; fonts apart",
        )
    ]


def run(context: Context) -> list[Row]:
    """All of it, on one node with a full city, and the soak on a node of its own."""
    if not (ROOT / "src" / "lanbi" / "web" / "static" / "index.html").is_file():
        raise CannotRunError("the screens are not built: run `make ui`")
    quick = context.quick
    data = context.fresh("floor")
    keeper = token(data, "administrator")
    rows: list[Row] = _bundle()
    with node(data) as server, browser() as started:
        house = House(server, keeper)
        context.say(f"floor: {UNITS:,} units and {INCIDENTS} incidents")
        house.furnish(UNITS, INCIDENTS)
        context.step(1, 6)
        for done, (what, part) in enumerate(
            (
                (
                    "the first picture",
                    lambda: _first_picture(started, house, QUICK_FIRST_ROUNDS if quick else FIRST_ROUNDS),
                ),
                ("keys on the command line", lambda: _echo(started, house, QUICK_KEYS if quick else KEYS)),
                (
                    "commands seen elsewhere",
                    lambda: _seen(started, house, QUICK_COMMANDS if quick else COMMANDS),
                ),
                (
                    "the map while it moves",
                    lambda: _moving(started, house, QUICK_MOVING_S if quick else MOVING_S),
                ),
            ),
            start=2,
        ):
            context.say(f"floor: {what}")
            rows += part()
            context.step(done, 6)
    data = context.fresh("floor-soak")
    keeper = token(data, "administrator")
    with node(data) as server, browser() as started:
        house = House(server, keeper)
        house.furnish(SOAK_UNITS, 5)
        rows += _soak(context, started, house, QUICK_SOAK_HOURS if quick else SOAK_HOURS)
    context.step(6, 6)
    return rows


BENCH = Bench("floor", "the watch floor in a real browser: first picture, echo, map, memory", run)
