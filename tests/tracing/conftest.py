"""Tracing over real stores, and over HTTP."""

from stores import web
from tracing.room import room, small

__all__ = ["room", "small", "web"]
