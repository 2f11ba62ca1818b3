"""How much the public door lets in, without knowing who knocks.

Nothing is counted by sender: one bucket for everybody, and a small piece of work that each browser does first
(a hashcash over a nonce that this process signed). A flood makes the work harder for all and costs the one
who floods the most; nobody's address is looked at. A nonce that was used is remembered by its hash until it
would have ended anyway. All of it lives in memory and is gone with the process.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable

import msgspec

from lanbi.core.errors import Malformed, Refused, TooMany

BITS_MIN = 15  # about a second of a cheap telephone
BITS_STEP = 2
EXPIRES_S = 900.0
# Challenge, colon and answer fit into one block of SHA-256: 44 + 1 + 10 characters.
NONCE_BYTES = 12
EXPIRES_BYTES = 7
MAC_BYTES = 13
ANSWER_CHARS_MAX = 10
CHALLENGE_CHARS_MAX = 44
SPENT_MAX = 20_000
# Everybody together, with work done first: 60 at once, then one every two seconds.
WORKED_PIECES_MAX = 60
WORKED_REFILL_S = 2.0
# Without JavaScript no work is asked, so less comes in: 10 at once, then one a minute.
PLAIN_PIECES_MAX = 10
PLAIN_REFILL_S = 60.0
# What call takers write down for somebody on the telephone.
VOICE_PIECES_MAX = 30
VOICE_REFILL_S = 20.0

_SCALE = 1_000


class Bucket:
    """So many at once, and one more every `refill_s` seconds."""

    def __init__(self, pieces_max: int, refill_s: float, monotonic: Callable[[], float]) -> None:
        self._max = pieces_max
        self._refill_s = refill_s
        self._monotonic = monotonic
        self._level = float(pieces_max)
        self._at = monotonic()

    @property
    def share(self) -> float:
        """How full it is, 0 to 1."""
        self._fill()
        return self._level / self._max

    def take(self) -> None:
        """Takes one; `TooMany("tips-door-full")` with the seconds to wait where there is none."""
        self._fill()
        if self._level < 1:
            wait_s = (1 - self._level) * self._refill_s
            raise TooMany("tips-door-full", retry_after_s=int(wait_s) + 1)
        self._level -= 1

    def _fill(self) -> None:
        now = self._monotonic()
        gained = max(0.0, now - self._at) / self._refill_s
        self._level, self._at = min(float(self._max), self._level + gained), now


class Challenge(msgspec.Struct, frozen=True):
    """What a browser is to work on: find `answer` so that SHA-256(`challenge`:`answer`) begins with `bits`
    zero bits, within `expires_in_s` seconds."""

    challenge: str
    bits: int
    expires_in_s: int


class Door:
    """One process's public door. Use it from one thread."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._secret = secrets.token_bytes(32)
        self._spent: dict[bytes, float] = {}
        self._worked = Bucket(WORKED_PIECES_MAX, WORKED_REFILL_S, monotonic)
        self._plain = Bucket(PLAIN_PIECES_MAX, PLAIN_REFILL_S, monotonic)
        self._voice = Bucket(VOICE_PIECES_MAX, VOICE_REFILL_S, monotonic)

    def challenge(self) -> Challenge:
        """A fresh piece of work; the less room there is, the harder."""
        share = self._worked.share
        bits = BITS_MIN + BITS_STEP * ((share < 0.5) + (share < 0.25) + (share < 0.1))
        expires = int((self._monotonic() + EXPIRES_S) * _SCALE)
        head = secrets.token_bytes(NONCE_BYTES) + expires.to_bytes(EXPIRES_BYTES, signed=True) + bytes([bits])
        text = base64.urlsafe_b64encode(head + self._mac(head)).decode()
        return Challenge(text, bits, int(EXPIRES_S))

    def let_in(self, challenge: str, answer: str) -> None:
        """Returns for work that was done, once, and in time; takes one piece of the bucket.

        Raises `Refused("tips-work-stale")`, `Refused("tips-work-spent")`,
        `Malformed("tips-work-undone")` or `TooMany("tips-door-full")`.
        """
        head = self._signed(challenge)
        now = self._monotonic()
        if int.from_bytes(head[NONCE_BYTES:-1], signed=True) < now * _SCALE:
            raise Refused("tips-work-stale")
        if len(answer) > ANSWER_CHARS_MAX or not done(challenge, answer, head[-1]):
            raise Malformed("tips-work-undone")
        mark = hashlib.sha256(head).digest()
        if mark in self._spent:
            raise Refused("tips-work-spent")
        if len(self._spent) >= SPENT_MAX:
            self._spent = {known: ends for known, ends in self._spent.items() if ends > now}
            if len(self._spent) >= SPENT_MAX:
                raise TooMany("tips-door-full", retry_after_s=int(EXPIRES_S))
        self._worked.take()
        self._spent[mark] = now + EXPIRES_S

    def let_in_plain(self) -> None:
        """For a browser without JavaScript; `TooMany("tips-door-full")`."""
        self._plain.take()

    def let_in_voice(self) -> None:
        """For what a call taker writes down; `TooMany("tips-door-full")`."""
        self._voice.take()

    def _mac(self, head: bytes) -> bytes:
        return hmac.digest(self._secret, head, "sha256")[:MAC_BYTES]

    def _signed(self, challenge: str) -> bytes:
        """The head of a challenge of this process; one of another, or of before a restart, is stale."""
        if len(challenge) > CHALLENGE_CHARS_MAX or not challenge.isascii():
            raise Refused("tips-work-stale")
        try:
            raw = base64.urlsafe_b64decode(challenge)
        except ValueError:
            raise Refused("tips-work-stale") from None
        head, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        if len(head) != NONCE_BYTES + EXPIRES_BYTES + 1 or not hmac.compare_digest(mac, self._mac(head)):
            raise Refused("tips-work-stale")
        return head


def done(challenge: str, answer: str, bits: int) -> bool:
    """Whether the hash of both begins with that many zero bits."""
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0
