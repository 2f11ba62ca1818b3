"""What several forms have in common: each writes its block, from the rows, for the reader of that form."""

from collections.abc import Iterable, Mapping

from lanbi.crisis.model import UnitFacts
from lanbi.crisis.papers.writer import NONE, Writer, local
from lanbi.crisis.parts import CASUALTIES, LETTERS, Division, Post, Statement, newest

CASUALTY_ROWS_MAX = 12
# The initials of the word, which is the same in every language of the field.
INITIALS: dict[str, str] = dict(zip(LETTERS, "METHANE", strict=True))


def head(w: Writer, *more: tuple[str, str]) -> None:
    """Since when, who commands, which incident leads; `more` beside it: (name of the label, value)."""
    major, incidents = w.whole.major, w.facts.incidents
    w.fields(
        ("declared", f"{local(major.declared_at)} · {major.declared_by_name}"),
        ("commander", major.commander_name or NONE),
        ("lead", f"{incidents[0].number}" if incidents else NONE),
        *more,
        columns=3,
    )


def approved(w: Writer) -> None:
    """Signed by who commands."""
    w.sign("sign-approved", who=w.whole.major.commander_name, role=w.t("commander"))


def incidents(w: Writer) -> None:
    """Those that are linked, the first leads."""
    w.table(
        "incidents",
        (("number", -0.5), ("what", 2), ("priority", 0.6), ("place", 2), ("state", 0.8), ("opened", 1.1)),
        (
            (
                str(one.number),
                w.incident_name(one),
                one.priority or NONE,
                w.words(one.place) if one.place else NONE,
                w.t("incident-open") if one.state == "open" else w.t("incident-closed"),
                w.when(one.opened_at),
            )
            for one in w.facts.incidents
        ),
    )


def methane(w: Writer, *only: str) -> None:
    """The statement that stands of each letter; of `only` these where some are named."""
    standing = newest(w.whole.statements)
    rows = []
    for letter in only or LETTERS:
        found = standing.get(letter)
        words = NONE if found is None else _statement(w, found)
        at = "" if found is None else f"{local(found.at)} · {found.made_by_name}"
        source = "" if found is None or "source" not in found.said else w.said(found, "source")
        rows.append((INITIALS[letter], w.label("methane_letters", letter), words, source, at))
    w.table(
        "methane",
        (("", 0.2), ("letter", 1), ("statement", 2.8), ("source", 0.9), ("said-at", 1.3)),
        rows,
    )


def _statement(w: Writer, statement: Statement) -> str:
    """Its words, then its figures."""
    words = [w.said(statement, "words")] if "words" in statement.said else []
    return " · ".join([*words, *figures(w, statement.counts)]) or NONE


def figures(w: Writer, counts: Mapping[str, int]) -> list[str]:
    """Persons, each category with its name."""
    return [f"{w.label('casualties', name)} {count}" for name, count in counts.items()]


def casualties(w: Writer) -> None:
    """What each source counted, newest first: sources differ, so nothing is added up."""
    counted = sorted((one for one in w.whole.statements if one.counts), key=lambda one: -one.at)
    w.table(
        "casualties",
        (("said-at", 1.2), ("source", 2), *((f"casualty-{name}", -0.6) for name in CASUALTIES), ("by", 1.2)),
        (
            (
                w.when(one.at),
                w.said(one, "source"),
                *(str(one.counts.get(name, NONE)) for name in CASUALTIES),
                one.made_by_name,
            )
            for one in counted[:CASUALTY_ROWS_MAX]
        ),
        note=w.t("casualties-note"),
    )


def objectives(w: Writer, *, settled: bool = True) -> None:
    """The open ones first, by rank."""
    listed = [one for one in w.whole.objectives if settled or one.status == "open"]
    listed.sort(key=lambda one: (one.status != "open", one.priority, one.made_at))
    w.table(
        "objectives",
        (("rank", -0.4), ("objective", 3.4), ("owner", 1.2), ("due", 1.1), ("status", 0.9)),
        (
            (
                str(one.priority),
                w.said(one, "words"),
                w.said(one, "owner"),
                w.when(one.due_at),
                w.label("objective_statuses", one.status),
            )
            for one in listed
        ),
    )


def posts(w: Writer, *, closed: bool = True) -> None:
    w.table(
        "posts",
        (("post", 1.4), ("post-name", 1.4), ("place", 2), ("opened", 1.1), ("closed", 1.1)),
        (
            (
                w.label("major_posts", one.kind),
                w.said(one, "name"),
                _place(w, one),
                w.when(one.made_at),
                w.when(one.closed_at),
            )
            for one in w.whole.posts
            if closed or one.closed_at is None
        ),
    )


def _place(w: Writer, post: Post) -> str:
    """Its words, then the point in degrees (WGS 84) and how far off it may be."""
    parts = [w.said(post, "place")] if "place" in post.said else []
    if post.lat is not None:
        parts.append(f"{post.lat:.4f}, {post.lon:.4f} ±{post.radius_m:.0f} m")
    return " · ".join(parts) or NONE


def resources(w: Writer, units: Iterable[UnitFacts]) -> None:
    """Units as they stand on the board, by callsign."""
    w.table(
        "resources",
        (("unit", 0.7), ("kind", 1.6), ("crew", -0.5), ("number", -0.7), ("status", 1.3), ("since", 1.1)),
        (
            (
                unit.callsign,
                w.label("unit_kinds", unit.kind),
                str(unit.crew),
                w.number_of(unit.incident_id),
                w.state(unit),
                w.when(unit.since),
            )
            for unit in by_callsign(units)
        ),
    )


def by_callsign(units: Iterable[UnitFacts]) -> list[UnitFacts]:
    return sorted(units, key=lambda unit: unit.callsign)


def requests(w: Writer, *, ended: bool = True) -> None:
    """Resources asked for, each with the hour of its last step."""
    w.table(
        "requests",
        (
            ("request", -0.4), ("resource", 1.7), ("count", -0.5), ("asked-of", 1.3), ("asked", 1.1),
            ("needed-by", 1.1), ("status", 1.4),
        ),
        (
            (
                str(one.number),
                w.label("capabilities", one.capability),
                str(one.count),
                w.said(one, "source"),
                w.when(one.made_at),
                w.when(one.needed_by),
                f"{w.label('request_statuses', one.status)} {local(max(one.clocks.values()))[11:]}",
            )
            for one in w.whole.requests
            if ended or one.wanting
        ),
    )  # fmt: skip


def radio(w: Writer) -> None:
    """The radio plan, line by line."""
    w.table(
        "radio",
        (("channel", 1), ("function", 1.2), ("frequency", 1.2), ("radio-assignment", 1.4), ("remarks", 1.6)),
        (
            [w.said(row, name) for name in ("channel", "function", "frequency", "assignment", "remarks")]
            for row in w.whole.radio
        ),
    )


def division_units(w: Writer, division: Division) -> list[UnitFacts]:
    """Its units that are known, by callsign."""
    return by_callsign(w.facts.units[each] for each in division.unit_ids if each in w.facts.units)


def divisions(w: Writer) -> None:
    """Those that are at work."""
    w.table(
        "divisions",
        (("division", 1.2), ("supervisor", 1.2), ("units", 1.6), ("work", 2.4)),
        (
            (
                w.said(one, "name"),
                w.said(one, "supervisor"),
                ", ".join(unit.callsign for unit in division_units(w, one)) or NONE,
                w.said(one, "work"),
            )
            for one in w.whole.divisions
            if one.closed_at is None
        ),
    )
