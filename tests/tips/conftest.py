"""A triage desk over real stores, and whole nodes with a public door."""

from stores import web
from tips.room import desk, guarded_desk

__all__ = ["desk", "guarded_desk", "web"]
