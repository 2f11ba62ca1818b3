"""Calls over real stores, and over HTTP."""

from stores import floor, guarded, web

__all__ = ["floor", "guarded", "web"]
