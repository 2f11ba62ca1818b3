"""An export is looked at, made, allowed by another, handed out, and known when words are taken back."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from lanbi.core.access import Actor
from lanbi.core.errors import Forbidden, LanbiError
from lanbi.core.time import DAY, SECOND
from lanbi.tracing.exports.model import Export, Selection
from lanbi.tracing.exports.rendering import name_of
from lanbi.tracing.exports.service import Exports
from lanbi.tracing.handling import Handling
from stores import ACTORS, VOCABULARY
from tracing.exports.cases import CASE, OURS, Case
from tracing.room import ANALYST, CHIEF, OTHER_ANALYST, Room

PURPOSE = "criminal_investigation"


class Office:
    """A case, exports over it, and a session that reads for a purpose."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.case = Case(room)
        self.barred: set[str] = set()
        self.exports = Exports(room.tracing, VOCABULARY, barred=lambda reader, code: code in self.barred)
        room.do(lambda tx: room.tracing.open_desk(tx, "s1", purpose=PURPOSE, case="24-118/a"))

    def make(
        self, selection: Selection | None = None, *, by: Actor = ANALYST, session: str = "s1", **how: Any
    ) -> Export:
        chosen = Selection(case=CASE) if selection is None else selection
        told = {"to": "DO", "purpose": PURPOSE, "format": "ftm", "lang": "ht", **how}
        return self.room.do(lambda tx: self.exports.make(tx, session, chosen, **told), by=by)

    def guns(self, **how: Any) -> Export:
        """Two firearms with their seizure: no person in it."""
        chosen = (self.case.glock.id, self.case.taurus.id, self.case.recovery.id)
        return self.make(Selection(entities=chosen), **how)

    def hand_out(self, export: Export, by: Actor = ANALYST) -> tuple[Export, Any]:
        return self.room.do(lambda tx: self.exports.hand_out(tx, export.id), by=by)

    def approve(self, export: Export, allowed: bool = True, by: Actor = OTHER_ANALYST) -> Export:
        return self.room.do(lambda tx: self.exports.approve(tx, export.id, allowed), by=by)

    def affected(self, statement_id: str | None = None) -> list[tuple[int, tuple[str, ...]]]:
        found = self.room.look(lambda reader: self.exports.affected(reader, ANALYST, statement_id))
        return [(one.export.number, one.statements) for one in found]

    def refused(self, code: str, work: Callable[[], object]) -> None:
        with pytest.raises(LanbiError) as caught:
            work()
        assert caught.value.code == code


@pytest.fixture
def office(room: Room) -> Office:
    return Office(room)


@pytest.fixture
def near(small: Room) -> Office:
    return Office(small)


def test_a_preview_tells_what_would_go_and_writes_nothing(office: Office) -> None:
    room, before = office.room, office.room.look(lambda reader: reader.head)
    made = room.look(
        lambda reader: office.exports.preview(
            reader, ANALYST, Selection(case=CASE), to="DO", purpose=PURPOSE, now=room.clock.now()
        )
    )
    assert (len(made.release.items), len(made.kept)) == (19, 4)
    assert room.look(lambda reader: reader.head) == before


def test_an_export_without_persons_is_ready_at_once_and_goes_on_the_record(office: Office) -> None:
    export = office.guns()
    assert (export.state, export.personal, export.handed) == ("ready", False, 0)
    handed, release = office.hand_out(export)
    assert (handed.handed, release.snapshot) == (1, export.snapshot)
    assert {item.ref for item in release.items} == {"F-1", "F-2", "R-1"}
    kinds = {kind: json.loads(body) for kind, _, _, body in office.room.entries()}
    assert kinds["tracing.export_made"] == {
        "id": export.id, "recipient": "DO", "purpose": PURPOSE, "format": "ftm", "lang": "ht",
        "tlp": "AMBER_STRICT", "snapshot": export.snapshot, "second": False,
        "counts": {"entities": 3, "statements": export.statements, "kept": export.kept},
    }  # fmt: skip
    assert kinds["tracing.export_handed"]["snapshot"] == export.snapshot
    body = "".join(body for kind, *_, body in office.room.entries() if kind.startswith("tracing.export"))
    assert CASE not in body
    assert "SYN48B075" not in body


