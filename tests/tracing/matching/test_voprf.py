"""The oblivious function is that of RFC 9497, to the bit, and what is no honest message is refused."""

from __future__ import annotations

import subprocess
import sys
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed, Refused, TooLarge
from lanbi.record.checkpoint import key_id_of
from lanbi.tracing.matching import voprf
from lanbi.tracing.matching.voprf import (
    BATCH_ELEMENTS_MAX,
    Blinded,
    Evaluated,
    ServerKey,
    blind,
    blind_evaluate,
    check_element,
    evaluate,
    evaluate_many,
    expand_message,
    finalize,
    hash_to_group,
    random_scalar,
    verify_proof,
)

ORDER = 2**252 + 27742317777372353535851937790883648493
SEED = bytes([0xA3]) * 32


class Vector(NamedTuple):
    """One of RFC 9497 appendix A.1.2; lists where the batch is larger than one."""

    inputs: list[str]
    blinds: list[str]
    blinded: list[str]
    evaluated: list[str]
    proof: str
    nonce: str
    outputs: list[str]


# RFC 9497 appendix A.1.2: ristretto255-SHA512, VOPRF mode. Seed a3…a3, KeyInfo "test key".
KEY_INFO = bytes.fromhex("74657374206b6579")
SECRET = "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909"
PUBLIC = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"
FIRST_BLIND = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706"
SECOND_BLIND = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e"
FIRST_OUTPUT = (
    "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
    "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c"
)
SECOND_OUTPUT = (
    "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60"
    "356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6"
)
VECTORS = [
    Vector(
        ["00"],
        [FIRST_BLIND],
        ["863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945"],
        ["aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e"],
        "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
        "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
        "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e",
        [FIRST_OUTPUT],
    ),
    Vector(
        ["5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"],
        [FIRST_BLIND],
        ["cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c"],
        ["60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468"],
        "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a"
        "67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02",
        "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e",
        [SECOND_OUTPUT],
    ),
    Vector(
        ["00", "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"],
        [FIRST_BLIND, SECOND_BLIND],
        [
            "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
            "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654",
        ],
        [
            "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
            "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a",
        ],
        "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a"
        "5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08",
        "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
        [FIRST_OUTPUT, SECOND_OUTPUT],
    ),
]

# Most are of RFC 9496 appendix A.2, encodings of nothing: not in their one spelling, negative, no square.
NO_ELEMENTS = [
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "00" * 32,  # the identity is an element, and no message
    "",
    "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad",
    "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e00",
]

KEY = ServerKey.derive(SEED, KEY_INFO)
OTHER = ServerKey.derive(SEED, b"another turn")


def raw(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in texts]


def code_of(refused: pytest.ExceptionInfo[LanbiError]) -> str:
    return refused.value.code


# ------------------------------------------------------------------ RFC 9497


@pytest.mark.parametrize("vector", VECTORS, ids=["A.1.2.1", "A.1.2.2", "A.1.2.3"])
def test_every_step_is_that_of_rfc_9497(vector: Vector) -> None:
    inputs = raw(vector.inputs)
    key = ServerKey.derive(SEED, KEY_INFO)
    assert (key._scalar.hex(), key.public_key.hex()) == (SECRET, PUBLIC)
    blinded = [blind(one, scalar) for one, scalar in zip(inputs, raw(vector.blinds), strict=True)]
    assert [one.element.hex() for one in blinded] == vector.blinded
    answer = blind_evaluate(key, [one.element for one in blinded], bytes.fromhex(vector.nonce))
    assert [one.hex() for one in answer.elements] == vector.evaluated
    assert answer.proof.hex() == vector.proof
    outputs = finalize(inputs, blinded, answer, key.public_key)
    assert [one.hex() for one in outputs] == vector.outputs
    assert [evaluate(key, one).hex() for one in inputs] == vector.outputs
    assert [one.hex() for one in evaluate_many(key, inputs)] == vector.outputs


