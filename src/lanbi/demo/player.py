"""Plays the synthetic evening on a live node: robots call, answer, send and drive; people may take over.

The robots use the same services as people do, under names of their own, and give
way: a call that a person answered, an incident that a person opened and a unit
that a person moved are no longer theirs. Crews are always robots, whoever sends
them. Everything that is due stands in one heap, so the evening can be played
ahead of time (to fill the picture before the first visitor) and then at its pace.
"""

import heapq
import itertools
import logging
import math
import random
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol, cast

import msgspec

from lanbi.alarms.service import Alarms
from lanbi.calls.model import Call as FloorCall
from lanbi.calls.model import CallbackOutcome, PromiseOutcome
from lanbi.calls.service import Calls
from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import LanbiError
from lanbi.core.geo import distance_m
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import HOUR, MINUTE, SECOND, Clock, Instant, SystemClock, rfc3339
from lanbi.demo.script import Answer, Call, Evening, Incident, Message, Promise, Unit
from lanbi.dispatch.model import Assignment
from lanbi.dispatch.model import Unit as FloorUnit
from lanbi.dispatch.safety import Safety
from lanbi.dispatch.service import Dispatch
from lanbi.incidents.service import Incidents
from lanbi.messages.model import AddresseeKind
from lanbi.messages.service import Messages
from lanbi.tracks.model import Report
from lanbi.tracks.service import Tracks

REPORT_EVERY_S = 4.0
CREW_STEP_S = 2.0
ACKNOWLEDGE_S = (4.0, 14.0)
TURNOUT_S = (15.0, 45.0)
# With people in the room, robots let a call ring this long, and leave every third one to them for longer.
PATIENCE_S = 14.0
LEFT_TO_PEOPLE_S = 45.0
DISPATCH_AFTER_S = (12.0, 30.0)
# With people in the room, robots send after so long, in turn: the last of these is left to the people.
LEFT_TO_DISPATCHER_S = (30.0, 30.0, 90.0)
GIVE_UP_S = 120.0
NEXT_EVENING_AFTER_S = 60.0
POSITION_ACCURACY_M = (4.0, 18.0)
RETRY_S = 15.0
# Of a lesson: its call rings until somebody learns or gives up; its crews do not let a learner wait.
LESSON_GIVE_UP_S = 240.0
LESSON_ACKNOWLEDGE_S = (3.0, 5.0)
LESSON_TURNOUT_S = (3.0, 6.0)
LESSON_SCENE_S = 12.0
LESSON_PACE = 4.0
UNITS_MAX = 200
ALARMS_MAX = 200
ALARMS_EVERY_S = 10.0
# Robots take what stands untaken for so long; with people in the room they wait for them.
ALARM_PATIENCE: Instant = 45 * SECOND
ALARM_LEFT_TO_PEOPLE: Instant = 6 * MINUTE
# A crew that is asked answers after so long that all are well.
WELL_AFTER: Instant = 8 * SECOND
# Played ahead, the clerk of the alarms looks this often.
WATCH_EVERY_S = 5.0
LEFT_ONE_IN = 3
NEWEST = 2**62
LESSON_NUMBER = "+509 00 00 07 77"  # of nobody

CALL_TAKERS = tuple(
    Actor(id=f"robo{seat}", name=f"Plas {seat} (robo)", role="call_taker", lang="ht", kind="system")
    for seat in (3, 4, 5)
)
DISPATCHER = Actor(id="robo6", name="Plas 6 (robo)", role="dispatcher", lang="ht", kind="system")
ROBOTS = frozenset(actor.id for actor in (*CALL_TAKERS, DISPATCHER))

log = logging.getLogger("lanbi.demo")


class DemoClock:
    """A clock that can be held in the past and let run to the present; never backwards."""

    def __init__(self, held: Instant | None = None) -> None:
        self._real = SystemClock()
        self._held = held
        # Steady time goes on from the time on the wall, held or not, so that letting go is no step either.
        self._ahead_s = self._real.now() / SECOND - self._real.monotonic()

    def now(self) -> Instant:
        return self._real.now() if self._held is None else self._held

    def monotonic(self) -> float:
        # While held, steady time is the held time itself, so that playing ahead is no step of the clock.
        return self._ahead_s + self._real.monotonic() if self._held is None else self._held / SECOND

    def hold(self, at: Instant) -> None:
        if self._held is not None:
            self._held = max(self._held, at)

    def release(self) -> None:
        self._held = None


