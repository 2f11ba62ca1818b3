"""The room as a whole: norms kept, work per seat, demand not served, zones gone silent, power and links."""
