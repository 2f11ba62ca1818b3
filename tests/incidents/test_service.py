"""Incidents over both stores: each refusal beside its success, and no words in the journal."""

import pytest

from lanbi.core.access import Actor
from lanbi.core.errors import Conflict, Forbidden, LanbiError, NotFound
from lanbi.core.geo import Area
from lanbi.core.time import SECOND
from lanbi.incidents.api import live, row_of
from lanbi.incidents.model import Incident
from lanbi.incidents.service import Incidents
from lanbi.record.sealed import erase
from stores import ACTORS, MARIE, PIERRE, VOCABULARY, Floor, Screen

HEARD = "anba pon Bizoton an"
HERE = Area(lat=18.53, lon=-72.37, radius_m=200, source="landmark", confidence="likely", words=HEARD)
NOWHERE = "00000000-0000-7000-8000-000000000000"


def opened(floor: Floor, **given) -> Incident:
    return floor.do(lambda tx: floor.incidents.open(tx, **given))


def get(floor: Floor, incident: Incident) -> Incident:
    return floor.look(lambda reader: floor.incidents.get(reader, MARIE, incident.id))


def refused(floor: Floor, work, *, by: Actor = MARIE) -> LanbiError:
    """The refusal of a command; the journal and the rows are as they were before."""
    tables = ("incident", "incident_related", "sealed")

    def everything() -> list[object]:
        return [
            floor.look(lambda reader, t=table: reader.rows(f"SELECT * FROM {t} ORDER BY 1, 2"))
            for table in tables
        ]

    head, before = floor.head, everything()
    with pytest.raises(LanbiError) as caught:
        floor.do(work, by=by)
    assert (floor.head, everything()) == (head, before)
    return caught.value


# -- opening ---------------------------------------------------------------------------


def test_an_incident_opens_with_whatever_is_known(floor: Floor) -> None:
    bare = opened(floor)
    assert (bare.number, bare.state, bare.type, bare.priority, bare.title) == (1, "open", None, None, "")
    assert list(bare.clocks) == ["entered"]
    full = opened(floor, type="house_fire", title="  Dife Bizoton ", area=HERE)
    assert (full.number, full.title, full.area) == (2, "Dife Bizoton", HERE)
    assert full.priority == VOCABULARY.term("incident_types", "house_fire").priority
    assert set(full.clocks) == {"entered", "type_known", "location_known"}
    assert opened(floor, type="house_fire", priority="P4").priority == "P4"
    assert get(floor, full) == full
    assert floor.outside == [(18.53, -72.37)]


UNUSABLE = [
    ({"type": "a_party"}, "unknown-term"),
    ({"priority": "P9"}, "unknown-term"),
    ({"title": "de\nliy"}, "text-control"),
    ({"title": "a" * 201}, "text-too-long"),
    ({"title": "dife\x00"}, "text-nul"),
    ({"title": "\udfff"}, "text-surrogate"),
    ({"area": Area()}, "area-empty"),
    ({"area": Area(lat=1.0, words="a")}, "coordinates-half"),
    ({"area": Area(lat=1.0, lon=1.0)}, "radius-impossible"),
    ({"area": Area(lat=float("nan"), lon=1.0, radius_m=5)}, "coordinates-impossible"),
    ({"area": Area(words="a", source="guess")}, "unknown-term"),
    ({"area": Area(words="a", confidence="very")}, "unknown-term"),
    ({"area": Area(words="a" * 501)}, "text-too-long"),
    ({"call_id": NOWHERE}, "call-none"),
]


def test_what_cannot_be_is_refused_at_the_door(floor: Floor) -> None:
    for given, code in UNUSABLE:
        assert refused(floor, lambda tx, g=given: floor.incidents.open(tx, **g)).code == code, given
    assert opened(floor).number == 1


# -- editing ---------------------------------------------------------------------------


