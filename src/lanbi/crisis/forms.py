"""The forms of ICS, made of rows: the same facts give the same form, and nothing of it is stored.

A form is a list of blocks (fields, text, tables, lines to sign) whose words are already in the reader's
language; the screen and the page print the same blocks. Numbers and names of the forms follow FEMA 502-2;
layout and wording are our own.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.time import SECOND, Instant, parse_instant, rfc3339
from lanbi.core.vocabulary import Vocabulary
from lanbi.crisis.model import (
    CASUALTIES,
    LETTERS,
    Division,
    IncidentFacts,
    Item,
    Period,
    Statement,
    UnitFacts,
    Whole,
    newest,
    period_at,
)
from lanbi.locales import say
from lanbi.record.log import LogRow

# The centre's own time, as on the screens; UTC stands beside it in every header.
ZONE = ZoneInfo("America/Port-au-Prince")
CASUALTY_ROWS_MAX = 12
BLANK_LINES = 8
SKETCH_MM = 90
# The initials of the word, which is the same in every language of the field.
INITIALS: dict[str, str] = dict(zip(LETTERS, "METHANE", strict=True))
NONE = "—"


class Field(msgspec.Struct, frozen=True):
    """A label and what stands beside it."""

    label: str
    value: str


class Fields(msgspec.Struct, frozen=True, kw_only=True, tag="fields"):
    """Short facts side by side, `columns` of them in a row."""

    title: str = ""
    columns: int = 2
    items: tuple[Field, ...]


class Text(msgspec.Struct, frozen=True, kw_only=True, tag="text"):
    """Words as they were written; without any, `lines` empty ones to write on."""

    title: str
    words: str
    lines: int = 0


class Space(msgspec.Struct, frozen=True, kw_only=True, tag="space"):
    """Room to draw in, on paper only."""

    title: str
    height_mm: int


class Column(msgspec.Struct, frozen=True):
    """A column; `width` is its share of the page, `align` "start" or "end"."""

    label: str
    width: float = 1
    align: Literal["start", "end"] = "start"


class Table(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """Rows of text. `empty` is said where there are none; `note` stands below."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    note: str = ""


class Sign(msgspec.Struct, frozen=True, kw_only=True, tag="sign"):
    """Who prepared or approved it: name and place to sign by hand."""

    title: str
    items: tuple[Field, ...]


Block = Fields | Text | Space | Table | Sign


class Signed(msgspec.Struct, frozen=True):
    """The newest signed head of the record when the form was made."""

    size: int
    root: str
    at: str
    key_id: str


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it stands at `as_of`, the time of entry `seq`, the newest of the record.

    `frame`: the words of the header and the footer in the form's language, by name. `synthetic`: it shows
    invented events and says so on every page.
    """

    code: str
    name: str
    title: str
    lang: str
    site: str
    major_id: str
    number: int
    major: str
    state: str
    period: str
    as_of: str
    local: str
    utc: str
    seq: int
    signed: Signed | None
    synthetic: bool
    frame: dict[str, str]
    blocks: tuple[Block, ...]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that a form is made of, read in one view.

    `working`: units with an active task on the incidents; `units`: those and the others that are named,
    by id. `log`: newest first, one more than `log_max` where there is more. `readable`: whether the reader
    may see what people wrote.
    """

    whole: Whole
    incidents: tuple[IncidentFacts, ...]
    working: tuple[UnitFacts, ...]
    units: dict[str, UnitFacts]
    log: tuple[LogRow, ...]
    log_max: int
    as_of: Instant
    seq: int
    signed: tuple[int, bytes, Instant, str] | None
    site: str
    synthetic: bool
    readable: bool


def build(code: str, facts: Facts, vocabulary: Vocabulary, *, lang: str, item_id: str | None = None) -> Form:
    """The form of that code ("201"…), in that language; `NotFound("form-none")` for any other code,
    `NotFound("major-item-none")` where `item_id` names nothing of it."""
    maker = _MAKERS.get(code)
    if maker is None:
        raise NotFound("form-none", code=code[:8], known=", ".join(CODES))
    return maker(_Writer(facts, vocabulary, lang, item_id)).form(code)


