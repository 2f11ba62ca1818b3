"""Servers as real processes, started and stopped by pid, and the load beside them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil

from bench.load import HOST, Asker, raise_file_limit
from bench.worker import Job

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 30.0
WORKER_GRACE_S = 180.0
COMMAND_TIMEOUT_S = 900.0
POLL_S = 0.01
SAID_BYTES_MAX = 2_000
HEALTH = "/api/v1/healthz"


class CannotRunError(Exception):
    """Why a bench gives no figure: said in the results, and the exit code tells."""


def environment() -> dict[str, str]:
    """The children's: they find `bench` wherever they are started."""
    path = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{path}" if path else str(ROOT),
        "LANBI_LANG": "en",
    }


def free_port() -> int:
    """A TCP port on loopback that nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def lanbi(*words: str) -> str:
    """Runs `lanbi` to its end and gives what it printed; `CannotRunError` if it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "lanbi", *words],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=COMMAND_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise CannotRunError(f"lanbi {words[0]}: {(done.stdout + done.stderr)[-SAID_BYTES_MAX:].strip()}")
    return done.stdout.strip()


def token(data: Path, role: str) -> str:
    """A bearer token of that role, from the folder of a node that is not running."""
    return lanbi("token", "--data", str(data), "--role", role, "--name", f"bench-{role}-{time.time_ns()}")


class Server:
    """A running server: its port, its process, and what the kernel says of it."""

    def __init__(self, words: list[str], port: int, health: str, log: Path) -> None:
        self.port = port
        self.health = health
        self._log = log
        raise_file_limit()
        self.started = time.perf_counter()
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                words, env=environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        self.pid = self._process.pid
        self.ready_s = 0.0

    def wait_ready(self) -> float:
        """Seconds from its start to the first healthy answer."""
        end = self.started + START_TIMEOUT_S
        while time.perf_counter() < end:
            if self._process.poll() is not None:
                break
            with contextlib.suppress(OSError), Asker(self.port) as asker:
                if asker.ask("GET", self.health)[0] == 200:
                    self.ready_s = time.perf_counter() - self.started
                    return self.ready_s
            time.sleep(POLL_S)
        self.stop()
        raise CannotRunError(f"the server did not start: {self.said()}")

    def said(self) -> str:
        """The end of what it printed."""
        return self._log.read_bytes()[-SAID_BYTES_MAX:].decode("utf-8", "replace").strip()

    def rss_mb(self) -> float:
        """Resident memory, in MB of 10⁶ bytes."""
        return psutil.Process(self.pid).memory_info().rss / 1e6

    def stop(self) -> None:
        """Asks it to end, and ends it if it does not."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


@contextlib.contextmanager
def node(data: Path) -> Iterator[Server]:
    """`lanbi serve` on a data folder; whoever enters waits for `ready_s`."""
    port = free_port()
    words = [sys.executable, "-m", "lanbi", "serve", "--data", str(data), "--port", str(port)]
    server = Server(words, port, HEALTH, data / "bench.log")
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def peer(module: str, folder: Path) -> Iterator[Server]:
    """A peer of `bench.peers`, one uvicorn process, its file in `folder`."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", f"bench.peers.{module}", str(folder), str(port)]
    server = Server(words, port, "/healthz", folder / "peer.log")
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()


def work(job: Job) -> dict[str, Any]:
    """Runs a job in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.worker"],
        env=environment(),
        input=msgspec.json.encode(job),
        capture_output=True,
        timeout=job.seconds + job.changes / max(job.rate_per_s, 0.1) + WORKER_GRACE_S,
        check=False,
    )
    if done.returncode:
        raise CannotRunError(
            f"the load failed: {done.stderr[-SAID_BYTES_MAX:].decode('utf-8', 'replace').strip()}"
        )
    result = msgspec.json.decode(done.stdout)
    if result.get("first_error"):
        raise CannotRunError(f"the server refused: {result['first_error']}")
    return result
