"""Second factors: codes of an authenticator app (RFC 6238), passkeys (WebAuthn), recovery codes.

An account without any signs in by its password alone; with one, the password opens
only a ticket, which a code or a passkey turns into a session within three minutes.
A passkey may also come first: it proves possession and, by the device's own lock,
the person.
"""

import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, cast

import msgspec
import webauthn
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyotp import random_base32
from pyotp.totp import TOTP
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lanbi.accounts import sql
from lanbi.accounts.events import FactorAdded, FactorRemoved, RecoveryCodesMade
from lanbi.accounts.model import FACTORS_MAX, RECOVERY_CODES, Account, Factor
from lanbi.accounts.service import Accounts, secret_hash
from lanbi.core.access import SYSTEM, Gate
from lanbi.core.errors import Forbidden, Malformed, NotFound, Refused, TooMany, Unauthenticated
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.text import line
from lanbi.core.time import MINUTE, SECOND, Clock, Instant

RP_NAME = "Lanbi"
STEP_S = 30
STEPS_OFF_MAX = 1  # RFC 6238 section 5.2: one step for the network and the typing
TICKET_FOR: Instant = 3 * MINUTE
TICKETS_MAX = 1_000  # of those who have proved a password, or who are signed in
OPEN_TICKETS_MAX = 500  # of whoever asks; beyond that the oldest goes
TICKET_TRIES_MAX = 5
PROVED_FOR: Instant = 5 * MINUTE
NAME_CHARS_MAX = 40
NONCE_BYTES = 12
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
RECOVERY_CHARS = 10  # 49 bits, and five tries lock the account
UNCONFIRMED_FOR: Instant = 15 * MINUTE


class Origin(msgspec.Struct, frozen=True):
    """Where the browser says it is: scheme and host ("https://lanbi.local:8443"), and the host alone."""

    url: str
    host: str


TicketUse = Literal["sign_in", "enrol"]


class Ticket(msgspec.Struct, frozen=True):
    """A password that was right, or a passkey that is asked for; what is still to be proved.

    `login` is None where a passkey comes first. `challenge`: for the passkey. `use`: a ticket to add a
    passkey, which whoever is signed in may have, opens no session.
    """

    login: str | None
    challenge: bytes
    until: Instant
    use: TicketUse
    tries: int = 0