def local(at: Instant) -> str:
    """`2026-11-21 22:47`, the centre's own time."""
    return _datetime(at).astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def _datetime(at: Instant) -> datetime:
    return datetime.fromtimestamp(at // SECOND, UTC)


class _Writer:
    """Words for one reader; collects the blocks of one form."""

    def __init__(self, facts: Facts, vocabulary: Vocabulary, lang: str, item_id: str | None) -> None:
        self.facts = facts
        self.whole = facts.whole
        self._vocabulary = vocabulary
        self._lang = lang
        self.item_id = item_id
        self.blocks: list[Block] = []
        self.period = period_at(facts.whole.periods, facts.as_of)

    # -- words -------------------------------------------------------------------------

    def t(self, key: str, /, **args: object) -> str:
        return say(self._lang, f"form-{key}", **args)

    def label(self, table: str, code: str | None) -> str:
        """What the vocabulary calls it; the code itself where it knows none."""
        term = self._vocabulary.tables[table].get(code or "")
        return (code or NONE) if term is None else term.labels.get(self._lang, term.code)

    def said(self, item: Item, field: str) -> str:
        """What somebody wrote in this field: a dash for nothing, a word for what is erased or not for
        this reader."""
        return self.words(item.said[field]) if field in item.said else NONE

    def words(self, value: str | None) -> str:
        if not self.facts.readable:
            return self.t("withheld")
        return self.t("erased") if value is None else value or NONE

    def when(self, at: Instant | None) -> str:
        return NONE if at is None else local(at)

    def state(self, unit: UnitFacts) -> str:
        """The letter and the name of its state."""
        letter = getattr(self._vocabulary.tables["unit_states"].get(unit.state), "letter", "")
        return f"{letter} {self.label('unit_states', unit.state)}".strip()

    @property
    def name(self) -> str:
        """The major incident's name, else that of the incident that leads."""
        named = self.whole.major.name
        if named:
            return self.words(named)
        first = self.facts.incidents[0] if self.facts.incidents else None
        return NONE if first is None else self.incident_name(first)

    def incident_name(self, incident: IncidentFacts) -> str:
        title = incident.title if self.facts.readable else ""
        return title or self.label("incident_types", incident.type)

    def number_of(self, incident_id: str | None) -> str:
        return next((str(one.number) for one in self.facts.incidents if one.id == incident_id), NONE)

    # -- blocks ------------------------------------------------------------------------

    def fields(self, *items: tuple[str, str], title: str = "", columns: int = 2) -> None:
        self.blocks.append(
            Fields(
                title=title, columns=columns, items=tuple(Field(self.t(key), value) for key, value in items)
            )
        )

    def text(self, key: str, value: str, *, lines: int = 0) -> None:
        self.blocks.append(Text(title=self.t(key), words=value, lines=lines))

    def table(
        self, key: str, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]], *, note: str = ""
    ) -> None:
        """`columns`: (name of its label, share of the width; below zero for figures, set to the right)."""
        self.blocks.append(
            Table(
                title=self.t(key) if key else "",
                columns=tuple(
                    Column(self.t(name) if name else "", abs(width), "end" if width < 0 else "start")
                    for name, width in columns
                ),
                rows=tuple(tuple(row) for row in rows),
                empty=self.t("empty"),
                note=note,
            )
        )

    def sign(self, key: str, *, who: str | None = None, role: str | None = None) -> None:
        self.blocks.append(
            Sign(
                title=self.t(key),
                items=(
                    Field(self.t("sign-name"), who or ""),
                    Field(self.t("sign-role"), role or ""),
                    Field(self.t("sign-hand"), ""),
                    Field(self.t("sign-at"), ""),
                ),
            )
        )

    def commander(self) -> str:
        return self.whole.major.commander_name or NONE

    def approved(self) -> None:
        name = self.whole.major.commander_name
        self.sign("sign-approved", who=name, role=self.t("commander"))

    # -- blocks that several forms share -----------------------------------------------

    def head(self, *more: tuple[str, str]) -> None:
        major = self.whole.major
        self.fields(
            ("declared", f"{local(major.declared_at)} · {major.declared_by_name}"),
            ("commander", self.commander()),
            ("lead", f"{self.facts.incidents[0].number}" if self.facts.incidents else NONE),
            *more,
            columns=3,
        )

    def period_text(self) -> str:
        period = self.period
        if period is None:
            return ""
        begin, end = local(period.begins_at), local(period.ends_at)
        if begin[:10] == end[:10]:
            end = end[11:]
        return self.t("period-from", number=str(period.number), begin=begin, end=end)

    def incidents(self) -> None:
        self.table(
            "incidents",
            (("number", -0.5), ("what", 2), ("priority", 0.6), ("place", 2), ("state", 0.8), ("opened", 1.1)),
            (
                (
                    str(one.number),
                    self.incident_name(one),
                    one.priority or NONE,
                    self.words(one.place) if one.place else NONE,
                    self.t("incident-open") if one.state == "open" else self.t("incident-closed"),
                    self.when(one.opened_at),
                )
                for one in self.facts.incidents
            ),
        )

    def methane(self, *only: str) -> None:
        standing = newest(self.whole.statements)
        rows = []
        for letter in only or LETTERS:
            found = standing.get(letter)
            words = NONE if found is None else self._statement(found)
            at = "" if found is None else f"{local(found.at)} · {found.made_by_name}"
            source = "" if found is None or "source" not in found.said else self.said(found, "source")
            rows.append((INITIALS[letter], self.label("methane_letters", letter), words, source, at))
        self.table(
            "methane",
            (("", 0.2), ("letter", 1), ("statement", 2.8), ("source", 0.9), ("said-at", 1.3)),
            rows,
        )

    def _statement(self, statement: Statement) -> str:
        """Its words, then its figures."""
        words = [self.said(statement, "words")] if "words" in statement.said else []
        counts = [
            f"{self.label('casualties', name)} {count}"
            for name in CASUALTIES
            if (count := getattr(statement, name)) is not None
        ]
        return " · ".join([*words, *counts]) or NONE

    def casualties(self) -> None:
        counted = sorted((one for one in self.whole.statements if one.counted), key=lambda one: -one.at)
        self.table(
            "casualties",
            (
                ("said-at", 1.2),
                ("source", 2),
                *((f"casualty-{name}", -0.6) for name in CASUALTIES),
                ("by", 1.2),
            ),
            (
                (
                    self.when(one.at),
                    self.said(one, "source"),
                    *(NONE if getattr(one, name) is None else str(getattr(one, name)) for name in CASUALTIES),
                    one.made_by_name,
                )
                for one in counted[:CASUALTY_ROWS_MAX]
            ),
            note=self.t("casualties-note"),
        )

    def objectives(self, *, settled: bool = True) -> None:
        listed = [one for one in self.whole.objectives if settled or one.status == "open"]
        listed.sort(key=lambda one: (one.status != "open", one.priority, one.made_at))
        self.table(
            "objectives",
            (("rank", -0.4), ("objective", 3.4), ("owner", 1.2), ("due", 1.1), ("status", 0.9)),
            (
                (
                    str(one.priority),
                    self.said(one, "words"),
                    self.said(one, "owner"),
                    self.when(one.due_at),
                    self.label("objective_statuses", one.status),
                )
                for one in listed
            ),
        )

    def posts(self, *, closed: bool = True) -> None:
        self.table(
            "posts",
            (("post", 1.4), ("post-name", 1.4), ("place", 2), ("opened", 1.1), ("closed", 1.1)),
            (
                (
                    self.label("major_posts", one.kind),
                    self.said(one, "name"),
                    self._place(one),
                    self.when(one.made_at),
                    self.when(one.closed_at),
                )
                for one in self.whole.posts
                if closed or one.closed_at is None
            ),
        )

    def _place(self, post: Any) -> str:
        parts = [self.said(post, "place")] if "place" in post.said else []
        if post.lat is not None:
            parts.append(f"{post.lat:.4f}, {post.lon:.4f} ±{post.radius_m:.0f} m")
        return " · ".join(parts) or NONE

    def unit_row(self, unit: UnitFacts) -> tuple[str, ...]:
        return (
            unit.callsign,
            self.label("unit_kinds", unit.kind),
            str(unit.crew),
            self.number_of(unit.incident_id),
            self.state(unit),
            self.when(unit.since),
        )

    def resources(self, units: Iterable[UnitFacts]) -> None:
        self.table(
            "resources",
            (("unit", 0.7), ("kind", 1.6), ("crew", -0.5), ("number", -0.7), ("status", 1.3), ("since", 1.1)),
            (self.unit_row(unit) for unit in sorted(units, key=lambda one: one.callsign)),
        )

    def requests(self, *, ended: bool = True) -> None:
        self.table(
            "requests",
            (
                ("request", -0.4), ("resource", 1.7), ("count", -0.5), ("asked-of", 1.3), ("asked", 1.1),
                ("needed-by", 1.1), ("status", 1.4),
            ),
            (
                (
                    str(one.number),
                    self.label("capabilities", one.capability),
                    str(one.count),
                    self.said(one, "source"),
                    self.when(one.made_at),
                    self.when(one.needed_by),
                    f"{self.label('request_statuses', one.status)} {local(max(one.clocks.values()))[11:]}",
                )
                for one in self.whole.requests
                if ended or one.wanting
            ),
        )  # fmt: skip

    def radio(self) -> None:
        self.table(
            "radio",
            (
                ("channel", 1), ("function", 1.2), ("frequency", 1.2), ("radio-assignment", 1.4),
                ("remarks", 1.6),
            ),
            (
                tuple(
                    self.said(row, name)
                    for name in ("channel", "function", "frequency", "assignment", "remarks")
                )
                for row in self.whole.radio
            ),
        )  # fmt: skip

    def division_units(self, division: Division) -> list[UnitFacts]:
        found = [self.facts.units[each] for each in division.unit_ids if each in self.facts.units]
        return sorted(found, key=lambda unit: unit.callsign)

    def divisions(self) -> None:
        self.table(
            "divisions",
            (("division", 1.2), ("supervisor", 1.2), ("units", 1.6), ("work", 2.4)),
            (
                (
                    self.said(one, "name"),
                    self.said(one, "supervisor"),
                    ", ".join(unit.callsign for unit in self.division_units(one)) or NONE,
                    self.said(one, "work"),
                )
                for one in self.whole.divisions
                if one.closed_at is None
            ),
        )

    def named(self, listed: Sequence[Any], *, by: str = "id") -> Any | None:
        """What `item_id` names among them; None where it names nothing in particular."""
        if self.item_id is None:
            return None
        for one in listed:
            if getattr(one, by) == self.item_id:
                return one
        raise NotFound("major-item-none", id=self.item_id)

    def of_period(self) -> Period | None:
        """The form is about this period: what `item_id` names, else the one that runs."""
        named = self.named(self.whole.periods)
        if named is not None:
            self.period = named
        return named

    def steps(self) -> list[str]:
        """The steps of a unit's way out, in the vocabulary's order."""
        return [code for code, term in self._vocabulary.tables["demob_steps"].items() if not term.retired]

    # -- the whole ---------------------------------------------------------------------

    def form(self, code: str) -> Form:
        facts, major = self.facts, self.whole.major
        signed = facts.signed
        at = _datetime(facts.as_of)
        return Form(
            code=code,
            name=f"ICS {code}",
            title=self.t(f"title-{code}"),
            lang=self._lang,
            site=facts.site,
            major_id=major.id,
            number=major.number,
            major=self.name,
            state=self.t("major-open") if major.state == "open" else self.t("major-stood-down"),
            period=self.period_text(),
            as_of=rfc3339(facts.as_of),
            local=at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"),
            utc=at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            seq=facts.seq,
            signed=None
            if signed is None
            else Signed(signed[0], signed[1].hex(), rfc3339(signed[2]), signed[3]),
            synthetic=facts.synthetic,
            frame={
                name: self.t(f"frame-{name}")
                for name in (
                    "site",
                    "major",
                    "period",
                    "as-of",
                    "page",
                    "entry",
                    "signed",
                    "unsigned",
                    "synthetic",
                )
            },
            blocks=tuple(self.blocks),
        )


