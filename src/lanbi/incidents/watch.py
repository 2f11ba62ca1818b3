"""What time makes wrong about incidents: one is open and nobody is on the way to it."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

import msgspec

from lanbi.core.ports import Reader
from lanbi.core.time import SECOND, Instant
from lanbi.core.vocabulary import AlarmKind, Vocabulary
from lanbi.core.watch import Condition, Watch
from lanbi.incidents.model import Stamp

KINDS = ("unassigned_p0", "unassigned_p1", "unassigned")
_UNREACHED = """
SELECT id, number, type, opened_at, clocks FROM incident
WHERE state = 'open' AND clocks NOT LIKE '%"on_scene"%'"""
# A clock that has not struck does not stand in the text of the clocks.
UNREACHED = f"{_UNREACHED} AND priority = :priority ORDER BY number"
UNREACHED_UNRANKED = f"{_UNREACHED} AND priority IS NULL ORDER BY number"

Busy = Callable[[Reader], AbstractSet[str]]
"""The incidents that have a unit on them now."""

_clocks = msgspec.json.Decoder(dict[str, Stamp])


def watches(vocabulary: Vocabulary, busy: Busy) -> dict[str, Watch]:
    """The watches of this domain, by the kind of alarm; the vocabulary says which priorities each is for."""
    return {code: _unassigned(vocabulary.term("alarm_kinds", code), busy) for code in KINDS}


def _unassigned(kind: AlarmKind, busy: Busy) -> Watch:
    """Open, with nobody on it, and nobody ever reached it: not sent yet, called off or taken away.

    Counted from the answer of its first call, else from its opening; where all who were
    sent are gone again, from when the last of them went.
    """
    # What nobody has ranked yet goes with the least urgent.
    unranked = "P4" in kind.priorities

    def watch(reader: Reader, now: Instant) -> Iterator[Condition]:
        rows = [row for priority in kind.priorities for row in reader.rows(UNREACHED, priority=priority)]
        if unranked:
            rows += reader.rows(UNREACHED_UNRANKED)
        if not rows:
            return
        served = busy(reader)
        for incident_id, number, type_, opened_at, text in rows:
            if incident_id in served:
                continue
            clocks = _clocks.decode(text)
            first = clocks.get("clear") or clocks.get("answer")
            since = opened_at if first is None else first.at
            if since + kind.after_s * SECOND <= now:
                facts: dict[str, str | int] = {"number": number, "limit_s": kind.after_s}
                if type_ is not None:
                    facts["type"] = type_
                yield Condition(
                    kind=kind.code,
                    subject=f"incident/{incident_id}",
                    since=since,
                    incident_id=incident_id,
                    facts=facts,
                )

    return watch
