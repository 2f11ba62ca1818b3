"""Hand-overs over real stores, with all that can be open, and over HTTP."""

from handovers.watch import guarded, watch
from stores import web

__all__ = ["guarded", "watch", "web"]
