"""The whole picture at work: norms, zones, workload, unserved demand, the house."""

import hashlib
import threading
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from lanbi.core.access import SYSTEM, Actor, Gate
from lanbi.core.errors import Malformed, NotFound, Refused
from lanbi.core.events import Sealed
from lanbi.core.geo import distance_m
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import NAME_CHARS_MAX, line, words
from lanbi.core.time import DAY, HOUR, Instant
from lanbi.core.vocabulary import Norm, Vocabulary
from lanbi.places import sql as places_sql
from lanbi.record.events import SealedErased
from lanbi.situation import reading, sql
from lanbi.situation.events import (
    LinkTold,
    PowerTold,
    UnservedClosed,
    UnservedMarked,
    UnservedServed,
    UnservedStands,
    UnservedWithdrawn,
    ZonesSet,
    ZoneStateChanged,
)
from lanbi.situation.model import LINKS_MAX, House, Unserved, latency, link_name, reserve, told_at
from lanbi.situation.norms import Case, Figure, figure
from lanbi.situation.workload import WORKLOAD_WINDOW_MAX, SeatLoad, UnitLoad, seat_loads, unit_loads
from lanbi.situation.zones import (
    BASELINE_STEP,
    HEARD_WITHIN,
    LOOK_BACK,
    STATE_STANDS_FOR,
    Facts,
    Ground,
    Plot,
    Verdict,
    Zone,
    ZoneGiven,
    baseline_windows,
    judge,
    lay_out,
)

KEEP_WORDS_FOR: Instant = 730 * DAY
WORDS_CHARS_MAX = 500
NORMS_WINDOW_MAX: Instant = 31 * DAY
NORMS_WINDOW_DEFAULT: Instant = 1 * DAY
WORKLOAD_WINDOW_DEFAULT: Instant = 8 * HOUR
UNSERVED_WINDOW_MAX: Instant = 366 * DAY
# A commune farther than this from every post is not this room's ground, unless somebody says so.
OWN_GROUND_M = 12_000.0
SYSTEM_SOURCE = "gazetteer"
GIVEN_SOURCE = "site"
POWER = "power"

CheckPlace = Callable[[float, float], None]
"""Raises where a point cannot be in this site's country."""
Due = list[tuple[str, Verdict]]
"""(zone, what it was found to be): states that have stood long enough to be written down."""


class NormFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A norm of the vocabulary with how it was kept."""

    norm: Norm
    figure: Figure


class Workload(msgspec.Struct, frozen=True, kw_only=True):
    """Seats by name and units by callsign, over the window since `since`."""

    since: Instant
    until: Instant
    everybody: bool
    seats: list[SeatLoad]
    units: list[UnitLoad]


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """Unserved demand since `since`, of `demands` incidents opened since then.

    `counts`: (reason, "open" | "served" | "closed" | "withdrawn", how many).
    """

    since: Instant
    demands: int
    counts: list[tuple[str, str, int]]


class Situation:
    """The use cases of the whole picture."""

    def __init__(
        self,
        gate: Gate,
        vocabulary: Vocabulary,
        check_place: CheckPlace,
        *,
        assignment_endings: Sequence[str],
    ) -> None:
        """`assignment_endings`: the statuses that end a task, as dispatch names them."""
        self._gate = gate
        self._vocabulary = vocabulary
        self._check_place = check_place
        self._endings = tuple(assignment_endings)
        # What the node's own rounds remember between two of them; nothing of it is lost by a restart
        # but the minute that a new state has already stood.
        self._rounds = threading.Lock()
        self._standing: dict[str, tuple[str, Instant]] = {}
        self._ground: tuple[int, Ground] | None = None
        self._baseline: tuple[tuple[int, Instant], dict[str, list[int]], int] | None = None

    # -- norms -------------------------------------------------------------------------

    def norms(
        self,
        reader: Reader,
        actor: Actor,
        *,
        now: Instant,
        since: Instant | None = None,
        until: Instant | None = None,
        group: str | None = None,
    ) -> tuple[Instant, Instant, list[NormFigure]]:
        """(since, until, figures) of what came in within [since, until), the last day unless told.

        `group`: only incidents of this group of the vocabulary. Raises `Malformed`:
        "window-impossible" for one that ends before it begins, "window-too-long" over 31 days,
        "unknown-term", "window-too-full".
        """
        self._gate.require(actor, "situation.see")
        start, end = _window(since, until, now, NORMS_WINDOW_DEFAULT, NORMS_WINDOW_MAX)
        types = None if group is None else self._types_of(group)
        incidents = reading.incidents_in(reader, start, end)
        calls = reading.calls_in(reader, start, end)
        if types is not None:
            incidents = [incident for incident in incidents if incident.type in types]
            calls = [call for call in calls if call[1] in types]
        figures: list[NormFigure] = []
        for norm in self._norms():
            if (norm.from_, norm.to) == ("ring", "answer"):
                # Answering is about calls: incidents hide every caller who gave up before there was one.
                cases = [case for case, _ in calls]
            else:
                cases = [incident.case(norm.from_, norm.to) for incident in incidents]
            figures.append(
                NormFigure(norm=norm, figure=figure(_of_priorities(cases, norm), norm.seconds, now))
            )
        return start, end, figures

    def _norms(self) -> list[Norm]:
        terms = self._vocabulary.tables["norms"].values()
        return [term for term in terms if isinstance(term, Norm) and not term.retired]

    def _types_of(self, group: str) -> frozenset[str]:
        self._vocabulary.term("incident_groups", group)
        types = self._vocabulary.tables["incident_types"]
        return frozenset(code for code, term in types.items() if getattr(term, "group", None) == group)

    # -- zones ---------------------------------------------------------------------------

    def laid_out(self, actor: Actor, givens: Sequence[ZoneGiven]) -> list[Plot]:
        """The ground as it would be parted. Takes up to seconds: never on the writer's thread or the loop.

        Raises what `zones.lay_out` refuses, and the territory's refusals.
        """
        self._gate.require(actor, "situation.zones")
        plots = lay_out([_named(given) for given in givens])
        for plot in plots:
            self._check_place(plot.lat, plot.lon)
        return plots

    def set_zones(self, tx: Tx, plots: Sequence[Plot], *, source: str = GIVEN_SOURCE) -> list[Zone]:
        """Parts the ground anew, as `laid_out`. A zone of the same name keeps its id, its state and its
        history."""
        self._gate.require(tx.actor, "situation.zones")
        held = {zone.name.casefold(): zone for zone in sql.zones(tx, retired=True)}
        kept: set[str] = set()
        for plot in plots:
            zone = _laid(plot, held.get(plot.given.name.casefold()), tx.now)
            sql.save_zone(tx, zone)
            kept.add(zone.id)
        for zone in held.values():
            if zone.id not in kept and not zone.retired:
                sql.save_zone(tx, replace(zone, retired=True, state=None, since=None))
        content = msgspec.json.encode([(plot.given.name, plot.rings) for plot in plots])
        tx.record(
            ZonesSet(
                id="ground",
                count=len(plots),
                names=tuple(plot.given.name for plot in plots),
                digest=hashlib.sha256(content).hexdigest(),
                source=source,
            )
        )
        return sql.zones(tx)

    def default_plots(self, reader: Reader) -> list[Plot]:
        """Where nobody has parted the ground: the communes within reach of the units' posts, laid out.

        For the node itself, on a thread of its own: the outlines take a while.
        """
        givens = [] if sql.any_zone(reader) else self._communes(reader)
        return self.laid_out(SYSTEM, givens) if givens else []

    def set_default_zones(self, tx: Tx, plots: Sequence[Plot]) -> bool:
        """`default_plots` become the zones, unless somebody has parted the ground meanwhile."""
        if sql.any_zone(tx):
            return False
        self.set_zones(tx, plots, source=SYSTEM_SOURCE)
        return True

    def _communes(self, reader: Reader) -> list[ZoneGiven]:
        homes = reading.unit_homes(reader)
        if not homes:
            return []
        near = [
            place
            for place in reading.communes(reader)
            if any(distance_m(place.lat or 0.0, place.lon or 0.0, *home) <= OWN_GROUND_M for home in homes)
        ]
        return [replace(place, geometry=places_sql.geometry(reader, place.place_id or "")) for place in near]

    def look_round(self, reader: Reader, now: Instant) -> Due:
        """Judges every zone; what differs from its row and has stood for a minute is due to be written.

        The first state of a zone is due at once. For the node itself, every few seconds.
        """
        with self._rounds:
            zones = sql.zones(reader)
            verdicts = self._verdicts(reader, zones, now)
            due: Due = []
            for zone in zones:
                verdict = verdicts[zone.id]
                if verdict.state == zone.state:
                    self._standing.pop(zone.id, None)
                    continue
                state, first = self._standing.get(zone.id, (verdict.state, now))
                if state != verdict.state:
                    first = now
                self._standing[zone.id] = (verdict.state, first)
                if zone.state is None or now - first >= STATE_STANDS_FOR:
                    due.append((zone.id, replace(verdict, since=min(verdict.since, first))))
            return due

    def write_down(self, tx: Tx, due: Due) -> int:
        """Records the states that `look_round` found due; how many changed. For the node itself."""
        changed = 0
        for zone_id, verdict in due:
            zone = sql.get_zone(tx, zone_id)
            if zone.retired or zone.state == verdict.state:
                continue
            facts = verdict.facts
            found = replace(zone, state=verdict.state, since=verdict.since, facts=facts)
            sql.save_zone(tx, found)
            sql.add_state(tx, found)
            tx.record(
                ZoneStateChanged(
                    id=zone_id,
                    name=zone.name,
                    state=verdict.state,
                    was=zone.state,
                    since=verdict.since,
                    reason=facts.reason,
                    units=facts.units,
                    lost=facts.lost,
                    events=facts.events,
                    baseline_hours=facts.baseline_hours,
                )
            )
            changed += 1
        return changed

    def _verdicts(self, reader: Reader, zones: Sequence[Zone], now: Instant) -> dict[str, Verdict]:
        ground = self._ground_of(zones)
        there = reading.units_there(reader, ground)
        edge = now - now % BASELINE_STEP - HEARD_WITHIN
        recent = reading.events_in(reader, ground, now - LOOK_BACK, now + 1)
        baseline, hours = self._baseline_of(reader, zones, ground, now)
        verdicts: dict[str, Verdict] = {}
        for zone in zones:
            events = recent.get(zone.id, [])
            verdicts[zone.id] = judge(
                there.get(zone.id, []),
                events=sum(1 for at in events if at >= edge),
                event_at=max(events, default=None),
                baseline=baseline.get(zone.id, [0] * hours),
                now=now,
            )
        return verdicts

    def _ground_of(self, zones: Sequence[Zone]) -> Ground:
        key = hash(tuple((zone.id, zone.rings) for zone in zones))
        if self._ground is None or self._ground[0] != key:
            self._ground = (key, Ground(zones))
        return self._ground[1]

    def _baseline_of(
        self, reader: Reader, zones: Sequence[Zone], ground: Ground, now: Instant
    ) -> tuple[dict[str, list[int]], int]:
        """(events by zone in the same hour of past days, of how many days); read once in five minutes."""
        key = (hash(tuple((zone.id, zone.rings) for zone in zones)), now - now % BASELINE_STEP)
        if self._baseline is None or self._baseline[0] != key:
            counts: dict[str, list[int]] = {zone.id: [] for zone in zones}
            windows = baseline_windows(now, reading.lived_since(reader))
            for start, end in windows:
                events = reading.events_in(reader, ground, start, end)
                for zone_id, own in counts.items():
                    own.append(len(events.get(zone_id, ())))
            self._baseline = (key, counts, len(windows))
        return self._baseline[1], self._baseline[2]

    def zones(self, reader: Reader, actor: Actor) -> list[Zone]:
        """Those in use, by name, as they were last found."""
        self._gate.require(actor, "situation.see")
        return sql.zones(reader)

    def zone_states(
        self, reader: Reader, actor: Actor, zone_id: str, *, before: int, limit: int
    ) -> list[tuple[int, str, Instant, Instant, Facts]]:
        """What a zone was found to be, newest first; `NotFound("zone-none")`."""
        self._gate.require(actor, "situation.see")
        sql.get_zone(reader, zone_id)
        return sql.states(reader, zone_id, before=before, limit=limit)

    # -- workload ------------------------------------------------------------------------

    def workload(
        self, reader: Reader, actor: Actor, *, now: Instant, since: Instant | None = None
    ) -> Workload:
        """What the seats carry since `since` (eight hours unless told, at most two days).

        Who commands sees every seat; anybody else of the floor sees their own alone.
        """
        everybody = self._gate.allows(actor, "situation.workload")
        if not everybody:
            self._gate.require(actor, "situation.workload", own=True)
        start, _ = _window(since, None, now, WORKLOAD_WINDOW_DEFAULT, WORKLOAD_WINDOW_MAX)
        deeds, _names = reading.deeds(reader, start)
        seats = [seat for seat in reading.seats(reader, now) if everybody or seat.id == actor.id]
        loads = seat_loads(
            seats, deeds, talking=reading.talking(reader), promises=reading.promises(reader, now)
        )
        units = unit_loads(
            reading.units(reader), reading.spans(reader, start, self._endings), start=start, now=now
        )
        return Workload(since=start, until=now, everybody=everybody, seats=loads, units=units)

    # -- unserved demand -------------------------------------------------------------------

    def mark_unserved(self, tx: Tx, incident_id: str, reason: str, *, text: str = "") -> Unserved:
        """Nobody can come.

        Raises `NotFound("incident-none")`, `Refused("unserved-closed")` where the incident is closed,
        `Refused("unserved-said")` where it was said already and still stands.
        """
        self._gate.require(tx.actor, "situation.unserved")
        self._vocabulary.usable("unserved_reasons", reason)
        found = reading.incident(tx, incident_id)
        if found is None:
            raise NotFound("incident-none", id=incident_id)
        number, priority, state = found
        if state == "closed":
            raise Refused("unserved-closed", number=number)
        held = sql.open_unserved_of(tx, incident_id)
        if held is not None:
            raise Refused("unserved-said", number=number, by=held.by_name)
        unserved_id = new_id(tx.now)
        sealed = self._sealed(tx, unserved_id, text)
        unserved = Unserved(
            id=unserved_id,
            incident_id=incident_id,
            number=number,
            priority=priority,
            reason=reason,
            at=tx.now,
            by_id=tx.actor.id,
            by_name=tx.actor.name,
            words_sealed=None if sealed is None else sealed.sealed,
        )
        sql.save_unserved(tx, unserved)
        tx.record(
            UnservedMarked(
                id=unserved_id,
                incident_id=incident_id,
                number=number,
                reason=reason,
                priority=priority,
                words=sealed,
            )
        )
        return sql.get_unserved(tx, unserved_id)

    def withdraw_unserved(self, tx: Tx, unserved_id: str, *, text: str = "") -> Unserved:
        """It was said by mistake: it stands in the ledger, and no longer counts."""
        self._gate.require(tx.actor, "situation.unserved")
        held = sql.get_unserved(tx, unserved_id)
        ended = held.end("withdrawn", at=tx.now, by=tx.actor.id)
        sql.save_unserved(tx, ended)
        tx.record(
            UnservedWithdrawn(
                id=held.id,
                incident_id=held.incident_id,
                number=held.number,
                words=self._sealed(tx, held.id, text),
            )
        )
        return sql.get_unserved(tx, unserved_id)

    def scene_reached(self, tx: Tx, incident_id: str, callsign: str, at: Instant) -> None:
        """A unit is on the scene: the demand is served after all. Bootstrap subscribes it to dispatch."""
        held = sql.open_unserved_of(tx, incident_id)
        if held is None:
            return
        sql.save_unserved(tx, held.end("served", at=max(held.at, min(at, tx.now)), by=tx.actor.id))
        tx.record(UnservedServed(id=held.id, incident_id=incident_id, number=held.number, callsign=callsign))

    def scene_taken_back(self, tx: Tx, incident_id: str) -> None:
        """A unit was not on the scene after all: what its arrival had ended stands again."""
        held = sql.last_unserved_of(tx, incident_id)
        if held is None or held.ended_how != "served" or reading.somebody_there(tx, incident_id):
            return
        sql.save_unserved(tx, held.stand_again())
        tx.record(UnservedStands(id=held.id, incident_id=incident_id, number=held.number))

    def incident_closed(self, tx: Tx, incident_id: str) -> None:
        """The incident is over and nobody had come: it stays counted as unserved, for good."""
        held = sql.open_unserved_of(tx, incident_id)
        if held is None:
            return
        sql.save_unserved(tx, held.end("closed", at=tx.now, by=tx.actor.id))
        tx.record(UnservedClosed(id=held.id, incident_id=incident_id, number=held.number))

    def ledger(self, reader: Reader, actor: Actor, *, now: Instant, since: Instant | None = None) -> Ledger:
        """Counts since `since` (a day unless told, at most a year)."""
        self._gate.require(actor, "situation.see")
        start, _ = _window(since, None, now, NORMS_WINDOW_DEFAULT, UNSERVED_WINDOW_MAX)
        return Ledger(
            since=start,
            demands=reading.opened_since(reader, start),
            counts=sql.unserved_counts(reader, start),
        )

    def unserved(
        self, reader: Reader, actor: Actor, since: Instant, *, before: int, limit: int
    ) -> list[Unserved]:
        """Those said since then, newest first."""
        self._gate.require(actor, "situation.see")
        return sql.unserved_page(reader, since, before=before, limit=limit)

    def may_read_words(self, actor: Actor) -> bool:
        """Whether what was typed beside a reason is for this actor."""
        return self._gate.allows(actor, "incidents.read_words")

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Bootstrap subscribes this to `SealedErased`: rows that showed the words are sent anew."""
        sql.touch_sealed(tx, fact.sealed)

    def _sealed(self, tx: Tx, unserved_id: str, text: str) -> Sealed | None:
        if not text.strip():
            return None
        return tx.seal(
            subject=f"unserved/{unserved_id}",
            field="words",
            kind="words",
            value=words(text, "words", chars_max=WORDS_CHARS_MAX),
            keep_for=KEEP_WORDS_FOR,
        )

    # -- the house -----------------------------------------------------------------------

    def tell_power(
        self,
        tx: Tx,
        source: str,
        *,
        generator_s: int | None = None,
        battery_s: int | None = None,
        at: Instant | None = None,
    ) -> House:
        """What the house runs on, and how long its reserves last, as somebody or some machine says."""
        self._gate.require(tx.actor, "situation.house")
        self._vocabulary.usable("power_sources", source)
        row = House(
            id=POWER,
            what="power",
            state=source,
            generator_s=reserve(generator_s, "generator_s"),
            battery_s=reserve(battery_s, "battery_s"),
            at=told_at(at, now=tx.now),
            by_id=tx.actor.id,
            by_name=tx.actor.name,
        )
        return self._told(
            tx,
            row,
            PowerTold(
                id=POWER,
                at=row.at,
                source=source,
                generator_s=row.generator_s,
                battery_s=row.battery_s,
            ),
        )

    def tell_link(
        self,
        tx: Tx,
        name: str,
        *,
        kind: str,
        state: str,
        latency_ms: int | None = None,
        at: Instant | None = None,
    ) -> House:
        """How one link of the house is; a name not heard before is a new link, `Refused` beyond 24."""
        self._gate.require(tx.actor, "situation.house")
        name = link_name(name)
        self._vocabulary.usable("link_kinds", kind)
        self._vocabulary.usable("link_states", state)
        link_id = f"link/{name.casefold()}"
        held = sql.find_house(tx, link_id)
        if held is None and sql.count_links(tx) >= LINKS_MAX:
            raise Refused("links-of-house-full", limit=LINKS_MAX)
        row = House(
            id=link_id,
            what="link",
            name=name if held is None else held.name,
            kind=kind,
            state=state,
            latency_ms=latency(latency_ms),
            at=told_at(at, now=tx.now),
            by_id=tx.actor.id,
            by_name=tx.actor.name,
        )
        return self._told(
            tx,
            row,
            LinkTold(
                id=link_id,
                at=row.at,
                name=name,
                link_kind=kind,
                state=state,
                latency_ms=row.latency_ms,
            ),
        )

    def _told(self, tx: Tx, row: House, fact: PowerTold | LinkTold) -> House:
        held = sql.find_house(tx, row.id)
        if held is not None and held.at > row.at:
            # Late news of the past must not hide the present.
            raise Refused("told-overtaken")
        sql.save_house(tx, row)
        entry = tx.record(fact, at=row.at)
        return replace(row, seq=entry.seq)

    def house(self, reader: Reader, actor: Actor) -> Sequence[House]:
        """The power, then the links by name, each as last told."""
        self._gate.require(actor, "situation.see")
        return sql.house(reader)


