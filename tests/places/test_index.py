"""Search: what is found, in which order, and why."""

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.places.fold import plain
from lanbi.places.index import FRESH_KEYS_MAX, Gazetteer
from lanbi.places.model import Place, pack_keys, unpack_keys
from lanbi.places.terms import aliases, kinds


def place(place_id: str, name: str, kind: str = "locality", **more: object) -> Place:
    return Place(id=place_id, name=name, kind=kind, **more).sounded()  # pyright: ignore[reportArgumentType]


def gazetteer(*places: Place) -> Gazetteer:
    return Gazetteer(places, rank={code: k.rank for code, k in kinds().items()}, aliases=aliases())


def test_the_written_name_comes_before_its_sound_before_a_beginning_before_a_resemblance() -> None:
    index = gazetteer(
        place("near", "Karfur Rose"), place("longer", "Carrefour Feuilles"), place("sound", "Carrefour"),
        place("name", "Kafou"), place("words", "Ti Kafou"),
    )  # fmt: skip
    found = index.search("Kafou")
    assert [m.place.id for m in found][:4] == ["name", "sound", "longer", "words"]
    assert [m.reason for m in found][:4] == ["name", "sound", "prefix", "words"]
    assert found[0].score == 100


def test_each_result_says_which_of_its_names_matched() -> None:
    index = gazetteer(place("p", "Port-au-Prince", names={"ht": ["Pòtoprens"], "es": ["Puerto Príncipe"]}))
    assert index.search("potoprens")[0].name == "Pòtoprens"
    assert index.search("puerto principe")[0].name == "Puerto Príncipe"


def test_among_equals_the_larger_kind_then_the_nearer_comes_first() -> None:
    index = gazetteer(
        place("far", "Savanette", lat=19.5, lon=-72.0),
        place("close", "Savanette", lat=18.6, lon=-72.3),
        place("commune", "Savanette", "commune", lat=18.7, lon=-71.8),
    )
    found = index.search("Savanèt", near=(18.55, -72.3))
    assert [m.place.id for m in found] == ["commune", "close", "far"]
    assert found[1].distance_m is not None
    assert found[1].distance_m < 6_000


def test_a_wrong_letter_still_finds_it_and_says_it_only_resembles() -> None:
    index = gazetteer(place("c", "Carrefour Feuilles"), place("d", "Delmas"))
    found = index.search("Kafou Feiy t")
    assert found[0].place.id == "c"
    assert index.search("xyzzyq") == []


def test_what_people_call_a_town_finds_it_though_it_sounds_like_nothing_of_the_kind() -> None:
    index = gazetteer(place("cap", "Cap-Haïtien"), place("cayes", "Les Cayes"))
    assert index.search("Okap")[0].place.id == "cap"
    assert index.search("Okay")[0].place.id == "cayes"


def test_a_landmark_is_found_the_moment_it_is_added_and_by_its_new_name_after_a_change() -> None:
    index = gazetteer(place("d", "Delmas"))
    index.add(place("l", "Boulangerie Marie"))
    assert index.search("boulanjri mari")[0].place.id == "l"
    index.add(place("l", "Garage Ti Jo"))
    assert index.search("garaj ti jo")[0].place.id == "l"
    assert not any(m.place.id == "l" for m in index.search_surely("Boulangerie Marie"))


def test_many_additions_rebuild_the_tables_and_lose_nothing() -> None:
    index = gazetteer(place("d", "Delmas"))
    for i in range(FRESH_KEYS_MAX + 40):
        index.add(place(f"n{i}", f"Kafou Nimewo {i}"))
    assert len(index) == FRESH_KEYS_MAX + 41
    for i in (0, FRESH_KEYS_MAX, FRESH_KEYS_MAX + 39):
        assert index.search(f"Kafou Nimewo {i}")[0].place.id == f"n{i}"


def test_searching_while_adding_from_another_thread() -> None:
    index = gazetteer(*(place(f"p{i}", f"Kafou {i}") for i in range(200)))
    failed: list[BaseException] = []

    def add() -> None:
        try:
            for i in range(200):
                index.add(place(f"q{i}", f"Dèlma nouvo {i}"))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=add)
    thread.start()
    while thread.is_alive():
        assert index.search("Kafou 7")
    thread.join()
    assert not failed
    assert index.search("delma nouvo 199")[0].place.id == "q199"


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30
).filter(lambda name: bool(plain(name)))


@settings(max_examples=60)
@given(st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=8))
def test_every_place_is_found_by_its_own_name_in_every_language(named: list[tuple[str, str, str]]) -> None:
    places = [
        place(f"p{i}", one, names={"ht": [two], "fr": [three]}) for i, (one, two, three) in enumerate(named)
    ]
    index = Gazetteer(places)
    for held in places:
        for name in held.all_names():
            found = index.search(name, limit=50)
            assert any(m.place.id == held.id and m.reason == "name" for m in found), name


@given(st.lists(NAMES, max_size=5))
def test_stored_keys_come_back_as_they_were(names: list[str]) -> None:
    made = place("p", "Kafou", names={"alt": names})
    assert unpack_keys(pack_keys(made)) == (made.keys, made.words)


def test_keys_of_older_rules_are_not_trusted() -> None:
    assert unpack_keys("0|kafou|kafou") is None
    assert unpack_keys("") is None
