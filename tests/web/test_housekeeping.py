"""The node's own work goes on, whatever one piece of it does."""

import asyncio
import logging
from pathlib import Path

import pytest

from lanbi.core.ports import Tx
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.web.app import house_round
from stores import FixedClock, open_store


def test_a_piece_that_breaks_keeps_no_other_from_its_turn(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(SqliteEngine(tmp_path / FILE_NAME), FixedClock())
    done: list[str] = []

    def breaks(_tx: Tx) -> int:
        raise ValueError("a fault of ours")

    def erases(_tx: Tx) -> int:
        done.append("erased")
        return 2 - len(done)

    try:
        with caplog.at_level(logging.ERROR, "lanbi.web"):
            asyncio.run(house_round(store, [breaks, erases]))
    finally:
        store.close()
    assert done == ["erased", "erased"], "what has more to do is asked again"
    assert "breaks" in caplog.text
    assert "a fault of ours" in caplog.text
