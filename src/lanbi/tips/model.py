"""A tip decides what may happen to it, and what of it may leave the compartment. Pure: time comes in."""

import re
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Malformed, Refused
from lanbi.core.time import MINUTE, Instant

WORDS_CHARS_MAX = 4_000
PLACE_CHARS_MAX = 300
REPLY_CHARS_MAX = 600
PASSED_CHARS_MAX = 1_000
PIECES_MAX = 40  # of one tip: words and replies together
REPLIES_SHOWN_MAX = 12  # to the holder of the code, the newest ones
ARRIVALS_MAX = 2_000  # waiting for the tide
TIDE_PIECES_MAX = 200  # taken in at once
ERASE_TIPS_MAX = 100  # at once
COMPARTMENTS_TRIED_MAX = 4  # by one passphrase: the present one and those before it
PASSPHRASE_CHARS_MIN = 16
PASSPHRASE_CHARS_MAX = 200
UNLOCK_FOR: Instant = 15 * MINUTE
UNLOCK_FAILURES_MAX = 5
UNLOCK_FAILURES_FOR: Instant = 5 * MINUTE
# What stands in a box about when it came is no finer than this.
CAME_AT_STEP: Instant = 10 * MINUTE
# So many of the tipster's words in a row must not leave the compartment.
COPIED_WORDS_MAX = 5

TipState = Literal["new", "read", "followed", "closed", "passed_on"]
Channel = Literal["web", "voice"]
PieceKind = Literal["words", "reply", "passed"]
ArrivalKind = Literal["tip", "words", "passed"]
PassAs = Literal["observation", "incident"]

AT_WORK: frozenset[str] = frozenset({"new", "read", "followed"})


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the box of a piece that came from outside. `came_at` is rounded down."""

    channel: Channel
    lang: str
    place: str
    words: str
    came_at: Instant


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the box of a reply; the holder's box has the words alone."""

    words: str
    by: str


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """The link to what the floor got: it stands in the compartment, and nowhere else."""

    as_: PassAs
    subject: str
    number: int | None
    words: str
    by: str
    at: Instant


class Retention(msgspec.Struct, frozen=True):
    """How long tips are kept, from the vocabulary: at work, and from their end on."""

    open_for: Instant
    closed_for: Instant


class Tip(msgspec.Struct, frozen=True, kw_only=True):
    """A tip without its words. `unread`: pieces from outside that nobody has read yet."""

    id: str
    number: int
    taken_in_at: Instant
    state: TipState = "new"
    reliability: str | None = None
    credibility: str | None = None
    confidence: str | None = None
    outcome: str | None = None
    unread: int = 1
    pieces: int = 1
    lookup: bytes | None
    reader_key: bytes | None
    compartment: str
    erase_at: Instant
    erased_at: Instant | None = None
    seq: int = 0

    @property
    def pictured(self) -> bool:
        """Whether triage still has to do with it."""
        return self.erased_at is None and (self.state in AT_WORK or self.unread > 0)

    def was_read(self) -> "Tip":
        """All its pieces were read just now."""
        self._check_kept()
        return replace(self, state="read" if self.state == "new" else self.state, unread=0)

    def add_words(self, now: Instant, keep: Retention) -> "Tip":
        """One more piece from the holder of the code; a closed tip is new again."""
        state: TipState = "new" if self.state == "closed" else self.state
        return replace(
            self,
            state=state,
            outcome=None if state == "new" else self.outcome,
            unread=self.unread + 1,
            pieces=self.pieces + 1,
            erase_at=max(self.erase_at, now + keep.open_for),
        )

    def grade(self, reliability: str, credibility: str, confidence: str) -> "Tip":
        """Source and information apart (the admiralty grid); confidence is the desk's own."""
        self._check_seen()
        return replace(self, reliability=reliability, credibility=credibility, confidence=confidence)

    def reply(self) -> "Tip":
        """One more piece, from the desk."""
        self._check_seen()
        if self.pieces >= PIECES_MAX:
            raise Refused("tips-full", limit=PIECES_MAX)
        return replace(self, pieces=self.pieces + 1)

    def follow(self, now: Instant, keep: Retention) -> "Tip":
        """Taken up; one that had ended is kept as long as any at work again."""
        self._check_seen()
        if self.state == "followed":
            return self
        ends = self.erase_at if self.state in AT_WORK else max(self.erase_at, now + keep.open_for)
        return replace(self, state="followed", outcome=None, erase_at=ends)

    def close(self, outcome: str, now: Instant, keep: Retention) -> "Tip":
        self._check_seen()
        self._check_at_work()
        return replace(self, state="closed", outcome=outcome, erase_at=now + keep.closed_for)

    def may_pass_on(self) -> None:
        """Raises where nothing of it may go to the floor now."""
        self._check_seen()
        self._check_at_work()
        if self.reliability is None:
            raise Refused("tips-ungraded")

    def pass_on(self, now: Instant, keep: Retention) -> "Tip":
        """As the tide writes it down."""
        return replace(self, state="passed_on", pieces=self.pieces + 1, erase_at=now + keep.closed_for)

    def erase(self, now: Instant) -> "Tip":
        return replace(self, lookup=None, reader_key=None, unread=0, erased_at=now)

    def _check_kept(self) -> None:
        if self.erased_at is not None:
            raise Refused("tips-erased", number=self.number)

    def _check_seen(self) -> None:
        """Nothing is decided about words that nobody read."""
        self._check_kept()
        if self.unread:
            raise Refused("tips-unread", number=self.number)

    def _check_at_work(self) -> None:
        if self.state not in AT_WORK:
            raise Refused("tips-ended", number=self.number)


def rounded(at: Instant) -> Instant:
    """The step of time in which something came."""
    return at - at % CAME_AT_STEP


def context_of(kind: ArrivalKind | PieceKind, lookup: bytes) -> str:
    """What a box is authenticated with: its kind, and the tip it belongs to."""
    return f"lanbi-tip/1\n{'words' if kind == 'tip' else kind}\n{lookup.hex()}"


def check_passphrase(passphrase: str) -> str:
    """Raises `Malformed("tips-passphrase-short")` outside 16 to 200 characters."""
    if not PASSPHRASE_CHARS_MIN <= len(passphrase) <= PASSPHRASE_CHARS_MAX or not passphrase.isprintable():
        raise Malformed("tips-passphrase-short", least=PASSPHRASE_CHARS_MIN, limit=PASSPHRASE_CHARS_MAX)
    return passphrase


_WORD = re.compile(r"\w+")


def check_own_words(passed: str, told: list[str]) -> None:
    """`Refused("tips-copied")` where a text for the floor repeats what the tipster wrote.

    How somebody puts a thing is as good as a name to those who know them.
    """
    runs = COPIED_WORDS_MAX + 1

    def pieces(text: str) -> set[tuple[str, ...]]:
        found = _WORD.findall(text.casefold())
        return {tuple(found[start : start + runs]) for start in range(len(found) - runs + 1)}

    ours = pieces(passed)
    if any(ours & pieces(text) for text in told):
        raise Refused("tips-copied", limit=COPIED_WORDS_MAX)
