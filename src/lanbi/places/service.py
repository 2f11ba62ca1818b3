"""Places at work: search, what a caller means, what lies where, and landmarks added while working."""

from __future__ import annotations

import heapq
import threading

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import Malformed, Refused
from lanbi.core.geo import distance_m
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import NAME_CHARS_MAX, line
from lanbi.core.time import DAY, Instant
from lanbi.places import sql
from lanbi.places.around import Outlines
from lanbi.places.events import PlaceAdded
from lanbi.places.fold import plain
from lanbi.places.index import RESULTS_MAX, Gazetteer, Match
from lanbi.places.location import Candidate, parse_location
from lanbi.places.model import NAMES_MAX, Place
from lanbi.places.terms import aliases, kinds, usable_kind
from lanbi.places.territory import Territory

OWN_SOURCE = "site"
"""The source of what this site's people add."""
LANDMARK_RADIUS_M_MIN = 5.0
LANDMARK_RADIUS_M_MAX = 5_000.0
SAME_PLACE_M = 75.0
"""A landmark of the same name nearer than this is the same landmark."""
SAME_NAME_SCORE_MIN = 90.0
KEEP_NAMES_FOR: Instant = 3_650 * DAY
NAME_LANGUAGES = frozenset({"ht", "fr", "es", "en", "alt"})
ADMINISTRATIVE = frozenset({"country", "department", "arrondissement", "commune", "section"})
"""Kinds that come from an import only: nobody draws a commune during a call."""


