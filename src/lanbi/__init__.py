"""Lanbi: an open C3I centre on one provable record."""