class Factors:
    """The use cases of second factors."""

    def __init__(self, accounts: Accounts, gate: Gate, clock: Clock, lock: bytes) -> None:
        """`lock`: 32 bytes, not kept in the store, under which the secrets of apps are kept there."""
        self._accounts = accounts
        self._gate = gate
        self._clock = clock
        self._box = AESGCM(lock)
        self._codes_key = hmac.digest(lock, b"lanbi-recovery/1", "sha256")
        self._tickets: dict[str, Ticket] = {}
        self._proved: dict[str, Instant] = {}  # the session, until when
        self._guard = threading.Lock()

    # -- at the door -------------------------------------------------------------------

    def wanted(self, reader: Reader, login: str) -> set[str]:
        """What kinds of second factor the account has; empty: its password is enough."""
        return {factor.kind for factor in sql.factors_of(reader, login) if factor.counts}

    def ticket(self, login: str | None, use: TicketUse = "sign_in") -> tuple[str, bytes]:
        """(the ticket, the challenge for a passkey). At most 1,000 stand at a time: `TooMany`.

        Those without a login cost nobody anything to ask for: they are counted apart, so that a flood of
        them keeps out nobody who knows a password.
        """
        now, challenge, secret = self._clock.now(), secrets.token_bytes(32), secrets.token_urlsafe(32)
        with self._guard:
            for key in [key for key, held in self._tickets.items() if held.until <= now]:
                del self._tickets[key]
            alike = [key for key, held in self._tickets.items() if (held.login is None) == (login is None)]
            if login is None and len(alike) >= OPEN_TICKETS_MAX:
                del self._tickets[alike[0]]
            elif len(alike) >= TICKETS_MAX:
                raise TooMany("sign-in-busy", retry_after_s=TICKET_FOR // SECOND)
            self._tickets[secret_hash(secret)] = Ticket(login, challenge, now + TICKET_FOR, use)
        return secret, challenge

    def _held(self, ticket: str, use: TicketUse) -> Ticket:
        """The ticket, if it is for that; each look is a try. `Unauthenticated("ticket-over")`."""
        key = secret_hash(ticket)
        with self._guard:
            held = self._tickets.get(key)
            if held is not None and held.use != use:
                raise Unauthenticated("ticket-over")
            if held is None or held.until <= self._clock.now() or held.tries >= TICKET_TRIES_MAX:
                self._tickets.pop(key, None)
                raise Unauthenticated("ticket-over")
            self._tickets[key] = msgspec.structs.replace(held, tries=held.tries + 1)
            return held

    def _spend(self, ticket: str) -> None:
        """The ticket is used up; `Unauthenticated("ticket-over")` where another proof used it meanwhile."""
        with self._guard:
            if self._tickets.pop(secret_hash(ticket), None) is None:
                raise Unauthenticated("ticket-over")

    def prove_code(self, store: Store, ticket: str, code: str) -> tuple[str, str]:
        """(login, how) for a code of the app or a recovery code; `Unauthenticated("code-wrong")`."""
        held = self._held(ticket, "sign_in")
        if held.login is None:
            raise Unauthenticated("ticket-over")
        login, bare = held.login, "".join(code.split()).replace("-", "").lower()
        account = store.read_now(lambda reader: sql.find_account(reader, login))
        if account is None or account.disabled_at is not None:
            raise Unauthenticated("ticket-over")
        account.may_try(self._clock.now())
        how = store.write_now(SYSTEM, lambda tx: self._use_code(tx, login, bare))
        if how is None:
            store.write_now(SYSTEM, lambda tx: self._accounts.refused(tx, login, "wrong_code"))
            raise Unauthenticated("code-wrong")
        self._spend(ticket)
        return login, how

    def _use_code(self, tx: Tx, login: str, code: str) -> str | None:
        for factor in sql.factors_of(tx, login):
            if factor.kind != "totp" or not factor.counts or factor.secret is None:
                continue
            step = self._step_of(factor, code, tx.now)
            if step is not None and step > factor.last_step:
                sql.save_factor(tx, factor.used_code(step, tx.now))
                return "password+totp"
        if len(code) == RECOVERY_CHARS and sql.use_recovery_code(tx, login, self._recovery_hash(login, code)):
            return "password+recovery"
        return None

    def _step_of(self, factor: Factor, code: str, now: Instant) -> int | None:
        """The time step whose code this is, or None."""
        if len(code) != 6 or not code.isascii() or not code.isdigit():
            return None
        app = TOTP(self._open(factor), interval=STEP_S)
        here = now // SECOND // STEP_S
        for step in range(here - STEPS_OFF_MAX, here + STEPS_OFF_MAX + 1):
            if secrets.compare_digest(app.generate_otp(step), code):
                return step
        return None

    def passkey_options(self, reader: Reader, origin: Origin, login: str | None, challenge: bytes) -> Any:
        """What the browser's `navigator.credentials.get` takes, as JSON."""
        mine = [] if login is None else sql.factors_of(reader, login)
        options = webauthn.generate_authentication_options(
            rp_id=origin.host,
            challenge=challenge,
            user_verification=UserVerificationRequirement.REQUIRED,
            allow_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(factor.credential))
                for factor in mine
                if factor.credential is not None
            ]
            or None,
        )
        return msgspec.Raw(webauthn.options_to_json(options).encode())

    def prove_passkey(
        self, store: Store, ticket: str, credential: dict[str, Any], origin: Origin
    ) -> tuple[str, str]:
        """(login, how) for a passkey's answer; `Unauthenticated("passkey-wrong")`."""
        held = self._held(ticket, "sign_in")
        given = credential.get("id")
        factor = (
            store.read_now(lambda reader: sql.find_passkey(reader, given)) if isinstance(given, str) else None
        )
        if factor is None or (held.login is not None and factor.login != held.login):
            raise Unauthenticated("passkey-wrong")
        account = store.read_now(lambda reader: sql.find_account(reader, factor.login))
        if account is None or account.disabled_at is not None:
            raise Unauthenticated("passkey-wrong")
        account.may_try(self._clock.now())
        try:
            proved = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=held.challenge,
                expected_rp_id=origin.host,
                expected_origin=factor.origin or origin.url,
                credential_public_key=cast("bytes", factor.public_key),
                credential_current_sign_count=factor.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            store.write_now(SYSTEM, lambda tx: self._accounts.refused(tx, factor.login, "wrong_passkey"))
            raise Unauthenticated("passkey-wrong") from error
        self._spend(ticket)
        store.write_now(SYSTEM, lambda tx: self._use_key(tx, factor.credential or "", proved.new_sign_count))
        return factor.login, "passkey" if held.login is None else "password+passkey"

    @staticmethod
    def _use_key(tx: Tx, credential: str, sign_count: int) -> None:
        """Looked up again: it may have been removed while it was being proved, and must not come back."""
        factor = sql.find_passkey(tx, credential)
        if factor is None:
            raise Unauthenticated("passkey-wrong")
        sql.save_factor(tx, factor.used_key(sign_count, tx.now))

    # -- one's own ---------------------------------------------------------------------

    def proved_again(self, session: str) -> None:
        """Whoever sits at this session has just given the password: for five minutes that is enough."""
        now = self._clock.now()
        with self._guard:
            self._proved = {held: until for held, until in self._proved.items() if until > now}
            self._proved[session] = now + PROVED_FOR

    def must_be_proved(self, session: str) -> None:
        """`Forbidden("prove-first")`, unless the password was given in this session within five minutes.

        A screen left open must not be enough to plant a passkey that outlives the session, or to take away
        what protects the account.
        """
        with self._guard:
            if self._proved.get(session, 0) <= self._clock.now():
                raise Forbidden("prove-first")

    def mine(self, reader: Reader, login: str) -> tuple[list[Factor], int]:
        """(those that count, how many recovery codes are left)."""
        held = [factor for factor in sql.factors_of(reader, login) if factor.counts]
        return held, sql.recovery_codes_left(reader, login)

    def begin_totp(self, tx: Tx, name: str) -> tuple[Factor, str, str]:
        """(the factor, not yet counting; its secret in base32; the otpauth address for a picture)."""
        account = self._self(tx)
        self._room(tx, account.login)
        secret = random_base32()
        factor = Factor(
            id=new_id(tx.now),
            login=account.login,
            kind="totp",
            name=line(name, "name", chars_max=NAME_CHARS_MAX),
            created_at=tx.now,
            secret=self._shut(account.login, secret),
        )
        sql.save_factor(tx, factor)
        uri = TOTP(secret, interval=STEP_S).provisioning_uri(name=account.login, issuer_name=RP_NAME)
        return factor, secret, uri

    def confirm_totp(self, tx: Tx, factor_id: str, code: str) -> tuple[Factor, list[str]]:
        """The first code proves that the app works: from now on it counts. Also the recovery codes, once,
        if it is the first factor. `Refused("code-wrong-yet")` for a wrong code."""
        account = self._self(tx)
        factor = self._own(tx, account.login, factor_id)
        if factor.counts or factor.kind != "totp":
            raise Refused("factor-confirmed")
        step = self._step_of(factor, "".join(code.split()), tx.now)
        if step is None:
            raise Refused("code-wrong-yet")
        return self._add(tx, factor.used_code(step, tx.now))

    def begin_passkey(self, reader: Reader, login: str, origin: Origin) -> tuple[str, Any]:
        """(a ticket, what `navigator.credentials.create` takes, as JSON)."""
        account = sql.find_account(reader, login)
        if account is None:
            raise Refused("factor-account")
        self._room(reader, login)
        _named_host(origin)
        ticket, challenge = self.ticket(login, "enrol")
        options = webauthn.generate_registration_options(
            rp_id=origin.host,
            rp_name=RP_NAME,
            user_id=login.encode(),
            user_name=login,
            user_display_name=account.name,
            challenge=challenge,
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(factor.credential))
                for factor in sql.factors_of(reader, login)
                if factor.credential is not None
            ],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        return ticket, msgspec.Raw(webauthn.options_to_json(options).encode())

    def add_passkey(
        self, tx: Tx, ticket: str, name: str, credential: dict[str, Any], origin: Origin
    ) -> tuple[Factor, list[str]]:
        """The browser's answer to `begin_passkey`; `Refused("passkey-unusable")` where it proves nothing."""
        account = self._self(tx)
        held = self._held(ticket, "enrol")
        if held.login != account.login:
            raise Unauthenticated("ticket-over")
        self._room(tx, account.login)
        try:
            proved = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=held.challenge,
                expected_rp_id=origin.host,
                expected_origin=origin.url,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise Refused("passkey-unusable") from error
        credential_id = bytes_to_base64url(proved.credential_id)
        if sql.find_passkey(tx, credential_id) is not None:
            raise Refused("passkey-known")
        self._spend(ticket)
        factor = Factor(
            id=new_id(tx.now),
            login=account.login,
            kind="passkey",
            name=line(name, "name", chars_max=NAME_CHARS_MAX),
            created_at=tx.now,
            credential=credential_id,
            origin=origin.url,
            public_key=proved.credential_public_key,
            sign_count=proved.sign_count,
            confirmed_at=tx.now,
        )
        return self._add(tx, factor)

    def _add(self, tx: Tx, factor: Factor) -> tuple[Factor, list[str]]:
        first = not self.wanted(tx, factor.login)
        sql.save_factor(tx, factor)
        tx.record(FactorAdded(id=factor.login, factor=factor.id, factor_kind=factor.kind))
        return factor, self.make_recovery_codes(tx) if first else []

    def make_recovery_codes(self, tx: Tx) -> list[str]:
        """Eight new one-time codes, shown this once; those before no longer count."""
        login = self._self(tx).login
        codes = [
            "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_CHARS))
            for _ in range(RECOVERY_CODES)
        ]
        sql.replace_recovery_codes(tx, login, [self._recovery_hash(login, code) for code in codes])
        tx.record(RecoveryCodesMade(id=login, count=len(codes)))
        return [f"{code[:5]}-{code[5:]}" for code in codes]

    def remove(self, tx: Tx, factor_id: str) -> None:
        """One of one's own; `NotFound("factor-none")`."""
        self._remove(tx, self._own(tx, self._self(tx).login, factor_id))

    def remove_all_of(self, tx: Tx, login: str) -> int:
        """By the keeper of accounts, for somebody whose telephone is lost: the password alone opens again,
        and every open session ends."""
        self._gate.require(tx.actor, "accounts.manage")
        if sql.find_account(tx, login) is None:
            raise NotFound("account-none", login=login)
        held = sql.factors_of(tx, login)
        for factor in held:
            self._remove(tx, factor)
        tx.run(sql.CLOSE_SESSIONS_OF, login=login, now=tx.now)
        return len(held)

    def _remove(self, tx: Tx, factor: Factor) -> None:
        sql.remove_factor(tx, factor.id)
        if not self.wanted(tx, factor.login):
            sql.replace_recovery_codes(tx, factor.login, [])
        tx.record(FactorRemoved(id=factor.login, factor=factor.id, factor_kind=factor.kind))

    # -- small things ------------------------------------------------------------------

    @staticmethod
    def _self(tx: Tx) -> Account:
        account = sql.find_account(tx, tx.actor.id)
        if account is None:
            raise Refused("factor-account")
        return account

    @staticmethod
    def _own(reader: Reader, login: str, factor_id: str) -> Factor:
        for factor in sql.factors_of(reader, login):
            if factor.id == factor_id:
                return factor
        raise NotFound("factor-none")

    def _room(self, reader: Reader, login: str) -> None:
        """`Refused("factors-full")` for the eleventh. One that was begun and left is forgotten."""
        now = self._clock.now()
        held = [
            factor
            for factor in sql.factors_of(reader, login)
            if factor.counts or factor.created_at > now - UNCONFIRMED_FOR
        ]
        if len(held) >= FACTORS_MAX:
            raise Refused("factors-full", limit=FACTORS_MAX)

    def forget_unconfirmed(self, tx: Tx) -> int:
        """Drops what was begun and never confirmed; how many."""
        return tx.run(sql.FORGET_UNCONFIRMED, before=tx.now - UNCONFIRMED_FOR)

    def _recovery_hash(self, login: str, code: str) -> str:
        """Under a key that is not in the store: who copies the store cannot try the codes against it."""
        return hmac.digest(self._codes_key, f"{login}\n{code}".encode(), "sha256").hex()

    def _shut(self, login: str, secret: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, secret.encode(), login.encode())

    def _open(self, factor: Factor) -> str:
        """`Refused("factor-unreadable")` where the node's key is not the one it was locked under."""
        locked = cast("bytes", factor.secret)
        try:
            return self._box.decrypt(
                locked[:NONCE_BYTES], locked[NONCE_BYTES:], factor.login.encode()
            ).decode()
        except InvalidTag as error:
            raise Refused("factor-unreadable") from error


def _named_host(origin: Origin) -> None:
    """Browsers give passkeys to names, not to numbers (WebAuthn Level 3, 5.1.2): `Refused`."""
    if origin.host.replace(".", "").isdigit() or ":" in origin.host:
        raise Refused("passkey-host", host=origin.host)


def origin_of(url: str | None, host: str | None, read: Callable[[str], Any]) -> Origin:
    """The browser's own word for where it is; whoever calls this has checked it against `Host`."""
    if not url or not host:
        raise Malformed("origin-missing")
    parts = read(url)
    return Origin(url=url, host=parts.hostname or "")


def code_now(secret: str, now: Instant) -> str:
    """The code that an app shows at that instant, for tools and tests."""
    return TOTP(secret, interval=STEP_S).at(datetime.fromtimestamp(now // SECOND, UTC))
