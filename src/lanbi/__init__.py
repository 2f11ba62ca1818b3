"""Lanbi: an open C3I centre on one provable record."""

__version__ = "0.1.0"
