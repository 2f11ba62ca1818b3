"""Units and assignments over real stores, and over HTTP."""

from dispatch.yard import guarded, yard
from stores import web

__all__ = ["guarded", "web", "yard"]
