"""The store over both engines."""

from store.homes import bare_home, crowd, home, postgres_home, sqlite_home

__all__ = ["bare_home", "crowd", "home", "postgres_home", "sqlite_home"]
