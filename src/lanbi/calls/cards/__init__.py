"""Question cards: what a call taker asks, what the answers propose, what to tell the caller.

A card is data, one TOML file beside this one; `common.toml` holds the questions and the
advice that several cards use. A site adds cards, or replaces one whole by its code, in a
folder of its own. Conditions are data too (`Condition`): the screens evaluate them, so that
a card works with the link cut; here they are only checked. How to write a card:
`docs/guides/cards.md`.
"""

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
from msgspec.structs import replace

from lanbi.core.access import LANGUAGES
from lanbi.core.errors import Malformed, TooLarge
from lanbi.core.text import words
from lanbi.core.vocabulary import Vocabulary

CARDS_MAX = 200
FILE_BYTES_MAX = 200_000
QUESTIONS_MAX = 9
OPTIONS_MAX = 9
RULES_MAX = 12
ADVICE_MAX = 9
ENTRY_WORDS_MAX = 60
CODE_CHARS_MAX = 32
TITLE_CHARS_MAX = 40
ASK_CHARS_MAX = 150
SHORT_CHARS_MAX = 34
ADVICE_CHARS_MAX = 200
COUNT_MAX = 9_999
ANSWER_WORDS_CHARS_MAX = 2_000
CASES_MAX = 20_000
"""Combinations of answers that one rule is tried with before it is called unreachable."""
COMMON = "common"
UNKNOWN = "unknown"
YES_NO = ("yes", "no", UNKNOWN)

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

Condition = Sequence[Any]
"""`["eq", question, answer]`, `["gte", question, number]`, `["answered", question]`, `["not", c]`,
`["all", c, …]` or `["any", c, …]`. A question that is not answered fulfils nothing but `not`."""
Labels = dict[str, str]
Kind = Literal["yesno", "choice", "count", "words"]


class Option(msgspec.Struct, frozen=True):
    """One answer of a choice."""

    code: str
    labels: Labels


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """`ask`: what the call taker says; `short`: what the log and the reasons call it.

    `ask_if`: asked only where earlier answers fulfil it. `danger`: the answers that raise a flag.
    `common`: it stands on several cards, and one answer serves them all.
    """

    code: str
    kind: Kind
    ask: Labels
    short: Labels
    options: tuple[Option, ...] = ()
    ask_if: Condition | None = None
    danger: tuple[str, ...] = ()
    common: bool = False


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Where `when` holds, this priority is proposed, and this type if it names one; the gravest wins."""

    code: str
    when: Condition
    priority: str
    type: str | None = None


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What to tell the caller, always or where `when` holds."""

    text: Labels
    when: Condition | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """`types`: the incident types that it serves, the usual one first.

    `words`: what callers say, by language. `never`: what must not be said or asked. `effect`: it is for
    what some event does to people, so that a card for the event itself goes first.
    """

    code: str
    labels: Labels
    types: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    advice: tuple[Advice, ...]
    never: tuple[Labels, ...] = ()
    effect: bool = False

    def question(self, code: str) -> Question:
        """The question; `Malformed("card-question-unknown")` where the card has none of this code."""
        for question in self.questions:
            if question.code == code:
                return question
        raise Malformed("card-question-unknown", card=self.code, question=code[:CODE_CHARS_MAX])


