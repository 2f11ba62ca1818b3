"""How something is written on a major incident: words under seal, a part with the fact about it."""

from typing import Any, TypeGuard, TypeVar

from lanbi.core.errors import Refused
from lanbi.core.events import Sealed
from lanbi.core.ids import new_id
from lanbi.core.ports import Tx
from lanbi.core.text import NAME_CHARS_MAX, line, words
from lanbi.core.time import DAY, Instant
from lanbi.crisis import sql
from lanbi.crisis.events import MajorEvent
from lanbi.crisis.model import Major
from lanbi.crisis.parts import ITEMS_MAX, Item

I = TypeVar("I", bound=Item)  # noqa: E741 - an item

KEEP_WORDS_FOR: Instant = 730 * DAY
WORDS_CHARS_MAX = 4_000
REMARK_CHARS_MAX = 500
"""Of a line that explains something, where a name has `NAME_CHARS_MAX`."""


def says(text: str | None) -> TypeGuard[str]:
    """Whether anything but space was written."""
    return text is not None and text.strip() != ""


class Pen:
    """Puts what a person wrote on one thing under seal, field by field, and has the row read it there.

    `item_id`: of the part, or of the major incident itself. `words` are of several lines, a `line` is of
    one; both are None where nothing but space was written, and raise as `core.text` does. What must be
    written is refused where it is empty.
    """

    def __init__(self, tx: Tx, major_id: str, item_id: str) -> None:
        self._tx = tx
        self._major_id = major_id
        self._item_id = item_id

    def words(self, field: str, text: str | None) -> Sealed | None:
        return self.must_words(field, text) if says(text) else None

    def must_words(self, field: str, text: str) -> Sealed:
        return self._seal(field, words(text, field, chars_max=WORDS_CHARS_MAX))

    def line(self, field: str, text: str | None, *, chars_max: int = NAME_CHARS_MAX) -> Sealed | None:
        return self.must_line(field, text, chars_max=chars_max) if says(text) else None

    def must_line(self, field: str, text: str, *, chars_max: int = NAME_CHARS_MAX) -> Sealed:
        return self._seal(field, line(text, field, chars_max=chars_max))

    def _seal(self, field: str, value: str) -> Sealed:
        sealed = self._tx.seal(
            subject=f"major/{self._major_id}",
            field=field,
            kind="words",
            value=value,
            keep_for=KEEP_WORDS_FOR,
        )
        sql.say(self._tx, self._major_id, self._item_id, field, sealed.sealed)
        return sealed


def pen_for(tx: Tx, part: Item) -> Pen:
    """The pen that writes on this part."""
    return Pen(tx, part.major_id, part.id)


def made(tx: Tx, major: Major, kind: type[Item]) -> dict[str, Any]:
    """What every new part of that kind carries; `Refused("major-full")` where there are too many."""
    if sql.count(tx, kind, major.id) >= ITEMS_MAX:
        raise Refused("major-full", number=major.number, limit=ITEMS_MAX)
    return {
        "id": new_id(tx.now),
        "major_id": major.id,
        "made_at": tx.now,
        "made_by": tx.actor.id,
        "made_by_name": tx.actor.name,
    }


def kept(tx: Tx, part: I, fact: MajorEvent, *, at: Instant | None = None) -> I:
    """Saves the part, records the fact about it, and reads it again with its words and its version.

    `at`: when the fact was so, where that is not now.
    """
    sql.save_item(tx, part)
    tx.record(fact, at=at)
    return sql.item(tx, type(part), part.major_id, part.id)
