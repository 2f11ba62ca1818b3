"""Registers and the match queue, over both engines and over SQLite alone."""

from pathlib import Path

import pytest

from tracing.matches.queue_room import QueueRoom
from tracing.room import Room


@pytest.fixture
def queue(room: Room, tmp_path: Path) -> QueueRoom:
    """Once on each engine."""
    return QueueRoom(room, tmp_path)


@pytest.fixture
def small_queue(small: Room, tmp_path: Path) -> QueueRoom:
    """On SQLite only."""
    return QueueRoom(small, tmp_path)
