"""What goes wrong with time alone: nobody answered, nobody went, nobody was heard from.

A domain offers a watch for each kind of alarm that it can see. A watch looks and
says what is so now; the alarms' clerk compares that with what stands already, and
puts the difference on the record.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from lanbi.core.ports import Reader
from lanbi.core.time import Instant


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong now and may go on being wrong.

    `kind`: a code of the vocabulary `alarm_kinds`. `subject`: what it is about
    ("call/0192…"); there is one alarm at a time for a kind and a subject. `since`:
    from when it is counted, not when the limit was passed. `facts`: the few figures
    and names that its sentence needs; no words of a person, nothing personal, and
    nothing that changes by the second.
    """

    kind: str
    subject: str
    since: Instant
    incident_id: str | None = None
    unit_id: str | None = None
    facts: Mapping[str, str | int] = {}


Watch = Callable[[Reader, Instant], Iterable[Condition]]
"""What is wrong at that instant. It is asked every second, so it finds what it looks for by an index, and
costs the same however much lies behind."""

Watches = Mapping[str, Watch]
"""A watch for each kind of alarm. Where one fails, the alarms of its kind stay as they are."""
