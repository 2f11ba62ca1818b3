"""Accounts over both engines, with the shipped policies."""

from store.homes import home, postgres_home, sqlite_home

__all__ = ["home", "postgres_home", "sqlite_home"]
