"""The node's database: one writer with group commit, many readers, two engines behind one port."""
