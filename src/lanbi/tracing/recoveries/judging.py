"""From the rows of a table to the entities that they tell of, by a mapping: every cell is read, every
reason is given, nothing is written. Pure.

A row is good or bad as a whole. What is doubtful and can be (an unknown calibre, a check digit that does not
fit) is kept and flagged; what cannot be (a crime before the sale, a day that has not come) makes the row bad.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import msgspec

from lanbi.core.errors import LanbiError, Malformed
from lanbi.core.geo import AREA_WORDS_CHARS_MAX, Area
from lanbi.core.text import line
from lanbi.core.time import Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.tracing.markings.normal import ascii_upper, serial_of
from lanbi.tracing.model import REFERENCE_CHARS_MAX, VALUE_CHARS_MAX
from lanbi.tracing.reading import UNREAD_SERIAL, read
from lanbi.tracing.recoveries.countries import country_of
from lanbi.tracing.recoveries.importer import BadRow, Fault, Row, Table, fault_of
from lanbi.tracing.recoveries.mapping import EntityRule, ValueRule
from lanbi.tracing.recoveries.mapping import Mapping as Rules
from lanbi.tracing.recoveries.model import check_day, check_order
from lanbi.tracing.schema import Prop, prop_of, read_date

SPELLINGS_CACHED_MAX = 8_192
READ_KEPT_MAX = 20_000
VALUES_OF_CELL_MAX = 20

_ISO_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")
_GROUPED = re.compile(r"\d{1,3}([ ,.\u00a0\u202f])\d{3}(?:\1\d{3})*")
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{0,12})?")
_area = msgspec.json.Encoder()


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One value that a row says. `text`: as it is stated; `kept`: as it would be kept; None for what is
    sealed. `flag`: what is doubtful about it."""

    prop: str
    text: str
    kept: str | None
    column: str | None = None
    flag: str | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One entity that a row tells of. `key`: what tells it from others, None where it is the row's own.
    `links`: properties that name another entity of the row, by what it is called."""

    called: str
    kind: str
    key: tuple[str, ...] | None
    said: tuple[Said, ...]
    links: tuple[tuple[str, str], ...]

    def value(self, prop: str) -> str | None:
        return next((said.kept for said in self.said if said.prop == prop), None)


class GoodRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that can go in. `reference`: what its statements come from, where the mapping reads that from a
    column."""

    line: int
    drafts: tuple[Draft, ...]
    reference: str | None

    def of_kind(self, kind: str) -> list[Draft]:
        return [draft for draft in self.drafts if draft.kind == kind]


