"""Registers, their entries, and proposals of what a recovered firearm may be.

A proposal is a place in a queue, never a finding: nothing is joined or stated before somebody decided.
"""

from collections.abc import Collection, Iterable, Mapping
from math import log10
from typing import Any, Literal

import msgspec

from lanbi.core.errors import Conflict, Malformed, NotFound, Refused
from lanbi.core.time import HOUR, Instant
from lanbi.tracing.handling import Handling
from lanbi.tracing.markings import catalogue
from lanbi.tracing.markings.index import Found, Proposal
from lanbi.tracing.markings.marks import GAP, UNREAD
from lanbi.tracing.markings.normal import model_of
from lanbi.tracing.markings.score import Comparison, Gun, Step, posterior_of, relation_of
from lanbi.tracing.markings.weights import ATTRIBUTES, DIFFERS, NEAR, NOT_GIVEN, SAME
from lanbi.tracing.model import UNGRADED, Verdict

ENTRY_STRIDE = 10_000_000
"""An entry's number is that of its register times this, plus the row of its file."""
REGISTER_ROWS_MAX = 2_000_000
ENTRIES_MAX = 4_000_000
"""In all registers that stand: what is searched is held in memory, some 250 bytes an entry, and three times
that while it is built anew."""
NAME_CHARS_MAX = 120
WHY_CHARS_MAX = 2_000
ABANDONED_AFTER: Instant = HOUR
"""An import that has written nothing for so long is dead, and is cleared away."""

QUEUE_SCORE_MIN = 0.20
"""A less likely one is not put before anybody unasked."""
SEARCH_SCORE_MIN = 0.10
PROPOSALS_OF_ONE_MAX = 10
KNOWN_MARKS_MIN = 4
"""Fewer marks that are read fit too many serials to be searched unasked."""
NEAR_ODDS = 1.0
"""log10: what fits within a factor of ten fits about as well."""
RANK_PER_UNIT = 1_000_000
RANK_TOP = 2**62

