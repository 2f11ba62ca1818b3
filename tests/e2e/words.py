"""What the screens say, read from the UI's own catalogues, so that wording may change and no test with it."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast

CATALOGUES = Path(__file__).resolve().parents[2] / "ui" / "src" / "i18n"
LANGS = ("ht", "fr", "es", "en")
# As the screens do: Kreyòl takes the plurals of French.
RULES = {"ht": ["fr"], "fr": ["fr"], "es": ["es"], "en": ["en"]}
# Names of languages and of the product stand in every language; so do words that are one letter or no word.
SHARED = re.compile(r"^(\W*|Lanbi.*|.{1,2})$", re.DOTALL)


@cache
def _bundle(lang: str) -> FluentBundle:
    bundle = FluentBundle(RULES[lang], use_isolating=False)
    for file in sorted((CATALOGUES / lang).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle


@cache
def _sources(lang: str) -> dict[str, str]:
    """The catalogue's messages as they are written, by id."""
    found: dict[str, str] = {}
    for file in (CATALOGUES / lang).glob("*.ftl"):
        text = file.read_text(encoding="utf-8")
        for entry in FluentParser().parse(text).body:
            if isinstance(entry, ast.Message) and entry.span is not None:
                found[entry.id.name] = text[entry.span.start : entry.span.end]
    return found


@cache
def keys() -> frozenset[str]:
    """The ids of all sentences, in whatever language they stand."""
    return frozenset(key for lang in LANGS for key in _sources(lang))


class Words:
    """The sentences of one language, and the labels of a node's vocabulary in it."""

    def __init__(self, lang: str, vocabulary: dict[str, Any]) -> None:
        self.lang = lang
        self._vocabulary = vocabulary

    def __call__(self, key: str, **args: str | int) -> str:
        """The sentence; fails where the catalogue has none of that id."""
        message = _bundle(self.lang).get_message(key)
        assert message.value is not None, key
        text, errors = _bundle(self.lang).format_pattern(message.value, args)
        assert not errors, (key, errors)
        return str(text)

    def about(self, key: str) -> re.Pattern[str]:
        """The sentence with anything in the place of what it is given."""
        message = _bundle(self.lang).get_message(key)
        names = set(re.findall(r"\$(\w+)", _sources(self.lang)[key]))
        text, _ = _bundle(self.lang).format_pattern(message.value, dict.fromkeys(names, "\0"))
        return re.compile(".*".join(re.escape(part) for part in str(text).split("\0")))

    def codes(self, table: str) -> list[str]:
        """The codes of one table of the vocabulary, in its order."""
        return [term["code"] for term in self._vocabulary[table]]

    def foreign_labels(self) -> frozenset[str]:
        """Labels of the vocabulary in other languages that are in this one no label and no sentence."""
        labels: dict[str, set[str]] = {lang: set() for lang in LANGS}
        for terms in self._vocabulary.values():
            for term in terms:
                for lang, text in (term.get("labels") or {}).items():
                    labels[lang].add(text)
        others = {text for lang in LANGS if lang != self.lang for text in labels[lang]}
        return frozenset(
            text for text in others - labels[self.lang] - _plain(self.lang) if not SHARED.match(text)
        )

    def label(self, table: str, code: str) -> str:
        """What the vocabulary calls `code` in this language."""
        return next(term["labels"][self.lang] for term in self._vocabulary[table] if term["code"] == code)


@cache
def foreign(lang: str) -> frozenset[str]:
    """Whole sentences without arguments that stand in another language and in no sentence of `lang`."""
    own = _plain(lang)
    others = {text for other in LANGS if other != lang for text in _plain(other)}
    return frozenset(text for text in others - own if not SHARED.match(text))


@cache
def _plain(lang: str) -> frozenset[str]:
    texts: set[str] = set()
    for key, source in _sources(lang).items():
        message = _bundle(lang).get_message(key)
        if message.value is not None and "$" not in source:
            texts.add(str(_bundle(lang).format_pattern(message.value, {})[0]).strip())
    return frozenset(texts)