def test_an_incident_is_classified_prioritised_placed_and_titled(floor: Floor) -> None:
    one, incidents = opened(floor), floor.incidents
    one = floor.do(lambda tx: incidents.classify(tx, one.id, "house_fire", title="Dife"))
    assert (one.type, one.title) == ("house_fire", "Dife")
    assert one.priority == VOCABULARY.term("incident_types", "house_fire").priority
    one = floor.do(lambda tx: incidents.prioritise(tx, one.id, "P0", reason="timoun anndan"))
    one = floor.do(lambda tx: incidents.relocate(tx, one.id, HERE))
    one = floor.do(lambda tx: incidents.retitle(tx, one.id, "Dife Bizoton"))
    assert (one.priority, one.area, one.title, one.seq) == ("P0", HERE, "Dife Bizoton", floor.head)
    again = floor.do(lambda tx: incidents.classify(tx, one.id, "market_fire"))
    assert again.priority == "P0"  # somebody chose it; a type does not undo that


def test_editing_refuses_what_cannot_be(floor: Floor) -> None:
    one, incidents = opened(floor), floor.incidents
    for work, code in (
        (lambda tx: incidents.classify(tx, one.id, "a_party"), "unknown-term"),
        (lambda tx: incidents.classify(tx, one.id, "flood", title="a\x07"), "text-control"),
        (lambda tx: incidents.prioritise(tx, one.id, "P7"), "unknown-term"),
        (lambda tx: incidents.prioritise(tx, one.id, "P1", reason="a" * 501), "text-too-long"),
        (lambda tx: incidents.retitle(tx, one.id, " "), "text-empty"),
        (lambda tx: incidents.relocate(tx, one.id, Area(words=" ")), "area-empty"),
        (lambda tx: incidents.note(tx, one.id, ""), "text-empty"),
        (lambda tx: incidents.note(tx, one.id, "a", lang="xx"), "unknown-term"),
        (lambda tx: incidents.note(tx, one.id, "a" * 20_001), "text-too-long"),
        (lambda tx: incidents.set_clock(tx, one.id, "lunch", 1, "late"), "unknown-term"),
        (lambda tx: incidents.set_clock(tx, one.id, "entered", 1, "manual"), "clock-struck"),
        (lambda tx: incidents.close(tx, one.id, "tired"), "unknown-term"),
        (lambda tx: incidents.reopen(tx, one.id, "a"), "incident-open"),
        (lambda tx: incidents.link(tx, one.id, one.id, "related"), "link-to-itself"),
        (lambda tx: incidents.link(tx, one.id, NOWHERE, "related"), "incident-none"),
        (lambda tx: incidents.link(tx, one.id, one.id, "cousin"), "unknown-term"),
        (lambda tx: incidents.unlink(tx, one.id, NOWHERE), "link-none"),
        (lambda tx: incidents.relate(tx, NOWHERE, "promise/p1"), "incident-none"),
        (lambda tx: incidents.note(tx, NOWHERE, "a"), "incident-none"),
    ):
        assert refused(floor, work).code == code
    assert get(floor, one) == one


def test_a_refusal_halfway_leaves_nothing_of_the_first_half(floor: Floor) -> None:
    """Classifying with a title is two edits; where the second is refused, the first did not happen."""
    one, incidents = opened(floor), floor.incidents
    held = one.seq
    floor.do(lambda tx: incidents.retitle(tx, one.id, "Inondasyon", held=held), by=PIERRE)
    told = refused(floor, lambda tx: incidents.classify(tx, one.id, "flood", title="Dlo", held=held))
    assert (told.code, told.args_by_name["field"]) == ("edited-meanwhile", "title")
    assert get(floor, one).type is None


def test_two_people_who_edit_at_once_lose_nothing(floor: Floor) -> None:
    one, incidents = opened(floor), floor.incidents
    held = one.seq
    floor.do(lambda tx: incidents.relocate(tx, one.id, HERE, held=held))
    floor.do(lambda tx: incidents.prioritise(tx, one.id, "P1", held=held), by=PIERRE)
    both = get(floor, one)
    assert (both.area, both.priority) == (HERE, "P1")
    told = refused(
        floor, lambda tx: incidents.relocate(tx, one.id, Area(words="lòt kote"), held=held), by=PIERRE
    )
    assert isinstance(told, Conflict)
    assert told.args_by_name["now"] == HEARD
    assert get(floor, one) == both