def test_persons_wait_for_a_second_person_who_did_not_make_it(office: Office) -> None:
    export = office.make()
    assert (export.state, export.personal, export.number) == ("waiting", True, 1)
    office.refused("export-waits", lambda: office.hand_out(export))
    office.refused("tracing-second-person", lambda: office.approve(export, by=ANALYST))
    allowed = office.approve(export, by=CHIEF)
    assert (allowed.state, allowed.decided_by) == ("ready", CHIEF.id)
    office.refused("export-decided", lambda: office.approve(export))
    assert office.hand_out(export)[1].snapshot == export.snapshot


def test_red_waits_for_a_second_person_too(office: Office) -> None:
    rules = Handling(originator="DO", tlp="RED")
    dealer = office.room.make("dealer", {"name": "Synthetic Arms 08"}, handling=rules, originator="DO")
    export = office.make(Selection(entities=(dealer.id,)))
    assert (export.tlp, export.personal, export.state) == ("RED", False, "waiting")


def test_a_refused_export_is_never_handed_out(office: Office) -> None:
    export = office.make()
    assert office.approve(export, False).state == "refused"
    office.refused("export-refused", lambda: office.hand_out(export))


def test_nothing_is_made_without_a_purpose_a_recipient_or_anything_to_give(office: Office) -> None:
    office.refused("tracing-desk-needed", lambda: office.guns(session="s2"))
    office.refused("tracing-party-code", lambda: office.guns(to="Dominikani"))
    office.refused(
        "export-nothing-goes", lambda: office.make(Selection(entities=(office.case.dealer.id,)), to="VE")
    )
    office.refused("export-lang", lambda: office.guns(lang="de"))
    office.refused("export-format", lambda: office.guns(format="docx"))
    office.barred.add("DO")
    office.refused("export-recipient-barred", office.guns)
    with pytest.raises(LanbiError):
        office.guns(purpose="curiosity")
    assert office.room.look(lambda reader: office.exports.page(reader, ANALYST, before=2**62, limit=9)) == []


def test_what_was_withdrawn_after_the_cut_cannot_be_handed_out(office: Office) -> None:
    export = office.guns()
    _, release = office.hand_out(export)
    statement = release.by_id[office.case.glock.id].claims_of("model")[0].id
    office.room.do(lambda tx: office.room.tracing.withdraw(tx, [statement], "originator"))
    office.refused("export-overtaken", lambda: office.hand_out(export))
    again = office.guns()
    assert statement not in office.hand_out(again)[1].statements


@pytest.mark.parametrize("how", ["stopped", "review", "barred", "preferred"])
def test_what_the_rules_of_the_moment_forbid_cannot_be_handed_out(near: Office, how: str) -> None:
    export, room = near.guns(), near.room
    match how:
        case "stopped":
            room.do(lambda tx: room.tracing.stop(tx, "HT", True))
        case "review":
            room.clock.advance(100 * DAY / SECOND)  # past 2027-03-01
            room.do(lambda tx: room.tracing.open_desk(tx, "s1", purpose=PURPOSE, case="24-118/a"))
        case "barred":
            near.barred.add("DO")
        case _:
            said = room.look(
                lambda reader: room.tracing.dossier(reader, ANALYST, near.case.glock.id)
            ).statements
            glock = next(one.id for one in said if one.value == "GLOCK")
            room.do(lambda tx: room.tracing.prefer(tx, glock))
    code = "export-recipient-barred" if how == "barred" else "export-overtaken"
    near.refused(code, lambda: near.hand_out(export))


