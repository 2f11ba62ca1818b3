"""Stores of a known size, built once a run in the run's own temporary folder, each from the one below."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.processes import SAID_BYTES_MAX, CannotRunError, environment

DATABASE = "lanbi.sqlite"


class Stores:
    """Hands out copies, so that one bench's work is not another's load."""

    def __init__(
        self, folder: Path, say: Callable[[str], None], step: Callable[[float, float], None]
    ) -> None:
        self._folder = folder
        self._say = say
        self._step = step
        self._built: dict[int, Path] = {}
        self.seconds: dict[int, float] = {}
        """How long each size took, from the one below it."""

    def of(self, incidents: int, name: str, *, last: bool = False) -> Path:
        """A new folder `name` with a closed store of that many incidents.

        `last`: nobody will ask for this size again, so it is handed over and not copied.
        """
        target = self._folder / name
        source = self.to_read(incidents)
        if last:
            source.rename(target)
            del self._built[incidents]
        else:
            _copy(source, target)
        return target

    def to_read(self, incidents: int) -> Path:
        """The folder itself, for who changes nothing in it."""
        if incidents in self._built:
            return self._built[incidents]
        target = self._folder / f"store-{incidents}"
        lower = max((size for size in self._built if size < incidents), default=0)
        if lower:
            _copy(self._built[lower], target)
        else:
            target.mkdir(mode=0o700)
        self._say(f"building a store of {incidents:,} incidents through the services")
        start = time.perf_counter()
        words = [sys.executable, "-m", "bench.build", str(target), str(incidents)]
        with (target / "build.log").open("wb") as log:
            building = subprocess.Popen(
                words,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            try:
                for line in building.stdout or ():
                    done, _, total = line.partition(" ")
                    self._step(float(done), float(total))
            except BaseException:
                building.kill()
                raise
            finally:
                building.wait()
        if building.returncode:
            said = (target / "build.log").read_bytes()[-SAID_BYTES_MAX:].decode("utf-8", "replace")
            raise CannotRunError(f"building {incidents} incidents: {said}")
        self.seconds[incidents] = time.perf_counter() - start
        self._built[incidents] = target
        return target


def _copy(source: Path, target: Path) -> None:
    """The store and its key; the node is closed, so there is nothing beside the file."""
    target.mkdir(mode=0o700)
    for file in source.iterdir():
        if file.suffix in (".sqlite", ".key") or file.name.endswith("-wal"):
            shutil.copy2(file, target / file.name)
