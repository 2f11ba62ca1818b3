"""Incidents at work: one use case, one function, one transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import convert
from msgspec.structs import replace

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import NotFound, Refused
from lanbi.core.events import AreaFact, Sealed
from lanbi.core.geo import Area, check_area
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import TITLE_CHARS_MAX, line, words
from lanbi.core.time import DAY, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.incidents import sql
from lanbi.incidents.events import (
    Because,
    IncidentClassified,
    IncidentClockSet,
    IncidentClosed,
    IncidentLinked,
    IncidentNoted,
    IncidentNoteWithdrawn,
    IncidentOpened,
    IncidentPrioritised,
    IncidentRelocated,
    IncidentReopened,
    IncidentTitled,
    IncidentUndone,
    IncidentUnlinked,
)
from lanbi.incidents.model import ClockSource, Incident, Stamp, Undoable
from lanbi.record import undo
from lanbi.record.events import SealedErased
from lanbi.record.log import LogRow, log_rows
from lanbi.record.sealed import words_of
from lanbi.record.undo import Done

KEEP_WORDS_FOR: Instant = 730 * DAY
REASON_CHARS_MAX = 500
# What an incident that was opened by mistake is closed with, a code of the vocabulary `dispositions`.
BY_MISTAKE = "opened_by_mistake"
# Of each field that may be set back: the action that sets it, and the kind of the entry.
SETTING: dict[Undoable, tuple[str, str]] = {
    "type": ("incidents.classify", "incident.classified"),
    "title": ("incidents.classify", "incident.titled"),
    "priority": ("incidents.prioritise", "incident.prioritised"),
    "area": ("incidents.relocate", "incident.relocated"),
}

CheckPlace = Callable[[float, float], None]
"""Raises where a point cannot be in this site's country."""

CheckBecause = Callable[[str, str | None], None]
"""Raises where there is no such question card, or where it has no such rule."""


