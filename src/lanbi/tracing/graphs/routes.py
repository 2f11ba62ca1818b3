"""The likeliest routes to a recovery, from what is known of it: sales, legs, the place where it was found."""

from collections.abc import Iterable
from datetime import date

import msgspec

from lanbi.core.access import Actor
from lanbi.core.geo import Area
from lanbi.core.ports import Reader
from lanbi.tracing import sql as root_sql
from lanbi.tracing.graphs import sql
from lanbi.tracing.graphs.model import Stop, Stretch
from lanbi.tracing.graphs.sql import Entities
from lanbi.tracing.model import UNGRADED, Entity
from lanbi.tracing.networks.legs import load_graph
from lanbi.tracing.networks.ports import load_ports
from lanbi.tracing.networks.routing import (
    EVIDENCE_MAX,
    Bought,
    Evidence,
    LegSeen,
    Route,
    Routing,
    Seizure,
    find_routes,
    reliability_of,
)
from lanbi.tracing.schema import earliest
from lanbi.tracing.service import Tracing

STEPS_MAX = 400
AT_THE_BORDER = ("customs_control", "border_control")
LEGS_SHOWN_MIN = 0.05  # a leg that is less likely than this is not drawn
_area = msgspec.json.Decoder(Area)


class RouteStopRow(msgspec.Struct, frozen=True, kw_only=True):
    """A stop of a route; it left there between `low` and `high` (10 and 90 %), half-way `middle`."""

    code: str
    name: str
    lat: float
    lon: float
    low: str
    middle: str
    high: str


class RouteRow(msgspec.Struct, frozen=True, kw_only=True):
    """One route with its probability before and after the evidence, and what it would make a mistake of."""

    probability: float
    prior: float
    stops: list[RouteStopRow]
    modes: list[str]
    supported: list[str]
    contradicted: list[str]


class RoutesRow(msgspec.Struct, frozen=True, kw_only=True):
    """The likeliest routes; all probabilities with `other_routes` and `none_of_these` make one."""

    recovery: str
    routes: list[RouteRow]
    other_routes: float
    none_of_these: float
    evidence: int
    complete: bool


class Known(msgspec.Struct, frozen=True):
    """What is known of the way to one recovery: enough to ask, or None where its place or day is not."""

    seizure: Seizure | None
    evidence: tuple[Evidence, ...]


def known_of(reader: Reader, recovery: Entity) -> Known:
    """Sales, legs and the end of the way, each by the reference that opens it."""
    entities = Entities(reader)
    evidence: dict[str, Evidence] = {}
    consignments = {recovery.value("consignment")} - {None}
    for step in sql.neighbours(reader, recovery.id, STEPS_MAX):
        if step.kind != "firearm.recovery":
            continue
        for other in sql.neighbours(reader, step.b, STEPS_MAX):
            via = entities.get(other.via)
            if via is not None and via.kind == "acquisition" and via.value("kind") in (None, "first_sale"):
                _bought(evidence, reader, via, entities)
            elif other.kind == "packing.item.consignment":
                consignments.add(other.b)
    for consignment in sorted(str(one) for one in consignments):
        for step in sql.neighbours(reader, consignment, STEPS_MAX):
            leg = entities.get(step.via)
            if leg is not None and leg.kind == "leg":
                _leg(evidence, reader, leg, entities)
    kept = tuple(evidence[key] for key in sorted(evidence))[:EVIDENCE_MAX]
    return Known(_seizure(recovery), kept)


def _bought(found: dict[str, Evidence], reader: Reader, sale: Entity, entities: Entities) -> None:
    seller = entities.get(sale.value("seller") or "")
    if seller is None or seller.value("country") != "US" or not seller.value("region"):
        return
    region = str(seller.value("region"))
    names = {origin.name.casefold(): code for code, origin in load_graph().origin_places.items()}
    place = names.get(region.casefold(), f"US-{region.upper()}")
    # Ten guns of one dealer say once where the dealer is.
    found.setdefault(
        f"{seller.ref}/{place}",
        Bought(
            ref=sale.ref, reliability=_reliability(reader, sale), day=_day(sale.value("date")), place=place
        ),
    )