class Room(Protocol):
    """What the player needs of the node it plays on."""

    @property
    def store(self) -> Store: ...
    @property
    def calls(self) -> Calls: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def dispatch(self) -> Dispatch: ...
    @property
    def safety(self) -> Safety: ...
    @property
    def alarms(self) -> Alarms: ...
    @property
    def tracks(self) -> Tracks: ...
    @property
    def messages(self) -> Messages: ...


class _Crew(msgspec.Struct):
    """A robot crew: where it is and what it is about to do."""

    unit: Unit
    unit_id: str
    lat: float
    lon: float
    actor: Actor
    speed_mps: float = 0.0
    course_deg: float = 0.0
    assignment_id: str | None = None
    next_at: Instant = 0


class _Case(msgspec.Struct):
    """One event of the script as it stands in the room."""

    script: Incident
    incident_id: str | None = None
    ours: bool = True
    opened_at: Instant = 0
    sent: bool = False
    open_work: int = 0
    # What was promised and comes true when a unit is there: settled before the case is closed.
    coming: list[Callable[[], None]] = []


class Player:
    """Plays one evening after another until it is stopped."""

    def __init__(
        self,
        evening: Evening,
        room: Room,
        clock: Clock,
        *,
        people: Callable[[], int],
        seed: int = 1804,
    ) -> None:
        """`people()`: how many people look on; the robots are patient while there are any."""
        self._evening = evening
        self._room = room
        self._clock = clock
        self._people = people
        self._random = random.Random(seed)  # noqa: S311 - a play, not a secret
        self._due: list[tuple[Instant, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._crews: dict[str, _Crew] = {}
        self._cases: dict[str, _Case] = {}
        self._rings = 0
        self._left = 0
        self._began: Instant = 0
        # Calls of lessons: handed over by the web's thread, then the player's own.
        self._asked: deque[str] = deque()
        self._lesson_calls: dict[str, str | None] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    # -- time ------------------------------------------------------------------------

    def _at(self, when: Instant, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, (when, next(self._order), action))

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        self._at(self._clock.now() + round(seconds * SECOND), action)

    def _between(self, bounds: tuple[float, float]) -> float:
        return self._random.uniform(*bounds)

    def play_ahead(
        self, clock: DemoClock, until: Instant, meanwhile: Callable[[], object] | None = None
    ) -> None:
        """Plays what is due up to `until` at once, moving `clock` along; `meanwhile` is what the node does
        of itself, every five seconds of the play."""
        if meanwhile is not None:
            watch = meanwhile

            def keep_watch() -> None:
                watch()
                if self._clock.now() + round(WATCH_EVERY_S * SECOND) <= until:
                    self._after(WATCH_EVERY_S, keep_watch)

            self._after(0, keep_watch)
        while self._due and self._due[0][0] <= until:
            when, _, action = heapq.heappop(self._due)
            clock.hold(when)
            self._do(action)
        clock.hold(until)

    def start(self) -> None:
        """Plays at its pace on a thread of its own."""
        self._thread = threading.Thread(target=self._play, name="lanbi-demo", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(10)

    def _play(self) -> None:
        while not self._stop.is_set():
            wait_s = (self._due[0][0] - self._clock.now()) / SECOND if self._due else 1.0
            if wait_s > 0:
                self._stop.wait(min(wait_s, 1.0))
                continue
            self._do(heapq.heappop(self._due)[2])

    def _do(self, action: Callable[[], None]) -> None:
        try:
            action()
        except LanbiError as error:
            # A person was quicker, or the room says no: the play goes on.
            log.debug("demo: %s", error)
        except Exception:
            log.exception("demo: a robot stumbled")

    # -- the stage -------------------------------------------------------------------

    def set_stage(self) -> None:
        """Commissions the units that are not there yet, and begins the evening now."""
        write = self._room.store.write_now
        known = {unit.callsign: unit for unit in self._room.store.read_now(self._units)}
        for script in self._evening.units:
            unit = known.get(script.callsign)
            if unit is None:
                unit = write(SYSTEM, lambda tx, script=script: self._commission(tx, script))
            actor = Actor(
                id=f"crew.{script.callsign.lower()}",
                name=script.callsign,
                role="field_unit",
                lang="ht",
                unit_id=unit.id,
                kind="system",
            )
            self._crews[unit.id] = _Crew(script, unit.id, script.home.lat, script.home.lon, actor)
        self._begin_evening()
        self._report_positions()
        self._step_crews()
        self._mind_alarms()

    def _units(self, reader: Reader) -> list[FloorUnit]:
        return self._room.dispatch.units(reader, SYSTEM, after="", limit=UNITS_MAX)

    def _commission(self, tx: Tx, script: Unit) -> FloorUnit:
        unit = self._room.dispatch.commission(
            tx,
            callsign=script.callsign,
            kind=script.kind,
            capabilities=script.capabilities,
            crew=script.crew,
            home=script.home.area,
            shift_until=tx.now + round(script.shift_left_h * HOUR),
        )
        if script.out_of_service is not None:
            unit = self._room.dispatch.set_availability(
                tx, unit.id, "out_of_service", reason=script.out_of_service
            )
        return unit

    def _begin_evening(self) -> None:
        start = self._began = self._clock.now()
        self._cases = {incident.key: _Case(incident) for incident in self._evening.incidents}
        last = 0
        for call, incident in self._evening.timeline():
            self._at(
                start + call.at_s * SECOND, lambda call=call, incident=incident: self._ring(call, incident)
            )
            last = max(last, call.at_s)
        for message in self._evening.messages:
            self._at(start + message.at_s * SECOND, lambda message=message: self._say(message))
        self._after(last + NEXT_EVENING_AFTER_S, self._begin_evening)

    # -- messages --------------------------------------------------------------------

    def _named(self, name: str) -> Actor:
        """The robot that a script calls by callsign, or "room"."""
        return next((crew.actor for crew in self._crews.values() if crew.unit.callsign == name), DISPATCHER)

    def _say(self, script: Message) -> None:
        room, sender = self._room, self._named(script.by)
        kind, _, name = script.to.partition(":")
        case = self._cases.get(script.incident or "")
        # What the template asks for is the running number of the incident that this evening gave it.
        incident_id, args = None if case is None else case.incident_id, dict(script.args)
        if incident_id is not None and "incident" in args:
            incident = room.store.read_now(
                lambda reader: room.incidents.get(reader, SYSTEM, str(incident_id))
            )
            args["incident"] = str(incident.number)
        sent = room.store.write_now(
            sender,
            lambda tx: room.messages.send(
                tx,
                to_kind=cast("AddresseeKind", kind),  # checked when loaded
                to_id=str(self._named(name).unit_id) if kind == "unit" else name,
                text=script.words,
                template=script.template,
                args=args,
                priority=script.priority,
                incident_id=incident_id,
            ),
        )
        for answer in script.answers:
            self._after(answer.after_s, lambda answer=answer: self._answer_message(sent.id, answer))

    def _answer_message(self, message_id: str, answer: Answer) -> None:
        room, who = self._room, self._named(answer.by)
        room.store.write_now(
            DISPATCHER if answer.radio else who,
            lambda tx: room.messages.step(
                tx,
                message_id,
                answer.step,
                for_unit=who.unit_id if answer.radio else None,
                reason=answer.reason,
            ),
        )

    # -- lessons ---------------------------------------------------------------------

    def offer_lesson(self, tx: Tx) -> FloorCall:
        """A call for whoever learns; no robot answers it. Hand its id to `follow_lesson` once it stands."""
        return self._room.calls.offer(tx, channel="voice", number=LESSON_NUMBER)

    def follow_lesson(self, call_id: str) -> None:
        """From any thread: its crews are quick, and it stops ringing in the end."""
        self._asked.append(call_id)

    def _look_at_lessons(self) -> None:
        room = self._room
        while self._asked:
            call_id = self._asked.popleft()
            self._lesson_calls[call_id] = None
            self._after(LESSON_GIVE_UP_S, lambda call_id=call_id: self._give_lesson_up(call_id))
        for call_id, incident_id in self._lesson_calls.items():
            if incident_id is None:
                call = room.store.read_now(lambda reader, key=call_id: room.calls.get(reader, SYSTEM, key))
                self._lesson_calls[call_id] = call.incident_id

    def _give_lesson_up(self, call_id: str) -> None:
        """Nobody took it: it leaves the room without a debt. One that was taken refuses, and goes on."""
        room = self._room

        def work(tx: Tx) -> None:
            room.calls.abandon(tx, call_id)
            room.calls.callback(tx, call_id, "settled")

        room.store.write_now(SYSTEM, work)

    def _is_lesson(self, incident_id: str) -> bool:
        return incident_id in self._lesson_calls.values()

    # -- callers and call takers -------------------------------------------------------

    def _ring(self, call: Call, incident: Incident | None) -> None:
        room, case = self._room, self._cases[incident.key] if incident else None
        if call.channel in ("sms", "web"):
            taken = room.store.write_now(
                SYSTEM,
                lambda tx: room.calls.text(
                    tx, channel=call.channel, number=call.number, text=call.words or "", lang=call.lang
                ),
            )
            self._after(self._patience(call.ring_s or 8), lambda: self._answer(taken.id, call, case))
            return
        offered = room.store.write_now(
            SYSTEM,
            lambda tx: room.calls.offer(
                tx,
                channel=call.channel,
                number=call.number,
                area=call.antenna.area if call.antenna else None,
            ),
        )
        if call.hangs_up_s is not None:
            self._after(call.hangs_up_s, lambda: self._hang_up(offered.id, call, case))
        else:
            self._after(self._patience(call.ring_s or 8), lambda: self._answer(offered.id, call, case))
            self._after(GIVE_UP_S, lambda: self._hang_up(offered.id, call, case))

    def _patience(self, ring_s: float) -> float:
        if not self._people():
            return ring_s
        self._rings += 1
        return LEFT_TO_PEOPLE_S if self._rings % LEFT_ONE_IN == 1 else max(ring_s, PATIENCE_S)

    def _hang_up(self, call_id: str, call: Call, case: _Case | None) -> None:
        room = self._room
        room.store.write_now(SYSTEM, lambda tx: room.calls.abandon(tx, call_id))
        back = call.callback
        if back is None:
            return
        outcome = cast("CallbackOutcome", back.outcome)  # checked against the vocabulary when loaded
        taker = self._random.choice(CALL_TAKERS)

        def call_back() -> None:
            room.store.write_now(taker, lambda tx: room.calls.callback(tx, call_id, outcome))
            if back.outcome == "reached":
                self._talk(call_id, call, case, taker)

        self._after(back.after_s, call_back)

    def _answer(self, call_id: str, call: Call, case: _Case | None) -> None:
        taker = self._random.choice(CALL_TAKERS)
        self._room.store.write_now(taker, lambda tx: self._room.calls.answer(tx, call_id))
        self._talk(call_id, call, case, taker)

    def _talk(self, call_id: str, call: Call, case: _Case | None, taker: Actor) -> None:
        """The first half of a talk gives words and place, then the incident; the rest is comfort."""
        room, talk_s = self._room, float(call.talk_s or 20)

        def hear() -> None:
            def work(tx: Tx) -> None:
                room.calls.set_language(tx, call_id, call.lang)
                if call.words and call.channel == "voice":
                    room.calls.add_words(tx, call_id, call.words, lang=call.lang)
                if call.place is not None:
                    room.calls.locate(tx, call_id, call.place)

            room.store.write_now(taker, work)

        self._after(min(8.0, talk_s * 0.2), hear)
        if case is not None:
            self._after(min(22.0, talk_s * 0.45), lambda: self._decide(call_id, call, case, taker))
        if not call.bip:
            self._after(talk_s, lambda: self._end(call_id, taker))

    def _end(self, call_id: str, taker: Actor) -> None:
        self._room.store.write_now(taker, lambda tx: self._room.calls.end(tx, call_id))

    def _decide(self, call_id: str, call: Call, case: _Case, taker: Actor) -> None:
        room, script = self._room, case.script
        if case.incident_id is not None:
            incident_id = case.incident_id
            room.store.write_now(taker, lambda tx: room.calls.join(tx, call_id, incident_id))
            return
        incident = room.store.write_now(
            taker,
            lambda tx: room.incidents.open(
                tx,
                call_id=call_id,
                type=script.type,
                title=script.title,
                priority=script.priority,
                area=call.place,
            ),
        )
        case.incident_id, case.opened_at = incident.id, incident.opened_at
        for note in script.notes:
            case.open_work += 1
            self._after(note.after_s, lambda note=note: self._note(case, taker, note.words, note.lang))
        for promise in script.promises:
            case.open_work += 1
            self._after(promise.after_s, lambda promise=promise: self._promise(case, call_id, taker, promise))
        if script.scene_s is not None:
            wait = self._between(DISPATCH_AFTER_S)
            if self._people():
                self._left += 1
                wait = LEFT_TO_DISPATCHER_S[self._left % len(LEFT_TO_DISPATCHER_S)]
            self._after(wait, lambda: self._send(case))
        else:
            self._after(RETRY_S, lambda: self._close_when_done(case))

    def _note(self, case: _Case, taker: Actor, words: str, lang: str) -> None:
        case.open_work -= 1
        self._room.store.write_now(
            taker, lambda tx: self._room.incidents.note(tx, str(case.incident_id), words, lang=lang)
        )

    def _promise(self, case: _Case, call_id: str, taker: Actor, promise: Promise) -> None:
        room = self._room
        made = room.store.write_now(
            taker,
            lambda tx: room.calls.promise(
                tx,
                call_id=call_id,
                incident_id=case.incident_id,
                kind=promise.kind,
                text=promise.words,
                due_in_s=promise.due_in_s,
            ),
        )

        settled = False

        def settle() -> None:
            nonlocal settled
            if settled:
                return
            settled = True
            case.open_work -= 1
            room.store.write_now(
                taker, lambda tx: room.calls.settle(tx, made.id, cast("PromiseOutcome", promise.outcome))
            )

        if promise.outcome == "kept":
            case.coming.append(settle)
        factor = 0.8 if promise.outcome == "kept" else 1.2
        self._after(promise.due_in_s * factor, settle)

    # -- dispatcher ------------------------------------------------------------------

    def _send(self, case: _Case) -> None:
        """Sends what the recommendation names first, unless a person has sent somebody already."""
        room, incident_id = self._room, str(case.incident_id)
        incident = room.store.read_now(lambda reader: room.incidents.get(reader, SYSTEM, incident_id))
        if incident.state == "closed":
            return
        active = room.store.read_now(
            lambda reader: room.dispatch.assignments(
                reader, SYSTEM, incident_id=incident_id, before=NEWEST, limit=UNITS_MAX
            )
        )
        if any(assignment.active for assignment in active):
            case.sent = True
            self._after(RETRY_S, lambda: self._close_when_done(case))
            return
        advice = room.store.read_now(lambda reader: room.dispatch.recommend(reader, DISPATCHER, incident_id))
        chosen = [choice.unit for choice in advice.units if choice.choice == "chosen"]
        for unit in chosen:
            room.store.write_now(
                DISPATCHER, lambda tx, unit=unit: room.dispatch.assign(tx, incident_id, unit.unit_id)
            )
            case.sent = True
        if chosen:
            self._after(RETRY_S, lambda: self._close_when_done(case))
        else:
            self._after(RETRY_S * 2, lambda: self._send(case))

    def _close_when_done(self, case: _Case) -> None:
        room, incident_id = self._room, str(case.incident_id)
        incident = room.store.read_now(lambda reader: room.incidents.get(reader, SYSTEM, incident_id))
        if incident.state == "closed":
            return
        active = room.store.read_now(
            lambda reader: room.dispatch.assignments(
                reader, SYSTEM, incident_id=incident_id, before=NEWEST, limit=UNITS_MAX
            )
        )
        busy = any(assignment.active for assignment in active)
        if case.sent and not busy:
            for settle in case.coming:
                settle()
        if busy or case.open_work > 0 or self._clock.now() - incident.opened_at < 2 * MINUTE:
            self._after(RETRY_S, lambda: self._close_when_done(case))
            return
        room.store.write_now(
            DISPATCHER, lambda tx: room.incidents.close(tx, incident_id, case.script.disposition)
        )

    # -- crews -----------------------------------------------------------------------

    def _step_crews(self) -> None:
        """Each crew looks at its task and does the next thing when it is time."""
        try:
            self._do(self._look_at_lessons)
            active = self._room.store.read_now(
                lambda reader: self._room.dispatch.assignments(
                    reader, SYSTEM, incident_id=None, before=NEWEST, limit=UNITS_MAX
                )
            )
            by_unit = {assignment.unit_id: assignment for assignment in active if assignment.active}
            asked = {
                unit.id: unit.safety.welfare_asked_at
                for unit in self._room.store.read_now(self._units)
                if unit.safety.welfare_asked_at is not None
            }
            for crew in self._crews.values():
                if self._silent(crew):
                    continue
                self._do(lambda crew=crew: self._step(crew, by_unit.get(crew.unit_id)))
                if asked.get(crew.unit_id, self._clock.now()) + WELL_AFTER <= self._clock.now():
                    self._do(lambda crew=crew: self._say_well(crew))
        finally:
            self._after(CREW_STEP_S, self._step_crews)

    def _step(self, crew: _Crew, task: Assignment | None) -> None:
        now = self._clock.now()
        if task is None:
            crew.assignment_id = None
            self._drive(crew, crew.unit.home.lat, crew.unit.home.lon, stop_m=30)
            return
        quick = self._is_lesson(task.incident_id)
        if crew.assignment_id != task.id:
            crew.assignment_id = task.id
            crew.next_at = now + round(
                self._between(LESSON_ACKNOWLEDGE_S if quick else ACKNOWLEDGE_S) * SECOND
            )
        incident = self._room.store.read_now(
            lambda reader: self._room.incidents.get(reader, SYSTEM, task.incident_id)
        )
        area, case = incident.area, self._case_of(task.incident_id)
        status = task.status
        if status == "assigned":
            # The crew's set has it: nobody has to say so.
            self._report_status(crew, task.id, "notified")
        elif status == "notified":
            if now >= crew.next_at:
                self._report_status(crew, task.id, "acknowledged")
                crew.next_at = now + round(self._between(LESSON_TURNOUT_S if quick else TURNOUT_S) * SECOND)
        elif status == "acknowledged":
            if now >= crew.next_at:
                self._report_status(crew, task.id, "en_route")
        elif status == "en_route" and area is not None and area.lat is not None and area.lon is not None:
            pace = LESSON_PACE if quick else 1.0
            if self._drive(crew, area.lat, area.lon, stop_m=40, pace=pace):
                self._report_status(crew, task.id, "on_scene")
                scene_s = (
                    case.script.scene_s if case and case.script.scene_s else LESSON_SCENE_S if quick else 150
                )
                crew.next_at = now + round(scene_s * self._random.uniform(0.8, 1.3) * SECOND)
        elif status == "on_scene":
            if now >= crew.next_at:
                hospital = case.script.hospital if case else None
                carries = any(name.startswith("ambulance") for name in crew.unit.capabilities)
                self._report_status(crew, task.id, "transporting" if hospital and carries else "cleared")
        elif status == "transporting":
            hospital = self._hospital(case)
            if self._drive(crew, *hospital, stop_m=60):
                self._report_status(crew, task.id, "at_destination")
                stay_s = case.script.hospital_s if case and case.script.hospital_s else 60
                crew.next_at = now + stay_s * SECOND
        elif status == "at_destination" and now >= crew.next_at:
            self._report_status(crew, task.id, "cleared")

    def _silent(self, crew: _Crew) -> bool:
        """Whether its link is cut now: it cannot say where it is, nor what it does, nor that all are well."""
        silent = crew.unit.silent
        if silent is None:
            return False
        begins = self._began + silent.from_s * SECOND
        return begins <= self._clock.now() < begins + silent.for_s * SECOND

    def _say_well(self, crew: _Crew) -> None:
        self._room.store.write_now(
            crew.actor, lambda tx: self._room.safety.answer_welfare(tx, crew.unit_id, ok=True)
        )

    def _mind_alarms(self) -> None:
        """The robot at the dispatcher's seat takes what nobody has taken for a good while."""
        try:
            room = self._room
            patience = ALARM_LEFT_TO_PEOPLE if self._people() else ALARM_PATIENCE
            edge = self._clock.now() - patience
            unseen = room.store.read_now(
                lambda reader: room.alarms.page(
                    reader, DISPATCHER, state="unseen", before=NEWEST, limit=ALARMS_MAX
                )
            )
            late = [alarm.id for alarm in unseen if alarm.raised_at <= edge]
            if late:
                room.store.write_now(DISPATCHER, lambda tx: room.alarms.take_all(tx, late))
        finally:
            self._after(ALARMS_EVERY_S, self._mind_alarms)

    def _case_of(self, incident_id: str) -> _Case | None:
        return next((case for case in self._cases.values() if case.incident_id == incident_id), None)

    def _hospital(self, case: _Case | None) -> tuple[float, float]:
        wanted = case.script.hospital if case else None
        for hospital in self._evening.hospitals:
            if wanted in (None, hospital.key):
                return hospital.lat, hospital.lon
        return self._evening.hospitals[0].lat, self._evening.hospitals[0].lon

    def _report_status(self, crew: _Crew, assignment_id: str, status: str) -> None:
        self._room.store.write_now(crew.actor, lambda tx: self._room.dispatch.step(tx, assignment_id, status))

    def _drive(self, crew: _Crew, lat: float, lon: float, *, stop_m: float, pace: float = 1.0) -> bool:
        """Moves one step towards a point; returns whether it is there. No roads yet: a straight line."""
        far = distance_m(crew.lat, crew.lon, lat, lon)
        if far <= stop_m:
            crew.speed_mps = 0.0
            return True
        step = min(self._evening.vehicle_speed_mps * CREW_STEP_S * pace * self._random.uniform(0.6, 1.1), far)
        share = step / far
        crew.course_deg = (
            math.degrees(math.atan2((lon - crew.lon) * math.cos(math.radians(lat)), lat - crew.lat)) % 360
        )
        crew.lat += (lat - crew.lat) * share
        crew.lon += (lon - crew.lon) * share
        crew.speed_mps = step / CREW_STEP_S
        return False

    def _report_positions(self) -> None:
        try:
            now = self._clock.now()
            reports = []
            for crew in self._crews.values():
                # A unit whose crew is off the road says nothing: its last position grows old on the map.
                if crew.unit.crew == 0 or self._silent(crew):
                    continue
                moving = crew.speed_mps > 0
                if not moving and self._random.random() < 0.75:
                    continue
                reports.append(self._position(crew, now, moving))
            if reports:
                self._room.store.write_now(SYSTEM, lambda tx: self._room.tracks.report(tx, reports))
        finally:
            self._after(REPORT_EVERY_S, self._report_positions)

    def _position(self, crew: _Crew, now: Instant, moving: bool) -> Report:
        return Report(
            unit_id=crew.unit_id,
            at=rfc3339(now),
            lat=round(crew.lat + self._random.gauss(0, 0.00003), 6),
            lon=round(crew.lon + self._random.gauss(0, 0.00003), 6),
            accuracy_m=round(self._between(POSITION_ACCURACY_M), 1),
            speed_mps=round(crew.speed_mps, 1),
            course_deg=round(crew.course_deg, 0) if moving else None,
        )
