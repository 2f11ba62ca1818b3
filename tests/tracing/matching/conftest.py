"""Sites that match in private."""

from tracing.matching.sites import three_ways, two

__all__ = ["three_ways", "two"]
