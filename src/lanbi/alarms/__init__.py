"""What goes wrong by the clock, seen once and kept until somebody has taken it."""
