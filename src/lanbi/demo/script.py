"""The demo evening as data: who stands by, who calls, what they say, how it ends.

`evening.toml` describes its own fields at its top; here they have types, and every code in
it is checked against the vocabulary, so that a renamed term fails a test and not a demo.
"""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from lanbi.core.geo import Area, check_area
from lanbi.core.vocabulary import Need, Vocabulary, load

# The metropolitan area of Port-au-Prince, with Kenscoff: south, west, north, east in degrees.
SOUTH, WEST, NORTH, EAST = 18.40, -72.46, 18.66, -72.15
HOME_RADIUS_M = 100.0
DEMO_NUMBER = r"^\+509 00 00 \d\d \d\d$"  # no Haitian number begins with 00

AfterS = Annotated[int, Meta(ge=0, le=86_400)]
DurationS = Annotated[int, Meta(ge=1, le=86_400)]
Words = Annotated[str, Meta(min_length=1, max_length=1_000)]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=48)]


class ScriptFault(ValueError):
    """The script does not hold together: `where` in it, and the field or form that is wrong.

    For whoever edits the file; no user of a running centre ever meets it.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where, reason)
        self.where = where
        self.reason = reason


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every part of the script has in common: it is exactly what is written."""


class Hospital(_Part, frozen=True):
    """Where the injured are taken."""

    key: Key
    name: Words
    lat: float
    lon: float


class Home(_Part, frozen=True):
    """Where a unit stands by."""

    words: Words
    lat: float
    lon: float

    @property
    def area(self) -> Area:
        """The place as an area of the house."""
        return Area(
            lat=self.lat, lon=self.lon, radius_m=HOME_RADIUS_M, source="map", confidence="exact",
            words=self.words,
        )  # fmt: skip


class Silence(_Part, frozen=True):
    """When a unit's link is cut, in seconds from the start of the evening, and for how long."""

    from_s: Annotated[int, Meta(ge=0, le=7_200)]
    for_s: Annotated[int, Meta(ge=1, le=7_200)]


class Unit(_Part, frozen=True):
    """A unit as the evening begins. `out_of_service`: an availability reason, None when available.

    `silent`: when its link is cut; it says nothing then, neither where it is nor what it does.
    """

    callsign: Annotated[str, Meta(pattern=r"^[A-Z]{1,3}\d{1,3}$")]
    kind: str
    capabilities: tuple[str, ...]
    crew: Annotated[int, Meta(ge=0, le=20)]
    home: Home
    shift_left_h: Annotated[float, Meta(gt=0, le=24)]
    out_of_service: str | None = None
    silent: Silence | None = None


class Antenna(_Part, frozen=True):
    """What the network says of the place while it rings."""

    words: Words
    lat: float
    lon: float
    radius_m: float

    @property
    def area(self) -> Area:
        """The place as an area of the house."""
        return Area(
            lat=self.lat, lon=self.lon, radius_m=self.radius_m, source="cell", confidence="likely",
            words=self.words,
        )  # fmt: skip


class CallBack(_Part, frozen=True):
    """What the floor's call-back brings, `after_s` seconds after the caller hung up."""

    after_s: AfterS
    outcome: str


class Call(_Part, frozen=True):
    """One call, text or report. Seconds; `at_s` from the start of the evening."""

    at_s: AfterS
    channel: str
    lang: str
    number: Annotated[str, Meta(pattern=DEMO_NUMBER)] | None = None
    ring_s: DurationS | None = None
    hangs_up_s: DurationS | None = None
    talk_s: DurationS | None = None
    words: Words | None = None
    place: Area | None = None
    antenna: Antenna | None = None
    callback: CallBack | None = None

    @property
    def bip(self) -> bool:
        """Whether it stops ringing before anybody could answer."""
        return self.hangs_up_s is not None

    @property
    def heard(self) -> bool:
        """Whether the floor ever learns what the caller wanted."""
        return not self.bip or (self.callback is not None and self.callback.outcome == "reached")


class Note(_Part, frozen=True):
    """What a seat writes, `after_s` seconds after the opening."""

    after_s: AfterS
    lang: str
    words: Words


class Promise(_Part, frozen=True):
    """What a seat promises, `after_s` seconds after the opening, and what comes of it."""

    after_s: AfterS
    kind: str
    due_in_s: DurationS
    outcome: str
    words: Words


