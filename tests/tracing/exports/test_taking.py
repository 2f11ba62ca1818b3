"""What one site exports another takes in: under the originators' rules, once, and no more than it may."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lanbi.core.errors import LanbiError, Malformed, Refused
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.tracing.exports import statements
from lanbi.tracing.exports.cut import cut
from lanbi.tracing.exports.model import Release, Selection
from lanbi.tracing.exports.taking import Taken, take
from lanbi.tracing.handling import Handling, Recipient
from tracing.exports.cases import CASE, OURS, TO_DO, Case
from tracing.room import ANALYST, Room, givens, room_over


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Room]:
    """Another site, of the Dominican Republic."""
    folder = tmp_path / "there"
    folder.mkdir()
    with room_over(SqliteEngine(folder / FILE_NAME), code="DO") as made:
        yield made


def take_in(room: Room, release: Release) -> Taken:
    data = statements.render(release)
    return room.do(lambda tx: take(tx, room.tracing, data))


def onward(room: Room, to: str) -> Release:
    """What that site may pass on of the case."""
    recipient = Recipient(to, TO_DO.purpose, TO_DO.today)
    return room.look(lambda reader: cut(reader, Selection(case=CASE), recipient, us=room.code)).release


def said(release: Release) -> set[tuple[str, str, str, str]]:
    return {
        (item.kind, claim.prop, claim.original or claim.value, claim.handling.originator)
        for item in release.items
        for claim in item.claims
        if claim.target is None
    }


def test_statements_stand_there_as_they_were_said(small: Room, there: Room) -> None:
    sent = Case(small).release()
    taken = take_in(there, sent)
    assert (taken.sender, taken.new, taken.left) == ("HT", len(sent.statements), 0)
    back = Recipient("HT", TO_DO.purpose, TO_DO.today)
    held = there.look(lambda reader: cut(reader, Selection(case=CASE), back, us="DO")).release
    ours = {one for one in said(sent) if one[3] == "HT"}
    assert {one for one in said(held) if one[3] == "HT"} == ours
    firearm = next(item for item in held.items if item.value("serial") == "SYN48B075")
    assert {claim.value for claim in firearm.claims_of("make")} == {"Zanmi Fò & Frè", "GLOCK"}
    row = there.look(
        lambda reader: reader.row("SELECT make, sold_on FROM tracing_firearm WHERE serial = 'SYN48B075'")
    )
    assert row == ("Zanmi Fò & Frè", "2025-11-03")


def test_it_passes_on_only_what_it_may(small: Room, there: Room) -> None:
    take_in(there, Case(small).release())
    passed = onward(there, "JM")
    originators = {claim.handling.originator for item in passed.items for claim in item.claims}
    # Haiti's words are not the Dominican Republic's to pass on; Jamaica's and the United States' are.
    assert originators == {"JM", "US"}
    assert not passed.of("recovery")


def test_the_same_file_twice_adds_nothing_and_a_newer_one_what_is_new(small: Room, there: Room) -> None:
    case = Case(small)
    first = case.release()
    take_in(there, first)
    count = there.look(lambda reader: reader.row("SELECT COUNT(*) FROM tracing_statement"))
    again = take_in(there, first)
    assert (again.new, again.known) == (0, len(first.statements))
    assert there.look(lambda reader: reader.row("SELECT COUNT(*) FROM tracing_statement")) == count
    case.say(case.taurus, {"finish": "ajan"}, OURS, reference="lis")
    newer = take_in(there, case.release())
    assert (newer.new, newer.known) == (1, len(first.statements))
    entities = there.look(lambda reader: reader.row("SELECT COUNT(*) FROM tracing_entity"))
    assert entities == (len(first.items),)
    assert there.entries()[-1][0] == "tracing.taken_in"


def test_contacts_stay_behind_with_what_names_them(small: Room, there: Room) -> None:
    case = Case(small)
    phone = case.make("contact", {"kind": "phone", "value": "+509 5550 0111"}, OURS, reference="lis")
    case.make("contact_use", {"party": case.buyer.id, "contact": phone.id}, OURS, reference="lis")
    taken = take_in(there, case.release())
    assert taken.left == 2
    kinds = there.look(lambda reader: reader.rows("SELECT DISTINCT kind FROM tracing_entity"))
    assert ("contact",) not in kinds


def test_one_report_that_comes_back_by_another_site_does_not_look_like_two(small: Room, there: Room) -> None:
    sent = Case(small).release()
    before = small.look(lambda reader: reader.row("SELECT COUNT(*) FROM tracing_statement"))
    take_in(there, sent)
    back = take_in(small, onward(there, "HT"))
    assert (back.new, back.left) == (0, 0)
    assert back.known > 40
    assert small.look(lambda reader: reader.row("SELECT COUNT(*) FROM tracing_statement")) == before


def test_what_another_site_adds_to_ones_own_stands_beside_it(small: Room, there: Room) -> None:
    case = Case(small)
    take_in(there, case.release())
    row = there.look(lambda reader: reader.row("SELECT id FROM tracing_firearm WHERE serial = 'ABL124533'"))
    rules = Handling(originator="DO", tlp="AMBER", releasable=("HT",))
    there.do(
        lambda tx: there.tracing.state(
            tx, row[0], givens({"importer": "Impò Karayib"}), there.source(tx, "Santo Domingo 4"), rules
        )
    )
    back = take_in(small, onward(there, "HT"))
    assert back.new == 1
    taurus = small.look(lambda reader: small.tracing.entity(reader, ANALYST, case.taurus.id))
    assert taurus.value("importer") == "Impò Karayib"


def test_what_its_originator_lets_nobody_pass_on_is_not_taken_from_another(small: Room, there: Room) -> None:
    data = statements.render(Case(small).release()).replace(b'"onward":true', b'"onward":false')
    taken = there.do(lambda tx: take(tx, there.tracing, data))
    assert taken.left > 10
    rows = there.look(lambda reader: reader.rows("SELECT DISTINCT originator FROM tracing_statement"))
    assert rows == [("HT",)]


def test_a_file_for_somebody_else_is_refused_and_a_states_file_serves_its_sites(
    small: Room, there: Room
) -> None:
    case = Case(small)
    jamaica = case.release(Recipient("JM", TO_DO.purpose, TO_DO.today))
    with pytest.raises(Refused, match="export-file-not-ours"):
        take_in(there, jamaica)
    there.code = "DO-SDQ"
    assert take_in(there, case.release()).new > 0


def test_a_file_with_one_impossible_value_is_taken_in_not_at_all(small: Room, there: Room) -> None:
    data = statements.render(Case(small).release()).replace(b'"value":"2026-08"', b'"value":"2026-13"')
    with pytest.raises(Malformed, match="tracing-date"):
        there.do(lambda tx: take(tx, there.tracing, data))
    assert there.look(lambda reader: reader.row("SELECT COUNT(*) FROM tracing_statement")) == (0,)


@pytest.mark.parametrize(
    ("old", "new"), [(b'"kind":"possession"', b'"kind":"victim"'), (b'"prop":"agency"', b'"prop":"race"')]
)
def test_a_file_with_an_unknown_kind_or_property_is_refused(
    small: Room, there: Room, old: bytes, new: bytes
) -> None:
    data = statements.render(Case(small).release()).replace(old, new)
    with pytest.raises(LanbiError):
        there.do(lambda tx: take(tx, there.tracing, data), by=ANALYST)
    assert there.look(lambda reader: reader.row("SELECT COUNT(*) FROM tracing_entity")) == (0,)
