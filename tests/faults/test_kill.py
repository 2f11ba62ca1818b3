"""Whatever was answered survives the worst end of a process; what was not is there whole or not at all."""

import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from lanbi.record.verify import verify_file
from lanbi.store.sqlite import FILE_NAME

pytestmark = pytest.mark.faults

WRITER = Path(__file__).with_name("writer.py")
KILLS = 40 if os.environ.get("LANBI_FAULTS_LONG") else 5
# The moment of the kill: after so many answers, somewhere between two of them.
ANSWERS_MAX = 400


def test_a_killed_node_keeps_every_answer_and_no_half(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    moments = random.Random(seed)
    answered: set[str] = set()
    for kill in range(KILLS):
        wanted = moments.randint(0, ANSWERS_MAX)
        process = subprocess.Popen([sys.executable, str(WRITER), str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        lines = []
        for _ in range(wanted):
            line = process.stdout.readline()
            assert line.endswith(b"\n"), f"the writer ended by itself (kill {kill}, seed {seed})"
            lines.append(line)
        process.kill()
        lines += process.stdout.readlines()  # what it had still said
        process.wait()
        process.stdout.close()
        answered |= {line.decode().strip() for line in lines if line.endswith(b"\n")}
        assert process.returncode == -9

        report = verify_file(tmp_path / FILE_NAME)
        assert report.ok, f"kill {kill}, seed {seed}: {report.findings}"
        if (tmp_path / FILE_NAME).exists():
            names = halves(tmp_path / FILE_NAME)
            assert answered <= set(names), f"kill {kill}, seed {seed}"
            assert set(names.values()) <= {2}, f"kill {kill}, seed {seed}"
    assert answered


def halves(file: Path) -> Counter[str]:
    """How many rows each command has; each row's entry must stand in the journal too."""
    connection = sqlite3.connect(file)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchone():
            return Counter()
        rows = connection.execute("SELECT name, side, seq FROM half").fetchall()
        entries = connection.execute("SELECT seq, subject FROM journal WHERE kind = 'half.made'").fetchall()
        assert {(seq, f"half/{name}") for name, _, seq in rows} == set(entries)
        return Counter(name for name, _, _ in rows)
    finally:
        connection.close()
