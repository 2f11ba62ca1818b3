"""The gazetteer in memory: a name as somebody says it → the places it may mean, best first, with the reason.

Three ways to find, in this order: the name as it is written; its sound (`fold`); then what begins like it,
contains its words, or sounds nearly so. The last is a trigram prefilter followed by an edit distance on the
candidates only, so that a whole country (11,000 places, 12,000 keys) is searched in a few milliseconds.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log10
from typing import Any, Literal

import msgspec
import numpy as np
from rapidfuzz import fuzz, process

from lanbi.core.geo import distance_m
from lanbi.places.fold import fold, folds, plain, spoken, word_keys
from lanbi.places.model import Place

Reason = Literal["name", "sound", "prefix", "words", "near"]
REASONS: tuple[Reason, ...] = ("name", "sound", "prefix", "words", "near")
_NAME, _SOUND, _PREFIX, _WORDS, _NEAR = range(5)

QUERY_CHARS_MAX = 200
RESULTS_MAX = 50
PREFIX_CHARS_MIN = 2
PREFIX_KEYS_MAX = 400
"""A two-letter query begins many names; beyond this many the first ones are as good."""
NEAR_CANDIDATES_MAX = 300
NEAR_SCORE_MIN = 72.0
"""Percent of likeness under which two keys are not offered as the same name."""
FRESH_KEYS_MAX = 256
"""Keys added since the tables were last built are compared one by one; with more, they are built again."""

_Found = dict[str, tuple[int, float]]
"""Place id → (index into REASONS, likeness 0–100)."""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A place found: which of its names matched, how (`reason`), and how well (`score`, 0–100).

    `distance_m`: metres from `near`, when the search gave one.
    """

    place: Place
    name: str
    reason: Reason
    score: float
    distance_m: float | None = None


