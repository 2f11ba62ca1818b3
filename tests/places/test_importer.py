"""Real boundaries and gazetteers come in once, whole, with what is wrong said row by row."""

import json
from pathlib import Path
from typing import Any

import pytest

from lanbi.core.access import LANGUAGES
from lanbi.core.errors import LanbiError, Malformed, Refused
from lanbi.locales import hint, say
from lanbi.places.importer import import_places
from lanbi.places.territory import Territory
from places.rooms import DEMO, KEEPER, Room

SQUARE = [[[-72.4, 18.5], [-72.2, 18.5], [-72.2, 18.6], [-72.4, 18.6], [-72.4, 18.5]]]
INNER = [[[-72.35, 18.52], [-72.3, 18.52], [-72.3, 18.56], [-72.35, 18.56], [-72.35, 18.52]]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(path: Path, *features: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def area(rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


def test_boundaries_with_p_codes_hang_together_and_hold_their_points(room: Room, tmp_path: Path) -> None:
    files = [
        geojson(tmp_path / "a.geojson", feature(area(SQUARE), adm1_pcode="HT01", adm1_fr="Ouest")),
        geojson(
            tmp_path / "b.geojson",
            feature(area(SQUARE), ADM2_PCODE="HT0112", ADM2_FR="Delmas", ADM1_PCODE="HT01", ADM1_FR="Ouest"),
        ),
        geojson(
            tmp_path / "c.geojson",
            feature(
                area(INNER), adm3_pcode="HT0112-01", adm3_fr="1re Section Saint Martin", adm2_pcode="HT0112",
                adm1_pcode="HT01",
            ),
        ),
    ]  # fmt: skip
    for file in files:
        assert room.take(file).added == 1
    chain = room.places.at(KEEPER, 18.54, -72.32)
    assert [(p.kind, p.code) for p in chain] == [
        ("section", "HT0112-01"), ("commune", "HT0112"), ("department", "HT01"),
    ]  # fmt: skip
    assert [p.kind for p in room.places.at(KEEPER, 18.59, -72.21)] == ["commune", "department"]
    assert room.places.at(KEEPER, 18.60, -72.80) == []
    assert [p.name for p in room.places.around(chain[0])] == ["Delmas", "Ouest"]
    # Nobody says the number of a section.
    assert room.names("Sen Maten") == ["1re Section Saint Martin"]


def test_the_same_file_again_changes_nothing(room: Room) -> None:
    first = room.take(DEMO, source="demo")
    assert (first.added, first.refused) == (first.rows, 0)
    head = room.store.read_now(lambda reader: reader.head)
    again = room.take(DEMO, source="demo")
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.rows)
    assert not again.written
    assert room.store.read_now(lambda reader: reader.head) == head


def test_a_corrected_row_changes_that_place_and_keeps_its_id(room: Room, tmp_path: Path) -> None:
    file = table(tmp_path / "p.csv", "code,name,lat,lon\na,Kafou Rita,18.55,-72.30\nb,Santo,18.59,-72.24\n")
    room.take(file)
    before = room.places.search(KEEPER, "Kafou Rita")[0].place
    table(file, "code,name,lat,lon\na,Kafou Rita,18.56,-72.31\nb,Santo,18.59,-72.24\n")
    report = room.take(file)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)
    after = room.places.search(KEEPER, "Kafou Rita")[0].place
    assert (after.id, after.lat, after.version > before.version) == (before.id, 18.56, True)


def test_one_import_is_one_line_of_the_journal_with_the_digest_of_its_file(room: Room) -> None:
    report = room.take(DEMO, source="demo")
    rows = room.store.read_now(
        lambda reader: reader.rows("SELECT body, actor FROM journal WHERE kind = 'places.imported'")
    )
    assert len(rows) == 1
    assert json.loads(rows[0][0])["sha256"] == report.sha256
    assert rows[0][1] == KEEPER.id


def test_good_rows_go_in_and_each_bad_one_is_listed_with_its_line_and_reason(
    room: Room, tmp_path: Path
) -> None:
    file = table(
        tmp_path / "p.csv",
        "code,name,kind,lat,lon,radius_m\n"
        "ok,Kafou Rita,crossroads,18.55,-72.30,\n"
        "swap,Santo,,-72.24,18.59,\n"
        "zero,Marin,,0,0,\n"
        "paris,Pari,,48.85,2.35,\n"
        "east,Lilavwa,,18.6,72.24,\n"
        "word,Pènye,,dizwit,-72.2,\n"
        "none,Taba,,,,\n"
        ",,,18.5,-72.3,\n"
        "kind,Frè,spaceport,18.52,-72.26,\n"
        "ok,Frè,,18.52,-72.26,\n"
        'two,"yon\nde",,18.52,-72.26,\n'
        "big,Miso,,18.52,-72.26,9999999\n",
    )
    report = room.take(file)
    assert {b.line: b.code for b in report.bad} == {
        3: "coordinates-swapped", 4: "coordinates-empty", 5: "coordinates-outside", 6: "coordinates-sign",
        7: "place-row-number", 8: "place-row-no-coordinates", 9: "place-row-no-name",
        10: "place-kind-unknown",
        11: "place-row-code-twice", 14: "place-row-radius",
    }  # fmt: skip
    assert (report.added, report.refused) == (2, 10)
    for bad in report.bad:
        for lang in LANGUAGES:
            assert say(lang, bad.code, **bad.args) != bad.code
            assert hint(lang, bad.code, **bad.args)


def test_strict_takes_all_or_nothing(room: Room, tmp_path: Path) -> None:
    file = table(tmp_path / "p.csv", "name,lat,lon\nKafou Rita,18.55,-72.30\nSanto,0,0\n")
    with pytest.raises(Refused) as refused:
        room.take(file, strict=True)
    assert refused.value.code == "places-file-strict"
    assert refused.value.args_by_name["line"] == 3
    assert len(room.places.gazetteer) == 0


def test_a_dry_run_says_what_it_would_do_and_does_not(room: Room) -> None:
    report = room.take(DEMO, source="demo", dry_run=True)
    assert report.added == report.rows > 100
    assert not report.written
    assert len(room.places.gazetteer) == 0


def test_columns_may_be_named_by_a_mapping(room: Room, tmp_path: Path) -> None:
    file = table(tmp_path / "p.csv", "Non kote;Pozisyon N;Pozisyon E\nKafou Rita;18,55;-72,30\n")
    mapping = {"name": "Non kote", "lat": "Pozisyon N", "lon": "Pozisyon E"}
    assert room.take(file, mapping=mapping, kind="crossroads").by_kind == {"crossroads": 1}
    assert room.names("kafou rita") == ["Kafou Rita"]
    for wrong, code in (({"nom": "Non kote"}, "mapping"), ({"name": "Kolòn"}, "column")):
        with pytest.raises(Malformed, match=f"places-file-{code}"):
            room.take(file, mapping=wrong)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_common_delimiter_and_a_byte_order_mark_are_read(
    room: Room, tmp_path: Path, delimiter: str
) -> None:
    rows = [["name", "name_ht", "lat", "lon"], ["Frères", "Frè", "18.52", "-72.26"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    assert room.take(table(tmp_path / "p.csv", text, "utf-8-sig")).added == 1
    assert room.names("Frè") == ["Frères"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("p.csv", "name,lat,lon\nFrères,18.5,-72.2\n".encode("latin-1"), "places-file-not-utf8"),
        ("p.csv", "name,lat,lon\nA,18.5,-72.2\n".encode("utf-16"), "places-file-not-utf8"),
        ("p.csv", b"", "places-file-empty"),
        ("p.csv", b"\n\n  \n", "places-file-empty"),
        ("p.csv", b"name,lat,lon\n", "places-file-empty"),
        ("p.csv", b"a,b\n1,2\n", "places-file-no-name-column"),
        ("p.csv", b"name\x00,lat\n", "places-file-binary"),
        ("p.geojson", b"[1,2]", "places-file-not-geojson"),
        ("p.geojson", b'{"type":"Feature"}', "places-file-not-geojson"),
        ("p.geojson", b'{"type":"FeatureCollection","features":[', "places-file-not-geojson"),
        ("p.geojson", b"{" * 5000, "places-file-not-geojson"),
        ("p.json", b'{"type":"FeatureCollection","features":[]}', "places-file-empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    room: Room, tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(LanbiError) as refused:
        room.take(path)
    assert refused.value.code == code
    for lang in LANGUAGES:
        assert hint(lang, code, **refused.value.args_by_name)


def test_a_missing_file_or_a_folder_is_refused(room: Room, tmp_path: Path) -> None:
    for path in (tmp_path / "pa-la.csv", tmp_path):
        with pytest.raises(Malformed, match="places-file-no-file"):
            room.take(path)


def test_the_line_where_the_encoding_breaks_is_named(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b"name,lat,lon\nSanto,18.5,-72.2\nFr\xe8res,18.5,-72.2\n")
    with pytest.raises(Malformed) as refused:
        room.take(path)
    assert refused.value.args_by_name["line"] == 3


def test_shapes_are_mended_where_that_is_safe_and_refused_where_not(room: Room, tmp_path: Path) -> None:
    bow = [[[-72.4, 18.5], [-72.2, 18.6], [-72.2, 18.5], [-72.4, 18.6], [-72.4, 18.5]]]
    far = [[[0, 0], [1e308, 1e308], [2, 2], [0, 0]]]
    report = room.take(
        geojson(
            tmp_path / "s.geojson",
            feature(area(bow), name="Papiyon", kind="commune"),
            feature({"type": "Point", "coordinates": [-72.3, 18.55]}, name="Pwen"),
            feature({"type": "LineString", "coordinates": [[-72.3, 18.5], [-72.2, 18.5]]}, name="Liy"),
            feature(area([[[-72.3, 18.5]]]), name="Yon kwen"),
            feature({"type": "Polygon", "coordinates": "abc"}, name="Tèks"),
            feature({"type": "Polygon", "coordinates": []}, name="Vid"),
            feature(area(far), name="Lwen"),
            feature(None, name="San fòm"),
            feature({"type": "Point", "coordinates": [18.55, -72.3]}, name="Lanvè"),
            "not a feature",
            {"type": "Feature", "properties": None, "geometry": None},
        )
    )
    assert {b.line: b.code for b in report.bad} == {
        3: "place-row-geometry-kind", 4: "place-row-geometry-broken", 5: "place-row-geometry-broken",
        6: "place-row-geometry-broken", 7: "place-row-geometry-broken", 8: "place-row-no-coordinates",
        9: "coordinates-swapped", 10: "place-row-no-name", 11: "place-row-no-name",
    }  # fmt: skip
    assert report.added == 2
    assert [p.name for p in room.places.at(KEEPER, 18.55, -72.38)] == ["Papiyon"]


def test_two_files_of_one_source_complete_each_other(room: Room, tmp_path: Path) -> None:
    names = table(
        tmp_path / "n.csv", "wof_id,name,name_ht,lat,lon,population\n7,Delmas,Dèlma,18.55,-72.3,400000\n"
    )
    shapes = geojson(
        tmp_path / "s.geojson", feature(area(SQUARE), wof_id=7, name="Delmas", placetype="county")
    )
    assert room.take(names).source == "wof"
    assert room.take(shapes).changed == 1
    held = room.places.search(KEEPER, "Dèlma")[0].place
    assert (held.names["ht"], held.population, held.kind) == (["Dèlma"], 400000, "commune")
    assert [p.id for p in room.places.at(KEEPER, 18.55, -72.3)] == [held.id]
    assert room.take(shapes).unchanged == 1


def test_progress_is_told_in_stages_and_reaches_its_end(room: Room) -> None:
    told: list[tuple[str, int, int]] = []
    room.take(DEMO, source="demo", progress=lambda *step: told.append(step))
    assert [stage for i, (stage, _, _) in enumerate(told) if i == 0 or told[i - 1][0] != stage] == [
        "reading", "checking", "sounding", "writing",
    ]  # fmt: skip
    assert told[-1][1] == told[-1][2] > 100


def test_foreign_data_needs_its_own_territory(room: Room, tmp_path: Path) -> None:
    file = table(tmp_path / "p.csv", "name,lat,lon\nPike Place,47.61,-122.34\n")
    assert room.take(file).refused == 1
    seattle = Territory.of_bounds("Seattle", -122.6, 47.3, -122.0, 47.9)
    report = import_places(room.store, KEEPER, room.clock, file, territory=seattle)
    assert report.added == 1
