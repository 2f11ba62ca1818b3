"""What travels, asked of the rule: whatever rules statements have, none leaves that the rule keeps here."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.core.ports import Reader
from lanbi.tracing import sql as tracing_sql
from lanbi.tracing.handling import TLP, Handling, Recipient, why_kept
from lanbi.tracing.model import Statement
from lanbi.tracing.requests import letters
from lanbi.tracing.requests.answering import SaleGiven
from lanbi.tracing.requests.package import key_of
from lanbi.tracing.requests.terms import travels
from partners.sites import engines_in
from tracing.requests.states import ANALYST, CHIEF, GLOCK, SALE, Exchange, State, exchange_over

CODES = ("HT-PAP", "HT", "DO", "DO-SDQ", "JM", "US")
PURPOSES = ("criminal_investigation", "prosecution", "statistics")
DAYS = ("2026-11-21", "2026-11-22", "2027-03-01")

rules = st.builds(
    Handling,
    originator=st.sampled_from(["HT-PAP", "HT-PAP", "HT", "DO", "JM"]),
    tlp=st.sampled_from(TLP),
    releasable=st.lists(st.sampled_from([*CODES, "*"]), max_size=3, unique=True).map(
        lambda x: tuple(sorted(x))
    ),
    purposes=st.lists(st.sampled_from(PURPOSES), max_size=2, unique=True).map(lambda x: tuple(sorted(x))),
    onward=st.booleans(),
    review_on=st.none() | st.sampled_from(DAYS),
)
claims = st.lists(
    st.tuples(st.sampled_from(["serial", "model", "finish", "importer", "other_marks"]), rules), max_size=6
)


def allowed(state: State, to: str, purpose: str, *, persons: bool = False) -> set[str]:
    """The ids of all statements here that the rule lets go there, asked one by one."""

    def work(reader: Reader) -> set[str]:
        stopped = tracing_sql.stopped(reader)
        found: set[str] = set()
        for kind in travels():
            for entity in state.entities(kind):
                for one in tracing_sql.statements_of(reader, entity.id):
                    if _why(one, stopped, state, to, purpose, persons=persons) is None:
                        found.add(one.id)
        return found

    return state.look(work)


def _why(
    one: Statement, stopped: frozenset[str], state: State, to: str, purpose: str, *, persons: bool
) -> str | None:
    return why_kept(
        one.handling,
        Recipient(to, purpose, state.today()),
        us=state.code,
        withdrawn=not one.stands,
        stopped=one.handling.originator in stopped,
        sealed=one.sealed_id is not None and not persons,
    )


def gone(state: State, kind: str) -> set[str]:
    """The ids of the statements in the newest letter of a kind."""
    body = state.bodies_sent(kind)[-1]
    shape = letters.AskLetter if kind == letters.REQUEST else letters.AnswerLetter
    return {one.id for one in msgspec.json.decode(body, type=shape).package.statements}


@settings(max_examples=25)
@given(
    seizure=rules,
    own=rules,
    more=claims,
    withdrawn=st.integers(0, 12),
    stop=st.none() | st.sampled_from(["DO", "JM", "HT-PAP"]),
    purpose=st.sampled_from(PURPOSES[:2]),
)
def test_no_statement_leaves_that_its_rules_keep(
    seizure: Handling, own: Handling, more: list[tuple[str, Handling]], withdrawn: int, stop: str | None,
    purpose: str,
) -> None:  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, exchange_over(engines_in(Path(folder))) as exchange:
        haiti = exchange.haiti
        recovery = haiti.state("recovery", {"date": "2026-07-10", "case": "24-118", "country": "HT"}, seizure)
        firearm = haiti.state("firearm", {**GLOCK, "recovery": recovery.id}, own)
        for number, (prop, handling) in enumerate(more):
            haiti.state("firearm", {prop: f"SYN-{number}"}, handling, of=firearm)
        ids = [one.id for one in haiti.statements(firearm.id)]
        if withdrawn < len(ids):
            haiti.do(lambda tx: haiti.tracing.withdraw(tx, [ids[withdrawn]], "error"))
        if stop is not None:
            haiti.do(lambda tx: haiti.tracing.stop(tx, stop, True), by=CHIEF)
        request = haiti.approve(haiti.draft(firearm, purpose=purpose))
        may = allowed(haiti, "DO", purpose)
        look = haiti.look(
            lambda reader: haiti.requests.looks.preview(reader, ANALYST, request.id, haiti.clock.now())
        )
        # What stays is shown with the rule's own reason; what goes is what the rule lets go.
        stopped = haiti.look(tracing_sql.stopped)
        for item in look.selection.items:
            why = _why(item.statement, stopped, haiti, "DO", purpose, persons=False)
            joins = item.statement.target is not None
            assert item.stays == why or (joins and why is None)
        going = set(look.selection.statements)
        assert going <= may
        if not going:
            return
        haiti.send(request)
        assert gone(haiti, letters.REQUEST) == going
        exchange.carry()
        theirs = [item for item in look.selection.going if item.statement.handling.originator == "DO"]
        if all(item.entity.kind != "firearm" or item in theirs for item in look.selection.going):
            # Nothing but its own word about the firearm: that cannot be told to it as ours.
            assert haiti.now(request).trouble == "trace-letter"
            return
        came = exchange.dominicana.came()
        arrived = [
            one
            for kind in ("firearm", "recovery")
            for entity in exchange.dominicana.entities(kind)
            for one in exchange.dominicana.statements(entity.id)
        ]
        told_recovery = any(
            item.entity.kind == "recovery" and item not in theirs for item in look.selection.going
        )
        # Nothing that claims to be the receiver's own word is believed, and every rule came along.
        kept_rules = {(one.handling, one.prop) for one in arrived}
        sent_rules = {
            (item.statement.handling, item.statement.prop)
            for item in look.selection.going
            if item not in theirs and (item.statement.prop != "recovery" or told_recovery)
        }
        assert kept_rules == sent_rules
        assert came.purpose == purpose


@settings(max_examples=15)
@given(sale=rules, dealer=rules, person=rules, purpose=st.sampled_from(PURPOSES[:2]), names=st.booleans())
def test_no_answer_tells_what_its_rules_keep(
    sale: Handling, dealer: Handling, person: Handling, purpose: str, names: bool
) -> None:
    def ours(handling: Handling) -> Handling:
        return msgspec.structs.replace(handling, originator="DO")

    with tempfile.TemporaryDirectory() as folder, exchange_over(engines_in(Path(folder))) as exchange:
        haiti, dominicana = exchange.haiti, exchange.dominicana
        haiti.ask(haiti.seized(haiti.rules("DO")), purpose=purpose)
        exchange.carry()
        came = dominicana.step("progress", dominicana.step("acknowledge", dominicana.came()))
        buyer = dominicana.state("person", {"role": "purchaser", "name": "Moun Envante"}, ours(person))
        seller = dominicana.state("dealer", {"name": "Armería"}, ours(dealer))
        given_sale = SaleGiven(
            values=SALE, dealer_id=seller.id, buyer_id=buyer.id, reference="Libro",
            rules=lambda originator: msgspec.structs.replace(sale, originator=originator),
        )  # fmt: skip
        tells_buyer = why_kept(ours(sale), Recipient("HT-PAP", purpose, dominicana.today()), us="DO") is None
        if names and not tells_buyer:
            names = False
        dominicana.step("answer", came, outcome="purchaser", sale=given_sale, purchaser=names)
        if names:
            dominicana.approve(came)
        sent = gone(dominicana, letters.ANSWER)
        assert sent <= allowed(dominicana, "HT-PAP", purpose, persons=names)
        answer = dominicana.bodies_sent(letters.ANSWER)[-1].decode()
        may_name = why_kept(ours(person), Recipient("HT-PAP", purpose, dominicana.today()), us="DO") is None
        assert ("Moun Envante" in answer) == (names and may_name)
        assert (buyer.id in answer, seller.id in answer) == (False, False)
        exchange.carry()
        (asked,) = haiti.look(
            lambda r: haiti.requests.looks.page(r, ANALYST, side="out", before=2**62, limit=1)
        )
        assert asked.purchaser == (
            "none" if not tells_buyer else "sealed" if names and may_name else "exists"
        )


def test_an_answer_stays_in_the_enclave_of_whoever_asked(exchange: Exchange) -> None:
    """What came back is not passed on to a third, unless the answerer's rules say so."""
    haiti, dominicana = exchange.haiti, exchange.dominicana
    firearm = haiti.seized(Handling(originator="HT-PAP", releasable=("DO", "US")))
    haiti.ask(firearm)
    exchange.carry()
    came = dominicana.step("progress", dominicana.step("acknowledge", dominicana.came()))
    dominicana.step(
        "answer", came, outcome="purchaser", sale=SaleGiven(values=SALE, dealer={"name": "A"}, reference="L")
    )
    exchange.carry()
    answers = [one for entity in haiti.entities("acquisition") for one in haiti.statements(entity.id)]
    assert answers
    to_third = Recipient("US", "criminal_investigation", haiti.today())
    assert {why_kept(one.handling, to_third, us="HT-PAP") for one in answers} == {"not_named"}
    named = msgspec.structs.replace(answers[0].handling, releasable=("HT-PAP", "US"))
    assert why_kept(named, to_third, us="HT-PAP") == "onward"
    onward = msgspec.structs.replace(named, onward=True)
    assert why_kept(onward, to_third, us="HT-PAP") is None


@pytest.mark.parametrize("partner", ["DO", "JM"])
def test_a_key_on_the_wire_tells_nothing_and_is_another_for_each_partner(partner: str) -> None:
    entity = "0197f000-0000-7000-8000-000000000001"
    key = key_of(b"s" * 32, partner, entity)
    assert len(key) == 32
    assert entity.replace("-", "") not in key
    assert key != key_of(b"s" * 32, "US", entity)
    assert key != key_of(b"t" * 32, partner, entity)
    assert key == key_of(b"s" * 32, partner, entity)