class Cards(msgspec.Struct, frozen=True):
    """All cards of a site by code. `tag`: an ETag that changes with any of their contents."""

    cards: dict[str, Card]
    body: bytes
    tag: str

    def card(self, code: str) -> Card:
        """The card; `Malformed("card-unknown")` where there is none."""
        found = self.cards.get(code)
        if found is None:
            raise Malformed("card-unknown", card=code[:CODE_CHARS_MAX])
        return found

    def check_because(self, card: str, rule: str | None) -> None:
        """Raises where there is no such card, or where it has no such rule."""
        if rule is not None and all(held.code != rule for held in self.card(card).rules):
            raise Malformed("card-rule-unknown", card=card, rule=rule[:CODE_CHARS_MAX])
        self.card(card)

    def check_answer(self, card: str, question: str, answer: str) -> Question:
        """The question, if `answer` is one that it takes; `Malformed("card-answer-…")` if not."""
        held = self.card(card).question(question)
        match held.kind:
            case "words":
                words(answer, "answer", chars_max=ANSWER_WORDS_CHARS_MAX)
            case "count":
                if answer != UNKNOWN and not (
                    answer.isascii() and answer.isdigit() and int(answer) <= COUNT_MAX
                ):
                    raise Malformed("card-answer-count", question=question, limit=COUNT_MAX)
            case _:
                if answer not in answers_of(held):
                    raise Malformed(
                        "card-answer-unknown",
                        question=question,
                        given=answer[:CODE_CHARS_MAX],
                        known=", ".join(answers_of(held)),
                    )
        return held


def answers_of(question: Question) -> tuple[str, ...]:
    """The answers of a question that has a list of them."""
    if question.kind == "yesno":
        return YES_NO
    return (*(option.code for option in question.options), UNKNOWN)


def load(vocabulary: Vocabulary, site_folder: Path | None = None) -> Cards:
    """The shipped cards, with those of the site's folder laid over them by code.

    Raises `Malformed("card-…", file=, …)` for the first thing that is wrong.
    """
    shipped = [file for file in files(__name__).iterdir() if file.name.endswith(".toml")]
    own = sorted(site_folder.glob("*.toml")) if site_folder is not None and site_folder.is_dir() else []
    sources = {_code_of(file): file for file in sorted(shipped, key=lambda file: file.name)}
    common = _read(sources.pop(COMMON))
    sources |= {_code_of(file): file for file in own}
    if len(sources) > CARDS_MAX:
        raise TooLarge("card-too-many", limit=CARDS_MAX)
    cards = {code: _card(code, file, common, vocabulary) for code, file in sources.items()}
    body = msgspec.json.encode(list(cards.values()), order="deterministic")
    return Cards(cards=cards, body=body, tag=f'"{sha256(body).hexdigest()[:16]}"')


def _code_of(file: Traversable) -> str:
    return file.name.removesuffix(".toml")


def _read(source: Traversable) -> dict[str, Any]:
    data = source.read_bytes()
    if len(data) > FILE_BYTES_MAX:
        raise TooLarge("card-too-large", file=str(source), limit=FILE_BYTES_MAX)
    try:
        return tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Malformed("card-unreadable", file=str(source), reason=str(error)) from error


class _Wrong(Exception):
    """What is wrong in a file, for the sentence that names the file."""


def _card(code: str, source: Traversable, common: Mapping[str, Any], vocabulary: Vocabulary) -> Card:
    try:
        card = _made(code, _read(source), common)
        _check(card, vocabulary)
    except (_Wrong, KeyError, TypeError, msgspec.ValidationError) as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise Malformed("card-wrong", file=str(source), reason=reason) from error
    return card


def _made(code: str, raw: dict[str, Any], common: Mapping[str, Any]) -> Card:
    if not _CODE.fullmatch(code) or len(code) > CODE_CHARS_MAX:
        raise _Wrong("the name of the file is no code")
    card = Card(
        code=code,
        labels=_texts(raw.pop("title", None), TITLE_CHARS_MAX, "title"),
        types=tuple(raw.pop("types", ())),
        words=_entry_words(raw.pop("words", None)),
        questions=tuple(_question(held, common) for held in raw.pop("ask", ())),
        rules=tuple(_rule(held) for held in raw.pop("rule", ())),
        advice=tuple(_advice(held, common) for held in raw.pop("say", ())),
        never=tuple(_texts(held, ADVICE_CHARS_MAX, "never") for held in raw.pop("never", ())),
        effect=_flag(raw.pop("effect", False), "effect"),
    )
    if raw:
        raise _Wrong(f"unknown field {next(iter(raw))}")
    return card


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(f"{where}: true or false")
    return value


