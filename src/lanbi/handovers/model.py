"""A hand-over decides what may happen to it. Pure: time, people and what is open are handed in.

Its lines are what is open in the house. Who takes over acknowledges each as it reads now: a line that
changes afterwards must be acknowledged again, and a signature given before the change counts no more.
So nobody can sign over something that they have not seen as it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Conflict, NotFound, Refused
from lanbi.core.ports import Reader
from lanbi.core.text import line as one_line
from lanbi.core.time import Instant, rfc3339, rfc3339_or_none

LINES_MAX = 300
REMARKS_MAX = 20
WORDS_CHARS_MAX = 1_000
POST_CHARS_MAX = 24
FORMAT = "lanbi-handover/1"
REMARKS = "remarks"
# Who may take over from whom: the same rank or higher.
RANKS: Mapping[str, int] = {"call_taker": 1, "dispatcher": 2, "commander": 3}
RANK_MAX = max(RANKS.values())

State = Literal["draft", "offered", "acknowledging", "signed", "withdrawn"]
LineState = Literal["open", "acknowledged", "asked", "answered"]
Fact = str | int | float | bool | list[str] | None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is open, as its domain says it.

    `section`: a code of the vocabulary `handover_sections`. `code` and `facts`: what a screen makes its
    sentence of, in the reader's language; no words of a person, nothing that changes by the second.
    `key`: what it is about ("incident/0192…"), once in a hand-over. `since`: from when its age is
    counted. `place`: lines of a section stand in the order of this text. `fold`: the group under which
    it may be counted when there are too many lines, the heaviest group first; None for what must
    stand by itself whatever the night is like.
    """

    section: str
    code: str
    key: str
    facts: Mapping[str, Fact]
    since: Instant | None = None
    place: str = ""
    fold: str | None = None
    weight: int = 0


Lines = Callable[[Reader, Instant], Iterable[Line]]
"""What a domain has open at that instant."""


class Person(msgspec.Struct, frozen=True):
    """An account of the floor, by the name and role it had then."""

    id: str
    name: str
    role: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A remark, a question or an answer. `words` are read through the seal; None once erased."""

    sealed: str
    commitment: str
    by: str
    at: Instant
    words: str | None = None


class Signature(msgspec.Struct, frozen=True):
    """Who signed, with the password given again, and when. `over`: the version of the list that was signed;
    0 where that was not kept."""

    by: str
    name: str
    at: Instant
    over: int = 0


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A line within its hand-over. `rev` grows with every change of what it says.

    `fresh`: it came after the list had been offered; `changed`: it says something else than it did when
    it was offered or last acknowledged; `gone`: it is no longer open.
    """

    n: int
    section: str
    code: str
    key: str
    facts: dict[str, Fact]
    since: Instant | None = None
    place: str = ""
    rev: int = 1
    state: LineState = "open"
    changed: bool = False
    fresh: bool = False
    gone: bool = False
    acknowledged_at: Instant | None = None
    remark: Said | None = None
    question: Said | None = None
    answer: Said | None = None

    @property
    def settled(self) -> bool:
        """Whether who takes over has acknowledged it as it reads now."""
        return self.state == "acknowledged"

    def says(self, line: Line) -> bool:
        """Whether it says what the house says now."""
        return not self.gone and (self.code, self.facts) == (line.code, dict(line.facts))

    def moved(self, *, gone: bool, line: Line | None, marked: bool) -> "Item":
        """The same line, saying what is so now: to be acknowledged again if it was."""
        return replace(
            self,
            code=self.code if line is None else line.code,
            facts=self.facts if line is None else dict(line.facts),
            since=self.since if line is None else line.since,
            rev=self.rev + 1,
            gone=gone,
            changed=marked,
            state="open" if self.state == "acknowledged" else self.state,
            acknowledged_at=None,
        )


