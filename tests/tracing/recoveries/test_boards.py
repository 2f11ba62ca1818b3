"""The boards over both stores: every filter, page by page; and by an index, however many there are."""

from typing import Any

import pytest

from lanbi.tracing import sql as tracing_sql
from lanbi.tracing.model import Given
from lanbi.tracing.recoveries import sql
from lanbi.tracing.recoveries.model import FirearmFilter, RecoveryFilter
from lanbi.tracing.recoveries.service import sought
from lanbi.tracing.recoveries.sql import ABOVE, LAST_DAY
from tracing.recoveries.ground import Ground, firearm, refused

MAKES = ("Glock", "Taurus", "Ruger")


def stock(ground: Ground) -> None:
    """Six recoveries of one to three firearms, one of a month, one without a day."""
    for number, day in enumerate(["2026-01-05", "2026-03", "2026-02-10", "", "2026-02-10", "2025"], 1):
        guns = [
            firearm(
                make=MAKES[(number + at) % 3],
                serial=f"N{number}X{at}",
                model="" if number == 2 else "19",
                calibre="9mm" if at else ".40",
            )
            for at in range(1 + number % 3)
        ]
        ground.record(
            *guns,
            date=day,
            case=f"Ka-{number}",
            country="HT" if number % 2 else "DO",
            agency="École de police" if number == 5 else "PNH",
            disposition="seized" if number < 4 else "found",
        )


def refs(lines: list[Any]) -> list[str]:
    return [line.ref for line in lines]


def test_recoveries_are_newest_first_and_those_without_a_day_come_last(ground: Ground) -> None:
    stock(ground)
    assert refs(ground.board()) == ["R-2", "R-5", "R-3", "R-1", "R-6", "R-4"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"country": "DO"}, ["R-2", "R-6", "R-4"]),
        ({"disposition": "found"}, ["R-5", "R-6", "R-4"]),
        ({"incomplete": True}, ["R-2", "R-4"]),
        ({"since": "2026-02-10"}, ["R-2", "R-5", "R-3"]),
        ({"since": "2026-03-15"}, ["R-2"]),
        ({"until": "2026-01-31"}, ["R-1", "R-6"]),
        ({"since": "2026-02", "until": "2026-02"}, ["R-5", "R-3"]),
        ({"since": "2025-06-01", "until": "2025-06-30"}, ["R-6"]),
        ({"since": "2026", "country": "HT"}, ["R-5", "R-3", "R-1"]),
        ({"q": "R-4"}, ["R-4"]),
        ({"q": "r5"}, ["R-5"]),
        ({"q": "F-1"}, ["R-1"]),
        ({"q": "ka-3"}, ["R-3"]),
        ({"q": "KA-"}, ["R-2", "R-5", "R-3", "R-1", "R-6", "R-4"]),
        ({"q": "École"}, ["R-5"]),
        ({"q": "ÉCOLE DE"}, ["R-5"]),
        ({"q": "n5x"}, ["R-5"]),
        ({"q": "N 5 X 1"}, ["R-5"]),
        ({"q": "KA-", "country": "DO", "incomplete": True}, ["R-2", "R-4"]),
        ({"q": "nothing like it"}, []),
        ({"country": "JM"}, []),
    ],
)
def test_recoveries_by_what_is_asked(ground: Ground, asked: dict[str, Any], found: list[str]) -> None:
    stock(ground)
    assert refs(ground.board(**asked)) == found


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"make": "TAURUS"}, lambda line: line.make == "TAURUS"),
        ({"calibre": "40SW"}, lambda line: line.calibre == "40SW"),
        ({"country": "DO"}, lambda line: line.recovered_in == "DO"),
        ({"incomplete": True}, lambda line: line.missing > 0),
        ({"contested": True}, lambda line: line.ref == "F-2"),
        ({"state": "sent"}, lambda line: line.ref == "F-9"),
        ({"made_in": "AT", "make": "GLOCK"}, lambda line: line.make == "GLOCK"),
        ({"q": "F-7"}, lambda line: line.ref == "F-7"),
        ({"q": "R-2"}, lambda line: line.recovery == "R-2"),
        ({"q": "n5"}, lambda line: line.serial.startswith("N5")),
        ({"q": "N5", "make": "RUGER"}, lambda line: line.serial.startswith("N5") and line.make == "RUGER"),
        (
            {"calibre": "40SW", "country": "HT"},
            lambda line: (line.calibre, line.recovered_in) == ("40SW", "HT"),
        ),
    ],
)
def test_firearms_by_what_is_asked(ground: Ground, asked: dict[str, Any], fits: Any) -> None:
    stock(ground)
    tracing, (two,) = ground.room.tracing, ground.firearms(q="F-2")
    kimber = [Given(prop="make", value="Kimber")]
    ground.room.do(lambda tx: tracing.state(tx, two.id, kimber, ground.room.source(tx)))
    (nine,) = ground.firearms(q="F-9")
    ground.room.do(
        lambda tx: tx.run(tracing_sql.SET_TRACE, id=nine.id, state="sent", outcome=None, seq=tx.seq)
    )
    whole = ground.firearms()
    assert refs(whole) == [f"F-{number}" for number in range(12, 0, -1)]
    wanted = [line.ref for line in whole if fits(line)]
    assert refs(ground.firearms(**asked)) == wanted != []