def _201(w: _Writer) -> _Writer:
    """Briefing: what is known, who leads, what is wanted, who is there."""
    w.head()
    w.incidents()
    w.methane()
    w.casualties()
    w.objectives()
    w.divisions()
    w.posts()
    w.resources(w.facts.working)
    w.requests()
    w.blocks.append(Space(title=w.t("sketch"), height_mm=SKETCH_MM))
    w.sign("sign-prepared")
    return w


def _202(w: _Writer) -> _Writer:
    """Objectives of one operational period."""
    w.of_period()
    w.head()
    w.objectives()
    w.methane("hazards", "access")
    w.posts(closed=False)
    w.fields(("safety-plan", ""), ("plan-parts", " · ".join(f"ICS {code}" for code in CODES)), columns=1)
    w.sign("sign-prepared")
    w.approved()
    return w


def _204(w: _Writer) -> _Writer:
    """What a division is to do, with whom, on which channel."""
    named = w.named(w.whole.divisions)
    listed = [named] if named else [one for one in w.whole.divisions if one.closed_at is None]
    w.head()
    for division in listed:
        w.fields(
            ("supervisor", w.said(division, "supervisor")),
            ("units", ", ".join(unit.callsign for unit in w.division_units(division)) or NONE),
            title=w.said(division, "name"),
        )
        w.text("work", w.said(division, "work"))
        w.resources(w.division_units(division))
    if not listed:
        w.divisions()
    w.radio()
    w.sign("sign-prepared")
    w.approved()
    return w