def test_what_another_fact_changes_has_that_facts_number(floor: Floor) -> None:
    """A row that were a number ahead of the journal would let the next editor overwrite unasked."""
    call = floor.do(lambda tx: floor.calls.offer(tx, channel="voice"))
    one = opened(floor, call_id=call.id)
    assert one.seq == floor.head
    seen = one.seq
    floor.do(lambda tx: floor.incidents.relocate(tx, one.id, HERE), by=PIERRE)
    told = refused(floor, lambda tx: floor.incidents.relocate(tx, one.id, Area(words="isit"), held=seen))
    assert told.code == "edited-meanwhile"


def test_notes_are_added_also_to_a_closed_incident(floor: Floor) -> None:
    one, incidents = opened(floor), floor.incidents
    said = "النار 🔥\r\n" + "ò" * 10_000
    floor.do(lambda tx: incidents.note(tx, one.id, said, lang="ht"))
    floor.do(lambda tx: incidents.close(tx, one.id, "resolved", text="tout moun sove"))
    floor.do(lambda tx: incidents.note(tx, one.id, "fanmi an rele di mèsi"))
    log = floor.look(lambda reader: incidents.log(reader, MARIE, one.id, before=2**62, limit=50))
    assert [(line.kind, line.words.get("words")) for line in log] == [
        ("incident.noted", "fanmi an rele di mèsi"),
        ("incident.closed", "tout moun sove"),
        ("incident.noted", said),
        ("incident.opened", None),
    ]


def test_a_late_entry_keeps_its_true_time(floor: Floor) -> None:
    one, incidents = opened(floor), floor.incidents
    floor.clock.advance(600)
    at = floor.clock.now() - 300 * SECOND
    one = floor.do(lambda tx: incidents.set_clock(tx, one.id, "on_scene", at, "late"))
    assert (one.clocks["on_scene"].at, one.clocks["on_scene"].source) == (at, "late")
    stood = floor.look(
        lambda r: r.row("SELECT at, recorded_at FROM journal WHERE kind = 'incident.clock_set'")
    )
    assert stood == (at, floor.clock.now())


def test_an_incident_closes_once_and_reopens_with_a_reason(floor: Floor) -> None:
    one, incidents = opened(floor), floor.incidents
    shut = floor.do(lambda tx: incidents.close(tx, one.id, "resolved"))
    assert (shut.state, shut.closed_at, shut.closed_by) == ("closed", floor.clock.now(), MARIE.id)
    assert refused(floor, lambda tx: incidents.close(tx, one.id, "resolved")).code == "incident-closed"
    assert refused(floor, lambda tx: incidents.classify(tx, one.id, "flood")).code == "incident-closed"
    assert refused(floor, lambda tx: incidents.reopen(tx, one.id, " ")).code == "text-empty"
    again = floor.do(lambda tx: incidents.reopen(tx, one.id, "lafimen ankò"))
    assert (again.state, again.disposition, "closed" in again.clocks) == ("open", None, False)


def test_links_stand_on_the_one_that_made_them(floor: Floor) -> None:
    one, two, incidents = opened(floor), opened(floor), floor.incidents
    linked = floor.do(lambda tx: incidents.link(tx, one.id, two.id, "duplicate_of"))
    assert [(link.incident_id, link.relation) for link in linked.links] == [(two.id, "duplicate_of")]
    assert refused(floor, lambda tx: incidents.link(tx, one.id, two.id, "related")).code == "link-exists"
    assert floor.do(lambda tx: incidents.unlink(tx, one.id, two.id)).links == ()


# -- its log ---------------------------------------------------------------------------


def test_the_log_holds_its_calls_and_promises_and_no_one_elses(floor: Floor) -> None:
    call = floor.do(lambda tx: floor.calls.offer(tx, channel="voice", text="anmwe"))
    other = floor.do(lambda tx: floor.calls.offer(tx, channel="voice"))
    one = opened(floor, call_id=call.id)
    floor.do(lambda tx: floor.calls.promise(tx, kind="news", incident_id=one.id))
    floor.do(lambda tx: floor.calls.answer(tx, other.id))

    def log(before: int, limit: int) -> list[tuple[int, str]]:
        found = floor.look(
            lambda reader: floor.incidents.log(reader, MARIE, one.id, before=before, limit=limit)
        )
        return [(line.seq, line.kind) for line in found]

    whole = log(2**62, 50)
    assert [kind for _, kind in whole] == ["promise.made", "call.joined", "incident.opened", "call.offered"]
    assert log(2**62, 2) + log(whole[1][0], 2) == whole


