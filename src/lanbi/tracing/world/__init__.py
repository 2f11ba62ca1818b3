"""The synthetic world that tracing is tried on: made, seen in part, its truth kept apart. SYNTHETIC."""
