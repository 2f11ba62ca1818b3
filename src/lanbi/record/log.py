"""The log of a subject: its entries as people read them, with the words that they sealed.

One reading for every domain: who may read words gets them where they are still
kept; personal data never comes out here.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from lanbi.core.ports import Reader
from lanbi.core.time import rfc3339
from lanbi.record.sealed import words_of


class LogRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a log: the entry's own fields in `body`, the words it sealed in `words`.

    `words`: by the name of the sealed field; None where erased, for personal data,
    and for those who may not read them.
    """

    seq: int
    at: str
    recorded_at: str
    actor: str
    kind: str
    subject: str
    body: dict[str, Any]
    words: dict[str, str | None]


class LogPage(msgspec.Struct, frozen=True):
    """One page of a log, newest first."""

    items: list[LogRow]
    next: str | None


def log_rows(reader: Reader, entries: Iterable[tuple[Any, ...]], *, may_read: bool) -> list[LogRow]:
    """The lines of journal rows (seq, at, recorded_at, actor, kind, subject, body), in their order."""
    return [_line(reader, entry, may_read) for entry in entries]


def log_page(found: list[LogRow], limit: int) -> LogPage:
    """A page of at most `limit` of the lines; hand in one more, so that it knows whether there is a next."""
    items = found[:limit]
    return LogPage(items, str(items[-1].seq) if len(found) > limit else None)


def _line(reader: Reader, row: tuple[Any, ...], may_read: bool) -> LogRow:
    seq, at, recorded_at, actor, kind, subject, body = row
    fields: dict[str, Any] = msgspec.json.decode(body)
    sealed = _seals_in(fields)
    return LogRow(
        seq=seq,
        at=rfc3339(at),
        recorded_at=rfc3339(recorded_at),
        actor=actor,
        kind=kind,
        subject=subject,
        body={name: value for name, value in fields.items() if name not in sealed},
        words={name: words_of(reader, key) if may_read else None for name, key in sealed.items()},
    )


def _seals_in(fields: dict[str, Any]) -> dict[str, str]:
    """Ids of the sealed values in an entry's body, by field; the words of its area as `place`."""
    area = fields.get("area")
    if isinstance(area, dict) and area.get("words"):
        fields = {**fields, "place": area["words"]}
    return {
        name: value["sealed"]
        for name, value in fields.items()
        if isinstance(value, dict) and "sealed" in value
    }