def test_an_unjoined_call_leaves_the_log(floor: Floor) -> None:
    call = floor.do(lambda tx: floor.calls.offer(tx, channel="voice"))
    one = opened(floor, call_id=call.id)
    floor.do(lambda tx: floor.calls.unjoin(tx, call.id))
    log = floor.look(lambda reader: floor.incidents.log(reader, MARIE, one.id, before=2**62, limit=9))
    assert [line.kind for line in log] == ["incident.opened"]
    assert (get(floor, one).calls, get(floor, one).seq) == (0, floor.head)


# -- sealed ----------------------------------------------------------------------------


def erase_fields(floor: Floor, one: Incident, field: str, *, but_last: bool = False) -> None:
    found = floor.look(
        lambda reader: reader.rows(
            "SELECT id FROM sealed WHERE subject = :subject AND field = :field ORDER BY id",
            subject=f"incident/{one.id}",
            field=field,
        )
    )
    assert found
    for (sealed_id,) in found[: -1 if but_last else None]:
        floor.do(lambda tx, key=sealed_id: erase(tx, key, "data_subject_request"))


def test_no_words_stand_in_the_journal(floor: Floor) -> None:
    one, incidents = opened(floor, title="Lakay Wideline", area=HERE), floor.incidents
    floor.do(lambda tx: incidents.retitle(tx, one.id, "Kay madan Désir"))
    floor.do(lambda tx: incidents.relocate(tx, one.id, Area(words="bò kay Mari")))
    floor.do(lambda tx: incidents.prioritise(tx, one.id, "P1", reason="li ansent"))
    floor.do(lambda tx: incidents.note(tx, one.id, "rele 3456 0142"))
    floor.do(lambda tx: incidents.close(tx, one.id, "resolved", text="frè l vini"))
    floor.do(lambda tx: incidents.reopen(tx, one.id, "li rele ankò"))
    entries = [" ".join(entry) for entry in floor.entries()]
    assert len(entries) >= 8
    for secret in ("Wideline", "Désir", "Bizoton", "Mari", "ansent", "0142", "frè l", "rele"):
        assert not [entry for entry in entries if secret in entry], secret


def test_what_is_erased_vanishes_from_the_row(floor: Floor) -> None:
    one = opened(floor, title="Lakay Wideline", area=HERE)
    erase_fields(floor, one, "title")
    assert (get(floor, one).title, get(floor, one).seq) == ("", floor.head)
    erase_fields(floor, one, "place")
    area = get(floor, one).area
    assert area is not None
    assert (area.words, area.lat, get(floor, one).seq) == ("", 18.53, floor.head)
    assert "Wideline" not in str(floor.look(lambda reader: reader.rows("SELECT * FROM incident")))


def test_erasing_what_was_said_before_leaves_what_is_said_now(floor: Floor) -> None:
    one = opened(floor, title="Lakay Wideline")
    now = floor.do(lambda tx: floor.incidents.retitle(tx, one.id, "Yon kay ki pran dife"))
    erase_fields(floor, one, "title", but_last=True)
    assert get(floor, one) == now


def test_retention_erases_words_after_730_days(floor: Floor) -> None:
    one = opened(floor, title="Lakay Wideline", area=HERE)
    floor.clock.advance(729 * 86_400)
    assert floor.erase_all_due() == 0
    floor.clock.advance(86_400)
    assert floor.erase_all_due() == 2
    assert get(floor, one).title == ""


# -- lists and the live picture --------------------------------------------------------


def test_lists_are_walked_page_by_page_and_miss_nothing(floor: Floor) -> None:
    made = [opened(floor) for _ in range(5)]
    floor.do(lambda tx: floor.incidents.close(tx, made[2].id, "resolved"))

    def walk(state: str | None) -> list[int]:
        seen: list[int] = []
        before = 2**62
        while page := floor.look(
            lambda r, b=before: floor.incidents.page(r, MARIE, state=state, before=b, limit=2)
        ):
            seen += [one.number for one in page]
            before = page[-1].number
        return seen

    assert (walk(None), walk("open"), walk("closed")) == ([5, 4, 3, 2, 1], [5, 4, 2, 1], [3])


