"""A triage desk over a store: the compartment made, the floor behind it, a browser that does its work."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest

from lanbi.core.access import SYSTEM, Actor
from lanbi.core.geo import Area
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.tips import boxes
from lanbi.tips.boxes import Cost
from lanbi.tips.door import done
from lanbi.tips.model import Tip
from lanbi.tips.service import Opened, Reply, Tips
from lanbi.tracks.service import Tracks
from stores import ACTORS, ENGINES, VOCABULARY, Floor, engine_named, floor_over, real_gate

T = TypeVar("T")

CHEF = ACTORS["commander"]
ANALYST = ACTORS["analyst"]
PASSPHRASE = "senk mo ki pa gen rapò"
SESSION = "session-of-the-commander"
SAID = "Gen de kamyon ki dechaje zam nan ansyen depo a chak lendi swa"
WHERE = "depo ki dèyè legliz Sen Michèl la"
# Enough to be the same algorithm, and no more.
CHEAP = Cost(memory_kib=64, passes=1)


class TriageDesk:
    """Tips wired to a floor, as in a node."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.tracks = Tracks(floor.gate, VOCABULARY, lambda _lat, _lon: None, lambda _reader, _unit: False)
        self.tips = Tips(
            floor.gate,
            VOCABULARY,
            floor.clock,
            report=lambda tx, kind, area, text: self.tracks.observe(tx, kind, area, text=text).id,
            open_incident=self._open,
            cost=CHEAP,
        )
        pair = self.tips.new_pair(new_id(floor.clock.now()), PASSPHRASE)
        self.do(lambda tx: self.tips.make(tx, pair))

    def _open(self, tx: Tx, type_: str | None, title: str, area: Area | None, text: str) -> tuple[str, int]:
        incident = self.floor.incidents.open(tx, type=type_, title=title, area=area)
        if text != title:
            self.floor.incidents.note(tx, incident.id, text)
        return incident.id, incident.number

    def do(self, work: Callable[[Tx], T], *, by: Actor = CHEF, purpose: str = "") -> T:
        return self.floor.do(work, by=by, purpose=purpose)

    def look(self, work: Callable[[Reader], T]) -> T:
        return self.floor.look(work)

    def give(self, text: str = SAID, *, place: str = "", channel: Any = "web", lang: str = "ht") -> str:
        """A stranger gives a tip → the code."""
        return self.do(
            lambda tx: self.tips.receive(tx, channel=channel, lang=lang, text=text, place=place), by=SYSTEM
        )

    def tide(self, *, with_passed: bool = True) -> int:
        return self.do(lambda tx: self.tips.take_in(tx, with_passed=with_passed), by=SYSTEM)

    def unlock(self, passphrase: str = PASSPHRASE, *, by: Actor = CHEF, session: str = SESSION) -> Any:
        pairs = self.look(lambda reader: self.tips.pairs(reader, by))
        keys = self.tips.tried(pairs, passphrase)
        return self.do(lambda tx: self.tips.unlock(tx, session, pairs, keys), by=by)

    def all(self) -> list[Tip]:
        """Every tip, oldest first."""
        return self.look(lambda reader: self.tips.page(reader, CHEF, state=None, before=2**62, limit=100))[
            ::-1
        ]

    def taken(self, text: str = SAID, **told: Any) -> tuple[str, Tip]:
        """A tip that the tide took in → (code, tip)."""
        code = self.give(text, **told)
        self.tide()
        return code, self.all()[-1]

    def read(self, tip: Tip, *, by: Actor = CHEF, session: str = SESSION, purpose: str = "assess") -> Opened:
        return self.do(lambda tx: self.tips.read(tx, session, tip.id), by=by, purpose=purpose)

    def grade(self, tip: Tip, *, by: Actor = CHEF) -> Tip:
        return self.do(lambda tx: self.tips.grade(tx, tip.id, "F", "3", "low"), by=by)

    def replies(self, code: str) -> list[Reply] | None:
        return self.look(lambda reader: self.tips.replies(reader, code))


@pytest.fixture(params=ENGINES)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TriageDesk]:
    """A desk over each engine; everybody may do everything."""
    with floor_over(engine_named(request.param, tmp_path, request)) as floor:
        yield TriageDesk(floor)


@pytest.fixture
def guarded_desk(tmp_path: Path) -> Iterator[TriageDesk]:
    """The same behind the shipped policies, on SQLite."""
    with floor_over(SqliteEngine(tmp_path / FILE_NAME), real_gate()) as floor:
        yield TriageDesk(floor)


def solve(work: dict[str, Any]) -> dict[str, str]:
    """What a browser does before it sends."""
    challenge, bits = work["challenge"], work["bits"]
    answer = next(str(guess) for guess in count() if done(challenge, str(guess), bits))
    return {"challenge": challenge, "answer": answer}


__all__ = ["CHEAP", "TriageDesk", "boxes", "desk", "guarded_desk", "solve"]
