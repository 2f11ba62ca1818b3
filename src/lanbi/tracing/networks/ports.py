"""Ports, airports and land crossings: found by code or by name as people write it. Pure.

The table is `data/ports.toml`: UN/LOCODE where a place has one, codes of ours (with a dash) where it has
none. A text that names no known place is kept as written and flagged; a name that several places bear is
not decided here: the candidates are handed back.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from rapidfuzz.distance import DamerauLevenshtein

from lanbi.core.geo import distance_m

TEXT_CHARS_MAX = 120
CLOSE_SHARE_MIN = 0.84
"""Share of letters that must agree before a name counts as a misspelling: one in seven may be wrong."""
CLOSE_CHARS_MIN = 5
CLOSE_LEAD_MIN = 0.06
"""By how much the best misspelling must lead the next place, or neither is taken."""

PortKind = Literal["sea", "air", "crossing"]
PortFlag = Literal["port_unknown", "port_ambiguous", "port_close"]
"""Nothing like it is known; several places are called so; taken for a misspelling, so look at it."""

# Words that come and go around the name of a place, in the languages of the region.
_AROUND = frozenset(
    re.findall(
        r"\w+",
        "port ports puerto pto po seaport harbour harbor muelle terminal wharf airport aeropuerto aeroport "
        "ayewopo intl international internacional of de del la le les el the ville ciudad city nan in at",
    )
)


class Port(msgspec.Struct, frozen=True, kw_only=True):
    """One place. `lat`, `lon`: degrees WGS 84, two decimals. `also`: what else arrives under the same code.
    `own`: the code is ours, for want of a UN/LOCODE. `checked`: the code was found in a published list."""

    code: str
    name: str
    country: str
    lat: float
    lon: float
    kind: PortKind
    also: PortKind | None = None
    own: bool = False
    checked: bool = True
    spellings: tuple[str, ...] = ()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a text names. `port` is None where nothing or too much fits; `candidates`: the likeliest first."""

    text: str
    port: Port | None
    flags: tuple[PortFlag, ...] = ()
    candidates: tuple[Port, ...] = ()


def _key(text: str) -> str:
    """Letters and digits in lower case without accents, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))


def _bare(key: str) -> str:
    """The key without the words that come and go; the key itself if nothing else is in it."""
    return " ".join(word for word in key.split() if word not in _AROUND) or key


class Ports:
    """The table, with its names indexed."""

    def __init__(self, ports: Iterable[Port], countries: Mapping[str, Iterable[str]]) -> None:
        self.by_code: dict[str, Port] = {port.code: port for port in ports}
        self._codes = {code.replace("-", ""): port for code, port in self.by_code.items()}
        self._countries = {_key(name): code for code, names in countries.items() for name in (code, *names)}
        self._names: dict[str, list[Port]] = {}
        short: dict[str, list[Port]] = {}
        for port in self.by_code.values():
            parts = [port.name, *port.name.split(",")[:1], *port.name.split(" – "), *port.spellings]
            keys = {_key(part) for part in parts}
            for key in keys:
                self._names.setdefault(key, []).append(port)
            for key in {_bare(key) for key in keys} - keys:
                short.setdefault(key, []).append(port)
        # "Panama" is the one that is called so, not also every "Panama City".
        self._names |= {key: ports for key, ports in short.items() if key not in self._names}

    def find(self, text: str, *, country: str | None = None, kind: PortKind | None = None) -> Found:
        """The place that a text names: by code, by name, or as a misspelling, in this order.

        `country` (ISO 3166 alpha-2) and `kind` choose between places of one name; a country written in the
        text itself ("Manzanillo, DO") does so too. Anything may be handed in; longer texts are cut.
        """
        key = _key(text[:TEXT_CHARS_MAX])
        by_code = self._codes.get(key.replace(" ", "").upper())
        if by_code is not None:
            return Found(text=text, port=by_code, candidates=(by_code,))
        rest, said = self._without_country(key)
        inner = said or country
        for tried, where in ((key, country), (_bare(key), country), (rest, inner), (_bare(rest), inner)):
            fitting = self._narrow(self._names.get(tried, []), where, kind)
            if len(fitting) == 1:
                return Found(text=text, port=fitting[0], candidates=tuple(fitting))
            if fitting:
                return Found(text=text, port=None, flags=("port_ambiguous",), candidates=tuple(fitting))
        return self._misspelt(text, {rest, _bare(rest)}, inner, kind)

    def _without_country(self, key: str) -> tuple[str, str | None]:
        """What is left of a key whose last words name a country, and that country."""
        words = key.split()
        for count in (4, 3, 2, 1):
            code = self._countries.get(" ".join(words[-count:])) if len(words) > count else None
            if code is not None:
                return " ".join(words[:-count]), code
        return key, None

    @staticmethod
    def _narrow(ports: list[Port], country: str | None, kind: PortKind | None) -> list[Port]:
        """Those of the country and kind. A wrong country empties the list, a wrong kind does not: people say
        "port" of an airport, but nobody mistakes the country."""
        here = [port for port in ports if country in (None, port.country)]
        return [port for port in here if kind in (None, port.kind, port.also)] or here

    def _misspelt(self, text: str, keys: set[str], country: str | None, kind: PortKind | None) -> Found:
        best: dict[str, float] = {}
        for key in keys:
            for name, ports in self._names.items() if len(key) >= CLOSE_CHARS_MIN else ():
                share = DamerauLevenshtein.normalized_similarity(key, name, score_cutoff=CLOSE_SHARE_MIN)
                for port in self._narrow(ports, country, kind) if share > 0 else ():
                    best[port.code] = max(share, best.get(port.code, 0.0))
        ranked = sorted(best, key=lambda code: (-best[code], code))
        candidates = tuple(self.by_code[code] for code in ranked)
        if not ranked:
            return Found(text=text, port=None, flags=("port_unknown",))
        if len(ranked) > 1 and best[ranked[0]] - best[ranked[1]] < CLOSE_LEAD_MIN:
            return Found(text=text, port=None, flags=("port_ambiguous",), candidates=candidates)
        return Found(text=text, port=candidates[0], flags=("port_close",), candidates=candidates)

    def near(
        self, lat: float, lon: float, *, within_m: float, country: str | None = None
    ) -> list[tuple[Port, float]]:
        """Places within so many metres of a point, each with its distance in metres, the nearest first."""
        found = [
            (port, distance_m(lat, lon, port.lat, port.lon))
            for port in self.by_code.values()
            if country in (None, port.country)
        ]
        return sorted((pair for pair in found if pair[1] <= within_m), key=lambda pair: pair[1])


@cache
def load_ports() -> Ports:
    """The table of the product, read once. A faulty table is a `msgspec.ValidationError`."""
    raw = tomllib.loads((files("lanbi.tracing.networks") / "data" / "ports.toml").read_text(encoding="utf-8"))
    rows = [{"code": code, "country": code[:2], **row} for code, row in raw["ports"].items()]
    return Ports(msgspec.convert(rows, list[Port]), raw["countries"])
