"""Accounts, sessions and tokens decide. Pure."""

import re
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.access import LANGUAGES, ROLES, Actor
from lanbi.core.errors import Malformed, Refused, TooMany, Unauthenticated
from lanbi.core.time import HOUR, MINUTE, Instant

PASSWORD_CHARS_MIN = 12  # OWASP ASVS 5, 6.2.1 asks for 8 at least; a shared room asks for more
PASSWORD_CHARS_MAX = 256
FAILURES_MAX = 5
LOCKED_FOR: Instant = 5 * MINUTE
SESSION_FOR: Instant = 14 * HOUR  # a twelve-hour shift and its hand-over
TOKEN_DAYS_MAX = 366
FACTORS_MAX = 10
RECOVERY_CODES = 8

FactorKind = Literal["totp", "passkey"]

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in. `login` is their identity on the record and never changes."""

    login: str
    name: str
    role: str
    lang: str
    unit_id: str | None
    password_hash: str
    created_at: Instant
    disabled_at: Instant | None = None
    failures: int = 0
    failed_at: Instant = 0

    @property
    def actor(self) -> Actor:
        return Actor(id=self.login, name=self.name, role=self.role, lang=self.lang, unit_id=self.unit_id)

    def may_try(self, now: Instant) -> None:
        """Raises `TooMany("sign-in-locked")` while too many wrong passwords are too recent."""
        if self.failures >= FAILURES_MAX and now - self.failed_at < LOCKED_FOR:
            raise TooMany(
                "sign-in-locked", retry_after_s=(LOCKED_FOR - (now - self.failed_at)) // 1_000_000 + 1
            )

    def failed(self, now: Instant) -> "Account":
        fresh = now - self.failed_at >= LOCKED_FOR
        return replace(self, failures=1 if fresh else self.failures + 1, failed_at=now)

    def signed_in(self) -> "Account":
        return replace(self, failures=0, failed_at=0)

    def disable(self, now: Instant) -> "Account":
        if self.disabled_at is not None:
            raise Refused("account-disabled", login=self.login)
        return replace(self, disabled_at=now)


class Session(msgspec.Struct, frozen=True):
    """One sign-in that is still open. `how`: "password", "password+totp", "passkey"…"""

    id: str
    opened_at: Instant
    expires_at: Instant
    how: str | None


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody proves besides the password, or in its place.

    `secret`: of an authenticator app, locked. `credential`, `public_key`, `sign_count`: of a passkey
    (WebAuthn Level 3, section 4); `origin`: where it was made, the only place where it opens.
    `last_step`: the newest time step whose code was used (RFC 6238, 5.2).
    """

    id: str
    login: str
    kind: FactorKind
    name: str
    created_at: Instant
    secret: bytes | None = None
    credential: str | None = None
    public_key: bytes | None = None
    sign_count: int = 0
    last_step: int = 0
    confirmed_at: Instant | None = None
    used_at: Instant | None = None
    origin: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it has proved to work; until then it protects nothing."""
        return self.confirmed_at is not None

    def used_code(self, step: int, now: Instant) -> "Factor":
        """With the code of that time step used; `Unauthenticated("code-wrong")` for one used before."""
        if step <= self.last_step:
            raise Unauthenticated("code-wrong")
        return replace(self, last_step=step, used_at=now, confirmed_at=self.confirmed_at or now)

    def used_key(self, sign_count: int, now: Instant) -> "Factor":
        return replace(self, sign_count=sign_count, used_at=now)


def check_login(login: str) -> str:
    """The login, if it is 1 to 40 of a–z, 0–9, dot, dash, underscore; `Malformed("login-unusable")`."""
    if not _LOGIN.fullmatch(login):
        raise Malformed("login-unusable", given=login[:40])
    return login


def check_password(password: str) -> str:
    """The password, if long enough; no other rule makes one stronger (NIST SP 800-63B-4, 3.1.1.2)."""
    if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX:
        raise Malformed("password-length", least=PASSWORD_CHARS_MIN, most=PASSWORD_CHARS_MAX)
    return password


def check_role(role: str, unit_id: str | None) -> str:
    """The role; a field unit must name its unit, nobody else may."""
    if role not in ROLES:
        raise Malformed("role-unknown", given=role[:40], roles=", ".join(ROLES))
    if (role == "field_unit") != (unit_id is not None):
        raise Malformed("role-unit", role=role)
    return role


def check_lang(lang: str) -> str:
    """One of the product's languages; `Malformed("language-unknown")`."""
    if lang not in LANGUAGES:
        raise Malformed("language-unknown", given=lang[:40], languages=", ".join(LANGUAGES))
    return lang