class Places:
    """The gazetteer of one site: its use cases, over the rows and their index in memory."""

    def __init__(self, gate: Gate, territory: Territory) -> None:
        self._gate = gate
        self.territory = territory
        self._gazetteer = _gazetteer([])
        self._outlines = Outlines([], self._gazetteer)
        self._loaded_to = 0
        self._loading = threading.Lock()

    @property
    def gazetteer(self) -> Gazetteer:
        """The index as it stands; replaced whole by `load`."""
        return self._gazetteer

    def load(self, reader: Reader) -> int:
        """Builds the index and the outlines from the rows, at start and after an import; how many places."""
        with self._loading:
            places = sql.every(reader)
            gazetteer = _gazetteer(places)
            outlines = Outlines(sql.geometries(reader), gazetteer)
            self._gazetteer, self._outlines = gazetteer, outlines
            self._loaded_to = max((place.version for place in places), default=0)
            return len(places)

    def refresh(self, reader: Reader) -> int:
        """Takes in rows written since the last `load` or `refresh`; how many. Outlines stay as they are."""
        with self._loading:
            fresh = sql.changed(reader, self._loaded_to)
            for place in fresh:
                self._gazetteer.add(place)
                self._loaded_to = max(self._loaded_to, place.version)
            return len(fresh)

    def check(self, lat: float, lon: float) -> None:
        """Raises `Malformed("coordinates-…")` for a point that cannot be in this site's territory."""
        self.territory.check(lat, lon)

    # Looking.

    def require_sight(self, actor: Actor) -> None:
        """Raises `Forbidden` for who may not see the map."""
        self._gate.require(actor, "places.see")

    def search(
        self, actor: Actor, text: str, *, near: tuple[float, float] | None = None, limit: int = 10
    ) -> list[Match]:
        """Places that `text` may name, best first."""
        self._gate.require(actor, "places.see")
        return self._gazetteer.search(text, near=near, limit=limit)

    def understand(
        self, actor: Actor, text: str, *, near: tuple[float, float] | None = None, limit: int = 5
    ) -> list[Candidate]:
        """Areas that a caller's words may mean, best first; see `parse_location`."""
        self._gate.require(actor, "places.see")
        return parse_location(self._gazetteer, text, near, limit=limit)

    def page(self, reader: Reader, actor: Actor, *, after: str, limit: int) -> list[Place]:
        """All places in the order of their ids."""
        self._gate.require(actor, "places.see")
        return sql.page(reader, after, limit)

    def get(self, reader: Reader, actor: Actor, place_id: str) -> Place:
        """One place; `NotFound("place-unknown")`."""
        self._gate.require(actor, "places.see")
        return sql.get(reader, place_id)

    def outline(self, reader: Reader, actor: Actor, place_id: str) -> str | None:
        """The place's boundary as GeoJSON text, or None."""
        self._gate.require(actor, "places.see")
        return sql.geometry(reader, place_id)

    def at(self, actor: Actor, lat: float, lon: float) -> list[Place]:
        """What holds the point, innermost first: section, commune, department. Empty at sea."""
        self._gate.require(actor, "places.see")
        self.check(lat, lon)
        return self.locate(lat, lon)

    def locate(self, lat: float, lon: float) -> list[Place]:
        """As `at`, for the house's own use: no question asked, no refusal."""
        return self._outlines.at(lat, lon)

    def landmarks(self, actor: Actor, box: tuple[float, float, float, float], limit: int) -> list[Place]:
        """What people name a spot by inside `box` (west, south, east, north): at most `limit`, those that
        this site's people added first, then by the rank of their kind and by name.

        Raises `Malformed("bounds-unreadable")` for a box without ground in it.
        """
        self._gate.require(actor, "places.see")
        west, south, east, north = box
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise Malformed("bounds-unreadable")
        inside = (
            place
            for place in self._gazetteer
            if place.lat is not None
            and place.lon is not None
            and south <= place.lat <= north
            and west <= place.lon <= east
            and place.kind not in ADMINISTRATIVE
        )
        ranks = kinds()

        def order(place: Place) -> tuple[bool, int, str]:
            rank = ranks[place.kind].rank if place.kind in ranks else 0
            return place.source != OWN_SOURCE, -rank, place.name

        return heapq.nsmallest(limit, inside, key=order)

    def around(self, place: Place) -> list[Place]:
        """The places that contain this one, innermost first, by its parents."""
        chain: list[Place] = []
        seen = {place.id}
        parent_id = place.parent_id
        while parent_id is not None and parent_id not in seen:
            seen.add(parent_id)
            parent = self._gazetteer.get(parent_id)
            if parent is None:
                break
            chain.append(parent)
            parent_id = parent.parent_id
        return chain

    # Adding.

    def add(
        self,
        tx: Tx,
        *,
        name: str,
        lat: float,
        lon: float,
        radius_m: float,
        kind: str = "landmark",
        names: dict[str, str] | None = None,
    ) -> Place:
        """A landmark that somebody learnt of while working. Call `entered` once it is committed.

        Raises `Malformed` for an impossible name, kind, point or radius, and
        `Refused("place-known")` when one that sounds the same stands within `SAME_PLACE_M` of it.
        """
        self._gate.require(tx.actor, "places.add")
        name = line(name, "name", chars_max=NAME_CHARS_MAX)
        if not plain(name):
            raise Malformed("place-name-empty")
        also = _names(names or {})
        term = usable_kind(kind)
        if kind in ADMINISTRATIVE:
            raise Malformed("place-kind-imported", kind=kind)
        self.check(lat, lon)
        if not LANDMARK_RADIUS_M_MIN <= radius_m <= LANDMARK_RADIUS_M_MAX:
            raise Malformed(
                "place-radius", given=f"{radius_m:g}", low=LANDMARK_RADIUS_M_MIN, high=LANDMARK_RADIUS_M_MAX
            )
        for match in self._gazetteer.search(name, near=(lat, lon), limit=RESULTS_MAX):
            other = match.place
            if match.reason not in {"name", "sound"} and (
                match.reason != "near" or match.score < SAME_NAME_SCORE_MIN
            ):
                continue
            if other.lat is None or other.lon is None or other.kind in ADMINISTRATIVE:
                continue
            if distance_m(lat, lon, other.lat, other.lon) <= SAME_PLACE_M:
                raise Refused("place-known", name=match.name, place_id=other.id)
        within = self.locate(lat, lon)
        place_id = new_id(tx.now)
        subject = f"place/{place_id}"

        def seal(field: str, value: str):
            return tx.seal(subject=subject, field=field, kind="words", value=value, keep_for=KEEP_NAMES_FOR)

        entry = tx.record(
            PlaceAdded(
                id=place_id,
                place_kind=term.code,
                lat=lat,
                lon=lon,
                radius_m=radius_m,
                parent_id=within[0].id if within else None,
                name=seal("name", name),
                names={lang: seal(f"name_{lang}", value) for lang, value in also.items()},
            )
        )
        place = Place(
            id=place_id,
            kind=term.code,
            name=name,
            names={lang: [value] for lang, value in also.items()},
            parent_id=within[0].id if within else None,
            lat=lat,
            lon=lon,
            radius_m=radius_m,
            source=OWN_SOURCE,
            added_by=tx.actor.id,
            version=entry.seq,
        ).sounded()
        sql.save(tx, [(place, None)], entry.seq)
        return place

    def entered(self, place: Place) -> None:
        """Makes a committed place searchable. Not inside the transaction: it may still be undone there."""
        self._gazetteer.add(place)


def _names(given: dict[str, str]) -> dict[str, str]:
    if len(given) > NAMES_MAX:
        raise Malformed("place-names-many", limit=NAMES_MAX)
    unknown = sorted(set(given) - NAME_LANGUAGES)
    if unknown:
        raise Malformed("place-language", given=unknown[0][:20], known=", ".join(sorted(NAME_LANGUAGES)))
    return {
        lang: line(value, f"names.{lang}", chars_max=NAME_CHARS_MAX)
        for lang, value in sorted(given.items())
        if value.strip()
    }


def _gazetteer(places: list[Place]) -> Gazetteer:
    return Gazetteer(places, rank={code: kind.rank for code, kind in kinds().items()}, aliases=aliases())
