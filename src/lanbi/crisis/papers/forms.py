"""The forms of ICS, made of rows: the same facts give the same form, and nothing of it is stored.

Numbers, names and what belongs on a form follow the ICS Forms Booklet, FEMA 502-2 (2010), whose blocks are
named below; layout and wording are our own.
"""

from collections.abc import Callable

from lanbi.core.errors import NotFound
from lanbi.core.time import parse_instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.crisis.papers import tables
from lanbi.crisis.papers.sheet import Form
from lanbi.crisis.papers.writer import NONE, Facts, Writer, local
from lanbi.crisis.parts import CASUALTIES
from lanbi.record.log import LogRow

BLANK_LINES = 8
SKETCH_MM = 90


def build(code: str, facts: Facts, vocabulary: Vocabulary, *, lang: str, item_id: str | None = None) -> Form:
    """The form of that code ("201"…), in that language; `NotFound("form-none")` for any other code,
    `NotFound("major-item-none")` where `item_id` names nothing of it."""
    write = _MAKERS.get(code)
    if write is None:
        raise NotFound("form-none", code=code[:8], known=", ".join(CODES))
    w = Writer(facts, vocabulary, lang, item_id)
    write(w)
    return w.form(code)


def _201(w: Writer) -> None:
    """Incident Briefing: what is known, who leads, what is wanted, who is there (blocks 4, 5, 7, 9, 10)."""
    tables.head(w)
    tables.incidents(w)
    tables.methane(w)
    tables.casualties(w)
    tables.objectives(w)
    tables.divisions(w)
    tables.posts(w)
    tables.resources(w, w.facts.working)
    tables.requests(w)
    w.space("sketch", height_mm=SKETCH_MM)
    w.sign("sign-prepared")


def _202(w: Writer) -> None:
    """Incident Objectives of one operational period, what endangers it, and the plan's other sheets
    (blocks 2 to 8)."""
    w.of_period()
    tables.head(w)
    tables.objectives(w)
    tables.methane(w, "hazards", "access")
    tables.posts(w, closed=False)
    w.fields(("safety-plan", ""), ("plan-parts", " · ".join(f"ICS {code}" for code in CODES)), columns=1)
    w.sign("sign-prepared")
    tables.approved(w)


def _204(w: Writer) -> None:
    """Assignment List: what a division is to do, with whom, on which channel (blocks 3 to 6, 8)."""
    named = w.named(w.whole.divisions)
    listed = [named] if named else [one for one in w.whole.divisions if one.closed_at is None]
    tables.head(w)
    for division in listed:
        units = tables.division_units(w, division)
        w.fields(
            ("supervisor", w.said(division, "supervisor")),
            ("units", ", ".join(unit.callsign for unit in units) or NONE),
            title=w.said(division, "name"),
        )
        w.text("work", w.said(division, "work"))
        tables.resources(w, units)
    if not listed:
        tables.divisions(w)
    tables.radio(w)
    w.sign("sign-prepared")
    tables.approved(w)


def _205(w: Writer) -> None:
    """Incident Radio Communications Plan of one operational period (block 4)."""
    w.of_period()
    tables.head(w)
    tables.radio(w)
    w.sign("sign-prepared")


def _209(w: Writer) -> None:
    """Incident Status Summary, for those above and beside: how it stands, what is committed, what is
    wanted."""
    w.of_period()
    major, working = w.whole.major, w.facts.working
    still = [one for one in w.whole.objectives if one.status == "open"]
    met = [one for one in w.whole.objectives if one.status == "met"]
    tables.head(
        w,
        ("major-state", w.t("major-open") if major.state == "open" else w.t("major-stood-down")),
        ("ended", w.when(major.stood_down_at)),
        ("committed", w.t("committed-of", units=len(working), people=sum(unit.crew for unit in working))),
        ("objectives", w.t("objectives-of", met=len(met), open=len(still))),
    )
    tables.incidents(w)
    tables.casualties(w)
    tables.methane(w)
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
    tables.requests(w, ended=False)
    tables.posts(w, closed=False)
    tables.objectives(w, settled=False)
    w.sign("sign-prepared")
    tables.approved(w)


def _213(w: Writer) -> None:
    """General Message, with its reply (blocks 2 to 10); an empty one to write on by hand where none was
    written."""
    message = w.named(w.whole.messages) or (w.whole.messages[-1] if w.whole.messages else None)
    if message is None:
        w.fields(("to", ""), ("from", ""), ("subject", ""), ("said-at", ""))
        w.text("message", "", lines=BLANK_LINES * 2)
        w.sign("sign-sender")
        w.text("reply", "", lines=BLANK_LINES)
        w.sign("sign-replier")
        return
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


def _214(w: Writer) -> None:
    """Activity Log, from the record: what was done of the major incident and of its incidents (blocks 6
    and 7)."""
    w.of_period()
    lines = w.facts.log[: w.facts.log_max]
    cut = len(w.facts.log) > w.facts.log_max
    tables.head(w)
    tables.resources(w, w.facts.working)
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


def _activity(w: Writer, row: LogRow) -> str:
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
    told += tables.figures(
        w, {name: row.body[name] for name in CASUALTIES if isinstance(row.body.get(name), int)}
    )
    told += [words for words in row.words.values() if words]
    return " · ".join(told)


def _221(w: Writer) -> None:
    """Demobilization Check-Out of each unit: which steps are done, when, by whom (blocks 4 and 6)."""
    checked = {check.unit_id for check in w.whole.demob}
    listed = tables.by_callsign(
        unit for unit in w.facts.units.values() if unit.id in checked or unit in w.facts.working
    )
    named = w.named(listed)
    tables.head(w)
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
                for step in w.codes("demob_steps")
            ),
        )
    if not listed:
        tables.resources(w, [])
    tables.approved(w)


_MAKERS: dict[str, Callable[[Writer], None]] = {
    "201": _201, "202": _202, "204": _204, "205": _205, "209": _209, "213": _213, "214": _214, "221": _221,
}  # fmt: skip
CODES: tuple[str, ...] = tuple(_MAKERS)
