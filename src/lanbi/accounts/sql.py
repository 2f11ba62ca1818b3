"""Accounts, sessions and tokens in the store."""

from typing import Any

from lanbi.accounts.model import Account
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant

ACCOUNT = """SELECT login, name, role, lang, unit_id, password_hash, created_at, disabled_at, failures,
 failed_at FROM account WHERE login = :login"""
ACCOUNTS = """SELECT login, name, role, lang, unit_id, password_hash, created_at, disabled_at, failures,
 failed_at FROM account WHERE login > :after ORDER BY login LIMIT :limit"""
SAVE_ACCOUNT = """
INSERT INTO account (login, name, role, lang, unit_id, password_hash, created_at, disabled_at, failures,
 failed_at)
VALUES (:login, :name, :role, :lang, :unit_id, :password_hash, :created_at, :disabled_at, :failures,
 :failed_at)
ON CONFLICT (login) DO UPDATE SET name = :name, role = :role, lang = :lang, unit_id = :unit_id,
 password_hash = :password_hash, disabled_at = :disabled_at, failures = :failures, failed_at = :failed_at
"""
ADD_SESSION = """
INSERT INTO session (secret_hash, id, login, opened_at, expires_at, closed_at)
VALUES (:secret_hash, :id, :login, :opened_at, :expires_at, NULL)
"""
SESSION = """
SELECT s.id, s.expires_at, a.login, a.name, a.role, a.lang, a.unit_id FROM session s
JOIN account a ON a.login = s.login
WHERE s.secret_hash = :secret_hash AND s.closed_at IS NULL AND s.expires_at > :now AND a.disabled_at IS NULL
"""
CLOSE_SESSION = "UPDATE session SET closed_at = :now WHERE secret_hash = :secret_hash AND closed_at IS NULL"
CLOSE_SESSIONS_OF = "UPDATE session SET closed_at = :now WHERE login = :login AND closed_at IS NULL"
FORGET_SESSIONS = "DELETE FROM session WHERE expires_at < :before"
ADD_TOKEN = """
INSERT INTO token (name, secret_hash, role, lang, unit_id, issued_at, expires_at, revoked_at)
VALUES (:name, :secret_hash, :role, :lang, :unit_id, :issued_at, :expires_at, NULL)
"""  # noqa: S105
TOKEN = """
SELECT name, expires_at, role, lang, unit_id FROM token
WHERE secret_hash = :secret_hash AND revoked_at IS NULL AND expires_at > :now
"""  # noqa: S105
TOKEN_NAMED = "SELECT name FROM token WHERE name = :name"  # noqa: S105
REVOKE_TOKEN = "UPDATE token SET revoked_at = :now WHERE name = :name AND revoked_at IS NULL"  # noqa: S105


def _account(row: tuple[Any, ...]) -> Account:
    return Account(
        login=row[0],
        name=row[1],
        role=row[2],
        lang=row[3],
        unit_id=row[4],
        password_hash=row[5],
        created_at=row[6],
        disabled_at=row[7],
        failures=row[8],
        failed_at=row[9],
    )


def find_account(reader: Reader, login: str) -> Account | None:
    row = reader.row(ACCOUNT, login=login)
    return None if row is None else _account(row)


def accounts(reader: Reader, *, after: str, limit: int) -> list[Account]:
    """By login, those after `after`."""
    return [_account(row) for row in reader.rows(ACCOUNTS, after=after, limit=limit)]


def save_account(tx: Tx, account: Account) -> None:
    tx.run(
        SAVE_ACCOUNT,
        login=account.login,
        name=account.name,
        role=account.role,
        lang=account.lang,
        unit_id=account.unit_id,
        password_hash=account.password_hash,
        created_at=account.created_at,
        disabled_at=account.disabled_at,
        failures=account.failures,
        failed_at=account.failed_at,
    )


def add_session(tx: Tx, *, secret_hash: str, id: str, login: str, expires_at: Instant) -> None:
    tx.run(ADD_SESSION, secret_hash=secret_hash, id=id, login=login, opened_at=tx.now, expires_at=expires_at)
