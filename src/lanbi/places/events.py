"""Facts about places. A landmark's name is what a person typed: it stands as a seal, the row holds it."""

from __future__ import annotations

from typing import ClassVar

from lanbi.core.events import Event, Sealed


class PlaceAdded(Event, frozen=True, kw_only=True):
    """A person added a place while working. Degrees WGS 84, metres."""

    kind: ClassVar[str] = "place.added"
    about: ClassVar[str] = "place"
    place_kind: str
    lat: float
    lon: float
    radius_m: float
    parent_id: str | None
    name: Sealed
    names: dict[str, Sealed]


class PlacesImported(Event, frozen=True, kw_only=True):
    """A file of places was taken in; `id` is the import's, `sha256` the file's, `source` its short name."""

    kind: ClassVar[str] = "places.imported"
    about: ClassVar[str] = "import"
    source: str
    sha256: str
    added: int
    changed: int
    unchanged: int
    refused: int