class Changes(msgspec.Struct, frozen=True):
    """What a refreshing changed."""

    added: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    gone: tuple[Item, ...] = ()
    dropped: tuple[Item, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone or self.dropped)


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """From whom to whom, of which post, line by line. `to`: the only account that may take it, if named."""

    id: str
    post: str
    outgoing: Person
    started_at: Instant
    state: State = "draft"
    to: str | None = None
    incoming: Person | None = None
    offered_at: Instant | None = None
    taken_at: Instant | None = None
    ended_at: Instant | None = None
    signatures: tuple[Signature, ...] = ()
    items: tuple[Item, ...] = ()
    next_line: int = 1
    made_seq: int = 0
    seq: int = 0

    @property
    def open(self) -> bool:
        return self.state not in ("signed", "withdrawn")

    @property
    def settled(self) -> int:
        """How many lines are acknowledged as they read now."""
        return sum(item.settled for item in self.items)

    @property
    def list_seq(self) -> int:
        """The version at which the list changed last: a signature changes the hand-over and not its list."""
        return self.signatures[0].over if self.signatures else self.seq

    def item(self, n: int) -> Item:
        """The line; `NotFound("handover-line-none")`."""
        for item in self.items:
            if item.n == n:
                return item
        raise NotFound("handover-line-none", n=n)

    # -- what is open changes ------------------------------------------------------------

    def refreshed(self, lines: Iterable[Line]) -> tuple["Handover", Changes]:
        """The same with the lines that are so now, and what changed; itself if nothing did.

        What nobody has acknowledged or asked about and is no longer open is dropped; what somebody
        has, stays, marked as gone, and is acknowledged once more.
        """
        now = {line.key: line for line in bounded(lines)}
        taken = self.state == "acknowledging"
        kept: list[Item] = []
        changed: list[Item] = []
        gone: list[Item] = []
        dropped: list[Item] = []
        for item in self.items:
            line = None if item.section == REMARKS else now.pop(item.key, None)
            if item.section == REMARKS or (line is not None and item.says(line)):
                kept.append(item)
            elif line is not None:
                kept.append(item.moved(gone=False, line=line, marked=taken))
                changed.append(kept[-1])
            elif item.gone:
                kept.append(item)
            elif item.state == "open" and (item.fresh or not item.changed) and item.question is None:
                # Fresh is what nobody has acknowledged since it came, however often it changed meanwhile.
                dropped.append(item)
            else:
                kept.append(item.moved(gone=True, line=None, marked=taken))
                gone.append(kept[-1])
        added = [
            Item(
                n=self.next_line + index,
                section=line.section,
                code=line.code,
                key=line.key,
                facts=dict(line.facts),
                since=line.since,
                place=line.place,
                fresh=taken,
            )
            for index, line in enumerate(now.values())
        ]
        changes = Changes(tuple(added), tuple(changed), tuple(gone), tuple(dropped))
        if not changes:
            return self, changes
        new = replace(self, items=(*kept, *added), next_line=self.next_line + len(added), signatures=())
        return new, changes

    # -- the outgoing ----------------------------------------------------------------------

    def remarked(self, said: Said) -> tuple["Handover", Item]:
        """A remark of who hands over is a line like any other."""
        self._must_be(("draft", "offered", "acknowledging"))
        self._must_be_outgoing(said.by)
        if sum(item.section == REMARKS for item in self.items) >= REMARKS_MAX:
            raise Refused("handover-remarks-full", limit=REMARKS_MAX)
        item = Item(
            n=self.next_line,
            section=REMARKS,
            code="remark",
            key=f"remark/{said.sealed}",
            facts={},
            since=said.at,
            place=f"{self.next_line:06}",
            fresh=self.state == "acknowledging",
            remark=said,
        )
        new = replace(self, items=(*self.items, item), next_line=self.next_line + 1, signatures=())
        return new, item

    def offer(self, by: str, at: Instant, to: Person | None) -> "Handover":
        """Whoever it is for must be one who may take it."""
        self._must_be(("draft",))
        self._must_be_outgoing(by)
        if to is not None:
            self._may_take(to)
        return replace(self, state="offered", offered_at=at, to=None if to is None else to.id)

    def withdraw(self, by: Person, at: Instant) -> "Handover":
        """By who started it, or by a higher role when they have left; a commander's by another."""
        self._must_be_open()
        needed = min(RANKS[self.outgoing.role] + 1, RANK_MAX)
        if by.id != self.outgoing.id and RANKS.get(by.role, 0) < needed:
            raise Refused("handover-not-yours", name=self.outgoing.name)
        return replace(self, state="withdrawn", ended_at=at)

    def answered(self, n: int, said: Said) -> tuple["Handover", Item]:
        """What was asked about a line is answered; it waits to be acknowledged."""
        self._must_be(("acknowledging",))
        self._must_be_outgoing(said.by)
        item = self.item(n)
        if item.question is None or item.state not in ("asked", "answered"):
            raise Refused("handover-nothing-asked", n=n)
        return self._with(replace(item, state="answered", answer=said))

    # -- the incoming ----------------------------------------------------------------------

    def take(self, by: Person, at: Instant) -> "Handover":
        """Somebody else, of the same or a higher role, begins to acknowledge."""
        self._must_be(("offered",))
        if self.to is not None and by.id not in (self.to, self.outgoing.id):
            raise Refused("handover-for-another", to=self.to)
        self._may_take(by)
        return replace(self, state="acknowledging", incoming=by, taken_at=at)

    def _may_take(self, by: Person) -> None:
        if by.id == self.outgoing.id:
            raise Refused("handover-own")
        if RANKS.get(by.role, 0) < RANKS[self.outgoing.role]:
            raise Refused("handover-role-lower", role=self.outgoing.role)

    def let_go(self, by: str) -> "Handover":
        """It is offered again, and nothing of it is acknowledged."""
        self._must_be_incoming(by)
        items = tuple(
            replace(item, state="open", changed=False, fresh=False, acknowledged_at=None, question=None,
                    answer=None)
            for item in self.items
            if not item.gone
        )  # fmt: skip
        return replace(self, state="offered", incoming=None, taken_at=None, items=items, signatures=())

    def acknowledge(self, n: int, rev: int, by: str, at: Instant) -> tuple["Handover", Item]:
        """Who takes over has read this line as it stands at `rev`; `Conflict` if it reads otherwise now.

        What was asked about it aloud has been answered aloud: an open question does not stand in the way.
        """
        self._must_be_incoming(by)
        item = self.item(n)
        if item.rev != rev:
            raise Conflict("handover-line-changed", n=n, version=item.rev)
        if item.settled:
            return self, item
        return self._with(replace(item, state="acknowledged", changed=False, fresh=False, acknowledged_at=at))

    def asked(self, n: int, said: Said) -> tuple["Handover", Item]:
        """Who takes over wants to know more about a line."""
        self._must_be_incoming(said.by)
        item = self.item(n)
        return self._with(replace(item, state="asked", question=said, answer=None, acknowledged_at=None))

    # -- both --------------------------------------------------------------------------------

    def sign(self, by: str, name: str, at: Instant, *, held: int | None = None) -> "Handover":
        """One of the two signs what both have before them; with the second it is done.

        `held`: the version that was read; `Conflict` where the list changed after it.
        """
        self._must_be(("acknowledging",))
        if self.incoming is None or by not in (self.outgoing.id, self.incoming.id):
            raise Refused("handover-not-party", name=self.outgoing.name)
        if held is not None and held < self.list_seq:
            raise Conflict("handover-changed", version=self.seq)
        waiting = len(self.items) - self.settled
        if waiting:
            raise Refused("handover-lines-open", count=waiting)
        if any(signature.by == by for signature in self.signatures):
            raise Refused("handover-signed-already")
        signatures = (*self.signatures, Signature(by, name, at, over=self.list_seq))
        if len(signatures) < 2:
            return replace(self, signatures=signatures)
        return replace(self, signatures=signatures, state="signed", ended_at=at)

    # -- inside --------------------------------------------------------------------------------

    def _with(self, item: Item) -> tuple["Handover", Item]:
        items = tuple(item if other.n == item.n else other for other in self.items)
        return replace(self, items=items, signatures=()), item

    def _must_be_open(self) -> None:
        if not self.open:
            raise Refused("handover-over", post=self.post)

    def _must_be(self, states: Sequence[State]) -> None:
        self._must_be_open()
        if self.state not in states:
            raise Refused("handover-not-now", post=self.post, state=self.state)

    def _must_be_outgoing(self, by: str) -> None:
        if by != self.outgoing.id:
            raise Refused("handover-not-yours", name=self.outgoing.name)

    def _must_be_incoming(self, by: str) -> None:
        self._must_be(("acknowledging",))
        if self.incoming is None or by != self.incoming.id:
            raise Refused("handover-not-taker", name="" if self.incoming is None else self.incoming.name)