def _205(w: _Writer) -> _Writer:
    """The radio plan."""
    w.of_period()
    w.head()
    w.radio()
    w.sign("sign-prepared")
    return w


def _209(w: _Writer) -> _Writer:
    """A summary for those above and beside."""
    w.of_period()
    major, working = w.whole.major, w.facts.working
    still = [one for one in w.whole.objectives if one.status == "open"]
    met = [one for one in w.whole.objectives if one.status == "met"]
    w.head(
        ("major-state", w.t("major-open") if major.state == "open" else w.t("major-stood-down")),
        ("ended", w.when(major.stood_down_at)),
        ("committed", w.t("committed-of", units=len(working), people=sum(unit.crew for unit in working))),
        ("objectives", w.t("objectives-of", met=len(met), open=len(still))),
    )
    w.incidents()
    w.casualties()
    w.methane()
    kinds = sorted({unit.kind for unit in working})
    w.table(
        "by-kind",
        (("kind", 2), ("units", -0.8), ("people", -0.8), ("callsigns", 3)),
        (
            (
                w.label("unit_kinds", kind),
                str(len(group)),
                str(sum(unit.crew for unit in group)),
                ", ".join(sorted(unit.callsign for unit in group)),
            )
            for kind in kinds
            for group in [[unit for unit in working if unit.kind == kind]]
        ),
    )
    w.requests(ended=False)
    w.posts(closed=False)
    w.objectives(settled=False)
    w.sign("sign-prepared")
    w.approved()
    return w


