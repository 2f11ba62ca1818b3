"""What may be entered of another site, and what its keys and its screening decide."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError
from lanbi.core.time import DAY
from lanbi.partners.model import (
    BACKOFF_FIRST_S,
    BACKOFF_MAX_S,
    RECEIPT,
    SCREENED_FOR,
    Key,
    Partner,
    backoff_s,
    check_code,
    check_key,
    check_kinds,
    check_url,
    fingerprint,
    passes,
)
from lanbi.record.checkpoint import SiteKey
from stores import NIGHT

OLD, NEW, THIRD = (SiteKey.from_seed(bytes([number]) * 32).public_key for number in (1, 2, 3))


def partner(**changed: Any) -> Partner:
    fields: dict[str, Any] = {
        "code": "DO", "state": "DO", "name": "Migración", "url": None, "kinds_in": ("tracing.*",),
        "kinds_out": ("tracing.*",), "enabled": True, "screening_sealed": "s", "screening": "ok",
        "screened_at": NIGHT, "screened_by": "admin", "added_at": NIGHT, "retired_at": None,
        "keys": (Key(public_key=OLD, added_at=NIGHT),), **changed,
    }  # fmt: skip
    return Partner(**fields)


def refusal(work: Any) -> str:
    with pytest.raises(LanbiError) as refused:
        work()
    return refused.value.code


@pytest.mark.parametrize("code", ["DO", "HT-PAP", "US-ATF-1", "A1"])
def test_a_code_of_a_state_or_site(code: str) -> None:
    assert check_code(code) == code


@pytest.mark.parametrize("code", ["D", "do", "HT--PAP", "-HT", "HT PAP", "HT-PAP-DELMAS", "É1", "HT\n"])
def test_what_is_no_code(code: str) -> None:
    assert refusal(lambda: check_code(code)) == "partner-code"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://trace.example/", "https://trace.example"),
        ("https://trace.example/lanbi", "https://trace.example/lanbi"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://10.8.0.3:8080", "http://10.8.0.3:8080"),
        ("http://[fd00::3]:8080", "http://[fd00::3]:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_where_letters_may_go(url: str, kept: str) -> None:
    assert check_url(url) == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://trace.example", "http://8.8.8.8", "ftp://10.0.0.1", "trace.example", "https://",
        "https://a:b@trace.example", "https://trace.example?x=1", "https://trace.example:99999", "file:///etc",
    ],
)  # fmt: skip
def test_where_letters_may_not_go_in_the_clear_or_at_all(url: str) -> None:
    assert refusal(lambda: check_url(url)) == "partner-url"


def test_a_key_is_read_as_it_is_shown_and_nothing_else_is_one() -> None:
    shown = OLD.hex()
    assert check_key(shown) == OLD
    assert check_key(" ".join(shown[n : n + 8] for n in range(0, 64, 8))) == OLD
    for wrong in (shown[:-2], shown + "00", "g" * 64, ""):
        assert refusal(lambda wrong=wrong: check_key(wrong)) == "partner-key"


def test_a_fingerprint_is_said_in_figures_and_tells_keys_apart() -> None:
    said = fingerprint(OLD)
    assert [len(group) for group in said.split()] == [5] * 8
    assert said.replace(" ", "").isdigit()
    assert said != fingerprint(NEW)


def test_kinds_pass_by_name_by_family_or_all_and_receipts_always() -> None:
    assert passes(("tracing.request",), "tracing.request")
    assert not passes(("tracing.request",), "tracing.answer")
    assert passes(("tracing.*",), "tracing.answer")
    assert not passes(("tracing.*",), "tracings.answer")
    assert passes(("*",), "matching.batch")
    assert passes((), RECEIPT)
    assert check_kinds(("tracing.*", "tracing.*", "*")) == ("tracing.*", "*")
    for wrong in (("Tracing",), ("tracing.*.x",), tuple(f"a.k{'x' * n}" for n in range(41))):
        assert refusal(lambda wrong=wrong: check_kinds(wrong)) == "partner-kinds"


def test_two_keys_serve_until_the_old_one_is_retired() -> None:
    changing = partner().add_key(NEW, NIGHT)
    assert [key.public_key for key in changing.accepted] == [OLD, NEW]
    assert refusal(lambda: changing.add_key(NEW, NIGHT)) == "partner-key-known"
    assert refusal(lambda: changing.add_key(THIRD, NIGHT)) == "partner-keys-full"
    changed = changing.retire_key(changing.keys[0].key_id, NIGHT)
    assert [key.public_key for key in changed.accepted] == [NEW]
    assert refusal(lambda: changed.retire_key(changed.keys[0].key_id, NIGHT)) == "partner-key-none"
    assert refusal(lambda: changed.retire_key(changed.keys[1].key_id, NIGHT)) == "partner-key-last"
    assert refusal(lambda: changed.add_key(OLD, NIGHT)) == "partner-key-known"


def test_nobody_is_switched_on_over_an_old_word_on_human_rights() -> None:
    off = partner().enable(False, screened_anew=False, now=NIGHT)
    assert not off.open
    assert off.enable(True, screened_anew=False, now=NIGHT + SCREENED_FOR - DAY).open
    late = NIGHT + SCREENED_FOR
    assert refusal(lambda: off.enable(True, screened_anew=False, now=late)) == "partner-screening-old"
    assert off.enable(True, screened_anew=True, now=late).open
    # To stop is never made harder than to start.
    assert not partner().enable(False, screened_anew=False, now=late).open


def test_with_a_retired_partner_nothing_more_is_done() -> None:
    gone = partner().retire(NIGHT)
    assert not gone.open
    assert gone.accepted == ()
    for work in (
        lambda: gone.add_key(NEW, NIGHT),
        lambda: gone.enable(True, screened_anew=True, now=NIGHT),
        lambda: gone.retire(NIGHT),
        lambda: gone.must_take("tracing.request", hold=True),
    ):
        assert refusal(work) == "partner-retired"


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_waiting_grows_and_ends_and_spreads(failures: int, chance: float) -> None:
    wait = backoff_s(failures, chance)
    assert BACKOFF_FIRST_S / 2 <= wait <= BACKOFF_MAX_S
    assert backoff_s(failures + 1, chance) >= wait
    assert backoff_s(failures, 0) == pytest.approx(backoff_s(failures, 1) / 2)
