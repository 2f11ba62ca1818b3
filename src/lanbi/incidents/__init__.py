"""The incident log: what happens out there, what is known of it, and every clock that runs on it."""
