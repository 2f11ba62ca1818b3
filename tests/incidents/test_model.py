"""What an incident may become: without store, time or network."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lanbi.core.errors import Conflict, LanbiError, Malformed, Refused
from lanbi.core.geo import Area
from lanbi.core.time import MINUTE
from lanbi.incidents.model import LINKS_MAX, Incident, Stamp

NOW = 1_000 * MINUTE
HERE = Area(lat=18.54, lon=-72.34, radius_m=300)
HEARD = Area(words="dèyè legliz la")


def incident(**given) -> Incident:
    return Incident(**({"id": "i1", "number": 7, "opened_at": NOW, "opened_by": "marie"} | given))


def other(number: int) -> Incident:
    return incident(id=f"i{number}", number=number)


def classify(one: Incident, *, seq: int = 5, held: int | None = None) -> Incident:
    return one.classify("house_fire", seq=seq, held=held, at=NOW, by="marie")


def relocate(one: Incident, area: Area, *, seq: int = 5, held: int | None = None) -> Incident:
    return one.relocate(area, seq=seq, held=held, at=NOW, by="marie")


def close(one: Incident) -> Incident:
    return one.close("resolved", at=NOW, by="marie")


# -- clocks ----------------------------------------------------------------------------


def test_the_first_time_is_the_true_one() -> None:
    struck = incident().struck("ring", NOW, "automatic", "marie")
    assert struck.struck("ring", NOW + 5, "automatic", "pierre") is struck
    assert struck.clocks["ring"] == Stamp(NOW, "automatic", "marie")


def test_knowing_the_type_and_the_place_strikes_their_clocks() -> None:
    assert classify(incident()).clocks["type_known"].at == NOW
    assert relocate(incident(), HERE).clocks["location_known"].at == NOW
    assert "location_known" not in relocate(incident(), HEARD).clocks


def test_a_time_entered_by_hand_replaces_nothing_and_a_late_one_corrects() -> None:
    struck = incident().struck("on_scene", NOW, "automatic", "pierre")
    with pytest.raises(Refused, match="clock-struck"):
        struck.set_clock("on_scene", NOW - 5, "manual", by="marie", now=NOW)
    late = struck.set_clock("on_scene", NOW - 5, "late", by="marie", now=NOW)
    assert late.clocks["on_scene"] == Stamp(NOW - 5, "late", "marie")
    assert incident().set_clock("contact", NOW, "manual", by="marie", now=NOW).clocks["contact"].by == "marie"


def test_a_time_that_has_not_come_is_refused() -> None:
    ahead = NOW + 2 * MINUTE
    assert incident().set_clock("contact", ahead, "manual", by="m", now=NOW).clocks["contact"].at == ahead
    with pytest.raises(Malformed, match="clock-ahead"):
        incident().set_clock("contact", ahead + 1, "manual", by="m", now=NOW)


def test_only_the_node_strikes_automatically() -> None:
    with pytest.raises(Malformed, match="clock-source"):
        incident().set_clock("contact", NOW, "automatic", by="m", now=NOW)


# -- two people at once ----------------------------------------------------------------


def test_who_edits_what_somebody_else_just_edited_is_told() -> None:
    edited = classify(incident(), seq=10, held=9)
    with pytest.raises(Conflict) as told:
        edited.classify("flood", seq=11, held=9, at=NOW, by="pierre")
    assert (told.value.code, told.value.args_by_name["now"]) == ("edited-meanwhile", "house_fire")
    assert edited.classify("flood", seq=11, held=10, at=NOW, by="pierre").type == "flood"
    assert edited.classify("flood", seq=11, held=None, at=NOW, by="pierre").type == "flood"


def test_different_fields_never_collide() -> None:
    one = classify(incident(), seq=10, held=9)
    one = one.retitle("Dife nan mache a", seq=11, held=9)
    one = one.prioritise("P1", seq=12, held=9)
    one = relocate(one, HERE, seq=13, held=9)
    assert (one.type, one.title, one.priority, one.area) == ("house_fire", "Dife nan mache a", "P1", HERE)


# -- links -----------------------------------------------------------------------------


def test_links_are_made_once_and_undone_once() -> None:
    linked = incident().link(other(8), "related")
    with pytest.raises(Refused, match="link-exists"):
        linked.link(other(8), "part_of")
    assert linked.unlink("i8").links == ()
    with pytest.raises(Refused, match="link-none"):
        linked.unlink("i9")
    with pytest.raises(Refused, match="link-to-itself"):
        incident().link(incident(), "related")


def test_there_is_an_end_to_links() -> None:
    one = incident()
    for number in range(100, 100 + LINKS_MAX):
        one = one.link(other(number), "related")
    with pytest.raises(Refused, match="links-full"):
        one.link(other(99), "related")


# -- an incident's life ----------------------------------------------------------------


def test_a_closed_incident_is_not_edited_until_it_is_reopened() -> None:
    shut = close(incident())
    for work in (
        classify,
        lambda one: one.retitle("a", seq=5, held=None),
        lambda one: one.prioritise("P1", seq=5, held=None),
        lambda one: relocate(one, HERE),
        close,
    ):
        with pytest.raises(Refused, match="incident-closed"):
            work(shut)
        assert work(shut.reopen()) is not shut


def test_reopening_takes_the_end_away_and_nothing_else() -> None:
    with pytest.raises(Refused, match="incident-open"):
        incident().reopen()
    before = classify(incident())
    assert close(before).reopen() == before
    assert close(before).clocks["closed"].at == NOW


class IncidentLife(RuleBasedStateMachine):
    """No order of commands brings an incident where none may be; what is refused changes nothing."""

    @initialize()
    def open(self) -> None:
        self.one = incident()
        self.seq = 1
        self.now = NOW

    def _try(self, work, *, may: bool) -> None:
        before = msgspec.json.encode(self.one)
        self.now += 1
        self.seq += 1
        try:
            after = work(self.one)
        except LanbiError:
            assert not may
            assert msgspec.json.encode(self.one) == before
            return
        assert may
        self.one = msgspec.structs.replace(after, seq=self.seq)

    @property
    def is_open(self) -> bool:
        return self.one.state == "open"

    @rule(kind=st.sampled_from(["house_fire", "flood"]), behind=st.integers(0, 3))
    def classify(self, kind: str, behind: int) -> None:
        held = max(0, self.one.seq - behind)
        may = self.is_open and held >= self.one.type_seq
        seq = self.seq + 1
        self._try(lambda one: one.classify(kind, seq=seq, held=held, at=self.now, by="marie"), may=may)

    @rule(area=st.sampled_from([HERE, HEARD]), behind=st.integers(0, 3))
    def relocate(self, area: Area, behind: int) -> None:
        held = max(0, self.one.seq - behind)
        may = self.is_open and held >= self.one.area_seq
        seq = self.seq + 1
        self._try(lambda one: one.relocate(area, seq=seq, held=held, at=self.now, by="marie"), may=may)

    @rule(title=st.text(min_size=1, max_size=9))
    def retitle(self, title: str) -> None:
        self._try(lambda one: one.retitle(title, seq=self.seq, held=None), may=self.is_open)

    @rule(priority=st.sampled_from(["P0", "P4"]))
    def prioritise(self, priority: str) -> None:
        self._try(lambda one: one.prioritise(priority, seq=self.seq, held=None), may=self.is_open)

    @rule(number=st.integers(1, 9))
    def link(self, number: int) -> None:
        known = {link.incident_id for link in self.one.links}
        may = f"i{number}" not in known | {"i1"}
        self._try(lambda one: one.link(other(number), "related"), may=may)

    @rule(number=st.integers(1, 9))
    def unlink(self, number: int) -> None:
        may = f"i{number}" in {link.incident_id for link in self.one.links}
        self._try(lambda one: one.unlink(f"i{number}"), may=may)

    @rule(clock=st.sampled_from(["ring", "on_scene"]), source=st.sampled_from(["manual", "late"]))
    def set_clock(self, clock: str, source) -> None:
        may = source == "late" or clock not in self.one.clocks
        self._try(lambda one: one.set_clock(clock, self.now, source, by="m", now=self.now), may=may)

    @rule()
    def close(self) -> None:
        self._try(lambda one: one.close("resolved", at=self.now, by="marie"), may=self.is_open)

    @rule()
    def reopen(self) -> None:
        self._try(lambda one: one.reopen(), may=not self.is_open)

    @invariant()
    def it_can_be(self) -> None:
        one = getattr(self, "one", None)
        if one is None:
            return
        shut = one.state == "closed"
        assert shut == (one.closed_at is not None) == (one.disposition is not None)
        assert shut == ("closed" in one.clocks)
        assert one.closed_at is None or one.clocks["closed"].at == one.closed_at
        assert ("type_known" in one.clocks) == (one.type is not None)
        assert max(one.type_seq, one.title_seq, one.priority_seq, one.area_seq) <= one.seq or one.seq == 0
        assert one.id not in {link.incident_id for link in one.links}


TestIncidentLife = IncidentLife.TestCase


@given(st.dictionaries(st.sampled_from(["ring", "answer", "on_scene"]), st.integers(0, NOW)))
def test_striking_in_any_order_keeps_what_stood(times: dict[str, int]) -> None:
    one = incident()
    for clock, at in times.items():
        one = one.struck(clock, at, "automatic", "m").struck(clock, at + 1, "late", "m")
    assert {clock: stamp.at for clock, stamp in one.clocks.items()} == times
