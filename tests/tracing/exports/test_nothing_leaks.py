"""No export carries a statement that its recipient may not have; every one carries all that it may."""

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lanbi.tracing.exports import cut as cutting
from lanbi.tracing.exports.cut import cut
from lanbi.tracing.exports.model import FORMATS, Release
from lanbi.tracing.handling import Recipient
from tracing.exports.worlds import ORIGINATORS, PURPOSES, RECIPIENTS, TODAY, World, files_of, wrong_in
from tracing.room import Room

EXAMPLES_MAX = 14


def released(room: Room, world: World, to: Recipient, *, judgements: bool) -> Release:
    selection = world.selection(judgements=judgements)
    return room.look(lambda reader: cut(reader, selection, to, us="HT")).release


@settings(
    max_examples=EXAMPLES_MAX,
    phases=[Phase.generate],  # a smaller seed makes no smaller world
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 2**32 - 1),
    open_share=st.sampled_from((0.0, 0.4, 0.8, 1.0)),
    to=st.builds(Recipient, st.sampled_from(RECIPIENTS), st.sampled_from(PURPOSES), st.just(TODAY)),
    stopped=st.frozensets(st.sampled_from(ORIGINATORS), max_size=2),
    judgements=st.booleans(),
)
def test_every_format_holds_what_may_go_and_nothing_that_may_not(
    small: Room, seed: int, open_share: float, to: Recipient, stopped: frozenset[str], judgements: bool
) -> None:
    world = World(small, random.Random(seed), open_share=open_share)
    for originator in ORIGINATORS:
        small.do(lambda tx, one=originator: small.tracing.stop(tx, one, one in stopped))
    going = world.may_go(to, stopped)
    release = released(small, world, to, judgements=judgements)
    assert set(release.statements) == {row["id"] for row in going}
    for name, make in files_of(release):
        leaked, missing = wrong_in(world, going, make())
        assert (leaked, missing) == ([], []), name


@pytest.mark.parametrize("faulty", FORMATS)
def test_a_format_that_went_around_the_cut_would_be_caught_by_that_search(
    small: Room, monkeypatch: pytest.MonkeyPatch, faulty: str
) -> None:
    """Planted: this one format is made as if `why_kept` forbade nothing, the others as they are."""
    to = Recipient("DO", "criminal_investigation", TODAY)
    world = World(small, random.Random(7), open_share=0.5)
    going = world.may_go(to, frozenset())
    honest = released(small, world, to, judgements=True)
    with monkeypatch.context() as patch:
        patch.setattr(
            cutting, "why_kept", lambda *rules, sealed, withdrawn, **more: "sealed" if sealed else None
        )
        around = released(small, world, to, judgements=True)
    caught = {}
    for name, make in files_of(honest):
        made = dict(files_of(around))[name]() if name == faulty else make()
        caught[name] = wrong_in(world, going, made)[0]
    assert caught[faulty], "what may not go stood in the file, and the search did not see it"
    assert not any(caught[name] for name in FORMATS if name != faulty)


def test_a_format_that_dropped_a_claim_would_be_caught_by_that_search(small: Room) -> None:
    to = Recipient("DO", "criminal_investigation", TODAY)
    world = World(small, random.Random(11), open_share=1.0)
    going = world.may_go(to, frozenset())
    release = released(small, world, to, judgements=False)
    make = dict(files_of(release))["ftm"]
    token = next(item.value("agency") for item in release.items if item.kind == "recovery")
    data = make().replace(str(token).encode(), b"A" * len(str(token)))
    assert any(token in line for line in wrong_in(world, going, data)[1])
