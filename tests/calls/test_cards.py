"""The question cards as data: whole in four languages, sensible, and refused by name where they are not."""

import shutil
from pathlib import Path

import pytest

from lanbi.calls import cards as module
from lanbi.calls.cards import Cards, holds, load
from lanbi.core.access import LANGUAGES
from lanbi.core.errors import LanbiError, Malformed
from stores import VOCABULARY

CARDS_MIN = 24
SHIPPED = Path(module.__file__).parent
ROAD = (SHIPPED / "road_accident.toml").read_text()


@pytest.fixture(scope="module")
def cards() -> Cards:
    return load(VOCABULARY)


def test_every_kind_of_call_has_its_card(cards: Cards) -> None:
    assert len(cards.cards) >= CARDS_MIN
    served = {code for card in cards.cards.values() for code in card.types}
    for code in (
        *(
            "cardiac_arrest",
            "unconscious",
            "stroke",
            "bleeding",
            "childbirth",
            "cholera",
            "burn",
            "poisoning",
        ),
        *("house_fire", "fuel_fire", "gas_leak", "shooting", "assault", "armed_robbery", "burglary"),
        *("kidnapping", "road_accident", "flood", "earthquake", "landslide", "missing_child"),
        *("sexual_violence", "unrest", "gang_attack", "explosive_device", "armed_drone", "power_line_down"),
        *("bridge_damage", "telecom_outage", "drowning", "boat_distress", "suicide_risk", "other"),
    ):
        assert code in served, code


def test_a_caller_is_never_asked_for_proof(cards: Cards) -> None:
    never = cards.card("gender_violence").never
    assert any("proof" in text["en"] for text in never)
    assert all(set(text) == set(LANGUAGES) for card in cards.cards.values() for text in card.never)


def test_the_tag_changes_with_the_contents(cards: Cards, tmp_path: Path) -> None:
    assert load(VOCABULARY).tag == cards.tag
    (tmp_path / "road_accident.toml").write_text(ROAD.replace("Èske wout la bloke?", "Èske wout la bouche?"))
    own = load(VOCABULARY, tmp_path)
    assert own.tag != cards.tag
    assert own.card("road_accident").question("blocked").ask["ht"] == "Èske wout la bouche?"
    assert len(own.cards) == len(cards.cards)


def test_a_site_adds_a_card_of_its_own(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "burglary.toml", tmp_path / "crop_theft.toml")
    assert load(VOCABULARY, tmp_path).card("crop_theft").types[0] == "burglary"
    assert load(VOCABULARY, tmp_path / "absent").cards.keys() == load(VOCABULARY).cards.keys()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('fr = "Accident de la route"', 'fr = ""', "title.fr"),
        ('type = "bus_accident"', 'type = "bus_acident"', "bus_acident"),
        ('priority = "P4"', 'priority = "P9"', "P9"),
        ('["eq", "vehicle", "bus"]', '["eq", "vehicle", "plane"]', "plane"),
        ('["eq", "vehicle", "bus"]', '["eq", "vehicel", "bus"]', "vehicel"),
        ('["gte", "hurt", 10]', '["gte", "vehicle", 10]', "gte vehicle"),
        ('["gte", "hurt", 10]', '["more", "hurt", 10]', "no condition"),
        ('["gte", "hurt", 10]', '["all", ["gte", "hurt", 10], ["eq", "hurt", 2]]', "no answers reach"),
        ('"leak"\nkind = "yesno"\ndanger = ["yes"]', '"leak"\nkind = "yesno"\ndanger = ["si"]', "danger"),
        ('use = "bleeding"', 'use = "bleeeding"', "bleeeding"),
        ('code = "leak"\n', 'code = "blocked"\n', "twice"),
        ('types = ["road_accident",', 'kolor = 1\ntypes = ["road_accident",', "kolor"),
        ('ht = "Èske wout la bloke?"', 'ht = "' + "a" * 151 + '"', "151 characters"),
    ],
)  # fmt: skip
def test_a_card_that_makes_no_sense_is_refused_by_name(
    tmp_path: Path, before: str, after: str, says: str
) -> None:
    assert before in ROAD
    (tmp_path / "road_accident.toml").write_text(ROAD.replace(before, after, 1))
    with pytest.raises(Malformed) as refused:
        load(VOCABULARY, tmp_path)
    assert refused.value.code == "card-wrong"
    assert "road_accident.toml" in str(refused.value)
    assert says in str(refused.value)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[[[")
    with pytest.raises(LanbiError) as refused:
        load(VOCABULARY, tmp_path)
    assert refused.value.code == "card-unreadable"


def test_answers_are_those_that_the_question_takes(cards: Cards) -> None:
    for question, answer in (("trapped", "yes"), ("trapped", "unknown"), ("hurt", "3"), ("vehicle", "bus")):
        assert cards.check_answer("road_accident", question, answer).code == question
    for question, answer, code in (
        ("trapped", "wi", "card-answer-unknown"),
        ("vehicle", "plane", "card-answer-unknown"),
        ("hurt", "many", "card-answer-count"),
        ("hurt", "99999", "card-answer-count"),
        ("weather", "yes", "card-question-unknown"),
    ):
        with pytest.raises(LanbiError) as refused:
            cards.check_answer("road_accident", question, answer)
        assert refused.value.code == code
    with pytest.raises(LanbiError) as refused:
        cards.check_because("road_accident", "nope")
    assert refused.value.code == "card-rule-unknown"
    cards.check_because("road_accident", "trapped")
    cards.check_because("road_accident", None)
    with pytest.raises(LanbiError) as refused:
        cards.check_because("nope", None)
    assert refused.value.code == "card-unknown"


def test_a_question_without_an_answer_fulfils_nothing_but_not() -> None:
    for when in (["eq", "q", "yes"], ["gte", "q", 1], ["answered", "q"]):
        assert not holds(when, {})
        assert holds(["not", when], {})
    assert holds(["all", ["gte", "q", 2], ["any", ["eq", "q", 3], ["eq", "r", "no"]]], {"q": "3"})
