"""Recoveries over real stores, and over HTTP."""

from tracing.recoveries.ground import ground, site, swift
from tracing.room import room, small

__all__ = ["ground", "room", "site", "small", "swift"]
