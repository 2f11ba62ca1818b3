"""What a caller says about where → areas that it may mean.

"dèyè legliz Sen Michèl, Dèlma 33" is a relation (behind), a landmark, and the quarter around it.
The result is an area around the landmark, wider for the relation, with a confidence: how the name was
found and on whether the rest of the sentence agrees. Nothing here is ever "exact": only a person on the
spot or a device can be that.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import msgspec

from lanbi.core.geo import AREA_WORDS_CHARS_MAX, Area, distance_m
from lanbi.places.fold import fold, plain
from lanbi.places.index import Gazetteer, Match
from lanbi.places.terms import Relation, kinds, relations

PARTS_MAX = 8
"""Phrases of one sentence that are looked up."""
SPAN_WORDS_MAX = 6
WORD_CHARS_MIN = 3
SPANS_MAX = 24
"""Word groups tried inside one phrase without commas."""
CANDIDATES_MAX = 10
CONTEXT_SLACK = 1.5
"""A landmark this many radii from the centre of the named quarter still agrees with it."""
RADIUS_FALLBACK_M = 500.0

_PARTS = re.compile(r"[,;:.!?()«»\"“”\n\r/]+|\s[-–—]\s")
# Little words around a name that name nothing. Kreyòl puts its article behind.
_FILLERS = frozenset(
    [
        "mwen",
        "m",
        "se",
        "sou",
        "nan",
        "la",
        "a",
        "an",
        "lan",
        "yo",
        "ki",
        "gen",
        "yon",
        "pou",
        "ak",
        "epi",
        "wi",
        "non",
        "isit",
        "isit",
        "la",
        "menm",
        "zon",
        "bo",
        "ki",
        "kote",
        "katye",
        "je",
        "suis",
        "il",
        "y",
        "dans",
        "une",
        "un",
        "le",
        "les",
        "du",
        "de",
        "des",
        "est",
        "par",
        "ici",
        "c",
        "es",
        "en",
        "el",
        "los",
        "del",
        "una",
        "un",
        "i",
        "am",
        "the",
        "is",
        "at",
        "of",
        "it",
    ]
)
_AND = frozenset({"ak", "e", "et", "y", "and", "avek", "epi"})
# Kinds that name an area rather than a thing in it: they serve as context for a landmark.
_AREAL = frozenset(
    {"country", "department", "arrondissement", "commune", "city", "section", "quarter", "locality"}
)

_Hit = tuple[Match, float]
"""A match, and the share of the phrase's words that it explains."""
_WEIGHT = {"name": 40.0, "sound": 35.0, "words": 20.0, "prefix": 10.0, "near": 0.0}
_SURE = frozenset({"name", "sound"})