def _213(w: _Writer) -> _Writer:
    """A general message; an empty one to write on by hand where none was written."""
    message = w.named(w.whole.messages) or (w.whole.messages[-1] if w.whole.messages else None)
    if message is None:
        w.fields(("to", ""), ("from", ""), ("subject", ""), ("said-at", ""))
        w.text("message", "", lines=BLANK_LINES * 2)
        w.sign("sign-sender")
        w.text("reply", "", lines=BLANK_LINES)
        w.sign("sign-replier")
        return w
    w.fields(
        ("to", w.said(message, "to")),
        ("from", w.said(message, "sender")),
        ("subject", w.said(message, "subject")),
        ("said-at", w.when(message.made_at)),
        ("message-number", str(message.number)),
        ("by", message.made_by_name),
    )
    w.text("message", w.said(message, "words"))
    w.sign("sign-sender")
    if message.replied_at is None:
        w.text("reply", "", lines=BLANK_LINES)
        w.sign("sign-replier")
    else:
        w.text("reply", w.said(message, "reply"))
        w.fields(("replied", w.when(message.replied_at)), ("by", message.replied_by_name or NONE))
    return w


# What of an entry's body stands on the log of activities, and the table that names its codes.
_TOLD: tuple[tuple[str, str | None], ...] = (
    ("callsign", None), ("letter", "methane_letters"), ("post", "major_posts"),
    ("capability", "capabilities"), ("count", None), ("step", "demob_steps"), ("type", "incident_types"),
    ("priority", None), ("clock", "clocks"), ("relation", "relations"), ("disposition", "dispositions"),
)  # fmt: skip
_NUMBERED = frozenset({
    "major.incident_linked", "major.incident_unlinked", "major.resource_requested", "major.resource_moved",
    "major.period_set", "major.message_written", "major.message_replied",
})  # fmt: skip
_STATUSES = {
    "major.objective_settled": "objective_statuses",
    "major.resource_moved": "request_statuses",
}


