"""The papers at work: all that a form is made of, read in one view."""

from lanbi.core.access import Actor
from lanbi.core.ports import Reader
from lanbi.core.time import parse_instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.crisis import sql
from lanbi.crisis.model import UnitFacts
from lanbi.crisis.papers import forms
from lanbi.crisis.papers.sheet import Form
from lanbi.crisis.papers.writer import Facts
from lanbi.crisis.parts import Whole
from lanbi.crisis.service import Crisis, Surroundings
from lanbi.record.log import LogRow

LOG_LINES_MAX = 400
"""On the form of activities; what is older stands in the journal."""
NEWEST = 2**62


class Papers:
    """Makes forms for who may see the major incident. `synthetic`: they carry the mark of an exercise."""

    def __init__(
        self, crisis: Crisis, vocabulary: Vocabulary, around: Surroundings, *, synthetic: bool = False
    ) -> None:
        self._crisis = crisis
        self._vocabulary = vocabulary
        self._around = around
        self._synthetic = synthetic

    def form(
        self, reader: Reader, actor: Actor, major_id: str, code: str, *, lang: str, item_id: str | None = None
    ) -> Form:
        """One of the ICS forms, made of the rows as they stand in this view.

        `item_id`: the division of a 204, the message of a 213, the unit of a 221, the period of the
        others; the newest or all of them where none is named. Raises `NotFound("form-none")`.
        """
        whole = self._crisis.whole(reader, actor, major_id)
        ids = [linked.incident_id for linked in whole.major.incidents]
        incidents = [facts for each in ids if (facts := self._around.incident_of(reader, each)) is not None]
        working = self._around.units_on(reader, ids)
        log: list[LogRow] = []
        if code == "214":
            log = self._lines(reader, actor, whole, item_id)
        facts = Facts(
            whole=whole,
            incidents=tuple(incidents),
            working=tuple(working),
            units=self._known(reader, whole, working),
            log=tuple(log),
            log_max=LOG_LINES_MAX,
            as_of=sql.recorded_at(reader, reader.head),
            seq=reader.head,
            signed=sql.signed_last(reader, reader.head),
            site=self._around.site(),
            synthetic=self._synthetic,
            readable=self._crisis.may_read_words(actor),
        )
        return forms.build(code, facts, self._vocabulary, lang=lang, item_id=item_id)

    def _lines(self, reader: Reader, actor: Actor, whole: Whole, item_id: str | None) -> list[LogRow]:
        """The newest lines of the log, or of the period named; one more than a form has where it is cut.

        A period may be over long since: the log is gone through back to its beginning.
        """
        period = next((one for one in whole.periods if one.id == item_id), None)
        found: list[LogRow] = []
        before = NEWEST
        while len(found) <= LOG_LINES_MAX:
            page = self._crisis.log(reader, actor, whole.major.id, before=before, limit=LOG_LINES_MAX + 1)
            if period is None:
                return page
            found += [row for row in page if period.begins_at <= parse_instant(row.at) < period.ends_at]
            # What happened in the period was recorded after it began.
            if len(page) <= LOG_LINES_MAX or parse_instant(page[-1].recorded_at) < period.begins_at:
                break
            before = page[-1].seq
        return found[: LOG_LINES_MAX + 1]

    def _known(self, reader: Reader, whole: Whole, working: list[UnitFacts]) -> dict[str, UnitFacts]:
        """By id: units at work, those of a division, and those on their way out, as far as they exist."""
        known = {unit.id: unit for unit in working}
        named = {check.unit_id for check in whole.demob}.union(*(one.unit_ids for one in whole.divisions))
        for unit_id in named - known.keys():
            unit = self._around.unit_of(reader, unit_id)
            if unit is not None:
                known[unit_id] = unit
        return known
