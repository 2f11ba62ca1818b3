"""What a file of letters promises: whole for whom it is for, and nothing for anybody else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed
from lanbi.partners.bundle import BUNDLE_BYTES_MAX, montgomery, pack, unpack
from lanbi.record.checkpoint import SiteKey
from partners.sites import agree_of

SEED, OTHER_SEED = bytes([7]) * 32, bytes([8]) * 32
KEY, OTHER = SiteKey.from_seed(SEED), SiteKey.from_seed(OTHER_SEED)
lines = st.lists(st.binary(min_size=1, max_size=60).map(lambda text: text.replace(b"\n", b" ")), max_size=5)


def packed(letters: list[bytes], keys: list[bytes] | None = None) -> bytes:
    return pack(
        letters,
        sender="DO",
        recipient="HT-PAP",
        keys=keys or [KEY.public_key],
        chance=random.Random(3).randbytes,
    )


def refusal(data: bytes, *, me: str = "HT-PAP", key: SiteKey = KEY, seed: bytes = SEED) -> str:
    with pytest.raises(LanbiError) as refused:
        unpack(data, me=me, public_key=key.public_key, agree=agree_of(seed))
    return refused.value.code


@given(lines)
def test_what_was_packed_comes_out_and_cannot_be_read_on_the_way(letters: list[bytes]) -> None:
    data = packed(letters)
    found = unpack(data, me="HT-PAP", public_key=KEY.public_key, agree=agree_of(SEED))
    assert (found.sender, found.letters) == ("DO", letters)
    assert not any(letter in data for letter in letters if len(letter) > 8)


def test_while_keys_change_either_of_them_opens_it() -> None:
    data = packed([b"{}"], [KEY.public_key, OTHER.public_key])
    for key, seed in ((KEY, SEED), (OTHER, OTHER_SEED)):
        assert unpack(data, me="HT-PAP", public_key=key.public_key, agree=agree_of(seed)).letters == [b"{}"]


DATA = packed([b'{"a":1}', b'{"b":2}'])


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_byte_opens_nothing(place: int, change: int) -> None:
    data = bytearray(DATA)
    data[place] ^= change
    assert refusal(bytes(data)) in ("bundle-malformed", "bundle-damaged", "bundle-other", "bundle-locked")


@given(st.integers(0, len(DATA) - 1))
def test_a_stick_pulled_too_early_opens_nothing(size: int) -> None:
    assert refusal(DATA[:size]) in ("bundle-malformed", "bundle-damaged")


def test_it_is_for_one_site_and_its_keys() -> None:
    assert refusal(DATA, me="JM") == "bundle-other"
    assert refusal(DATA, key=OTHER, seed=OTHER_SEED) == "bundle-locked"
    assert refusal(DATA, seed=OTHER_SEED) == "bundle-damaged"
    assert refusal(b"\0" * (BUNDLE_BYTES_MAX + 1)) == "bundle-too-large"
    assert refusal(b"lanbi") == "bundle-malformed"


def test_the_two_forms_of_a_key_agree() -> None:
    """RFC 7748, section 4.1: the same scalar, the same point."""
    ephemeral = agree_of(bytes([5]) * 32)
    theirs = montgomery(SiteKey.from_seed(bytes([5]) * 32).public_key)
    assert agree_of(SEED)(theirs) == ephemeral(montgomery(KEY.public_key))


@pytest.mark.parametrize("key", [bytes(32), (1).to_bytes(32, "little"), b"\xff" * 31 + b"\x7f"])
def test_what_is_no_point_is_no_key(key: bytes) -> None:
    with pytest.raises(Malformed):
        montgomery(key)
