"""A serial number as it is written → its marks, what is unread in it, and in which state it was found.

`Serial.marks` is what is searched: upper-case A–Z and 0–9, separators out, `?` for a mark that is there and
could not be read, and at most one `…` where nobody knows how many are missing. Reading marks again gives the
same marks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal, get_args

import msgspec

from lanbi.core.errors import Malformed
from lanbi.tracing.markings.catalogue import serial_words
from lanbi.tracing.markings.marks import GAP, SERIAL_MARKS_MAX, UNREAD

SerialStatus = Literal["legible", "partial", "obliterated", "restored", "none"]
SERIAL_STATUSES: tuple[SerialStatus, ...] = get_args(SerialStatus)

SERIAL_CHARS_MAX = 120
"""Of the text as it came, with the words around the number."""
PREFIXES_MAX = 3

_UNREAD_SIGNS = frozenset("?_·•�□▢")
_DOTS = re.compile(r"\.{3,}|…")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_LONE_STAR = re.compile(r"^\*(?!\*)|(?<!\*)\*$")
_AFTER_PREFIX = " \t:.#=/"
# Cyrillic and Greek capitals that are cut like a Latin one, and those with one usual Latin letter.
_OTHER_SCRIPT = dict(
    zip("АВЕКМНОРСТУХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧБГДЗИЛПФ", "ABEKMHOPCTYXISJABEZHIKMNOPTYXBGDZILPF", strict=True)
)


class Serial(msgspec.Struct, frozen=True, kw_only=True):
    """A serial number that was read.

    `raw`: as written. `marks`: see the module; empty where none is known. `notes`: what was taken away or
    taken for something, as codes: prefix, importer, import_mark, grouped (12.345.678), other_script
    (Cyrillic, Greek), slashed_zero, sign (★), words ("obliterated"), unread (said to be legible and is not).
    `importer`: whose import mark stood beside it.
    """

    raw: str
    marks: str
    status: SerialStatus
    notes: tuple[str, ...] = ()
    importer: str | None = None

    @property
    def known(self) -> int:
        """How many marks are read."""
        return sum(mark not in (UNREAD, GAP) for mark in self.marks)


def serial_of(text: str, status: SerialStatus | None = None) -> Serial:
    """Reads a serial number. `status` None: what the text tells (legible, partial, obliterated or none).

    A mark said to be legible with an unread one in it is partial; an obliterated one with marks read is
    partial.

    Raises `Malformed`: serial-status (not one of `SERIAL_STATUSES`), serial-control-character (`at`, 1 and
    up), serial-too-long (`limit`, `given`), serial-gaps (more than one `…`), serial-empty (nothing is read
    and nothing says that there is none), serial-none-with-marks.
    """
    if status is not None and status not in SERIAL_STATUSES:
        raise Malformed("serial-status", status=str(status)[:40])
    body = text.strip()
    for at, char in enumerate(body, start=1):
        if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
            raise Malformed("serial-control-character", at=at)
    if len(body) > SERIAL_CHARS_MAX:
        raise Malformed("serial-too-long", limit=SERIAL_MARKS_MAX, given=len(body))
    said = _said_instead(body)
    if said is not None:
        return _without_marks(text, said, status, ("words",))
    notes: dict[str, None] = {}
    body, importer = _without_import_mark(_without_prefix(body, notes), notes)
    marks = _marks(body, notes)
    said = _said_instead(marks)
    if said is not None:
        return _without_marks(text, said, status, ("words",))
    if marks.count(GAP) > 1:
        raise Malformed("serial-gaps", limit=1)
    if (given := len(marks.replace(GAP, ""))) > SERIAL_MARKS_MAX:
        raise Malformed("serial-too-long", limit=SERIAL_MARKS_MAX, given=given)
    whole = UNREAD not in marks and GAP not in marks
    if not marks.strip(UNREAD + GAP):
        return _without_marks(text, "obliterated" if marks else None, status, tuple(notes))
    if status == "none":
        raise Malformed("serial-none-with-marks", marks=marks)
    if status is None:
        status = "legible" if whole else "partial"
    elif status == "legible" and not whole:
        status, notes["unread"] = "partial", None
    elif status == "obliterated":
        status = "partial"
    return Serial(raw=text, marks=marks, status=status, notes=tuple(notes), importer=importer)


def _without_marks(
    text: str, said: SerialStatus | None, status: SerialStatus | None, notes: tuple[str, ...]
) -> Serial:
    if status in ("none", "obliterated"):
        said = status
    if said is None:
        raise Malformed("serial-empty")
    return Serial(raw=text, marks="", status=said, notes=notes)


def _compact(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


@cache
def _instead() -> dict[str, SerialStatus]:
    return {
        _compact(word): status
        for status in SERIAL_STATUSES
        for word in serial_words().instead.get(status, ())
    }


def _said_instead(text: str) -> SerialStatus | None:
    return _instead().get(_compact(text))


@cache
def _prefixes() -> tuple[tuple[str, bool], ...]:
    """(the word, whether something must part it from the number), the longest first."""
    words = dict.fromkeys(word.replace("№", "n°").replace("º", "°") for word in serial_words().prefixes)
    return tuple((word, word.isalpha()) for word in sorted(words, key=len, reverse=True))


def _without_prefix(body: str, notes: dict[str, None]) -> str:
    for _ in range(PREFIXES_MAX):
        plain = body.replace("№", "n°").replace("º", "°")
        lower = plain.lower()
        for word, parted in _prefixes():
            rest = plain[len(word) :]
            if not lower.startswith(word) or not any(c.isalnum() for c in rest):
                continue
            if parted and rest[0] not in _AFTER_PREFIX:
                continue
            body = rest.lstrip(_AFTER_PREFIX + "-")
            notes["prefix"] = None
            break
        else:
            break
    return body


def _without_import_mark(body: str, notes: dict[str, None]) -> tuple[str, str | None]:
    words = [(m.start(), m.end(), _compact(m.group())) for m in re.finditer(r"[^\s,;/()]+", body)]
    importers = serial_words().importers
    for count in range(len(words) - 1, 0, -1):
        for taken, kept in ((words[-count:], words[:-count]), (words[:count], words[count:])):
            importer = importers.get(" ".join(word for *_, word in taken))
            if importer is None or not any(c.isdigit() for *_, word in kept for c in word):
                continue
            notes["importer" if importer else "import_mark"] = None
            rest = body[kept[0][0] : kept[-1][1]]
            further, other = _without_import_mark(rest, notes)
            return further, importer or other
    return body, None


def _marks(body: str, notes: dict[str, None]) -> str:
    body = _LONE_STAR.sub(GAP, _DOTS.sub(GAP, body))
    for said in ("illegible", "illisible", "ilegible", "unreadable"):
        body = re.sub(rf"[\[(<]\s*{said}\s*[\])>]", GAP, body, flags=re.IGNORECASE)
    if _GROUPED.fullmatch(body):
        notes["grouped"] = None
        body = body.replace(".", "")
    out: list[str] = []
    for at, char in enumerate(body):
        if char == "." and 0 < at < len(body) - 1:
            unread = all(c.isalnum() or c == "." or c in _UNREAD_SIGNS for c in (body[at - 1], body[at + 1]))
            out.append(UNREAD if unread else "")
        elif char == "*" or char in _UNREAD_SIGNS:
            out.append(UNREAD)
        elif char == GAP:
            out.append(GAP)
        else:
            out.append(_mark(char, notes))
    return re.sub(f"{GAP}+", GAP, "".join(out))


def _mark(char: str, notes: dict[str, None]) -> str:
    """The marks of one character: usually one, none for a separator."""
    if char.isascii():
        return char.upper() if char.isalnum() else ""
    category = unicodedata.category(char)
    if char in "Øø":
        notes["slashed_zero"] = None
        return "0"
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category.startswith("L") or category.startswith("N"):
        plain = "".join(
            c for c in unicodedata.normalize("NFKD", char.upper()) if not unicodedata.combining(c)
        )
        if plain.isascii() and plain.isalnum():
            return plain.upper()
        notes["other_script"] = None
        return _OTHER_SCRIPT.get(plain, UNREAD)
    if category.startswith("S"):
        notes["sign"] = None
    return ""