def _leg(found: dict[str, Evidence], reader: Reader, leg: Entity, entities: Entities) -> None:
    ends = [entities.get(leg.value(name) or "") for name in ("origin", "destination")]
    codes = [None if end is None else end.value("code") for end in ends]
    if codes[0] and codes[1]:
        day = _day(leg.value("departed") or leg.value("arrived"))
        found[leg.ref] = LegSeen(
            ref=leg.ref, reliability=_reliability(reader, leg), day=day, frm=codes[0], to=codes[1]
        )


def _reliability(reader: Reader, entity: Entity) -> float:
    row = reader.row(sql.GRADE_OF, id=entity.id)
    return reliability_of(UNGRADED if row is None or row[0] is None else row[0])


def _seizure(recovery: Entity) -> Seizure | None:
    said, on = recovery.value("area"), recovery.value("date")
    area = None if said is None else _area.decode(said)
    if area is None or area.lat is None or area.lon is None or on is None:
        return None
    ends = load_graph().ends_near(area.lat, area.lon, recovery.value("country") or "")
    held = (
        "held_port"
        if recovery.value("legal_basis") in ("customs_control", "border_control")
        else "held_street"
    )
    return Seizure(places=ends, day=date.fromisoformat(earliest(on)), held=held) if ends else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None and len(text) == 10 else None


def ask(reader: Reader, recovery: Entity) -> tuple[Routing | None, Known]:
    """The answer for one recovery; None where its place or day is not known, or nobody ships there."""
    known = known_of(reader, recovery)
    return (
        None if known.seizure is None else find_routes(load_graph(), known.seizure, known.evidence)
    ), known


def stop_of(code: str) -> Stop | None:
    """A place of the route graph on the map: a port, a crossing, or a state where firearms are first sold."""
    port = load_ports().by_code.get(code)
    if port is not None:
        return Stop(port.code, port.name, port.lat, port.lon)
    origin = load_graph().origin_places.get(code)
    return None if origin is None else Stop(code, origin.name, origin.lat, origin.lon)


def likely_stretches(reader: Reader, recovery: Entity, stated: Iterable[Stretch]) -> list[Stretch]:
    """The legs that a recovery's likeliest routes have and no paper tells of, with their probability."""
    answer, _ = ask(reader, recovery)
    if answer is None:
        return []
    told = {(one.from_.code, one.to.code) for one in stated}
    drawn = {(leg.frm, leg.to) for route in answer.routes for leg in route.legs}
    found = []
    for (frm, to), chance in answer.by_leg.items():
        start, end = stop_of(frm), stop_of(to)
        wanted = (frm, to) in drawn and (frm, to) not in told and chance >= LEGS_SHOWN_MIN
        if wanted and start is not None and end is not None:
            found.append(
                Stretch(
                    id=f"{recovery.id}/{frm}-{to}", node=recovery.id, from_=start, to=end,
                    evidence="inferred", confidence=round(chance, 2), on=None, until=None,
                )
            )  # fmt: skip
    return found


def routes_row(tracing: Tracing, reader: Reader, actor: Actor, recovery_id: str) -> RoutesRow:
    """The likeliest routes to a recovery, each with what it rests on and what it contradicts."""
    tracing.gate.require(actor, "tracing.see")
    recovery = root_sql.get(reader, recovery_id)
    answer, known = ask(reader, recovery)
    if answer is None:
        return RoutesRow(
            recovery=recovery.ref, routes=[], other_routes=0.0, none_of_these=1.0,
            evidence=len(known.evidence), complete=True,
        )  # fmt: skip
    return RoutesRow(
        recovery=recovery.ref,
        routes=[_route_row(route) for route in answer.routes],
        other_routes=round(answer.other_routes, 3),
        none_of_these=round(answer.none_of_these, 3),
        evidence=len(known.evidence),
        complete=answer.complete,
    )


def _route_row(route: Route) -> RouteRow:
    stops = []
    for stop in route.stops:
        place = stop_of(stop.place)
        if place is not None:
            stops.append(
                RouteStopRow(
                    code=place.code, name=place.name, lat=place.lat, lon=place.lon,
                    low=stop.low.isoformat(),
                    middle=stop.middle.isoformat(), high=stop.high.isoformat(),
                )
            )  # fmt: skip
    return RouteRow(
        probability=round(route.probability, 3),
        prior=round(route.prior, 3),
        stops=stops,
        modes=[leg.mode for leg in route.legs],
        supported=list(route.supported),
        contradicted=list(route.contradicted),
    )
