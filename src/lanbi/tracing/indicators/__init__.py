"""Open indicators of tracing: what a state may publish about its own work, with small cells suppressed."""
