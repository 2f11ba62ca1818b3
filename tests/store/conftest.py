"""The store over both engines."""

from store.homes import crowd, home, postgres_home, sqlite_home

__all__ = ["crowd", "home", "postgres_home", "sqlite_home"]
