"""The letters of trace requests: what each says, and reading them with every doubt."""

from typing import Literal, TypeVar

import msgspec

from lanbi.core.errors import Malformed
from lanbi.core.ids import parse_id
from lanbi.core.text import words
from lanbi.core.time import INSTANT_MAX, INSTANT_MIN, Instant
from lanbi.tracing.model import CASE_CHARS_MAX
from lanbi.tracing.model import WORDS_CHARS_MAX as VALUE_WORDS_CHARS_MAX
from lanbi.tracing.requests.model import ASKS_MAX, WORDS_CHARS_MAX
from lanbi.tracing.requests.package import (
    KEY_HEX_CHARS,
    PACKAGE_ENTITIES_MAX,
    PACKAGE_STATEMENTS_MAX,
    Package,
)

REQUEST = "tracing.request"
STEP = "tracing.step"
ANSWER = "tracing.answer"
LAPSED = "tracing.lapsed"
WITHDRAWN = "tracing.withdrawn"
KINDS = (REQUEST, STEP, ANSWER, LAPSED, WITHDRAWN)
REF_CHARS_MAX = 20
CODE_CHARS_MAX = 48
ROUNDS_MAX = 100
STEPS_MAX = 1_000
WITHDRAWN_MAX = 500

L = TypeVar("L")


class AskLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A request. `request`: its id at the asker's, for ever; `firearm`: the key by which we know the firearm
    of the asker; `round` 2 and more: again, with what was needed. `wanted_by`: when the asker hopes for an
    answer."""

    request: str
    firearm: str
    ref: str
    round: int
    priority: str
    purpose: str
    legal_basis: str
    case: str
    package: Package
    wanted_by: Instant | None = None
    words: str = ""


class StepLetter(msgspec.Struct, frozen=True, kw_only=True):
    """Where the asked side stands. `step`: its words are numbered, since letters overtake each other."""

    request: str
    step: int
    what: Literal["acknowledged", "in_progress", "more_needed", "refused"]
    at: Instant
    asks: tuple[str, ...] = ()
    reason: str | None = None
    words: str = ""


class AnswerLetter(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. `purchaser`: whether somebody who bought is known, and whether it says who."""

    request: str
    step: int
    at: Instant
    outcome: str
    package: Package
    reason: str | None = None
    purchaser: Literal["none", "exists", "sealed"] = "none"
    words: str = ""


class LapsedLetter(msgspec.Struct, frozen=True, kw_only=True):
    """The asker waits no longer."""

    request: str
    at: Instant


class WithdrawnLetter(msgspec.Struct, frozen=True, kw_only=True):
    """Statements that their originator took back, by the ids under which they came."""

    statements: tuple[str, ...]
    reason: str
    at: Instant


def read(body: bytes, kind: type[L]) -> L:
    """The letter; `Malformed("trace-letter")` with what is wrong for anything else."""
    try:
        letter = msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed("trace-letter", what=str(error)[:120]) from error
    for name, limit in (("ref", REF_CHARS_MAX), ("case", CASE_CHARS_MAX)):
        text = getattr(letter, name, "-")
        if not 0 < len(text) <= limit or not text.isprintable():
            raise Malformed("trace-letter", what=name)
    for name in ("priority", "purpose", "legal_basis", "outcome", "reason"):
        if len(getattr(letter, name, None) or "") > CODE_CHARS_MAX:
            raise Malformed("trace-letter", what=name)
    for name, limit in (("round", ROUNDS_MAX), ("step", STEPS_MAX)):
        if not 1 <= getattr(letter, name, 1) <= limit:
            raise Malformed("trace-letter", what=name)
    for name in ("at", "wanted_by"):
        at = getattr(letter, name, None)
        if at is not None and not INSTANT_MIN <= at <= INSTANT_MAX:
            raise Malformed("trace-letter", what=name)
    said = getattr(letter, "words", "")
    if said:
        words(said, "words", chars_max=WORDS_CHARS_MAX)
    request = getattr(letter, "request", None)
    if request is not None:
        parse_id(request)
    if len(getattr(letter, "asks", ())) > ASKS_MAX:
        raise Malformed("trace-letter", what="asks")
    if isinstance(letter, WithdrawnLetter):
        if not 0 < len(letter.statements) <= WITHDRAWN_MAX:
            raise Malformed("trace-letter", what="statements")
        for statement in letter.statements:
            parse_id(statement)
    if isinstance(letter, AskLetter) and not _is_key(letter.firearm):
        raise Malformed("trace-letter", what="firearm")
    package = getattr(letter, "package", None)
    if isinstance(package, Package):
        _check_package(package)
    return letter


def _check_package(package: Package) -> None:
    if len(package.entities) > PACKAGE_ENTITIES_MAX or len(package.statements) > PACKAGE_STATEMENTS_MAX:
        raise Malformed("trace-letter", what="package")
    entities = [entity.key for entity in package.entities]
    sources = [source.key for source in package.sources]
    ids = [said.id for said in package.statements]
    for keys in (entities, sources, ids):
        if len(set(keys)) != len(keys):
            raise Malformed("trace-letter", what="package: a key twice")
    for key in (*entities, *sources):
        if not _is_key(key):
            raise Malformed("trace-letter", what="package: key")
    for said in package.statements:
        parse_id(said.id)
        if said.entity not in entities or said.source not in sources:
            raise Malformed("trace-letter", what="package: a statement of nothing")
        if len(said.value) > VALUE_WORDS_CHARS_MAX or len(said.original or "") > VALUE_WORDS_CHARS_MAX:
            raise Malformed("trace-letter", what="package: value")


def _is_key(key: str) -> bool:
    return 0 < len(key) <= 2 * KEY_HEX_CHARS and key.isascii() and key.isalnum()
