"""The words of the work as data: incident types, capabilities, statuses, norms, reasons.

Each domain ships its tables as `vocab/*.toml` beside its code; a site adds terms or
rewords them in its own folder. Codes are stable and stand in the record; labels are
what a person reads, in every language of the product. How to write a table:
`docs/guides/vocabulary.md`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, cast, overload

import msgspec
from msgspec import Meta

from lanbi.core.access import LANGUAGES
from lanbi.core.errors import Malformed, TooLarge

FILE_BYTES_MAX = 1_000_000
TERMS_MAX = 2_000  # in one table
CODE_CHARS_MAX = 48
LABEL_CHARS_MAX = 40  # what a row of the floor can hold
MEANING_CHARS_MAX = 120
TEMPLATE_CHARS_MAX = 200
TEMPLATE_BLANKS = frozenset({"place", "incident", "unit", "minutes"})
NEAREST_TERMS_MAX = 3
NEAREST_SCORE_MIN = 65  # of 100; below this a suggestion misleads more than it helps

Count = Annotated[int, Meta(ge=1, le=99)]
Seconds = Annotated[int, Meta(ge=1, le=604_800)]
Digit = Annotated[int, Meta(ge=0, le=9)]


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One word of the work. A retired term still labels old rows; new rows may not use it."""

    code: str
    labels: dict[str, str]
    retired: bool = False


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many units that have this capability."""

    capability: str
    count: Count


class IncidentType(Term, frozen=True):
    """`priority` and `needs` are what a new incident of this type starts with.

    `welfare_every_s`: how often a unit on the scene of one is asked whether all are well; never unless set.
    """

    group: str
    priority: str
    needs: tuple[Need, ...] = ()
    welfare_every_s: Seconds | None = None


class Priority(Term, frozen=True):
    """`meaning`: one line by language, for the person who must choose."""

    meaning: dict[str, str]


class UnitKind(Term, frozen=True):
    """`prefix` begins the callsign; `capabilities` are what a new unit of this kind starts with."""

    prefix: Annotated[str, Meta(pattern="^[A-Z]{1,3}$")]
    capabilities: tuple[str, ...] = ()


class Status(Term, frozen=True):
    """Of an assignment or a unit. `letter` is its mark on the board ("" when it has left the board),
    `order` its place in the course of a task, `radio` the one-digit status that says it over
    radio, SMS or keypad (German FMS digits)."""

    letter: Annotated[str, Meta(pattern="^[A-Z]?$")]
    order: Annotated[int, Meta(ge=0, le=99)]
    radio: Digit | None = None


class AssignmentStatus(Status, frozen=True):
    """`next`: the statuses that may follow; a status with none ends the assignment."""

    next: tuple[str, ...] = ()


class PromiseKind(Term, frozen=True):
    """`due_in_s`: how long a promise of this kind usually gives, in seconds."""

    due_in_s: Seconds


class ObservationKind(Term, frozen=True):
    """`mark`: the family that the map draws it by. `holds_s`: how long what was seen is taken to be so
    still; later it is drawn as old, with its age."""

    mark: Literal["road", "danger", "fire", "water", "people", "service", "well"]
    holds_s: Seconds


class Norm(Term, frozen=True):
    """A share (0 to 1) of the incidents with these priorities goes from one clock to another
    within so many seconds. `source` cites where the number stands; `checked` says that it was read
    there; `shown` puts it in the floor's status line."""

    from_: str = msgspec.field(name="from")
    to: str
    seconds: Seconds
    share: Annotated[float, Meta(gt=0, le=1)]
    priorities: tuple[str, ...]
    source: str
    checked: bool
    shown: bool = False


class AlarmKind(Term, frozen=True):
    """When something becomes an alarm, and how loud it is.

    `after_s`: how long it may last first (for `welfare_overdue`: how long a crew has to answer).
    `escalate_after_s`: how long nobody may have taken the alarm before the commander is called in.
    `shelve_minutes_max`: for how long it may be put aside at once; 0 for an emergency. `priorities`:
    the incidents that it is for, where it is for incidents. A retired kind raises nothing.
    """

    group: str
    severity: Literal["emergency", "high", "medium", "low"]
    after_s: Annotated[int, Meta(ge=0, le=604_800)]
    escalate_after_s: Seconds
    shelve_minutes_max: Annotated[int, Meta(ge=0, le=1_440)] = 0
    priorities: tuple[str, ...] = ()


