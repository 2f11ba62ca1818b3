"""Every error can be read in Kreyòl, French, Spanish and English, with what next; saying it never fails."""

import re
from importlib.resources import files

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.access import LANGUAGES
from lanbi.locales import hint, language, say


class Blanks(Visitor):
    """The `$names` of a pattern; `shown` are those whose value stands in the sentence whatever it is."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.chosen: set[str] = set()
        self._choosing = 0

    @property
    def shown(self) -> set[str]:
        return self.names - self.chosen

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:
        self._choosing += 1
        self.generic_visit(node)
        self._choosing -= 1

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:
        self.names.add(node.id.name)
        if self._choosing:
            self.chosen.add(node.id.name)


def messages(lang: str) -> dict[str, dict[str, Blanks]]:
    """By message id: the blanks of its value ("") and of each attribute."""
    found: dict[str, dict[str, Blanks]] = {}
    for item in (files("lanbi.locales") / lang).iterdir():
        if not item.name.endswith(".ftl"):
            continue
        for entry in FluentParser().parse(item.read_text("utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{lang}/{item.name}: {entry.content!r}"
            if isinstance(entry, ftl.Message):
                parts = found[entry.id.name] = {}
                patterns = [("", entry.value), *((a.id.name, a.value) for a in entry.attributes)]
                for name, pattern in patterns:
                    parts[name] = Blanks()
                    parts[name].visit(pattern)
    return found


class References(Visitor):
    """The messages and terms that a pattern refers to."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_MessageReference(self, node: ftl.MessageReference) -> None:
        self.names.add(node.id.name)

    def visit_TermReference(self, node: ftl.TermReference) -> None:
        self.names.add(node.id.name)


ENGLISH = messages("en")
ARGUMENTS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.binary(max_size=4),
    st.lists(st.integers(), max_size=3),
)  # fmt: skip


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_every_sentence_of_english_stands_in_the_other_languages(lang: str) -> None:
    there = messages(lang)
    assert set(there) == set(ENGLISH)
    for code, parts in ENGLISH.items():
        assert set(there[code]) == set(parts), code
        # A blank may be left out of a hint; a sentence that loses one loses what it is about.
        assert there[code][""].names == parts[""].names, code
        for name, blanks in there[code].items():
            assert blanks.names <= parts[name].names | parts[""].names, f"{code}.{name}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_sentences_of_one_language_share_a_code(lang: str) -> None:
    codes = [
        entry.id.name
        for item in (files("lanbi.locales") / lang).iterdir()
        if item.name.endswith(".ftl")
        for entry in FluentParser().parse(item.read_text("utf-8")).body
        if isinstance(entry, ftl.Message)
    ]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_refers_to_its_own_file_only(lang: str) -> None:
    """A file is read when one of its own sentences is asked for; another's might not be there yet."""
    for item in (files("lanbi.locales") / lang).iterdir():
        if item.name.endswith(".ftl"):
            entries = FluentParser().parse(item.read_text("utf-8"))
            asked = References()
            asked.visit(entries)
            named = (ftl.Message, ftl.Term)
            assert asked.names <= {entry.id.name for entry in entries.body if isinstance(entry, named)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_with_its_blanks_filled_shows_them(lang: str) -> None:
    for code, parts in messages(lang).items():
        # Small numbers: they fill a blank for words as well as one for a number.
        names = sorted(set().union(*(blanks.names for blanks in parts.values())))
        args = {name: 31 + place for place, name in enumerate(names)}
        said, next_step = say(lang, code, **args), hint(lang, code, **args)
        assert said
        assert said != code
        assert "{" not in said + next_step
        for name in parts[""].shown:
            assert str(args[name]) in said, f"{lang} {code} does not show ${name}"


@given(
    st.sampled_from([*LANGUAGES, "de", "", "ht-HT"]),
    st.sampled_from(sorted(ENGLISH)),
    st.dictionaries(st.sampled_from(["given", "field", "limit", "seq", "now", "path", "lat"]), ARGUMENTS),
)
def test_saying_never_raises_whatever_fills_the_blanks(lang: str, code: str, args: dict[str, object]) -> None:
    assert say(lang, code, **args)
    assert isinstance(hint(lang, code, **args), str)


def test_a_code_that_no_catalogue_has_is_said_as_it_is() -> None:
    assert say("ht", "no-such-code") == "no-such-code"
    assert hint("ht", "no-such-code") == ""


def test_kreyol_is_written_as_its_orthography_has_it() -> None:
    """No contracted pronouns with an apostrophe ("m'ap"), and none of French's articles."""
    for item in (files("lanbi.locales") / "ht").iterdir():
        if item.name.endswith(".ftl"):
            text = re.sub(r"\{[^}]*\}", "", item.read_text("utf-8"))
            assert not re.findall(r"\w+['’]\w+", text), item.name


@pytest.mark.parametrize(
    ("wanted", "lang"),
    [
        ("fr-HT,fr;q=0.9,en;q=0.8", "fr"),
        ("ht", "ht"),
        ("es_DO.UTF-8", "es"),
        ("EN-us", "en"),
        ("de-DE,de;q=0.9", "ht"),
        ("de,es;q=0.5", "es"),
        ("", "ht"),
        ("*", "ht"),
        (";;;,,,=q", "ht"),
    ],
)
def test_a_reader_gets_the_nearest_language_and_kreyol_otherwise(wanted: str, lang: str) -> None:
    assert language(wanted) == lang


@given(st.text(max_size=200))
def test_any_header_at_all_names_one_of_our_languages(wanted: str) -> None:
    assert language(wanted) in LANGUAGES
