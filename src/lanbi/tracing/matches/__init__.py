"""Registers of known serials, the search in them, and the queue of what a recovered firearm may be."""
