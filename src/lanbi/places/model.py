"""A place: names in several languages, a centre with a radius, and where the knowledge comes from."""

from __future__ import annotations

import msgspec

from lanbi.places.fold import folds, word_keys

FOLD_VERSION = "1"
"""Changes when the rules of `fold` change: keys stored under another version are made anew at loading."""
NAMES_MAX = 24
"""Spellings kept of one place, over all languages."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the gazetteer.

    `kind`: a code of `data/kinds.toml`. `name`: as the source writes it. `names`: further spellings by
    language code ("ht", "fr", …; "alt" for those of no stated language), each a list.
    `code`: the source's own identifier (P-code, feature id), unique within `source`.
    `lat`, `lon`: degrees, WGS 84, None for a place known by name alone. `radius_m`: metres around the centre
    that the name may mean. `parent_id`: the place that contains it.
    `keys`, `words`: how its names sound (`fold`), whole and word by word.
    """

    id: str
    kind: str
    name: str
    names: dict[str, list[str]] = msgspec.field(default_factory=dict)
    code: str | None = None
    parent_id: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius_m: float | None = None
    source: str = ""
    population: int | None = None
    added_by: str | None = None
    keys: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    version: int = 0

    def all_names(self) -> list[str]:
        """Every spelling, the source's own first, none twice."""
        return list(dict.fromkeys([self.name, *(n for names in self.names.values() for n in names)]))

    def called(self, lang: str) -> str:
        """The name to show a person who reads `lang`."""
        return next(iter(self.names.get(lang, ())), self.name)

    def sounded(self) -> Place:
        """The same place with its keys computed from its names."""
        names = self.all_names()
        return msgspec.structs.replace(
            self,
            keys=tuple(dict.fromkeys(key for name in names for key in folds(name))),
            words=tuple(dict.fromkeys(key for name in names for key in word_keys(name))),
        )


def pack_keys(place: Place) -> str:
    """The column `fold_keys`: version, keys and words; keys hold no space and no bar."""
    return f"{FOLD_VERSION}|{' '.join(place.keys)}|{' '.join(place.words)}"


def unpack_keys(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The keys and words of `pack_keys`, or None if they were made by other rules."""
    version, _, rest = text.partition("|")
    if version != FOLD_VERSION:
        return None
    keys, _, words = rest.partition("|")
    return tuple(keys.split()), tuple(words.split())
