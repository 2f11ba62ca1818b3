"""Recoveries and imports over a store, and the files that people send."""

import csv
import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.exceptions import LitestarDeprecationWarning
from litestar.testing import TestClient

from lanbi.bootstrap import Node
from lanbi.config import Settings
from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import LanbiError
from lanbi.core.ports import Tx
from lanbi.tracing import api as tracing_api
from lanbi.tracing.model import Entity, Given
from lanbi.tracing.recoveries import api
from lanbi.tracing.recoveries.importer import read_table
from lanbi.tracing.recoveries.imports import Imports
from lanbi.tracing.recoveries.jobs import Job, Report
from lanbi.tracing.recoveries.model import (
    FirearmFilter,
    FirearmLine,
    Item,
    Recorded,
    RecoveryFilter,
    RecoveryLine,
)
from lanbi.tracing.recoveries.service import Page, Recoveries
from lanbi.tracing.recoveries.sql import ABOVE, LAST_DAY
from lanbi.web.app import create_app
from stores import ACTORS
from tracing.room import ANALYST, GLOCK, SECRET, SEIZURE, Room, givens

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "firearms"
"""Where real files stand beside a checkout, if they do."""
PLAIN = "case,date,agency,country,make,model,calibre,serial,made_in,dealer,dealer_city,dealer_country,sold_on"
"""Columns of the plain table."""


def table(*rows: Sequence[str], header: str = PLAIN) -> bytes:
    """A CSV of these rows below that header."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue().encode()


def gun(serial: str, case: str = "24-1", date: str = "2026-05-02", **more: str) -> list[str]:
    """A row of the plain table."""
    values = {
        "case": case, "date": date, "agency": "PNH", "country": "HT", "make": "Glock", "model": "19",
        "calibre": "9mm", "serial": serial, "made_in": "Austria", **more,
    }  # fmt: skip
    return [values.get(name, "") for name in PLAIN.split(",")]


class Ground:
    """Recoveries and files over one room."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.recoveries = Recoveries(room.tracing)
        self.imports = Imports(self.recoveries, room.clock, SECRET)

    def record(self, *items: Item, by: Actor = ANALYST, **seizure: str) -> Recorded:
        """A recovery with these items, as one report says it."""
        values = givens({name: value for name, value in {**SEIZURE, **seizure}.items() if value})

        def work(tx: Tx) -> Recorded:
            return self.recoveries.record(tx, values, items, self.room.source(tx))

        return self.room.do(work, by=by)

    def add(self, recovery: Entity, *items: Item) -> Recorded:
        return self.room.do(lambda tx: self.recoveries.add(tx, recovery.id, items, self.room.source(tx)))

    def sell(self, firearm: Entity, **values: str) -> Entity:
        return self.room.do(
            lambda tx: self.recoveries.sell(tx, firearm.id, givens(values), self.room.source(tx))
        )

    def page(self, recovery: Entity) -> Page:
        return self.room.look(lambda reader: self.recoveries.page(reader, ANALYST, recovery.id))

    def firearms(self, *, before: int = ABOVE, limit: int = 200, **asked: Any) -> list[FirearmLine]:
        wanted = FirearmFilter(**asked)
        return self.room.look(lambda reader: self.recoveries.firearms(reader, ANALYST, wanted, before, limit))

    def board(
        self, *, after: tuple[str | None, int] = (LAST_DAY, ABOVE), limit: int = 200, **asked: Any
    ) -> list[RecoveryLine]:
        wanted = RecoveryFilter(**asked)
        return self.room.look(
            lambda reader: self.recoveries.recoveries(reader, ANALYST, wanted, after, limit)
        )

    def job(self, data: bytes, mapping: Any = "lanbi", name: str = "seizures.csv") -> Job:
        return self.imports.job(ANALYST, read_table(data, name), self.imports.mapping(mapping))

    def judge(self, data: bytes, mapping: Any = "lanbi", name: str = "seizures.csv") -> Report:
        return self.imports.judge(self.room.store, ANALYST, self.job(data, mapping, name))

    def run(
        self, data: bytes, mapping: Any = "lanbi", name: str = "seizures.csv", *, skip_bad: bool = False
    ) -> Report:
        return self.imports.run(self.room.store, ANALYST, self.job(data, mapping, name), skip_bad=skip_bad)

    def count(self, table_name: str) -> int:
        counted = {
            "entities": "SELECT COUNT(*) FROM tracing_entity",
            "statements": "SELECT COUNT(*) FROM tracing_statement",
            "sources": "SELECT COUNT(*) FROM tracing_source",
            "entries": "SELECT COUNT(*) FROM journal",
        }
        return self.room.look(lambda reader: reader.rows(counted[table_name]))[0][0]


