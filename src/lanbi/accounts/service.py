"""Signing in and out, accounts and machines' tokens.

Passwords are hashed with argon2id outside the writer's thread: it costs tens of
milliseconds by design, and the whole room would wait for it.
"""

import functools
import hashlib
import secrets

import argon2
from msgspec.structs import replace

from lanbi.accounts import sql
from lanbi.accounts.events import (
    AccountCreated,
    AccountDisabled,
    AccountRoleSet,
    PasswordChanged,
    SessionClosed,
    SessionOpened,
    SessionRefused,
    TokenIssued,
    TokenRevoked,
)
from lanbi.accounts.model import (
    PASSWORD_CHARS_MAX,
    SESSION_FOR,
    TOKEN_DAYS_MAX,
    Account,
    Session,
    check_lang,
    check_login,
    check_password,
    check_role,
)
from lanbi.core.access import SYSTEM, Actor, Gate
from lanbi.core.errors import Malformed, NotFound, Refused, Unauthenticated
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.text import line
from lanbi.core.time import DAY, Instant

SECRET_BYTES = 32
TOKEN_PREFIX = "lanbi_"  # noqa: S105
SECRET_CHARS_MAX = 128
SESSIONS_KEPT_FOR: Instant = 7 * DAY
# Sign-in attempts under unknown names that are written down per minute; the rest are only answered.
UNKNOWN_RECORDED_PER_MINUTE_MAX = 10

_hasher = argon2.PasswordHasher()  # argon2id with RFC 9106's low-memory parameters (64 MiB, t=3, p=4)


@functools.cache
def _nobody() -> str:
    """A hash that no password opens: an unknown name must cost as much time as a known one. Made when it is
    first needed: most runs of the program ask for no password, and should not pay for one."""
    return _hasher.hash(secrets.token_hex())


