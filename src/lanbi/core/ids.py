"""Identity: UUID version 7 (RFC 9562 section 5.7), in order of making within a process."""

import os
import threading

from lanbi.core.errors import Malformed
from lanbi.core.time import Instant

_lock = threading.Lock()
_last = 0
_COUNTER_BITS = 74
_RANDOM_BYTES = 10
_STEP_MASK = (1 << 32) - 1


def new_id(now: Instant) -> str:
    """A new UUIDv7 in lower case, larger than every one that this process made before.

    When the clock stands still or steps back, the 74 bits after the time count
    on by a random step (RFC 9562 section 6.2, method 2), so order always holds.
    """
    global _last  # noqa: PLW0603 - one counter per process is the point
    milliseconds = now // 1000
    noise = int.from_bytes(os.urandom(_RANDOM_BYTES), "big")
    with _lock:
        if milliseconds > _last >> _COUNTER_BITS:
            candidate = milliseconds << _COUNTER_BITS | noise >> (8 * _RANDOM_BYTES - _COUNTER_BITS)
        else:
            candidate = _last + (noise & _STEP_MASK) + 1
        _last = candidate
    milliseconds = candidate >> _COUNTER_BITS
    tail = candidate & ((1 << _COUNTER_BITS) - 1)
    value = milliseconds << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & ((1 << 62) - 1)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_HEX = frozenset("0123456789abcdef")


def parse_id(text: str) -> str:
    """The id in its one spelling; raises `Malformed("id-unreadable")` for what is no UUID."""
    lowered = text.lower()
    parts = lowered.split("-")
    if [len(part) for part in parts] != [8, 4, 4, 4, 12] or not _HEX.issuperset("".join(parts)):
        raise Malformed("id-unreadable", given=text[:40])
    return lowered
