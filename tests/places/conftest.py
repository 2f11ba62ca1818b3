"""Places over real stores."""

from places.rooms import demo_room, guarded, room

__all__ = ["demo_room", "guarded", "room"]
