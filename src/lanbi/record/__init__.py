"""The record: a journal that cannot be altered unseen, its proofs, and personal data kept apart from it."""
