"""Intake: calls, missed calls and texts, the words as they were said, and what the floor promised."""
