"""Second factors: what a stolen password no longer opens, and what opens when the telephone is lost."""

from typing import Any

import argon2
import pytest

from accounts.test_service import House, code_of
from lanbi.accounts import service
from lanbi.accounts.factors import TICKET_TRIES_MAX, TICKETS_MAX, Factors, Origin, code_now
from lanbi.accounts.model import FACTORS_MAX, FAILURES_MAX, RECOVERY_CODES
from lanbi.accounts.service import hash_password
from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import TooMany
from store.homes import Home

PASSWORD = "kat mo ki fasil pou sonje"
LOCK = bytes(range(32))
HERE = Origin("http://localhost:8080", "localhost")
MARIE = Actor(id="marie", name="Marie Jean-Baptiste", role="call_taker")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same argon2id with less to do."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(service, "_hasher", quick)


class Door(House):
    """The house with second factors at its door."""

    def __init__(self, home: Home) -> None:
        super().__init__(home, hash_password(PASSWORD))
        self.factors = Factors(self.accounts, self.accounts._gate, self.clock, LOCK)
        self.hire("marie")

    def now_shows(self, secret: str) -> str:
        return code_now(secret, self.clock.now())

    def app(self) -> tuple[str, list[str]]:
        """An authenticator app that counts → (its secret, the recovery codes)."""
        factor, secret, _ = self.do(lambda tx: self.factors.begin_totp(tx, "Telefòn mwen"), MARIE)
        _, codes = self.do(lambda tx: self.factors.confirm_totp(tx, factor.id, self.now_shows(secret)), MARIE)
        return secret, codes

    def ticket(self) -> str:
        self.check("marie")
        return self.factors.ticket("marie")[0]

    def prove(self, ticket: str, code: str) -> tuple[str, str]:
        return self.factors.prove_code(self.store, ticket, code)

    def wanted(self) -> set[str]:
        return self.store.read_now(lambda reader: self.factors.wanted(reader, "marie"))


@pytest.fixture
def door(home: Home) -> Door:
    return Door(home)


def test_an_app_counts_from_its_first_right_code(door: Door) -> None:
    factor, secret, uri = door.do(lambda tx: door.factors.begin_totp(tx, "Telefòn mwen"), MARIE)
    assert door.wanted() == set()
    wrong = f"{(int(door.now_shows(secret)) + 1) % 1_000_000:06d}"
    assert (
        code_of(lambda: door.do(lambda tx: door.factors.confirm_totp(tx, factor.id, wrong), MARIE))
        == "code-wrong-yet"
    )
    assert door.wanted() == set()
    assert uri.startswith("otpauth://totp/Lanbi:marie?")
    assert f"secret={secret}" in uri
    _, codes = door.do(lambda tx: door.factors.confirm_totp(tx, factor.id, door.now_shows(secret)), MARIE)
    assert door.wanted() == {"totp"}
    assert len(set(codes)) == RECOVERY_CODES
    kinds = [(kind, body.get("factor_kind")) for kind, subject, body in door.journal() if "account." in kind]
    assert ("account.factor_added", "totp") in kinds


def test_a_code_opens_once_and_the_next_one_again(door: Door) -> None:
    secret, _ = door.app()
    door.clock.advance(30)
    code = door.now_shows(secret)
    assert door.prove(door.ticket(), f" {code[:3]} {code[3:]} ") == ("marie", "password+totp")
    assert code_of(lambda: door.prove(door.ticket(), code)) == "code-wrong"  # somebody looked over a shoulder
    door.clock.advance(30)
    assert door.prove(door.ticket(), door.now_shows(secret)) == ("marie", "password+totp")


def test_a_clock_that_is_one_step_off_is_let_in_and_two_are_not(door: Door) -> None:
    secret, _ = door.app()
    door.clock.advance(300)
    early = door.now_shows(secret)
    door.clock.advance(60)
    assert code_of(lambda: door.prove(door.ticket(), early)) == "code-wrong"
    late = door.now_shows(secret)
    door.clock.advance(30)
    assert door.prove(door.ticket(), late)[0] == "marie"


def test_the_store_holds_neither_the_secret_nor_a_recovery_code(door: Door) -> None:
    secret, codes = door.app()
    rows = door.store.read_now(
        lambda reader: [
            str(row)
            for table in ("factor", "recovery_code", "journal")
            for row in reader.rows(f"SELECT * FROM {table}")  # names of this test's own
        ]
    )
    held = "\n".join(rows)
    assert secret not in held
    assert not any(code in held or code.replace("-", "") in held for code in codes)


