"""What every test may ask for: a real PostgreSQL, a real Chromium; and the honest end of a run.

Ask for `postgres_database` (a fresh database's URL, migrated), `empty_postgres` (one without a table),
`postgres_url` (the cluster's own), `new_postgres` (a cluster of your own, to kill), `chromium_path`,
`screens`, `wait_until`. A test that asks for one of the first four is marked `postgres`, for one of the next
two `browser`: by the fixture's name here, or by hand when it is asked for at run time. Where the program is
missing, the test skips, and the end of the run says so.
"""

from __future__ import annotations

import gc
import os
import pickle
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import tomllib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest

from blanks import lay_postgres
from test_needs import find_chromium, find_postgres

INITDB_TIMEOUT_S = 60
PG_START_TIMEOUT_S = 60
PG_STOP_TIMEOUT_S = 30
WAIT_STEP_S = 0.02

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("dev", deadline=None, max_examples=50)
hypothesis.settings.register_profile("fuzz", deadline=None, max_examples=5_000)
hypothesis.settings.load_profile(os.environ.get("LANBI_HYPOTHESIS") or "ci")


# ------------------------------------------------------------------------ time

# A run makes hundreds of nodes, and half of making one was to parse the shipped tables and cards, the same
# text again. Everybody gets a copy of their own.
_parse = tomllib.loads


@lru_cache(maxsize=256)
def _parsed(text: str) -> bytes:
    return pickle.dumps(_parse(text))


