#!/usr/bin/env python3
"""What the tests need beyond Python: a Chromium, PostgreSQL's programs, two fonts.

    python3 scripts/test_needs.py           install by apt what is missing, where apt may be used
    python3 scripts/test_needs.py state     only say what is there

Never fails: a test that lacks something skips, and the end of `make test` says so. LANBI_NO_APT=1 keeps apt
out of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

# The shell is the same engine without a browser's own windows: a page costs it half.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
POSTGRES_PROGRAMS = ("initdb", "pg_ctl", "postgres")
POSTGRES_HOMES = ("/usr/lib/postgresql", "/usr/local/pgsql")
UPDATE_TIMEOUT_S = 180
INSTALL_TIMEOUT_S = 480
APT_TRIES = 2


def find_chromium() -> str | None:
    """A Chromium or Chrome that Playwright can drive: LANBI_CHROMIUM, else the first on PATH."""
    named = os.environ.get("LANBI_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def find_postgres() -> Path | None:
    """The folder holding initdb, pg_ctl and postgres, the newest first; Debian keeps it off PATH."""

    def whole(folder: Path) -> bool:
        return all((folder / program).exists() for program in POSTGRES_PROGRAMS)

    def age(folder: Path) -> int:
        return int(folder.parent.name) if folder.parent.name.isdigit() else 0

    homes = [folder for home in POSTGRES_HOMES for folder in Path(home).glob("*/bin")]
    on_path = shutil.which("pg_ctl")
    if on_path:
        homes.append(Path(on_path).resolve().parent)
    return next((folder for folder in sorted(homes, key=age, reverse=True) if whole(folder)), None)


def has_font(family: str) -> bool:
    """Does fontconfig know this family?"""
    listing = shutil.which("fc-list")
    if not listing:
        return False
    done = subprocess.run([listing, family], capture_output=True, text=True, timeout=30, check=False)
    return bool(done.stdout.strip())


class Need(NamedTuple):
    """One thing, the Debian package that brings it, how to see it, and what is lost without it."""

    name: str
    package: str
    there: Callable[[], object]
    lost: str


NEEDS = (
    Need("Chromium", "chromium", find_chromium, "the browser's tests"),
    Need(
        "Chromium's headless shell",
        "chromium-headless-shell",
        lambda: os.environ.get("LANBI_CHROMIUM") or shutil.which("chromium-headless-shell"),
        "time: a whole Chromium does as well, and takes half as long again",
    ),
    Need("PostgreSQL", "postgresql", find_postgres, "the tests on PostgreSQL"),
    Need("Inter", "fonts-inter", lambda: has_font("Inter"), "nothing: screens bring their own font"),
    Need(
        "JetBrains Mono",
        "fonts-jetbrains-mono",
        lambda: has_font("JetBrains Mono"),
        "nothing: screens bring their own font",
    ),
)


def say(words: str) -> None:
    """One line to the person."""
    print(f"· {words}", flush=True)


def apt_words() -> list[str] | None:
    """How apt-get is called here, or None where it may not be."""
    if os.environ.get("LANBI_NO_APT") or not shutil.which("apt-get"):
        return None
    # The environment is given by `env`, since sudo may drop ours.
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    apt += ["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30", "-o", "DPkg::Lock::Timeout=120"]
    if os.geteuid() == 0:
        return apt
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", *apt]
    return None


def apt(words: list[str], timeout_s: int) -> bool:
    """Run apt-get, twice at most; quiet unless it fails."""
    why = ""
    for _ in range(APT_TRIES):
        try:
            done = subprocess.run(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            why = f"no answer in {timeout_s} s"
            continue
        if done.returncode == 0:
            return True
        why = "\n".join(done.stdout.strip().splitlines()[-3:])
    say(f"apt-get {words[-1]}: {why}")
    return False


def install(missing: list[Need]) -> None:
    """Bring what is missing by apt, together, else one by one so that one failure costs one thing."""
    words = apt_words()
    if words is None:
        say("apt is not ours to use here: the tests take what is there")
        return
    packages = [need.package for need in missing]
    say(f"apt: {', '.join(packages)}")
    apt([*words, "update"], UPDATE_TIMEOUT_S)
    base = [*words, "install", "--no-install-recommends"]
    if apt([*base, *packages], INSTALL_TIMEOUT_S) or len(packages) == 1:
        return
    for package in packages:
        apt([*base, package], INSTALL_TIMEOUT_S)


def main(words: list[str]) -> int:
    """Read the verb; see the module's first lines."""
    missing = [need for need in NEEDS if not need.there()]
    if missing and words != ["state"]:
        install(missing)
        missing = [need for need in NEEDS if not need.there()]
    for need in NEEDS:
        if need in missing:
            say(f"{need.name} is missing; without it is lost: {need.lost}")
        else:
            say(f"{need.name}: there")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
