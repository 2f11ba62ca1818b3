"""The composition root: the only module that knows concrete classes.

What brings a large library with it is imported where it is wired, so that a verb pays only for what it
uses: the web (litestar, prometheus), the gazetteer and the zones (shapely, numpy), passkeys (webauthn),
PostgreSQL (psycopg). To print a token takes half a second, and would take two.
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lanbi.accounts.policy import CedarGate
from lanbi.accounts.service import Accounts, hash_password
from lanbi.accounts.sql import find_account
from lanbi.alarms import events as alarm_events
from lanbi.alarms.clerk import Clerk
from lanbi.alarms.service import Alarms
from lanbi.calls import cards as call_cards
from lanbi.calls import events as call_events
from lanbi.calls import watch as calls_watch
from lanbi.calls.service import Calls
from lanbi.config import Settings
from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import LanbiError, NotFound
from lanbi.core.geo import Area
from lanbi.core.ids import new_id
from lanbi.core.live import LiveKind
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import TITLE_CHARS_MAX
from lanbi.core.time import MINUTE, Clock, Instant, SystemClock, rfc3339
from lanbi.core.vocabulary import Vocabulary
from lanbi.core.vocabulary import load as load_vocabulary
from lanbi.core.watch import Watch
from lanbi.crisis import events as crisis_events
from lanbi.crisis.model import IncidentFacts, UnitFacts
from lanbi.crisis.papers.service import Papers
from lanbi.crisis.plan.service import Plan
from lanbi.crisis.service import Crisis, Surroundings
from lanbi.demo import majors as majors_demo
from lanbi.demo import tips as tips_demo
from lanbi.demo.player import DemoClock, Player
from lanbi.demo.rosters import set_rosters
from lanbi.demo.script import load_evening
from lanbi.dispatch import events as dispatch_events
from lanbi.dispatch import sql as dispatch_sql
from lanbi.dispatch import watch as dispatch_watch
from lanbi.dispatch.model import ENDINGS, IncidentSite, Unit
from lanbi.dispatch.safety import Safety
from lanbi.dispatch.service import Dispatch
from lanbi.dispatch.straight_line import StraightLine
from lanbi.handovers.model import Person as Watcher
from lanbi.handovers.service import Handovers
from lanbi.incidents import events as incident_events
from lanbi.incidents import sql as incidents_sql
from lanbi.incidents import watch as incidents_watch
from lanbi.incidents.model import Stamp
from lanbi.incidents.service import Incidents
from lanbi.messages import events as message_events
from lanbi.messages.model import Party
from lanbi.messages.service import Messages, Person
from lanbi.partners import events as partner_events
from lanbi.partners import sql as partners_sql
from lanbi.partners.envelope import seal as seal_letter
from lanbi.partners.inbox import Inbox
from lanbi.partners.outbox import Outbox
from lanbi.partners.service import Partners
from lanbi.record import once, sealed
from lanbi.record.checkpoint import SiteKey
from lanbi.record.events import SealedErased
from lanbi.record.log import LogRow
from lanbi.rosters import events as roster_events
from lanbi.rosters.service import Rosters
from lanbi.situation import events as situation_events
from lanbi.store.engine import Engine
from lanbi.store.sqlite import SqliteEngine
from lanbi.store.store import LanbiStore
from lanbi.tips.service import Tips
from lanbi.tracing import events as tracing_events
from lanbi.tracks import watch as tracks_watch
from lanbi.tracks.service import Tracks

if TYPE_CHECKING:
    from lanbi.accounts.api import DemoAccountRow
    from lanbi.accounts.factors import Factors
    from lanbi.adapters.cad_csv import feed as calls_feed
    from lanbi.places import importer as places_importer
    from lanbi.places.territory import Territory
    from lanbi.tracing.exports.taking import Taken
    from lanbi.tracing.figures.timing import By, TimeToCrimeRow
    from lanbi.tracing.graphs.model import Span
    from lanbi.tracing.handling import HandlingRule
    from lanbi.tracing.matches import importer as register_importer
    from lanbi.tracing.matches.model import Register, Wanted
    from lanbi.tracing.matching.model import PartnerFacts, RegisterFacts
    from lanbi.tracing.recoveries.jobs import Job
    from lanbi.tracing.telling import service as telling
    from lanbi.tracing.world.truth import Score
    from lanbi.web.desk import Doorkeeper
    from lanbi.web.live import LivePicture

log = logging.getLogger("lanbi")

SETTING = "SELECT value FROM site_setting WHERE name = :name"
SET = """
INSERT INTO site_setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = :value
"""
AT_WORK = """
SELECT 1 FROM (
 SELECT id FROM incident UNION ALL SELECT id FROM call UNION ALL SELECT id FROM unit
) AS work LIMIT 1
"""
ALL_CALLS = 2**62  # above every number of a call
UNITS_IN_SERVICE = (
    "SELECT id, callsign, kind FROM unit WHERE availability = 'available' ORDER BY callsign_key"
)
UNITS_ON = """
SELECT unit_id, callsign FROM assignment WHERE incident_id = :incident_id AND active = 1 ORDER BY made_seq
"""
PEOPLE = """
SELECT a.login, a.name, a.role, a.lang, MAX(CASE WHEN s.id IS NULL THEN 0 ELSE 1 END) FROM account a
LEFT JOIN session s ON s.login = a.login AND s.closed_at IS NULL AND s.expires_at > :now
WHERE a.disabled_at IS NULL GROUP BY a.login, a.name, a.role, a.lang ORDER BY a.name
"""
ZONES_EVERY_S = 10.0
EPOCH = "epoch"
TERRITORY = "territory"
# In a demo everybody may know it: it stands on the tips screen.
DEMO_TIPS_PASSPHRASE = "lanbi a kònen pou tout moun"  # noqa: S105 - published
# The demo begins with a room that has been at work for this long.
DEMO_PLAYED_AHEAD: Instant = 12 * MINUTE
# About as many innocent firearms to a planted network as in the worlds that searches are measured on.
DEMO_INNOCENTS_EACH = 60
DEMO_WORLD = 7  # the seed: the same world in every demo
DEMO_PLACES = Path(str(files("lanbi.places"))) / "data" / "places_demo.csv"
DEMO_ACCOUNTS = (
    ("plas1", "Plas 1", "call_taker", "ht"),
    ("plas2", "Plas 2", "dispatcher", "ht"),
    ("chef", "Chèf sal", "commander", "fr"),
    ("odite", "Oditè", "auditor", "en"),
    ("analis", "Analis", "analyst", "fr"),
)


def policies_folder() -> Path:
    """The shipped policies: beside the package in a wheel, at the top of a checkout."""
    packaged = Path(str(files("lanbi"))) / "policies"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "policies"


class Office:
    """A site's store, key, policies and accounts: all that its keeper needs while no node runs.
    `close()` it in the end."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        """Opens the store, and migrates it.

        Raises the store's refusals: `store-in-use`, `store-newer`, `store-away`…
        """
        self.settings = settings
        self.clock = clock or SystemClock()
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.gate = CedarGate(policies_folder(), settings.policies)
        self.key = SiteKey.load_or_create(settings.key)
        self.store = LanbiStore(_engine(settings), self.clock, self.key, settings.site)
        self.accounts = Accounts(self.gate)
        self.migrations = self.store.open()
        try:
            self.epoch = self.store.write_now(SYSTEM, self._found_epoch)
        except BaseException:
            self.store.close()
            raise

    def _found_epoch(self, tx: Tx) -> str:
        found = tx.row(SETTING, name=EPOCH)
        if found is not None:
            return found[0]
        epoch = new_id(tx.now)
        tx.run(SET, name=EPOCH, value=epoch)
        return epoch

    def begin_new_epoch(self) -> None:
        """After a restore: screens that saw the other history start anew."""
        self.store.write_now(SYSTEM, lambda tx: tx.run(SET, name=EPOCH, value=new_id(tx.now)))

    def close(self) -> None:
        """Finishes what is queued, signs, lets go."""
        self.store.close()


class Node(Office):
    """Everything of one running node, wired. `close()` it in the end."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        """Opens the store (and migrates it) and wires the domains.

        Raises the store's refusals: `store-in-use`, `store-newer`, `store-away`…
        """
        fresh = not settings.database.exists()
        if clock is None and settings.demo and fresh and settings.store_url is None:
            clock = DemoClock(SystemClock().now() - DEMO_PLAYED_AHEAD)
        self.vocabulary: Vocabulary = load_vocabulary(settings.vocabulary)
        super().__init__(settings, clock=clock)
        try:
            self.territory = self.store.read_now(_territory)
            self._wire()
        except BaseException:
            self.store.close()
            raise

    def _wire(self) -> None:
        from lanbi import open_work
        from lanbi.places.service import Places
        from lanbi.situation.service import Situation
        from lanbi.tracing.exports.service import Exports
        from lanbi.tracing.graphs.found import Networks
        from lanbi.tracing.graphs.service import Graphs
        from lanbi.tracing.matches.clerk import MatchClerk
        from lanbi.tracing.matches.holder import SerialHolder
        from lanbi.tracing.matches.service import Matches, Registers
        from lanbi.tracing.matching.service import Matching, Surroundings
        from lanbi.tracing.recoveries.imports import Imports
        from lanbi.tracing.recoveries.service import Recoveries
        from lanbi.tracing.requests.service import Requests
        from lanbi.tracing.service import Tracing

        gate, vocabulary, store = self.gate, self.vocabulary, self.store
        self.places = Places(gate, self.territory)
        cards = call_cards.load(vocabulary, self.settings.data / "cards")
        self.incidents = Incidents(gate, vocabulary, self.check_place, check_because=cards.check_because)
        self.calls = Calls(gate, vocabulary, self.check_place, name_of=_name_of, cards=cards)
        self.tracks = Tracks(gate, vocabulary, self.check_place, dispatch_sql.known)
        self.dispatch = Dispatch(
            gate,
            vocabulary,
            self.check_place,
            self._site_of,
            self.tracks.positions,
            StraightLine(),
            self.clock,
        )
        around_crisis = self._around_crisis()
        self.crisis = Crisis(gate, vocabulary, around_crisis)
        self.crisis_plan = Plan(self.crisis, vocabulary, around_crisis.unit_of)
        self.crisis_papers = Papers(self.crisis, vocabulary, around_crisis, synthetic=self.settings.demo)
        self.messages = Messages(gate, vocabulary, _Directory())
        self.rosters = Rosters(
            gate,
            vocabulary,
            callsign_of=lambda reader, unit_id: dispatch_sql.get_unit(reader, unit_id).callsign,
            name_of=_name_of,
        )
        self.situation = Situation(gate, vocabulary, self.check_place, assignment_endings=ENDINGS)
        self._zones_looked_at_s: float | None = None
        self.safety = Safety(gate, vocabulary, self.dispatch, self._site_of)
        self.alarms = Alarms(gate, vocabulary, self.clock)
        self.clerk = Clerk(store, vocabulary, self.clock, self._watches())
        self.tips = Tips(
            gate,
            vocabulary,
            self.clock,
            report=lambda tx, kind, area, text: self.tracks.observe(tx, kind, area, text=text).id,
            open_incident=self._incident_from_tip,
        )
        self.tracing = Tracing(gate, vocabulary, self.key.derive("lanbi-tracing-contact/1"), self._code)
        us = self._code
        self.partners = Partners(gate, us=us, public_key=self.key.public_key)
        self.outbox = Outbox(
            gate,
            self.clock,
            us=us,
            seal=lambda letter: seal_letter(letter, self.key),
            public_key=self.key.public_key,
        )
        self.inbox = Inbox(gate, self.clock, self.outbox, agree=self.key.agree)
        self.requests = Requests(
            self.tracing,
            secret=self.key.derive("lanbi-trace-keys/1"),
            send=self.outbox.send,
            may_send=self.outbox.may_send,
        )
        for kind, handler in self.requests.post.handlers().items():
            self.inbox.register(kind, handler)
        self.recoveries = Recoveries(self.tracing)
        self.recovery_imports = Imports(
            self.recoveries, self.clock, self.key.derive("lanbi-tracing-import/1")
        )
        self.registers = Registers(self.tracing)
        self.matches = Matches(self.tracing)
        self.serials = SerialHolder(store)
        self.match_clerk = MatchClerk(store, self.registers, self.serials, self.clock)
        self.matching = Matching(
            self.tracing,
            self.key,
            Surroundings(
                partner_of=_matching_partner,
                register_of=_register_facts,
                entries_of=_register_entries,
                send=self.outbox.send,
                may_send=self.outbox.may_send,
            ),
        )
        for kind, handler in self.matching.handlers.items():
            self.inbox.register(kind, handler)
        self.exports = Exports(self.tracing, vocabulary, barred=_barred)
        self.networks = Networks(self.tracing, store, self.clock, start=_in_background)
        self.graphs = Graphs(
            self.tracing,
            requests=self._request_spans,
            network_of=self.networks.network_of,
            background=self.networks.background,
        )
        self.handovers = Handovers(
            gate,
            self.key,
            lambda: self.store.site,
            open_work.lines(self.rosters.rules),
            seat_of=self.rosters.seat_of,
            person_of=_watcher,
        )
        self._subscribe()
        self.demo_accounts: list[DemoAccountRow] = []
        self._player: Player | None = None
        if self.settings.demo:
            from lanbi.accounts.api import DemoAccountRow

            self.demo_accounts = [
                DemoAccountRow(account=login, name=name, role=role, lang=lang)
                for login, name, role, lang in DEMO_ACCOUNTS
            ]
        store.read_now(self.places.load)

    def _watches(self) -> dict[str, Watch]:
        """What each domain sees go wrong with time, by the kind of alarm."""
        from lanbi.situation import watch as situation_watch

        vocabulary = self.vocabulary
        return {
            **calls_watch.watches(vocabulary),
            **incidents_watch.watches(vocabulary, dispatch_watch.busy),
            **dispatch_watch.watches(vocabulary),
            **tracks_watch.watches(vocabulary, dispatch_watch.tasks),
            **situation_watch.watches(vocabulary),
            "message_unacknowledged": self.messages.unacknowledged,
        }

    def keep_watch(self) -> None:
        """The node's own work of every second: alarms, welfare checks that are due by themselves, zones,
        hand-overs, keys whose time is over.

        Where one fails, the others are kept watch over all the same; then it is raised.
        """
        now = self.clock.now()
        failed: list[Exception] = []
        for look in (
            self.clerk.step,
            lambda: self._ask_welfare(now),
            lambda: self._look_at_zones(now),
            lambda: self.handovers.keep_watch(self.store, now),
            lambda: self.tips.forget_keys(now),
            self.match_clerk.step,
        ):
            try:
                look()
            except Exception as error:
                failed.append(error)
        if failed:
            raise failed[0] if len(failed) == 1 else ExceptionGroup("several watches failed", failed)

    def _ask_welfare(self, now: Instant) -> None:
        if self.store.read_now(lambda reader: self.safety.due(reader, now)):
            self.store.write_now(SYSTEM, self.safety.ask_due)

    def _look_at_zones(self, now: Instant) -> None:
        """Every ten seconds: what kind of silence lies over each zone. Writes only what changed."""
        steady = self.clock.monotonic()
        before = self._zones_looked_at_s
        # A demo's clock may start its steady hand anew: what lies ahead of now is no reason to wait.
        if before is not None and 0 <= steady - before < ZONES_EVERY_S:
            return
        self._zones_looked_at_s = steady
        situation = self.situation
        plots = self.store.read_now(situation.default_plots)
        if plots:
            self.store.write_now(SYSTEM, lambda tx: situation.set_default_zones(tx, plots))
        due = self.store.read_now(lambda reader: situation.look_round(reader, now))
        if due:
            self.store.write_now(SYSTEM, lambda tx: situation.write_down(tx, due))

    def _code(self) -> str:
        """By which other states know this site."""
        return self.settings.code

    def _request_spans(self, reader: Reader, firearms: Sequence[str]) -> list[Span]:
        """Trace requests on an analyst's time axis."""
        from lanbi.tracing.graphs.model import Span

        return [
            Span(
                id=f"request/{one.id}",
                node=one.firearm_id,
                lane="request",
                kind="span",
                title=f"{one.ref} {one.partner}",
                from_=one.sent_on,
                from_latest=None,
                to=one.answered_on,
                to_latest=None,
            )
            for one in self.requests.looks.spans(reader, firearms)
        ]

    def check_place(self, lat: float, lon: float) -> None:
        """Raises where a point cannot be in this site's country."""
        self.territory.check(lat, lon)

    # -- what one domain's facts mean to another -------------------------------------------

    def _subscribe(self) -> None:
        subscribe, incidents, calls = self.store.subscribe, self.incidents, self.calls
        subscribe(incident_events.IncidentOpened, calls.incident_opened)
        subscribe(incident_events.IncidentClosed, self.dispatch.incident_closing)
        subscribe(
            call_events.CallJoined,
            lambda tx, fact: incidents.call_joined(
                tx, fact.incident_id, fact.id, ring_at=fact.offered_at, answer_at=fact.answered_at
            ),
        )
        subscribe(
            call_events.CallUnjoined, lambda tx, fact: incidents.call_unjoined(tx, fact.incident_id, fact.id)
        )
        subscribe(call_events.CallAnswered, self._joined_call_answered)
        subscribe(alarm_events.AlarmRaised, self._said_about_incident)
        subscribe(alarm_events.AlarmTaken, self._timer_heard)
        subscribe(message_events.MessageSent, self._said_about_incident)
        subscribe(message_events.ChannelOpened, self._said_about_incident)
        subscribe(call_events.PromiseMade, self._promise_made)
        for fact in dispatch_events.STRIKING:
            subscribe(fact, self._assignment_moved)
        for fact in dispatch_events.ENDING:
            subscribe(fact, self._assignment_ended)
        subscribe(dispatch_events.AssignmentUndone, self._assignment_undone)
        subscribe(incident_events.IncidentUndone, self._incident_undone)
        subscribe(situation_events.UnservedMarked, self._said_about_incident)
        subscribe(
            dispatch_events.AssignmentOnScene,
            lambda tx, fact: self.situation.scene_reached(tx, fact.incident_id, fact.callsign, fact.at),
        )
        subscribe(dispatch_events.AssignmentUndone, self._scene_taken_back)
        subscribe(
            incident_events.IncidentClosed, lambda tx, fact: self.situation.incident_closed(tx, fact.id)
        )
        subscribe(incident_events.IncidentClosed, lambda tx, fact: self.messages.incident_closed(tx, fact.id))
        subscribe(SealedErased, self.situation.sealed_erased)
        subscribe(crisis_events.MajorDeclared, self._major_related)
        subscribe(crisis_events.MajorIncidentLinked, self._major_related)
        subscribe(crisis_events.MajorIncidentUnlinked, self._major_unrelated)
        subscribe(SealedErased, self.crisis.sealed_erased)
        for domain in (incidents, calls, self.dispatch, self.tracks, self.messages, self.alarms):
            subscribe(SealedErased, domain.sealed_erased)
        subscribe(SealedErased, self.rosters.sealed_erased)
        subscribe(SealedErased, self.handovers.sealed_erased)
        subscribe(SealedErased, self.requests.sealed_erased)
        subscribe(SealedErased, self.partners.sealed_erased)
        subscribe(partner_events.LetterSettled, self.requests.post.letter_settled)
        subscribe(partner_events.LetterSettled, self.matching.letter_settled)
        subscribe(tracing_events.Judged, self.matches.judged)
        subscribe(tracing_events.JudgementUndone, self.matches.unjudged)
        subscribe(tracing_events.Withdrawn, self.requests.post.statements_withdrawn)
        for fact in (roster_events.ShiftSignedOn, roster_events.ShiftSignedOff, roster_events.ShiftChanged):
            subscribe(fact, self._crew_aboard)

    def _verify(self, login: str, password: str) -> None:
        """Raises unless this is that account's password. In a demo nobody has one, and nothing is proved."""
        if all(row.account != login for row in self.demo_accounts):
            self.accounts.check(self.store, login, password, self.clock.now())

    def _crew_aboard(self, tx: Tx, fact: Any) -> None:
        """The rosters' facts about a unit's crew, as dispatch must know them."""
        if fact.unit_id is None:
            return
        match fact:
            case roster_events.ShiftSignedOff():
                crew, until, brings = 0, None, ()
            case roster_events.ShiftChanged(aboard=False):
                return
            case _:
                crew, until, brings = len(fact.members), fact.ends_at, fact.brings
        self.dispatch.crew_aboard(tx, fact.unit_id, crew=crew, shift_until=until, brings=brings)

    def _scene_taken_back(self, tx: Tx, fact: dispatch_events.AssignmentUndone) -> None:
        if fact.status == "on_scene":
            self.situation.scene_taken_back(tx, fact.incident_id)

    def _joined_call_answered(self, tx: Tx, fact: call_events.CallAnswered) -> None:
        if fact.incident_id is not None:
            self.incidents.strike(tx, fact.incident_id, "answer", tx.now)

    def _promise_made(self, tx: Tx, fact: call_events.PromiseMade) -> None:
        if fact.incident_id is not None:
            self.incidents.relate(tx, fact.incident_id, fact.subject)

    def _said_about_incident(self, tx: Tx, fact: Any) -> None:
        if fact.incident_id is not None:
            self.incidents.relate(tx, fact.incident_id, fact.subject)

    def _timer_heard(self, tx: Tx, fact: alarm_events.AlarmTaken) -> None:
        if fact.alarm_kind == "timer_out":
            self.safety.timer_alarm_taken(tx, fact.concerns.removeprefix("unit/"))

    def _assignment_moved(self, tx: Tx, fact: Any) -> None:
        self.incidents.relate(tx, fact.incident_id, fact.subject)
        self.incidents.strike(tx, fact.incident_id, fact.clock, fact.at, fact.source)

    def _assignment_ended(self, tx: Tx, fact: Any) -> None:
        if fact.last:
            self.incidents.strike(tx, fact.incident_id, "clear", fact.at, fact.source)

    def _assignment_undone(self, tx: Tx, fact: dispatch_events.AssignmentUndone) -> None:
        """What the undone step struck of the incident's clocks is struck out: that strike and no other."""
        for strike in fact.struck_out:
            held = Stamp(strike.at, strike.source, strike.by)  # pyright: ignore[reportArgumentType]
            then = None
            if strike.next_at is not None:
                then = Stamp(strike.next_at, strike.next_source, strike.next_by)  # pyright: ignore[reportArgumentType]
            self.incidents.unstrike(tx, strike.incident_id, strike.clock, held, then)

    def _incident_undone(self, tx: Tx, fact: incident_events.IncidentUndone) -> None:
        """The call of an incident that was opened by mistake is free for another."""
        if fact.what != "opened":
            return
        for call in self.calls.page(tx, SYSTEM, incident_id=fact.id, before=ALL_CALLS, limit=1):
            self.calls.unjoin(tx, call.id)

    def _incident_from_tip(
        self, tx: Tx, type_: str | None, title: str, area: Area | None, text: str
    ) -> tuple[str, int]:
        incident = self.incidents.open(tx, type=type_, title=title[:TITLE_CHARS_MAX], area=area)
        if text.strip() != title:
            self.incidents.note(tx, incident.id, text)
        return incident.id, incident.number

    def _around_crisis(self) -> Surroundings:
        """What a major incident asks of incidents, units, accounts and places."""

        def unit_of(reader: Reader, unit_id: str) -> UnitFacts | None:
            unit = dispatch_sql.find_unit(reader, unit_id)
            return None if unit is None else _unit_facts(unit)

        def units_on(reader: Reader, incident_ids: Sequence[str]) -> list[UnitFacts]:
            on = set(incident_ids)
            units = [_unit_facts(unit) for unit in dispatch_sql.units_changed(reader, 0)]
            return [unit for unit in units if unit.incident_id in on]

        def log_of(reader: Reader, actor: Actor, incident_id: str, before: int, limit: int) -> list[LogRow]:
            return self.incidents.log(reader, actor, incident_id, before=before, limit=limit)

        return Surroundings(
            check_place=self.check_place,
            incident_of=_incident_facts,
            unit_of=unit_of,
            units_on=units_on,
            log_of=log_of,
            person_of=_name_of,
            site=lambda: self.store.site,
        )

    def _major_related(self, tx: Tx, fact: Any) -> None:
        self.incidents.relate(tx, fact.incident_id, fact.subject)

    def _major_unrelated(self, tx: Tx, fact: crisis_events.MajorIncidentUnlinked) -> None:
        incidents_sql.unrelate(tx, fact.incident_id, fact.subject)

    def _site_of(self, reader: Reader, incident_id: str) -> IncidentSite | None:
        incident = incidents_sql.find(reader, incident_id)
        if incident is None:
            return None
        needs = () if incident.type is None else self.vocabulary.term("incident_types", incident.type).needs
        return IncidentSite(
            number=incident.number,
            state=incident.state,
            area=incident.area,
            needs=needs,
            priority=incident.priority,
            welfare_every_s=None
            if incident.type is None
            else self.vocabulary.term("incident_types", incident.type).welfare_every_s,
        )

    # -- the web ---------------------------------------------------------------------

    @cached_property
    def factors(self) -> Factors:
        """Second factors at sign-in."""
        from lanbi.accounts.factors import Factors

        return Factors(self.accounts, self.gate, self.clock, self.key.derive("lanbi-factor/1"))

    @cached_property
    def doorkeeper(self) -> Doorkeeper:
        """Knows whoever asks over the web."""
        from lanbi.web.desk import Doorkeeper

        return Doorkeeper(self.accounts, self.store, self.clock)

    @cached_property
    def live(self) -> LivePicture:
        """The live picture, told of each commit from when it is first asked for."""
        from lanbi.web.live import LivePicture

        live = LivePicture(
            self.store, self.gate, self.doorkeeper, self.clock, self._live_kinds(), lambda: self.epoch
        )
        self.store.listen(live.committed)
        return live

    def _live_kinds(self) -> list[LiveKind]:
        from lanbi.alarms import api as alarms_api
        from lanbi.calls import api as calls_api
        from lanbi.crisis import api as crisis_api
        from lanbi.dispatch import api as dispatch_api
        from lanbi.handovers import api as handovers_api
        from lanbi.incidents import api as incidents_api
        from lanbi.messages import api as messages_api
        from lanbi.rosters import api as rosters_api
        from lanbi.situation import api as situation_api
        from lanbi.tips import api as tips_api
        from lanbi.tracing import api as tracing_api
        from lanbi.tracks import api as tracks_api

        return [
            *calls_api.live(self.calls),
            incidents_api.live(self.incidents, self.vocabulary),
            *dispatch_api.live(self.dispatch),
            *crisis_api.live(self.crisis),
            alarms_api.live(self.alarms),
            *tracks_api.live(self.tracks),
            *situation_api.live(self.situation),
            *tips_api.live(),
            tracing_api.live(),
            *rosters_api.live(self.rosters),
            *handovers_api.live(self.handovers),
            *messages_api.live(self.messages),
        ]

    def app(self) -> Any:
        """The ASGI application of this node."""
        from lanbi.accounts import api as accounts_api
        from lanbi.alarms import api as alarms_api
        from lanbi.calls import api as calls_api
        from lanbi.crisis import api as crisis_api
        from lanbi.demo import lesson as demo_lesson
        from lanbi.dispatch import api as dispatch_api
        from lanbi.handovers import api as handovers_api
        from lanbi.incidents import api as incidents_api
        from lanbi.messages import api as messages_api
        from lanbi.partners import api as partners_api
        from lanbi.partners.courier import Courier, HttpPost
        from lanbi.places import api as places_api
        from lanbi.record import api as record_api
        from lanbi.reports.press import Press
        from lanbi.rosters import api as rosters_api
        from lanbi.situation import api as situation_api
        from lanbi.tips import api as tips_api
        from lanbi.tracing import api as tracing_api
        from lanbi.tracing.exports import api as exports_api
        from lanbi.tracing.figures import api as figures_api
        from lanbi.tracing.graphs import api as graphs_api
        from lanbi.tracing.matches import api as matches_api
        from lanbi.tracing.matches.service import Searching
        from lanbi.tracing.matching import api as matching_api
        from lanbi.tracing.matching.service import MatchingWorks
        from lanbi.tracing.recoveries import api as recoveries_api
        from lanbi.tracing.requests import api as requests_api
        from lanbi.tracks import api as tracks_api
        from lanbi.web.app import create_app

        press = Press()
        post = HttpPost()
        courier = Courier(self.outbox, self.inbox, self.store, self.clock, post, chance=random.random)
        self.store.listen(courier.wake)
        fetch = matching_api.HttpFetch()
        works = MatchingWorks(self.matching, self.store, self.clock, fetch, chance=random.random)

        def start() -> None:
            courier.start()
            works.start()
            self.inbox.take_kept(self.store)
            if self._player is not None:
                self._player.start()

        def hurry(code: str) -> None:
            courier.hurry(code)
            works.hurry()

        def stop() -> None:
            if self._player is not None:
                self._player.stop()
            courier.stop()
            works.stop()
            post.close()
            fetch.close()

        handlers = [
            *accounts_api.routes(
                self.accounts,
                self.factors,
                self.store,
                self.clock,
                demo_accounts=self.demo_accounts,
                site=lambda: self.store.site,
                may=self.gate.may,
                forget=self.doorkeeper.forget,
            ),
            *record_api.routes(self.gate),
            *places_api.routes(self.places, self.settings.map_tiles),
            *calls_api.routes(self.calls),
            *incidents_api.routes(self.incidents, self.vocabulary),
            *dispatch_api.routes(self.dispatch),
            *crisis_api.routes(self.crisis, self.crisis_plan, self.crisis_papers, self.store, press),
            *dispatch_api.safety_routes(self.safety),
            *alarms_api.routes(self.alarms),
            *situation_api.routes(self.situation, self.clock),
            *tracks_api.routes(self.tracks),
            *(demo_lesson.routes(self._player, self.gate) if self._player else []),
            *tips_api.routes(
                self.tips,
                self.store,
                self.clock,
                demo_passphrase=DEMO_TIPS_PASSPHRASE if self.settings.demo else None,
            ),
            *tracing_api.routes(self.tracing, self.clock),
            *partners_api.routes(
                self.partners,
                self.outbox,
                self.inbox,
                self.store,
                self.clock,
                links=lambda: courier.links,
                hurry=hurry,
            ),
            *requests_api.routes(self.requests, self.clock),
            *exports_api.routes(self.exports, self.tracing, self.store, self.clock, press),
            *recoveries_api.routes(self.recoveries, self.recovery_imports, self.store),
            *matches_api.routes(
                Searching(self.tracing, self.serials), self.matches, self.registers, self.tracing, self.clock
            ),
            *matching_api.routes(self.matching, works, self.store, self.clock),
            *graphs_api.routes(self.graphs, self.networks, self.tracing),
            *figures_api.routes(self.tracing, self.clock, self.requests.looks.asked),
            *rosters_api.routes(self.rosters),
            *handovers_api.routes(self.handovers, self._verify, lambda: self.store.site),
            *messages_api.routes(self.messages, self.clock),
        ]
        return create_app(
            store=self.store,
            gate=self.gate,
            vocabulary=self.vocabulary,
            doorkeeper=self.doorkeeper,
            live=self.live,
            handlers=handlers,
            housekeeping=[
                sealed.erase_due,
                once.forget_old,
                self.accounts.forget_old,
                self.factors.forget_unconfirmed,
                self._thin,
                self.tips.take_in,
                self.tips.erase_due,
                self.tracing.expire_persons,
                self.requests.asking.lapse_due,
                self.outbox.forget_bodies,
                self.matching.tidy,
                self.messages.archive,
                self.clerk.forget_old,
            ],
            queued=lambda: self.store.queued,
            on_start=start,
            on_stop=stop,
            on_second=self.keep_watch,
        )

    def _thin(self, tx: Tx) -> bool:
        return self.tracks.thin(tx).more

    # -- the demo --------------------------------------------------------------------

    def prepare_demo(self) -> None:
        """Makes the one-click accounts and plays the evening ahead, so that the first visitor finds a room
        at work. In a store that was played before, the evening goes on from now."""
        for row in self.demo_accounts:
            if self.store.read_now(lambda reader, row=row: find_account(reader, row.account)) is None:
                unguessable = hash_password(secrets.token_urlsafe(32))
                self.store.write_now(
                    SYSTEM,
                    lambda tx, row=row, unguessable=unguessable: self.accounts.create(
                        tx,
                        login=row.account,
                        name=row.name,
                        role=row.role,
                        password_hash=unguessable,
                        lang=row.lang,
                    ),
                )
        if not len(self.places.gazetteer):
            self.import_places(DEMO_PLACES, source=None, dry_run=False, strict=True, progress=None)
        self.store.write_now(SYSTEM, lambda tx: tips_demo.tell(self.tips, tx, DEMO_TIPS_PASSPHRASE))
        self._player = Player(
            load_evening(self.vocabulary), self, self.clock, people=lambda: self.live.screens
        )
        self._player.set_stage()
        set_rosters(self)
        if isinstance(self.clock, DemoClock):
            self._player.play_ahead(self.clock, SystemClock().now(), self.keep_watch)
            self.clock.release()
        majors_demo.declare_one(self)
        if self.settings.demo_networks:
            self._tell_demo_world()

    def _tell_demo_world(self) -> None:
        """Once for a store: a synthetic world of tracing, and what a search finds in it."""
        if not self.settings.tracing_truth.is_file():
            networks = self.settings.demo_networks
            self.tell_world(networks=networks, innocents=DEMO_INNOCENTS_EACH * networks, seed=DEMO_WORLD)
        self.networks.search(SYSTEM)

    # -- taking in -------------------------------------------------------------------

    def import_places(
        self,
        file: Path,
        *,
        source: str | None,
        dry_run: bool,
        strict: bool,
        progress: places_importer.Progress | None,
    ) -> places_importer.ImportReport:
        """Takes in a file of places; see `places.importer`."""
        from lanbi.places import importer as places_importer

        report = places_importer.import_places(
            self.store,
            SYSTEM,
            self.clock,
            file,
            territory=self.territory,
            source=source,
            dry_run=dry_run,
            strict=strict,
            progress=progress,
        )
        self.store.read_now(self.places.load)
        return report

    def import_calls(
        self,
        file: Path,
        *,
        mapping: str,
        speed: float = 0.0,
        limit: int | None = None,
        progress: calls_feed.Progress | None = None,
    ) -> calls_feed.Report:
        """Takes in another centre's calls; `mapping` names a shipped one or a TOML file. See `calls_feed`."""
        from lanbi.adapters.cad_csv import feed as calls_feed
        from lanbi.adapters.cad_csv.mapping import load as load_mapping

        meaning = load_mapping(mapping, self.vocabulary)
        return calls_feed.replay(file, meaning, self, speed=speed, limit=limit, progress=progress)

    def import_register(
        self,
        file: Path,
        wanted: Wanted,
        *,
        mapping: Mapping[str, str] | None = None,
        skip_bad: bool = False,
        dry_run: bool = False,
        progress: register_importer.Progress | None = None,
    ) -> register_importer.ImportReport:
        """Takes in a register of known serials; see `tracing.matches.importer`."""
        from lanbi.tracing.matches import importer as register_importer

        return register_importer.import_register(
            self.store,
            self.registers,
            SYSTEM,
            file,
            wanted,
            mapping=mapping,
            skip_bad=skip_bad,
            dry_run=dry_run,
            progress=progress,
        )

    def read_recoveries(
        self,
        path: Path,
        *,
        mapping: str,
        originator: str | None = None,
        handling: HandlingRule | None = None,
        grade: str | None = None,
        synthetic: bool = False,
    ) -> Job:
        """A file of recoveries, ready to be judged and run by `recovery_imports`; see there."""
        from lanbi.tracing.recoveries.importer import check_size, read_table
        from lanbi.tracing.recoveries.jobs import told_by

        check_size(path.stat().st_size)
        rules = told_by(
            self.recovery_imports.mapping(mapping, site_files=True),
            originator=originator, handling=handling, grade=grade, synthetic=synthetic,
        )  # fmt: skip
        self.recovery_imports.check(rules)
        return self.recovery_imports.job(SYSTEM, read_table(path.read_bytes(), path.name), rules)

    def take_statements(self, file: Path) -> Taken:
        """Takes in what another site exported; see `tracing.exports.taking`."""
        from lanbi.tracing.exports.taking import take

        data = file.read_bytes()
        return self.store.write_now(SYSTEM, lambda tx: take(tx, self.tracing, data))

    def tell_world(
        self, *, networks: int, innocents: int, seed: int, progress: telling.Progress | None = None
    ) -> telling.Told:
        """Makes a synthetic world, tells what an agency would have seen of it, and keeps the truth in
        a file of its own. SYNTHETIC.

        Raises `Refused("tracing-told-already")`.
        """
        import numpy as np

        from lanbi.tracing.telling import service as telling
        from lanbi.tracing.world import observe, recipe, world

        today = date.fromisoformat(rfc3339(self.clock.now())[:10])
        numbers = recipe.standard().ending(today)
        numbers = numbers.with_numbers(scale__networks=networks, scale__innocents=innocents)
        rng = np.random.default_rng(seed)
        made, truth = world.make(rng, numbers)
        requested = telling.asked_of(self.requests.asking.tell_of)
        told = telling.Telling(self.tracing, self.store, requested).tell(
            observe.see(rng, made, numbers), progress
        )
        self.settings.tracing_truth.write_bytes(telling.kept_truth(told, truth))
        return told

    def score_networks(self) -> Score:
        """How well a search for networks finds those that were planted in this store's synthetic world.

        Raises `NotFound("tracing-truth-none")` where none was told.
        """
        from lanbi.tracing.telling import service as telling
        from lanbi.tracing.world.truth import score

        file = self.settings.tracing_truth
        if not file.is_file():
            raise NotFound("tracing-truth-none", file=str(file))
        self.networks.search(SYSTEM)
        return score(self.networks.members, telling.read_truth(file.read_bytes()))

    def time_to_crime(self, by: By) -> TimeToCrimeRow:
        """The curves of what stands in the store."""
        from lanbi.tracing.figures.timing import time_to_crime

        return self.store.read_now(lambda reader: time_to_crime(self.tracing, self.clock, reader, SYSTEM, by))

    def at_work(self, reader: Reader) -> bool:
        """Whether the store holds calls, incidents or units."""
        return reader.row(AT_WORK) is not None

    def set_territory(self, territory: Territory) -> None:
        """Lets the site answer for other ground than Haiti; kept in the store."""
        text = territory.to_json().decode()
        self.store.write_now(SYSTEM, lambda tx: tx.run(SET, name=TERRITORY, value=text))
        self.territory = self.places.territory = territory

    def close(self) -> None:
        """Finishes what is queued, signs, lets go."""
        if self._player is not None:
            self._player.stop()
        super().close()


