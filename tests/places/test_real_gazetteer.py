"""The real boundaries and the real gazetteer of Haiti; skipped where they are not beside the repository."""

import pytest

from lanbi.places.fold import plain
from lanbi.places.service import Places
from places.kreyol_holdout import CITIES, GAZETTEER, index_of, measure, pairs_of, pairs_of_cities, rows_of
from places.rooms import KEEPER, Room, real

HELD_OUT_AT_1 = 0.80
HELD_OUT_AT_5 = 0.92


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    real("haiti_gazetteer", GAZETTEER.name)
    return rows_of(GAZETTEER)


def test_kreyol_names_find_their_french_places_on_pairs_never_tuned_on(rows: list[dict[str, str]]) -> None:
    gazetteer, _ = index_of(rows, with_aliases=False)
    score = measure(gazetteer, pairs_of(rows, held_out=True))
    assert score.pairs > 100
    assert score.at_1 >= HELD_OUT_AT_1
    assert score.at_5 >= HELD_OUT_AT_5
    cities = measure(gazetteer, pairs_of_cities(rows_of(CITIES), held_out=True))
    assert cities.at_5 >= 0.8


def test_every_real_place_is_found_by_its_own_name(rows: list[dict[str, str]]) -> None:
    gazetteer, places = index_of(rows, with_aliases=False)
    sample = [place for i, place in enumerate(places.values()) if i % 40 == 0]
    for place in sample:
        for name in place.all_names():
            if not plain(name):
                continue
            found = gazetteer.search(name, limit=50)
            assert found[0].reason == "name", name
            assert plain(found[0].name) == plain(name)


def test_the_whole_country_comes_in_and_answers(room: Room) -> None:
    for level, name, count in ((1, "departments", 10), (2, "communes", 140), (3, "sections", 570)):
        report = room.take(real("haiti_admin", f"adm{level}_{name}.geojson"))
        assert (report.source, report.added, report.refused, report.orphans) == ("cod-ab", count, 0, 0)
    report = room.take(real("haiti_gazetteer", GAZETTEER.name))
    assert (report.source, report.added, report.refused) == ("wof", 10_908, 0)
    assert room.take(real("haiti_gazetteer", "wof_haiti_polygons.geojson")).added == 0
    assert room.take(real("haiti_gazetteer", GAZETTEER.name)).changed == 0

    fresh = Places(room.places._gate, room.places.territory)
    assert room.store.read_now(fresh.load) == 10_908 + 720

    chain = [(p.kind, p.name) for p in fresh.at(KEEPER, 18.5433, -72.3380)]
    assert chain[:3] == [
        ("section", "1re Section Turgeau"),
        ("commune", "Port-au-Prince"),
        ("department", "Ouest"),
    ]
    assert fresh.at(KEEPER, 18.70, -72.60) == []
    for said, name in (("Potoprens", "Port-au-Prince"), ("Okap", "Cap-Haïtien"), ("Jakmel", "Jacmel")):
        assert name in fresh.search(KEEPER, said)[0].place.name


def test_facilities_with_impossible_coordinates_are_refused_and_the_rest_kept(room: Room) -> None:
    files = sorted(real("haiti_health_facilities").glob("*.csv"))
    if not files:
        pytest.skip("the real data is not beside the repository (haiti_health_facilities)")
    report = room.take(files[0], kind="hospital")
    assert report.refused > 0
    assert report.added + report.refused == report.rows
    assert all(bad.code.startswith(("coordinates-", "place-")) for bad in report.bad)