class Gazetteer:
    """The names of all places, searchable. Adding is cheap; safe to use from several threads."""

    def __init__(
        self,
        places: Iterable[Place] = (),
        *,
        rank: Mapping[str, int] | None = None,
        aliases: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`rank`: by kind, higher first among equals. `aliases`: further names by the plain form of one."""
        self._lock = threading.Lock()
        self._rank = dict(rank or {})
        self._aliases = dict(aliases or {})
        self._places: dict[str, Place] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_key: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._fresh: list[str] = []
        for place in places:
            self._enter(place)
        self._build()

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Place]:
        return iter(list(self._places.values()))

    def get(self, place_id: str) -> Place | None:
        """The place with this id, or None."""
        return self._places.get(place_id)

    def add(self, place: Place) -> None:
        """Puts one place in, or its newer state in the place of the older."""
        with self._lock:
            if place.id in self._places:
                self._leave(place.id)
            new = self._enter(place)
            self._fresh.extend(new)
            for key in new:
                insort(self._sorted, key)
            if len(self._fresh) > FRESH_KEYS_MAX:
                self._build()

    def search(
        self,
        text: str,
        *,
        near: tuple[float, float] | None = None,
        kinds: Sequence[str] | None = None,
        limit: int = 10,
    ) -> list[Match]:
        """Places that `text` may name, best first; empty for no letters.

        `near`: (lat, lon) in degrees; among equals the nearer comes first. `kinds`: only these kinds.
        Order: how it matched, then likeness, then the kind's rank and population, then distance.
        """
        with self._lock:
            return self._ordered(text, self._find(text[:QUERY_CHARS_MAX]), near, kinds, limit)

    def search_surely(
        self, text: str, *, near: tuple[float, float] | None = None, limit: int = 10
    ) -> list[Match]:
        """As `search`, but only names that are written or sound exactly so; cheap enough to try many."""
        with self._lock:
            return self._ordered(text, self._find_names(text[:QUERY_CHARS_MAX]), near, None, limit)

    # Inside, under the lock.

    def _ordered(
        self,
        text: str,
        found: _Found,
        near: tuple[float, float] | None,
        kinds: Sequence[str] | None,
        limit: int,
    ) -> list[Match]:
        ordered: list[tuple[Any, ...]] = []
        for place_id, (tier, score) in found.items():
            place = self._places[place_id]
            if kinds is not None and place.kind not in kinds:
                continue
            away = None
            if near is not None and place.lat is not None and place.lon is not None:
                away = distance_m(near[0], near[1], place.lat, place.lon)
            weight = self._rank.get(place.kind, 0) + (log10(place.population) if place.population else 0.0)
            ordered.append(
                (tier, -round(score), -round(weight, 1), away or 0.0, place.name, place.id, score, away)
            )
        ordered.sort()
        wanted = plain(text)
        return [
            Match(
                place=self._places[place_id],
                name=self._best_name(place_id, wanted),
                reason=REASONS[tier],
                score=round(score, 1),
                distance_m=away,
            )
            for tier, _, _, _, _, place_id, score, away in ordered[: max(1, min(limit, RESULTS_MAX))]
        ]

    def _enter(self, place: Place) -> list[str]:
        self._places[place.id] = place
        names = place.all_names()
        written = dict.fromkeys(map(plain, names))
        also = [alias for name in written for alias in self._aliases.get(name, ())]
        keys = place.keys
        if also:
            names = list(dict.fromkeys(names + also))
            written.update(dict.fromkeys(map(plain, also)))
            keys = tuple(dict.fromkeys((*keys, *(key for alias in also for key in folds(alias)))))
        self._names[place.id] = tuple(names)
        for name in written:
            self._by_name[name].append(place.id)
        new: list[str] = []
        for key in keys:
            if key not in self._by_key:
                new.append(key)
            self._by_key[key].append(place.id)
        for word in place.words:
            self._by_word[word].add(place.id)
        return new

    def _leave(self, place_id: str) -> None:
        place = self._places.pop(place_id)
        names = self._names.pop(place_id)
        for name in {plain(name) for name in names}:
            self._by_name[name].remove(place_id)
        for key in {*place.keys, *(key for name in names for key in folds(name))}:
            if place_id in self._by_key.get(key, ()):
                self._by_key[key].remove(place_id)
        for word in place.words:
            self._by_word[word].discard(place_id)

    def _build(self) -> None:
        self._keys = [key for key, ids in self._by_key.items() if ids]
        self._sorted = sorted(self._by_key)
        self._fresh = []
        postings: dict[str, list[int]] = defaultdict(list)
        sizes: list[int] = []
        for i, key in enumerate(self._keys):
            grams = _trigrams(key)
            sizes.append(len(grams))
            for gram in grams:
                postings[gram].append(i)
        self._postings = {gram: np.array(where, dtype=np.int32) for gram, where in postings.items()}
        self._sizes = np.array(sizes, dtype=np.int32)

    def _find_names(self, text: str) -> _Found:
        wanted, keys, said = plain(text), folds(text), spoken(text)
        found: _Found = {}
        for place_id in {place_id for key in keys for place_id in self._by_key.get(key, ())}:
            likeness = max(_likeness(said, wanted, name) for name in self._names[place_id])
            found[place_id] = (_SOUND, likeness)
        if wanted:
            for place_id in self._by_name.get(wanted, ()):
                found[place_id] = (_NAME, 100.0)
        return found

    def _find(self, text: str) -> _Found:
        keys = folds(text)
        found = self._find_names(text)

        def offer(place_id: str, tier: int, score: float) -> None:
            held = found.get(place_id)
            if held is None or (tier, -score) < (held[0], -held[1]):
                found[place_id] = (tier, score)

        for key in keys:
            if len(key) < PREFIX_CHARS_MIN:
                continue
            start = bisect_left(self._sorted, key)
            for longer in self._sorted[start : start + PREFIX_KEYS_MAX]:
                if not longer.startswith(key):
                    break
                for place_id in self._by_key.get(longer, ()):
                    offer(place_id, _PREFIX, 100.0 * len(key) / len(longer))
        for place_id, score in self._with_words(text):
            offer(place_id, _WORDS, score)
        for key, score in self._near_keys(keys):
            for place_id in self._by_key.get(key, ()):
                offer(place_id, _NEAR, score)
        return found

    def _with_words(self, text: str) -> list[tuple[str, float]]:
        said = word_keys(text)
        if not said:
            return []
        holders = sorted((self._by_word.get(word, set()) for word in said), key=len)
        common = set(holders[0]).intersection(*holders[1:])
        letters = sum(map(len, said))
        return [
            (place_id, min(100.0, 100.0 * letters / max(1, sum(map(len, self._places[place_id].words)))))
            for place_id in common
        ]

    def _near_keys(self, keys: Sequence[str]) -> list[tuple[str, float]]:
        best: dict[str, float] = {}
        for key in keys:
            candidates = list(self._fresh)
            grams = _trigrams(key)
            hits = [self._postings[gram] for gram in grams if gram in self._postings]
            if hits:
                shared = np.bincount(np.concatenate(hits), minlength=len(self._keys))
                dice = 2.0 * shared / (self._sizes + len(grams))
                take = min(NEAR_CANDIDATES_MAX, len(self._keys))
                top = np.argpartition(-dice, take - 1)[:take]
                candidates += [self._keys[i] for i in top if shared[i]]
            for other, score, _ in process.extract(
                key, candidates, scorer=fuzz.ratio, score_cutoff=NEAR_SCORE_MIN, limit=NEAR_CANDIDATES_MAX
            ):
                best[other] = max(best.get(other, 0.0), score)
        return list(best.items())

    def _best_name(self, place_id: str, wanted: str) -> str:
        names = self._names[place_id]
        if len(names) == 1:
            return names[0]
        said = fold(wanted)
        return max(
            names,
            key=lambda n: (plain(n) == wanted, fuzz.ratio(fold(n), said), fuzz.ratio(plain(n), wanted)),
        )


def _likeness(said: str, wanted: str, name: str) -> float:
    """0–100 for names that share a fold: the finer sound, then the letters, tell them apart."""
    return 0.7 * fuzz.ratio(said, spoken(name)) + 0.3 * fuzz.ratio(wanted, plain(name))


def _trigrams(key: str) -> set[str]:
    padded = f"  {key} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}
