"""Makes a synthetic world: networks that buy and ship, other guns, who found what. SYNTHETIC.

The order: guns leave the trade (`trade`), travel, are found, are fired; at last everything gets its name, its
serial and a number in an order of chance (`naming`), so that no id tells where a thing comes from.
"""

from numpy.random import Generator

from lanbi.tracing.world import trade
from lanbi.tracing.world.draft import Draft, Load
from lanbi.tracing.world.naming import finished
from lanbi.tracing.world.recipe import Recipe
from lanbi.tracing.world.things import World
from lanbi.tracing.world.truth import Truth


def make(rng: Generator, recipe: Recipe) -> tuple[World, Truth]:
    """A world and its truth; the same generator state and recipe give the same world. SYNTHETIC."""
    draft = Draft(rng, recipe)
    for _ in range(int(recipe.number("scale.networks"))):
        trade.network(draft)
    trade.innocents(draft)
    trade.multiple_sales(draft)
    _groupage(draft)
    _found(draft)
    _together(draft)
    _fired(draft)
    return finished(draft)


def _groupage(draft: Draft) -> None:
    """Consignments of one route and of a few days into one container, where nobody would arrive too late."""
    gap = draft.recipe.number("shipping.groupage_days")
    order = sorted(
        range(len(draft.loads)), key=lambda at: (draft.loads[at].route, draft.loads[at].stays[0][0])
    )
    together: list[int] = []
    for at in order:
        load = draft.loads[at]
        joins = (
            bool(together)
            and draft.loads[together[-1]].route == load.route
            and load.stays[0][0] - draft.loads[together[0]].stays[0][0] <= gap
            and draft.chance("shipping.groupage")
            and load.stays[-1][1] < min(_found_first(draft, draft.loads[one]) for one in together)
        )
        together = [*together, at] if joins else [at]
        for one in together if len(together) > 1 else ():
            draft.loads[one].stays = list(load.stays)
            if draft.loads[together[0]].container < 0:
                draft.loads[together[0]].container = draft.containers
                draft.containers += 1
            draft.loads[one].container = draft.loads[together[0]].container
    for load in draft.loads:
        if load.container < 0 and draft.recipe.loads[load.kind].kind == "container":
            load.container = draft.containers
            draft.containers += 1


def _found_first(draft: Draft, load: Load) -> int:
    return min((found for at in load.guns if (found := draft.guns[at].found) >= 0), default=draft.until - 30)


def _found(draft: Draft) -> None:
    """When each gun is found: at the port with its whole consignment, or later in somebody's hands."""
    number = draft.recipe.number
    shape, scale = number("time_to_crime.trafficked_shape"), number("time_to_crime.trafficked_scale_years")
    for load in draft.loads:
        arrived = load.stays[-1][1]
        load.seized = draft.since <= arrived <= draft.until and draft.chance("shipping.seized")
        for gun in (draft.guns[at] for at in load.guns):
            if load.seized:
                gun.found = arrived
            elif gun.found < 0:
                low = max(arrived + 1, draft.since) - gun.ready
                gun.found = gun.ready + draft.days(shape, scale, low, draft.until - gun.ready)


def _together(draft: Draft) -> None:
    """Recoveries: a seized consignment is one; else guns of a country, now and then two or more at once."""
    for load in draft.loads:
        if load.seized:
            draft.events.append(list(load.guns))
    loose = [at for at, gun in enumerate(draft.guns) if not draft.loads[gun.load].seized]
    loose.sort(key=lambda at: (draft.guns[at].country, draft.guns[at].found, at))
    event: list[int] = []
    for at in loose:
        gun = draft.guns[at]
        if event:
            last = draft.guns[event[-1]]
            near = last.country == gun.country and gun.found - draft.guns[event[0]].found <= 60
            if not (near and draft.chance("recoveries.together")):
                draft.events.append(event)
                event = []
        event.append(at)
        for one in event:
            draft.guns[one].found = gun.found
    if event:
        draft.events.append(event)


def _fired(draft: Draft) -> None:
    """Scenes at which two guns were fired, while both were in the country and not yet found."""
    here: dict[int, list[int]] = {}
    own: dict[tuple[int, int], list[int]] = {}
    for at, gun in enumerate(draft.guns):
        here.setdefault(gun.country, []).append(at)
        own.setdefault((gun.network, gun.country), []).append(at)
    for at, gun in enumerate(draft.guns):
        # Each scene holds two guns, so that half as many scenes give the share of guns.
        if draft.rng.random() >= draft.recipe.number("ballistics.share") / 2:
            continue
        same = gun.network >= 0 and draft.chance("ballistics.same_network")
        among = own[gun.network, gun.country] if same else here[gun.country]
        for _ in range(20):
            other = among[int(draft.rng.integers(len(among)))]
            low = max(draft.loads[draft.guns[one].load].stays[-1][1] for one in (at, other))
            high = min(draft.guns[one].found for one in (at, other))
            if other != at and low <= high:
                draft.shootings.append((draft.between(low, high), at, other))
                break
