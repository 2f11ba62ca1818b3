"""A synthetic world in a store: all of what was seen, nothing of the truth, labelled throughout."""

import numpy as np
import pytest

from lanbi.core.errors import Refused
from lanbi.tracing.graphs.facts import of_all
from lanbi.tracing.telling.service import Telling, Told
from lanbi.tracing.world import observe, recipe, world
from lanbi.tracing.world.observe import Observation
from lanbi.tracing.world.truth import Truth
from tracing.room import Room

SEED = 20261122


def small_world() -> tuple[Observation, Truth]:
    numbers = recipe.standard().with_numbers(scale__networks=3, scale__innocents=40)
    rng = np.random.default_rng(SEED)
    made, truth = world.make(rng, numbers)
    return observe.see(rng, made, numbers), truth


def tell(room: Room, seen: Observation) -> Told:
    return Telling(room.tracing, room.store).tell(seen)


def test_everything_that_was_seen_is_told_and_nothing_else(room: Room) -> None:
    seen, _ = small_world()
    steps: list[tuple[int, int]] = []
    told = Telling(room.tracing, room.store).tell(seen, lambda done, total: steps.append((done, total)))
    assert (told.recoveries, told.firearms) == (len(seen.recoveries), len(seen.firearms))
    assert steps[-1][0] == steps[-1][1]
    facts, expected = room.look(of_all), seen.facts()
    assert len(facts.marked) == len(expected.marked)
    assert {(sale.day, sale.stolen) for sale in facts.sales} == {
        (sale.day, sale.stolen) for sale in expected.sales
    }
    assert len(facts.packings) >= len(expected.packings)
    assert sorted(one.status for one in facts.comparisons) == sorted(
        one.status for one in expected.comparisons
    )


def test_a_told_world_says_everywhere_that_it_is_synthetic(small: Room) -> None:
    tell(small, small_world()[0])
    rows = small.look(lambda reader: reader.rows("SELECT reference, synthetic FROM tracing_source"))
    assert rows
    assert all(reference.startswith("SYNTHETIC ") and synthetic == 1 for reference, synthetic in rows)


def test_no_network_of_the_truth_is_told(small: Room) -> None:
    seen, truth = small_world()
    tell(small, seen)
    text = "\n".join(
        str(row)
        for table in ("tracing_entity", "tracing_statement", "tracing_source")
        for row in small.look(lambda reader, table=table: reader.rows(f"SELECT * FROM {table}"))
    )
    for name, network in truth.networks.items():
        assert f"'{name}'" not in text
        assert f'"{network.channel}"' not in text


def test_a_second_world_is_refused(small: Room) -> None:
    seen, _ = small_world()
    tell(small, seen)
    before = small.look(lambda reader: reader.head)
    with pytest.raises(Refused, match="tracing-told-already"):
        tell(small, seen)
    assert small.look(lambda reader: reader.head) == before
