"""Messages over real stores, and over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from messages.desk import Desk, desk_over
from stores import ENGINES, engine_named, real_gate, web

__all__ = ["web"]


@pytest.fixture(params=ENGINES)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Messages over a real store, once on each engine; everybody may do everything."""
    with desk_over(engine_named(request.param, tmp_path, request)) as made:
        yield made


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Desk]:
    """The same behind the shipped policies, on SQLite."""
    with desk_over(SqliteEngine(tmp_path / FILE_NAME), real_gate()) as made:
        yield made
