"""Fills a data folder through the node's own services: `python -m bench.build FOLDER INCIDENTS`.

A centre's history in small: every incident is opened with its type, title and place
and closed with a disposition; one in ten began as a call with a number and words,
was answered and ended, and has a note; to one in twenty a unit was sent. The last 200
stay open, so that the room looks the same however long its history is. 50 units stand
at their posts. Nothing is copied and nothing is skipped: same checks, same seals, same
journal, in pieces of 500.
"""

import sys
from pathlib import Path
from typing import Any

from lanbi.bootstrap import Node
from lanbi.config import Settings
from lanbi.core.access import Actor
from lanbi.core.geo import Area

OPEN = 200
UNITS = 50
PIECE = 500
CALL_EVERY = 10
SENT_EVERY = 20
WHO = Actor(id="bench", name="bench", role="commander", lang="ht")
TYPES = ("bleeding", "breathing", "childbirth", "seizure", "burn", "stroke")
DISPOSITIONS = ("resolved", "transported", "false_alarm", "nothing_found")
KINDS = ("ambulance", "ambulance_advanced", "fire_engine", "police_patrol", "rescue")
CAPABILITIES = {
    "ambulance": ("ambulance_basic", "oxygen"),
    "ambulance_advanced": ("ambulance_basic", "ambulance_advanced", "oxygen"),
    "fire_engine": ("fire_engine",),
    "police_patrol": (),
    "rescue": ("rescue", "extrication"),
}

COUNT = "SELECT COUNT(*) FROM incident"
STILL_OPEN = "SELECT id FROM incident WHERE state = 'open' ORDER BY number"
UNITS_OF = "SELECT id FROM unit WHERE kind = :kind ORDER BY callsign"
UNIT_COUNT = "SELECT COUNT(*) FROM unit"


def area(n: int) -> Area:
    """The n-th place: spread over the town, on land."""
    return Area(
        lat=18.50 + (n * 7 % 100) * 6e-4,
        lon=-72.34 + (n * 13 % 100) * 6e-4,
        radius_m=150.0,
        source="map",
        confidence="likely",
    )


def add_unit(node: Node, tx: Any, n: int) -> None:
    kind = KINDS[n % len(KINDS)]
    node.dispatch.commission(
        tx, callsign=f"BAN-{n + 1}", kind=kind, capabilities=CAPABILITIES[kind], crew=2, home=area(n * 17)
    )


def add_incident(node: Node, tx: Any, n: int, units: list[str], *, close: bool) -> None:
    call_id = None
    if n % CALL_EVERY == 0:
        call = node.calls.offer(
            tx, channel="voice", number=f"+5093{n % 10_000_000:07d}", lang="ht", text="Gen yon moun ki tonbe."
        )
        call_id = node.calls.answer(tx, call.id).id
    incident = node.incidents.open(
        tx, call_id=call_id, type=TYPES[n % len(TYPES)], title=f"Ka {n}, zòn {n % 97}", area=area(n)
    )
    if call_id is not None:
        node.incidents.note(tx, incident.id, "Fanmi an di li ka pale kounye a.")
        node.calls.end(tx, call_id)
    if close and n % SENT_EVERY == 0:
        unit_id = units[n // SENT_EVERY % len(units)]
        sent = node.dispatch.assign(tx, incident.id, unit_id)
        node.dispatch.step(tx, sent.id, "cleared")
    if close:
        node.incidents.close(tx, incident.id, DISPOSITIONS[n % len(DISPOSITIONS)])


def fill(data: Path, incidents: int) -> None:
    """Grows the store to that many incidents; prints "done total" as it goes."""
    node = Node(Settings(data=data, site="bench"))
    store = node.store
    try:
        have = store.read_now(lambda reader: reader.rows(COUNT)[0][0])
        if store.read_now(lambda reader: reader.rows(UNIT_COUNT)[0][0]) == 0:
            store.write_now(WHO, lambda tx: [add_unit(node, tx, n) for n in range(UNITS)])

        units = [
            unit_id for (unit_id,) in store.read_now(lambda reader: reader.rows(UNITS_OF, kind=KINDS[0]))
        ]

        def close_old(tx: Any) -> None:
            for (incident_id,) in tx.rows(STILL_OPEN):
                node.incidents.close(tx, incident_id, "resolved")

        if have < incidents:
            store.write_now(WHO, close_old)
        for start in range(have, incidents, PIECE):
            end = min(start + PIECE, incidents)

            def piece(tx: Any, start: int = start, end: int = end) -> None:
                for n in range(start, end):
                    add_incident(node, tx, n, units, close=n < incidents - OPEN)

            store.write_now(WHO, piece)
            print(end, incidents, flush=True)
    finally:
        node.close()


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]))
