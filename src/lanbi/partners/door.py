"""How much the inbox lets in. It stands open to whoever reaches the node, since a letter carries its own
credential; so what may be asked of it is bounded before anything is looked at."""

import threading
from collections.abc import Callable

from lanbi.core.errors import TooMany

# Whoever knocks, together: what a signature costs to check is small, but it is not nothing.
KNOCKS_MAX = 240
KNOCK_REFILL_S = 0.05
# One partner, once its signature held: as fast as two sites catch up after a week without a link.
LETTERS_MAX = 300
LETTER_REFILL_S = 0.1
# Nobody may fill the node's memory with letters that nobody signed.
LARGE_BYTES_MIN = 512 * 1024
LARGE_MAX = 12
LARGE_REFILL_S = 1.0
IN_HAND_MAX = 8  # letters that are looked at at once


class Bucket:
    """So many at once, and one more every `refill_s` seconds. Safe between threads."""

    def __init__(self, pieces_max: int, refill_s: float, monotonic: Callable[[], float]) -> None:
        self._max = pieces_max
        self._refill_s = refill_s
        self._monotonic = monotonic
        self._level = float(pieces_max)
        self._at = monotonic()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Takes one; `TooMany("partners-door-full")` with the seconds to wait where there is none."""
        with self._lock:
            now = self._monotonic()
            gained = max(0.0, now - self._at) / self._refill_s
            self._level, self._at = min(float(self._max), self._level + gained), now
            if self._level < 1:
                raise TooMany("partners-door-full", retry_after_s=int((1 - self._level) * self._refill_s) + 1)
            self._level -= 1


class Door:
    """One process's door for letters."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._anybody = Bucket(KNOCKS_MAX, KNOCK_REFILL_S, monotonic)
        self._large = Bucket(LARGE_MAX, LARGE_REFILL_S, monotonic)
        self._partners: dict[str, Bucket] = {}
        self._in_hand = threading.BoundedSemaphore(IN_HAND_MAX)

    def knock(self, size_bytes: int | None) -> None:
        """For whoever it is, before the letter is read; `TooMany("partners-door-full")`.

        `size_bytes`: of the letter; None where the sender does not say, which counts as large.
        """
        self._anybody.take()
        if size_bytes is None or size_bytes >= LARGE_BYTES_MIN:
            self._large.take()

    def known(self, code: str) -> None:
        """For a partner whose signature held; there are as many buckets as partners."""
        bucket = self._partners.get(code)
        if bucket is None:
            bucket = self._partners.setdefault(code, Bucket(LETTERS_MAX, LETTER_REFILL_S, self._monotonic))
        bucket.take()

    def __enter__(self) -> None:
        if not self._in_hand.acquire(blocking=False):
            raise TooMany("partners-door-full", retry_after_s=1)

    def __exit__(self, *_: object) -> None:
        self._in_hand.release()
