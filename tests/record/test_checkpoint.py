"""What a checkpoint promises: the holder of the site's key signed it, and nothing of it has changed."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed
from lanbi.record.checkpoint import KEY_FILE_HEADER, SiteKey, checkpoint_bytes, key_id_of, verify

# RFC 8032 section 7.1, test 2.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
ROOT = bytes(range(32))


def holds(public_key: bytes, signature: bytes, site: str, size: int, root: bytes, at: int) -> bool:
    return verify(public_key, signature, site=site, size=size, root=root, at=at)


def test_a_seed_is_the_key_of_rfc_8032():
    key = SiteKey.from_seed(SEED)
    assert key.public_key == PUBLIC
    assert key.key_id == key_id_of(PUBLIC) == "39f713d0a644253f"
    assert SEED.hex() not in repr(key)


def test_the_signed_bytes_are_those_of_the_published_format():
    assert checkpoint_bytes("dcpj-ouest", 1000, ROOT, 1_795_000_000_000_000) == (
        b"lanbi-checkpoint/1\ndcpj-ouest\n1000\n"
        b"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n1795000000000000\n"
    )


@given(
    st.text(st.characters(exclude_characters="\n", codec="utf-8")),
    st.integers(0, 2**63 - 1),
    st.integers(0, 2**63 - 1),
)
def test_what_was_signed_holds_and_nothing_else_does(site: str, size: int, at: int):
    key, other = SiteKey.from_seed(SEED), SiteKey.from_seed(bytes(32))
    signature = key.sign(site, size, ROOT, at)
    assert holds(key.public_key, signature, site, size, ROOT, at)
    assert not holds(other.public_key, signature, site, size, ROOT, at)
    assert not holds(key.public_key, signature, site + "x", size, ROOT, at)
    assert not holds(key.public_key, signature, site, size + 1, ROOT, at)
    assert not holds(key.public_key, signature, site, size, bytes(32), at)
    assert not holds(key.public_key, signature, site, size, ROOT, at + 1)


@given(st.binary(max_size=70), st.binary(max_size=70))
def test_hostile_keys_and_signatures_are_false(public_key: bytes, signature: bytes):
    assert not holds(public_key, signature, "site", 1, ROOT, 1)
    assert not holds(PUBLIC, signature, "site", 1, ROOT, 1)
    assert not holds(public_key, bytes(64), "site", 1, ROOT, 1)


def test_a_checkpoint_that_could_be_read_two_ways_is_not_signed():
    key = SiteKey.from_seed(SEED)
    for site, size, root in [("two\nlines", 1, ROOT), ("site", -1, ROOT), ("site", 1, ROOT[:31])]:
        with pytest.raises(Malformed):
            key.sign(site, size, root, 1)
        assert not holds(key.public_key, bytes(64), site, size, root, 1)


def test_a_key_is_made_once_and_found_again(tmp_path: Path):
    path = tmp_path / "site.key"
    made = SiteKey.load_or_create(path)
    assert SiteKey.load_or_create(path).key_id == made.key_id
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    header, seed, rest = path.read_text().split("\n")
    assert (header, len(seed), rest) == (KEY_FILE_HEADER, 64, "")
    assert SiteKey.from_seed(bytes.fromhex(seed)).key_id == made.key_id
    assert [file.name for file in tmp_path.iterdir()] == ["site.key"], "no draft is left behind"


def test_processes_that_start_together_share_one_key(tmp_path: Path):
    path = tmp_path / "site.key"
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: SiteKey.load_or_create(path).key_id, range(24)))
    assert len(set(keys)) == 1


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
@pytest.mark.parametrize(
    ("mode", "fine"), [(0o600, True), (0o400, True), (0o640, True), (0o604, False), (0o620, False)]
)
def test_a_seed_that_others_can_read_or_change_is_refused(tmp_path: Path, mode: int, fine: bool):
    path = tmp_path / "site.key"
    made = SiteKey.load_or_create(path)
    path.chmod(mode)
    if fine:
        assert SiteKey.load(path).key_id == made.key_id
    else:
        with pytest.raises(LanbiError) as refused:
            SiteKey.load(path)
        assert refused.value.code == "site-key-open"
        assert refused.value.args_by_name == {"path": str(path)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        SEED.hex(),
        f"{KEY_FILE_HEADER}\n",
        f"{KEY_FILE_HEADER}\n{SEED.hex()[:-2]}\n",
        f"{KEY_FILE_HEADER}\n{SEED.hex()}00\n",
        f"{KEY_FILE_HEADER}\n{'zz' * 32}\n",
        f"{KEY_FILE_HEADER}\n{SEED.hex()}\nmore\n",
        f"another header\n{SEED.hex()}\n",
        f"{KEY_FILE_HEADER}\n{'é' * 32}\n",
        KEY_FILE_HEADER + "\n" + "0" * 1_000_000,
    ],
)
def test_a_file_that_is_no_key_is_refused_and_left_alone(tmp_path: Path, text: str):
    path = tmp_path / "site.key"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(LanbiError) as refused:
        SiteKey.load_or_create(path)
    assert refused.value.code == "site-key-malformed"
    assert path.read_text(encoding="utf-8") == text


def test_a_key_that_is_missing_or_cannot_be_written_says_so(tmp_path: Path):
    with pytest.raises(LanbiError) as refused:
        SiteKey.load(tmp_path / "none.key")
    assert refused.value.code == "site-key-missing"
    with pytest.raises(LanbiError) as refused:
        SiteKey.load_or_create(tmp_path / "no-folder" / "site.key")
    assert refused.value.code == "site-key-unwritable"
    (tmp_path / "folder.key").mkdir()
    with pytest.raises(LanbiError) as refused:
        SiteKey.load_or_create(tmp_path / "folder.key")
    assert refused.value.code == "site-key-unreadable"


def test_openssl_accepts_the_signature(tmp_path: Path):
    """An outsider needs none of our code: OpenSSL verifies a checkpoint from its five lines."""
    key = SiteKey.from_seed(SEED)
    (tmp_path / "lines").write_bytes(checkpoint_bytes("site", 7, ROOT, 9))
    (tmp_path / "signature").write_bytes(key.sign("site", 7, ROOT, 9))
    # A raw Ed25519 key becomes DER by this fixed prefix (RFC 8410 section 4).
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + key.public_key)
    command = "openssl pkeyutl -verify -pubin -inkey key.der -keyform DER -rawin -in lines -sigfile signature"
    done = run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Verified Successfully" in done.stdout