class Judge:
    """One mapping over the columns of one file."""

    def __init__(self, rules: Rules, columns: Sequence[str], vocabulary: Vocabulary, now: Instant) -> None:
        """`now`: the day after which nothing was recovered yet.

        Raises `Malformed("recoveries-column-none" | "recoveries-column-twice")` for a column that the mapping
        reads and the file has not, or has twice.
        """
        self._rules = rules
        self._vocabulary = vocabulary
        self._now = now
        self._at: dict[str, int] = {}
        names = [plain(name) for name in columns]
        for wanted in rules.read_columns:
            found = [at for at, name in enumerate(names) if name == plain(wanted)]
            if len(found) > 1:
                raise Malformed("recoveries-column-twice", column=wanted)
            if found:
                self._at[wanted] = found[0]
            elif rules.absent == "refuse" or self._must_have(wanted):
                raise Malformed("recoveries-column-none", column=wanted, columns=", ".join(columns)[:300])
        if not self._at:
            raise Malformed("recoveries-column-none", column=rules.read_columns[0],
                            columns=", ".join(columns)[:300])  # fmt: skip
        self.absent = tuple(name for name in rules.read_columns if name not in self._at)
        self.unread = tuple(name for at, name in enumerate(columns) if at not in self._at.values())
        self._empty = frozenset({"", *(text.strip().casefold() for text in rules.empty)})
        self._read: dict[tuple[str, str, str], list[Said]] = {}
        self._codes = {
            (rule.called, prop): {plain(words): code for words, code in value.codes.items()}
            for rule in rules.entity
            for prop, value in rule.values.items()
        }

    def _must_have(self, column: str) -> bool:
        return any(
            value.required and column in value.read_columns
            for rule in self._rules.entity
            for value in rule.values.values()
        )

    def row(self, row: Row) -> GoodRow | BadRow:
        """What the row tells of, or every reason why it cannot go in."""
        faults: list[Fault] = []
        drafts: dict[str, Draft] = {}
        for rule in self._rules.entity:
            draft = self._draft(rule, row, drafts, faults)
            if draft is not None:
                drafts[rule.called] = draft
        reference = self._reference(row, faults)
        if not faults:
            faults = impossible(drafts, self._now)
        if not faults and not drafts:
            faults = [Fault(code="recoveries-row-empty")]
        if faults:
            return BadRow(row.line, tuple(faults))
        return GoodRow(line=row.line, drafts=tuple(drafts.values()), reference=reference)

    def _cell(self, row: Row, column: str) -> str:
        """A cell's text on one line; empty where it says nothing."""
        at = self._at.get(column)
        text = "" if at is None else " ".join(row.cells[at].split())
        return "" if text.casefold() in self._empty else text

    def _reference(self, row: Row, faults: list[Fault]) -> str | None:
        column = self._rules.source.reference
        if column is None:
            return None
        text = self._cell(row, column)
        if not text:
            faults.append(Fault(code="recoveries-value-missing", args={"prop": "reference"}, column=column))
            return None
        try:
            return line(text, "reference", chars_max=REFERENCE_CHARS_MAX)
        except LanbiError as error:
            faults.append(fault_of(error, column))
            return None

    def _draft(
        self, rule: EntityRule, row: Row, before: Mapping[str, Draft], faults: list[Fault]
    ) -> Draft | None:
        said: list[Said] = []
        links: list[tuple[str, str]] = []
        asked = rule.when or rule.own_columns
        there = any(self._cell(row, column) for column in asked)
        for name, value in rule.values.items():
            if value.entity is not None:
                if value.entity in before:
                    links.append((name, value.entity))
                continue
            column = next(iter(value.read_columns), None)
            try:
                found = self._values(rule, name, value, row) if there else []
                if not found and value.required:
                    raise Malformed("recoveries-value-missing", prop=name)
                said += found
            except LanbiError as error:
                faults.append(fault_of(error, column))
        if not there or not (said or links):
            return None
        said = _one_state(said)
        key = tuple(self._cell(row, column) for column in rule.key)
        return Draft(
            called=rule.called, kind=rule.kind, key=key if key and key[0] else None, said=tuple(said),
            links=tuple(links),
        )  # fmt: skip

    def _values(self, rule: EntityRule, name: str, value: ValueRule, row: Row) -> list[Said]:
        if value.lat is not None:
            text = self._place(value, row)
        elif value.constant is not None:
            text = value.constant
        else:
            columns = value.columns or ((value.column,) if value.column else ())
            text = value.join.join(found for column in columns if (found := self._cell(row, column)))
        if not text:
            return []
        # Makes, towns and constants come again in every row: they are read once.
        known = self._read.get((rule.called, name, text))
        if known is None:
            known = self._read_text(rule, name, value, text)
            if len(self._read) >= READ_KEPT_MAX:
                self._read.clear()
            self._read[rule.called, name, text] = known
        return known

    def _read_text(self, rule: EntityRule, name: str, value: ValueRule, text: str) -> list[Said]:
        prop = prop_of(rule.kind, name)
        codes = self._codes[(rule.called, name)]
        if codes:
            code = codes.get(plain(text))
            if code is None and value.others == "refuse":
                raise Malformed("recoveries-value-code", given=text[:60], prop=name)
            text = text if code is None and value.others == "keep" else code or ""
        if not text or (value.only and shape_of(text) not in value.only):
            return []
        texts = [part.strip() for part in text.split(value.split)] if value.split else [text]
        if len(texts) > VALUES_OF_CELL_MAX:
            raise Malformed("recoveries-value-many", prop=name, limit=VALUES_OF_CELL_MAX)
        column = next(iter(value.read_columns), None)
        spellings = value.dates or self._rules.dates
        return [said for part in texts if part for said in self._said(name, prop, part, column, spellings)]

    def _said(
        self, name: str, prop: Prop, text: str, column: str | None, spellings: tuple[str, ...]
    ) -> list[Said]:
        if prop.type == "personal":
            return [
                Said(prop=name, text=line(text, name, chars_max=VALUE_CHARS_MAX), kept=None, column=column)
            ]
        if prop.type == "serial":
            return told_by_serial(name, text, column)
        if prop.type == "date":
            text = day_of(text, name, spellings)
        elif prop.type == "country":
            text = country_of(text)
        elif prop.type == "code":
            text = _code_of(self._vocabulary, prop.table, text)
        elif prop.type == "integer":
            text = _figures(text)
        elif prop.type == "area" and not text.startswith("{"):
            text = _area.encode(
                Area(source="import", confidence="heard", words=text[:AREA_WORDS_CHARS_MAX])
            ).decode()
        kept = read(self._vocabulary, name, prop, text)
        return [Said(prop=name, text=text, kept=kept.value, column=column, flag=kept.flag)]

    def _place(self, value: ValueRule, row: Row) -> str:
        """A point with its doubt, and the words beside it; only the words where there is no point."""
        words = ", ".join(found for column in value.columns if (found := self._cell(row, column)))
        degrees = [self._cell(row, column) for column in (value.lat or "", value.lon or "")]
        if not any(degrees):
            return words
        if not all(_DEGREES.fullmatch(text) for text in degrees):
            raise Malformed("recoveries-value-degrees", given=" ".join(degrees)[:60])
        lat, lon = (float(text.replace(",", ".")) for text in degrees)
        area = Area(
            lat=lat, lon=lon, radius_m=value.radius_m, source="import", confidence="likely",
            words=words[:AREA_WORDS_CHARS_MAX],
        )  # fmt: skip
        return _area.encode(area).decode()