def test_the_secret_opens_only_under_the_nodes_own_key(door: Door) -> None:
    secret, _ = door.app()
    stranger = Factors(door.accounts, door.accounts._gate, door.clock, bytes(32))
    door.clock.advance(30)
    ticket = stranger.ticket("marie")[0]
    assert (
        code_of(lambda: stranger.prove_code(door.store, ticket, door.now_shows(secret)))
        == "factor-unreadable"
    )


def test_a_recovery_code_opens_once(door: Door) -> None:
    _, codes = door.app()
    assert door.prove(door.ticket(), codes[0].upper()) == ("marie", "password+recovery")
    assert code_of(lambda: door.prove(door.ticket(), codes[0])) == "code-wrong"
    assert door.prove(door.ticket(), codes[1])[0] == "marie"
    assert door.store.read_now(lambda reader: door.factors.mine(reader, "marie"))[1] == RECOVERY_CODES - 2
    fresh = door.do(door.factors.make_recovery_codes, MARIE)
    assert code_of(lambda: door.prove(door.ticket(), codes[2])) == "code-wrong"
    assert door.prove(door.ticket(), fresh[0])[0] == "marie"


def test_guessing_ends_the_ticket_and_locks_the_account(door: Door) -> None:
    secret, _ = door.app()
    ticket = door.ticket()
    tries = min(TICKET_TRIES_MAX, FAILURES_MAX)
    for number in range(tries):
        assert code_of(lambda number=number: door.prove(ticket, f"{number:06d}")) == "code-wrong"
    assert code_of(lambda: door.prove(ticket, door.now_shows(secret))) == "ticket-over"
    with pytest.raises(TooMany):
        door.check("marie")
    refused = [body["why"] for kind, _, body in door.journal() if kind == "session.refused"]
    assert refused == ["wrong_code"] * tries


def test_a_ticket_lasts_three_minutes_and_serves_once(door: Door) -> None:
    secret, codes = door.app()
    ticket = door.ticket()
    door.clock.advance(181)
    assert code_of(lambda: door.prove(ticket, door.now_shows(secret))) == "ticket-over"
    ticket = door.ticket()
    door.prove(ticket, codes[0])
    assert code_of(lambda: door.prove(ticket, codes[1])) == "ticket-over"
    assert code_of(lambda: door.prove("not a ticket", codes[1])) == "ticket-over"


def test_the_keeper_takes_a_lost_telephone_away_and_a_colleague_may_not(door: Door) -> None:
    door.app()
    open_before = door.sign_in("marie")
    assert (
        code_of(lambda: door.do(lambda tx: door.factors.remove_all_of(tx, "marie"), MARIE)) == "not-allowed"
    )
    assert door.wanted() == {"totp"}
    door.do(lambda tx: door.factors.remove_all_of(tx, "marie"))
    assert door.wanted() == set()
    assert code_of(lambda: door.whose(open_before)) == "session-ended"
    assert [kind for kind, _, _ in door.journal()].count("account.factor_removed") == 1


def test_one_removes_ones_own_and_nobody_elses(door: Door) -> None:
    door.app()
    factor = door.store.read_now(lambda reader: door.factors.mine(reader, "marie"))[0][0]
    door.hire("jan")
    jan = Actor(id="jan", name="Jan", role="call_taker")
    assert code_of(lambda: door.do(lambda tx: door.factors.remove(tx, factor.id), jan)) == "factor-none"
    door.do(lambda tx: door.factors.remove(tx, factor.id), MARIE)
    assert door.wanted() == set()


def test_a_machine_has_no_second_factor_and_nobody_has_eleven(door: Door) -> None:
    machine = Actor(id="token:radio", name="radio", role="dispatcher", kind="token")
    begin: Any = lambda tx: door.factors.begin_totp(tx, "Telefòn")  # noqa: E731
    assert code_of(lambda: door.do(begin, machine)) == "factor-account"
    for _ in range(FACTORS_MAX):
        door.do(begin, MARIE)
    assert code_of(lambda: door.do(begin, MARIE)) == "factors-full"
    door.clock.advance(901)  # begun and left: forgotten
    door.store.write_now(SYSTEM, door.factors.forget_unconfirmed)
    door.do(begin, MARIE)


def test_a_screen_left_open_is_not_enough_to_change_what_protects_the_account(door: Door) -> None:
    assert code_of(lambda: door.factors.must_be_proved("here")) == "prove-first"
    door.factors.proved_again("here")
    door.factors.must_be_proved("here")
    assert code_of(lambda: door.factors.must_be_proved("elsewhere")) == "prove-first"
    door.clock.advance(299)
    door.factors.must_be_proved("here")
    door.clock.advance(1)
    assert code_of(lambda: door.factors.must_be_proved("here")) == "prove-first"