def test_the_picture_follows_from_its_changes(floor: Floor) -> None:
    kind, incidents = live(floor.incidents, VOCABULARY), floor.incidents
    screen = Screen(floor, kind)
    one = opened(floor, type="house_fire")

    def agree() -> set[str]:
        screen.push()
        assert screen.rows == Screen(floor, kind).rows
        return set(screen.rows)

    assert agree() == {one.id}
    call = floor.do(lambda tx: floor.calls.offer(tx, channel="voice"))
    floor.do(lambda tx: floor.calls.join(tx, call.id, one.id))
    assert agree() == {one.id}
    assert screen.picture[one.id].calls == 1
    assert [need.capability for need in screen.picture[one.id].needs] == [
        need.capability for need in VOCABULARY.term("incident_types", "house_fire").needs
    ]
    floor.do(lambda tx: incidents.close(tx, one.id, "resolved"))
    assert agree() == set()
    floor.do(lambda tx: incidents.reopen(tx, one.id, "lafimen"))
    assert agree() == {one.id}
    assert row_of(get(floor, one), VOCABULARY) == screen.picture[one.id]


# -- who may ---------------------------------------------------------------------------


def edits(incidents: Incidents, key: str) -> list:
    return [
        lambda tx: incidents.classify(tx, key, "flood"),
        lambda tx: incidents.prioritise(tx, key, "P1"),
        lambda tx: incidents.relocate(tx, key, HERE),
        lambda tx: incidents.retitle(tx, key, "a"),
        lambda tx: incidents.note(tx, key, "a"),
        lambda tx: incidents.set_clock(tx, key, "contact", 1, "late"),
    ]


def test_the_floor_works_on_incidents_and_others_do_not(guarded: Floor) -> None:
    one, incidents = opened(guarded), guarded.incidents
    for role in ("call_taker", "dispatcher", "commander"):
        for work in edits(incidents, one.id):
            guarded.do(work, by=ACTORS[role])
    for role in ("field_unit", "analyst", "auditor", "administrator"):
        for work in [*edits(incidents, one.id), incidents.open]:
            assert isinstance(refused(guarded, work, by=ACTORS[role]), Forbidden)
    ending = (
        lambda tx: incidents.close(tx, one.id, "resolved"),
        lambda tx: incidents.reopen(tx, one.id, "a"),
    )
    for work in ending:
        assert isinstance(refused(guarded, work, by=ACTORS["call_taker"]), Forbidden)
        guarded.do(work, by=ACTORS["dispatcher"])


def test_who_may_not_see_incidents_finds_none(guarded: Floor) -> None:
    one, incidents = opened(guarded, title="Dife"), guarded.incidents
    unit = ACTORS["field_unit"]
    with pytest.raises(NotFound, match="incident-none"):
        guarded.look(lambda reader: incidents.get(reader, unit, one.id))
    with pytest.raises(Forbidden):
        guarded.look(lambda reader: incidents.page(reader, unit, state=None, before=2**62, limit=1))
    analyst = ACTORS["analyst"]
    log = guarded.look(lambda reader: incidents.log(reader, analyst, one.id, before=2**62, limit=9))
    assert [line.words for line in log] == [{"title": None}]


def test_an_analyst_sees_what_and_where_but_not_what_was_said(guarded: Floor) -> None:
    area = Area(lat=18.54, lon=-72.33, radius_m=150.0, words="dèyè kay Jan")
    opened(guarded, title="Jan tonbe", type="house_fire", area=area)
    kind = live(guarded.incidents, VOCABULARY)
    [(_id, _version, row)] = guarded.look(lambda reader: kind.changed(reader, 0))
    seen = kind.seen_by(row, ACTORS["analyst"])
    assert (seen.title, seen.area.words, seen.area.lat, seen.type) == ("", "", 18.54, "house_fire")
    assert kind.seen_by(row, ACTORS["call_taker"]) is row