def bounded(lines: Iterable[Line]) -> list[Line]:
    """At most 300 lines, each key once: while there are more, the heaviest group becomes one counted line.

    What has no group stays by itself, were it a thousand lines.
    """
    found = list({line.key: line for line in lines}.values())
    while len(found) > LINES_MAX:
        groups: dict[tuple[str, str], list[Line]] = {}
        for line in found:
            if line.fold is not None:
                groups.setdefault((line.section, line.fold), []).append(line)
        many = {key: group for key, group in groups.items() if len(group) > 1}
        if not many:
            break
        (section, fold), group = max(many.items(), key=lambda entry: (entry[1][0].weight, entry[0]))
        folded = {line.key for line in group}
        found = [line for line in found if line.key not in folded]
        found.append(
            Line(
                section=section,
                code="many",
                key=f"many/{section}/{fold}",
                facts={"group": fold, "count": len(group)},
                since=min((line.since for line in group if line.since is not None), default=None),
                place=f"~{fold}",
            )
        )
    return found


def check_post(post: str) -> str:
    """What the post is called: one line of 1 to 24 characters."""
    return one_line(post, "seat", chars_max=POST_CHARS_MAX)


def _said(said: Said | None) -> dict[str, str] | None:
    """Words as the document holds them: who, when, and the commitment that proves them while kept."""
    if said is None:
        return None
    return {"by": said.by, "at": rfc3339(said.at), "sealed": said.sealed, "commitment": said.commitment}


