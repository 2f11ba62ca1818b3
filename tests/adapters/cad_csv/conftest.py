"""Nodes to import into, on both engines, and the samples (made up; in the form of the real feeds)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lanbi.adapters.cad_csv import feed
from lanbi.bootstrap import Node
from lanbi.config import Settings
from stores import ENGINES, FixedClock

SAMPLES = Path(__file__).parent / "samples"

Import = Callable[..., feed.Report]


@pytest.fixture
def samples() -> Path:
    return SAMPLES


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(params=ENGINES)
def node(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[Node]:
    """A node with an empty store, wired as in earnest."""
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_database")
    made = Node(Settings(data=tmp_path / "node", store_url=url), clock=clock)
    yield made
    made.close()


@pytest.fixture
def laptop(tmp_path: Path, clock: FixedClock) -> Iterator[Node]:
    """The same on SQLite only, for what does not depend on the engine."""
    made = Node(Settings(data=tmp_path / "node"), clock=clock)
    yield made
    made.close()
