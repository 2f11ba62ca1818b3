"""Text as people type it: kept to the letter, or refused; never mangled."""

import unicodedata

from lanbi.core.errors import Malformed, TooLarge

WORDS_CHARS_MAX = 20_000
TITLE_CHARS_MAX = 200
NAME_CHARS_MAX = 120


def _refuse_unstorable(text: str, field: str) -> None:
    # A NUL cannot be stored by PostgreSQL and a lone surrogate by no one; every
    # other code point (emoji, right-to-left, combining marks) is kept as it is.
    if "\x00" in text:
        raise Malformed("text-nul", field=field)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Malformed("text-surrogate", field=field, position=error.start + 1) from error


def words(text: str, field: str, *, chars_max: int = WORDS_CHARS_MAX) -> str:
    """Free text of several lines, to the letter.

    Raises `Malformed` for NULs, lone surrogates and nothing-but-space, `TooLarge`
    over `chars_max` characters.
    """
    if len(text) > chars_max:
        raise TooLarge("text-too-long", field=field, limit=chars_max, given=len(text))
    _refuse_unstorable(text, field)
    if not text.strip():
        raise Malformed("text-empty", field=field)
    return text


def line(text: str, field: str, *, chars_max: int = NAME_CHARS_MAX) -> str:
    """One line of text without control characters, spaces at its ends removed.

    Raises as `words`, and `Malformed("text-control")` for a line break or another
    control character (Unicode category Cc).
    """
    stripped = words(text, field, chars_max=chars_max).strip()
    if any(unicodedata.category(char) == "Cc" for char in stripped):
        raise Malformed("text-control", field=field)
    return stripped
