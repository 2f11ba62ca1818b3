"""From a seizure outward: what an analyst sees, and what each edge stands on."""

import pytest

from lanbi.core.errors import Forbidden, Malformed, NotFound
from lanbi.tracing.graphs.facts import of_all, of_firearms
from lanbi.tracing.graphs.model import HUB_EDGES_MIN, NODES_MAX, Workspace, edge_id
from lanbi.tracing.graphs.rows import EvidenceRow
from lanbi.tracing.graphs.service import Graphs
from lanbi.tracing.model import Entity
from stores import ACTORS
from tracing.room import ANALYST, GLOCK, Room


def graphs(room: Room) -> Graphs:
    return Graphs(room.tracing, requests=lambda reader, firearms: [], network_of=lambda firearm: None)


def look(room: Room, root: Entity, *expand: Entity, inferred: bool = True) -> Workspace:
    return room.look(
        lambda reader: graphs(room).workspace(
            reader, ANALYST, root.id, expand=[entity.id for entity in expand], inferred=inferred
        )
    )


def gun(serial: str) -> dict[str, str]:
    return {**GLOCK, "serial": serial}


class Case:
    """A dealer sells two firearms to one buyer in one day and a third to another the day after; two travel in
    a container; all are recovered."""

    def __init__(self, room: Room) -> None:
        self.room = room
        make = room.make
        self.first, (self.one, self.two) = room.seized(gun("SYN488075"), gun("SYN702214"), date="2026-07-10")
        self.second, (self.three,) = room.seized(gun("SYN331906"), date="2026-08-22", country="DO")
        self.dealer = make("dealer", {"name": "Synthetic Arms 07", "country": "US", "region": "FL"})
        self.buyer = make("person", {"role": "purchaser", "legal_status": "suspect", "name": "Moun Envante"})
        self.other = make("person", {"role": "purchaser", "legal_status": "suspect", "name": "Lòt Moun"})
        for firearm, buyer, day in (
            (self.one, self.buyer, "2026-03-09"),
            (self.two, self.buyer, "2026-03-09"),
            (self.three, self.other, "2026-03-10"),
        ):
            make(
                "acquisition",
                {"firearm": firearm.id, "seller": self.dealer.id, "buyer": buyer.id, "date": day},
            )
        self.box = make("consignment", {"container": "SYNU0412205", "kind": "container", "declared": "rad"})
        self.miami, self.pap = make("port", {"code": "USMIA"}), make("port", {"code": "HTPAP"})
        make(
            "leg",
            {
                "consignment": self.box.id, "origin": self.miami.id, "destination": self.pap.id,
                "departed": "2026-06-02", "arrived": "2026-06", "mode": "sea",
            },
        )  # fmt: skip
        for firearm in (self.one, self.two):
            make("packing", {"item": firearm.id, "consignment": self.box.id}, kind="customs", grade="A1")


def test_one_answer_fills_graph_timeline_and_map(room: Room) -> None:
    case = Case(room)
    elsewhere = room.make("consignment", {"container": "SYNU0412210", "kind": "container"})
    room.make("leg", {"consignment": elsewhere.id, "origin": case.miami.id, "departed": "2011-01-01"})
    seen = look(room, case.first)
    kinds = {node.id: node.kind for node in seen.nodes}
    assert elsewhere.id not in {span.node for span in seen.times}
    assert {
        case.first.id,
        case.one.id,
        case.two.id,
        case.dealer.id,
        case.buyer.id,
        case.box.id,
    } <= kinds.keys()
    lanes = {(span.lane, span.node): span for span in seen.times}
    sale = lanes["sale", case.buyer.id]
    assert (sale.from_, sale.count) == ("2026-03-09", 2)
    leg = lanes["consignment", case.box.id]
    assert (leg.from_, leg.to, leg.to_latest) == ("2026-06-02", "2026-06-01", "2026-06-30")
    assert [(stretch.from_.code, stretch.to.code) for stretch in seen.legs] == [("USMIA", "HTPAP")]
    assert seen.shown == len(seen.nodes)


