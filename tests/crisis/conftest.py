"""Major incidents over real stores, and over HTTP."""

from crisis.hall import guarded_hall, hall
from stores import web

__all__ = ["guarded_hall", "hall", "web"]
