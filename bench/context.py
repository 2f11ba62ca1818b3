"""What a bench is handed: how long it may take, where it may write, and how to say what it does."""

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bench.results import Row
    from bench.stores import Stores


class Context(NamedTuple):
    """One run. `say` tells a person what goes on now; `step(done, total)` how far it is."""

    quick: bool
    folder: Path
    stores: "Stores"
    say: Callable[[str], None]
    step: Callable[[float, float], None]

    def fresh(self, name: str) -> Path:
        """A new empty folder of that name."""
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        return folder


class Bench(NamedTuple):
    """A bench by name; `run` returns its rows, and raises `CannotRunError` when it cannot."""

    name: str
    what: str
    run: "Callable[[Context], list[Row]]"


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)