class Incidents:
    """The incident log's use cases. Without `check_because`, any card may be named as the reason."""

    def __init__(
        self,
        gate: Gate,
        vocabulary: Vocabulary,
        check_place: CheckPlace,
        *,
        check_because: CheckBecause | None = None,
    ) -> None:
        self._gate = gate
        self._vocabulary = vocabulary
        self._check_place = check_place
        self._check_because = check_because

    # -- commands --------------------------------------------------------------------

    def open(
        self,
        tx: Tx,
        *,
        call_id: str | None = None,
        type: str | None = None,
        title: str = "",
        priority: str | None = None,
        area: Area | None = None,
        because: Because | None = None,
    ) -> Incident:
        """A new incident with the next running number; joined to the call it came from, if any.

        The priority is the type's own where none is given. `because`: the card that proposed both.
        """
        self._gate.require(tx.actor, "incidents.open")
        self._check_reason(because)
        if type is not None:
            term = self._vocabulary.usable("incident_types", type)
            priority = priority or term.priority  # pyright: ignore[reportAttributeAccessIssue]
        if priority is not None:
            self._vocabulary.usable("priorities", priority)
        title = line(title, "title", chars_max=TITLE_CHARS_MAX) if title.strip() else ""
        area = None if area is None else self._checked(area)
        seq = tx.seq + 1
        incident = Incident(
            id=new_id(tx.now),
            number=sql.next_number(tx),
            opened_at=tx.now,
            opened_by=tx.actor.id,
            type=type,
            title=title,
            priority=priority,
            area=area,
            type_seq=seq,
            title_seq=seq,
            priority_seq=seq,
            area_seq=seq,
        ).struck("entered", tx.now, "automatic", tx.actor.id)
        if type is not None:
            incident = incident.struck("type_known", tx.now, "automatic", tx.actor.id)
        if area is not None and area.known:
            incident = incident.struck("location_known", tx.now, "automatic", tx.actor.id)
        sql.save(tx, incident)
        if call_id is not None:
            sql.relate(tx, incident.id, f"call/{call_id}")
        tx.record(
            IncidentOpened(
                id=incident.id,
                number=incident.number,
                type=type,
                priority=priority,
                title=self._sealed(tx, incident.id, "title", title) if title else None,
                area=None if area is None else self._area_fact(tx, incident.id, area),
                call_id=call_id,
                because=because,
            )
        )
        return sql.get(tx, incident.id)

    def classify(
        self,
        tx: Tx,
        incident_id: str,
        type: str,
        *,
        title: str | None = None,
        because: Because | None = None,
        held: int | None = None,
    ) -> Incident:
        """Sets the type; where there is no priority yet, the type's own."""
        self._gate.require(tx.actor, "incidents.classify")
        self._check_reason(because)
        term = self._vocabulary.usable("incident_types", type)
        was = sql.get(tx, incident_id)
        incident = was.classify(type, seq=tx.seq + 1, held=held, at=tx.now, by=tx.actor.id)
        sql.save(tx, incident)
        tx.record(IncidentClassified(id=incident.id, type=type, was=was.type, because=because))
        if incident.priority is None:
            self.prioritise(tx, incident_id, term.priority)  # pyright: ignore[reportAttributeAccessIssue]
        if title is not None and title.strip() and title.strip() != was.title:
            self.retitle(tx, incident_id, title, held=held)
        return sql.get(tx, incident_id)

    def retitle(self, tx: Tx, incident_id: str, title: str, *, held: int | None = None) -> Incident:
        self._gate.require(tx.actor, "incidents.classify")
        title = line(title, "title", chars_max=TITLE_CHARS_MAX)
        incident = sql.get(tx, incident_id).retitle(title, seq=tx.seq + 1, held=held)
        sql.save(tx, incident)
        tx.record(IncidentTitled(id=incident.id, title=self._sealed(tx, incident.id, "title", title)))
        return sql.get(tx, incident_id)

    def prioritise(
        self,
        tx: Tx,
        incident_id: str,
        priority: str,
        *,
        reason: str = "",
        because: Because | None = None,
        held: int | None = None,
    ) -> Incident:
        self._gate.require(tx.actor, "incidents.prioritise")
        self._check_reason(because)
        self._vocabulary.usable("priorities", priority)
        was = sql.get(tx, incident_id)
        incident = was.prioritise(priority, seq=tx.seq + 1, held=held)
        sql.save(tx, incident)
        tx.record(
            IncidentPrioritised(
                id=incident.id,
                priority=priority,
                was=was.priority,
                reason=self._reason(tx, incident.id, reason),
                because=because,
            )
        )
        return sql.get(tx, incident_id)

    def relocate(self, tx: Tx, incident_id: str, area: Area, *, held: int | None = None) -> Incident:
        self._gate.require(tx.actor, "incidents.relocate")
        area = self._checked(area)
        incident = sql.get(tx, incident_id).relocate(
            area, seq=tx.seq + 1, held=held, at=tx.now, by=tx.actor.id
        )
        sql.save(tx, incident)
        tx.record(IncidentRelocated(id=incident.id, area=self._area_fact(tx, incident.id, area)))
        return sql.get(tx, incident_id)

    def note(self, tx: Tx, incident_id: str, text: str, *, lang: str | None = None) -> Incident:
        """Appends words to the log; also to a closed incident, since a log is never closed to the truth."""
        self._gate.require(tx.actor, "incidents.note")
        if lang is not None:
            self._vocabulary.usable("languages", lang)
        incident = sql.get(tx, incident_id)
        text = words(text, "words")
        sql.touch(tx, incident_id)
        entry = tx.record(
            IncidentNoted(id=incident.id, words=self._sealed(tx, incident.id, "words", text), lang=lang)
        )
        return replace(incident, seq=entry.seq)

    def link(self, tx: Tx, incident_id: str, other_id: str, relation: str) -> Incident:
        self._gate.require(tx.actor, "incidents.link")
        self._vocabulary.usable("relations", relation)
        incident = sql.get(tx, incident_id).link(sql.get(tx, other_id), relation)
        sql.save(tx, incident)
        tx.record(IncidentLinked(id=incident.id, incident_id=other_id, relation=relation))
        return sql.get(tx, incident_id)

    def unlink(self, tx: Tx, incident_id: str, other_id: str) -> Incident:
        self._gate.require(tx.actor, "incidents.link")
        incident = sql.get(tx, incident_id).unlink(other_id)
        sql.save(tx, incident)
        tx.record(IncidentUnlinked(id=incident.id, incident_id=other_id))
        return sql.get(tx, incident_id)

    def set_clock(self, tx: Tx, incident_id: str, clock: str, at: Instant, source: ClockSource) -> Incident:
        self._gate.require(tx.actor, "incidents.clock")
        self._vocabulary.usable("clocks", clock)
        was = sql.get(tx, incident_id)
        incident = was.set_clock(clock, at, source, by=tx.actor.id, now=tx.now)
        sql.save(tx, incident)
        held = was.clocks.get(clock)
        tx.record(
            IncidentClockSet(
                id=incident.id,
                clock=clock,
                clock_at=at,
                source=source,
                was_at=None if held is None else held.at,
            ),
            at=min(at, tx.now),
        )
        return sql.get(tx, incident_id)

    def close(self, tx: Tx, incident_id: str, disposition: str, *, text: str = "") -> Incident:
        """Closes it; whoever still has work on it (a unit assigned) refuses by its own rule."""
        self._gate.require(tx.actor, "incidents.close")
        self._vocabulary.usable("dispositions", disposition)
        incident = sql.get(tx, incident_id).close(disposition, at=tx.now, by=tx.actor.id)
        sql.save(tx, incident)
        sealed = self._sealed(tx, incident.id, "words", words(text, "words")) if text.strip() else None
        tx.record(IncidentClosed(id=incident.id, disposition=disposition, words=sealed))
        return sql.get(tx, incident_id)

    def reopen(self, tx: Tx, incident_id: str, reason: str) -> Incident:
        self._gate.require(tx.actor, "incidents.reopen")
        incident = sql.get(tx, incident_id).reopen()
        sql.save(tx, incident)
        text = words(reason, "reason", chars_max=REASON_CHARS_MAX)
        tx.record(IncidentReopened(id=incident.id, reason=self._sealed(tx, incident.id, "reason", text)))
        return sql.get(tx, incident_id)

    # -- taking back -------------------------------------------------------------------

    def undo(self, tx: Tx, incident_id: str, fields: Sequence[Undoable]) -> Incident:
        """Sets fields back to what stood there before this actor changed them just now.

        `Refused("undo-overtaken")` where somebody has changed one since; see `record.undo`
        for who may, and until when.
        """
        for what in fields:
            action, kind = SETTING[what]
            self._gate.require(tx.actor, action)
            was = sql.get(tx, incident_id)
            done = undo.entry_at(tx, getattr(was, f"{what}_seq"))
            if done is None or done.kind == "incident.opened":
                raise Refused("undo-nothing")
            if done.kind != kind:
                raise Refused("undo-overtaken")
            undo.must_be_own_and_fresh(tx, done)
            fact = IncidentUndone(id=incident_id, what=what, undoes=done.seq)
            if self._set_back(tx, done, what, fact):
                continue
            incident = was.clear(what, seq=tx.seq + 1, at=done.at, by=done.actor)
            sql.save(tx, incident)
            tx.record(fact)
        return sql.get(tx, incident_id)

    def _set_back(self, tx: Tx, done: Done, what: Undoable, fact: IncidentUndone) -> bool:
        """Sets the value before that entry again; says whether there was one."""
        before: Any = done.body.get("was")
        if what in {"title", "area"}:
            kind = SETTING[what][1]
            known = next(
                entry
                for entry in undo.before(tx, done)
                if entry.kind in {"incident.opened", kind}
                or (entry.kind == "incident.undone" and entry.body["what"] == what)
            )
            before = known.body.get(what)
        if before is None:
            return False
        incident_id = fact.id
        match what:
            case "type":
                tx.record(fact)
                self.classify(tx, incident_id, before)
            case "priority":
                tx.record(fact)
                self.prioritise(tx, incident_id, before)
            case "title":
                title = words_of(tx, before["sealed"])
                if title is None:
                    return False
                tx.record(fact)
                self.retitle(tx, incident_id, title)
            case "area":
                said = before.get("words")
                told = "" if said is None else words_of(tx, said["sealed"]) or ""
                area = convert({**before, "words": told}, Area)
                if area.lat is None and not told:
                    return False
                tx.record(fact)
                self.relocate(tx, incident_id, area)
        return True

    def undo_open(self, tx: Tx, incident_id: str) -> Incident:
        """Whoever opened it just now did so by mistake: it is closed as that; its call is free again.

        With units on it, or another call joined to it meanwhile, it stays.
        """
        self._gate.require(tx.actor, "incidents.open")
        was = sql.get(tx, incident_id)
        done = undo.last_of(tx, f"incident/{incident_id}", IncidentOpened.kind)
        if done is None:
            raise Refused("undo-nothing")
        undo.must_be_own_and_fresh(tx, done)
        if was.state == "closed" or was.calls > (done.body["call_id"] is not None):
            raise Refused("undo-overtaken")
        tx.record(IncidentUndone(id=incident_id, what="opened", undoes=done.seq))
        incident = sql.get(tx, incident_id).close(BY_MISTAKE, at=tx.now, by=tx.actor.id)
        sql.save(tx, incident)
        tx.record(IncidentClosed(id=incident_id, disposition=BY_MISTAKE, words=None))
        return sql.get(tx, incident_id)

    def withdraw_note(self, tx: Tx, incident_id: str, note: int) -> Incident:
        """Whoever wrote that note takes it back; it stays in the log, marked as withdrawn.

        `note`: the number of its entry. `NotFound("note-none")`, `Refused("note-withdrawn")`.
        """
        self._gate.require(tx.actor, "incidents.note")
        incident = sql.get(tx, incident_id)
        done = undo.entry_at(tx, note)
        if done is None or (done.subject, done.kind) != (f"incident/{incident_id}", IncidentNoted.kind):
            raise NotFound("note-none", number=incident.number)
        undo.must_be_own_and_fresh(tx, done)
        if any(
            later.kind == IncidentNoteWithdrawn.kind and later.body["note"] == note
            for later in undo.after(tx, done)
        ):
            raise Refused("note-withdrawn")
        sql.touch(tx, incident_id)
        entry = tx.record(IncidentNoteWithdrawn(id=incident_id, note=note))
        return replace(incident, seq=entry.seq)

    # -- looks -----------------------------------------------------------------------

    def get(self, reader: Reader, actor: Actor, incident_id: str) -> Incident:
        """The incident; absent for who may not see incidents."""
        if not self._gate.allows(actor, "incidents.see"):
            raise NotFound("incident-none", id=incident_id)
        return sql.get(reader, incident_id)

    def page(
        self, reader: Reader, actor: Actor, *, state: str | None, before: int, limit: int
    ) -> list[Incident]:
        self._gate.require(actor, "incidents.see")
        return sql.page(reader, state=state, before=before, limit=limit)

    def may_read_words(self, actor: Actor) -> bool:
        """Whether titles, places as told and notes are for this actor."""
        return self._gate.allows(actor, "incidents.read_words")

    def log(self, reader: Reader, actor: Actor, incident_id: str, *, before: int, limit: int) -> list[LogRow]:
        """The incident's log with that of its calls, assignments and promises, newest first.

        Words come only for those whom the policies let read them.
        """
        self._gate.require(actor, "incidents.see")
        sql.get(reader, incident_id)
        may_read = self.may_read_words(actor)
        return log_rows(reader, sql.log(reader, incident_id, before=before, limit=limit), may_read=may_read)

    # -- what other domains' facts mean here ---------------------------------------------

    def strike(
        self, tx: Tx, incident_id: str, clock: str, at: Instant, source: ClockSource = "automatic"
    ) -> None:
        """Another domain's fact strikes one of this incident's clocks, if it is the first to."""
        was = sql.get(tx, incident_id)
        incident = was.struck(clock, at, source, tx.actor.id)
        if incident is not was:
            sql.save(tx, incident, seq=tx.seq)

    def unstrike(self, tx: Tx, incident_id: str, clock: str, held: Stamp, then: Stamp | None = None) -> None:
        """Another domain's fact takes back a strike of its own: that very strike, and no other.

        `then`: the strike that is the true one now, if there is any.
        """
        was = sql.get(tx, incident_id)
        incident = was.unstruck(clock, held, then)
        if incident is not was:
            sql.save(tx, incident, seq=tx.seq)

    def relate(self, tx: Tx, incident_id: str, subject: str) -> None:
        """That subject's entries belong to this incident's log; `NotFound` where there is none."""
        sql.get(tx, incident_id)
        sql.relate(tx, incident_id, subject)

    def call_joined(
        self, tx: Tx, incident_id: str, call_id: str, *, ring_at: Instant, answer_at: Instant | None
    ) -> None:
        """A call now belongs to it; the first call's times are its own first clocks."""
        incident = sql.get(tx, incident_id)
        incident = incident.struck("ring", ring_at, "automatic", tx.actor.id)
        if answer_at is not None:
            incident = incident.struck("answer", answer_at, "automatic", tx.actor.id)
        sql.save(tx, replace(incident, calls=incident.calls + 1), seq=tx.seq)
        sql.relate(tx, incident_id, f"call/{call_id}")

    def call_unjoined(self, tx: Tx, incident_id: str, call_id: str) -> None:
        """A call no longer belongs to it; its entries up to now stay in the call's own log."""
        incident = sql.get(tx, incident_id)
        sql.save(tx, replace(incident, calls=max(0, incident.calls - 1)), seq=tx.seq)
        sql.unrelate(tx, incident_id, f"call/{call_id}")

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Bootstrap subscribes this to `SealedErased`: a title or place that was erased leaves the row."""
        incident_id, field = sql.copied(tx, fact.sealed) or ("", "")
        if field not in {"title", "place"}:
            return
        incident = sql.get(tx, incident_id)
        if field == "title":
            incident = replace(incident, title="")
        elif incident.area is not None:
            incident = replace(incident, area=replace(incident.area, words=""))
        sql.save(tx, incident, seq=tx.seq)

    # -- inside ----------------------------------------------------------------------

    def _checked(self, area: Area) -> Area:
        area = check_area(area)
        self._vocabulary.usable("area_sources", area.source)
        self._vocabulary.usable("confidences", area.confidence)
        if area.lat is not None and area.lon is not None:
            self._check_place(area.lat, area.lon)
        return area

    def _check_reason(self, because: Because | None) -> None:
        if because is not None and self._check_because is not None:
            self._check_because(because.card, because.rule)

    def _sealed(self, tx: Tx, incident_id: str, field: str, text: str) -> Sealed:
        return tx.seal(
            subject=f"incident/{incident_id}", field=field, kind="words", value=text, keep_for=KEEP_WORDS_FOR
        )

    def _reason(self, tx: Tx, incident_id: str, reason: str) -> Sealed | None:
        if not reason.strip():
            return None
        return self._sealed(tx, incident_id, "reason", words(reason, "reason", chars_max=REASON_CHARS_MAX))

    def _area_fact(self, tx: Tx, incident_id: str, area: Area) -> AreaFact:
        return AreaFact.of(area, self._sealed(tx, incident_id, "place", area.words) if area.words else None)
