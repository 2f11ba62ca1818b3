"""Tells an observation of the synthetic world to a store, as sources would have told it. SYNTHETIC."""
