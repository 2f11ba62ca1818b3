"""Markings of firearms: read, normalised, searched and compared. Pure, but for the data that it ships."""