@pytest.mark.parametrize(
    ("message", "length", "expected"),
    [
        (b"", 32, "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba"),
        (b"abc", 32, "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc"),
        (b"abcdef0123456789", 32, "087e45a86e2939ee8b91100af1583c4938e0f5fc6c9db4b107b83346bc967f58"),
        (
            b"",
            128,
            "41b037d1734a5f8df225dd8c7de38f851efdb45c372887be655212d07251b921"
            "b052b62eaed99b46f72f2ef4cc96bfaf254ebbbec091e1a3b9e4fb5e5b619d2e"
            "0c5414800a1d882b62bb5cd1778f098b8eb6cb399d5d9d18f5d5842cf5d13d7e"
            "b00a7cff859b605da678b318bd0e65ebff70bec88c753b159a805d2c89c55961",
        ),
    ],
)
def test_expansion_is_that_of_rfc_9380(message: bytes, length: int, expected: str) -> None:
    assert expand_message(message, b"QUUX-V01-CS02-with-expander-SHA512-256", length).hex() == expected


@pytest.mark.parametrize(
    ("dst", "length"), [(b"", 64), (bytes(256), 64), (b"tag", 0), (b"tag", 255 * 64 + 1)]
)
def test_expansion_beyond_the_rfcs_bounds_is_a_mistake_of_the_program(dst: bytes, length: int) -> None:
    assert len(expand_message(b"x", bytes(255), 255 * 64)) == 255 * 64
    with pytest.raises(ValueError, match="tag of"):
        expand_message(b"x", dst, length)


# ------------------------------------------------------------- the two sides


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=5))
@settings(max_examples=25)
def test_whoever_asks_comes_to_what_the_owner_of_the_key_computes(inputs: list[bytes]) -> None:
    blinded = [blind(one) for one in inputs]
    answer = blind_evaluate(KEY, [one.element for one in blinded])
    assert finalize(inputs, blinded, answer, KEY.public_key) == list(evaluate_many(KEY, inputs))


def test_the_same_serial_never_looks_the_same_and_no_two_proofs_do() -> None:
    asked = [blind(b"serial").element for _ in range(20)]
    assert len(set(asked)) == 20
    assert len({blind_evaluate(KEY, asked[:1]).proof for _ in range(20)}) == 20


def test_another_key_gives_other_outputs_and_a_name_of_its_own() -> None:
    assert KEY.key_id == key_id_of(KEY.public_key) != OTHER.key_id
    assert evaluate(KEY, b"serial") != evaluate(OTHER, b"serial")
    assert ServerKey.derive(SEED, KEY_INFO).public_key == KEY.public_key


def test_the_secret_scalar_is_not_shown() -> None:
    assert repr(KEY) == f"ServerKey({KEY.key_id})"
    assert SECRET not in f"{KEY}{KEY!r}"


@given(st.integers(1, ORDER - 1))
@settings(max_examples=25)
def test_random_scalars_are_in_range_and_any_scalar_in_range_hides(value: int) -> None:
    assert 0 < int.from_bytes(random_scalar(), "little") < ORDER
    scalar = value.to_bytes(32, "little")
    blinded = blind(b"serial", scalar)
    answer = blind_evaluate(KEY, [blinded.element])
    assert finalize([b"serial"], [blinded], answer, KEY.public_key) == [evaluate(KEY, b"serial")]


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize("spelled", NO_ELEMENTS)
def test_what_is_no_element_is_refused_wherever_it_comes_in(spelled: str) -> None:
    bad, good = bytes.fromhex(spelled), blind(b"serial")
    assert check_element(good.element) == good.element
    with pytest.raises(Malformed) as refused:
        blind_evaluate(KEY, [good.element, bad])
    assert code_of(refused) == "matching-element-bad"
    assert refused.value.args_by_name == {"position": 2}
    answer = blind_evaluate(KEY, [good.element])
    with pytest.raises(Malformed) as refused:
        finalize([b"serial"], [good], Evaluated([bad], answer.proof), KEY.public_key)
    assert code_of(refused) == "matching-element-bad"
    with pytest.raises(Malformed) as refused:
        finalize([b"serial"], [good], answer, bad)
    assert code_of(refused) == "matching-key-bad"