def filled_down(table: Table, ditto: Sequence[str]) -> Table:
    """The table with what a cell says of the row above written out; a row that points at one which cannot be
    read is bad."""
    if not ditto:
        return table
    marks = frozenset(text.strip().casefold() for text in ditto)
    rows: list[Row | BadRow] = []
    above: tuple[str, ...] | None = None
    for row in table.rows:
        if isinstance(row, BadRow):
            rows.append(row)
            above = None
            continue
        pointing = [at for at, cell in enumerate(row.cells) if cell.casefold() in marks]
        if pointing and above is None:
            faults = [Fault(code="recoveries-cell-ditto", column=table.columns[at]) for at in pointing]
            rows.append(BadRow(row.line, tuple(faults)))
            continue
        cells = list(row.cells)
        for at in pointing:
            cells[at] = (above or ())[at]
        above = tuple(cells)
        rows.append(Row(row.line, above))
    return msgspec.structs.replace(table, rows=tuple(rows))


def told_by_serial(name: str, text: str, column: str | None) -> list[Said]:
    """What the field of a serial number says: its marks, and its state where the text tells that they are not
    whole ("obliterated", "AB?12"). Raises `Malformed` as `serial_of`."""
    found = serial_of(text)
    flag = None if found.marks else "serial_unread"
    said = [Said(prop=name, text=text, kept=found.marks or UNREAD_SERIAL, column=column, flag=flag)]
    if found.status != "legible":
        said.append(Said(prop="serial_status", text=found.status, kept=found.status, column=column))
    return said


def _one_state(said: list[Said]) -> list[Said]:
    """The state of a serial that a column of its own gives goes before what the serial tells of itself."""
    columns = {one.column for one in said if one.prop == "serial"}
    given = any(one.prop == "serial_status" and one.column not in columns for one in said)
    if not given:
        return said
    return [one for one in said if one.prop != "serial_status" or one.column not in columns]


