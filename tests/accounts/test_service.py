"""Signing in, sessions and machines' keys: who is let in, for how long, and what of it is kept."""

import json
from pathlib import Path
from typing import Any

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.accounts import service
from lanbi.accounts.model import (
    FAILURES_MAX,
    LOCKED_FOR,
    PASSWORD_CHARS_MAX,
    PASSWORD_CHARS_MIN,
    SESSION_FOR,
    TOKEN_DAYS_MAX,
    check_lang,
    check_login,
    check_password,
    check_role,
)
from lanbi.accounts.policy import CedarGate
from lanbi.accounts.service import (
    SESSIONS_KEPT_FOR,
    UNKNOWN_RECORDED_PER_MINUTE_MAX,
    Accounts,
    hash_password,
    secret_hash,
)
from lanbi.core.access import LANGUAGES, ROLES, SYSTEM, Actor
from lanbi.core.errors import Forbidden, LanbiError, Malformed, NotFound, Refused, TooMany, Unauthenticated
from lanbi.core.time import DAY, SECOND
from lanbi.store.store import LanbiStore
from store.homes import Home, TwoHands
from stores import ACTORS, POLICIES

PASSWORD = "kat mo ki fasil pou sonje"
ADMIN = ACTORS["administrator"]


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same argon2id with less to do: the real cost is for attackers, and one test below looks at it."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(service, "_hasher", quick)


@pytest.fixture
def password_hash(quick_hashes: None) -> str:
    return hash_password(PASSWORD)


class House:
    """Accounts over a store, with a clock to hold."""

    def __init__(self, home: Home, password_hash: str) -> None:
        self.clock = TwoHands()
        self.store: LanbiStore = home.open(self.clock)
        self.accounts = Accounts(CedarGate(POLICIES))
        self.password_hash = password_hash

    def hire(
        self, login: str, role: str = "call_taker", *, by: Actor = ADMIN, unit_id: str | None = None
    ) -> None:
        self.store.write_now(
            by,
            lambda tx: self.accounts.create(
                tx, login=login, name="Marie Jean-Baptiste", role=role, lang="ht", unit_id=unit_id,
                password_hash=self.password_hash,
            ),
        )  # fmt: skip

    def check(self, login: str, password: str = PASSWORD) -> Any:
        return self.accounts.check(self.store, login, password, self.clock.now())

    def sign_in(self, login: str) -> str:
        account = self.check(login)
        return self.store.write_now(
            SYSTEM, lambda tx: self.accounts.open_session(tx, account.login, "password")
        )[0]

    def whose(self, secret: str) -> Actor:
        now = self.clock.now()
        return self.store.read_now(lambda reader: self.accounts.whose(reader, secret, now))[0]

    def do(self, work: Any, by: Actor = ADMIN) -> Any:
        return self.store.write_now(by, work)

    def journal(self) -> list[tuple[str, str, dict[str, Any]]]:
        rows = self.store.read_now(
            lambda reader: reader.rows("SELECT kind, subject, body FROM journal ORDER BY seq")
        )
        return [(kind, subject, json.loads(body)) for kind, subject, body in rows]


@pytest.fixture
def house(home: Home, password_hash: str) -> House:
    return House(home, password_hash)


@pytest.fixture
def quick_house(sqlite_home: Home, password_hash: str) -> House:
    return House(sqlite_home, password_hash)


def code_of(ask: Any) -> str:
    with pytest.raises(LanbiError) as refused:
        ask()
    return refused.value.code


def test_the_right_password_opens_a_session_and_signing_out_ends_it(house: House) -> None:
    house.hire("marie")
    secret = house.sign_in("marie")
    marie = house.whose(secret)
    assert (marie.id, marie.role, marie.lang, marie.kind) == ("marie", "call_taker", "ht", "account")
    session = house.store.read_now(lambda reader: house.accounts.whose(reader, secret, house.clock.now()))[2]
    house.do(lambda tx: house.accounts.close_session(tx, secret, session), marie)
    house.do(lambda tx: house.accounts.close_session(tx, secret, session), marie)  # twice is once
    assert code_of(lambda: house.whose(secret)) == "session-ended"
    kinds = [kind for kind, subject, _ in house.journal() if subject == "account/marie"]
    assert kinds == ["account.created", "session.opened", "session.closed"]


def test_a_wrong_password_and_an_unknown_name_are_told_alike(house: House) -> None:
    house.hire("marie")
    with pytest.raises(Unauthenticated) as wrong:
        house.check("marie", "pa modpas sa a menm")
    with pytest.raises(Unauthenticated) as unknown:
        house.check("moun-ki-pa-la")
    assert str(wrong.value) == str(unknown.value) == "sign-in-wrong()"
    refused = [(subject, body["why"]) for kind, subject, body in house.journal() if kind == "session.refused"]
    assert refused == [("account/marie", "wrong_password"), ("account/unknown", "unknown_login")]
    assert house.whose(house.sign_in("marie")).id == "marie"


