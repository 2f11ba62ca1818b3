"""Sealed boxes: what goes in comes out for the right key and context, and for nothing else."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.tips.boxes import BOX_BYTES_MAX, DoesNotOpen, open_box, seal, unwrap, wrap
from tips.room import CHEAP

KEY = X25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()


@given(st.binary(max_size=5_000), st.text(max_size=40))
def test_what_goes_in_comes_out(inside: bytes, context: str) -> None:
    assert open_box(KEY, seal(PUBLIC, inside, context), context) == inside


@given(st.binary(max_size=1_000))
def test_neither_another_key_nor_another_context_opens_it(inside: bytes) -> None:
    box = seal(PUBLIC, inside, "tip 1")
    with pytest.raises(DoesNotOpen):
        open_box(X25519PrivateKey.generate(), box, "tip 1")
    with pytest.raises(DoesNotOpen):
        open_box(KEY, box, "tip 2")


@given(st.data())
@settings(max_examples=60)
def test_a_changed_byte_or_a_cut_box_does_not_open(data: st.DataObject) -> None:
    box = seal(PUBLIC, b"Gen moun ki konnen", "tip")
    place = data.draw(st.integers(0, len(box) - 1))
    if place != 31:  # the highest bit of an X25519 key is masked (RFC 7748 section 5)
        with pytest.raises(DoesNotOpen):
            open_box(KEY, box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :], "tip")
    with pytest.raises(DoesNotOpen):
        open_box(KEY, box[:place], "tip")


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_length_of_a_box_does_not_tell_the_length_of_the_words(one: str, other: str) -> None:
    assert len(seal(PUBLIC, one.encode(), "tip")) == len(seal(PUBLIC, other.encode(), "tip"))


def test_the_same_words_never_make_the_same_box() -> None:
    assert seal(PUBLIC, b"menm mo yo", "tip") != seal(PUBLIC, b"menm mo yo", "tip")


def test_too_much_for_a_box_is_refused() -> None:
    with pytest.raises(ValueError, match="do not go into a box"):
        seal(PUBLIC, bytes(BOX_BYTES_MAX), "tip")


def test_the_private_key_lies_under_the_passphrase() -> None:
    pair = wrap(KEY, "c1", "senk mo ki pa gen rapò", CHEAP)
    assert KEY.private_bytes_raw() not in pair.wrapped
    assert unwrap(pair, "senk mo ki pa gen rapò").private_bytes_raw() == KEY.private_bytes_raw()
    with pytest.raises(DoesNotOpen):
        unwrap(pair, "senk mo ki pa gen rapo")
    again = wrap(KEY, "c1", "senk mo ki pa gen rapò", CHEAP)
    assert (again.salt, again.wrapped) != (pair.salt, pair.wrapped)
