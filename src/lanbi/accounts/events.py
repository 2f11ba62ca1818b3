"""Facts about accounts, sessions and tokens."""

from typing import ClassVar

from lanbi.core.events import Event


class AccountEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one account; `id` is its login."""

    about: ClassVar[str] = "account"


class AccountCreated(AccountEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "account.created"
    role: str
    unit_id: str | None


class AccountRoleSet(AccountEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "account.role_set"
    role: str
    was: str
    unit_id: str | None


class AccountDisabled(AccountEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "account.disabled"


class PasswordChanged(AccountEvent, frozen=True, kw_only=True):
    """By its owner, who knew the one before; or by the keeper of accounts, where it was forgotten."""

    kind: ClassVar[str] = "account.password_changed"
    own: bool


class FactorAdded(AccountEvent, frozen=True, kw_only=True):
    """A second factor that has proved to work. `factor_kind`: "totp" or "passkey"."""

    kind: ClassVar[str] = "account.factor_added"
    factor: str
    factor_kind: str


class FactorRemoved(AccountEvent, frozen=True, kw_only=True):
    """By its owner, or by the keeper of accounts when the telephone is lost."""

    kind: ClassVar[str] = "account.factor_removed"
    factor: str
    factor_kind: str


class RecoveryCodesMade(AccountEvent, frozen=True, kw_only=True):
    """New one-time codes; those before no longer count."""

    kind: ClassVar[str] = "account.recovery_codes_made"
    count: int


class SessionOpened(AccountEvent, frozen=True, kw_only=True):
    """Somebody signed in; `session` is the session's id, which is not its secret."""

    kind: ClassVar[str] = "session.opened"
    session: str
    how: str


class SessionRefused(AccountEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "session.refused"
    why: str


class SessionClosed(AccountEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "session.closed"
    session: str


class TokenIssued(Event, frozen=True, kw_only=True):
    """A machine's key; `id` is its name for people, never the key."""

    kind: ClassVar[str] = "token.issued"
    about: ClassVar[str] = "token"
    role: str
    unit_id: str | None
    expires_at: int


class TokenRevoked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "token.revoked"
    about: ClassVar[str] = "token"
