"""Messages at work: one use case, one function, one transaction."""

from collections.abc import Iterable
from typing import Protocol, cast

import msgspec
from msgspec.structs import replace

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import Malformed, NotFound, Refused, TooLarge
from lanbi.core.events import Sealed
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import line, words
from lanbi.core.time import DAY, SECOND, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.core.watch import Condition
from lanbi.messages import sql
from lanbi.messages.events import (
    STEP_EVENTS,
    ChannelClosed,
    ChannelOpened,
    MessageArchived,
    MessageRefused,
    MessageSent,
)
from lanbi.messages.model import (
    CHANNEL_NAME_CHARS_MAX,
    CHANNEL_UNITS_MAX,
    OPEN_FOR_MAX,
    REASON_CHARS_MAX,
    RECENT_FOR,
    WORDS_CHARS_MAX,
    AddresseeKind,
    Channel,
    Message,
    Party,
    Source,
    Step,
    addressed,
    check_args,
    mark_of,
    variables,
)
from lanbi.record.events import SealedErased

KEEP_WORDS_FOR: Instant = 730 * DAY
ARCHIVE_ROWS_MAX = 200  # in one piece of housekeeping
FLOOR_ROLES = ("call_taker", "dispatcher", "commander")
ADDRESSED_ROLES = (*FLOOR_ROLES, "field_unit")


class Person(msgspec.Struct, frozen=True):
    """An account of the floor; `seated`: whether somebody is signed in with it now."""

    id: str
    name: str
    role: str
    lang: str
    seated: bool


class Directory(Protocol):
    """Who there is to speak to; asked of the other domains."""

    def unit(self, reader: Reader, unit_id: str) -> Party | None: ...

    def units(self, reader: Reader, kinds: tuple[str, ...]) -> list[Party]:
        """The units in service, of these kinds; of every kind where none is named."""
        ...

    def units_on(self, reader: Reader, incident_id: str) -> list[Party]:
        """The units that are active on an incident."""
        ...

    def account(self, reader: Reader, login: str) -> Party | None:
        """The person, or the unit where the account is a crew's; None where it is disabled or absent."""
        ...

    def people(self, reader: Reader, roles: tuple[str, ...], now: Instant) -> list[Person]:
        """The accounts of these roles, by name."""
        ...


