"""The usual trace form as data, and how complete a thing is for it: which identifiers stand, which are
doubtful, which are missing, and what to do next. Pure.

The table is `data/trace_form.toml`: box by box, with the words for whoever fills it in.
"""

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from lanbi.core.access import LANGUAGES
from lanbi.tracing.projection import missing_of
from lanbi.tracing.reading import UNREAD_SERIAL
from lanbi.tracing.schema import load, needed

FORM = "ATF Form 3312.1"
READ_IN_PART = frozenset({"partial", "restored"})
"""States of a serial in which what stands there may be wrong in a mark."""

Standing = Literal["given", "doubtful", "missing", "excused"]
"""`excused`: a serial that was filed off or never there, which no care in filling in can give; a country of
manufacture in whose place that of the last import stands."""


class Box(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a property goes on the form. See `data/trace_form.toml`."""

    name: str
    box: str = ""
    required: bool = False
    codes: str = ""
    isacs: Literal["", "essential", "additional"] = ""
    next: dict[str, str] = {}
    doubt: dict[str, str] = {}


class Identifier(msgspec.Struct, frozen=True, kw_only=True):
    """One of the values that a trace cannot do without. `next`: what to do about it, by language; empty where
    nothing is to be done."""

    prop: str
    standing: Standing
    box: str
    next: dict[str, str]


class Completeness(msgspec.Struct, frozen=True, kw_only=True):
    """`have` of `of` identifiers; an excused one counts as had, since no partner could ask for more."""

    have: int
    of: int
    identifiers: tuple[Identifier, ...]

    @property
    def whole(self) -> bool:
        return self.have == self.of


@cache
def boxes() -> dict[str, dict[str, Box]]:
    """Kind → property → its box. `ValueError` for a table that does not fit the schema."""
    text = files("lanbi.tracing.recoveries").joinpath("data", "trace_form.toml").read_text(encoding="utf-8")
    found = msgspec.convert(tomllib.loads(text), dict[str, dict[str, Box]])
    kinds = load()
    for kind, of_kind in found.items():
        if unknown := of_kind.keys() - kinds[kind].props.keys():
            raise ValueError(f"{kind} has no property {sorted(unknown)[0]}")
        if unsaid := [prop for prop in needed(kind) if prop not in of_kind or not of_kind[prop].next]:
            raise ValueError(f"{kind}.{unsaid[0]}: needed, and nothing says what to do without it")
        for prop, box in of_kind.items():
            for words in (box.next, box.doubt):
                if words and set(words) != set(LANGUAGES):
                    raise ValueError(f"{kind}.{prop}: not in every language")
    return found


def completeness(kind: str, preferred: Mapping[str, Any], flagged: Collection[str] = ()) -> Completeness:
    """What a trace needs of a thing. `kind`: firearm, materiel or recovery; `preferred`: its values by
    property; `flagged`: properties whose value was kept with a doubt."""
    missing = set(missing_of(kind, dict(preferred)))
    found = []
    for prop in needed(kind):
        box = boxes()[kind][prop]
        standing = _standing(prop, preferred, missing, flagged)
        words = {"missing": box.next, "doubtful": box.doubt}.get(standing, {})
        found.append(Identifier(prop=prop, standing=standing, box=box.box, next=words))
    return Completeness(have=len(found) - len(missing), of=len(found), identifiers=tuple(found))


def _standing(
    prop: str, preferred: Mapping[str, Any], missing: Collection[str], flagged: Collection[str]
) -> Standing:
    if prop in missing:
        return "missing"
    if preferred.get(prop) in (None, "", UNREAD_SERIAL):
        return "excused"
    if prop in flagged or (prop == "serial" and preferred.get("serial_status") in READ_IN_PART):
        return "doubtful"
    return "given"