class Incident(_Part, frozen=True):
    """One event and every call about it; the first call opens it.

    `needs`: as resolved, by the script or else by the type. `scene_s` None: nobody is sent.
    """

    key: Key
    type: str
    priority: str
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    disposition: str
    calls: Annotated[tuple[Call, ...], Meta(min_length=1)]
    needs: tuple[Need, ...]
    served: bool = True
    scene_s: DurationS | None = None
    hospital: str | None = None
    hospital_s: DurationS | None = None
    notes: tuple[Note, ...] = ()
    promises: tuple[Promise, ...] = ()


class Answer(_Part, frozen=True):
    """What an addressee says of a message, so long after its sending. `radio`: the room enters it."""

    by: str
    after_s: AfterS
    step: Literal["received", "acknowledged", "will_comply", "cannot_comply", "done"]
    reason: Words | None = None
    radio: bool = False


class Message(_Part, frozen=True):
    """A message of the evening: own words, or a template. `by`: a callsign, or "room"."""

    at_s: AfterS
    by: str
    to: Annotated[str, Meta(pattern=r"^(unit|role|channel):\w+$")]
    words: Words | None = None
    lang: str | None = None
    template: str | None = None
    args: dict[str, str] = {}
    priority: str | None = None
    incident: Key | None = None
    answers: tuple[Answer, ...] = ()


class Evening(_Part, frozen=True):
    """The whole script. `synthetic` stands in the file and is always true; `vehicle_speed_mps` is how
    fast units move over the ground, in metres per second."""

    synthetic: bool
    place: str
    vehicle_speed_mps: Annotated[float, Meta(gt=0, le=100)]
    hospitals: tuple[Hospital, ...]
    units: tuple[Unit, ...]
    incidents: tuple[Incident, ...]
    calls: tuple[Call, ...] = ()
    messages: tuple[Message, ...] = ()

    def timeline(self) -> list[tuple[Call, Incident | None]]:
        """Every call in the order in which it comes in, with the incident it belongs to."""
        of_incidents = [(call, incident) for incident in self.incidents for call in incident.calls]
        return sorted([*of_incidents, *((call, None) for call in self.calls)], key=lambda item: item[0].at_s)


def load_evening(vocabulary: Vocabulary | None = None) -> Evening:
    """The evening that is shipped, checked against `vocabulary` (the shipped one if none is given).

    Raises as `parse_evening`.
    """
    text = (files("lanbi") / "demo" / "evening.toml").read_text(encoding="utf-8")
    return parse_evening(text, vocabulary or load())


def parse_evening(text: str, vocabulary: Vocabulary) -> Evening:
    """The evening that this TOML text describes.

    Raises `ScriptFault` for a form or a tie between parts that does not hold, and `Malformed`
    ("unknown-term", "retired-term") for a code that the vocabulary does not offer.
    """
    try:
        raw = tomllib.loads(text)
        for incident in raw.get("incidents", ()):
            needs = incident.get("needs")
            if needs is None and "type" in incident:
                incident["needs"] = vocabulary.term("incident_types", incident["type"]).needs
            elif isinstance(needs, dict):
                incident["needs"] = [{"capability": name, "count": count} for name, count in needs.items()]
        evening = msgspec.convert(raw, Evening)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ScriptFault("evening.toml", str(error)) from error
    for where, reason in _faults(evening, vocabulary):
        raise ScriptFault(where, reason)
    return evening


