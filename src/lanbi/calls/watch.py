"""What time makes wrong about calls: nobody answers, nobody calls back, a promise passes its hour.

Every statement reads an index that holds only what waits now.
"""

from collections.abc import Iterator

from lanbi.core.ports import Reader
from lanbi.core.time import SECOND, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.core.watch import Condition, Watch

# In the order of their numbers, through the index of the state.
RINGING = """
SELECT id, number, incident_id, offered_at FROM call
WHERE state = 'offered' AND channel NOT IN ('sms', 'web') AND offered_at <= :edge ORDER BY number
"""
TEXTS = """
SELECT id, number, incident_id, offered_at FROM call
WHERE state = 'offered' AND channel IN ('sms', 'web') AND offered_at <= :edge ORDER BY number
"""
OWED = """
SELECT id, number, incident_id, callback_due_at FROM call
WHERE owed = 1 AND callback_due_at <= :edge ORDER BY number
"""
PROMISED = """
SELECT p.id, p.kind, p.incident_id, p.due_at, c.number FROM promise p
LEFT JOIN call c ON c.id = p.call_id
WHERE p.settled_at IS NULL AND p.due_at <= :edge ORDER BY p.made_seq
"""


def watches(vocabulary: Vocabulary) -> dict[str, Watch]:
    """The watches of this domain, by the kind of alarm."""

    def after_s(kind: str) -> int:
        return vocabulary.term("alarm_kinds", kind).after_s

    return {
        **{
            kind: _calls(kind, statement, after_s(kind))
            for kind, statement in (
                ("unanswered", RINGING),
                ("text_waiting", TEXTS),
                ("callback_overdue", OWED),
            )
        },
        "promise_overdue": _promises(after_s("promise_overdue")),
    }


def _calls(kind: str, statement: str, after_s: int) -> Watch:
    def watch(reader: Reader, now: Instant) -> Iterator[Condition]:
        edge = now - after_s * SECOND
        for call_id, number, incident_id, since in reader.rows(statement, edge=edge):
            yield Condition(
                kind=kind,
                subject=f"call/{call_id}",
                since=since,
                incident_id=incident_id,
                facts={"call": number},
            )

    return watch


def _promises(after_s: int) -> Watch:
    def watch(reader: Reader, now: Instant) -> Iterator[Condition]:
        edge = now - after_s * SECOND
        for promise_id, kind, incident_id, due_at, number in reader.rows(PROMISED, edge=edge):
            facts: dict[str, str | int] = {"promise": kind}
            if number is not None:
                facts["call"] = number
            yield Condition(
                kind="promise_overdue",
                subject=f"promise/{promise_id}",
                since=due_at,
                incident_id=incident_id,
                facts=facts,
            )

    return watch