def _window(
    since: Instant | None, until: Instant | None, now: Instant, usual: Instant, longest: Instant
) -> tuple[Instant, Instant]:
    end = now if until is None else until
    start = end - usual if since is None else since
    if start > end:
        raise Malformed("window-impossible")
    if end - start > longest:
        raise Malformed("window-too-long", days=longest // DAY, given=-(-(end - start) // DAY))
    # A window that ends now takes in what comes in while it is read.
    return start, max(end, now + 1) if until is None else end


def _of_priorities(cases: Sequence[Case], norm: Norm) -> list[Case]:
    """Cases that the norm is about. What has no priority yet counts only where every priority does."""
    every = len(norm.priorities) >= 5
    return [case for case in cases if case.priority in norm.priorities or (every and case.priority is None)]


def _named(given: ZoneGiven) -> ZoneGiven:
    return replace(
        given,
        name=line(given.name, "name", chars_max=NAME_CHARS_MAX),
        names={
            lang: line(text, f"names.{lang}", chars_max=NAME_CHARS_MAX) for lang, text in given.names.items()
        },
    )


def _laid(plot: Plot, held: Zone | None, now: Instant) -> Zone:
    given = plot.given
    return Zone(
        id=new_id(now) if held is None else held.id,
        name=given.name,
        names=given.names,
        place_id=given.place_id,
        lat=plot.lat,
        lon=plot.lon,
        rings=plot.rings,
        retired=False,
        state=None if held is None else held.state,
        since=None if held is None else held.since,
        facts=Facts(reason="") if held is None else held.facts,
    )