def test_firearms_that_nobody_has(ground: Ground) -> None:
    stock(ground)
    for asked in ({"made_in": "US"}, {"q": "zzz"}, {"make": "KIMBER"}, {"state": "answered"}):
        assert ground.firearms(**asked) == []


def test_pages_follow_each_other_without_a_gap(ground: Ground) -> None:
    stock(ground)
    for asked in ({}, {"country": "HT"}, {"q": "ka"}, {"incomplete": True}):
        whole = ground.board(**asked)
        paged: list[Any] = []
        after: tuple[str | None, int] = (LAST_DAY, ABOVE)
        while page := ground.board(after=after, limit=2, **asked):
            paged += page
            after = (page[-1].date, page[-1].number)
        assert refs(paged) == refs(whole)
    whole = ground.firearms()
    first = ground.firearms(limit=5)
    assert refs(first + ground.firearms(before=first[-1].number)) == refs(whole)


def test_what_a_search_may_be(ground: Ground) -> None:
    assert sought("  ") is None
    refused("recoveries-query-long", lambda: sought("x" * 81))
    refused("text-nul", lambda: sought("a\x00"))
    refused("tracing-date", lambda: ground.board(since="soon"))
    for query in ("%", "'; DROP TABLE tracing_firearm; --", "…", "\uffff", "F-999999999"):
        assert ground.firearms(q=query) == []
        assert ground.board(q=query) == []


STEPS = "EXPLAIN QUERY PLAN "


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "tracing_firearm_number"),
        ({"state": "sent"}, "tracing_firearm_state"),
        ({"make": "GLOCK"}, "tracing_firearm_make"),
        ({"calibre": "9X19"}, "tracing_firearm_calibre"),
        ({"country": "HT"}, "tracing_firearm_recovered_in"),
        ({"made_in": "AT"}, "tracing_firearm_made_in"),
        ({"incomplete": True}, "tracing_firearm_incomplete"),
        ({"contested": True}, "tracing_firearm_contested"),
        ({"q": "AB12"}, "tracing_firearm_serial"),
    ],
)
def test_the_board_of_firearms_is_read_by_an_index(swift: Ground, asked: dict[str, Any], index: str) -> None:
    steps = plan(swift, lambda reader: sql.firearms(
        reader, FirearmFilter(**asked), sought(str(asked.get("q", ""))), ABOVE, 50
    ))  # fmt: skip
    assert any(index in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps
    if "q" not in asked:
        assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "tracing_recovery_date"),
        ({"since": "2026-01-01", "until": "2026-02-01"}, "tracing_recovery_date"),
        ({"country": "HT"}, "tracing_recovery_country"),
        ({"incomplete": True}, "tracing_recovery_incomplete"),
        ({"q": "24-1"}, "tracing_recovery_case_begins"),
    ],
)
def test_the_board_of_recoveries_is_read_by_an_index(
    swift: Ground, asked: dict[str, Any], index: str
) -> None:
    for day in (LAST_DAY, None):
        steps = plan(swift, lambda reader, day=day: sql.recoveries(
            reader, RecoveryFilter(**asked), sought(str(asked.get("q", ""))), (day, ABOVE), 50
        ))  # fmt: skip
        assert not any(step.startswith("SCAN") for step in steps), steps
        if day is not None:
            assert any(index in step for step in steps), steps
            assert "q" in asked or not any("TEMP B-TREE" in step for step in steps), steps


class _Explained:
    """A reader that tells how a question would be answered, and answers nothing."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.steps: list[str] = []

    def rows(self, statement: str, /, **params: Any) -> list[tuple[Any, ...]]:
        self.steps += [str(row[-1]) for row in self._reader.rows(STEPS + statement, **params)]
        return []


def plan(ground: Ground, work: Any) -> list[str]:
    def explain(reader: Any) -> list[str]:
        explained = _Explained(reader)
        work(explained)
        return explained.steps

    return ground.room.look(explain)
