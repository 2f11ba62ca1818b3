"""No question about calls, promises or incidents walks through a whole table: a full store stays as quick."""

import re
from pathlib import Path

import apsw
import pytest

from lanbi.calls import sql as calls_sql
from lanbi.incidents import sql as incidents_sql
from lanbi.store.migrate import shipped

# Indexes that hold only what waits now, however old the store is: these may be walked whole.
SMALL = {"call_pictured", "call_owed", "promise_open"}
QUESTIONS = [
    (f"{module.__name__.split('.')[1]}.{name}", text)
    for module in (calls_sql, incidents_sql)
    for name, text in vars(module).items()
    if name.isupper() and not name.startswith("_") and re.match(r"\s*(SELECT|UPDATE|DELETE)\b", text)
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> apsw.Connection:
    """An empty store's tables."""
    folder: Path = tmp_path_factory.mktemp("plans")
    connection = apsw.Connection(str(folder / "plans.sqlite"))
    for migration in shipped():
        for statement in migration.statements:
            connection.execute(statement)
    return connection


@pytest.mark.parametrize(("name", "question"), QUESTIONS, ids=[name for name, _ in QUESTIONS])
def test_every_question_goes_by_an_index(name: str, question: str, database: apsw.Connection) -> None:
    blanks = dict.fromkeys(re.findall(r":([a-z_]+)", question))
    plan = [str(step[3]) for step in database.execute(f"EXPLAIN QUERY PLAN {question}", blanks)]
    assert plan, "there was nothing to look at"
    walked = [step for step in plan if step.startswith("SCAN") and step != "SCAN CONSTANT ROW"]
    for step in walked:
        index = re.search(r"USING (?:COVERING )?INDEX (\w+)", step)
        assert index is not None, step
        assert index.group(1) in SMALL, step


def test_there_were_questions() -> None:
    assert len(QUESTIONS) > 25
