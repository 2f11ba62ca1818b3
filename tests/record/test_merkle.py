"""What the tree promises: the roots of RFC 6962, proofs that hold, and no proof for anything else."""

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lanbi.record.merkle import (
    EMPTY_ROOT,
    EXTEND_LEAVES,
    Frontier,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The eight inputs and the roots of their first n that the Certificate Transparency implementations
# share (certificate-transparency-go, transparency-dev/merkle: "testonly/constants.go"), written down
# from there and recomputed below from the RFC's recursive definition.
CT_INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_LEAVES = [leaf_hash(bytes.fromhex(text)) for text in CT_INPUTS]


def split(width: int) -> int:
    power = 1
    while power * 2 < width:
        power *= 2
    return power


def mth(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2."""
    n = len(leaves)
    if m == n:
        return [] if whole else [mth(leaves)]
    k = split(n)
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def some_leaves(count: int) -> list[bytes]:
    return [sha256(b"%d" % number).digest() for number in range(count)]


def subtrees_of(leaves: list[bytes]):
    """The callable that the path builders ask, and a refusal for any subtree that is not perfect."""

    def subtree(level: int, index: int) -> bytes:
        covered = leaves[index << level : (index + 1) << level]
        assert len(covered) == 1 << level, "asked for a subtree that the tree does not hold"
        return mth(covered)

    return subtree


def test_empty_tree_has_the_hash_of_nothing():
    assert EMPTY_ROOT == Frontier().root() == root_of([]) == bytes.fromhex(CT_ROOTS[0])


@pytest.mark.parametrize("size", range(9))
def test_certificate_transparency_roots(size: int):
    assert mth(CT_LEAVES[:size]).hex() == CT_ROOTS[size]
    assert root_of(CT_LEAVES[:size]).hex() == CT_ROOTS[size]


def test_certificate_transparency_proofs():
    """Known answers: leaf 0 of 8, and the proof from 6 to 8 leaves."""
    ask = subtrees_of(CT_LEAVES)
    assert [step.hex() for step in inclusion_path(0, 8, ask)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in consistency_path(6, 8, ask)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_a_leaf_cannot_pass_for_a_node():
    left, right = some_leaves(2)
    assert leaf_hash(left + right) != node_hash(left, right)


@given(st.integers(0, 700), st.data())
@settings(max_examples=60, deadline=None)
def test_appending_in_any_portions_gives_the_same_tree(size: int, data: st.DataObject):
    leaves = some_leaves(size)
    single, reported = Frontier(), []
    for leaf in leaves:
        reported += single.append(leaf)
    mixed, reported_mixed, place = Frontier(), [], 0
    while place < size:
        portion = data.draw(st.integers(1, size - place))
        reported_mixed += mixed.extend(leaves[place : place + portion])
        place += portion
    assert single.root() == mixed.root() == mth(leaves)
    assert reported == reported_mixed
    assert single.to_bytes() == mixed.to_bytes()
    assert single.size == mixed.size == size


def test_completed_subtrees_are_reported_once_each_from_level_8():
    leaves = some_leaves(1024 + 300)
    reported = Frontier().extend(leaves)
    assert [(level, index) for level, index, _ in reported] == [
        (8, 0), (8, 1), (9, 0), (8, 2), (8, 3), (9, 1), (10, 0), (8, 4),
    ]  # fmt: skip
    for level, index, digest in reported:
        assert digest == mth(leaves[index << level : (index + 1) << level])


def test_extend_across_its_own_portions():
    leaves = [bytes(28) + number.to_bytes(4, "big") for number in range(EXTEND_LEAVES + 3)]
    frontier = Frontier()
    reported = frontier.extend(iter(leaves))
    assert frontier.size == len(leaves)
    assert reported[-1][:2] == (16, 0)
    assert frontier.root() == node_hash(reported[-1][2], mth(leaves[-3:]))


@given(st.integers(0, 300), st.integers(0, 80))
@settings(max_examples=60, deadline=None)
def test_a_frontier_read_back_goes_on_as_if_it_had_never_stopped(size: int, more: int):
    leaves = some_leaves(size + more)
    frontier = Frontier()
    frontier.extend(leaves[:size])
    back = Frontier.from_bytes(size, frontier.to_bytes())
    kept = back.copy()
    back.extend(leaves[size:])
    assert back.root() == mth(leaves)
    assert kept.root() == mth(leaves[:size]), "a copy does not follow its original"


@pytest.mark.parametrize(
    ("size", "data"), [(-1, b""), (0, b"x"), (3, bytes(32)), (3, bytes(96)), (4, bytes(31))]
)
def test_peaks_that_do_not_fit_the_size_are_refused(size: int, data: bytes):
    with pytest.raises(ValueError, match="leaves"):
        Frontier.from_bytes(size, data)


@given(st.integers(1, 80).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_inclusion_is_the_rfcs_and_holds(place: tuple[int, int]):
    index, size = place
    leaves = some_leaves(size)
    steps = inclusion_path(index, size, subtrees_of(leaves))
    assert steps == path(index, leaves)
    assert verify_inclusion(index, size, leaves[index], steps, mth(leaves))
    assert root_at(size, subtrees_of(leaves)) == mth(leaves)


@given(st.integers(0, 80).flatmap(lambda new: st.tuples(st.integers(0, new), st.just(new))))
def test_consistency_is_the_rfcs_and_holds(sizes: tuple[int, int]):
    old, new = sizes
    leaves = some_leaves(new)
    steps = consistency_path(old, new, subtrees_of(leaves))
    assert steps == (subproof(old, leaves, True) if old else [])
    assert verify_consistency(old, new, steps, mth(leaves[:old]), mth(leaves))


def test_paths_outside_the_tree_are_refused():
    ask = subtrees_of(some_leaves(4))
    for index, size in [(-1, 4), (4, 4), (0, 0)]:
        with pytest.raises(ValueError, match="not in a tree"):
            inclusion_path(index, size, ask)
    for old, new in [(-1, 4), (5, 4)]:
        with pytest.raises(ValueError, match="does not continue"):
            consistency_path(old, new, ask)


@given(st.integers(2, 60), st.data())
def test_one_changed_bit_breaks_an_inclusion_proof(size: int, data: st.DataObject):
    leaves = some_leaves(size)
    index = data.draw(st.integers(0, size - 1))
    steps = inclusion_path(index, size, subtrees_of(leaves))
    root = mth(leaves)
    parts = [leaves[index], root, *steps]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[which] = (int.from_bytes(parts[which], "big") ^ 1 << bit).to_bytes(32, "big")
    assert not verify_inclusion(index, size, parts[0], parts[2:], parts[1])
    assert not verify_inclusion(index, size, leaves[index], steps[:-1], root)
    assert not verify_inclusion(index, size, leaves[index], [*steps, bytes(32)], root)
    other = data.draw(st.integers(0, size - 1))
    assume(other != index)
    assert not verify_inclusion(other, size, leaves[index], steps, root)


@given(st.integers(2, 60), st.data())
def test_one_changed_bit_breaks_a_consistency_proof(new: int, data: st.DataObject):
    leaves = some_leaves(new)
    old = data.draw(st.integers(1, new - 1))
    steps = consistency_path(old, new, subtrees_of(leaves))
    parts = [mth(leaves[:old]), mth(leaves), *steps]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    changed = list(parts)
    changed[which] = (int.from_bytes(parts[which], "big") ^ 1 << bit).to_bytes(32, "big")
    assert verify_consistency(old, new, steps, parts[0], parts[1])
    assert not verify_consistency(old, new, changed[2:], changed[0], changed[1])
    assert not verify_consistency(old, new, steps[:-1], parts[0], parts[1])
    assert not verify_consistency(old, new, [*steps, bytes(32)], parts[0], parts[1])
    assert not verify_consistency(new, old, steps, parts[1], parts[0])


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.binary(max_size=40),
    st.binary(min_size=32, max_size=32),
)  # fmt: skip
any_path: st.SearchStrategy[Any] = st.one_of(
    anything, st.lists(anything, max_size=8), st.dictionaries(st.text(), anything)
)


@given(anything, anything, anything, any_path, anything)
def test_hostile_proofs_are_false_and_never_an_error(
    first: Any, second: Any, third: Any, steps: Any, fourth: Any
):
    # The only leaf of a tree of one is its root, and needs no path; chance does find that.
    assume(second != 1)
    assert verify_inclusion(first, second, third, steps, fourth) is False
    # Two equal trees need no steps at all, which chance does find.
    assume(first != second)
    assume(first != 0)
    assert verify_consistency(first, second, steps, third, fourth) is False


def test_absurdly_long_paths_are_refused_before_they_are_hashed():
    steps = [bytes(32)] * 1_000_000
    assert not verify_inclusion(0, 2**62, bytes(32), steps, bytes(32))
    assert not verify_consistency(1, 2**62, steps, bytes(32), bytes(32))
    assert not verify_inclusion(2**70, 2**71, bytes(32), [bytes(32)], bytes(32))


def test_every_tree_continues_the_empty_one_but_only_the_true_empty_one():
    leaves = some_leaves(3)
    assert verify_consistency(0, 3, [], EMPTY_ROOT, mth(leaves))
    assert not verify_consistency(0, 3, [], leaves[0], mth(leaves))
    assert verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    assert not verify_consistency(0, 0, [], leaves[0], leaves[0])
