"""Major incidents at work: one use case, one function, one transaction.

The major incident itself, what is known of it, and the looks at it. What is planned stands in `plan`, the
forms in `papers`.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from lanbi.core.access import Actor, Gate, Person
from lanbi.core.errors import NotFound, Refused
from lanbi.core.events import AreaFact
from lanbi.core.geo import Area, check_area
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import TITLE_CHARS_MAX, line
from lanbi.core.time import Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.crisis import events, sql
from lanbi.crisis.model import IncidentFacts, Linked, Major, UnitFacts
from lanbi.crisis.parts import Message, Post, Request, Statement, Whole, check_statement
from lanbi.crisis.writing import REMARK_CHARS_MAX, Pen, kept, made, pen_for, says
from lanbi.record.events import SealedErased
from lanbi.record.log import LogRow, log_rows

CheckPlace = Callable[[float, float], None]
"""Raises where a point cannot be in this site's country."""
IncidentOf = Callable[[Reader, str], IncidentFacts | None]
UnitOf = Callable[[Reader, str], UnitFacts | None]
UnitsOn = Callable[[Reader, Sequence[str]], list[UnitFacts]]
"""Units with an active task on one of these incidents, by callsign."""
LogOf = Callable[[Reader, Actor, str, int, int], list[LogRow]]
"""The log of an incident as this actor may read it: before this entry, so many lines, newest first."""
PersonOf = Callable[[Reader, str], str]
"""The name of an account; raises `NotFound` where there is none."""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a major incident asks of the rest of the house; bootstrap hands it in."""

    check_place: CheckPlace
    incident_of: IncidentOf
    unit_of: UnitOf
    units_on: UnitsOn
    log_of: LogOf
    person_of: PersonOf
    site: Callable[[], str]


class Crisis:
    """The use cases of the major incident itself.

    Whoever edits asks for `crisis.edit`; a part raises `NotFound("major-item-none")` where this major
    incident has none of that id, and everything `Refused("major-stood-down")` once it is over.
    """

    def __init__(self, gate: Gate, vocabulary: Vocabulary, around: Surroundings) -> None:
        self._gate = gate
        self._vocabulary = vocabulary
        self._around = around

    # -- declared, led, ended ----------------------------------------------------------

    def declare(
        self, tx: Tx, incident_id: str, *, name: str | None = None, commander: str | None = None
    ) -> Major:
        """That incident leads a new major incident. Whoever declares it as commander commands it."""
        self._gate.require(tx.actor, "crisis.declare")
        incident = self._free(tx, incident_id)
        if incident.state == "closed":
            raise Refused("incident-closed", number=incident.number)
        if commander is None and tx.actor.role == "commander":
            commander = tx.actor.id
        major_id, seq = new_id(tx.now), tx.seq + 1
        major = Major(
            id=major_id,
            number=sql.next_number(tx),
            declared_at=tx.now,
            declared_by=tx.actor.id,
            declared_by_name=tx.actor.name,
            commander=commander,
            commander_name=None if commander is None else self._name(tx, commander),
            name_seq=seq,
            commander_seq=seq,
        )
        sql.save(tx, major)
        sql.link(tx, major_id, Linked(incident.id, incident.number))
        tx.record(
            events.MajorDeclared(
                id=major_id,
                number=major.number,
                incident_id=incident.id,
                incident_number=incident.number,
                name=Pen(tx, major_id, major_id).line("name", name, chars_max=TITLE_CHARS_MAX),
                commander=commander,
            )
        )
        return sql.get(tx, major_id)

    def rename(self, tx: Tx, major_id: str, name: str, *, held: int | None = None) -> Major:
        major = self.editable(tx, major_id).renamed(seq=tx.seq + 1, held=held)
        sql.save(tx, major)
        sealed = Pen(tx, major_id, major_id).must_line("name", name, chars_max=TITLE_CHARS_MAX)
        tx.record(events.MajorNamed(id=major_id, name=sealed))
        return sql.get(tx, major_id)

    def command(self, tx: Tx, major_id: str, commander: str, *, held: int | None = None) -> Major:
        """An account takes command."""
        was = self.editable(tx, major_id)
        person = Person(commander, self._name(tx, line(commander, "commander")))
        sql.save(tx, was.commanded(person, seq=tx.seq + 1, held=held))
        tx.record(events.MajorCommanderSet(id=major_id, commander=commander, was=was.commander))
        return sql.get(tx, major_id)

    def link(self, tx: Tx, major_id: str, incident_id: str) -> Major:
        major = self.editable(tx, major_id)
        incident = self._around.incident_of(tx, incident_id)
        if incident is None:
            raise NotFound("incident-none", id=incident_id)
        major.must_take(incident)
        self._free(tx, incident_id)
        sql.save(tx, major)
        sql.link(tx, major_id, Linked(incident.id, incident.number))
        tx.record(events.MajorIncidentLinked(id=major_id, incident_id=incident.id, number=incident.number))
        return sql.get(tx, major_id)

    def unlink(self, tx: Tx, major_id: str, incident_id: str) -> Major:
        major = self.editable(tx, major_id)
        linked = major.without(incident_id)
        sql.save(tx, major)
        sql.unlink(tx, major_id, incident_id)
        tx.record(events.MajorIncidentUnlinked(id=major_id, incident_id=incident_id, number=linked.number))
        return sql.get(tx, major_id)

    def stand_down(self, tx: Tx, major_id: str, text: str | None = None) -> Major:
        """It is over: refused while requested resources are on their way."""
        self._gate.require(tx.actor, "crisis.stand_down")
        requests = sql.items(tx, Request, major_id)
        major = sql.get(tx, major_id).stand_down(
            at=tx.now, by=tx.actor.id, wanting=sum(request.wanting for request in requests)
        )
        sql.save(tx, major)
        sql.touch_items(tx, major_id)
        sealed = Pen(tx, major_id, major_id).words("end", text)
        tx.record(events.MajorStoodDown(id=major_id, words=sealed))
        return sql.get(tx, major_id)

    # -- what is known: METHANE, posts, messages ---------------------------------------

    def state(
        self,
        tx: Tx,
        major_id: str,
        letter: str,
        *,
        text: str | None = None,
        source: str | None = None,
        counts: Mapping[str, int | None] | None = None,
        at: Instant | None = None,
    ) -> Statement:
        """Appends a dated statement to one letter; what stood there stays readable.

        `letter`: of the vocabulary `methane_letters`. `counts`: persons by `CASUALTIES`, for the letter
        `number` alone.
        """
        major = self.editable(tx, major_id)
        self._vocabulary.usable("methane_letters", letter)
        counts = counts or {}
        when = check_statement(letter, at, counts, worded=says(text), now=tx.now)
        statement = Statement(
            **made(tx, major, Statement),
            letter=letter,
            at=when,
            p1=counts.get("p1"),
            p2=counts.get("p2"),
            p3=counts.get("p3"),
            dead=counts.get("dead"),
            missing=counts.get("missing"),
        )
        pen = pen_for(tx, statement)
        fact = events.MethaneStated(
            id=major_id,
            item=statement.id,
            letter=letter,
            stated_at=when,
            words=pen.words("words", text),
            source=pen.line("source", source),
            p1=statement.p1,
            p2=statement.p2,
            p3=statement.p3,
            dead=statement.dead,
            missing=statement.missing,
        )
        return kept(tx, statement, fact, at=when)

    def open_post(
        self, tx: Tx, major_id: str, kind: str, *, name: str | None = None, area: Area | None = None
    ) -> Post:
        """`kind`: of the vocabulary `major_posts`."""
        major = self.editable(tx, major_id)
        self._vocabulary.usable("major_posts", kind)
        area = None if area is None else self._checked(area)
        post = Post(**made(tx, major, Post), kind=kind)
        if area is not None:
            post = post.placed(area)
        pen = pen_for(tx, post)
        place = pen.line("place", None if area is None else area.words, chars_max=REMARK_CHARS_MAX)
        fact = events.PostOpened(
            id=major_id,
            item=post.id,
            post=kind,
            name=pen.line("name", name),
            area=None if area is None else AreaFact.of(area, place),
        )
        return kept(tx, post, fact)

    def close_post(self, tx: Tx, major_id: str, item_id: str) -> Post:
        self.editable(tx, major_id)
        post = sql.item(tx, Post, major_id, item_id).close(at=tx.now)
        return kept(tx, post, events.PostClosed(id=major_id, item=item_id, post=post.kind))

    def write_message(
        self, tx: Tx, major_id: str, text: str, *, to: str, subject: str, sender: str | None = None
    ) -> Message:
        """A general message; `sender` is the writer's own name unless told."""
        major = self.editable(tx, major_id)
        message = Message(**made(tx, major, Message), number=sql.count(tx, Message, major_id) + 1)
        pen = pen_for(tx, message)
        fact = events.MessageWritten(
            id=major_id,
            item=message.id,
            number=message.number,
            to=pen.must_line("to", to),
            sender=pen.must_line("sender", sender if says(sender) else tx.actor.name),
            subject_line=pen.must_line("subject", subject),
            words=pen.must_words("words", text),
        )
        return kept(tx, message, fact)

    def reply(self, tx: Tx, major_id: str, item_id: str, text: str) -> Message:
        """The answer to a general message; there is one."""
        self.editable(tx, major_id)
        message = sql.item(tx, Message, major_id, item_id).reply(at=tx.now, by=tx.actor.name)
        sealed = pen_for(tx, message).must_words("reply", text)
        fact = events.MessageReplied(id=major_id, item=item_id, number=message.number, words=sealed)
        return kept(tx, message, fact)

    # -- looks -------------------------------------------------------------------------

    def may_read_words(self, actor: Actor) -> bool:
        """Whether names, statements and the rest of what people wrote are for this actor."""
        return self._gate.allows(actor, "crisis.read_words")

    def get(self, reader: Reader, actor: Actor, major_id: str) -> Major:
        """The major incident; absent for who may not see them."""
        if not self._gate.allows(actor, "crisis.see"):
            raise NotFound("major-none", id=major_id)
        return sql.get(reader, major_id)

    def whole(self, reader: Reader, actor: Actor, major_id: str) -> Whole:
        """With all its parts."""
        self.get(reader, actor, major_id)
        return sql.whole(reader, major_id)

    def page(
        self, reader: Reader, actor: Actor, *, state: str | None, before: int, limit: int
    ) -> list[Major]:
        """Newest first: at most `limit` whose number is below `before`."""
        self._gate.require(actor, "crisis.see")
        return sql.page(reader, state=state, before=before, limit=limit)

    def log(self, reader: Reader, actor: Actor, major_id: str, *, before: int, limit: int) -> list[LogRow]:
        """What the record holds of it and of its incidents, newest first; each entry once."""
        major = self.get(reader, actor, major_id)
        own = sql.log(reader, major_id, before=before, limit=limit)
        lines = {row.seq: row for row in log_rows(reader, own, may_read=self.may_read_words(actor))}
        for linked in major.incidents:
            for row in self._around.log_of(reader, actor, linked.incident_id, before, limit):
                lines.setdefault(row.seq, row)
        return [lines[seq] for seq in sorted(lines, reverse=True)[:limit]]

    # -- what other domains' facts mean here -------------------------------------------

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Bootstrap subscribes this to `SealedErased`: rows that showed the words are told to the screens."""
        sql.words_forgotten(tx, fact.sealed)

    # -- what every edit asks ----------------------------------------------------------

    def editable(self, tx: Tx, major_id: str) -> Major:
        """The major incident, which is open and which this actor may edit."""
        self._gate.require(tx.actor, "crisis.edit")
        major = sql.get(tx, major_id)
        major.must_be_open()
        return major

    def _free(self, tx: Tx, incident_id: str) -> IncidentFacts:
        """The incident, which no open major incident holds."""
        incident = self._around.incident_of(tx, incident_id)
        if incident is None:
            raise NotFound("incident-none", id=incident_id)
        held = sql.open_of_incident(tx, incident_id)
        if held is not None:
            raise Refused("incident-in-major", incident=incident.number, number=held[1], major_id=held[0])
        return incident

    def _name(self, tx: Tx, login: str) -> str:
        return tx.actor.name if login == tx.actor.id else self._around.person_of(tx, login)

    def _checked(self, area: Area) -> Area:
        area = check_area(area)
        self._vocabulary.usable("area_sources", area.source)
        self._vocabulary.usable("confidences", area.confidence)
        if area.lat is not None and area.lon is not None:
            self._around.check_place(area.lat, area.lon)
        return area
