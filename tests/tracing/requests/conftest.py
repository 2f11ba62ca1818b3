"""States that trace firearms for each other."""

from tracing.requests.states import both, exchange

__all__ = ["both", "exchange"]