def impossible(drafts: Mapping[str, Draft], now: Instant) -> list[Fault]:
    """What of a row's days cannot be: one that has not come, a crime before the sale, an arrival before the
    departure."""
    faults: list[Fault] = []

    def look(check: Callable[[], None], column: str | None) -> None:
        try:
            check()
        except LanbiError as error:
            faults.append(fault_of(error, column))

    for draft in drafts.values():
        if draft.kind in ("recovery", "acquisition", "ballistic"):
            day = draft.value("date")
            if day is not None:
                look(lambda day=day: check_day(day, now), _column_of(draft, "date"))
        if draft.kind == "leg":
            departed, arrived = draft.value("departed"), draft.value("arrived")
            if departed is not None and arrived is not None and arrived < departed[: len(arrived)]:
                args: dict[str, object] = {"departed": departed, "arrived": arrived}
                faults.append(
                    Fault(code="recoveries-leg-backwards", args=args, column=_column_of(draft, "arrived"))
                )
        if draft.kind == "acquisition" and draft.value("kind") in (None, "first_sale", "wholesale"):
            sold, recovered = draft.value("date"), _recovered(draft, drafts)
            if sold is not None and recovered is not None:
                look(lambda sold=sold, recovered=recovered: check_order(sold, recovered),
                     _column_of(draft, "date"))  # fmt: skip
    return faults


def _recovered(sale: Draft, drafts: Mapping[str, Draft]) -> str | None:
    firearm = drafts.get(dict(sale.links).get("firearm", ""))
    recovery = None if firearm is None else drafts.get(dict(firearm.links).get("recovery", ""))
    return None if recovery is None else recovery.value("date")


def _column_of(draft: Draft, prop: str) -> str | None:
    return next((said.column for said in draft.said if said.prop == prop), None)


@lru_cache(maxsize=SPELLINGS_CACHED_MAX)
def plain(text: str) -> str:
    """Letters and digits without accents, case or what stands between them."""
    return "".join(char for char in ascii_upper(text) if char.isalnum())


def shape_of(text: str) -> str:
    """“AB-12” is of the shape “AA-99”."""
    return "".join("9" if char.isdigit() else "A" if char.isalpha() else char for char in text)


def day_of(text: str, field: str, spellings: Sequence[str]) -> str:
    """A day, a month or a year as ISO 8601 writes them, out of one of the spellings (as `strptime`); what a
    spelling does not tell is not made up: "%m/%Y" gives a month. Raises `Malformed("tracing-date")`."""
    if found := _ISO_MOMENT.fullmatch(text):
        text = found[1]
    try:
        return read_date(text, field)
    except Malformed:
        for spelling in spellings:
            try:
                moment = datetime.strptime(text, spelling)  # noqa: DTZ007 - only its calendar counts
            except ValueError:
                continue
            return read_date(moment.strftime(_precision(spelling)), field)
        raise


@cache
def _precision(spelling: str) -> str:
    directives = set(re.findall(r"%-?([a-zA-Z])", spelling))
    if directives & set("djxcD"):
        return "%Y-%m-%d"
    return "%Y-%m" if directives & set("mbB") else "%Y"


def _code_of(vocabulary: Vocabulary, table: str, text: str) -> str:
    """The code that a text means: itself, or a label in any of the languages; else the text, to be
    refused."""
    terms: Mapping[str, Any] = vocabulary.tables[table]
    if text in terms:
        return text
    wanted = plain(text)
    for code, term in terms.items():
        if plain(code) == wanted or any(plain(label) == wanted for label in term.labels.values()):
            return code
    return text


def _figures(text: str) -> str:
    """36,000 and 36 000 as 36000; 12.0 as 12."""
    if _GROUPED.fullmatch(text):
        return re.sub(r"\D", "", text)
    return text.removesuffix(".0")
