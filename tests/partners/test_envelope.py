"""What a letter promises: this site wrote it, to us, lately, and not a bit of it has changed since."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed, Refused, TooLarge, Unauthenticated
from lanbi.core.ids import new_id
from lanbi.core.time import DAY, MINUTE, parse_instant
from lanbi.partners import envelope as letters
from lanbi.partners.envelope import (
    CLOCK_SKEW_MAX,
    ENVELOPE_BYTES_MAX,
    MESSAGE_AGE_MAX,
    Envelope,
    PartnerKey,
    canonical,
    digest,
    open_envelope,
    seal,
)
from lanbi.record.checkpoint import SiteKey

NOW = parse_instant("2026-11-22T12:00:00Z")
OURS, THEIRS, OLD = (SiteKey.from_seed(bytes([number]) * 32) for number in (1, 2, 3))
KEYS = {
    "dcpj-ouest": [PartnerKey(OURS.public_key), PartnerKey(OLD.public_key, retired_at=NOW - DAY)],
    "jcf-kingston": [PartnerKey(THEIRS.public_key)],
}
ID, ASKED = "019ab000-1111-7222-8333-444455556666", "019ab000-1111-7222-8333-000000000000"


def letter(**changed: Any) -> Envelope:
    fields: dict[str, Any] = {
        "id": ID,
        "sender": "dcpj-ouest",
        "recipient": "jcf-kingston",
        "kind": "tracing.request",
        "made_at": NOW,
        "body": canonical({"purpose": "tracing", "words": "pistolè nan yon pò\n"}),
        **changed,
    }
    return Envelope(**fields)


def opened(data: bytes, me: str = "jcf-kingston", now: int = NOW) -> Envelope:
    return open_envelope(data, KEYS, me, now)


def refusal(data: bytes, me: str = "jcf-kingston", now: int = NOW) -> LanbiError:
    with pytest.raises(LanbiError) as refused:
        opened(data, me, now)
    return refused.value


# --------------------------------------------------------------- there and back

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=10), values, max_size=5),
    st.sampled_from(["tracing.request", "tracing.answer", "matching.batch"]),
    st.integers(NOW - MESSAGE_AGE_MAX, NOW + CLOCK_SKEW_MAX),
    st.none() | st.just(ASKED),
)
def test_what_was_sealed_is_what_is_opened(
    body: dict, kind: str, made_at: int, in_reply_to: str | None
) -> None:
    sent = letter(id=new_id(NOW), kind=kind, made_at=made_at, in_reply_to=in_reply_to, body=canonical(body))
    came = opened(seal(sent, OURS))
    assert came == msgspec.structs.replace(sent, key_id=OURS.key_id, signature=came.signature)
    assert len(came.signature) == 64
    assert msgspec.json.decode(came.body) == body


def test_an_outsider_can_check_the_signature_by_the_published_form() -> None:
    came = opened(seal(letter(in_reply_to=ASKED), OURS))
    lines = (
        f"lanbi-envelope/1\n{ID}\ndcpj-ouest\njcf-kingston\ntracing.request\n1795348800000000\n{ASKED}\n"
        f"{OURS.key_id}\n" + '{"purpose":"tracing","words":"pistolè nan yon pò\\n"}\n'
    )
    hashed = sha256(lines.encode()).digest()
    assert digest(came) == hashed
    signed = f"lanbi-envelope/1\ndcpj-ouest\n{hashed.hex()}\n".encode()
    Ed25519PublicKey.from_public_bytes(OURS.public_key).verify(came.signature, signed)


def test_the_wire_is_one_json_object_that_a_person_can_read() -> None:
    wire = msgspec.json.decode(seal(letter(), OURS))
    assert list(wire) == [
        *(
            "body",
            "form",
            "id",
            "in_reply_to",
            "key_id",
            "kind",
            "made_at",
            "recipient",
            "sender",
            "signature",
        )
    ]
    assert wire["body"] == {"purpose": "tracing", "words": "pistolè nan yon pò\n"}


def test_no_two_different_letters_are_signed_alike() -> None:
    changes = [
        {},
        {"id": ASKED},
        {"recipient": "rbpf-nassau"},
        {"kind": "tracing.answer"},
        {"made_at": NOW + 1},
        {"in_reply_to": ASKED},
        {"key_id": OLD.key_id},
        {"body": b"{}"},
    ]
    assert len({digest(letter(**one)) for one in changes}) == len(changes)


# ---------------------------------------------------------------- what is changed

SEALED = seal(letter(in_reply_to=ASKED), OURS)


def test_any_one_bit_changed_is_enough_to_refuse() -> None:
    assert opened(SEALED)
    for place in range(len(SEALED) * 8):
        changed = bytearray(SEALED)
        changed[place // 8] ^= 1 << place % 8
        refusal(bytes(changed))


@given(st.integers(0, len(SEALED) - 1))
def test_a_letter_cut_off_is_refused(length: int) -> None:
    assert refusal(SEALED[:length]).code == "envelope-malformed"


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_refused(data: bytes) -> None:
    assert refusal(data).code == "envelope-malformed"


@pytest.mark.parametrize(
    "respelled",
    [
        SEALED + b"\n",
        b" " + SEALED,
        SEALED.replace(b',"form"', b', "form"'),
        SEALED.replace(b'"id":', b'"id" :'),
        SEALED.replace(b"tracing.request", b"tracing\\u002erequest"),
        SEALED.replace(b"1795348800000000", b"1795348800000000.0"),
        SEALED.replace(b'"kind"', b'"kind":"tracing.answer","kind"'),
        SEALED[:-1] + b',"note":1}',
        SEALED.replace(b'{"purpose":"tracing",', b'{"purpose":"other","purpose":"tracing",'),
        SEALED.replace(b'{"purpose"', b'{ "purpose"'),
        SEALED.replace("è".encode(), b"\\u00e8"),
        SEALED.replace("è".encode(), b"\xe8"),
        SEALED.replace("è".encode(), b"\\ud800"),
    ],
)
def test_the_same_letter_spelled_otherwise_is_refused(respelled: bytes) -> None:
    assert respelled != SEALED
    assert refusal(respelled).code == "envelope-malformed"


def test_the_signature_in_capitals_is_another_spelling() -> None:
    signature = opened(SEALED).signature.hex()
    assert signature != signature.upper()
    assert (
        refusal(SEALED.replace(signature.encode(), signature.upper().encode())).code == "envelope-malformed"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "not-an-id"},
        {"id": ID.upper()},
        {"id": ID.replace("-7", "-4", 1)},  # another version of UUID
        {"in_reply_to": "x"},
        {"sender": ""},
        {"sender": "two\nlines"},
        {"recipient": " spaced "},
        {"recipient": "x" * 65},
        {"kind": "request"},
        {"kind": "Tracing.Request"},
        {"kind": "a." + "b" * 63},
        {"made_at": -1},
        {"made_at": 10**30},
        {"body": b""},
        {"body": b"[]"},
        {"body": b'"text"'},
        {"body": b'{"b":1,"a":2}'},  # not sorted
        {"body": b'{"a": 1}'},
        {"body": b'{"a":1}}'},
        {"body": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"},
        {"sender": "\ud800"},
    ],
)
def test_what_the_other_side_would_refuse_is_not_even_sealed(changed: dict[str, Any]) -> None:
    assert seal(letter(), OURS)
    with pytest.raises(Malformed) as refused:
        seal(letter(**changed), OURS)
    assert refused.value.code == "envelope-malformed"


def test_too_large_is_refused_before_it_is_read_and_before_it_is_sent() -> None:
    filling = ENVELOPE_BYTES_MAX - len(seal(letter(body=canonical({"a": ""})), OURS))
    full = seal(letter(body=canonical({"a": "x" * filling})), OURS)
    assert len(full) == ENVELOPE_BYTES_MAX and opened(full)
    over = refusal(b"\xff" * (ENVELOPE_BYTES_MAX + 1))
    assert isinstance(over, TooLarge) and over.code == "envelope-too-large"
    assert over.args_by_name == {"limit": ENVELOPE_BYTES_MAX, "given": ENVELOPE_BYTES_MAX + 1}
    with pytest.raises(TooLarge):
        seal(letter(body=canonical({"a": "x" * (filling + 1)})), OURS)


# ------------------------------------------------------------------------- who


def test_a_letter_to_somebody_else_is_refused() -> None:
    refused = refusal(SEALED, me="rbpf-nassau")
    assert isinstance(refused, Refused) and refused.code == "envelope-recipient-other"
    assert refused.args_by_name == {"recipient": "jcf-kingston"}


def test_an_unknown_site_is_refused() -> None:
    refused = refusal(seal(letter(sender="stranger"), OURS))
    assert isinstance(refused, Unauthenticated) and refused.code == "envelope-sender-unknown"


def test_a_partner_cannot_write_in_the_name_of_another() -> None:
    refused = refusal(seal(letter(sender="dcpj-ouest"), THEIRS))
    assert refused.code == "envelope-key-unknown"
    assert refused.args_by_name == {"sender": "dcpj-ouest", "key_id": THEIRS.key_id}
    forged = SEALED.replace(OURS.key_id.encode(), THEIRS.key_id.encode())
    assert refusal(forged).code == "envelope-key-unknown"


def test_a_signature_of_another_key_under_the_right_name_is_refused() -> None:
    theirs = seal(letter(in_reply_to=ASKED), THEIRS)
    forged = theirs.replace(THEIRS.key_id.encode(), OURS.key_id.encode())
    refused = refusal(forged)
    assert isinstance(refused, Unauthenticated) and refused.code == "envelope-signature-wrong"


def test_a_retired_key_is_refused_whatever_date_the_letter_bears() -> None:
    before = seal(letter(made_at=NOW - 2 * DAY), OLD)
    assert opened(before, now=NOW - DAY - 1).key_id == OLD.key_id
    refused = refusal(before)
    assert isinstance(refused, Unauthenticated) and refused.code == "envelope-key-retired"
    assert refusal(before, now=NOW - DAY).code == "envelope-key-retired"


def test_a_key_that_is_no_key_opens_nothing() -> None:
    broken = PartnerKey(b"short")
    data = SEALED.replace(OURS.key_id.encode(), broken.key_id.encode())
    with pytest.raises(Unauthenticated) as refused:
        open_envelope(data, {"dcpj-ouest": [broken]}, "jcf-kingston", NOW)
    assert refused.value.code == "envelope-signature-wrong"


# ------------------------------------------------------------------------- when


def test_a_letter_may_be_a_month_under_way_and_not_longer() -> None:
    sent = seal(letter(made_at=NOW - MESSAGE_AGE_MAX), OURS)
    assert opened(sent)
    refused = refusal(sent, now=NOW + 1)
    assert isinstance(refused, Refused) and refused.code == "envelope-stale"
    assert refused.args_by_name == {"sender": "dcpj-ouest", "days": 30}


def test_a_clock_may_be_ten_minutes_fast_and_not_more() -> None:
    sent = seal(letter(made_at=NOW + 10 * MINUTE), OURS)
    assert opened(sent)
    refused = refusal(sent, now=NOW - 1)
    assert isinstance(refused, Refused) and refused.code == "envelope-from-future"
    assert refused.args_by_name == {"sender": "dcpj-ouest", "minutes": 10}


def test_every_letter_names_its_form() -> None:
    assert letters.FORM == "lanbi-envelope/1"
    assert refusal(SEALED.replace(b"lanbi-envelope/1", b"lanbi-envelope/2")).code == "envelope-malformed"