def _214(w: _Writer) -> _Writer:
    """What was done, from the record: of the major incident and of its incidents."""
    named = w.of_period()
    lines = list(w.facts.log[: w.facts.log_max])
    cut = len(w.facts.log) > w.facts.log_max
    if named is not None:
        lines = [row for row in lines if named.begins_at <= parse_instant(row.at) < named.ends_at]
    w.head()
    w.resources(w.facts.working)
    w.table(
        "activities",
        (("time", 1.25), ("entry", -0.6), ("by", 0.9), ("activity", 4.5)),
        (
            (local(parse_instant(row.at)), str(row.seq), row.actor, _activity(w, row))
            for row in reversed(lines)
        ),
        note=w.t("activities-cut", count=w.facts.log_max) if cut else "",
    )
    w.sign("sign-prepared")
    return w


def _activity(w: _Writer, row: LogRow) -> str:
    """One entry in a line: what happened, to whom, in what words."""
    told = [w.label("event_kinds", row.kind)]
    number = next((str(one.number) for one in w.facts.incidents if row.subject == f"incident/{one.id}"), None)
    if number is not None:
        told.append(number)
    if row.kind in _NUMBERED:
        told.append(str(row.body.get("number", "")))
    for name, table in _TOLD:
        value = row.body.get(name)
        if value is not None and not isinstance(value, dict | list):
            told.append(w.label(table, str(value)) if table else str(value))
    status = row.body.get("status")
    if isinstance(status, str) and row.kind in _STATUSES:
        told.append(w.label(_STATUSES[row.kind], status))
    told += [
        f"{w.label('casualties', name)} {row.body[name]}"
        for name in CASUALTIES
        if isinstance(row.body.get(name), int)
    ]
    told += [words for words in row.words.values() if words]
    return " · ".join(told)


def _221(w: _Writer) -> _Writer:
    """The way out of each unit: which steps are done, when, by whom."""
    checked = {check.unit_id for check in w.whole.demob}
    listed = sorted(
        (unit for unit in w.facts.units.values() if unit.id in checked or unit in w.facts.working),
        key=lambda unit: unit.callsign,
    )
    named = w.named(listed)
    w.head()
    for unit in [named] if named else listed:
        done = {check.step: check for check in w.whole.demob if check.unit_id == unit.id}
        w.fields(
            ("kind", w.label("unit_kinds", unit.kind)),
            ("crew", str(unit.crew)),
            ("status", w.state(unit)),
            title=unit.callsign,
            columns=3,
        )
        w.table(
            "",
            (("demob-step", 3), ("demob-at", 1.2), ("by", 1.4), ("sign-hand", 1.6)),
            (
                (
                    w.label("demob_steps", step),
                    w.when(done[step].made_at) if step in done else "",
                    done[step].made_by_name if step in done else "",
                    "",
                )
                for step in w.steps()
            ),
        )
    if not listed:
        w.resources([])
    w.approved()
    return w


_MAKERS: dict[str, Callable[[_Writer], _Writer]] = {
    "201": _201, "202": _202, "204": _204, "205": _205, "209": _209, "213": _213, "214": _214, "221": _221,
}  # fmt: skip
CODES: tuple[str, ...] = tuple(_MAKERS)
