"""The words about places as data: kinds, relations to a landmark, and names that share no sound."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from lanbi.core.access import LANGUAGES
from lanbi.core.errors import Malformed
from lanbi.places.fold import plain


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of place. `rank` orders kinds for one name; `radius_m` is its usual extent in metres."""

    code: str
    rank: int
    radius_m: float
    labels: dict[str, str]
    sources: tuple[str, ...]


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """A relation to a landmark: the area becomes radius × `factor`, at least `radius_m` metres."""

    code: str
    factor: float
    radius_m: float
    labels: dict[str, str]
    said: tuple[tuple[str, ...], ...]


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by code, in the order of the file."""
    return {
        code: Kind(
            code=code,
            rank=fields["rank"],
            radius_m=float(fields["radius_m"]),
            labels={lang: fields[lang] for lang in LANGUAGES},
            sources=tuple(plain(word) for word in (code, *fields["sources"])),
        )
        for code, fields in _read("kinds.toml").items()
    }


@cache
def relations() -> dict[str, Relation]:
    """All relations by code."""
    return {
        code: Relation(
            code=code,
            factor=float(fields["factor"]),
            radius_m=float(fields["radius_m"]),
            labels={lang: fields[lang] for lang in LANGUAGES},
            said=tuple(tuple(plain(words).split()) for words in fields["said"]),
        )
        for code, fields in _read("relations.toml").items()
    }


@cache
def aliases() -> dict[str, tuple[str, ...]]:
    """What people say, by the plain form of the name that the gazetteer writes."""
    said: dict[str, list[str]] = {}
    for spoken, written in _read("aliases.toml").items():
        said.setdefault(plain(written), []).append(spoken)
    return {written: tuple(names) for written, names in said.items()}


@cache
def _kinds_by_word() -> dict[str, str]:
    return {word: kind.code for kind in kinds().values() for word in (*kind.sources, plain(kind.code))}


def kind_of(word: str) -> str | None:
    """The kind that a source's own word names ("county" → commune), or None."""
    return _kinds_by_word().get(plain(word))


def usable_kind(code: str) -> Kind:
    """The kind with this code; `Malformed("place-kind-unknown")` with the codes there are."""
    found = kinds().get(code)
    if found is None:
        raise Malformed("place-kind-unknown", given=code[:40], known=", ".join(kinds()))
    return found


def _read(name: str) -> dict:
    return tomllib.loads((files("lanbi.places") / "data" / name).read_text(encoding="utf-8"))
