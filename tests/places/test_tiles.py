"""A map of any OSM extract, made here, read here, without a network."""

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lanbi.core.access import LANGUAGES
from lanbi.core.errors import Busy, LanbiError, Malformed, Refused
from lanbi.locales import hint
from lanbi.places import tiles
from lanbi.places.tiles import ATTRIBUTION, build_tiles, read_info
from places.rooms import real

osmium = pytest.importorskip("osmium", reason="the extra `map` is not installed")
reader_of = pytest.importorskip("pmtiles.reader", reason="the extra `map` is not installed")
import osmium.osm.mutable as edit  # noqa: E402

WEST, SOUTH, EAST, NORTH = -72.36, 18.52, -72.28, 18.60


def write_extract(path: Path) -> Path:
    """A few blocks of Delmas, made up: a coast, streets with two names, a hospital, a lake, a border."""
    with osmium.SimpleWriter(str(path)) as out:
        points = {
            1: (-72.310, 18.550), 2: (-72.300, 18.556), 3: (-72.296, 18.560), 4: (-72.300, 18.570),
            10: (-72.305, 18.552), 11: (-72.304, 18.552), 12: (-72.304, 18.553), 13: (-72.305, 18.553),
            20: (-72.350, 18.52), 21: (-72.345, 18.56), 22: (-72.350, 18.60),
            30: (-72.29, 18.53), 31: (-72.285, 18.53), 32: (-72.285, 18.535),
            40: (-72.30, 18.58), 41: (-72.28, 18.58),
        }  # fmt: skip
        tags: dict[int, dict[str, str]] = {2: {"amenity": "hospital", "name": "Lopital Lapè"}}
        tags[4] = {"place": "suburb", "name": "Delmas", "name:ht": "Dèlma", "population": "395000"}
        for key, place in points.items():
            out.add_node(edit.Node(id=key, location=place, tags=tags.get(key, {})))
        ways: dict[int, tuple[list[int], dict[str, str]]] = {
            1: ([1, 2, 3], {"highway": "residential", "name": "Delmas 33", "name:ht": "Dèlma 33"}),
            2: ([10, 11, 12, 13, 10], {"building": "yes"}),
            3: ([22, 21, 20], {"natural": "coastline"}),
            4: ([30, 31, 32, 30], {"natural": "water", "name": "Lagon"}),
            5: ([40, 41], {}),
            6: ([1, 999_999], {"highway": "residential", "name": "Cut at the edge"}),
            7: ([2, 4], {"waterway": "river", "name": "Rivière Grise"}),
        }
        for key, (nodes, said) in ways.items():
            out.add_way(edit.Way(id=key, nodes=nodes, tags=said))
        out.add_relation(
            edit.Relation(
                id=1, members=[("w", 5, "outer")], tags={"boundary": "administrative", "admin_level": "8"}
            )
        )
    return path


