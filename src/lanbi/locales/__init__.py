"""Every sentence that the server says to a person, in four languages (Fluent, `<lang>/*.ftl`).

An error's code is a message's id: its value says what and where, its attribute
`hint` what next.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from lanbi.core.access import DEFAULT_LANGUAGE, LANGUAGES

if TYPE_CHECKING:
    from fluent.runtime.resolver import Message

_ID = re.compile(r"^([a-zA-Z][a-zA-Z0-9_-]*) *=", re.MULTILINE)


class _Catalogue:
    """The sentences of one language. A file is parsed when one of its own is first asked for: to parse them
    all takes 0.2 s, which whoever is refused something first would wait for."""

    def __init__(self, lang: str) -> None:
        # It brings all of Babel, which a verb with nothing to say need not wait for.
        from fluent.runtime import FluentBundle

        # Without isolation marks: terminals and JSON clients show them as rubbish.
        self.bundle = FluentBundle([lang], use_isolating=False)
        self._file_of: dict[str, str] = {}
        for item in sorted((files("lanbi.locales") / lang).iterdir(), key=lambda item: item.name):
            if item.name.endswith(".ftl"):
                text = item.read_text(encoding="utf-8")
                for message in _ID.findall(text):
                    self._file_of.setdefault(message, text)

    def find(self, message: str) -> Message | None:
        """The message; None where no file has it. Safe between threads: a file may be read twice."""
        bundle = self.bundle
        if not bundle.has_message(message) and message in self._file_of:
            from fluent.runtime import FluentResource

            bundle.add_resource(FluentResource(self._file_of[message]))
        return bundle.get_message(message) if bundle.has_message(message) else None


_catalogue = cache(_Catalogue)


def language(wanted: str) -> str:
    """The product's language nearest to an Accept-Language header or a locale name."""
    for part in wanted.replace("_", "-").split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return DEFAULT_LANGUAGE


NUMBER_MAX = 10**15


def say(lang: str, message: str, /, **args: object) -> str:
    """The sentence `message` in `lang`; the id itself where no catalogue has it (a test forbids that)."""
    return _format(lang, message, None, args)


def hint(lang: str, message: str, /, **args: object) -> str:
    """What to do next, from the message's attribute `hint`; empty where it has none."""
    return _format(lang, message, "hint", args)


def _format(lang: str, message: str, attribute: str | None, args: dict[str, object]) -> str:
    catalogue = _catalogue(lang if lang in LANGUAGES else DEFAULT_LANGUAGE)
    found = catalogue.find(message)
    if found is None:
        return "" if attribute else message
    pattern = found.attributes.get(attribute) if attribute else found.value
    if pattern is None:
        return "" if attribute else message
    plain = {name: _plain(value) for name, value in args.items()}
    text, _errors = catalogue.bundle.format_pattern(pattern, plain)
    return str(text)


def _plain(value: object) -> str | int | float:
    """What a sentence can be filled with; a number with more figures than can be laid out stands as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not abs(value) >= NUMBER_MAX:
        return value
    return "" if value is None else str(value)
