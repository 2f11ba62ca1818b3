"""Units and their tasks: who can go, who goes, what they are doing, and whom to send next."""