def test_what_was_said_after_the_cut_is_not_in_it_and_does_not_overtake_it(office: Office) -> None:
    export = office.guns()
    office.case.say(office.case.taurus, {"importer": "Tout Nouvo"}, OURS, reference="lis")
    office.case.say(office.case.taurus, {"finish": "ajan"}, Handling(originator="HT"), reference="lis")
    office.room.clock.advance(DAY / SECOND)
    _, release = office.hand_out(export)
    assert b"Tout Nouvo" not in release.canonical
    assert (release.snapshot, release.to.today) == (export.snapshot, "2026-11-22")


def test_a_renamed_case_is_handed_out_as_it_was_cut(office: Office) -> None:
    export = office.approve(office.make())
    other = office.case.say(office.case.second, {"case": "24-900"}, OURS, reference="lis", grade="A1")
    assert other.value("case") == "24-900"
    assert office.hand_out(export)[1].snapshot == export.snapshot


def test_who_received_what_was_taken_back_is_known_until_they_were_told(office: Office) -> None:
    first, other, unseen = office.guns(), office.make(), office.guns()
    office.approve(other)
    for export in (first, other):
        _, release = office.hand_out(export)
    statement = release.by_id[office.case.glock.id].claims_of("serial")[0].id
    assert office.affected() == []
    assert office.affected(statement) == [(other.number, (statement,)), (first.number, (statement,))]
    office.room.clock.advance(60)
    office.room.do(lambda tx: office.room.tracing.withdraw(tx, [statement], "originator"))
    assert office.affected() == [(other.number, (statement,)), (first.number, (statement,))]
    office.room.do(lambda tx: office.exports.told(tx, first.id))
    assert office.affected() == [(other.number, (statement,))]
    office.refused("export-untold", lambda: office.room.do(lambda tx: office.exports.told(tx, unseen.id)))
    assert office.room.entries()[-1][0] == "tracing.export_told"


def test_whose_originator_stopped_is_known_too(office: Office) -> None:
    export = office.approve(office.make())
    _, release = office.hand_out(export)
    office.room.clock.advance(60)
    office.room.do(lambda tx: office.room.tracing.stop(tx, "US", True))
    ((number, statements),) = office.affected()
    theirs = {
        claim.id for item in release.items for claim in item.claims if claim.handling.originator == "US"
    }
    assert (number, set(statements)) == (export.number, theirs)
    office.room.do(lambda tx: office.exports.told(tx, export.id))
    assert office.affected() == []


def test_exports_are_listed_newest_first(office: Office) -> None:
    for _ in range(3):
        office.guns()
    listed = office.room.look(lambda reader: office.exports.page(reader, ANALYST, before=3, limit=2))
    assert [export.number for export in listed] == [2, 1]


@pytest.mark.parametrize("role", ["call_taker", "dispatcher", "field_unit", "administrator", "auditor"])
def test_the_floor_exports_nothing_and_only_an_auditor_sees_what_was(near: Office, role: str) -> None:
    actor, export = ACTORS[role], near.guns()
    for work in (
        lambda: near.guns(by=actor),
        lambda: near.hand_out(export, by=actor),
        lambda: near.approve(export, by=actor),
        lambda: near.room.do(lambda tx: near.exports.told(tx, export.id), by=actor),
        lambda: near.room.look(
            lambda reader: near.exports.preview(
                reader, actor, Selection(case=CASE), to="DO", purpose=PURPOSE, now=near.room.clock.now()
            )
        ),
    ):
        with pytest.raises(Forbidden):
            work()
    if role == "auditor":
        assert near.room.look(lambda reader: near.exports.export(reader, actor, export.id)).id == export.id
        return
    with pytest.raises(Forbidden):
        near.room.look(lambda reader: near.exports.page(reader, actor, before=2**62, limit=9))


def test_the_name_of_a_file_tells_nothing_that_was_said(near: Office) -> None:
    export = near.make()
    assert name_of(export, "HT", "pdf") == f"lanbi-ht-do-{export.snapshot[:12]}.pdf"
