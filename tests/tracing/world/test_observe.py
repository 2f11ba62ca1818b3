"""What is seen of a synthetic world: as much as the recipe says, and nothing of the truth."""

import re
from datetime import date
from typing import Any, get_args, get_type_hints

import msgspec
import numpy as np
import pytest

from lanbi.tracing.world import observe, world
from lanbi.tracing.world.observe import Observation
from lanbi.tracing.world.recipe import LABEL, standard
from lanbi.tracing.world.things import World
from lanbi.tracing.world.truth import Truth

RECIPE = standard().with_numbers(scale__networks=6, scale__innocents=600, scale__dealers=50)
TELLING = re.compile(r"network|channel|truth|innocent|ring|member|planted", re.IGNORECASE)


@pytest.fixture(scope="module")
def seen() -> tuple[World, Truth, Observation]:
    made, truth = world.make(np.random.default_rng(11), RECIPE)
    return made, truth, observe.see(np.random.default_rng(12), made, RECIPE)


def fields(kind: Any, found: dict[str, set[str]] | None = None) -> dict[str, set[str]]:
    """Type → names of its fields, for a struct and all structs in it."""
    found = {} if found is None else found
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__name__ not in found:
        found[kind.__name__] = set(kind.__struct_fields__)
        for inner in get_type_hints(kind).values():
            fields(inner, found)
    for inner in get_args(kind):
        fields(inner, found)
    return found


def leaks(kind: Any) -> list[str]:
    """Names of types and fields that speak of who belongs to what."""
    return [
        f"{name}.{field}"
        for name, names in fields(kind).items()
        for field in sorted(names)
        if TELLING.search(f"{name}.{field}")
    ]


class Careless(msgspec.Struct):
    """An observation that somebody gave away the truth in."""

    rows: tuple[observe.SeenFirearm, ...]
    network: str


def test_no_field_of_what_is_seen_speaks_of_networks() -> None:
    assert len(fields(Observation)) > 10
    assert leaks(Observation) == []
    assert leaks(World) == []


def test_a_field_that_gives_the_truth_away_is_seen() -> None:
    assert leaks(Careless) == ["Careless.network"]


def test_no_name_of_the_truth_stands_in_what_is_seen(seen: tuple[World, Truth, Observation]) -> None:
    _, truth, observation = seen
    text = msgspec.json.encode(observation).decode() + str(observation.facts())
    for name, network in truth.networks.items():
        assert f'"{name}"' not in text
        assert network.channel not in text


def test_the_same_chances_see_the_same(seen: tuple[World, Truth, Observation]) -> None:
    made, _, observation = seen
    assert observe.see(np.random.default_rng(12), made, RECIPE) == observation
    assert observation.label == LABEL


@pytest.mark.parametrize("rate", [0.1, 0.45, 0.9])
def test_as_many_are_traced_as_asked_for(rate: float, seen: tuple[World, Truth, Observation]) -> None:
    recipe = RECIPE.with_numbers(seen__trace_rate=rate)
    observation = observe.see(np.random.default_rng(1), seen[0], recipe)
    assert observation.traced_share() == pytest.approx(rate, abs=0.05)


def test_countries_trace_as_differently_as_they_do(seen: tuple[World, Truth, Observation]) -> None:
    made, _, observation = seen
    traced = {sale.firearm for sale in observation.sales}

    def share(code: str) -> float:
        guns = [gun for event in made.recoveries if event.country == code for gun in event.firearms]
        return sum(gun in traced for gun in guns) / len(guns)

    assert share("BS") > share("JM") > share("TT")


def test_an_answer_is_there_once_it_has_come_and_not_before(
    seen: tuple[World, Truth, Observation],
) -> None:
    observation = seen[2]
    found = {gun: event.day for event in observation.recoveries for gun in event.firearms}
    waiting = [request for request in observation.requests if request.answered is None]
    assert waiting
    assert all(request.outcome is None for request in waiting)
    for request in observation.requests:
        assert found[request.firearm] < request.sent
        if request.answered is not None:
            assert request.sent < request.answered <= observation.until
            assert request.outcome is not None
            assert (request.reason is None) == (request.outcome != "undetermined")
    told = {sale.request for sale in observation.sales}
    assert told == {one.id for one in observation.requests if one.outcome in ("purchaser", "theft")}


def test_about_a_quarter_of_consignments_is_seen_and_every_seized_one(
    seen: tuple[World, Truth, Observation],
) -> None:
    made, _, observation = seen
    assert len(observation.consignments) / len(made.consignments) == pytest.approx(0.25, abs=0.06)
    known = {load.id for load in observation.consignments}
    seized = {load.id: set(load.firearms) for load in made.consignments if load.seized}
    assert seized.keys() <= known
    packed = {(packing.consignment, packing.firearm) for packing in observation.packings}
    assert all((load, gun) in packed for load, guns in seized.items() for gun in guns)


def test_serials_are_seen_with_their_damage(seen: tuple[World, Truth, Observation]) -> None:
    made, _, observation = seen
    marked = {gun.id: gun.serial for gun in made.firearms}
    wrong = 0
    for gun in observation.firearms:
        if gun.serial_status == "obliterated":
            assert gun.serial is None
            continue
        assert gun.serial is not None
        assert len(gun.serial) == len(marked[gun.id])
        assert (gun.serial_status == "partial") == ("?" in gun.serial)
        if gun.serial_status == "partial":
            assert re.fullmatch(gun.serial.replace("?", "."), marked[gun.id])
            assert gun.serial.count("?") == 2
        wrong += gun.serial_status == "legible" and gun.serial != marked[gun.id]
    assert 0.02 < wrong / len(marked) < 0.09


def test_one_name_at_one_address_is_one_party_and_some_go_by_another(
    seen: tuple[World, Truth, Observation],
) -> None:
    made, _, observation = seen
    buyers = {person.id: person for person in made.purchasers}
    bought = {sale.firearm: sale for sale in made.acquisitions}
    parties = {party.id: party for party in observation.parties}
    aliased = named = 0
    for sale in observation.sales:
        if sale.party is None:
            assert sale.kind == "theft"
            continue
        person = buyers[bought[sale.firearm].purchaser or ""]
        party = parties[sale.party]
        assert party.name in (person.name, person.alias)
        aliased += party.name == person.alias
        named += 1
    assert aliased / named == pytest.approx(0.10, abs=0.05)
    without = [party for party in observation.parties if party.address is None or party.phone is None]
    assert 0 < len(without) < len(observation.parties)


def test_ballistics_hold_leads_hits_and_exclusions(seen: tuple[World, Truth, Observation]) -> None:
    statuses = {one.status for one in seen[2].comparisons}
    assert statuses <= {"lead", "confirmed", "excluded"}
    assert {"lead", "confirmed"} <= statuses
    assert all(one.left < one.right and one.day <= seen[2].until for one in seen[2].comparisons)


def test_what_is_seen_becomes_facts_without_loss(seen: tuple[World, Truth, Observation]) -> None:
    observation = seen[2]
    facts = observation.facts()
    assert len(facts.marked) == len(observation.firearms)
    assert {sale.id for sale in facts.sales} == {sale.id for sale in observation.sales}
    assert {packing.id for packing in facts.packings} == {packing.id for packing in observation.packings}
    days = {sale.day for sale in facts.sales} - {None}
    assert all(date(1970, 1, 1).toordinal() < day <= observation.until.toordinal() for day in days if day)
    contacts = {use.contact for use in facts.uses if use.kind == "phone"}
    assert {party.phone for party in observation.parties if party.phone} <= contacts