def document(handover: Handover, site: str) -> str:
    """What both signed, as canonical JSON: sorted keys, no spaces, UTF-8.

    Lines in the order of their numbers, with what each said when it was acknowledged. Words stand as
    commitments, so that they can be erased when their time is up and the document stays true.
    """
    incoming = handover.incoming
    whole = {
        "format": FORMAT,
        "site": site,
        "id": handover.id,
        "post": handover.post,
        "outgoing": msgspec.to_builtins(handover.outgoing),
        "incoming": None if incoming is None else msgspec.to_builtins(incoming),
        "started_at": rfc3339(handover.started_at),
        "offered_at": rfc3339_or_none(handover.offered_at),
        "taken_at": rfc3339_or_none(handover.taken_at),
        "signatures": [
            {"by": signature.by, "name": signature.name, "at": rfc3339(signature.at)}
            for signature in handover.signatures
        ],
        "lines": [
            {
                "n": item.n,
                "section": item.section,
                "code": item.code,
                "about": item.key,
                "since": rfc3339_or_none(item.since),
                "facts": item.facts,
                "rev": item.rev,
                "gone": item.gone,
                "acknowledged_at": rfc3339_or_none(item.acknowledged_at),
                "remark": _said(item.remark),
                "question": _said(item.question),
                "answer": _said(item.answer),
            }
            for item in sorted(handover.items, key=lambda item: item.n)
        ],
    }
    return msgspec.json.encode(whole, order="sorted").decode()