def test_persons_are_pseudonyms_in_it(room: Room) -> None:
    case = Case(room)
    person = next(node for node in look(room, case.first).nodes if node.id == case.buyer.id)
    assert (person.title, person.detail, person.sealed) == (case.buyer.ref, "", True)
    assert person.code == ("person_roles", "purchaser")


def test_what_is_inferred_is_marked_and_can_be_switched_off(room: Room) -> None:
    case = Case(room)
    seen = look(room, case.first, case.dealer)
    inferred = [edge for edge in seen.edges if edge.evidence == "inferred"]
    assert any(edge.kind == "co_purchase" and case.three.id in (edge.a, edge.b) for edge in inferred)
    assert all(edge.confidence is not None and 0 < edge.confidence < 1 for edge in inferred)
    assert all(edge.confidence is None for edge in seen.edges if edge.evidence == "evidenced")
    off = look(room, case.first, case.dealer, inferred=False)
    assert {edge.evidence for edge in off.edges} == {"evidenced"}
    assert len(off.nodes) == len(seen.nodes)


def test_every_edge_opens_its_evidence(room: Room) -> None:
    case = Case(room)
    seen = look(room, case.first, case.dealer)
    assert seen.edges
    for edge in seen.edges:
        evidence = room.look(lambda reader, key=edge.id: graphs(room).evidence(reader, ANALYST, key))
        assert evidence.statements, edge.kind
        assert {said.source_id for said in evidence.statements} == {source.id for source in evidence.sources}
        assert (evidence.link is not None) == (edge.evidence == "inferred")


def test_an_edge_whose_claim_was_withdrawn_is_gone(room: Room) -> None:
    case = Case(room)
    packed = edge_id(case.one.id, "packing.item.consignment", case.box.id, "")
    edge = next(edge for edge in look(room, case.first).edges if edge.id.startswith(packed))
    evidence = room.look(lambda reader: graphs(room).evidence(reader, ANALYST, edge.id))
    room.do(lambda tx: room.tracing.withdraw(tx, [said.id for said in evidence.statements], "error"))
    assert edge.id not in {left.id for left in look(room, case.first).edges}
    with pytest.raises(NotFound, match="tracing-edge-none"):
        room.look(lambda reader: graphs(room).evidence(reader, ANALYST, edge.id))


def test_two_that_are_judged_the_same_are_one_node_until_it_is_undone(room: Room) -> None:
    case = Case(room)
    again = room.make("dealer", {"name": "SYNTHETIC ARMS 7", "country": "US"})
    _, (four,) = room.seized(gun("SYN555555"))
    room.make("acquisition", {"firearm": four.id, "seller": again.id, "date": "2026-03-09"})
    judged = room.do(lambda tx: room.tracing.judge(tx, case.dealer.id, again.id, "same", "menm lisans"))
    seen = {node.id for node in look(room, case.first, case.dealer).nodes}
    assert four.id in seen
    assert again.id not in seen
    room.do(lambda tx: room.tracing.undo_judgement(tx, judged.id))
    assert four.id not in {node.id for node in look(room, case.first, case.dealer).nodes}


def test_a_hub_is_folded_and_opened_by_hand(small: Room) -> None:
    _, (first, *_) = small.seized(gun("SYN100000"))
    dealer = small.make("dealer", {"name": "Synthetic Depot", "country": "US"})
    for number in range(HUB_EDGES_MIN + 3):
        firearm = first if number == 0 else small.make("firearm", gun(f"SYN10{number:04}"))
        small.make(
            "acquisition", {"firearm": firearm.id, "seller": dealer.id, "date": f"{2000 + number % 20}"}
        )
    folded = next(node for node in look(small, first).nodes if node.id == dealer.id)
    assert folded.folded == folded.more == HUB_EDGES_MIN + 2
    buyer = small.make("person", {"role": "purchaser", "legal_status": "suspect"})
    small.make("acquisition", {"seller": dealer.id, "buyer": buyer.id, "date": "2020"})
    assert buyer.id in {node.id for node in look(small, first).nodes}  # the few stand, the many are folded
    opened = look(small, first, dealer)
    assert next(node for node in opened.nodes if node.id == dealer.id).folded is None
    assert opened.shown == len(opened.nodes) <= NODES_MAX
    counts = small.look(lambda reader: graphs(small).counts(reader, ANALYST, dealer.id))
    assert counts == {"acquisition.seller.firearm": HUB_EDGES_MIN + 3, "acquisition.seller.buyer": 1}