def _matching_partner(reader: Reader, code: str) -> PartnerFacts | None:
    from lanbi.tracing.matching.model import PartnerFacts

    found = partners_sql.find(reader, code)
    return None if found is None else PartnerFacts(found.code, found.open, found.url)


def _standing_register(reader: Reader, register_id: str) -> Register | None:
    from lanbi.tracing.matches import sql as matches_sql

    found = matches_sql.registers(reader, matches_sql.REGISTER, id=register_id)
    return found[0] if found and found[0].state == "standing" else None


def _register_facts(reader: Reader, register_id: str) -> RegisterFacts | None:
    from lanbi.tracing.matching.model import RegisterFacts

    found = _standing_register(reader, register_id)
    if found is None:
        return None
    return RegisterFacts(
        id=found.id,
        name=found.name,
        kind=found.kind,
        handling=found.handling,
        entries=found.entries,
        synthetic=found.synthetic,
    )


def _register_entries(
    reader: Reader, register_id: str, after: int, limit: int
) -> list[tuple[int, str, str | None]]:
    """(number, marks, make) of a register's entries with numbers above `after`, in order."""
    from lanbi.tracing.matches import sql as matches_sql
    from lanbi.tracing.matches.model import base_of

    found = _standing_register(reader, register_id)
    if found is None:
        return []
    rows = reader.rows(
        matches_sql.ENTRIES_FOR_INDEX, after=max(after, base_of(found.number)), last=found.last_n, limit=limit
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _barred(reader: Reader, code: str) -> bool:
    """Whether nothing goes to this site: it is known as a partner, and switched off or retired."""
    partner = partners_sql.find(reader, code)
    return partner is not None and not partner.open


def _in_background(work: Callable[[], object]) -> None:
    """Begins a search that nobody waits for; the next question begins it again if it could not be made."""

    def run() -> None:
        try:
            work()
        except LanbiError as error:  # the node stopped meanwhile, or the store was away
            log.info("a search for networks was not made: %s", error)

    threading.Thread(target=run, name="lanbi-search", daemon=True).start()


class _Directory:
    """Who there is to speak to, of the units and the accounts."""

    def unit(self, reader: Reader, unit_id: str) -> Party | None:
        found = dispatch_sql.find_unit(reader, unit_id)
        return None if found is None else Party("unit", found.id, found.callsign)

    def units(self, reader: Reader, kinds: tuple[str, ...]) -> list[Party]:
        rows = reader.rows(UNITS_IN_SERVICE)
        return [Party("unit", key, callsign) for key, callsign, kind in rows if not kinds or kind in kinds]

    def units_on(self, reader: Reader, incident_id: str) -> list[Party]:
        rows = reader.rows(UNITS_ON, incident_id=incident_id)
        return [Party("unit", unit_id, callsign) for unit_id, callsign in rows]

    def account(self, reader: Reader, login: str) -> Party | None:
        found = find_account(reader, login)
        if found is None or found.disabled_at is not None:
            return None
        return (
            Party("account", found.login, found.name)
            if found.unit_id is None
            else self.unit(reader, found.unit_id)
        )

    def people(self, reader: Reader, roles: tuple[str, ...], now: Instant) -> list[Person]:
        rows = reader.rows(PEOPLE, now=now)
        return [
            Person(login, name, role, lang, bool(seated))
            for login, name, role, lang, seated in rows
            if role in roles
        ]


def _engine(settings: Settings) -> Engine:
    if settings.store_url is not None:
        from lanbi.store.postgres import PostgresEngine

        return PostgresEngine(settings.store_url)
    return SqliteEngine(settings.database)


def _territory(reader: Reader) -> Territory:
    from lanbi.places.territory import Territory

    found = reader.row(SETTING, name=TERRITORY)
    return Territory.haiti() if found is None else Territory.from_json(found[0].encode())


def _incident_facts(reader: Reader, incident_id: str) -> IncidentFacts | None:
    incident = incidents_sql.find(reader, incident_id)
    if incident is None:
        return None
    return IncidentFacts(
        id=incident.id,
        number=incident.number,
        state=incident.state,
        type=incident.type,
        title=incident.title,
        priority=incident.priority,
        place="" if incident.area is None else incident.area.words,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
    )


def _unit_facts(unit: Unit) -> UnitFacts:
    return UnitFacts(
        id=unit.id,
        callsign=unit.callsign,
        kind=unit.kind,
        crew=unit.crew,
        state=unit.state,
        since=unit.state_since,
        incident_id=None if unit.task is None else unit.task.incident_id,
    )


def _watcher(reader: Reader, login: str) -> Watcher:
    account = find_account(reader, login)
    if account is None or account.disabled_at is not None:
        raise NotFound("account-none", login=login)
    return Watcher(account.login, account.name, account.role)


def _name_of(reader: Reader, login: str) -> str:
    account = find_account(reader, login)
    if account is None:
        raise NotFound("account-none", login=login)
    return account.name
