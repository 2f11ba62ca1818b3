"""The floor over both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import ENGINES, Floor, floor_over, real_gate


@pytest.fixture(params=ENGINES)
def floor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Floor]:
    """Calls and incidents over a real store, everybody allowed everything."""
    yield from floor_over(request.param, tmp_path, request)


@pytest.fixture
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Floor]:
    """The same behind the shipped policies, on SQLite."""
    yield from floor_over("sqlite", tmp_path, request, real_gate())
