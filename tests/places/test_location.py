"""What a caller says becomes an area with an honest radius."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.places.index import Gazetteer
from lanbi.places.location import CANDIDATES_MAX, parse_location
from lanbi.places.model import Place
from lanbi.places.terms import aliases, kinds, relations
from places.rooms import Room

SMALL = Gazetteer(
    [
        Place(
            id="c", kind="church", name="Église Saint-Michel", names={"ht": ["Legliz Sen Michèl"]},
            lat=18.5585, lon=-72.2985, radius_m=100.0,
        ).sounded(),
        Place(id="d", kind="quarter", name="Delmas 33", lat=18.556, lon=-72.299, radius_m=500.0).sounded(),
        Place(id="k", kind="commune", name="Carrefour", lat=18.54, lon=-72.399, radius_m=4200.0).sounded(),
    ],
    aliases=aliases(),
)  # fmt: skip


def test_behind_the_church_is_wider_than_the_church_and_the_quarter_vouches_for_it() -> None:
    first = parse_location(SMALL, "dèyè legliz Sen Michèl, Dèlma 33")[0]
    assert first.area.place_id == "c"
    assert first.relation == "behind"
    assert first.context == "Delmas 33"
    assert first.area.radius_m == 160.0
    assert first.area.confidence == "likely"
    assert first.area.source == "landmark"
    assert first.area.words == "dèyè legliz Sen Michèl, Dèlma 33"


def test_a_landmark_far_from_the_quarter_that_was_named_is_only_heard() -> None:
    found = {c.area.place_id: c for c in parse_location(SMALL, "legliz Sen Michèl, Kafou")}
    assert found["c"].area.confidence == "heard"
    assert "context_far" in found["c"].because


def test_when_only_the_quarter_is_known_the_quarter_remains() -> None:
    found = parse_location(SMALL, "dèyè kay Woje a, Dèlma 33")
    assert found[0].area.place_id == "d"
    assert found[0].area.source == "gazetteer"


def test_no_words_are_ever_exact() -> None:
    for said in ("Dèlma 33", "legliz Sen Michèl", "Kafou"):
        assert all(c.area.confidence in ("likely", "heard") for c in parse_location(SMALL, said))


@pytest.mark.parametrize(
    ("said", "code", "relation"),
    [
        ("dèyè legliz Sen Michèl, Dèlma 33", "eglise-saint-michel", "behind"),
        ("derrière l'église Saint-Michel à Delmas 33", "eglise-saint-michel", "behind"),
        ("anfas estasyon gaz la nan Taba", "station-tabarre", "opposite"),
        ("bò Waf la Site Solèy", "wharf", "beside"),
        ("detrás del hospital general", "hopital-general", "behind"),
        ("near the iron market", "marche-en-fer", "beside"),
        ("lopital jeneral la", "hopital-general", None),
        ("Petyonvil, plas bwaye", "place-boyer", None),
        ("anba pon wouj la", "pont-rouge", "below"),
        ("Kafou Fèy anfas lekòl nasyonal la", "ecole-carrefour-feuilles", "opposite"),
        ("Dèlma trant twa", "delmas-33", None),
        ("mwen nan Matisan", "martissant", None),
        ("devan komisarya Petyonvil", "commissariat-petion-ville", "in_front"),
    ],
)
def test_sentences_of_the_night_find_their_place(
    demo_room: Room, said: str, code: str, relation: str | None
) -> None:
    found = parse_location(demo_room.places.gazetteer, said)
    held = {p.id: p.code for p in demo_room.places.gazetteer}
    top = [(held[c.area.place_id], c.relation) for c in found[:2] if c.area.place_id]
    assert (code, relation) in top


def test_between_two_crossroads_is_the_stretch_between_them(demo_room: Room) -> None:
    first = parse_location(demo_room.places.gazetteer, "ant kafou ayewopò ak kafou avyasyon")[0]
    assert first.relation == "between"
    assert first.area.place_id is None
    assert 500 < (first.area.radius_m or 0) < 900


def test_one_name_in_several_places_says_so_and_the_nearer_comes_first() -> None:
    index = Gazetteer(
        [
            Place(id="north", kind="locality", name="Savanette", lat=19.6, lon=-72.3).sounded(),
            Place(id="south", kind="locality", name="Savanette", lat=18.4, lon=-72.3).sounded(),
        ]
    )
    found = parse_location(index, "Savanèt", near=(18.5, -72.3))
    assert found[0].area.place_id == "south"
    assert "several_of_this_name" in found[0].because
    assert found[0].area.confidence == "heard"


@settings(max_examples=200)
@given(st.text(max_size=120))
def test_no_text_makes_it_stumble(text: str) -> None:
    assert len(parse_location(SMALL, text)) <= CANDIDATES_MAX


PLACING = [word for relation in relations().values() for said in relation.said for word in said]


@given(st.lists(st.sampled_from([*PLACING, "ak", ",", "Dèlma", "33", "legliz", "la", "Sen"]), max_size=30))
def test_no_order_of_the_words_of_place_makes_it_stumble(words: list[str]) -> None:
    for candidate in parse_location(SMALL, " ".join(words)):
        assert candidate.area.radius_m
        assert candidate.area.lat is not None


def test_kinds_and_relations_have_a_label_in_every_language() -> None:
    for term in (*kinds().values(), *relations().values()):
        assert set(term.labels) == {"ht", "fr", "es", "en"}
        assert all(term.labels.values())
        assert term.radius_m > 0
