"""What time makes wrong about positions: a unit on its way does not move, one at work is not heard from."""

from collections.abc import Callable, Iterable, Iterator

from lanbi.core.geo import distance_m
from lanbi.core.ports import Reader
from lanbi.core.time import SECOND, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.core.watch import Condition, Watch

# Less than this between two positions is the receiver's own wandering.
MOVED_M = 60.0

NEWEST = "SELECT at, lat, lon FROM track_latest WHERE unit_id = :unit_id"
BEFORE = """
SELECT at, lat, lon FROM track_position WHERE unit_id = :unit_id AND at <= :edge ORDER BY at DESC LIMIT 1
"""

Tasks = Callable[[Reader], Iterable[tuple[str, str, str, int, str, dict[str, Instant]]]]
"""(unit, callsign, incident, its number, status, when each status was reached) of the active assignments."""


def watches(vocabulary: Vocabulary, tasks: Tasks) -> dict[str, Watch]:
    """The watches of this domain, by the kind of alarm."""
    return {
        "no_movement": _no_movement(tasks, vocabulary.term("alarm_kinds", "no_movement").after_s),
        "lost_link": _lost_link(tasks, vocabulary.term("alarm_kinds", "lost_link").after_s),
    }


def _no_movement(tasks: Tasks, after_s: int) -> Watch:
    """En route for so long, heard from meanwhile, and still where it was."""

    def watch(reader: Reader, now: Instant) -> Iterator[Condition]:
        edge = now - after_s * SECOND
        for unit_id, callsign, incident_id, number, status, reached in tasks(reader):
            if status != "en_route" or reached["en_route"] > edge:
                continue
            newest = reader.row(NEWEST, unit_id=unit_id)
            before = reader.row(BEFORE, unit_id=unit_id, edge=edge)
            if newest is None or before is None or newest[0] <= edge:
                continue
            if distance_m(before[1], before[2], newest[1], newest[2]) < MOVED_M:
                yield _about("no_movement", unit_id, callsign, incident_id, number,
                             since=max(before[0], reached["en_route"]))  # fmt: skip

    return watch


def _lost_link(tasks: Tasks, after_s: int) -> Watch:
    """At a task, and its last position is older than that. A unit that never had one has no link to lose."""

    def watch(reader: Reader, now: Instant) -> Iterator[Condition]:
        edge = now - after_s * SECOND
        for unit_id, callsign, incident_id, number, _, reached in tasks(reader):
            newest = reader.row(NEWEST, unit_id=unit_id)
            # A crew that is sent while its set sleeps has as long to be heard as any other.
            if newest is not None and max(newest[0], reached["assigned"]) <= edge:
                yield _about("lost_link", unit_id, callsign, incident_id, number, since=newest[0])

    return watch


def _about(
    kind: str, unit_id: str, callsign: str, incident_id: str, number: int, *, since: Instant
) -> Condition:
    return Condition(
        kind=kind,
        subject=f"unit/{unit_id}",
        since=since,
        incident_id=incident_id,
        unit_id=unit_id,
        facts={"unit": callsign, "number": number},
    )