Because = Literal[
    "name", "sound", "prefix", "words", "near", "relation", "context_agrees", "context_far", "context_only",
    "several_of_this_name", "between",
]  # fmt: skip


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An area that the words may mean.

    `relation`: a code of `data/relations.toml`. `context`: the wider place that was also named.
    `because`: reason codes, the way it was found first.
    """

    area: Area
    name: str
    kind: str
    relation: str | None = None
    context: str | None = None
    because: tuple[Because, ...] = ()
    score: float = 0.0


class _Phrase(msgspec.Struct):
    relation: Relation | None
    words: list[str]


def parse_location(
    gazetteer: Gazetteer, text: str, near: tuple[float, float] | None = None, *, limit: int = 5
) -> list[Candidate]:
    """Areas that `text` may mean, best first; empty when nothing in it is known. Raises nothing.

    `near`: (lat, lon) in degrees, for instance the cell that the call came through.
    """
    said = _one_line(text)
    phrases = _phrases(said)
    found = [(phrase, _look_up(gazetteer, phrase.words, near)) for phrase in phrases]
    found = [(phrase, matches) for phrase, matches in found if matches]
    if not found:
        return []
    candidates: list[Candidate] = []
    for i, (phrase, matches) in enumerate(found):
        if phrase.relation is not None and phrase.relation.code == "between":
            middle = _between(gazetteer, phrase, near, said)
            if middle is not None:
                candidates.append(middle)
        others = [m for j, (_, ms) in enumerate(found) if j != i for m in ms[:3]]
        candidates.extend(_candidates(phrase, matches, others, said))
    best: dict[str | None, Candidate] = {}
    for candidate in candidates:
        held = best.get(candidate.area.place_id)
        if held is None or candidate.score > held.score:
            best[candidate.area.place_id] = candidate
    ordered = sorted(best.values(), key=lambda c: -c.score)
    return ordered[: max(1, min(limit, CANDIDATES_MAX))]


def _one_line(text: str) -> str:
    text = text[: AREA_WORDS_CHARS_MAX * 2].encode("utf-8", "ignore").decode()
    kept = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join(kept.split())[:AREA_WORDS_CHARS_MAX]


def _phrases(said: str) -> list[_Phrase]:
    out: list[_Phrase] = []
    for part in _PARTS.split(said):
        words = plain(part).split()
        current = _Phrase(None, [])
        i = 0
        while i < len(words):
            relation, length = _relation_at(words, i)
            # "nan", "en", "sou" inside a name are part of it; a spatial word starts a new phrase.
            if (
                relation is not None
                and i + length < len(words)
                and (not current.words or relation.code != "inside")
            ):
                if current.words:
                    out.append(current)
                current = _Phrase(relation, [])
                i += length
                continue
            current.words.append(words[i])
            i += 1
        if current.words:
            out.append(current)
    return out[:PARTS_MAX]


def _relation_at(words: list[str], i: int) -> tuple[Relation | None, int]:
    best: tuple[Relation | None, int] = (None, 0)
    for relation in relations().values():
        for said in relation.said:
            if len(said) > best[1] and tuple(words[i : i + len(said)]) == said:
                best = (relation, len(said))
    return best


def _look_up(gazetteer: Gazetteer, words: list[str], near: tuple[float, float] | None) -> list[_Hit]:
    whole = gazetteer.search(" ".join(words), near=near, limit=CANDIDATES_MAX)
    if whole and whole[0].reason in _SURE:
        return _all_of(whole)
    trimmed = list(words)
    while trimmed and trimmed[-1] in _FILLERS:
        trimmed.pop()
    while trimmed and trimmed[0] in _FILLERS:
        trimmed.pop(0)
    if trimmed and trimmed != words:
        named = gazetteer.search(" ".join(trimmed), near=near, limit=CANDIDATES_MAX)
        if named and named[0].reason in _SURE:
            return _all_of(named)
        whole = named or whole
    # Without commas the landmark and its quarter run together: the longest known group of words wins.
    tried = 0
    out: list[_Hit] = []
    covered: set[int] = set()
    for length in range(min(len(trimmed), SPAN_WORDS_MAX), 0, -1):
        for start in range(len(trimmed) - length + 1):
            span = range(start, start + length)
            if tried >= SPANS_MAX or covered & set(span):
                continue
            group = trimmed[start : start + length]
            if group[0] in _FILLERS or (length == 1 and len(group[0]) < WORD_CHARS_MIN):
                continue
            tried += 1
            hits = gazetteer.search_surely(" ".join(group), near=near, limit=5)
            if hits:
                covered |= set(span)
                out.extend((hit, length / len(words)) for hit in hits)
    if whole and whole[0].reason == "words":
        held = {match.place.id for match in whole}
        return _all_of(whole) + [hit for hit in out if hit[0].place.id not in held]
    return out or _all_of(whole)


def _all_of(matches: list[Match]) -> list[_Hit]:
    return [(match, 1.0) for match in matches]


def _candidates(phrase: _Phrase, hits: list[_Hit], others: list[_Hit], said: str) -> list[Candidate]:
    # Within one phrase without commas, a wider place among the matches is context for a smaller one.
    contexts = [m for m, _ in others + hits if m.place.kind in _AREAL and m.reason in _SURE]
    out = []
    for match, share in hits:
        place = match.place
        if place.lat is None or place.lon is None:
            continue
        areal = place.kind in _AREAL
        because: list[Because] = [match.reason]
        score = (match.score + _WEIGHT[match.reason]) * share
        radius = place.radius_m or _usual_radius(place.kind)
        relation = phrase.relation
        if relation is not None:
            radius = max(radius * relation.factor, relation.radius_m)
            because.append("relation")
            score += 5.0
        sure = match.reason not in {"near", "prefix"}
        context, agrees = _context_of(match, contexts)
        if context is not None and agrees:
            because.append("context_agrees")
            score += 5.0 if areal else 40.0
        elif context is not None and not areal:
            because.append("context_far")
            score -= 30.0
            sure = False
        elif areal and others and relation is None:
            # The landmark itself is not known, or stands by itself: the quarter remains as what is sure.
            because.append("context_only")
            score -= 25.0
        if not agrees and _namesakes(match, hits):
            because.append("several_of_this_name")
            sure = False
        area = Area(
            lat=place.lat,
            lon=place.lon,
            radius_m=round(radius, 1),
            source="gazetteer" if areal else "landmark",
            confidence="likely" if sure else "heard",
            words=said,
            place_id=place.id,
        )
        out.append(
            Candidate(
                area=area,
                name=match.name,
                kind=place.kind,
                relation=None if relation is None else relation.code,
                context=None if context is None or not agrees else context.name,
                because=tuple(because),
                score=round(score, 1),
            )
        )
    return out


def _namesakes(match: Match, hits: list[_Hit]) -> bool:
    """Whether another place of this name lies elsewhere (a quarter within its own section does not)."""
    a = match.place
    for other, _ in hits:
        b = other.place
        if b.id == a.id or other.reason not in _SURE or fold(other.name) != fold(match.name):
            continue
        if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
            continue
        reach = max(a.radius_m or _usual_radius(a.kind), b.radius_m or _usual_radius(b.kind))
        if distance_m(a.lat, a.lon, b.lat, b.lon) > reach:
            return True
    return False


def _context_of(match: Match, contexts: list[Match]) -> tuple[Match | None, bool]:
    place = match.place
    far: Match | None = None
    for other in contexts:
        wider = other.place
        if wider.id == place.id or wider.lat is None or wider.lon is None:
            continue
        if fold(other.name) == fold(match.name):  # a place does not vouch for its namesake
            continue
        if place.lat is None or place.lon is None:
            continue
        reach = (wider.radius_m or _usual_radius(wider.kind)) * CONTEXT_SLACK + (place.radius_m or 0.0)
        if place.parent_id == wider.id or distance_m(place.lat, place.lon, wider.lat, wider.lon) <= reach:
            return other, True
        far = far or other
    return far, False


def _between(
    gazetteer: Gazetteer, phrase: _Phrase, near: tuple[float, float] | None, said: str
) -> Candidate | None:
    for i, word in enumerate(phrase.words):
        if word not in _AND or not 0 < i < len(phrase.words) - 1:
            continue
        ends = [
            next(iter(gazetteer.search(" ".join(words), near=near, limit=1)), None)
            for words in (phrase.words[:i], phrase.words[i + 1 :])
        ]
        a, b = ends
        if a is None or b is None or a.place.lat is None or b.place.lat is None:
            continue
        if a.place.lon is None or b.place.lon is None:
            continue
        half = distance_m(a.place.lat, a.place.lon, b.place.lat, b.place.lon) / 2
        relation = relations()["between"]
        sure = {a.reason, b.reason} <= {"name", "sound"}
        area = Area(
            lat=(a.place.lat + b.place.lat) / 2,
            lon=(a.place.lon + b.place.lon) / 2,
            radius_m=round(max(half, relation.radius_m), 1),
            source="landmark",
            confidence="likely" if sure else "heard",
            words=said,
        )
        return Candidate(
            area=area,
            name=f"{a.name} – {b.name}",
            kind="landmark",
            relation="between",
            because=("between", a.reason),
            score=a.score + 45.0,
        )
    return None


def _usual_radius(kind: str) -> float:
    known = kinds().get(kind)
    return known.radius_m if known is not None else RADIUS_FALLBACK_M