class MessageTemplate(Term, frozen=True):
    """A message that is sent with a few keys and read by everybody in their own language.

    `text`: what it says, by language, with `{place}`, `{incident}`, `{unit}` or `{minutes}` in it; every
    language asks for the same. `priority`: what it is sent with unless told.
    """

    text: dict[str, str]
    priority: str = "routine"


class MessageChannel(Term, frozen=True):
    """A channel that always stands: heard by the units of these kinds and the people of these roles."""

    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class DutyRule(Term, frozen=True):
    """So many hours of rest or of duty. `source` says where the number comes from; `checked`, that it
    was read there."""

    hours: Annotated[float, Meta(gt=0, le=48)]
    source: str
    checked: bool


class RetentionTerm(Term, frozen=True):
    """`days`: how long what this term names is kept before it is erased."""

    days: Annotated[int, Meta(ge=1, le=3_650)]


# Every table there is, and what its terms carry. Tables in FIXED are steps and marks that the
# programs themselves reason with: a site may reword them, not add, retire or rearrange.
TABLES: Mapping[str, type[Term]] = {
    "incident_types": IncidentType,
    "incident_groups": Term,
    "priorities": Priority,
    "dispositions": Term,
    "relations": Term,
    "clocks": Term,
    "clock_sources": Term,
    "norms": Norm,
    "alarm_kinds": AlarmKind,
    "alarm_groups": Term,
    "capabilities": Term,
    "unit_kinds": UnitKind,
    "unit_states": Status,
    "availability_reasons": Term,
    "assignment_statuses": AssignmentStatus,
    "preempt_reasons": Term,
    "cancel_reasons": Term,
    "replace_reasons": Term,
    "channels": Term,
    "languages": Term,
    "call_states": Term,
    "callback_outcomes": Term,
    "promise_kinds": PromiseKind,
    "promise_outcomes": Term,
    "purposes": Term,
    "area_sources": Term,
    "confidences": Term,
    "observation_kinds": ObservationKind,
    "message_channels": MessageChannel,
    "message_priorities": Term,
    "message_steps": Status,
    "message_templates": MessageTemplate,
    "methane_letters": Term,
    "casualties": Term,
    "major_posts": Term,
    "objective_statuses": Term,
    "request_statuses": Term,
    "demob_steps": Term,
    "roles": Term,
    "event_kinds": Term,
    "unserved_reasons": Term,
    "unserved_ends": Term,
    "zone_states": Term,
    "power_sources": Term,
    "link_kinds": Term,
    "link_states": Term,
    "tip_states": Term,
    "tip_purposes": Term,
    "tip_outcomes": Term,
    "tip_retention": RetentionTerm,
    "reliabilities": Term,
    "credibilities": Term,
    "assessment_confidences": Term,
    "duty_rules": DutyRule,
    "duty_reasons": Term,
    "handover_sections": Term,
    "serial_statuses": Term,
    "yes_no": Term,
    "materiel_kinds": Term,
    "offences": Term,
    "recovery_dispositions": Term,
    "legal_bases": Term,
    "person_roles": Term,
    "legal_statuses": RetentionTerm,
    "contact_kinds": Term,
    "acquisition_kinds": Term,
    "consignment_kinds": Term,
    "leg_modes": Term,
    "ballistic_statuses": Term,
    "tlp": Term,
    "tracing_purposes": Term,
    "source_kinds": Term,
    "judgement_verdicts": Term,
    "withdrawal_reasons": Term,
    "value_flags": Term,
    "kept_reasons": Term,
    "register_kinds": Term,
    "trace_states": Term,
    "trace_priorities": Term,
    "trace_outcomes": Term,
    "trace_reasons": Term,
    "trace_refusals": Term,
    "edge_kinds": Term,
    "link_reasons": Term,
    "hypotheses": Term,
    "link_refutations": Term,
    "indicators": Term,
}
FIXED = frozenset({
    "methane_letters", "casualties", "objective_statuses", "request_statuses",
    "priorities", "relations", "clocks", "clock_sources", "unit_states", "assignment_statuses", "channels",
    "languages", "call_states", "callback_outcomes", "promise_outcomes", "area_sources", "confidences",
    "message_priorities", "message_steps",
    "roles", "event_kinds",
    "unserved_ends", "zone_states", "power_sources", "link_states",
    "serial_statuses", "yes_no", "recovery_dispositions", "person_roles", "legal_statuses", "contact_kinds",
    "leg_modes", "ballistic_statuses", "tlp", "judgement_verdicts", "value_flags", "kept_reasons",
    "trace_states", "trace_outcomes", "edge_kinds", "link_reasons", "hypotheses", "link_refutations",
    "indicators",
    "tip_states", "tip_retention", "reliabilities", "credibilities", "assessment_confidences",
})  # fmt: skip

