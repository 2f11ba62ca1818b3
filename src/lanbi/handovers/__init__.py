"""A shift handed over line by line, and signed by both."""
