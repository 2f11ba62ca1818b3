"""Scoring: hand-made findings get the figures that a person works out on paper."""

import pytest

from lanbi.tracing.world.truth import Network, Truth, interval, score, summary


def guns(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{at}" for at in range(count))


# Ten guns of one network, four of another, and a hundred that belong to none.
A, B, INNOCENT = guns("a", 10), guns("b", 4), guns("i", 100)
TRUTH = Truth({"N-1": Network("straw", A), "N-2": Network("dealer_theft", B)}, 114)


def test_finding_everything_is_perfect() -> None:
    given = score([A, B], TRUTH)
    assert (given.found, given.pair_precision, given.pair_recall, given.f1) == (1, 1, 1, 1)
    assert given.false_per_1000 == 0
    assert given.found_by_channel == {"straw": (1, 1), "dealer_theft": (1, 1)}


def test_finding_nothing_says_nothing_wrong() -> None:
    given = score([], TRUTH)
    assert (given.found, given.pair_precision, given.pair_recall, given.f1) == (0, 1, 0, 0)


def test_a_network_counts_from_thirty_per_cent_of_its_recovered_guns_on() -> None:
    assert score([A[:3]], TRUTH).found == 0.5
    assert score([A[:2]], TRUTH).found == 0
    assert score([A[:2], A[2:4]], TRUTH).found == 0, "two halves do not add up"


def test_a_network_counts_in_a_cluster_that_is_seventy_per_cent_its_own() -> None:
    assert score([A[:7] + INNOCENT[:3]], TRUTH).found == 0.5
    assert score([A[:6] + INNOCENT[:3]], TRUTH).found == 0


def test_pairs_are_counted_in_clusters_and_in_networks() -> None:
    given = score([A[:3] + B[:1], B[1:3]], TRUTH)
    # Of 6 + 1 pairs said, 3 + 1 are right; the networks have 45 + 6.
    assert given.pair_precision == pytest.approx(4 / 7)
    assert given.pair_recall == pytest.approx(4 / 51)


def test_two_innocent_guns_are_a_wrong_pair_and_a_false_cluster() -> None:
    given = score([INNOCENT[:2], A[:3]], TRUTH)
    assert given.pair_precision == pytest.approx(3 / 4)
    assert given.false_per_1000 == 10


def test_a_cluster_is_false_when_no_network_has_half_of_it() -> None:
    assert score([A[:2] + INNOCENT[:2]], TRUTH).false_per_1000 == 0
    assert score([A[:2] + INNOCENT[:3]], TRUTH).false_per_1000 == 10
    assert score([A[:2] + B[:2] + INNOCENT[:1]], TRUTH).false_per_1000 == 10


def test_small_clusters_can_be_left_out() -> None:
    assert score([INNOCENT[:2], A[:3]], TRUTH, guns_min=3).false_per_1000 == 0


def test_a_planted_slip_is_caught() -> None:
    """Two networks made one: the figure that must fall falls."""
    assert score([A + B], TRUTH).pair_precision == pytest.approx(51 / 91)
    with pytest.raises(ValueError, match="two clusters"):
        score([A, A[:2]], TRUTH)


def test_intervals_are_students() -> None:
    mean, low, high = interval([0.7, 0.8, 0.9])
    # s = 0.1, t(2) = 4.303, so ± 4.303 × 0.1 / √3.
    assert (mean, low, high) == pytest.approx((0.8, 0.8 - 0.24844, 0.8 + 0.24844), abs=1e-4)
    assert interval([0.5]) == (0.5, 0.5, 0.5)
    assert summary([score([A], TRUTH), score([A, B], TRUTH)])["found"][0] == 0.75
