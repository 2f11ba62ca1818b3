"""Whoever alters a claim behind the record is found out, by a verifier that runs without the server."""

import sqlite3
from pathlib import Path

import pytest

from lanbi.record.verify import verify_file
from lanbi.store.postgres import PostgresEngine
from lanbi.store.sqlite import FILE_NAME
from tracing.room import GLOCK, Room, room_over, verified


def day(room: Room) -> None:
    room.seized(GLOCK, {**GLOCK, "serial": "SYN702214"})


@pytest.mark.parametrize(
    ("alter", "code"),
    [
        ("UPDATE tracing_statement SET value = 'TAURUS' WHERE prop = 'make'", "statement-value"),
        ("UPDATE tracing_statement SET original = 'Taurus' WHERE prop = 'make'", "statement-value"),
        ("UPDATE tracing_statement SET salt = x'00' WHERE prop = 'make'", "statement-value"),
        ("UPDATE tracing_statement SET value = NULL, salt = NULL WHERE prop = 'make'", "statement-emptied"),
        ("DELETE FROM tracing_statement WHERE prop = 'make'", "statement-missing"),
        ("UPDATE tracing_statement SET said_seq = said_seq + 1 WHERE prop = 'make'", "statement-unclaimed"),
        ("UPDATE tracing_statement SET id = 'x' || id WHERE prop = 'make'", "statement-unclaimed"),
    ],
)
def test_an_altered_claim_is_found(tmp_path: Path, alter: str, code: str) -> None:
    good = verified(tmp_path, day)
    assert good.ok, good.findings
    assert good.statements == 5 + 2 * 6
    with sqlite3.connect(tmp_path / FILE_NAME) as store:
        store.execute(alter)
    store.close()
    report = verify_file(str(tmp_path / FILE_NAME))
    assert not report.ok
    assert code in report.counts


@pytest.mark.postgres
def test_claims_in_postgresql_are_verified_too(postgres_database: str) -> None:
    with room_over(PostgresEngine(postgres_database)) as room:
        day(room)
    report = verify_file(postgres_database)
    assert report.ok, report.findings
    assert report.statements == 17
