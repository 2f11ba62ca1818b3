"""Accounts, sessions and tokens in the store."""

from typing import Any

import msgspec

from lanbi.accounts.model import Account, Factor, Session
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
INSERT INTO session (secret_hash, id, login, opened_at, expires_at, closed_at, how)
VALUES (:secret_hash, :id, :login, :opened_at, :expires_at, NULL, :how)
"""
SESSION = """
SELECT s.id, s.expires_at, a.login, a.name, a.role, a.lang, a.unit_id FROM session s
JOIN account a ON a.login = s.login
WHERE s.secret_hash = :secret_hash AND s.closed_at IS NULL AND s.expires_at > :now AND a.disabled_at IS NULL
"""
CLOSE_SESSION = "UPDATE session SET closed_at = :now WHERE secret_hash = :secret_hash AND closed_at IS NULL"
CLOSE_SESSIONS_OF = "UPDATE session SET closed_at = :now WHERE login = :login AND closed_at IS NULL"
SESSIONS_OF = """
SELECT id, opened_at, expires_at, how FROM session
WHERE login = :login AND closed_at IS NULL AND expires_at > :now ORDER BY opened_at DESC, id DESC
"""
CLOSE_SESSION_NAMED = """
UPDATE session SET closed_at = :now WHERE login = :login AND id = :id AND closed_at IS NULL
"""
_FACTOR = """SELECT id, login, kind, name, secret, credential, public_key, sign_count, last_step, created_at,
 confirmed_at, used_at, origin FROM factor"""
FACTORS_OF = f"{_FACTOR} WHERE login = :login ORDER BY created_at, id"
PASSKEY = f"{_FACTOR} WHERE credential = :credential"
SAVE_FACTOR = """
INSERT INTO factor (id, login, kind, name, secret, credential, public_key, sign_count, last_step, created_at,
 confirmed_at, used_at, origin)
VALUES (:id, :login, :kind, :name, :secret, :credential, :public_key, :sign_count, :last_step, :created_at,
 :confirmed_at, :used_at, :origin)
ON CONFLICT (id) DO UPDATE SET sign_count = :sign_count, last_step = :last_step,
 confirmed_at = :confirmed_at, used_at = :used_at
"""
FORGET_UNCONFIRMED = "DELETE FROM factor WHERE confirmed_at IS NULL AND created_at < :before"
REMOVE_FACTOR = "DELETE FROM factor WHERE id = :id"
FORGET_RECOVERY_CODES = "DELETE FROM recovery_code WHERE login = :login"
ADD_RECOVERY_CODE = "INSERT INTO recovery_code (login, code_hash) VALUES (:login, :code_hash)"
USE_RECOVERY_CODE = "DELETE FROM recovery_code WHERE login = :login AND code_hash = :code_hash"
COUNT_RECOVERY_CODES = "SELECT COUNT(*) FROM recovery_code WHERE login = :login"
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


def add_session(tx: Tx, *, secret_hash: str, id: str, login: str, expires_at: Instant, how: str) -> None:
    tx.run(
        ADD_SESSION,
        secret_hash=secret_hash,
        id=id,
        login=login,
        opened_at=tx.now,
        expires_at=expires_at,
        how=how,
    )


def sessions_of(reader: Reader, login: str, now: Instant) -> list[Session]:
    """Those still open, newest first."""
    return [Session(*row) for row in reader.rows(SESSIONS_OF, login=login, now=now)]


def close_session_named(tx: Tx, login: str, session: str) -> int:
    """Ends one session of that person; how many were open under that id."""
    return tx.run(CLOSE_SESSION_NAMED, login=login, id=session, now=tx.now)


# -- second factors ------------------------------------------------------------------


def _factor(row: tuple[Any, ...]) -> Factor:
    return Factor(
        id=row[0],
        login=row[1],
        kind=row[2],
        name=row[3],
        secret=None if row[4] is None else bytes(row[4]),
        credential=row[5],
        public_key=None if row[6] is None else bytes(row[6]),
        sign_count=row[7],
        last_step=row[8],
        created_at=row[9],
        confirmed_at=row[10],
        used_at=row[11],
        origin=row[12],
    )


def factors_of(reader: Reader, login: str) -> list[Factor]:
    """In the order in which they came; those not yet confirmed too."""
    return [_factor(row) for row in reader.rows(FACTORS_OF, login=login)]


def find_passkey(reader: Reader, credential: str) -> Factor | None:
    """By the credential's id, base64url."""
    row = reader.row(PASSKEY, credential=credential)
    return None if row is None else _factor(row)


def save_factor(tx: Tx, factor: Factor) -> None:
    tx.run(SAVE_FACTOR, **msgspec.structs.asdict(factor))


def remove_factor(tx: Tx, factor_id: str) -> None:
    tx.run(REMOVE_FACTOR, id=factor_id)


def replace_recovery_codes(tx: Tx, login: str, hashes: list[str]) -> None:
    tx.run(FORGET_RECOVERY_CODES, login=login)
    tx.run_many(ADD_RECOVERY_CODE, [{"login": login, "code_hash": code} for code in hashes])


def use_recovery_code(tx: Tx, login: str, code_hash: str) -> bool:
    """Whether it was there; it is gone now."""
    return tx.run(USE_RECOVERY_CODE, login=login, code_hash=code_hash) == 1


def recovery_codes_left(reader: Reader, login: str) -> int:
    row = reader.row(COUNT_RECOVERY_CODES, login=login)
    return 0 if row is None else row[0]
