"""Figures of tracing with their denominators: time-to-crime, and the open indicators."""