def test_five_wrong_passwords_lock_the_account_for_five_minutes(quick_house: House) -> None:
    house = quick_house
    house.hire("marie")
    for _ in range(FAILURES_MAX):
        assert code_of(lambda: house.check("marie", "pa modpas sa a menm")) == "sign-in-wrong"
    house.clock.advance(10)
    with pytest.raises(TooMany) as locked:
        house.check("marie")  # the right one does not help now
    assert locked.value.args_by_name["retry_after_s"] == LOCKED_FOR // SECOND - 10 + 1
    house.clock.advance(LOCKED_FOR / SECOND - 10)
    secret = house.sign_in("marie")
    assert house.whose(secret).id == "marie"
    assert (
        code_of(lambda: house.check("marie", "pa modpas sa a menm")) == "sign-in-wrong"
    )  # counts from one again


def test_attempts_under_unknown_names_do_not_fill_the_record(quick_house: House) -> None:
    house = quick_house
    for number in range(UNKNOWN_RECORDED_PER_MINUTE_MAX + 3):
        assert code_of(lambda number=number: house.check(f"moun{number}", "x")) == "sign-in-wrong"
    assert (
        len([1 for kind, *_ in house.journal() if kind == "session.refused"])
        == UNKNOWN_RECORDED_PER_MINUTE_MAX
    )


def test_a_disabled_account_is_out_at_once(house: House) -> None:
    house.hire("marie")
    secret = house.sign_in("marie")
    house.do(lambda tx: house.accounts.disable(tx, "marie"))
    assert code_of(lambda: house.whose(secret)) == "session-ended"
    assert code_of(lambda: house.check("marie")) == "sign-in-wrong"
    assert (
        code_of(lambda: house.do(lambda tx: house.accounts.open_session(tx, "marie", "demo")))
        == "sign-in-wrong"
    )
    assert code_of(lambda: house.do(lambda tx: house.accounts.disable(tx, "marie"))) == "account-disabled"


def test_nobody_disables_the_account_they_sit_on(quick_house: House) -> None:
    assert (
        code_of(lambda: quick_house.do(lambda tx: quick_house.accounts.disable(tx, ADMIN.id)))
        == "account-own"
    )


def test_a_session_ends_with_its_shift_and_its_row_a_week_later(quick_house: House) -> None:
    house = quick_house
    house.hire("marie")
    secret = house.sign_in("marie")
    house.clock.advance(SESSION_FOR / SECOND - 1)
    assert house.whose(secret).id == "marie"
    house.clock.advance(1)
    assert code_of(lambda: house.whose(secret)) == "session-ended"
    assert house.do(house.accounts.forget_old, SYSTEM) == 0
    house.clock.advance(SESSIONS_KEPT_FOR / SECOND + 1)
    assert house.do(house.accounts.forget_old, SYSTEM) == 1


def test_another_role_is_another_session(quick_house: House) -> None:
    house = quick_house
    house.hire("marie")
    secret = house.sign_in("marie")
    house.do(lambda tx: house.accounts.set_role(tx, "marie", "dispatcher"))
    assert code_of(lambda: house.whose(secret)) == "session-ended"
    assert house.whose(house.sign_in("marie")).role == "dispatcher"
    body = next(body for kind, _, body in house.journal() if kind == "account.role_set")
    assert (body["was"], body["role"]) == ("call_taker", "dispatcher")


def test_the_language_is_kept_for_the_next_time(quick_house: House) -> None:
    house = quick_house
    house.hire("marie")
    marie = house.whose(house.sign_in("marie"))
    assert house.do(lambda tx: house.accounts.set_lang(tx, "es"), marie).lang == "es"
    assert house.whose(house.sign_in("marie")).lang == "es"
    assert (
        code_of(lambda: house.do(lambda tx: house.accounts.set_lang(tx, "de"), marie)) == "language-unknown"
    )


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_only_administrators_keep_accounts_and_keys(quick_house: House, role: str) -> None:
    house, who = quick_house, ACTORS[role]
    house.hire("marie")
    for work in (
        lambda tx: house.accounts.create(
            tx, login="x", name="x", role="analyst", password_hash="", lang="ht"
        ),
        lambda tx: house.accounts.set_role(tx, "marie", "administrator"),
        lambda tx: house.accounts.disable(tx, "marie"),
        lambda tx: house.accounts.issue_token(tx, name="x", role="administrator", days=1, lang="ht"),
        lambda tx: house.accounts.revoke_token(tx, "x"),
    ):
        with pytest.raises(Forbidden):
            house.do(work, who)


def test_accounts_are_listed_by_login_page_by_page(quick_house: House) -> None:
    house = quick_house
    for login in ("wideline", "marie", "pierre"):
        house.hire(login)

    def page(after: str) -> list[str]:
        found = house.store.read_now(lambda reader: house.accounts.page(reader, ADMIN, after=after, limit=2))
        return [account.login for account in found]

    assert page("") == ["marie", "pierre"]
    assert page("pierre") == ["wideline"]