def firearm(**values: str) -> Item:
    """A whole Glock, or one that differs from it; an empty value leaves the property out."""
    merged = {name: value for name, value in {**GLOCK, **values}.items() if value}
    return Item("firearm", tuple(givens(merged)))


def materiel(**values: str) -> Item:
    return Item("materiel", tuple(Given(prop=name, value=value) for name, value in values.items()))


def refused(code: str, work: Callable[[], object]) -> LanbiError:
    """The refusal of that code that the work ends in."""
    with pytest.raises(LanbiError) as caught:
        work()
    assert caught.value.code == code, caught.value
    return caught.value


@pytest.fixture
def ground(room: Room) -> Ground:
    """Over both engines."""
    return Ground(room)


@pytest.fixture
def swift(small: Room) -> Ground:
    """Over SQLite only."""
    return Ground(small)


class Site:
    """The handlers of tracing on a node's store, asked over HTTP."""

    def __init__(self, node: Node, client: TestClient[Any]) -> None:
        self.node = node
        self._client = client
        self._tokens: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None, *, by: str = "analyst", **headers: str) -> Any:
        """The response; a body of bytes goes as it is, any other as JSON."""
        if by not in self._tokens:
            role = by.partition("/")[0]
            name = by.replace("_", "-").replace("/", "-")
            self._tokens[by] = self.node.store.write_now(
                SYSTEM,
                lambda tx: self.node.accounts.issue_token(tx, name=name, role=role, days=1, lang="en"),
            )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["authorization"] = f"Bearer {self._tokens[by]}"
        content = body if isinstance(body, bytes) or body is None else msgspec.json.encode(body)
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        if content is not None:
            named.setdefault("content-type", kind)
        return self._client.request(method, f"/api/v1{path}", content=content, headers=named)

    def get(self, path: str, **asked: Any) -> Any:
        return self.ask("GET", path, **asked)

    def post(self, path: str, body: Any = None, **asked: Any) -> Any:
        return self.ask("POST", path, {} if body is None else body, **asked)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A node with the shipped policies, and of its handlers those that are asked here."""
    node = Node(Settings(data=tmp_path / "node"))
    try:
        recoveries = Recoveries(node.tracing)
        imports = Imports(recoveries, node.clock, SECRET)
        with warnings.catch_warnings():
            # Litestar 2 announces what its version 3 will ask of handlers; we hold to version 2.
            warnings.simplefilter("ignore", LitestarDeprecationWarning)
            app = create_app(
                store=node.store,
                gate=node.gate,
                vocabulary=node.vocabulary,
                doorkeeper=node.doorkeeper,
                live=node.live,
                handlers=[
                    *tracing_api.routes(node.tracing, node.clock),
                    *api.routes(recoveries, imports, node.store),
                ],
                housekeeping=[],
                queued=lambda: node.store.queued,
            )
        with TestClient(app) as client:
            yield Site(node, client)
    finally:
        node.close()


__all__ = ["ACTORS", "FOLDER", "Ground", "Site", "firearm", "ground", "gun", "materiel", "refused", "table"]
