"""Channels and directed messages, each with what became of it."""
