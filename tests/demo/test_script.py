"""The demo evening keeps its word: invented, in four languages, alive after a minute, and whole."""

import re
from collections import Counter
from importlib.resources import files

import pytest

from lanbi.core.access import LANGUAGES
from lanbi.core.errors import Malformed
from lanbi.core.vocabulary import load
from lanbi.demo.script import ScriptFault, load_evening, parse_evening

VOCABULARY = load()
TEXT = (files("lanbi") / "demo" / "evening.toml").read_text(encoding="utf-8")
EVENING = load_evening(VOCABULARY)
TIMELINE = EVENING.timeline()
CALLS = [call for call, _ in TIMELINE]


def test_the_evening_says_that_it_is_synthetic_and_rings_nobody() -> None:
    assert EVENING.synthetic
    assert "SYNTHETIC" in TEXT.splitlines()[0]
    numbers = [call.number for call in CALLS if call.number is not None]
    assert len(numbers) > 50
    assert all(number.startswith("+509 00 00 ") for number in numbers)
    with pytest.raises(ScriptFault, match="synthetic"):
        parse_evening(TEXT.replace("synthetic = true", "synthetic = false"), VOCABULARY)


def test_a_minute_after_the_start_the_room_is_alive() -> None:
    early = [call for call in CALLS if call.at_s <= 60]
    assert len(early) >= 6
    assert {call.channel for call in early} >= {"voice", "sms"}
    assert any(call.bip for call in early), "a call-back debt stands on the ledger"


def test_calls_come_at_the_pace_of_a_busy_floor() -> None:
    assert len(CALLS) >= 60
    mean_gap_s = (CALLS[-1].at_s - CALLS[0].at_s) / (len(CALLS) - 1)
    assert 25 <= mean_gap_s <= 40


@pytest.mark.parametrize(("lang", "share"), [("ht", 0.65), ("fr", 0.20), ("es", 0.10), ("en", 0.05)])
def test_each_language_is_heard_as_often_as_in_life(lang: str, share: float) -> None:
    heard = Counter(call.lang for call in CALLS)
    assert set(heard) == set(LANGUAGES)
    assert abs(heard[lang] / len(CALLS) - share) <= 0.05


def test_several_calls_speak_of_one_event() -> None:
    calls_about = {incident.key: len(incident.calls) for incident in EVENING.incidents}
    assert calls_about["delmas33_crash"] == 3
    assert calls_about["champ_de_mars_fire"] == 5
    assert calls_about["bon_repos_flood"] == 4


def test_the_hard_parts_of_a_night_all_happen() -> None:
    bips = [call for call in CALLS if call.bip and call.callback is not None]
    assert {call.callback.outcome for call in bips if call.callback} == {"reached", "no_answer"}
    assert any(call.bip and incident is not None for call, incident in TIMELINE), "a bip can hide a life"
    assert [incident.disposition for incident in EVENING.incidents if not incident.served] == [
        "unserved_road"
    ]
    assert {call.channel for call in CALLS} == {"voice", "sms", "web"}
    assert any(promise.outcome == "broken" for incident in EVENING.incidents for promise in incident.promises)
    assert any(unit.out_of_service for unit in EVENING.units)
    assert {incident.priority for incident in EVENING.incidents} == {"P0", "P1", "P2", "P3", "P4"}


def test_kreyol_of_callers_and_seats_has_no_apostrophes() -> None:
    kreyol = [call.words for call in CALLS if call.lang == "ht" and call.words]
    kreyol += [note.words for incident in EVENING.incidents for note in incident.notes if note.lang == "ht"]
    assert len(kreyol) > 80
    assert [words for words in kreyol if re.search(r"['’]", words)] == []


def test_needs_come_from_the_type_unless_the_script_says_otherwise() -> None:
    by_key = {incident.key: incident for incident in EVENING.incidents}
    assert by_key["delmas33_crash"].needs == VOCABULARY.term("incident_types", "road_accident_trapped").needs
    fire = {need.capability: need.count for need in by_key["champ_de_mars_fire"].needs}
    assert fire == {"fire_engine": 2, "water_tanker": 1, "foam": 1, "police": 1}


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('type = "shooting"', 'type = "shootin"', Malformed),
        ('kind = "boat"', 'kind = "ferry"', Malformed),
        ('outcome = "broken"', 'outcome = "forgotten"', Malformed),
        ('hospital = "taba"', 'hospital = "tabarre"', ScriptFault),
        ('callsign = "M21"', 'callsign = "M09"', ScriptFault),
        ('callsign = "M21"', 'callsign = "E21"', ScriptFault),
        ("lat = 18.5780", "lat = 19.5780", ScriptFault),
        ('"+509 00 00 01 42"', '"+509 34 00 01 42"', ScriptFault),
        ("served = false\n", "", ScriptFault),
        ("ring_s = 4\n", "", ScriptFault),
        ("talk_s = 140\n", "", ScriptFault),
        ("scene_s = ", "scenes_s = ", ScriptFault),
        ('callsign = "M21"', 'callsign "M21"', ScriptFault),
    ],
)
def test_a_slip_in_the_script_is_refused(before: str, after: str, fault: type[Exception]) -> None:
    assert before in TEXT
    assert parse_evening(TEXT, VOCABULARY) == EVENING
    with pytest.raises(fault):
        parse_evening(TEXT.replace(before, after, 1), VOCABULARY)
