"""Writes a form for one reader: the words of their language, what they may read, one block after another."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.time import SECOND, Instant, rfc3339
from lanbi.core.vocabulary import Vocabulary
from lanbi.crisis.model import IncidentFacts, UnitFacts
from lanbi.crisis.papers.sheet import Block, Column, Field, Fields, Form, Sign, Signed, Space, Table, Text
from lanbi.crisis.parts import Item, Period, Whole, period_at
from lanbi.locales import say
from lanbi.record.log import LogRow

T = TypeVar("T")

# The centre's own time, as on the screens; UTC stands beside it in every header.
ZONE = ZoneInfo("America/Port-au-Prince")
NONE = "—"
# The words of the header and the footer.
FRAME = ("site", "major", "period", "as-of", "page", "entry", "signed", "unsigned", "synthetic")


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


def local(at: Instant) -> str:
    """`2026-11-21 22:47`, the centre's own time."""
    return _datetime(at).astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def _datetime(at: Instant) -> datetime:
    return datetime.fromtimestamp(at // SECOND, UTC)


class Writer:
    """Words for one reader; collects the blocks of one form. `item_id`: what of the plan it is about.

    Labels of blocks and columns are given by their name among the sentences `form-…`.
    """

    def __init__(self, facts: Facts, vocabulary: Vocabulary, lang: str, item_id: str | None) -> None:
        self.facts = facts
        self.whole = facts.whole
        self._vocabulary = vocabulary
        self._lang = lang
        self._item_id = item_id
        self._blocks: list[Block] = []
        self._period = period_at(facts.whole.periods, facts.as_of)

    # -- words -------------------------------------------------------------------------

    def t(self, key: str, /, **args: object) -> str:
        return say(self._lang, f"form-{key}", **args)

    def label(self, table: str, code: str | None) -> str:
        """What the vocabulary calls it; the code itself where it knows none."""
        term = self._vocabulary.tables[table].get(code or "")
        return (code or NONE) if term is None else term.labels.get(self._lang, term.code)

    def codes(self, table: str) -> list[str]:
        """The codes in use of a table, in the vocabulary's order."""
        return [code for code, term in self._vocabulary.tables[table].items() if not term.retired]

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

    def incident_name(self, incident: IncidentFacts) -> str:
        title = incident.title if self.facts.readable else ""
        return title or self.label("incident_types", incident.type)

    def number_of(self, incident_id: str | None) -> str:
        return next((str(one.number) for one in self.facts.incidents if one.id == incident_id), NONE)

    # -- what it is about --------------------------------------------------------------

    def named(self, listed: Sequence[T]) -> T | None:
        """What `item_id` names among them; None where it names nothing in particular."""
        if self._item_id is None:
            return None
        for one in listed:
            if getattr(one, "id", None) == self._item_id:
                return one
        raise NotFound("major-item-none", id=self._item_id)

    def of_period(self) -> Period | None:
        """The form is about this period: what `item_id` names, else the one that runs."""
        named = self.named(self.whole.periods)
        if named is not None:
            self._period = named
        return named

    # -- blocks ------------------------------------------------------------------------

    def fields(self, *items: tuple[str, str], title: str = "", columns: int = 2) -> None:
        self._blocks.append(
            Fields(
                title=title, columns=columns, items=tuple(Field(self.t(key), value) for key, value in items)
            )
        )

    def text(self, key: str, value: str, *, lines: int = 0) -> None:
        self._blocks.append(Text(title=self.t(key), words=value, lines=lines))

    def space(self, key: str, *, height_mm: int) -> None:
        self._blocks.append(Space(title=self.t(key), height_mm=height_mm))

    def table(
        self, key: str, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]], *, note: str = ""
    ) -> None:
        """`columns`: (name of its label, share of the width; below zero for figures, set to the right)."""
        self._blocks.append(
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
        self._blocks.append(
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

    # -- the whole ---------------------------------------------------------------------

    def form(self, code: str) -> Form:
        """The form of the blocks that were written so far."""
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
            major=self._major_name(),
            state=self.t("major-open") if major.state == "open" else self.t("major-stood-down"),
            period=self._period_text(),
            as_of=rfc3339(facts.as_of),
            local=at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"),
            utc=at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            seq=facts.seq,
            signed=None
            if signed is None
            else Signed(signed[0], signed[1].hex(), rfc3339(signed[2]), signed[3]),
            synthetic=facts.synthetic,
            frame={name: self.t(f"frame-{name}") for name in FRAME},
            blocks=tuple(self._blocks),
        )

    def _major_name(self) -> str:
        """The major incident's name, else that of the incident that leads."""
        named = self.whole.major.name
        if named:
            return self.words(named)
        first = self.facts.incidents[0] if self.facts.incidents else None
        return NONE if first is None else self.incident_name(first)

    def _period_text(self) -> str:
        period = self._period
        if period is None:
            return ""
        begin, end = local(period.begins_at), local(period.ends_at)
        if begin[:10] == end[:10]:
            end = end[11:]
        return self.t("period-from", number=str(period.number), begin=begin, end=end)
