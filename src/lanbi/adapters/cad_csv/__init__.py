"""Calls from another centre's CSV export (computer-aided dispatch), replayed through the room's services."""
