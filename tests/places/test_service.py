"""Landmarks that people add while they work."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.access import Actor
from lanbi.core.errors import Forbidden, LanbiError, Malformed, NotFound, Refused
from lanbi.core.ports import Tx
from lanbi.places import sql
from lanbi.places.model import Place
from lanbi.places.service import LANDMARK_RADIUS_M_MAX, Places
from lanbi.places.territory import Territory
from places.rooms import KEEPER, Room
from stores import ACTORS, MARIE

HERE = {"lat": 18.5561, "lon": -72.2991, "radius_m": 60.0}


def add(room: Room, name: str = "Boulanjri Marijo", **how: object) -> Place:
    made = room.store.write_now(
        MARIE,
        lambda tx: room.places.add(tx, name=name, **{**HERE, **how}),  # pyright: ignore[reportArgumentType]
    )
    room.places.entered(made)
    return made


def test_a_landmark_is_found_at_once_and_stays_after_a_restart(room: Room) -> None:
    made = add(room, names={"fr": "Boulangerie Marie-Jo"})
    assert made.added_by == MARIE.id
    assert room.names("boulangerie marie jo") == ["Boulanjri Marijo"]
    again = Places(room.places._gate, room.places.territory)
    room.store.read_now(again.load)
    found = again.search(KEEPER, "Boulanjri Marijo")
    assert [m.place.id for m in found] == [made.id]
    assert found[0].place == made


def test_another_nodes_landmark_comes_in_by_refresh(room: Room) -> None:
    other = Places(room.places._gate, room.places.territory)
    room.store.read_now(other.load)
    add(room)
    assert other.search(KEEPER, "Boulanjri Marijo") == []
    assert room.store.read_now(other.refresh) == 1
    assert other.search(KEEPER, "Boulanjri Marijo")
    assert room.store.read_now(other.refresh) == 0


def test_the_journal_holds_that_it_was_added_and_a_seal_in_place_of_its_name(room: Room) -> None:
    made = add(room, names={"fr": "Boulangerie Marie-Jo"})
    rows = room.store.read_now(
        lambda reader: reader.rows("SELECT seq, subject, actor, body FROM journal WHERE kind = 'place.added'")
    )
    assert [(seq, subject, actor) for seq, subject, actor, _ in rows] == [
        (made.version, f"place/{made.id}", MARIE.id)
    ]
    assert "oulan" not in rows[0][3]
    body = json.loads(rows[0][3])
    assert set(body["name"]) == {"sealed", "commitment"}
    assert set(body["names"]) == {"fr"}


def test_what_is_undone_is_not_found(room: Room) -> None:
    def work(tx: Tx) -> None:
        room.places.add(tx, name="Kay Fantom", **HERE)
        raise Refused("incident-none")

    with pytest.raises(Refused):
        room.store.write_now(MARIE, work)
    assert room.places.search(KEEPER, "Kay Fantom") == []
    assert room.store.read_now(sql.count) == 0


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"name": ""}, "text-empty"),
        ({"name": "?!"}, "place-name-empty"),
        ({"name": "de\nliy"}, "text-control"),
        ({"name": "a" * 121}, "text-too-long"),
        ({"kind": "spaceport"}, "place-kind-unknown"),
        ({"kind": "commune"}, "place-kind-imported"),
        ({"lat": 0.0, "lon": 0.0}, "coordinates-empty"),
        ({"lat": -72.2991, "lon": 18.5561}, "coordinates-swapped"),
        ({"lat": 48.85, "lon": 2.35}, "coordinates-outside"),
        ({"radius_m": 0.0}, "place-radius"),
        ({"radius_m": -5.0}, "place-radius"),
        ({"radius_m": float("nan")}, "place-radius"),
        ({"radius_m": LANDMARK_RADIUS_M_MAX + 1}, "place-radius"),
        ({"names": {"de": "Bäckerei"}}, "place-language"),
        ({"names": {"fr": "a\x07b"}}, "text-control"),
    ],
)
def test_what_cannot_be_a_landmark_is_refused(room: Room, how: dict[str, object], code: str) -> None:
    with pytest.raises(LanbiError) as refused:
        add(room, **how)  # pyright: ignore[reportArgumentType]
    assert refused.value.code == code
    assert room.store.read_now(sql.count) == 0


def test_the_same_landmark_twice_is_refused_but_its_namesake_elsewhere_is_not(room: Room) -> None:
    add(room)
    with pytest.raises(Refused, match="place-known"):
        add(room, "Boulangerie Marijo", lat=18.5563)
    assert add(room, lat=18.60).name == "Boulanjri Marijo"


def test_a_landmark_knows_the_section_it_lies_in(room: Room, tmp_path) -> None:
    square = [[[-72.4, 18.5], [-72.2, 18.5], [-72.2, 18.6], [-72.4, 18.6], [-72.4, 18.5]]]
    file = tmp_path / "a.geojson"
    file.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"adm2_pcode": "HT0112", "adm2_fr": "Delmas"},
                        "geometry": {"type": "Polygon", "coordinates": square},
                    }
                ],
            }
        )
    )
    room.take(file)
    assert [p.name for p in room.places.around(add(room))] == ["Delmas"]


@pytest.mark.parametrize("role", ["call_taker", "dispatcher", "commander", "administrator"])
def test_the_floor_may_see_and_add(guarded: Room, role: str) -> None:
    actor = ACTORS[role]
    made = guarded.store.write_now(actor, lambda tx: guarded.places.add(tx, name="Kafou Rita", **HERE))
    guarded.places.entered(made)
    assert guarded.places.search(actor, "kafou rita")
    assert guarded.places.understand(actor, "dèyè kafou rita")


def test_who_may_not_add_is_refused_and_a_stranger_sees_nothing(guarded: Room) -> None:
    with pytest.raises(Forbidden):
        guarded.store.write_now(
            ACTORS["auditor"], lambda tx: guarded.places.add(tx, name="Kafou Rita", **HERE)
        )
    stranger = Actor(id="x", name="x", role="visitor")
    for look in (
        lambda: guarded.places.search(stranger, "Delmas"),
        lambda: guarded.places.understand(stranger, "Delmas"),
        lambda: guarded.places.at(stranger, 18.55, -72.3),
        lambda: guarded.store.read_now(lambda reader: guarded.places.get(reader, stranger, "x")),
    ):
        with pytest.raises(Forbidden):
            look()


def test_an_unknown_place_is_absent(room: Room) -> None:
    with pytest.raises(NotFound, match="place-unknown"):
        room.store.read_now(
            lambda reader: room.places.get(reader, KEEPER, "0192f000-0000-7000-8000-000000000000")
        )


@given(st.floats(), st.floats())
def test_no_pair_of_numbers_stumbles_the_look_around(lat: float, lon: float) -> None:
    class Open:
        def require(self, *_args: object, **_about: object) -> None: ...
        def allows(self, *_args: object, **_about: object) -> bool:
            return True

    places = Places(Open(), Territory.haiti())
    try:
        assert places.at(KEEPER, lat, lon) == []
    except Malformed as refused:
        assert refused.code.startswith("coordinates-")
