"""Recoveries: what was seized, found or surrendered; boards, completeness, import from files."""