RegisterState = Literal["importing", "standing", "withdrawn"]
MatchKind = Literal["register", "firearm", "duplicate"]
MatchVerdict = Literal["none", "same", "different", "unsure"]
VERDICTS: tuple[MatchVerdict, ...] = ("none", "same", "different", "unsure")
DECISIONS: tuple[Verdict, ...] = ("same", "different", "unsure")
KINDS: tuple[MatchKind, ...] = ("register", "firearm", "duplicate")
StaleWhy = Literal["stale", "register"]
RELATIONS = {SAME: "same", NEAR: "near", DIFFERS: "differs"}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a register is called, whose it is and under which rules. `kind`: a code of `register_kinds`."""

    name: str
    kind: str
    handling: Handling
    grade: str = UNGRADED
    synthetic: bool = False


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """A list of firearms that an originator knows. `digest`: SHA-256 of its file; `repeated`: entries whose
    serial and make stand in it before; `last_n`: the number of its last entry."""

    id: str
    number: int
    name: str
    kind: str
    state: RegisterState
    source_id: str | None
    handling: Handling
    digest: str
    synthetic: bool
    entries: int
    skipped: int
    repeated: int
    last_n: int
    imported_at: Instant
    refreshed_at: Instant
    by: str
    withdrawn_at: Instant | None
    withdrawn_by: str | None
    withdrawn_why: str | None
    cleared_n: int | None
    seq: int

    def need_standing(self) -> None:
        """Raises `NotFound("register-none")` while it is not taken in, `Refused("register-withdrawn")`
        after."""
        if self.state == "importing":
            raise NotFound("register-none")
        if self.state == "withdrawn":
            raise Refused("register-withdrawn", name=self.name)

    def check_held(self, held: int | None) -> None:
        """Raises `Conflict("register-changed")` where the sender saw another version."""
        if held is not None and held != self.seq:
            raise Conflict("register-changed", name=self.name, version=self.seq)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One firearm of a register. Make, model, calibre and type are codes of the catalogue, or as written
    where that is not known. `written`: what stood in the file, by property, where reading changed it."""

    n: int
    marks: str
    make: str | None = None
    model: str | None = None
    calibre: str | None = None
    type: str | None = None
    reference: str | None = None
    flags: tuple[str, ...] = ()
    written: dict[str, str] = {}

    @property
    def register_number(self) -> int:
        return self.n // ENTRY_STRIDE

    @property
    def row(self) -> int:
        """Which row of its file it is, the one after the headings being 1."""
        return self.n % ENTRY_STRIDE

    def as_written(self, prop: str) -> str | None:
        """What the register itself says of a property: serial, make, model, calibre or type."""
        return self.written.get(prop) or (self.marks if prop == "serial" else getattr(self, prop))


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a comparison, as it was when it was compared."""

    marks: str
    make: str | None = None
    model: str | None = None
    calibre: str | None = None
    type: str | None = None

    @property
    def gun(self) -> Gun:
        """What an index compares: codes that the catalogue has, and nothing else."""
        return gun_of(self.marks, self.make, self.model, self.calibre, self.type)


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal and its decision. `register_id` and `entry_n`, or `other_id`: what the firearm may be.

    `rank`: log10 odds in millionths. `near`: how many others fit about as well, of `of` that were searched.
    `alignment` and `parts` are rows as the API gives them. `statements`: what the decision stated.
    """

    id: str
    number: int
    kind: MatchKind
    firearm_id: str
    other_id: str | None
    register_id: str | None
    entry_n: int | None
    score: float
    rank: int
    near: int
    of: int
    reading: Side
    held: Side
    alignment: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    proposed_at: Instant
    withdrawn_at: Instant | None
    withdrawn_why: str | None
    verdict: MatchVerdict
    decided_by: str | None
    decided_at: Instant | None
    why: str | None
    judgement_id: str | None
    statements: tuple[str, ...]
    undone_at: Instant | None
    seq: int

    def check_held(self, held: int | None) -> None:
        """Raises `Conflict("match-changed")` where the sender saw another version."""
        if held is not None and held != self.seq:
            raise Conflict("match-changed", number=self.number, version=self.seq)

    def need_open(self) -> None:
        """Raises `Refused` where somebody decided already, or the proposal holds no more."""
        if self.verdict != "none":
            raise Refused("match-decided-already", number=self.number, verdict=self.verdict)
        if self.withdrawn_at is not None:
            raise Refused("match-withdrawn", number=self.number)


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a reading may be, weighed against the others that it cannot also be. `id`: of the
    index."""

    id: int
    side: Side
    score: float
    rank: int
    near: int
    of: int
    comparison: Comparison


def check_verdict(verdict: str) -> Verdict:
    """Raises `Malformed("match-verdict")` for what is none of same, different, unsure."""
    for known in DECISIONS:
        if verdict == known:
            return known
    raise Malformed("match-verdict", given=verdict[:40])


def base_of(number: int) -> int:
    """The number before the first entry of a register."""
    return number * ENTRY_STRIDE


def gun_of(marks: str, make: str | None, model: str | None, calibre: str | None, type_: str | None) -> Gun:
    """A gun with the codes that the catalogue has; what it has not says neither for nor against.

    A model that was written without its make ("19") is one of the make that was stated.
    """
    if model is not None and model not in catalogue.numbers("models"):
        model = model_of(model, make).code
    given = dict(zip(ATTRIBUTES, (make, model, calibre, type_), strict=True))
    known = {which: code if code in catalogue.numbers(f"{which}s") else None for which, code in given.items()}
    return Gun(marks=marks, **known)


def known_marks(marks: str | None) -> int:
    """How many marks of a serial are read."""
    return 0 if marks is None else sum(mark not in (UNREAD, GAP) for mark in marks)


def searchable(marks: str | None) -> bool:
    """Whether a serial can be held in an index: something is read, and it is known how many marks there
    are."""
    return known_marks(marks) > 0 and GAP not in (marks or "")


def is_loose(marks: str) -> bool:
    """Whether a reading may find what would not find it."""
    return GAP in marks or marks.count(UNREAD) > 1


def pair_key(firearm_id: str, other_id: str | None, entry_n: int | None) -> str:
    """Who is proposed to be one with whom; the same whichever of two firearms was searched."""
    if other_id is None:
        return f"{firearm_id}/{entry_n}"
    return "/".join(sorted((firearm_id, other_id)))


def weigh(
    found: Found, sides: Mapping[int, Side], gone: Collection[int], *, score_min: float
) -> list[Scored]:
    """What a search found, best first, each weighed against its true rivals only.

    An index takes all that fit for rivals of each other. They are not where they are one gun: the same serial
    and make in two registers, or the firearm itself among the recovered. `sides`: what the entries say, by
    id; one that is not there, or is in `gone`, is neither proposed nor a rival.
    """
    alone = {proposal.id: _alone(proposal) for proposal in found.proposals}
    there = [one for one in found.proposals if one.id in sides and one.id not in gone]
    out: list[Scored] = []
    for one in there:
        comparison, side = one.comparison, sides[one.id]
        same = {other.id for other in there if other.id != one.id and _one_gun(side, sides[other.id])}
        outside = {other for other in alone if other not in sides or other in gone}
        left_out = sum(10.0 ** alone[other] for other in (same | outside) - {one.id})
        others = _part(comparison, "others")
        total = max(1.0, 10.0**-others - left_out)
        near = sum(
            alone[other.id] >= alone[one.id] - NEAR_ODDS
            for other in there
            if other.id != one.id and other.id not in same
        )
        odds = alone[one.id] - log10(total)
        score = posterior_of(odds)
        if score < score_min:
            continue
        parts = tuple(
            msgspec.structs.replace(part, weight=0.0 - log10(total), count=near)
            if part.code == "others"
            else part
            for part in comparison.parts
        )
        settled = msgspec.structs.replace(comparison, parts=parts, log10_odds=odds, posterior=score)
        out.append(
            Scored(
                id=one.id,
                side=side,
                score=score,
                rank=round(odds * RANK_PER_UNIT),
                near=near,
                of=found.entries,
                comparison=settled,
            )
        )
    return sorted(out, key=lambda scored: (-scored.rank, scored.id))


def _part(comparison: Comparison, code: str) -> float:
    return sum(part.weight for part in comparison.parts if part.code == code)


def _alone(proposal: Proposal) -> float:
    """log10 odds as if nothing else fitted."""
    return proposal.comparison.log10_odds - _part(proposal.comparison, "others")


def _one_gun(one: Side, other: Side) -> bool:
    return one.marks == other.marks and relation_of("make", one.gun, other.gun) != DIFFERS


def kind_of(reading: Side, held: Side) -> MatchKind:
    """Of two recovered firearms: alike, or one and the same written twice, by its whole serial and its
    make."""
    whole = UNREAD not in reading.marks and GAP not in reading.marks
    same = whole and reading.marks == held.marks and reading.make is not None and reading.make == held.make
    return "duplicate" if same else "firearm"


def alignment_rows(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The marks side by side; a mark is None on the side that has none."""
    return [
        {"recovered": step.recovered, "register": step.register, "relation": step.relation} for step in steps
    ]


def part_rows(comparison: Comparison, reading: Side, held: Side, of: int) -> list[dict[str, Any]]:
    """The weights of the sum with what their sentences need."""
    one, other = reading.gun, held.gun
    rows: list[dict[str, Any]] = []
    for part in comparison.parts:
        args: dict[str, Any] = {}
        if part.code in ATTRIBUTES:
            relation = relation_of(part.code, one, other)
            args = {
                "recovered": getattr(one, part.code),
                "register": getattr(other, part.code),
                "relation": RELATIONS[relation] if relation != NOT_GIVEN else "same",
            }
        elif part.code == "register":
            args = {"entries": of}
        elif part.code != "pattern":
            args = {"count": part.count}
        rows.append({"code": part.code, "args": args, "weight": round(part.weight, 3)})
    return rows