tomllib.loads = lambda text, /, **how: _parse(text, **how) if how else pickle.loads(_parsed(text))  # noqa: S301


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: nobody need look for rubbish among it."""
    gc.collect()
    gc.freeze()


# ------------------------------------------------------------------------ order and end

NEEDED_BY = {
    "postgres_database": "postgres",
    "empty_postgres": "postgres",
    "postgres_url": "postgres",
    "new_postgres": "postgres",
    "chromium_path": "browser",
    "screens": "browser",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by what is asked for; the browser's tests last: while one is open, its driver's event loop runs in
    this thread, and a test that runs one of its own could not."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in NEEDED_BY:
                item.add_marker(NEEDED_BY[fixture])
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Iterator[None]:
    """Say loudly, just above the closing line, what could not run and why."""
    yield
    looked = [
        f"{value} ({report.nodeid.rsplit('::', 1)[-1].split('@')[0]})"
        for reports in (terminalreporter.stats.get("passed", []), terminalreporter.stats.get("failed", []))
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "looked_at" and report.when == "call"
    ]
    if looked:
        terminalreporter.section("the guards looked at", sep="-")
        for line in looked:
            terminalreporter.line(f"  {line}")
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        words = words.removeprefix("Skipped: ")
        reasons[words] = reasons.get(words, 0) + 1
    lines = [f"{count:5d} × {words}" for words, count in sorted(reasons.items())]
    lines += [f"  all of {name}" for name in os.environ.get("LANBI_PARTS_NOT_RUN", "").split("\n") if name]
    failed = [name for name in os.environ.get("LANBI_PARTS_FAILED", "").split("\n") if name]
    if lines:
        terminalreporter.section("COULD NOT RUN", sep="!", yellow=True, bold=True)
        for line in lines:
            terminalreporter.line(line, yellow=True)
    if failed:
        terminalreporter.section("FAILED BEFORE THE TESTS", sep="!", red=True, bold=True)
        terminalreporter.line(f"  {', '.join(failed)}: see above", red=True)


# ------------------------------------------------------------------------ waiting


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., Any]:
    """`wait_until(ask, "what is awaited", within_s=10)`: the first true answer of `ask()`, else a failure."""

    def wait(ask: Callable[[], Any], what: str, within_s: float = 10.0) -> Any:
        end = time.monotonic() + within_s
        while True:
            answer = ask()
            if answer:
                return answer
            if time.monotonic() > end:
                pytest.fail(f"after {within_s} s still not: {what}")
            time.sleep(WAIT_STEP_S)

    return wait


# ------------------------------------------------------------------------ PostgreSQL


class Postgres:
    """A private PostgreSQL cluster on a unix socket, in its own folder, run by a user who is not root.

    The server is a child of this process: killed, it is gone at once, whatever process 1 does about orphans.
    """

    def __init__(self, programs: Path, *, fsync: bool = True) -> None:
        self.programs = programs
        self.settings = {
            "listen_addresses": "",
            "fsync": "on" if fsync else "off",
            "max_connections": "60",
            "shared_buffers": "32MB",
        }
        # Not under pytest's own folder: that one is closed to every other user.
        self.home = Path(tempfile.mkdtemp(prefix="lanbi-pg-"))
        self.data = self.home / "data"
        self.server: subprocess.Popen[Any] | None = None
        self.as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            user = names.get("postgres") or names["nobody"]
            os.chown(self.home, user.pw_uid, user.pw_gid)
            self.as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        made = subprocess.run(
            [
                *(str(programs / "initdb"), "-D", str(self.data), "-U", "lanbi"),
                *("-A", "trust", "-E", "UTF8", "--locale=C"),
            ],
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INITDB_TIMEOUT_S,
            check=False,
            **self.as_user,
        )
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stderr}")

    def url(self, database: str = "postgres") -> str:
        """A URL that psycopg takes, for one of the cluster's databases."""
        return f"postgresql://lanbi@/{database}?host={self.home}"

    def start(self) -> None:
        """Start, and return when connections are taken. Also after `kill`: the cluster recovers."""
        words = [f"-c{name}={value}" for name, value in self.settings.items()]
        end = time.monotonic() + PG_START_TIMEOUT_S
        while True:
            if (
                self.server is None or self.server.poll() is not None
            ):  # or a killed one's children still linger
                with (self.home / "log").open("wb") as log:
                    self.server = subprocess.Popen(
                        [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.home), *words],
                        cwd=self.home,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        **self.as_user,
                    )
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    said = (self.home / "log").read_text()[-2000:]
                    raise RuntimeError(f"PostgreSQL did not start:\n{said}") from None
                time.sleep(WAIT_STEP_S)
            else:
                return

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self.server is not None, "start it first"
        return self.server.pid

    def end(self, sign: int) -> None:
        """Signal the server and wait for its end: SIGINT stops, SIGQUIT crashes, SIGKILL kills it."""
        if self.server is None:
            return
        if self.server.poll() is None:
            self.server.send_signal(sign)
            try:
                self.server.wait(PG_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        self.server = None

    def stop(self) -> None:
        """Stop in good order, connections cut."""
        self.end(signal.SIGINT)

    def kill(self) -> None:
        """As a power cut would."""
        self.end(signal.SIGKILL)

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.end(signal.SIGQUIT)
        shutil.rmtree(self.home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    """The folder of initdb, pg_ctl and postgres, or a skip."""
    found = find_postgres()
    if found is None:
        pytest.skip("PostgreSQL's programs are not installed (apt install postgresql)")
    return found


@pytest.fixture(scope="session")
def postgres(postgres_programs: Path) -> Iterator[Postgres]:
    """One running cluster for this worker, begun when first asked for.

    It does not wait for the disk: what survives a kill is asked of clusters that do (`new_postgres`).
    """
    cluster = Postgres(postgres_programs, fsync=False)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """The URL of this worker's cluster, at its own database `postgres`."""
    return postgres.url()


@contextmanager
def database(postgres: Postgres, template: str) -> Iterator[str]:
    """The URL of a new database like the template, dropped in the end."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(postgres.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    yield postgres.url(name)
    with psycopg.connect(postgres.url(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of a migrated database that nobody is connected to."""
    with psycopg.connect(postgres.url(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE migrated")
    lay_postgres(postgres.url("migrated"))
    return "migrated"


@pytest.fixture
def postgres_database(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh database, migrated and empty, dropped after the test."""
    with database(postgres, postgres_template) as url:
        yield url


@pytest.fixture
def empty_postgres(postgres: Postgres) -> Iterator[str]:
    """The URL of a fresh database without a table, dropped after the test."""
    with database(postgres, "template0") as url:
        yield url


@pytest.fixture
def new_postgres(postgres_programs: Path) -> Iterator[Callable[..., Postgres]]:
    """`new_postgres(fsync=True)`: a started cluster of the test's own, to kill and start again."""
    made: list[Postgres] = []

    def make(*, fsync: bool = True) -> Postgres:
        cluster = Postgres(postgres_programs, fsync=fsync)
        made.append(cluster)
        cluster.start()
        return cluster

    yield make
    for cluster in made:
        cluster.remove()


# ------------------------------------------------------------------------ browser


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium to hand to Playwright's `launch(executable_path=…)`, or a skip."""
    found = find_chromium()
    if found is None:
        pytest.skip("there is no Chromium (apt install chromium, or LANBI_CHROMIUM=/path)")
    return found


@pytest.fixture(scope="session")
def screens() -> Callable[[Any, str], None]:
    """`screens(page, "floor-ht")` keeps a picture in the folder that LANBI_SCREENS names, if it does."""
    folder = os.environ.get("LANBI_SCREENS")

    def keep(page: Any, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return keep
