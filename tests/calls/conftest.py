"""Calls over real stores."""

from stores import floor, guarded

__all__ = ["floor", "guarded"]
