"""Places: the gazetteer and its spellings, areas instead of pins, boundaries, and the map."""
