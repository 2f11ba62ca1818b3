"""The whole picture over real stores, with units, calls and incidents; and over HTTP."""

from situation.room import guarded, room
from stores import web

__all__ = ["guarded", "room", "web"]