def secret_hash(secret: str) -> str:
    """What the store keeps of a 256-bit random secret; no salt or slow hash is needed for one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hash_password(password: str) -> str:
    """argon2id of a password that passed `check_password`; takes tens of milliseconds."""
    return _hasher.hash(check_password(password))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except argon2.exceptions.VerificationError:
        return False


class Accounts:
    """The use cases of accounts."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._unknown: tuple[Instant, int] = (0, 0)

    # -- who is it ---------------------------------------------------------------------

    def whose(self, reader: Reader, secret: str, now: Instant) -> tuple[Actor, Instant, str]:
        """(actor, expiry, session or token id) of a secret; `Unauthenticated("session-ended")`."""
        if len(secret) > SECRET_CHARS_MAX:
            raise Unauthenticated("session-ended")
        digest = secret_hash(secret)
        if secret.startswith(TOKEN_PREFIX):
            row = reader.row(sql.TOKEN, secret_hash=digest, now=now)
            if row is None:
                raise Unauthenticated("token-unknown")
            name, expires_at, role, lang, unit_id = row
            actor = Actor(id=f"token:{name}", name=name, role=role, lang=lang, unit_id=unit_id, kind="token")
            # Not the bare name: a key could be named like somebody's session, and be taken for it.
            return actor, expires_at, actor.id
        row = reader.row(sql.SESSION, secret_hash=digest, now=now)
        if row is None:
            raise Unauthenticated("session-ended")
        session, expires_at, login, name, role, lang, unit_id = row
        return Actor(id=login, name=name, role=role, lang=lang, unit_id=unit_id), expires_at, session

    def check(self, store: Store, login: str, password: str, now: Instant) -> Account:
        """The account whose password this is. Blocks for tens of milliseconds: call it off the loop.

        Raises `Unauthenticated("sign-in-wrong")` for an unknown name and a wrong password
        alike, and in about the same time; `TooMany("sign-in-locked")` after five failures.
        Refusals are written down.
        """
        account = store.read_now(lambda reader: sql.find_account(reader, login))
        if account is None or account.disabled_at is not None:
            _matches(_nobody(), password[:PASSWORD_CHARS_MAX])
            if self._may_record_unknown(now):
                store.write_now(
                    SYSTEM, lambda tx: tx.record(SessionRefused(id="unknown", why="unknown_login"))
                )
            raise Unauthenticated("sign-in-wrong")
        account.may_try(now)
        if not _matches(account.password_hash, password[:PASSWORD_CHARS_MAX]):
            store.write_now(SYSTEM, lambda tx: self.refused(tx, login))
            raise Unauthenticated("sign-in-wrong")
        return account

    def _may_record_unknown(self, now: Instant) -> bool:
        since, count = self._unknown
        if now - since >= 60_000_000:
            since, count = now, 0
        self._unknown = (since, count + 1)
        return count < UNKNOWN_RECORDED_PER_MINUTE_MAX

    def refused(self, tx: Tx, login: str, why: str = "wrong_password") -> None:
        """One failure more for that account, written down; five lock it for five minutes."""
        account = sql.find_account(tx, login)
        if account is not None:
            sql.save_account(tx, account.failed(tx.now))
            tx.record(SessionRefused(id=login, why=why))

    def open_session(self, tx: Tx, login: str, how: str) -> tuple[str, Actor]:
        """A new session for an account that has proved itself; returns its secret, once, and the actor."""
        account = sql.find_account(tx, login)
        if account is None or account.disabled_at is not None:
            raise Unauthenticated("sign-in-wrong")
        if account.failures:
            sql.save_account(tx, account.signed_in())
        secret = secrets.token_urlsafe(SECRET_BYTES)
        session = new_id(tx.now)
        sql.add_session(
            tx,
            secret_hash=secret_hash(secret),
            id=session,
            login=login,
            expires_at=tx.now + SESSION_FOR,
            how=how,
        )
        tx.record(SessionOpened(id=login, session=session, how=how))
        return secret, account.actor

    def close_session(self, tx: Tx, secret: str, session: str) -> None:
        if tx.run(sql.CLOSE_SESSION, secret_hash=secret_hash(secret), now=tx.now):
            tx.record(SessionClosed(id=tx.actor.id, session=session))

    def sessions(self, reader: Reader, login: str, now: Instant) -> list[Session]:
        """The person's own sessions that are still open, newest first."""
        return sql.sessions_of(reader, login, now)

    def close_own(self, tx: Tx, session: str) -> None:
        """Ends one of the actor's own sessions; `NotFound("session-none")` where it is not open."""
        if not sql.close_session_named(tx, tx.actor.id, session):
            raise NotFound("session-none")
        tx.record(SessionClosed(id=tx.actor.id, session=session))

    def close_others(self, tx: Tx, session: str) -> int:
        """Ends all of the actor's sessions but this one; how many."""
        others = [held for held in sql.sessions_of(tx, tx.actor.id, tx.now) if held.id != session]
        for held in others:
            self.close_own(tx, held.id)
        return len(others)

    def change_password(self, tx: Tx, password_hash: str, session: str) -> None:
        """One's own, after `check` of the one before; all one's other sessions end."""
        account = sql.find_account(tx, tx.actor.id)
        if account is None:
            raise Refused("password-account")
        sql.save_account(tx, replace(account, password_hash=password_hash))
        self.close_others(tx, session)
        tx.record(PasswordChanged(id=account.login, own=True))

    def reset_password(self, tx: Tx, login: str, password_hash: str) -> Account:
        """Somebody else's, by the keeper of accounts; all its sessions end."""
        self._gate.require(tx.actor, "accounts.manage")
        if login == tx.actor.id:
            raise Refused("account-own", login=login)
        account = replace(self._account(tx, login), password_hash=password_hash).signed_in()
        sql.save_account(tx, account)
        tx.run(sql.CLOSE_SESSIONS_OF, login=login, now=tx.now)
        tx.record(PasswordChanged(id=login, own=False))
        return account

    def set_lang(self, tx: Tx, lang: str) -> Actor:
        """The actor's own language, kept for the next time; a token keeps the one it was issued with."""
        check_lang(lang)
        account = sql.find_account(tx, tx.actor.id)
        if account is None:
            return tx.actor
        account = replace(account, lang=lang)
        sql.save_account(tx, account)
        return account.actor

    # -- keeping the house -----------------------------------------------------------

    def create(
        self,
        tx: Tx,
        *,
        login: str,
        name: str,
        role: str,
        password_hash: str,
        lang: str,
        unit_id: str | None = None,
    ) -> Account:
        """A new account. `password_hash` comes from `hash_password`, made off this thread."""
        self._gate.require(tx.actor, "accounts.manage")
        if sql.find_account(tx, check_login(login)) is not None:
            raise Refused("login-taken", login=login)
        account = Account(
            login=login,
            name=line(name, "name"),
            role=check_role(role, unit_id),
            lang=check_lang(lang),
            unit_id=unit_id,
            password_hash=password_hash,
            created_at=tx.now,
        )
        sql.save_account(tx, account)
        # A name is personal data: it stands in the account's row, and only the login on the record.
        tx.record(AccountCreated(id=login, role=role, unit_id=unit_id))
        return account

    def set_role(self, tx: Tx, login: str, role: str, unit_id: str | None = None) -> Account:
        """Changes what somebody may do; their open sessions end."""
        self._gate.require(tx.actor, "accounts.manage")
        was = self._account(tx, login)
        account = replace(was, role=check_role(role, unit_id), unit_id=unit_id)
        sql.save_account(tx, account)
        tx.run(sql.CLOSE_SESSIONS_OF, login=login, now=tx.now)
        tx.record(AccountRoleSet(id=login, role=role, was=was.role, unit_id=unit_id))
        return account

    def disable(self, tx: Tx, login: str) -> Account:
        """Nobody signs in with it any more; its sessions end; what it did stays on the record."""
        self._gate.require(tx.actor, "accounts.manage")
        if login == tx.actor.id:
            raise Refused("account-own", login=login)
        account = self._account(tx, login).disable(tx.now)
        sql.save_account(tx, account)
        tx.run(sql.CLOSE_SESSIONS_OF, login=login, now=tx.now)
        tx.record(AccountDisabled(id=login))
        return account

    def page(self, reader: Reader, actor: Actor, *, after: str, limit: int) -> list[Account]:
        self._gate.require(actor, "accounts.see")
        return sql.accounts(reader, after=after, limit=limit)

    def issue_token(
        self, tx: Tx, *, name: str, role: str, days: int, lang: str, unit_id: str | None = None
    ) -> str:
        """A machine's key, shown this once. `name` says whose it is."""
        self._gate.require(tx.actor, "tokens.manage")
        name = check_login(name)
        if not 1 <= days <= TOKEN_DAYS_MAX:
            raise Malformed("token-days", most=TOKEN_DAYS_MAX)
        if tx.row(sql.TOKEN_NAMED, name=name) is not None:
            raise Refused("token-taken", name=name)
        secret = TOKEN_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        expires_at = tx.now + days * DAY
        tx.run(
            sql.ADD_TOKEN,
            name=name,
            secret_hash=secret_hash(secret),
            role=check_role(role, unit_id),
            lang=check_lang(lang),
            unit_id=unit_id,
            issued_at=tx.now,
            expires_at=expires_at,
        )
        tx.record(TokenIssued(id=name, role=role, unit_id=unit_id, expires_at=expires_at))
        return secret

    def revoke_token(self, tx: Tx, name: str) -> None:
        self._gate.require(tx.actor, "tokens.manage")
        if not tx.run(sql.REVOKE_TOKEN, name=name, now=tx.now):
            raise NotFound("token-none", name=name)
        tx.record(TokenRevoked(id=name))

    def forget_old(self, tx: Tx) -> int:
        """Drops the rows of sessions that ended over a week ago; their entries stay."""
        return tx.run(sql.FORGET_SESSIONS, before=tx.now - SESSIONS_KEPT_FOR)

    @staticmethod
    def _account(reader: Reader, login: str) -> Account:
        account = sql.find_account(reader, login)
        if account is None:
            raise NotFound("account-none", login=login)
        return account