_REFERENCES = (
    ("message_channels", "kinds", "unit_kinds"),
    ("message_channels", "roles", "roles"),
    ("message_templates", "priority", "message_priorities"),
    ("incident_types", "group", "incident_groups"),
    ("incident_types", "priority", "priorities"),
    ("incident_types", "needs", "capabilities"),
    ("unit_kinds", "capabilities", "capabilities"),
    ("assignment_statuses", "next", "assignment_statuses"),
    ("norms", "from_", "clocks"),
    ("norms", "to", "clocks"),
    ("norms", "priorities", "priorities"),
    ("alarm_kinds", "group", "alarm_groups"),
    ("alarm_kinds", "priorities", "priorities"),
)
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CODE_IN = {
    "priorities": re.compile(r"P[0-4]"),
    "reliabilities": re.compile(r"[A-F]"),
    "credibilities": re.compile(r"[1-6]"),
    "tlp": re.compile(r"[A-Z]+(_[A-Z]+)?"),
    "edge_kinds": re.compile(r"[a-z_]+(\.[a-z_]+){1,2}"),
    "event_kinds": re.compile(r"[a-z]+\.[a-z][a-z0-9]*(_[a-z0-9]+)*"),
}

_Fields = dict[str, object]
_Raw = dict[str, dict[str, _Fields]]


class Vocabulary(msgspec.Struct, frozen=True):
    """All tables as loaded: `tables[name][code]`, in the order of the files."""

    tables: dict[str, dict[str, Term]]

    @overload
    def term(self, table: Literal["incident_types"], code: str) -> IncidentType: ...
    @overload
    def term(self, table: Literal["priorities"], code: str) -> Priority: ...
    @overload
    def term(self, table: Literal["unit_kinds"], code: str) -> UnitKind: ...
    @overload
    def term(self, table: Literal["unit_states"], code: str) -> Status: ...
    @overload
    def term(self, table: Literal["assignment_statuses"], code: str) -> AssignmentStatus: ...
    @overload
    def term(self, table: Literal["promise_kinds"], code: str) -> PromiseKind: ...
    @overload
    def term(self, table: Literal["norms"], code: str) -> Norm: ...
    @overload
    def term(self, table: Literal["alarm_kinds"], code: str) -> AlarmKind: ...
    @overload
    def term(self, table: Literal["message_channels"], code: str) -> MessageChannel: ...
    @overload
    def term(self, table: Literal["message_templates"], code: str) -> MessageTemplate: ...
    @overload
    def term(self, table: Literal["duty_rules"], code: str) -> DutyRule: ...
    @overload
    def term(self, table: str, code: str) -> Term: ...
    def term(self, table: str, code: str) -> Term:
        """The term, retired or not.

        Raises `Malformed("unknown-term", table=, code=, nearest=)`; `nearest` lists the codes whose
        code or label is most like what was given, or is empty.
        """
        found = self.tables[table].get(code)
        if found is None:
            raise Malformed("unknown-term", table=table, code=code, nearest=self.nearest(table, code))
        return found

    def usable(self, table: str, code: str) -> Term:
        """The term, for a new row.

        Raises as `term`, and `Malformed("retired-term", table=, code=)` for a retired one.
        """
        term = self.term(table, code)
        if term.retired:
            raise Malformed("retired-term", table=table, code=code)
        return term

    def nearest(self, table: str, text: str) -> str:
        """Up to three codes of `table` whose code or label resembles `text`, best first, joined by commas."""
        spellings = {
            spelling: term.code
            for term in self.tables[table].values()
            if not term.retired
            for spelling in (term.code, *term.labels.values())
        }
        return ", ".join(_like(text, spellings))

    def as_json(self) -> dict[str, list[dict[str, object]]]:
        """What `GET /vocabulary` answers: each table as a list of its terms, in order."""
        return {
            name: [cast("dict[str, object]", msgspec.to_builtins(term)) for term in table.values()]
            for name, table in self.tables.items()
        }