def test_an_answer_made_with_another_key_is_refused() -> None:
    blinded = blind(b"serial")
    answer = blind_evaluate(OTHER, [blinded.element])
    assert finalize([b"serial"], [blinded], answer, OTHER.public_key)
    with pytest.raises(Refused) as refused:
        finalize([b"serial"], [blinded], answer, KEY.public_key)
    assert code_of(refused) == "matching-proof-wrong"
    assert refused.value.args_by_name == {"key_id": KEY.key_id}


@given(st.data())
@settings(max_examples=40)
def test_a_proof_with_one_bit_changed_holds_no_more(data: st.DataObject) -> None:
    blinded = blind(b"serial")
    answer = blind_evaluate(KEY, [blinded.element])
    place = data.draw(st.integers(0, len(answer.proof) * 8 - 1))
    proof = bytearray(answer.proof)
    proof[place // 8] ^= 1 << place % 8
    assert verify_proof(KEY.public_key, [blinded.element], answer.elements, answer.proof)
    assert not verify_proof(KEY.public_key, [blinded.element], answer.elements, bytes(proof))


@given(st.binary(max_size=80))
def test_what_is_no_proof_proves_nothing(proof: bytes) -> None:
    blinded = blind(b"serial")
    answer = blind_evaluate(KEY, [blinded.element])
    assert not verify_proof(KEY.public_key, [blinded.element], answer.elements, proof)


def test_a_proof_written_with_a_scalar_beyond_the_order_is_refused() -> None:
    blinded = blind(b"serial")
    answer = blind_evaluate(KEY, [blinded.element])
    for half in (slice(0, 32), slice(32, 64)):
        larger = (int.from_bytes(answer.proof[half], "little") + ORDER).to_bytes(32, "little")
        proof = larger + answer.proof[32:] if half.start == 0 else answer.proof[:32] + larger
        assert not verify_proof(KEY.public_key, [blinded.element], answer.elements, proof)


def test_an_answer_in_another_order_is_refused() -> None:
    inputs = [b"one", b"two", b"three"]
    blinded = [blind(one) for one in inputs]
    answer = blind_evaluate(KEY, [one.element for one in blinded])
    turned = Evaluated(answer.elements[::-1], answer.proof)
    with pytest.raises(Refused) as refused:
        finalize(inputs, blinded, turned, KEY.public_key)
    assert code_of(refused) == "matching-proof-wrong"


def test_one_right_answer_does_not_cover_a_wrong_one() -> None:
    inputs = [b"one", b"two"]
    blinded = [blind(one) for one in inputs]
    elements = [one.element for one in blinded]
    right, wrong = blind_evaluate(KEY, elements), blind_evaluate(OTHER, elements)
    mixed = Evaluated([right.elements[0], wrong.elements[1]], right.proof)
    with pytest.raises(Refused):
        finalize(inputs, blinded, mixed, KEY.public_key)


def test_a_batch_of_opposites_is_answered_with_a_proof_that_holds() -> None:
    """Two elements that cancel out: their weights are not theirs to choose."""
    element = blind(b"serial").element
    minus_one = (ORDER - 1).to_bytes(32, "little")
    opposite = voprf._group().crypto_scalarmult_ristretto255(minus_one, element)
    answer = blind_evaluate(KEY, [element, opposite])
    assert verify_proof(KEY.public_key, [element, opposite], answer.elements, answer.proof)


def test_more_or_fewer_answers_than_questions_are_refused() -> None:
    blinded = [blind(b"one"), blind(b"two")]
    answer = blind_evaluate(KEY, [one.element for one in blinded])
    fewer = Evaluated(answer.elements[:1], answer.proof)
    with pytest.raises(Malformed) as refused:
        finalize([b"one", b"two"], blinded, fewer, KEY.public_key)
    assert code_of(refused) == "matching-answer-count"
    assert refused.value.args_by_name == {"asked": 2, "answered": 1}
    with pytest.raises(Malformed) as refused:
        finalize([b"one"], blinded, answer, KEY.public_key)
    assert code_of(refused) == "matching-answer-count"


def test_no_question_and_too_many_are_refused() -> None:
    with pytest.raises(Malformed) as empty:
        blind_evaluate(KEY, [])
    assert code_of(empty) == "matching-batch-empty"
    with pytest.raises(TooLarge) as large:
        blind_evaluate(KEY, [b""] * (BATCH_ELEMENTS_MAX + 1))
    assert code_of(large) == "matching-batch-large"
    assert large.value.args_by_name == {"limit": BATCH_ELEMENTS_MAX, "given": BATCH_ELEMENTS_MAX + 1}


@pytest.mark.parametrize(
    "scalar",
    [b"", bytes(31), bytes(32), bytes(33), ORDER.to_bytes(32, "little"), b"\xff" * 32],
    ids=["none", "short", "zero", "long", "the order", "beyond"],
)
def test_what_is_no_scalar_hides_and_signs_nothing(scalar: bytes) -> None:
    element = blind(b"serial", (1).to_bytes(32, "little")).element
    assert element == hash_to_group(b"serial")
    for attempt in (
        lambda: blind(b"serial", scalar),
        lambda: blind_evaluate(KEY, [element], scalar),
        lambda: ServerKey.from_scalar(scalar),
    ):
        with pytest.raises(Malformed) as refused:
            attempt()
        assert code_of(refused) == "matching-scalar-bad"
    answer = blind_evaluate(KEY, [element])
    with pytest.raises(Malformed) as refused:
        finalize([b"serial"], [Blinded(scalar, element)], answer, KEY.public_key)
    assert code_of(refused) == "matching-scalar-bad"


@pytest.mark.parametrize(("seed", "info"), [(bytes(31), b""), (bytes(33), b""), (bytes(32), bytes(65_536))])
def test_a_seed_of_another_length_or_too_long_a_text_makes_no_key(seed: bytes, info: bytes) -> None:
    assert ServerKey.derive(bytes(32), bytes(65_535)).key_id
    with pytest.raises(Malformed) as refused:
        ServerKey.derive(seed, info)
    assert code_of(refused) == "matching-scalar-bad"


def test_an_input_longer_than_its_length_can_be_written_is_refused() -> None:
    assert len(evaluate(KEY, bytes(65_535))) == 64
    for attempt in (lambda: evaluate(KEY, bytes(65_536)), lambda: blind(bytes(65_536))):
        with pytest.raises(Malformed) as refused:
            attempt()
        assert code_of(refused) == "matching-input-impossible"


# --------------------------------------------------------------- the library


def run_in(folder: str, program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"TMPDIR": folder, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a file that is in use")
def test_nothing_is_left_behind_in_the_temporary_folder(tmp_path) -> None:
    done = run_in(
        str(tmp_path),
        "from lanbi.tracing.matching.voprf import ServerKey, evaluate\n"
        "key = ServerKey.derive(bytes(32), b'')\n"
        "print(len(evaluate(key, b'x')))",
    )
    assert done.stdout == "64\n", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_library_is_not_loaded_before_it_is_needed(tmp_path) -> None:
    done = run_in(
        str(tmp_path),
        "import sys, lanbi.tracing.matching.tokens, lanbi.partners.envelope\nprint('rbcl' in sys.modules)",
    )
    assert done.stdout == "False\n", done.stderr