def test_an_account_that_cannot_be_is_refused(quick_house: House) -> None:
    house = quick_house
    house.hire("marie")
    assert code_of(lambda: house.hire("marie")) == "login-taken"
    assert code_of(lambda: house.hire("Marie!")) == "login-unusable"
    assert code_of(lambda: house.hire("pierre", "chief")) == "role-unknown"
    assert code_of(lambda: house.hire("ekip1", "field_unit")) == "role-unit"
    assert code_of(lambda: house.hire("pierre", "dispatcher", unit_id="u1")) == "role-unit"
    house.hire("ekip1", "field_unit", unit_id="u1")
    assert code_of(lambda: house.do(lambda tx: house.accounts.set_role(tx, "x", "analyst"))) == "account-none"


def test_a_machines_key_works_until_it_ends_or_is_revoked(house: House) -> None:
    def issue(name: str, days: int = 2) -> str:
        return house.do(
            lambda tx: house.accounts.issue_token(tx, name=name, role="dispatcher", days=days, lang="fr")
        )

    short, long = issue("cad-feed"), issue("gps-gateway", 90)
    machine = house.whose(short)
    assert (machine.id, machine.role, machine.kind, machine.lang) == (
        "token:cad-feed",
        "dispatcher",
        "token",
        "fr",
    )
    house.clock.advance(2 * DAY / SECOND)
    assert code_of(lambda: house.whose(short)) == "token-unknown"
    assert house.whose(long).name == "gps-gateway"
    house.do(lambda tx: house.accounts.revoke_token(tx, "gps-gateway"))
    assert code_of(lambda: house.whose(long)) == "token-unknown"
    with pytest.raises(NotFound):
        house.do(lambda tx: house.accounts.revoke_token(tx, "gps-gateway"))
    with pytest.raises(Refused):
        issue("gps-gateway")  # a name means one key for ever
    for days in (0, -1, TOKEN_DAYS_MAX + 1):
        assert code_of(lambda days=days: issue("other", days)) == "token-days"


@pytest.mark.parametrize(
    "secret", ["", "x", "lanbi_", "lanbi_" + "x" * 43, "y" * 43, "z" * 5_000, "é\x00 🔑"]
)
def test_a_made_up_secret_is_nobodys(house: House, secret: str) -> None:
    assert code_of(lambda: house.whose(secret)) in ("session-ended", "token-unknown")


def test_no_secret_stands_in_the_store_nor_on_the_record(sqlite_home: Home, password_hash: str) -> None:
    house = House(sqlite_home, password_hash)
    house.hire("marie")
    secret = house.sign_in("marie")
    token = house.do(
        lambda tx: house.accounts.issue_token(tx, name="gps", role="dispatcher", days=1, lang="ht")
    )
    wrong = "yon-modpas-tape-mal-7261"
    assert code_of(lambda: house.check("marie", wrong)) == "sign-in-wrong"
    assert code_of(lambda: house.check("yon-non-tape-mal-9953", wrong)) == "sign-in-wrong"
    told = json.dumps(house.journal())
    sqlite_home.close()
    kept = b"".join(path.read_bytes() for path in Path(sqlite_home.folder).iterdir())
    # Who types a password into the box for the name must not find it on the record either.
    for text in (secret, token, token.removeprefix("lanbi_"), PASSWORD, wrong, "yon-non-tape-mal-9953"):
        assert text.encode() not in kept
        assert text not in told
    assert secret_hash(secret).encode() in kept
    for text in (secret_hash(secret), secret_hash(token), password_hash, "Marie Jean-Baptiste"):
        assert text not in told


def test_a_hash_costs_what_rfc_9106_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its second recommended option: argon2id, 64 MiB, three passes, four lanes."""
    monkeypatch.undo()
    assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_what_makes_a_password() -> None:
    assert check_password("x" * PASSWORD_CHARS_MIN)
    assert check_password("🔥" * PASSWORD_CHARS_MAX)
    for text in ("", "x" * (PASSWORD_CHARS_MIN - 1), "x" * (PASSWORD_CHARS_MAX + 1)):
        assert code_of(lambda text=text: check_password(text)) == "password-length"


@given(st.text(max_size=60))
def test_any_text_is_a_login_or_refused(text: str) -> None:
    try:
        assert check_login(text) == text
    except Malformed:
        return
    assert text.isascii()
    assert text == text.lower()
    assert 1 <= len(text) <= 40
    assert not set(text) & set("/\n \x00'\"")


@given(st.text(max_size=20), st.none() | st.just("u1"))
def test_any_role_is_one_of_ours_or_refused(role: str, unit_id: str | None) -> None:
    assert code_of(lambda: check_role(role + "?", unit_id)) == "role-unknown"
    assert code_of(lambda: check_lang(role + "?")) == "language-unknown"
    assert [check_lang(lang) for lang in LANGUAGES] == list(LANGUAGES)


def test_a_key_named_like_a_session_is_not_that_session(house: House) -> None:
    house.hire("marie")
    now = house.clock.now()
    secret = house.sign_in("marie")
    session = house.store.read_now(lambda reader: house.accounts.whose(reader, secret, now))[2]
    key = house.do(
        lambda tx: house.accounts.issue_token(tx, name=session, role="commander", days=1, lang="ht")
    )
    assert house.store.read_now(lambda reader: house.accounts.whose(reader, key, now))[2] != session
