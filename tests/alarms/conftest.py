"""Alarms over real stores, and over HTTP."""

from alarms.room import guarded, room
from stores import web

__all__ = ["guarded", "room", "web"]