def _texts(value: Any, chars_max: int, where: str) -> Labels:
    if not isinstance(value, dict):
        raise _Wrong(f"{where}: no languages")
    texts = {lang: value.get(lang) for lang in LANGUAGES}
    for lang, text in texts.items():
        if not isinstance(text, str) or not text.strip() or text != text.strip() or not text.isprintable():
            raise _Wrong(f"{where}.{lang}: missing, or not one clean line")
        if len(text) > chars_max:
            raise _Wrong(f"{where}.{lang}: {len(text)} characters, at most {chars_max}")
    return cast("Labels", texts)


def _entry_words(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict) or set(value) != set(LANGUAGES):
        raise _Wrong("words: one list for each language")
    for lang, said in value.items():
        if (
            not said
            or len(said) > ENTRY_WORDS_MAX
            or not all(isinstance(w, str) and w.strip() == w != "" for w in said)
        ):
            raise _Wrong(f"words.{lang}: 1 to {ENTRY_WORDS_MAX} words or phrases")
    return {lang: tuple(value[lang]) for lang in LANGUAGES}


def _question(value: dict[str, Any], common: Mapping[str, Any]) -> Question:
    used = value.get("use")
    if used is not None:
        if used not in common["ask"]:
            raise _Wrong(f"use: {used} is not in {COMMON}.toml")
        made = _question({**common["ask"][used], "code": used}, common)
        made = replace(made, common=True, ask_if=value.get("if", made.ask_if))
        return replace(made, danger=tuple(value.get("danger", made.danger)))
    code = value["code"]
    options = tuple(
        Option(code=option["code"], labels=_texts(option, SHORT_CHARS_MAX, f"{code}.{option['code']}"))
        for option in value.get("options", ())
    )
    return msgspec.convert(
        {
            "code": code,
            "kind": value["kind"],
            "ask": _texts(value, ASK_CHARS_MAX, code),
            "short": _texts(value["short"], SHORT_CHARS_MAX, f"{code}.short"),
            "options": [msgspec.to_builtins(option) for option in options],
            "ask_if": value.get("if"),
            "danger": value.get("danger", ()),
        },
        Question,
    )


def _rule(value: dict[str, Any]) -> Rule:
    fields = {
        "code": value["code"],
        "when": value["if"],
        "priority": value["priority"],
        "type": value.get("type"),
    }
    return msgspec.convert(fields, Rule)


def _advice(value: dict[str, Any], common: Mapping[str, Any]) -> Advice:
    used = value.get("use")
    if used is not None and used not in common["say"]:
        raise _Wrong(f"use: {used} is not in {COMMON}.toml")
    text = value if used is None else common["say"][used]
    return Advice(text=_texts(text, ADVICE_CHARS_MAX, "say"), when=value.get("if"))


# -- whether a card makes sense ---------------------------------------------------------------


def _check(card: Card, vocabulary: Vocabulary) -> None:
    for name, held, limit in (
        ("types", card.types, RULES_MAX),
        ("ask", card.questions, QUESTIONS_MAX),
        ("rule", card.rules, RULES_MAX),
        ("say", card.advice, ADVICE_MAX),
    ):
        if not 1 <= len(held) <= limit:
            raise _Wrong(f"{name}: 1 to {limit}")
    known = vocabulary.tables["incident_types"]
    for code in (*card.types, *(rule.type for rule in card.rules if rule.type is not None)):
        if code not in known or known[code].retired:
            raise _Wrong(f"no incident type {code}")
    for what in (card.questions, card.rules):
        codes = [held.code for held in what]
        for code in codes:
            if not _CODE.fullmatch(code) or len(code) > CODE_CHARS_MAX or codes.count(code) > 1:
                raise _Wrong(f"{code}: no code, or there twice")
    before: dict[str, Question] = {}
    for question in card.questions:
        _check_question(question)
        if question.ask_if is not None:
            _check_condition(question.ask_if, before, f"{question.code}.if")
        before[question.code] = question
    for advice in card.advice:
        if advice.when is not None:
            _check_condition(advice.when, before, "say.if")
    for rule in card.rules:
        if rule.type is not None and rule.type not in card.types:
            raise _Wrong(f"{rule.code}: the card does not serve {rule.type}")
        if rule.priority not in vocabulary.tables["priorities"]:
            raise _Wrong(f"{rule.code}: no priority {rule.priority}")
        _check_condition(rule.when, before, f"{rule.code}.if")
        if not any(holds(rule.when, case) for case in _cases(rule.when, before)):
            raise _Wrong(f"{rule.code}: no answers reach it")


