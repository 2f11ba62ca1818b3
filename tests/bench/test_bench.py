"""What `make bench` owes to whoever reads its table: that it counts rightly, and says so when it cannot.

Every promise is tried on the programs themselves, in processes of their own; no test looks at a time.
"""

import hashlib
import importlib.util
import json
import os
import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 90
ROW = {
    "name",
    "value",
    "unit",
    "baseline",
    "baseline_value",
    "ratio",
    "goal",
    "met",
    "rounds",
    "note",
}


def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Runs Python in the checkout."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def work(**job: Any) -> subprocess.CompletedProcess[str]:
    """Lets the load generator do a job."""
    return run("-m", "bench.worker", given=json.dumps({"pid": os.getpid(), **job}))


# ---------------------------------------- the table


def test_results_say_goal_and_verdict_for_programs(tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    done = run(
        "-c",
        f"""
from pathlib import Path
from bench.results import Failure, Goal, Results, row, write
rows = [
    row("met at the limit", 150.0, "ms", goal=Goal("value", "<=", 150)),
    row("just missed", 150.0001, "ms", goal=Goal("value", "<=", 150)),
    row("against another", 30, "/s", goal=Goal("ratio", ">=", 10), baseline="it", baseline_value=3, ratio=10),
    row("nothing to compare", 30, "/s", goal=Goal("ratio", ">=", 10)),
    row("no goal", 1, "s"),
]
results = Results(schema=1, started_at="", seconds=1, quick=True, benches=[], machine={{}}, rows=rows,
                  failures=[Failure("start", "no disk")])
write(results, Path({str(target)!r}))
""",
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(target.read_text("utf-8"))
    assert set(results) == {
        *("schema", "started_at", "seconds", "quick", "benches", "machine", "rows", "failures")
    }
    assert all(set(row) == ROW for row in results["rows"])
    assert [row["met"] for row in results["rows"]] == [True, False, True, None, None]
    assert results["rows"][2]["goal"] == "≥ 10 × baseline"
    assert results["failures"] == [{"bench": "start", "why": "no disk"}]


def test_every_bench_is_listed_and_described() -> None:
    done = run("-m", "bench", "--list")
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert len(names) >= 7
    described = (ROOT / "docs" / "reference" / "bench.md").read_text("utf-8")
    assert [name for name in names if f"`{name}`" not in described] == []


def test_an_unknown_bench_is_refused_with_those_there_are() -> None:
    done = run("-m", "bench", "speed")
    assert done.returncode == 2
    assert "no bench speed" in done.stderr and "commands" in done.stderr


@pytest.mark.slow
def test_a_quick_bench_runs_from_end_to_end(tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    done = run("-m", "bench", "slow_reader", "--quick", "--out", str(target))
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(target.read_text("utf-8"))
    assert results["benches"] == ["slow_reader"] and results["failures"] == []
    assert results["machine"]["cores"] >= 1 and results["machine"]["fdatasync_p50_ms"] > 0
    assert all(set(row) == ROW for row in results["rows"])


# ---------------------------------------- the load generator


class _Door(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        while head := self.rfile.readline():
            length = 0
            keys = [b""]
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                if name.lower() == b"idempotency-key":
                    keys[0] = value.strip()
            body = self.rfile.read(length)
            with server.lock:
                server.seen.append((head.split()[1].decode(), keys[0].decode(), body.decode()))
            if server.hang_up:
                return
            answer = b'{"code":"queue-full"}'
            self.wfile.write(
                b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (server.status, len(answer), answer)
            )


class _TinyServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def tiny_server(*, status: int = 200, hang_up: bool = False) -> Iterator[Any]:
    server: Any = _TinyServer(("127.0.0.1", 0), _Door)
    server.status, server.hang_up, server.seen, server.lock = status, hang_up, [], threading.Lock()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


NOTES = [["POST", "/a", '{"words":"one"}'], ["POST", "/b", '{"words":"two"}']]


def test_the_load_is_what_the_server_saw_and_no_key_comes_twice() -> None:
    with tiny_server() as server:
        port = server.server_address[1]
        done = work(mode="http", port=port, connections=8, seconds=60, count_max=501, requests=NOTES)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["requests"] == result["good"] == len(server.seen) == 501
    assert result["statuses"] == {"200": 501}
    assert len({key for _, key, _ in server.seen}) == 501
    assert {(path, body) for path, _, body in server.seen} == {("/a", NOTES[0][2]), ("/b", NOTES[1][2])}
    assert 0 < result["p50_ms"] <= result["p99_ms"] <= result["max_ms"]


def test_what_was_refused_is_not_counted_and_is_told() -> None:
    with tiny_server(status=503) as server:
        port = server.server_address[1]
        done = work(mode="http", port=port, connections=2, seconds=60, count_max=10, requests=NOTES)
    result = json.loads(done.stdout)
    assert (result["requests"], result["good"], result["statuses"]) == (10, 0, {"503": 10})
    assert "queue-full" in result["first_error"]


def test_a_server_that_hangs_up_is_no_measurement() -> None:
    with tiny_server(hang_up=True) as server:
        port = server.server_address[1]
        done = work(mode="http", port=port, connections=1, seconds=60, count_max=10, requests=NOTES)
    assert done.returncode == 1
    assert "hung up" in done.stderr and done.stdout == ""


# ---------------------------------------- what we compare with


def need(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed: `make bench` installs the group `bench`")


@contextmanager
def peer(name: str, folder: Path, wait_until: Callable[..., Any]) -> Iterator[tuple[int, int]]:
    """(port, pid) of a running peer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", f"bench.peers.{name}", str(folder), str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def healthy() -> bool:
        try:
            return ask(port, "/healthz")[0] == 200
        except OSError:
            return False

    try:
        wait_until(healthy, f"{name} answers", within_s=60)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(TIMEOUT_S)


def ask(port: int, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", **({"idempotency-key": key} if key else {})}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - our own address
        return answer.status, json.loads(answer.read())


def test_the_baseline_stores_every_note_chained_and_a_repeated_key_once(
    tmp_path: Path, wait_until: Callable[..., Any]
) -> None:
    for module in ("fastapi", "sqlalchemy", "aiosqlite"):
        need(module)
    with peer("fastapi_sqlalchemy", tmp_path, wait_until) as (port, _pid):
        incident = ask(port, "/incidents")[1][0]["id"]
        path = f"/incidents/{incident}/note"
        answers = [ask(port, path, {"words": f"note {n}"}, key=f"k{n}") for n in range(20)]
        again = ask(port, path, {"words": "note 7"}, key="k7")
        rows = [
            {"unit_id": "u", "at": f"2026-11-22T03:47:{n:02d}Z", "lat": 18.5, "lon": -72.3, "accuracy_m": 8}
            for n in range(60)
        ]
        stored = ask(port, "/tracks/batch", {"positions": rows})[1]
    assert again == answers[7]
    assert stored["stored"] == 60
    with closing(sqlite3.connect(tmp_path / "peer.sqlite")) as connection:
        counts = [
            connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
            for table in ("note", "once", "position", "journal")
        ]
        assert counts == [20, 20, 60, 21]
        before = b"\0" * 32
        for seq, entry_id, subject, kind, at, body, digest in connection.execute(
            "SELECT seq, id, subject, kind, at, body, hash FROM journal ORDER BY seq"
        ):
            line = f"{seq}\n{entry_id}\n{subject}\n{kind}\n{at}\nbench\n{body}\n"
            assert digest == hashlib.sha256(before + line.encode()).digest()
            before = digest


@pytest.mark.parametrize(("first", "lost"), [(0, 0), (10_000_000, 50)])
def test_changes_are_counted_at_every_screen_and_the_missing_ones_told(
    first: int, lost: int, tmp_path: Path, wait_until: Callable[..., Any]
) -> None:
    """Numbers of eight digits are no marks: then no screen sees any of the changes."""
    with peer("ws_naive", tmp_path, wait_until) as (port, pid):
        done = run(
            "-m",
            "bench.worker",
            given=json.dumps(
                {
                    "mode": "live",
                    "port": port,
                    "pid": pid,
                    "screens": 5,
                    "path": "/live",
                    "targets": ["a", "b"],
                    "change_path": "/change/{id}",
                    "rate_per_s": 100,
                    "changes": 10,
                    "hello": False,
                    "first": first,
                }
            ),
        )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["expected"], result["lost"], result["unordered"]) == (50, lost, 0)