def load(site_folder: Path | None = None) -> Vocabulary:
    """The shipped tables, with those of the site's folder laid over them.

    `site_folder` holds `*.toml` files of the same form; it need not exist. A file there may give a
    new term (with all languages), or change fields of a shipped one by its code; never remove one.

    Raises `Malformed("vocabulary-…", file=, table=, term=, …)` for the first thing that is wrong.
    """
    shipped = _shipped_files()
    raw, origin = _gather(shipped)
    if site_folder is not None and site_folder.is_dir():
        own, own_origin = _gather(sorted(site_folder.glob("*.toml"), key=lambda path: path.name))
        _lay_over(raw, own, own_origin)
        for name, table in own_origin.items():
            origin[name].update(table)
    return _checked(raw, origin)


def _shipped_files() -> list[Traversable]:
    """Every `vocab/*.toml` one level below the package, by path: the domains name themselves."""
    rooms = sorted((room for room in files("lanbi").iterdir() if room.is_dir()), key=lambda room: room.name)
    folders = [folder for room in rooms if (folder := room / "vocab").is_dir()]
    return [
        file
        for folder in folders
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    ]


def _gather(sources: Iterable[Traversable]) -> tuple[_Raw, dict[str, dict[str, str]]]:
    """The terms of the files as read, and for each the file it stands in."""
    raw: _Raw = {name: {} for name in TABLES}
    origin: dict[str, dict[str, str]] = {name: {} for name in TABLES}
    for source in sources:
        file = str(source)
        for name, table in _read(source, file).items():
            if name not in TABLES:
                nearest = ", ".join(_like(name, {known: known for known in TABLES}))
                raise Malformed("vocabulary-unknown-table", file=file, table=name, nearest=nearest)
            for code, fields in _mapping(table, file=file, table=name, term="").items():
                if len(code) > CODE_CHARS_MAX or not _CODE_IN.get(name, _CODE).fullmatch(code):
                    raise Malformed("vocabulary-code", file=file, table=name, term=code)
                if code in raw[name]:
                    other = origin[name][code]
                    raise Malformed("vocabulary-twice", file=file, table=name, term=code, other=other)
                raw[name][code] = _grouped(_mapping(fields, file=file, table=name, term=code))
                origin[name][code] = file
            if len(raw[name]) > TERMS_MAX:
                raise TooLarge("vocabulary-too-many", file=file, table=name, limit=TERMS_MAX)
    return raw, origin


def _mapping(value: object, **where: str) -> _Fields:
    if not isinstance(value, dict) or "labels" in value:
        # Languages are written one by one: `labels` would silently hide them.
        raise Malformed("vocabulary-field", **where, reason=repr(value)[:MEANING_CHARS_MAX])
    return cast("_Fields", value)


def _read(source: Traversable, file: str) -> dict[str, object]:
    data = source.read_bytes()
    if len(data) > FILE_BYTES_MAX:
        raise TooLarge("vocabulary-too-large", file=file, limit=FILE_BYTES_MAX, given=len(data))
    try:
        return tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Malformed("vocabulary-unreadable", file=file, reason=str(error)) from error


def _grouped(fields: _Fields) -> _Fields:
    """The languages, written one by one beside the other fields, as one field `labels`."""
    rest = {name: value for name, value in fields.items() if name not in LANGUAGES}
    labels = {lang: fields[lang] for lang in LANGUAGES if lang in fields}
    return {**rest, "labels": labels}