def _check_question(question: Question) -> None:
    if (question.kind == "choice") != bool(question.options) or len(question.options) > OPTIONS_MAX:
        raise _Wrong(f"{question.code}: a choice has 1 to {OPTIONS_MAX} options, others have none")
    codes = [option.code for option in question.options]
    if len(set(codes)) != len(codes) or not all(_CODE.fullmatch(code) for code in codes):
        raise _Wrong(f"{question.code}: an option is no code, or is there twice")
    if question.danger and (
        question.kind in {"words", "count"} or not set(question.danger) <= set(answers_of(question))
    ):
        raise _Wrong(f"{question.code}.danger: not among its answers")


def _check_condition(condition: Any, known: Mapping[str, Question], where: str) -> None:
    match condition:
        case ["all" | "any", first, *rest]:
            for part in (first, *rest):
                _check_condition(part, known, where)
        case ["not", part]:
            _check_condition(part, known, where)
        case ["eq" | "gte" | "answered" as verb, str(code), *value]:
            question = known.get(code)
            if question is None:
                raise _Wrong(f"{where}: no question {code} before it")
            counted = question.kind == "count"
            right = {
                "answered": value == [],
                "eq": len(value) == 1 and question.kind != "words" and (
                    isinstance(value[0], int) if counted else value[0] in answers_of(question)
                ),
                "gte": counted and len(value) == 1 and isinstance(value[0], int),
            }  # fmt: skip
            if not right[verb]:
                raise _Wrong(f"{where}: {verb} {code} {value}")
        case _:
            raise _Wrong(f"{where}: {condition!r} is no condition")


def holds(condition: Condition, answers: Mapping[str, str]) -> bool:
    """Whether the answers fulfil it. For the check alone: what is proposed is worked out on the screens."""
    match condition:
        case ["all", *parts]:
            return all(holds(part, answers) for part in parts)
        case ["any", *parts]:
            return any(holds(part, answers) for part in parts)
        case ["not", part]:
            return not holds(part, answers)
        case ["eq", code, value]:
            return answers.get(code) == str(value)
        case ["gte", code, value]:
            given = answers.get(code, "")
            return given.isdigit() and int(given) >= value
        case _:
            return condition[1] in answers


def _leaves(condition: Condition) -> Iterator[Condition]:
    if condition[0] in {"all", "any", "not"}:
        for part in condition[1:]:
            yield from _leaves(part)
    else:
        yield condition


def _cases(condition: Condition, known: Mapping[str, Question]) -> Iterator[dict[str, str]]:
    """Answers to try it with: all combinations of what its questions may be answered, asked or not."""
    said: dict[str, set[str]] = {}
    asked = [
        condition,
        *(q.ask_if for leaf in _leaves(condition) if (q := known[leaf[1]]).ask_if is not None),
    ]
    for leaf in (leaf for part in asked for leaf in _leaves(part)):
        question = known[leaf[1]]
        values = said.setdefault(question.code, {""})
        if question.kind == "count":
            values |= {str(n) for n in (0, *(leaf[2:] or [1]))}
        else:
            values |= {"…"} if question.kind == "words" else set(answers_of(question))
    for combination in itertools.islice(itertools.product(*said.values()), CASES_MAX):
        case = {code: value for code, value in zip(said, combination, strict=True) if value}
        if all((gate := known[code].ask_if) is None or holds(gate, case) for code in case):
            yield case
