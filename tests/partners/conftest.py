"""Sites that write to each other."""

from partners.sites import both, pair

__all__ = ["both", "pair"]