def _lay_over(raw: _Raw, own: _Raw, origin: Mapping[str, Mapping[str, str]]) -> None:
    """Changes `raw` by the site's terms: texts by language, every other field whole."""
    for name, table in own.items():
        for code, fields in table.items():
            shipped = raw[name].get(code)
            if name in FIXED and (shipped is None or not fields.keys() <= {"labels", "meaning"}):
                raise Malformed("vocabulary-fixed", file=origin[name][code], table=name, term=code)
            if shipped is None:
                raw[name][code] = fields
                continue
            merged = {**shipped, **fields}
            for texts in ("labels", "meaning", "text"):
                before, after = shipped.get(texts), fields.get(texts)
                if isinstance(before, dict) and isinstance(after, dict):
                    merged[texts] = {**before, **after}
            raw[name][code] = merged


def _checked(raw: _Raw, origin: Mapping[str, Mapping[str, str]]) -> Vocabulary:
    tables = {
        name: {code: _term(name, code, fields, origin[name][code]) for code, fields in raw[name].items()}
        for name in TABLES
    }
    for name, field, target in _REFERENCES:
        for code, term in tables[name].items():
            for referred in _codes(getattr(term, field)):
                if referred not in tables[target]:
                    raise Malformed(
                        "vocabulary-dangling", file=origin[name][code], table=name, term=code,
                        field=field.rstrip("_"), refers=referred, target=target,
                        nearest=", ".join(_like(referred, {known: known for known in tables[target]})),
                    )  # fmt: skip
    return Vocabulary(tables)


def _term(table: str, code: str, fields: _Fields, file: str) -> Term:
    needs = fields.get("needs")
    if isinstance(needs, dict):
        counts = cast("dict[str, object]", needs)
        fields = {**fields, "needs": [{"capability": name, "count": n} for name, n in counts.items()]}
    try:
        term = msgspec.convert({**fields, "code": code}, TABLES[table])
    except msgspec.ValidationError as error:
        raise Malformed("vocabulary-field", file=file, table=table, term=code, reason=str(error)) from error
    _check_texts(term.labels, LABEL_CHARS_MAX, file=file, table=table, term=code, field="labels")
    if isinstance(term, Priority):
        _check_texts(term.meaning, MEANING_CHARS_MAX, file=file, table=table, term=code, field="meaning")
    if isinstance(term, MessageTemplate):
        _check_texts(term.text, TEMPLATE_CHARS_MAX, file=file, table=table, term=code, field="text")
        _check_blanks(term.text, file=file, table=table, term=code)
    return term


def _check_texts(texts: Mapping[str, str], chars_max: int, **where: str) -> None:
    missing = [lang for lang in LANGUAGES if not texts.get(lang, "").strip()]
    if missing:
        raise Malformed("vocabulary-missing", **where, missing=", ".join(missing))
    for lang, text in texts.items():
        if lang not in LANGUAGES or text != text.strip() or len(text) > chars_max or not text.isprintable():
            raise Malformed("vocabulary-text", **where, lang=lang, limit=chars_max)


def _check_blanks(texts: Mapping[str, str], **where: str) -> None:
    """Every language of a template asks for the same, and only for what the programs can fill in."""
    asked = {lang: frozenset(re.findall(r"\{([^{}]*)\}", text)) for lang, text in texts.items()}
    for blanks in asked.values():
        if blanks != asked[LANGUAGES[0]] or not blanks <= TEMPLATE_BLANKS:
            raise Malformed("vocabulary-blanks", **where, blanks=", ".join(sorted(TEMPLATE_BLANKS)))


def _codes(value: str | tuple[Need | str, ...]) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return (item.capability if isinstance(item, Need) else item for item in value)


def _like(text: str, spellings: Mapping[str, str]) -> list[str]:
    """The values of the few keys most like `text`, each once."""
    from rapidfuzz import fuzz, process, utils  # only after a slip: no start should wait for it

    hits = process.extract(
        text[:CODE_CHARS_MAX], list(spellings), scorer=fuzz.ratio, processor=utils.default_process,
        score_cutoff=NEAREST_SCORE_MIN, limit=2 * NEAREST_TERMS_MAX,
    )  # fmt: skip
    return list(dict.fromkeys(spellings[spelling] for spelling, _, _ in hits))[:NEAREST_TERMS_MAX]