def decoded(path: Path, zoom: int) -> dict[str, list[dict[str, Any]]]:
    """Features by layer at one zoom, read back by tippecanoe's own decoder."""
    program = tiles._tippecanoe().with_name("tippecanoe-decode")
    said = subprocess.run(
        [str(program), "-z", str(zoom), "-Z", str(zoom), str(path)],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    found: dict[str, list[dict[str, Any]]] = {}
    for tile in json.loads(said)["features"]:
        for layer in tile["features"]:
            found.setdefault(layer["properties"]["layer"], []).extend(layer["features"])
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("map")
    out = folder / "data" / "map" / "tiles.pmtiles"
    report = build_tiles(write_extract(folder / "delmas.osm.pbf"), out)
    assert report.layers["road"] == 1
    return out


def test_a_street_is_in_its_tile_with_both_of_its_names(built: Path) -> None:
    roads = decoded(built, 14)["road"]
    said = {f["properties"]["name"]: f["properties"] for f in roads}
    assert said["Delmas 33"]["name_ht"] == "Dèlma 33"
    assert said["Delmas 33"]["class"] == "street"
    assert "Cut at the edge" not in said


def test_each_layer_of_the_schema_holds_what_it_should(built: Path) -> None:
    found = decoded(built, 14)
    assert {"land", "road", "building", "water", "river", "label", "poi", "commune"} <= set(found)
    assert found["label"][0]["properties"]["name_ht"] == "Dèlma"
    assert found["label"][0]["properties"]["population"] == 395000
    assert found["poi"][0]["properties"]["class"] == "hospital"
    assert found["commune"][0]["properties"]["level"] == 8
    assert "building" not in decoded(built, 10)


def test_the_land_lies_east_of_that_coast(built: Path) -> None:
    from shapely.geometry import Point, shape

    land = [shape(f["geometry"]) for f in decoded(built, 12)["land"]]
    assert any(part.intersects(Point(-72.31, 18.55)) for part in land)
    assert not any(part.intersects(Point(-72.355, 18.53)) for part in land)


def test_the_file_says_its_bounds_zooms_and_whom_to_thank(built: Path) -> None:
    info = read_info(built)
    west, south, east, north = info.bounds
    assert west <= -72.31 < -72.285 <= east
    assert south <= 18.53 < 18.57 <= north
    assert (info.zoom_min, info.zoom_max) == (4, 14)
    assert info.attribution == ATTRIBUTION
    assert info.name == "delmas.osm.pbf"
    assert "road" in info.layers
    assert info.bytes == built.stat().st_size


def test_an_independent_reader_opens_it(built: Path) -> None:
    from pmtiles.reader import MmapSource, Reader

    with built.open("rb") as file:
        reader = Reader(MmapSource(file))
        assert ATTRIBUTION in reader.metadata()["attribution"]
        x, y = int((180 - 72.30) / 360 * 2**14), 0
        from math import asinh, pi, radians, tan

        y = int((1 - asinh(tan(radians(18.556))) / pi) / 2 * 2**14)
        tile = reader.get(14, x, y)
    assert tile is not None
    assert "Dèlma 33".encode() in gzip.decompress(tile)


def test_progress_rises_to_a_hundred_and_tells_each_percent_once(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    build_tiles(
        write_extract(tmp_path / "d.osm.pbf"), tmp_path / "t.pmtiles", lambda *step: told.append(step)
    )
    assert told[0] == (0, 100)
    assert told[-1] == (100, 100)
    assert told == sorted(set(told))


def test_nothing_of_the_work_is_left_beside_the_map(tmp_path: Path) -> None:
    out = tmp_path / "map" / "tiles.pmtiles"
    build_tiles(write_extract(tmp_path / "d.osm.pbf"), out)
    assert [p.name for p in out.parent.iterdir()] == ["tiles.pmtiles"]


def refused(tmp_path: Path, data: bytes | None, name: str = "x.osm.pbf") -> LanbiError:
    path, out = tmp_path / name, tmp_path / "map" / "tiles.pmtiles"
    out.parent.mkdir(exist_ok=True)
    out.write_bytes(b"the old map")
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(LanbiError) as error:
        build_tiles(path, out)
    assert out.read_bytes() == b"the old map"
    assert [p.name for p in out.parent.iterdir()] == ["tiles.pmtiles"]
    for lang in LANGUAGES:
        assert hint(lang, error.value.code, **error.value.args_by_name)
    return error.value


def test_a_file_that_is_no_extract_is_refused_and_the_old_map_stays(tmp_path: Path) -> None:
    good = write_extract(tmp_path / "good.osm.pbf").read_bytes()
    with osmium.SimpleWriter(str(tmp_path / "empty.osm.pbf")):
        pass
    empty = (tmp_path / "empty.osm.pbf").read_bytes()
    for data, code in (
        (None, "map-no-file"), (b"", "map-empty"), (b"<osm/>", "map-not-pbf"),
        (b"\x00" * 5000, "map-not-pbf"),
        (good[: len(good) // 2], "map-not-pbf"), (good[:40], "map-not-pbf"), (empty, "map-empty"),
    ):  # fmt: skip
        assert refused(tmp_path, data, "bad.osm.pbf" if data is not None else "absent.osm.pbf").code == code


def test_a_full_disk_is_said_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "FREE_SPACE_BYTES_MIN", 10**15)
    error = refused(tmp_path, write_extract(tmp_path / "d.osm.pbf").read_bytes())
    assert isinstance(error, Busy)
    assert error.code == "map-disk-full"


def test_a_missing_program_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refused(tmp_path, write_extract(tmp_path / "d.osm.pbf").read_bytes())
    assert isinstance(error, Refused)
    assert error.args_by_name["needs"] == "tippecanoe"


@pytest.mark.parametrize("data", [b"", b"PMTiles\x02" + bytes(200), b"PMTiles\x03" + bytes(30), bytes(500)])
def test_a_file_that_is_no_map_is_not_read_as_one(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.pmtiles"
    path.write_bytes(data)
    with pytest.raises(Malformed, match="tiles-unreadable"):
        read_info(path)
    with pytest.raises(Malformed, match="tiles-unreadable"):
        read_info(tmp_path / "absent.pmtiles")


@pytest.mark.parametrize(
    ("name", "street"), [("monaco-latest", "Boulevard Albert 1er"), ("andorra", "Avinguda Meritxell")]
)
def test_a_real_extract_becomes_a_map_that_holds_its_best_known_street(
    tmp_path: Path, name: str, street: str
) -> None:
    report = build_tiles(real("roads_other", f"{name}.osm.pbf"), tmp_path / "t.pmtiles")
    assert report.layers["road"] > 1_000
    roads = decoded(tmp_path / "t.pmtiles", 14)["road"]
    assert street in {f["properties"].get("name") for f in roads}