class Messages:
    """The use cases of operational communication."""

    def __init__(self, gate: Gate, vocabulary: Vocabulary, directory: Directory) -> None:
        self._gate = gate
        self._vocabulary = vocabulary
        self._directory = directory
        self.standing: tuple[Channel, ...] = tuple(
            Channel(id=term.code, code=term.code, kinds=term.kinds, roles=term.roles)
            for code, listed in vocabulary.tables["message_channels"].items()
            if not listed.retired
            for term in (vocabulary.term("message_channels", code),)
        )

    # -- sending -------------------------------------------------------------------------

    def send(
        self,
        tx: Tx,
        *,
        to_kind: AddresseeKind,
        to_id: str,
        text: str | None = None,
        template: str | None = None,
        args: dict[str, str] | None = None,
        incident_id: str | None = None,
        reply_to: str | None = None,
        priority: str | None = None,
    ) -> Message:
        """A message of one's own words, or of a template with its arguments.

        Who must answer is settled now: the unit, the person, the people of the role who are signed in,
        the units and people who hear the channel. A crew may write to the floor and where it hears.
        A reply goes on in the thread, and about the incident, of what it answers.
        """
        # Who may write to nobody learns nothing of who there is.
        self._gate.require(tx.actor, "messages.send", own=True)
        sender = self._party_of(tx, tx.actor)
        parties, to_name = self._addressees(tx, to_kind, to_id)
        self._gate.require(tx.actor, "messages.send", own=self._hears(tx.actor, to_kind, to_id, parties))
        asked = "routine"
        message_id = new_id(tx.now)
        place = said = None
        given: dict[str, str] = {}
        if template is not None:
            if text is not None and text.strip():
                raise Malformed("message-twice")
            self._vocabulary.usable("message_templates", template)
            term = self._vocabulary.term("message_templates", template)
            asked = term.priority
            given = check_args(variables(term.text["ht"]), args or {})
            if "place" in given:
                place = self._seal(tx, message_id, "place", given.pop("place"))
        elif text is None or not text.strip():
            raise Malformed("message-empty")
        else:
            said = self._seal(tx, message_id, "words", words(text, "words", chars_max=WORDS_CHARS_MAX))
        priority = priority or asked
        self._vocabulary.usable("message_priorities", priority)
        parent = None if reply_to is None else self.get(tx, tx.actor, reply_to)
        if parent is not None and incident_id is None:
            incident_id = parent.incident_id
        message = Message(
            id=message_id,
            sent_at=tx.now,
            from_id=tx.actor.id,
            from_name=sender.name,
            from_unit=sender.id if sender.kind == "unit" else None,
            to_kind=to_kind,
            to_id=to_id,
            to_name=to_name,
            incident_id=incident_id,
            reply_to=reply_to,
            thread=message_id if parent is None else parent.thread,
            priority=priority,
            template=template,
            args=given,
            place_sealed=None if place is None else place.sealed,
            words_sealed=None if said is None else said.sealed,
            receipts=addressed(parties, sender),
        )
        sql.save(tx, message)
        sql.add_parties(tx, message_id, [sender, *(receipt.party for receipt in message.receipts)])
        tx.record(
            MessageSent(
                id=message_id,
                to_kind=to_kind,
                to_id=to_id,
                parties=tuple(receipt.party.key for receipt in message.receipts),
                incident_id=incident_id,
                reply_to=reply_to,
                priority=priority,
                template=template,
                args=given,
                place=place,
                words=said,
            )
        )
        return sql.get(tx, message_id)

    # -- receipts ------------------------------------------------------------------------

    def step(
        self,
        tx: Tx,
        message_id: str,
        step: Step,
        *,
        for_unit: str | None = None,
        source: Source | None = None,
        at: Instant | None = None,
        reason: str | None = None,
    ) -> Message:
        """One step of one addressee: the actor's own, or that of a unit heard by radio (`for_unit`).

        A step that was taken already, or lies behind a later one, changes nothing. `at`: when it
        happened, for what is entered afterwards. `reason`: why they cannot comply; only for that.
        """
        own = for_unit is None or for_unit == tx.actor.unit_id
        self._gate.require(tx.actor, "messages.receipt", own=own)
        was = self.get(tx, tx.actor, message_id)
        party = self._party_of(tx, tx.actor) if for_unit is None else self._unit(tx, for_unit)
        if source is None:
            source = "automatic" if own and at is None else "manual"
        elif source == "automatic" and not own:
            raise Malformed("receipt-source")
        mark = mark_of(by=tx.actor.id, now=tx.now, sent_at=was.sent_at, at=at, source=source)
        joins = self._joins(tx, was, party, tx.actor if own else None)
        message = was.take(party, step, mark, joins=joins)
        if message is was:
            return was
        if step == "cannot_comply":
            given = words(reason or "", "reason", chars_max=REASON_CHARS_MAX)
            sealed = self._seal(tx, message_id, "reason", given)
            message = was.take(party, step, mark, joins=joins, reason_sealed=sealed.sealed)
            fact = MessageRefused(id=message_id, party=party.key, source=mark.source, reason=sealed)
        else:
            fact = STEP_EVENTS[step](id=message_id, party=party.key, source=mark.source)
        sql.save(tx, message)
        if was.receipt_of(party) is None:
            sql.add_parties(tx, message_id, [party])
        tx.record(fact, at=mark.at)
        return sql.get(tx, message_id)

    # -- channels ------------------------------------------------------------------------

    def open_channel(
        self,
        tx: Tx,
        *,
        name: str,
        incident_id: str | None = None,
        units: Iterable[str] = (),
        roles: Iterable[str] = FLOOR_ROLES,
    ) -> Channel:
        """A channel for a time: heard by these units, the people of these roles, and, where it belongs to
        an incident, by whatever units are on it when something is said."""
        self._gate.require(tx.actor, "channels.make")
        channel_id = new_id(tx.now)
        heard_by = tuple(dict.fromkeys(units))
        if len(heard_by) > CHANNEL_UNITS_MAX:
            raise TooLarge("message-parties", limit=CHANNEL_UNITS_MAX, given=len(heard_by))
        for unit_id in heard_by:
            self._unit(tx, unit_id)
        speaking = tuple(dict.fromkeys(roles))
        for role in speaking:
            if role not in FLOOR_ROLES:
                raise Malformed("message-role", given=role[:40])
        sealed = tx.seal(
            subject=f"channel/{channel_id}",
            field="name",
            kind="words",
            value=line(name, "name", chars_max=CHANNEL_NAME_CHARS_MAX),
            keep_for=KEEP_WORDS_FOR,
        )
        channel = Channel(
            id=channel_id,
            name_sealed=sealed.sealed,
            incident_id=incident_id,
            units=heard_by,
            roles=speaking,
            opened_at=tx.now,
            opened_by=tx.actor.id,
        )
        sql.save_channel(tx, channel)
        tx.record(
            ChannelOpened(id=channel_id, name=sealed, incident_id=incident_id, units=heard_by, roles=speaking)
        )
        return self._channel(tx, channel_id)

    def close_channel(self, tx: Tx, channel_id: str) -> Channel:
        """Nothing more is said there; what was said stays."""
        self._gate.require(tx.actor, "channels.make")
        channel = self._channel(tx, channel_id).close(at=tx.now)
        sql.save_channel(tx, channel)
        tx.record(ChannelClosed(id=channel_id))
        return self._channel(tx, channel_id)

    def incident_closed(self, tx: Tx, incident_id: str) -> None:
        """The channels that belonged to it are over with it; what was said there stays."""
        for channel in sql.channels_of(tx, incident_id):
            sql.save_channel(tx, channel.close(at=tx.now))
            tx.record(ChannelClosed(id=channel.id))

    # -- looks ---------------------------------------------------------------------------

    def get(self, reader: Reader, actor: Actor, message_id: str) -> Message:
        """The message; absent for who may not see it."""
        if not self._gate.allows(actor, "messages.see"):
            raise NotFound("message-none", id=message_id)
        message = sql.get(reader, message_id)
        if not seen(message, actor):
            raise NotFound("message-none", id=message_id)
        return message

    def page(
        self,
        reader: Reader,
        actor: Actor,
        *,
        to: tuple[str, str] | None = None,
        incident_id: str | None = None,
        thread: str | None = None,
        party: str | None = None,
        before: int,
        limit: int,
    ) -> list[Message]:
        """Newest first, by at most one filter. `party`: "unit/…" or "account/…", to or from whom it went.
        A crew gets only what concerns it."""
        self._gate.require(actor, "messages.see")
        if sum(one is not None for one in (to, incident_id, thread, party)) > 1:
            raise Malformed("message-filters")
        own = None if actor.role != "field_unit" else f"unit/{actor.unit_id or ''}"
        return sql.page(
            reader,
            to=to,
            incident_id=incident_id,
            thread=thread,
            party=party,
            own=own,
            before=before,
            limit=limit,
        )

    def channels(self, reader: Reader, actor: Actor) -> list[Channel]:
        """The standing ones and those that are open; a crew gets those that were made for it by name."""
        self._gate.require(actor, "messages.see")
        found = [*self.standing, *sql.channels(reader)]
        return [channel for channel in found if channel_seen(channel, actor)]

    def people(self, reader: Reader, actor: Actor, now: Instant) -> list[Person]:
        """The people of the floor that a message can be directed to."""
        self._gate.require(actor, "messages.see")
        return self._directory.people(reader, FLOOR_ROLES, now)

    def unacknowledged(self, reader: Reader, now: Instant) -> list[Condition]:
        """A watch: flash messages whose time for acknowledging has passed while somebody has not."""
        limit = self._vocabulary.term("alarm_kinds", "message_unacknowledged").after_s * SECOND
        return [
            Condition(
                kind="message_unacknowledged",
                subject=f"message/{message.id}",
                since=message.sent_at,
                incident_id=message.incident_id,
                unit_id=message.to_id if message.to_kind == "unit" else None,
                facts={"acknowledged": message.counts.acknowledged, "of": message.counts.of},
            )
            for message in sql.awaited(reader)
            if now >= message.sent_at + limit
        ]

    # -- the node's own work, and other domains' facts -------------------------------------

    def archive(self, tx: Tx) -> int:
        """Takes off the live picture what is settled and twelve hours old, open for three days, or beyond
        the 500 newest; returns how many, at most 200 in one piece."""
        settled = (
            message
            for message in sql.aged(tx, tx.now - RECENT_FOR)
            if not message.open or message.sent_at < tx.now - OPEN_FOR_MAX
        )
        due = {message.id: message for message in (*settled, *sql.crowded(tx, ARCHIVE_ROWS_MAX))}
        gone = list(due.values())[:ARCHIVE_ROWS_MAX]
        for message in gone:
            sql.save(tx, replace(message, archived=True))
            tx.record(MessageArchived(id=message.id))
        return len(gone)

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Bootstrap subscribes this to `SealedErased`: what was erased leaves the rows and the screens."""
        about, _, subject_id = (sql.sealed_for(tx, fact.sealed) or "").partition("/")
        if about == "message":
            sql.touch(tx, subject_id)
        elif about == "channel":
            sql.touch_channel(tx, subject_id)

    # -- inside --------------------------------------------------------------------------

    def _seal(self, tx: Tx, message_id: str, field: str, value: str) -> Sealed:
        return tx.seal(
            subject=f"message/{message_id}", field=field, kind="words", value=value, keep_for=KEEP_WORDS_FOR
        )

    def _party_of(self, reader: Reader, actor: Actor) -> Party:
        if actor.unit_id is not None:
            return self._directory.unit(reader, actor.unit_id) or Party("unit", actor.unit_id, actor.name)
        return Party("account", actor.id, actor.name)

    def _unit(self, reader: Reader, unit_id: str) -> Party:
        unit = self._directory.unit(reader, unit_id)
        if unit is None:
            raise NotFound("unit-none", id=unit_id)
        return unit

    def _channel(self, reader: Reader, channel_id: str) -> Channel:
        standing = next((channel for channel in self.standing if channel.id == channel_id), None)
        channel = standing or sql.find_channel(reader, channel_id)
        if channel is None:
            raise NotFound("channel-none", id=channel_id[:40])
        return channel

    def _addressees(self, tx: Tx, kind: AddresseeKind, to_id: str) -> tuple[list[Party], str]:
        """Whom a message to this addresses now, and by what name."""
        match kind:
            case "unit":
                unit = self._unit(tx, to_id)
                return [unit], unit.name
            case "account":
                person = self._directory.account(tx, to_id)
                if person is None:
                    raise NotFound("account-none", login=to_id[:40])
                return [person], person.name
            case "role":
                return self._of_role(tx, to_id), ""
            case "channel":
                channel = self._channel(tx, to_id)
                if channel.closed_at is not None:
                    raise Refused("channel-closed", name=channel.name or "")
                return self._listeners(tx, channel), ""

    def _of_role(self, tx: Tx, role: str) -> list[Party]:
        if role not in ADDRESSED_ROLES:
            raise Malformed("message-role", given=role[:40])
        if role == "field_unit":
            return self._directory.units(tx, ())
        return self._seated(tx, (role,))

    def _seated(self, tx: Tx, roles: tuple[str, ...]) -> list[Party]:
        people = self._directory.people(tx, roles, tx.now) if roles else []
        return [Party("account", person.id, person.name) for person in people if person.seated]

    def _listeners(self, tx: Tx, channel: Channel) -> list[Party]:
        units = self._directory.units(tx, channel.kinds) if channel.kinds else []
        units += [unit for unit_id in channel.units if (unit := self._directory.unit(tx, unit_id))]
        if channel.incident_id is not None:
            units += self._directory.units_on(tx, channel.incident_id)
        # Where crews are spoken to, the floor listens in but nobody waits for it.
        return units or self._seated(tx, channel.roles)

    def _hears(self, actor: Actor, kind: str, to_id: str, parties: list[Party]) -> bool:
        """Whether a crew may write there: to the floor, or where it hears itself."""
        if kind == "role":
            return to_id in FLOOR_ROLES
        if kind == "account":
            return all(party.kind == "account" for party in parties)
        return kind == "channel" and any(party.id == actor.unit_id for party in parties)

    def _joins(self, tx: Tx, message: Message, party: Party, actor: Actor | None) -> bool:
        """Whether a party that was not listed may take it on."""
        if message.to_kind == "role" and actor is not None and message.to_id == actor.role:
            return True
        if message.to_kind == "channel":
            channel = self._channel(tx, message.to_id)
            if actor is not None and actor.role in channel.roles:
                return True
            return party.key in {listener.key for listener in self._listeners(tx, channel)}
        return False


def seen(message: Message, actor: Actor) -> bool:
    """Whether somebody who may see messages sees this one: the floor all, a crew what concerns it."""
    if actor.role != "field_unit":
        return True
    return actor.unit_id is not None and message.concerns_unit(actor.unit_id)


def channel_seen(channel: Channel, actor: Actor) -> bool:
    """Whether somebody who may see messages sees this channel."""
    return actor.role != "field_unit" or (cast("str", actor.unit_id) in channel.units)
