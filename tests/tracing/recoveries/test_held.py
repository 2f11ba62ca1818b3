"""Uploaded files wait an hour, few at once, each for whoever uploaded it."""

from lanbi.core.access import Actor
from lanbi.core.time import HOUR, MINUTE
from lanbi.tracing.recoveries.guess import propose
from lanbi.tracing.recoveries.held import BYTES_MAX, FILES_MAX, HeldFile, Shelf
from lanbi.tracing.recoveries.importer import read_table
from stores import NIGHT
from tracing.recoveries.ground import gun, refused, table
from tracing.room import ANALYST, OTHER_ANALYST

TABLE = read_table(table(gun("A1")), "x.csv")


def file(actor: Actor = ANALYST, size: int = 1_000, now: int = NIGHT) -> HeldFile:
    return HeldFile(actor, TABLE, propose(TABLE.columns), size=size, now=now)


def test_a_file_is_held_for_an_hour_for_its_own() -> None:
    shelf, held = Shelf(), file()
    shelf.put(held, NIGHT)
    assert shelf.get(ANALYST, held.id, NIGHT + HOUR - 1) is held
    refused("recoveries-import-none", lambda: shelf.get(ANALYST, held.id, NIGHT + HOUR))
    refused("recoveries-import-none", lambda: shelf.get(OTHER_ANALYST, held.id, NIGHT))


def test_the_hour_begins_anew_with_each_piece_of_work_and_two_never_work_at_once() -> None:
    shelf, held = Shelf(), file()
    shelf.put(held, NIGHT)
    with shelf.working(held, NIGHT + 50 * MINUTE):
        refused("recoveries-import-running", lambda: shelf.working(held, NIGHT).__enter__())
    assert shelf.get(ANALYST, held.id, NIGHT + 100 * MINUTE) is held
    with shelf.working(held, NIGHT):
        pass


def test_ones_own_older_files_make_way_and_others_do_not() -> None:
    shelf = Shelf()
    kept = file(OTHER_ANALYST)
    shelf.put(kept, NIGHT)
    own = [file() for _ in range(FILES_MAX)]
    for held in own:
        shelf.put(held, NIGHT)
    refused("recoveries-import-none", lambda: shelf.get(ANALYST, own[0].id, NIGHT))
    assert shelf.get(ANALYST, own[1].id, NIGHT) is own[1]
    assert shelf.get(OTHER_ANALYST, kept.id, NIGHT) is kept


def test_files_take_only_so_much_room() -> None:
    shelf = Shelf()
    shelf.put(file(OTHER_ANALYST, BYTES_MAX - 1_000), NIGHT)
    shelf.put(file(size=1_000), NIGHT)
    refused("recoveries-imports-full", lambda: shelf.put(file(size=1_001), NIGHT))
    late = NIGHT + 2 * HOUR
    shelf.put(file(size=BYTES_MAX, now=late), late)
