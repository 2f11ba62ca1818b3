"""What is drawn of a network: nodes, edges, times, legs and sites, one selection for all of them."""

from math import exp
from typing import Literal

import msgspec

from lanbi.tracing.model import Entity
from lanbi.tracing.networks.links import Link
from lanbi.tracing.schema import earliest, latest

NODES_MAX = 200
NODES_FIRST = 28  # what stands before anybody expands: more can be counted than read
HUB_EDGES_MIN = 25  # with more neighbours a node is folded: its count stands in place of them
HUB_RARE_MAX = 5  # of a kind of edge of which a hub has no more than these, they stand
NEIGHBOURS_MAX = 400
EXPANDED_MAX = 60
# Two recovered firearms taken at random belong to one network about once in a thousand: an assumption, and
# the only one that turns a link's weight into a probability.
PRIOR_NATS = -6.9
# What a first look follows from a seizure: through these it does not go on by itself.
STOPS = frozenset({"port", "contact"})

EdgeEvidence = Literal["evidenced", "inferred", "lead", "confirmed", "excluded"]
Lane = Literal["sale", "consignment", "recovery", "request"]


class Step(msgspec.Struct, frozen=True):
    """One neighbour in the store: who, by which kind of edge, and the entity that says so."""

    a: str
    b: str
    kind: str
    via: str
    on: str | None
    until: str | None


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """`title`: the reference. `detail`: data in no language; `code`: (vocabulary, code) of a word beside it.
    `folded`: neighbours of a hub that are not shown; `more`: neighbours of any node that are not shown."""

    id: str
    kind: str
    ref: str
    title: str
    detail: str
    code: tuple[str, str] | None
    date: str | None
    sealed: bool
    folded: int | None
    more: int
    network: str | None


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: a code of the vocabulary `edge_kinds`, or of `link_reasons` for an inferred one."""

    id: str
    a: str
    b: str
    kind: str
    via: str
    evidence: EdgeEvidence
    confidence: float | None
    on: str | None
    until: str | None


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Something on the time axis: a point or a stretch, each end with the range in which it can lie."""

    id: str
    node: str
    lane: Lane
    kind: Literal["point", "span"]
    title: str
    from_: str | None = msgspec.field(name="from")
    from_latest: str | None
    to: str | None
    to_latest: str | None
    count: int = 1


class Stop(msgspec.Struct, frozen=True):
    """A port or crossing on the map."""

    code: str
    name: str
    lat: float
    lon: float


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A leg on the map. `evidence`: stated by a source, or one of the likely ways with its `confidence`."""

    id: str
    node: str
    from_: Stop = msgspec.field(name="from")
    to: Stop
    evidence: Literal["evidenced", "inferred"]
    confidence: float | None
    on: str | None
    until: str | None


class Site(msgspec.Struct, frozen=True):
    """Where a recovery was, as an area."""

    node: str
    lat: float
    lon: float
    radius_m: float
    words: str


class Workspace(msgspec.Struct, frozen=True, kw_only=True):
    """One picture in four panes. `total`: the nodes shown, and the neighbours of theirs that are not."""

    root: str
    nodes: list[Node]
    edges: list[Edge]
    times: list[Span]
    legs: list[Stretch]
    sites: list[Site]
    shown: int
    total: int
    synthetic: bool


def edge_id(a: str, kind: str, b: str, via: str) -> str:
    """The same from either end."""
    left, right = sorted((a, b))
    return f"{left}~{kind}~{right}~{via}"


def inferred_id(link: Link) -> str:
    """Names the pair and the reason, from which the link is found again."""
    return f"{link.left}~{link.kind}~{link.right}~inferred"


def confidence_of(link: Link) -> float:
    """The probability that both firearms are of one network, by this link alone (0 to 1, two places)."""
    return round(1 / (1 + exp(-(link.weight + PRIOR_NATS))), 2)


def detail_of(entity: Entity) -> str:
    """What stands under the reference: data, in no language."""
    value = entity.value
    parts: list[str | None]
    match entity.kind:
        case "firearm":
            parts = [" ".join(filter(None, (value("make"), value("model")))), value("calibre")]
        case "recovery":
            parts = [value("agency"), value("country")]
        case "dealer":
            parts = [value("name"), value("region") or value("country")]
        case "consignment":
            parts = [value("container") or value("bill")]
        case "materiel":
            parts = [value("count"), value("calibre") or value("lot")]
        case "port":
            parts = [value("code")]
        case _:
            parts = []
    return " · ".join(part for part in parts if part)


_CODED = {
    "person": ("role", "person_roles"),
    "contact": ("kind", "contact_kinds"),
    "consignment": ("kind", "consignment_kinds"),
    "materiel": ("kind", "materiel_kinds"),
    "recovery": ("disposition", "recovery_dispositions"),
}


def code_of(entity: Entity) -> tuple[str, str] | None:
    """The word beside it, as (vocabulary, code)."""
    prop, table = _CODED.get(entity.kind, ("", ""))
    found = entity.value(prop) if prop else None
    return None if found is None else (table, found)


def range_of(date: str | None) -> tuple[str | None, str | None]:
    """The first and the last day that a date can mean; the last is None where both are one."""
    if date is None:
        return None, None
    first, last = earliest(date), latest(date)
    return first, None if first == last else last