@pytest.mark.parametrize("host", ["127.0.0.1", "192.168.8.1", "fe80::1"])
def test_a_browser_makes_no_passkey_for_a_number(door: Door, host: str) -> None:
    where = Origin(f"http://{host}", host)
    assert (
        code_of(lambda: door.store.read_now(lambda r: door.factors.begin_passkey(r, "marie", where)))
        == "passkey-host"
    )
    ticket, _ = door.store.read_now(lambda r: door.factors.begin_passkey(r, "marie", HERE))
    answer = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}
    assert (
        code_of(lambda: door.do(lambda tx: door.factors.add_passkey(tx, ticket, "Kle", answer, HERE), MARIE))
        == "passkey-unusable"
    )
    assert code_of(
        lambda: door.factors.prove_passkey(door.store, door.factors.ticket(None)[0], answer, HERE)
    ) == "passkey-wrong"  # fmt: skip


def test_ones_own_sessions_are_listed_and_ended(door: Door) -> None:
    first, second = door.sign_in("marie"), door.sign_in("marie")
    now = door.clock.now()
    here = door.store.read_now(lambda reader: door.accounts.whose(reader, second, now))[2]
    listed = door.store.read_now(lambda reader: door.accounts.sessions(reader, "marie", now))
    assert len(listed) == 2
    assert {held.how for held in listed} == {"password"}
    assert door.do(lambda tx: door.accounts.close_others(tx, here), MARIE) == 1
    assert code_of(lambda: door.whose(first)) == "session-ended"
    assert door.whose(second).id == "marie"
    assert (
        code_of(lambda: door.do(lambda tx: door.accounts.close_own(tx, listed[1].id), MARIE))
        == "session-none"
    )


def test_strangers_who_ask_for_passkeys_keep_out_nobody_who_knows_a_password(door: Door) -> None:
    secret, _ = door.app()
    first = door.factors.ticket(None)[0]
    for _ in range(TICKETS_MAX + 1):
        door.factors.ticket(None)
    door.clock.advance(30)
    assert door.prove(door.ticket(), door.now_shows(secret)) == ("marie", "password+totp")
    answer = {"id": "AAAA"}
    assert code_of(lambda: door.factors.prove_passkey(door.store, first, answer, HERE)) == "ticket-over"


def test_a_ticket_to_add_a_passkey_opens_no_session(door: Door) -> None:
    secret, codes = door.app()
    enrol, _ = door.store.read_now(lambda r: door.factors.begin_passkey(r, "marie", HERE))
    door.clock.advance(30)
    assert code_of(lambda: door.prove(enrol, door.now_shows(secret))) == "ticket-over"
    assert code_of(lambda: door.prove(enrol, codes[0])) == "ticket-over"
    sign_in = door.ticket()
    answer: dict[str, Any] = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}
    assert (
        code_of(lambda: door.do(lambda tx: door.factors.add_passkey(tx, sign_in, "Kle", answer, HERE), MARIE))
        == "ticket-over"
    )
    assert door.prove(sign_in, codes[0])[0] == "marie"


def test_a_new_password_opens_and_ends_ones_other_sessions(door: Door) -> None:
    elsewhere, here = door.sign_in("marie"), door.sign_in("marie")
    now = door.clock.now()
    session = door.store.read_now(lambda reader: door.accounts.whose(reader, here, now))[2]
    fresh = hash_password("yon lòt fraz ki long")
    door.do(lambda tx: door.accounts.change_password(tx, fresh, session), MARIE)
    assert code_of(lambda: door.whose(elsewhere)) == "session-ended"
    assert door.whose(here).id == "marie"
    assert code_of(lambda: door.check("marie")) == "sign-in-wrong"
    assert door.check("marie", "yon lòt fraz ki long").login == "marie"
    machine = Actor(id="token:radio", name="radio", role="dispatcher", kind="token")
    assert (
        code_of(lambda: door.do(lambda tx: door.accounts.change_password(tx, fresh, "x"), machine))
        == "password-account"
    )


def test_the_keeper_gives_a_forgotten_password_anew_and_a_colleague_may_not(door: Door) -> None:
    secret, fresh = door.sign_in("marie"), hash_password("yon lòt fraz ki long")
    assert (
        code_of(lambda: door.do(lambda tx: door.accounts.reset_password(tx, "marie", fresh), MARIE))
        == "not-allowed"
    )
    door.do(lambda tx: door.accounts.reset_password(tx, "marie", fresh))
    assert code_of(lambda: door.whose(secret)) == "session-ended"
    assert door.check("marie", "yon lòt fraz ki long").login == "marie"
    told = [body for kind, _, body in door.journal() if kind == "account.password_changed"]
    assert [body["own"] for body in told] == [False]
