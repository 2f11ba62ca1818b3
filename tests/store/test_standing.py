"""What every screen asks for when it opens, and the node every second, costs what stands now, not what ever
stood: each statement goes by an index that is as small as the work at hand."""

import re
from pathlib import Path

import apsw
import pytest

from lanbi.alarms import sql as alarms
from lanbi.crisis import sql as crisis
from lanbi.dispatch import sql as dispatch
from lanbi.dispatch import watch as dispatch_watch
from lanbi.handovers import sql as handovers
from lanbi.incidents import watch as incidents_watch
from lanbi.messages import sql as messages
from lanbi.rosters import sql as rosters
from lanbi.situation import reading
from lanbi.situation import sql as situation
from lanbi.store.migrate import shipped
from lanbi.tips import sql as tips

# Partial indexes: what is in them is what stands.
SMALL = frozenset({
    "alarm_live_seq", "assignment_active_seq", "assignment_active_incident", "handover_open", "major_open",
    "shift_on_duty", "tip_kept", "unserved_standing",
})  # fmt: skip
STANDING = {
    "alarms": alarms.LIVE,
    "channels": messages.CHANNELS_OPEN,
    "crews on scene": dispatch.ON_SCENE_UNASKED,
    "emergencies": dispatch_watch.EMERGENCIES,
    "hand-overs": handovers.ANY_OPEN,
    "incidents unreached": incidents_watch.UNREACHED,
    "major incidents": crisis.OPEN,
    "messages": messages.PICTURED,
    "messages awaited": messages.AWAITED,
    "shifts": rosters.SHIFTS_SHOWN,
    "shifts begun": rosters.SHIFTS_OPEN_BEFORE,
    "shifts that come and go": rosters.SHIFTS_CROSSING,
    "tasks of the last hours": reading.TASKS,
    "timers": dispatch_watch.TIMERS_OUT,
    "tips": tips.PICTURED,
    "units of a division": crisis.UNITS_OF,
    "unserved demand": situation.UNSERVED_OPEN,
    "welfare checks": dispatch_watch.WELFARE_LATE,
    **{f"{kind.__name__} of a major incident": own.pictured for kind, own in crisis._SQL.items()},
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> apsw.Connection:
    """An empty store's tables."""
    folder: Path = tmp_path_factory.mktemp("standing")
    connection = apsw.Connection(str(folder / "plans.sqlite"))
    for migration in shipped():
        for statement in migration.statements:
            connection.execute(statement)
    return connection


def test_the_newest_messages_of_somebody_are_not_sorted_out_of_all_they_ever_had(
    database: apsw.Connection,
) -> None:
    blanks = dict.fromkeys(("of", "party", "before", "limit"))
    plan = [str(s[3]) for s in database.execute(f"EXPLAIN QUERY PLAN {messages.PAGE_OF_PARTY}", blanks)]
    assert "message_party_sent" in plan[0], plan
    assert not [step for step in plan if "TEMP B-TREE" in step]


@pytest.mark.parametrize("name", STANDING)
def test_the_past_is_not_walked_to_find_what_stands(name: str, database: apsw.Connection) -> None:
    question = STANDING[name]
    blanks = dict.fromkeys(re.findall(r":([a-z_]+)", question))
    plan = [str(step[3]) for step in database.execute(f"EXPLAIN QUERY PLAN {question}", blanks)]
    assert plan, "there was nothing to look at"
    for step in plan:
        if step.startswith("SCAN"):
            index = re.search(r"USING (?:COVERING )?INDEX (\w+)", step)
            assert index is not None, step
            assert index.group(1) in SMALL, step
