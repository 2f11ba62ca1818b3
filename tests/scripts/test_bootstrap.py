"""A machine with git, make and Python alone gets a uv that works, or a clear word; and never a wrong one."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import bootstrap

SCRIPTS = Path(bootstrap.__file__).resolve().parent
RUN_TIMEOUT_S = 300
OUT_OF_REACH = (
    "Name or service not known",
    "Temporary failure",
    "Connection refused",
    "unreachable",
    "timed out",
)


class Mirror(BaseHTTPRequestHandler):
    """A package index of the older kind, whose wheels are not what they say."""

    def do_GET(self) -> None:
        """The list of uv's files, or one of them."""
        name = bootstrap.uv_wheel_name()
        page = f'<a href="../../files/{name}#sha256=00">{name}</a>'.encode()
        body = page if self.path == "/simple/uv/" else b"not a wheel"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def mirror() -> Iterator[str]:
    """The address of a package index that hands out a wrong wheel."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()
        thread.join()


def fresh(folder: Path, *words: str, index: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a copy of the script in an empty checkout, by a Python without pip, in an empty environment."""
    (folder / "scripts").mkdir(parents=True, exist_ok=True)
    shutil.copy(SCRIPTS / "bootstrap.py", folder / "scripts")
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder / "home")}
    if index:
        env["PIP_INDEX_URL"] = index
    return subprocess.run(
        [sys.executable, "-I", "-S", "scripts/bootstrap.py", *words],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RUN_TIMEOUT_S,
        check=False,
    )


def test_without_pip_or_venv_a_working_uv_is_downloaded(tmp_path: Path) -> None:
    done = fresh(tmp_path, "--no-path", "--no-venv", "--no-pip", "uv", "--version")
    if done.returncode and any(words in done.stderr for words in OUT_OF_REACH):
        pytest.skip("the package index is out of reach")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"uv {bootstrap.UV_PIN}")
    again = fresh(tmp_path, "--no-path", "--no-venv", "--no-pip", "uv", "--version")
    assert again.stdout == done.stdout
    assert again.stderr == "", "what is there already is not fetched again"
    assert not (tmp_path / "home").exists(), "nothing is written outside the checkout"


def test_a_wheel_that_is_not_the_pinned_one_is_refused(tmp_path: Path, mirror: str) -> None:
    done = fresh(tmp_path, "--no-path", "--no-venv", "--no-pip", "where", index=mirror)
    assert done.returncode != 0
    assert "not the pinned one" in done.stderr
    assert "hint:" in done.stderr
    assert not (tmp_path / ".tools" / "bin" / "uv").exists()


def test_an_unknown_verb_names_those_that_exist(tmp_path: Path) -> None:
    done = fresh(tmp_path, "brew")
    assert done.returncode != 0
    assert "'brew'" in done.stderr
    assert "sync demo|test|bench" in done.stderr


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("uv 0.13.9 (x86_64-unknown-linux-gnu)\n", (0, 13, 9)),
        ("v20.19.2\n", (20, 19, 2)),
        ("uv 0.9.0-alpha.1", (0, 9, 0)),
        ("command not found", ()),
        ("", ()),
    ],
)
def test_versions_are_read_as_the_tools_say_them(said: str, version: tuple[int, ...]) -> None:
    assert bootstrap.version_of(said) == version