def test_an_excluded_comparison_is_shown_as_excluded(room: Room) -> None:
    case = Case(room)
    for status, right in (("lead", case.two), ("excluded", case.three)):
        room.make("ballistic", {"left": case.one.id, "right": right.id, "status": status}, kind="laboratory")
    edges = {edge.evidence for edge in look(room, case.one).edges if edge.kind == "ballistic.left.right"}
    assert edges == {"lead", "excluded"}


def test_facts_of_a_few_and_of_all_are_the_same_facts(room: Room) -> None:
    case = Case(room)
    room.make("ballistic", {"left": case.one.id, "right": case.three.id, "status": "lead"}, kind="laboratory")
    phone = room.make("contact", {"kind": "phone", "value": "+1 305 555 0142"})
    for person in (case.buyer, case.other):
        room.make("contact_use", {"party": person.id, "contact": phone.id})
    few = room.look(lambda reader: of_firearms(reader, [case.one.id, case.two.id, case.three.id]))
    whole = room.look(of_all)
    for name in ("marked", "sales", "packings", "comparisons", "uses"):
        assert set(getattr(few, name)) == set(getattr(whole, name)), name


def test_impossible_questions_are_refused(small: Room) -> None:
    _, (firearm,) = small.seized(GLOCK)
    with pytest.raises(NotFound, match="tracing-none"):
        small.look(lambda reader: graphs(small).workspace(reader, ANALYST, "nobody"))
    with pytest.raises(Malformed, match="tracing-edge-unreadable"):
        small.look(lambda reader: graphs(small).evidence(reader, ANALYST, "a~b"))
    with pytest.raises(Malformed, match="tracing-expand-many"):
        small.look(lambda reader: graphs(small).workspace(reader, ANALYST, firearm.id, expand=["x"] * 61))
    for role in ("call_taker", "auditor"):
        with pytest.raises(Forbidden):
            small.look(lambda reader, role=role: graphs(small).workspace(reader, ACTORS[role], firearm.id))


def rated(room: Room, case: Case) -> tuple[str, EvidenceRow]:
    edges = look(room, case.first, case.dealer).edges
    key = next(edge.id for edge in edges if edge.kind == "co_purchase")
    return key, room.look(lambda reader: graphs(room).evidence_row(reader, ANALYST, key))


def test_an_inferred_link_says_what_would_refute_it(room: Room) -> None:
    _, evidence = rated(room, Case(room))
    link = evidence.inferred
    assert link is not None
    assert any(hypothesis.innocent for hypothesis in link.hypotheses)
    assert link.refute
    assert {ground.code for ground in link.for_} >= {"the_coincidence", "short_time_to_crime"}
    assert all(item.words for item in link.items)
    assert [one.rank for one in link.hypotheses] == sorted(one.rank for one in link.hypotheses)


def test_an_analyst_weighs_it_otherwise_and_that_is_on_the_record(room: Room) -> None:
    key, evidence = rated(room, Case(room))
    assert evidence.inferred is not None
    item = evidence.inferred.items[0].id
    before = {one.code: one.inconsistency for one in evidence.inferred.hypotheses}
    after = room.do(lambda tx: graphs(room).rate(tx, key, item, "straw_purchases", "II")).inferred
    assert after is not None
    now = {one.code: one for one in after.hypotheses}
    assert now["straw_purchases"].cells[item] == "II"
    assert now["straw_purchases"].inconsistency > before["straw_purchases"]
    assert room.entries()[-1][0] == "tracing.link_rated"
    for ground, hypothesis, rating in (("x", "theft", "C"), (item, "x", "C"), (item, "theft", "X")):
        with pytest.raises(Malformed, match="tracing-rating-unknown"):
            room.do(lambda tx, g=ground, h=hypothesis, r=rating: graphs(room).rate(tx, key, g, h, r))
