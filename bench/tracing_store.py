"""A large store of tracing, laid down by SQL: the shape of what a nation would hold, to be asked of.

SYNTHETIC. To state it claim by claim through the services would take half an hour; the rows are those that
the services make (`lanbi.tracing.projection`), without the claims behind them.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import msgspec

from lanbi.core.ids import new_id

BATCH_ROWS = 20_000
NOW = 1_790_000_000_000_000
ENTITY = """
INSERT INTO tracing_entity (id, kind, number, canonical, preferred, contested, made_at, expires_at,
 gone_at, seq)
VALUES (?, ?, ?, ?, ?, 0, ?, NULL, NULL, 1)
"""
EDGE = "INSERT INTO tracing_edge (a, b, kind, via, on_date, until_date, seq) VALUES (?, ?, ?, ?, ?, NULL, 1)"
FIREARM = """
INSERT INTO tracing_firearm (id, number, recovery_id, recovery_number, type, make, model, calibre, serial,
 serial_status, country, missing, contested, recovered_on, recovered_in, sold_on, sold_in, dealer_id,
 trace_state, outcome, seq)
VALUES (?, ?, ?, ?, 'pistol', ?, ?, ?, ?, 'legible', 'US', ?, 0, ?, ?, ?, 'US', ?, ?, NULL, 1)
"""
RECOVERY = """
INSERT INTO tracing_recovery (id, number, date, country, place, lat, lon, radius_m, agency, case_ref,
 disposition, legal_basis, firearms, materiel, missing, seq)
VALUES (?, ?, ?, ?, 'Synthetic', 18.5, -72.3, 5000, 'Synthetic', ?, 'seized', 'criminal_investigation',
 2, 0, 0, 1)
"""
MAKES = (
    ("GLOCK", "19", "9X19"),
    ("TAURUS", "G2C", "9X19"),
    ("RUGER", "LCP", "380ACP"),
    ("DRACO", "MINI", "7.62X39"),
)
COUNTRIES = ("HT", "DO", "JM", "BS", "TT")
STATES = ("none", "sent", "answered", "answered", "none")


class Laid(msgspec.Struct, frozen=True):
    """What stands in the store now."""

    firearms: int
    edges: int
    recoveries: list[str]


def _batched(connection: sqlite3.Connection, sql: str, rows: Iterator[tuple[object, ...]]) -> None:
    while part := list(islice(rows, BATCH_ROWS)):
        connection.executemany(sql, part)


def lay(file: Path, firearms: int, seed: int, step: Callable[[int, int], None]) -> Laid:
    """Lays down so many firearms, two to a recovery, with sales, contacts, consignments and legs."""
    rng = random.Random(seed)
    counts = {
        "firearm": firearms, "recovery": firearms // 2,
        "dealer": max(3, firearms // 60),
        "person": firearms // 4, "acquisition": firearms, "contact": firearms // 5,
        "contact_use": firearms // 4,
        "consignment": max(2, firearms // 10), "packing": firearms // 2, "leg": firearms // 8, "port": 40,
    }  # fmt: skip
    ids = {kind: [new_id(NOW) for _ in range(count)] for kind, count in counts.items()}
    edges = 0
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")
        for done, (kind, keys) in enumerate(ids.items(), 1):
            _batched(connection, ENTITY, _entities(kind, keys, ids, rng))
            step(done, len(ids) + 3)
        _batched(connection, FIREARM, _firearms(ids, rng))
        _batched(connection, RECOVERY, _recoveries(ids, rng))
        step(len(ids) + 1, len(ids) + 3)
        for rows in _edges(ids, rng):
            both = [
                pair
                for a, b, kind, via, on in rows
                for pair in ((a, b, kind, via, on), (b, a, kind, via, on))
            ]
            connection.executemany(EDGE, both)
            edges += len(rows)
        step(len(ids) + 2, len(ids) + 3)
        connection.execute(
            "INSERT INTO tracing_number (kind, last) VALUES ('firearm', ?), ('recovery', ?)",
            (firearms, firearms // 2),
        )
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
    step(1, 1)
    return Laid(firearms, edges, ids["recovery"])


def _date(rng: random.Random) -> str:
    return f"20{rng.randint(18, 25)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _entities(
    kind: str, keys: list[str], ids: dict[str, list[str]], rng: random.Random
) -> Iterator[tuple[object, ...]]:
    encode = msgspec.json.encode
    for number, key in enumerate(keys, 1):
        make, model, calibre = MAKES[number % len(MAKES)]
        values = {
            "firearm": {"make": make, "model": model, "calibre": calibre, "serial": f"SYN{number:07}"},
            "recovery": {"date": _date(rng), "country": COUNTRIES[number % 5], "agency": "Synthetic"},
            "dealer": {"name": f"Synthetic Arms {number}", "country": "US", "region": "FL"},
            "person": {"role": ["purchaser"]},
            "consignment": {"kind": "container", "container": f"SYNU{number:07}"},
            "port": {"code": "USMIA" if number % 2 else "HTPAP"},
            "contact": {"kind": "phone"},
        }.get(kind, {})
        if kind == "firearm":
            values["recovery"] = ids["recovery"][(number - 1) // 2 % len(ids["recovery"])]
        yield key, kind, number, key, encode(values).decode(), NOW


def _firearms(ids: dict[str, list[str]], rng: random.Random) -> Iterator[tuple[object, ...]]:
    for number, key in enumerate(ids["firearm"], 1):
        make, model, calibre = MAKES[number % len(MAKES)]
        recovery = (number - 1) // 2 % len(ids["recovery"])
        yield (
            key, number, ids["recovery"][recovery], recovery + 1, make, model, calibre, f"SYN{number:07}",
            number % 3, _date(rng), COUNTRIES[number % 5], _date(rng),
            ids["dealer"][number % len(ids["dealer"])],
            STATES[number % 5],
        )  # fmt: skip


def _recoveries(ids: dict[str, list[str]], rng: random.Random) -> Iterator[tuple[object, ...]]:
    for number, key in enumerate(ids["recovery"], 1):
        yield key, number, _date(rng), COUNTRIES[number % 5], f"SYN-{number:06}"


def _edges(
    ids: dict[str, list[str]], rng: random.Random
) -> Iterator[list[tuple[str, str, str, str, str | None]]]:
    def some(kind: str) -> str:
        return rng.choice(ids[kind])

    firearms, recoveries = ids["firearm"], ids["recovery"]
    yield [
        (key, recoveries[at // 2 % len(recoveries)], "firearm.recovery", key, None)
        for at, key in enumerate(firearms)
    ]
    sales = []
    for at, sale in enumerate(ids["acquisition"]):
        # A buyer bought a few of them from one dealer or two, as purchasers do.
        buyer = ids["person"][at // 4 % len(ids["person"])]
        dealer, on = ids["dealer"][hash(buyer) % len(ids["dealer"])], _date(rng)
        sales.append((dealer, buyer, "acquisition.seller.buyer", sale, on))
        sales.append((buyer, firearms[at], "acquisition.buyer.firearm", sale, on))
    yield sales
    yield [
        (ids["person"][at % len(ids["person"])], some("contact"), "contact_use.party.contact", use, None)
        for at, use in enumerate(ids["contact_use"])
    ]
    yield [
        (firearms[at * 2 % len(firearms)], some("consignment"), "packing.item.consignment", packing, None)
        for at, packing in enumerate(ids["packing"])
    ]
    yield [
        (some("consignment"), some("port"), "leg.consignment.destination", leg, _date(rng))
        for leg in ids["leg"]
    ]
