#!/usr/bin/env python3
"""Build the screens: ui/ → src/lanbi/web/static, only when their sources have changed.

    python3 scripts/ui_build.py            build if needed
    python3 scripts/ui_build.py state      say `absent`, `stale` or `current`; nothing is built
    python3 scripts/ui_build.py deps       only node_modules, if package-lock.json has changed

Standard library only. What was built is remembered as a hash of its sources in static/.sources, what is
installed as a hash of package-lock.json in node_modules/.lock.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bootstrap

UI = bootstrap.ROOT / "ui"
STATIC = bootstrap.ROOT / "src" / "lanbi" / "web" / "static"
BUILT = STATIC / ".sources"
INSTALLED = UI / "node_modules" / ".lock"
# Folders of ui/ that no build reads.
ASIDE = {"node_modules", "test-results", "coverage", "dist", ".vite", ".svelte-kit", ".vitest", "e2e"}
ASIDE_SUFFIXES = (".test.ts", ".spec.ts", ".tsbuildinfo")
BUILD_TIMEOUT_S = 900
NPM_TRIES = 2


def sources_hash() -> str:
    """sha256 over the name and content of every file a build may read, tests left out."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(UI):
        folders[:] = sorted(name for name in folders if name not in ASIDE)
        for name in sorted(names):
            if name.endswith(ASIDE_SUFFIXES):
                continue
            path = Path(folder, name)
            content = path.read_bytes()
            digest.update(f"{path.relative_to(UI).as_posix()}\n{len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def remembered(stamp: Path) -> str:
    """What a stamp says, or "" when there is none."""
    with contextlib.suppress(OSError):
        return stamp.read_text()
    return ""


def state() -> str:
    """`absent`: there is no UI to build; `current`: static/ holds what the sources say; else `stale`."""
    if not (UI / "package.json").exists():
        return "absent"
    return "current" if remembered(BUILT) == sources_hash() else "stale"


def npm(words: list[str], node: bootstrap.Node) -> int:
    """Run npm in ui/ and answer with its exit status."""
    try:
        return subprocess.call(
            [*node.npm, *words], cwd=UI, env=node.env, stdin=subprocess.DEVNULL, timeout=BUILD_TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        return 124


def deps(node: bootstrap.Node) -> None:
    """Install exactly what package-lock.json says, when it has changed since the last time."""
    lock = UI / "package-lock.json"
    if not lock.exists():
        bootstrap.stop("ui/package-lock.json is missing", "run `npm install` in ui/ and commit the lock file")
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if remembered(INSTALLED) == wanted:
        return
    bootstrap.say(f"ui: installing what package-lock.json says, with {node.words}")
    for turn in range(NPM_TRIES):
        code = npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], node)
        if code == 0:
            INSTALLED.write_text(wanted)
            return
        if turn + 1 < NPM_TRIES:
            bootstrap.say("ui: npm ci failed; once more")
    bootstrap.stop(
        "the UI's dependencies could not be installed", "read npm's words above; the network is needed"
    )


def build(quiet: bool = False) -> None:
    """Bring src/lanbi/web/static up to date with ui/. Ends the program, with words, when npm fails."""
    now = state()
    if now == "absent":
        bootstrap.say("ui: no ui/package.json here, so nothing to build")
        return
    if now == "current":
        if not quiet:
            bootstrap.say("ui: built already, nothing has changed")
        return
    with bootstrap.alone("ui"):
        if state() == "current":
            return
        node = bootstrap.ensure_node()
        deps(node)
        before = sources_hash()
        bootstrap.say(f"ui: building with {node.words}")
        if npm(["run", "build", "--silent"], node):
            bootstrap.stop(
                "the UI could not be built", "read the lines above; `cd ui && npm run build` repeats it"
            )
        if not (STATIC / "index.html").exists():
            bootstrap.stop(
                f"the UI's build left no index.html in {STATIC.relative_to(bootstrap.ROOT)}",
                "build.outDir in ui/vite.config.ts must point there",
            )
        BUILT.write_text(before)
        bootstrap.say(f"ui: built into {STATIC.relative_to(bootstrap.ROOT)}")


def main(words: list[str]) -> int:
    """Read the verb; see the module's first lines."""
    match words:
        case [] | ["build"]:
            build()
        case ["state"]:
            print(state())
        case ["deps"]:
            if state() != "absent":
                with bootstrap.alone("ui"):
                    deps(bootstrap.ensure_node())
        case _:
            bootstrap.stop(f"unknown words {' '.join(words)!r}", "build · state · deps")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
