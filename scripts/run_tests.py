#!/usr/bin/env python3
"""Run what `make test` and `make check` promise, all of it even when one part fails.

    .venv/bin/python scripts/run_tests.py test|check|lint|types|contracts|ui-check|ui-build|ui-unit [-- words]

Two parts run at a time, for most of them use one core; the words are pytest's. Every part speaks when it
fails. pytest comes last, so that its closing line is the last one printed; the
parts that failed or could not run are said just above that line. Exit status 0 only when everything passed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bootstrap
import ui_build

BIN = bootstrap.VENV / "bin"
CODE = [
    name
    for name in ("src", "tests", "scripts", "bench", "hatch_build.py")
    if (bootstrap.ROOT / name).exists()
]
PART_TIMEOUT_S = 300
PYTEST_TIMEOUT_S = 1500
WORKERS = 2
NODE_LOCK = threading.Lock()
# The quick loop: what needs no other program and no wait.
QUICK = "not browser and not postgres and not faults and not slow"

# Each part: the commands, run one after the other in the folder named first.
PARTS: dict[str, tuple[Path, list[list[str]]]] = {
    "lint": (
        bootstrap.ROOT,
        [
            [str(BIN / "ruff"), "check", "--quiet", *CODE],
            [str(BIN / "ruff"), "format", "--check", "--quiet", *CODE],
        ],
    ),
    "types": (bootstrap.ROOT, [[str(BIN / "basedpyright"), "--warnings"]]),
    "contracts": (bootstrap.ROOT, [[str(BIN / "lint-imports")]]),
    "ui-check": (ui_build.UI, [["npm", "run", "check"], ["npm", "run", "deps"]]),
    "ui-build": (ui_build.UI, []),
    "ui-unit": (ui_build.UI, [["npm", "test"]]),
}


def run(words: list[str], folder: Path, env: dict[str, str], timeout_s: int) -> tuple[int, str]:
    """Run one command quietly → (exit status, all it said)."""
    try:
        done = subprocess.run(
            words,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        said = late.stdout.decode("utf-8", "replace") if isinstance(late.stdout, bytes) else late.stdout or ""
        return 124, f"{said}\nno end after {timeout_s} s"
    return done.returncode, done.stdout


def ready_node() -> bootstrap.Node:
    """Node.js, and what package-lock.json says; one part brings them, the others wait."""
    with NODE_LOCK:
        node = bootstrap.ensure_node()
        ui_build.deps(node)
    return node


def part(name: str) -> str:
    """Run one part and say how it went, in one piece → "passed", "failed" or "not run"."""
    folder, commands = PARTS[name]
    began = time.monotonic()
    env = dict(os.environ)
    worst = 0
    words_said: list[str] = []
    if folder == ui_build.UI:
        if ui_build.state() == "absent":
            print(f"── {name}: there is no ui/package.json", flush=True)
            return "not run"
        try:
            node = ready_node()
            if name == "ui-build":
                ui_build.build()
        except SystemExit as why:  # said in words already; what does not need the UI goes on
            words_said.append(str(why))
            worst, commands = 1, []
        else:
            env = node.env
            commands = [[*node.npm, *words[1:], "--silent"] for words in commands]
    for words in commands:
        status, said = run(words, folder, env, PART_TIMEOUT_S)
        worst = worst or status
        if status:
            words_said.append(said.rstrip())
    word = "failed" if worst else "passed"
    print(*words_said, f"── {name}: {word} in {time.monotonic() - began:.1f} s", sep="\n", flush=True)
    return word


def pytest(words: list[str], failed: list[str], not_run: list[str]) -> int:
    """Run pytest with `words`; tests/conftest.py prints `failed` and `not_run` above the closing line."""
    env = dict(os.environ)
    # Hundreds of tests start the program: compiling it anew each time would cost more than they do.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["LANBI_PARTS_FAILED"] = "\n".join(failed)
    env["LANBI_PARTS_NOT_RUN"] = "\n".join(not_run)
    command = [sys.executable, "-m", "pytest", *words]
    with subprocess.Popen(command, cwd=bootstrap.ROOT, env=env, stdin=subprocess.DEVNULL) as tests:
        try:
            return tests.wait(PYTEST_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            tests.terminate()
            tests.wait(30)
            print(f"error: the tests had not ended after {PYTEST_TIMEOUT_S} s", flush=True)
            return 124


def main(words: list[str]) -> int:
    """Read the verb; see the module's first lines."""
    extra = words[words.index("--") + 1 :] if "--" in words else []
    match words[:1]:
        case ["test"]:
            # The longest first, so that none is left to run alone in the end.
            names = ["ui-check", "types", "ui-unit", "ui-build", "contracts", "lint"]
            # A module shares its room, so it stays with one worker; modules go in the order collected.
            choice = ["-m", "not slow", "-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]
        case ["check"]:
            names = ["types", "contracts", "lint"]
            if ui_build.remembered(ui_build.INSTALLED):
                names.insert(0, "ui-unit")
            choice = ["-m", QUICK, "-n", str(WORKERS), "--dist", "loadfile"]
        case [name] if name in PARTS:
            return int(part(name) == "failed")
        case _:
            bootstrap.stop(f"unknown words {' '.join(words)!r}", f"test · check · {' · '.join(PARTS)}")
    with ThreadPoolExecutor(WORKERS) as parts:
        ends = dict(zip(names, parts.map(part, names), strict=True))
    failed = [name for name, end in ends.items() if end == "failed"]
    not_run = [name for name, end in ends.items() if end == "not run"]
    status = pytest([*choice, *extra], failed, not_run)
    return status or int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
