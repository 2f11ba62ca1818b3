"""Links: what ties two guns, how strongly, and by which facts; hubs and strangers tie nobody."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.tracing.networks.facts import (
    Background,
    Comparison,
    Facts,
    Marked,
    Packing,
    Sale,
    Use,
    background,
)
from lanbi.tracing.networks.grounds import CLIQUE_GUNS_MAX, HOLDERS_MAX, WEIGHTS, Weights
from lanbi.tracing.networks.links import EVIDENCED, KINDS, Link, find

DAY = 738_000  # an ordinal in 2021
YEAR = 365


def marked(*names: str, found: int = DAY + YEAR, **more: str) -> tuple[Marked, ...]:
    return tuple(Marked(name, found=found, country="JM", **more) for name in names)


def listed(facts: Facts, **more: Weights | Background) -> list[Link]:
    found = find(facts, **more)  # pyright: ignore[reportArgumentType]
    return [found.link(at) for at in range(len(found))]


def of_kind(links: Iterable[Link], kind: str) -> list[Link]:
    return [link for link in links if link.kind == kind]


def sale(name: str, **more: object) -> Sale:
    return Sale(f"S-{name}", name, **more)  # pyright: ignore[reportArgumentType]


def test_a_shared_purchaser_is_evidence_and_names_both_answers() -> None:
    facts = Facts(
        marked("a", "b", "c"), (sale("a", party="P-1", day=DAY), sale("b", party="P-1", day=DAY + 3))
    )
    (link,) = listed(facts)
    assert (link.left, link.right, link.kind, link.evidence) == ("a", "b", "purchaser", "evidenced")
    assert (link.about, link.apart, link.guns) == ("P-1", 3, 2)
    assert link.facts == ("S-a", "S-b")
    assert link.weight == WEIGHTS.purchaser


@pytest.mark.parametrize(
    ("sold", "weight"),
    [
        ((DAY, DAY), WEIGHTS.purchaser),
        ((DAY, DAY - 2 * YEAR + 1), WEIGHTS.purchaser_years),
        ((DAY, DAY - 9 * YEAR), WEIGHTS.purchaser_one_long),
        ((DAY - 9 * YEAR, DAY - 9 * YEAR), WEIGHTS.purchaser_long),
        ((DAY, None), WEIGHTS.purchaser),
    ],
)
def test_a_purchaser_weighs_less_where_guns_were_kept_for_years(
    sold: tuple[int, int | None], weight: float
) -> None:
    facts = Facts(marked("a", "b"), (sale("a", party="P", day=sold[0]), sale("b", party="P", day=sold[1])))
    assert [link.weight for link in listed(facts)] == [weight]


def test_a_report_of_a_sale_and_one_of_a_loss_are_two_kinds() -> None:
    facts = Facts(
        marked("a", "b", "c", "d"),
        (
            sale("a", report="MS-1", day=DAY),
            sale("b", report="MS-1", day=DAY),
            sale("c", report="TH-1", stolen=True),
            sale("d", report="TH-1", stolen=True),
        ),
    )
    assert [(link.kind, link.left, link.right) for link in listed(facts)] == [
        ("report", "a", "b"),
        ("theft", "c", "d"),
    ]


def trade(dealer: str, count: int, first: int, step: int) -> tuple[list[Marked], list[Sale]]:
    """Guns that a dealer sold in the course of years, each found a year later."""
    names = [f"{dealer}/{at}" for at in range(count)]
    days = [first + at * step for at in range(count)]
    return (
        [Marked(name, found=day + YEAR, country="JM") for name, day in zip(names, days, strict=True)],
        [sale(name, dealer=dealer, day=day) for name, day in zip(names, days, strict=True)],
    )


def test_the_same_week_is_a_coincidence_at_a_small_dealer_and_none_at_a_large_one() -> None:
    guns, sales = trade("large", 600, DAY - 5 * YEAR, 3)
    few, few_sales = trade("small", 3, DAY - 4 * YEAR, 2 * YEAR)
    pairs = marked("a", "b", "c", "d")
    more = [
        sale("a", dealer="large", party="P-1", day=DAY),
        sale("b", dealer="large", party="P-2", day=DAY + 6),
        sale("c", dealer="small", party="P-3", day=DAY),
        sale("d", dealer="small", party="P-4", day=DAY + 6),
    ]
    found = listed(Facts((*pairs, *guns, *few), (*sales, *few_sales, *more)))
    near = {(link.left, link.right): link for link in of_kind(found, "co_purchase")}
    assert ("c", "d") in near
    assert near["c", "d"].evidence == "inferred"
    assert near["c", "d"].about == "small"
    large = near.get(("a", "b"))
    assert large is None or large.weight < near["c", "d"].weight - 2


def test_a_dealer_alone_ties_nobody_nor_a_gun_that_was_kept_for_years() -> None:
    facts = Facts(
        (*marked("a", "b"), Marked("old", found=DAY + 9 * YEAR)),
        (
            sale("a", dealer="D", day=DAY),
            sale("b", dealer="D", day=DAY + 30),
            sale("old", dealer="D", day=DAY),
        ),
    )
    assert listed(facts) == []


def test_how_common_a_thing_is_can_be_handed_in() -> None:
    """Two guns of a whole store: what is rare is not seen from the two alone."""
    facts = Facts(marked("a", "b"), (sale("a", dealer="D", day=DAY), sale("b", dealer="D", day=DAY + 2)))
    assert of_kind(listed(facts), "co_purchase")
    guns, sales = trade("D", 600, DAY - 5 * YEAR, 3)
    among = background(Facts((*facts.marked, *guns), (*facts.sales, *sales)))
    (alone,), crowded = listed(facts), listed(facts, among=among)
    assert not crowded or crowded[0].weight < alone.weight - 2


def test_consignments_bills_and_containers_tie_each_in_its_way() -> None:
    facts = Facts(
        marked("a", "b", "c", "d", "e", "f"),
        packings=(
            *(Packing(f"K-{gun}", gun, "C-1", "SYNU0000010", "B-1") for gun in "abcd"),
            Packing("K-e", "e", "C-2", "SYNU0000010", "B-2"),
            Packing("K-f", "f", "C-3", None, "B-2"),
        ),
    )
    found = listed(facts)
    assert len(of_kind(found, "consignment")) == 6
    assert {(link.left, link.right) for link in of_kind(found, "container")} == {(gun, "e") for gun in "abcd"}
    assert [(link.left, link.right, link.about) for link in of_kind(found, "bill")] == [("e", "f", "B-2")]
    assert {link.evidence for link in of_kind(found, "container")} == {"inferred"}
    assert {link.evidence for link in found if link.kind in ("consignment", "bill")} == {"evidenced"}


def test_two_guns_in_a_barrel_weigh_less_than_a_load() -> None:
    def heaviest(count: int) -> float:
        names = [f"g{at}" for at in range(count)]
        facts = Facts(marked(*names), packings=tuple(Packing(f"K-{name}", name, "C") for name in names))
        return listed(facts)[0].weight

    assert heaviest(2) < heaviest(3) < heaviest(4) == heaviest(9) == WEIGHTS.consignment


def test_a_telephone_of_two_purchasers_ties_their_guns_and_shows_four_facts() -> None:
    facts = Facts(
        marked("a", "b"),
        (sale("a", party="P-1"), sale("b", party="P-2")),
        uses=(Use("U-1", "P-1", "+1", "phone"), Use("U-2", "P-2", "+1", "phone")),
    )
    (link,) = listed(facts)
    assert (link.kind, link.evidence, link.about) == ("phone", "inferred", "+1")
    assert link.facts == ("S-a", "S-b", "U-1", "U-2")


def test_a_purchaser_and_a_consignment_can_share_an_address() -> None:
    facts = Facts(
        marked("a", "b"),
        (sale("a", party="P-1"),),
        (Packing("K-b", "b", "C-1"),),
        uses=(Use("U-1", "P-1", "x", "address"), Use("U-2", "C-1", "x", "address")),
    )
    assert [link.kind for link in listed(facts)] == ["address"]


@pytest.mark.parametrize(("holders", "ties"), [(2, True), (HOLDERS_MAX, True), (HOLDERS_MAX + 1, False)])
def test_a_carriers_telephone_ties_nobody(holders: int, ties: bool) -> None:
    names = [f"g{at}" for at in range(holders)]
    facts = Facts(
        marked(*names),
        tuple(sale(name, party=f"P-{name}") for name in names),
        uses=tuple(Use(f"U-{name}", f"P-{name}", "+1", "phone") for name in names),
    )
    assert bool(listed(facts)) is ties


def serial_facts(*serials: str, sales: tuple[Sale, ...] = ()) -> Facts:
    """Guns g0, g1… of one model with these serials, among others of the same pattern far off."""
    more = [f"QQQ{at:03d}777" for at in range(20)]
    return Facts(
        tuple(
            Marked(f"g{at}", make="Taurus", model="G2C", serial=serial, found=DAY + YEAR)
            for at, serial in enumerate([*serials, *more])
        ),
        sales,
    )


@pytest.mark.parametrize(
    ("one", "other", "ties"),
    [
        ("ABC123456", "ABC123459", True),
        ("ABC123456", "ABC123466", True),
        ("ABC123456", "ABC123467", False),
        ("ABC123456", "ABD123457", False),
        ("ABC12345?", "ABC123459", True),
        ("A?C123456", "ABC123459", True),
        ("ABCI23456", "ABC123459", True),  # a letter where the model's serials have a digit
        ("ABC9?3456", "ABC123459", False),
    ],
)
def test_serials_of_one_box_tie_also_where_a_sign_is_unread(one: str, other: str, ties: bool) -> None:
    found = [link for link in listed(serial_facts(one, other)) if (link.left, link.right) == ("g0", "g1")]
    assert bool(found) is ties
    assert all((link.kind, link.evidence) == ("serials", "inferred") for link in found)


def test_serials_sold_by_two_dealers_or_years_apart_do_not_tie() -> None:
    near = ("ABC123456", "ABC123457")
    together = (sale("g0", dealer="D", day=DAY), sale("g1", dealer="D", day=DAY + 1))
    apart = (sale("g0", dealer="D", day=DAY), sale("g1", dealer="D", day=DAY + 90))
    elsewhere = (sale("g0", dealer="D", day=DAY), sale("g1", dealer="E", day=DAY))
    (link,) = of_kind(listed(serial_facts(*near, sales=together)), "serials")
    assert link.facts == ("S-g0", "S-g1")
    assert link.apart == 1
    for sales in (apart, elsewhere):
        assert of_kind(listed(serial_facts(*near, sales=sales)), "serials") == []


def test_a_crowded_series_weighs_less() -> None:
    def weight(serials: list[str]) -> float:
        guns = tuple(Marked(f"g{at:03d}", make="X", model="Y", serial=one) for at, one in enumerate(serials))
        found = {(link.left, link.right): link.weight for link in listed(Facts(guns))}
        return found.get(("g000", "g001"), 0.0)

    crowd = [f"A{at}" for at in range(120, 999, 5)]
    assert weight(["A100", "A101", *crowd]) < weight(["A100", "A101"])
    assert weight(["A100100", "A100101", *crowd]) == weight(["A100", "A101"])


def test_a_hit_a_lead_and_an_exclusion() -> None:
    guns = marked("a", "b", "c")
    lead, hit = Comparison("B-1", "b", "a", "lead"), Comparison("B-2", "a", "b", "confirmed")
    out = Comparison("B-3", "a", "b", "excluded")
    (link,) = listed(Facts(guns, comparisons=(lead,)))
    assert (link.left, link.right, link.kind, link.evidence) == ("a", "b", "ballistic_lead", "inferred")
    (link,) = listed(Facts(guns, comparisons=(lead, hit)))
    assert (link.kind, link.evidence, link.facts) == ("ballistic_confirmed", "evidenced", ("B-2",))
    assert listed(Facts(guns, comparisons=(lead, out))) == []


def test_finds_in_one_country_weigh_more_than_in_two() -> None:
    def weight(country: str) -> float:
        guns = (Marked("a", found=DAY, country="HT"), Marked("b", found=DAY, country=country))
        others = tuple(Marked(f"o{at}", country="JM") for at in range(30))
        sales = (sale("a", dealer="D", day=DAY - 9), sale("b", dealer="D", day=DAY - 8))
        return listed(Facts((*guns, *others), sales))[0].weight

    assert weight("HT") > weight("JM") + 1


def test_facts_of_guns_that_were_not_recovered_tie_nobody() -> None:
    facts = Facts(marked("a"), (sale("a", party="P", day=DAY), sale("sold", party="P", day=DAY)))
    assert listed(facts) == []
    assert listed(Facts(())) == []


def test_a_gun_told_of_twice_is_not_tied_to_itself_and_marked_twice_is_refused() -> None:
    twice = (
        sale("a", party="P", day=DAY),
        Sale("S-x", "a", party="P", day=DAY),
        sale("b", party="P", day=DAY),
    )
    assert [(link.left, link.right) for link in listed(Facts(marked("a", "b"), twice))] == [("a", "b")]
    with pytest.raises(ValueError, match="twice"):
        find(Facts(marked("a", "a")))


def test_many_guns_of_one_purchaser_are_a_chain_and_no_tangle() -> None:
    names = [f"g{at:03d}" for at in range(300)]
    sales = tuple(sale(name, party="P", day=DAY + at) for at, name in enumerate(names))
    assert len(listed(Facts(marked(*names), sales))) == 299
    assert (
        len(listed(Facts(marked(*names[:CLIQUE_GUNS_MAX]), sales)))
        == CLIQUE_GUNS_MAX * (CLIQUE_GUNS_MAX - 1) / 2
    )


def test_inferred_links_can_be_switched_off() -> None:
    facts = Facts(
        marked("a", "b"),
        (sale("a", party="P-1"), sale("b", party="P-1")),
        comparisons=(Comparison("B-1", "a", "b", "lead"),),
    )
    assert {link.evidence for link in listed(facts)} == {"evidenced", "inferred"}
    kept = find(facts).evidenced()
    assert [kept.link(at).kind for at in range(len(kept))] == ["purchaser"]
    assert len(find(facts).of_kinds(["ballistic_lead"])) == 1
    assert KINDS.index("co_purchase") == EVIDENCED


SOME = st.sampled_from(["P-1", "P-2", "P-3", None])


@settings(max_examples=40)
@given(
    bought=st.lists(
        st.tuples(st.integers(0, 11), SOME, st.sampled_from(["D-1", "D-2"]), st.integers(0, 40)), max_size=25
    ),
    packed=st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["C-1", "C-2"])), max_size=10),
    seed=st.integers(0, 9),
)
def test_links_do_not_depend_on_the_order_of_facts_and_always_name_facts(
    bought: list[tuple[int, str | None, str, int]], packed: list[tuple[int, str]], seed: int
) -> None:
    guns = list(marked(*(f"g{at:02d}" for at in range(12))))
    sales = [
        Sale(f"S-{at:02d}", f"g{gun:02d}", dealer, party, DAY + day)
        for at, (gun, party, dealer, day) in enumerate(bought)
    ]
    packings = [Packing(f"K-{at:02d}", f"g{gun:02d}", load) for at, (gun, load) in enumerate(packed)]
    first = listed(Facts(tuple(guns), tuple(sales), tuple(packings)))
    rng = random.Random(seed)
    for rows in (guns, sales, packings):
        rng.shuffle(rows)
    assert listed(Facts(tuple(guns), tuple(sales), tuple(packings))) == first
    known = {one.id for one in (*sales, *packings)}
    for link in first:
        assert link.left < link.right
        assert link.weight > 0
        assert link.facts
        assert set(link.facts) <= known
        assert (link.evidence == "evidenced") == (KINDS.index(link.kind) < EVIDENCED)
