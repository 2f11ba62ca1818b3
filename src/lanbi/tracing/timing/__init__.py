"""Time-to-crime: how long after its first retail sale a firearm was recovered, and what that can claim."""