def _faults(evening: Evening, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Where the script contradicts itself; an unknown code is raised by the vocabulary."""
    if not evening.synthetic:
        yield "evening.toml", "synthetic"
    yield from _twice("callsign", [unit.callsign for unit in evening.units])
    yield from _twice("key", [incident.key for incident in evening.incidents])
    yield from _twice("key", [hospital.key for hospital in evening.hospitals])
    yield from _twice("number", [call.number for call, _ in evening.timeline() if call.number])
    for hospital in evening.hospitals:
        yield from _outside(hospital.key, hospital.lat, hospital.lon)
    for unit in evening.units:
        prefix = vocabulary.term("unit_kinds", unit.kind).prefix
        if unit.callsign.rstrip("0123456789") != prefix:
            yield unit.callsign, "callsign"
        _usable(vocabulary, capabilities=unit.capabilities)
        if unit.out_of_service is not None:
            _usable(vocabulary, availability_reasons=(unit.out_of_service,))
        yield from _outside(unit.callsign, unit.home.lat, unit.home.lon)
    hospitals = {hospital.key for hospital in evening.hospitals}
    for incident in evening.incidents:
        yield from _incident_faults(incident, hospitals, vocabulary)
    for call in evening.calls:
        yield from _call_faults(f"call at {call.at_s} s", call, vocabulary)
    callsigns = {unit.callsign for unit in evening.units}
    keys = {incident.key for incident in evening.incidents}
    for message in evening.messages:
        yield from _message_faults(message, callsigns, keys, vocabulary)


def _incident_faults(
    incident: Incident, hospitals: set[str], vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    _usable(
        vocabulary,
        incident_types=(incident.type,),
        priorities=(incident.priority,),
        dispositions=(incident.disposition,),
        capabilities=tuple(need.capability for need in incident.needs),
        languages=tuple(note.lang for note in incident.notes),
        promise_kinds=tuple(promise.kind for promise in incident.promises),
        promise_outcomes=tuple(promise.outcome for promise in incident.promises),
    )
    if incident.served == incident.disposition.startswith("unserved_"):
        yield incident.key, "served"
    if (incident.scene_s is not None) != (incident.served and bool(incident.needs)):
        yield incident.key, "scene_s"
    if (incident.hospital is None) != (incident.hospital_s is None):
        yield incident.key, "hospital_s"
    if incident.hospital is not None and incident.hospital not in hospitals:
        yield incident.key, "hospital"
    if (incident.hospital is not None) != (incident.disposition == "transported"):
        yield incident.key, "disposition"
    first = incident.calls[0]
    if not first.heard or first.place is None or first.place.lat is None:
        yield incident.key, "calls"
    if [call.at_s for call in incident.calls] != sorted(call.at_s for call in incident.calls):
        yield incident.key, "at_s"
    for call in incident.calls:
        yield from _call_faults(incident.key, call, vocabulary)


def _call_faults(where: str, call: Call, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    _usable(vocabulary, channels=(call.channel,), languages=(call.lang,))
    if call.channel == "voice":
        if (call.ring_s is None) == (call.hangs_up_s is None):
            yield where, "ring_s"
        if (call.talk_s is not None) != call.heard:
            yield where, "talk_s"
    elif call.ring_s is not None or call.hangs_up_s is not None or call.talk_s is not None:
        yield where, "channel"
    if (call.callback is not None) != call.bip:
        yield where, "callback"
    if call.callback is not None:
        _usable(vocabulary, callback_outcomes=(call.callback.outcome,))
    if (call.words is not None) != call.heard:
        yield where, "words"
    for area in (call.place, call.antenna.area if call.antenna else None):
        if area is not None:
            check_area(area)
            _usable(vocabulary, area_sources=(area.source,), confidences=(area.confidence,))
            if area.lat is not None and area.lon is not None:
                yield from _outside(where, area.lat, area.lon)


def _message_faults(
    message: Message, callsigns: set[str], keys: set[str], vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    where = f"message at {message.at_s} s"
    kind, _, name = message.to.partition(":")
    if kind == "unit" and name not in callsigns:
        yield where, "to"
    if kind != "unit":
        _usable(vocabulary, **{"roles" if kind == "role" else "message_channels": (name,)})
    if {message.by, *(answer.by for answer in message.answers)} - callsigns - {"room"}:
        yield where, "by"
    if (message.words is None) == (message.template is None) or (message.words is None) != (
        message.lang is None
    ):
        yield where, "words"
    if message.template is not None:
        _usable(vocabulary, message_templates=(message.template,))
    if message.lang is not None:
        _usable(vocabulary, languages=(message.lang,))
    if message.priority is not None:
        _usable(vocabulary, message_priorities=(message.priority,))
    if message.incident is not None and message.incident not in keys:
        yield where, "incident"
    if any((answer.reason is None) == (answer.step == "cannot_comply") for answer in message.answers):
        yield where, "reason"


def _usable(vocabulary: Vocabulary, **codes: tuple[str, ...]) -> None:
    for table, wanted in codes.items():
        for code in wanted:
            vocabulary.usable(table, code)


def _twice(field: str, values: list[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            yield value, field
        seen.add(value)


def _outside(where: str, lat: float, lon: float) -> Iterator[tuple[str, str]]:
    if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        yield where, f"{lat}, {lon}"
