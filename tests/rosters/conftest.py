"""Rosters over real stores, with the units that follow them, and over HTTP."""

from rosters.duty import guarded, station
from stores import web

__all__ = ["guarded", "station", "web"]
