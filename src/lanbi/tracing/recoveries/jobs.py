"""One file on its way in: what it holds, how it is judged, what became of each row. Pure but for its
counting."""

import hashlib
import hmac
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator

import msgspec
from msgspec.structs import replace

from lanbi.tracing.handling import HandlingRule
from lanbi.tracing.model import Source
from lanbi.tracing.recoveries.importer import BadRow, Fault, Table
from lanbi.tracing.recoveries.judging import Draft, GoodRow, Judge
from lanbi.tracing.recoveries.mapping import Mapping
from lanbi.tracing.recoveries.model import SimilarReason

BAD_ROWS_KEPT_MAX = 1_000
SIMILAR_KEPT_MAX = 100
SAID_KEPT_MAX = 10_000
"""Entities of which a run remembers what was said, so that it need not ask at each row."""


Progress = Callable[[int, int], None]
"""(rows done, rows in all)."""


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """A row that may tell of what is known already: proposed for a person to judge once it is in. `ref`: what
    stands in the store; None where the other is a row of the same file, `other_line`."""

    line: int
    reason: SimilarReason
    ref: str | None
    other_line: int | None
    values: dict[str, str | None]


class Counts(msgspec.Struct, kw_only=True):
    """Of one kind of entity: told of for the first time, and known already."""

    new: int = 0
    known: int = 0


class Report(msgspec.Struct, kw_only=True):
    """What a file holds and what became of it. Of a dry run, what would.

    `rows` = `good` + `bad`. `bad_rows`, `similar`: the first 1,000 and 100. `reasons`, `flags`: how often
    each code. `timed`: good rows with both a sale and a recovery, so a time-to-crime. `absent`, `unread`:
    columns that the mapping asks for and the file has not, and the other way round. `made`, `stated`,
    `known`: entities that the run made, said more about, or had nothing new to say of.
    """

    file: str
    digest: str
    mapping: str
    rows: int
    good: int = 0
    bad: int = 0
    kinds: dict[str, Counts] = msgspec.field(default_factory=dict)
    reasons: dict[str, int] = msgspec.field(default_factory=dict)
    flags: dict[str, int] = msgspec.field(default_factory=dict)
    bad_rows: list[BadRow] = msgspec.field(default_factory=list)
    similar: list[Likeness] = msgspec.field(default_factory=list)
    similar_count: int = 0
    timed: int = 0
    absent: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    state: str = "judged"
    rows_done: int = 0
    made: int = 0
    stated: int = 0
    known: int = 0

    def refuse(self, row: BadRow) -> None:
        """Counts and lists a row that cannot go in."""
        self.bad += 1
        for code in {fault.code for fault in row.faults}:
            self.reasons[code] = self.reasons.get(code, 0) + 1
        if len(self.bad_rows) < BAD_ROWS_KEPT_MAX:
            self.bad_rows.append(row)

    def liken(self, likeness: Likeness) -> None:
        """Counts and lists what may be one."""
        self.similar_count += 1
        if len(self.similar) < SIMILAR_KEPT_MAX:
            self.similar.append(likeness)

    def count(self, row: GoodRow) -> None:
        """Counts what is doubtful in a good row, and whether it has both days of a time-to-crime."""
        for draft in row.drafts:
            for said in draft.said:
                if said.flag is not None:
                    self.flags[said.flag] = self.flags.get(said.flag, 0) + 1
        recovered = any(draft.value("date") for draft in row.of_kind("recovery"))
        self.timed += recovered and any(draft.value("date") for draft in row.of_kind("acquisition"))

    def faults(self) -> Iterator[tuple[int, Fault]]:
        """(line, what is wrong) of the bad rows that are listed."""
        return ((row.line, fault) for row in self.bad_rows for fault in row.faults)


def told_by(
    mapping: Mapping,
    *,
    originator: str | None = None,
    handling: HandlingRule | None = None,
    grade: str | None = None,
    synthetic: bool = False,
) -> Mapping:
    """The mapping with what the person who imports says instead of it."""
    return replace(
        mapping,
        originator=originator or mapping.originator,
        handling=handling or mapping.handling,
        grade=grade or mapping.grade,
        synthetic=synthetic or mapping.synthetic,
    )


class Job:
    """One file under one mapping. Not for several threads at once."""

    def __init__(
        self, table: Table, mapping: Mapping, judge: Judge, *, originator: str, secret: bytes
    ) -> None:
        """`originator`: whose claims these are; `secret`: 32 bytes, for the digests of what is a source's
        own."""
        self.table = table
        self.mapping = mapping
        self.judge = judge
        self.originator = originator
        self._secret = secret
        self.mapping_digest = hashlib.sha256(
            msgspec.json.encode((mapping, originator), order="deterministic")
        ).hexdigest()
        self.report: Report | None = None
        self.fit = bytearray()
        """Of each row of the table: 1 where it can go in."""
        self._alike: dict[tuple[int, str], int] = {}
        self._counted: Counter[str] = Counter()
        self.sources: dict[str, Source] = {}
        self.keys: dict[str, str] = {}
        self.said: OrderedDict[str, set[tuple[str, str | None]]] = OrderedDict()

    def rows(self, begin: int, end: int) -> Iterator[tuple[int, GoodRow]]:
        """(place in the table, row) of those that can go in."""
        for at in range(begin, min(end, len(self.table.rows))):
            row = self.table.rows[at]
            if self.fit[at] and not isinstance(row, BadRow):
                judged = self.judge.row(row)
                if isinstance(judged, GoodRow):
                    yield at, judged

    def forget(self) -> None:
        """Before the rows are judged anew."""
        self.fit = bytearray()
        self._alike.clear()
        self._counted.clear()

    def judged(self) -> None:
        """After the last row: who was counted is known."""
        self._counted.clear()

    def take(self, row: GoodRow) -> dict[str, str]:
        """The next row can go in: counts which of its entities another row told of in the same words, and
        answers with its identities."""
        at = len(self.fit)
        self.fit.append(1)
        found: dict[str, str] = {}
        for draft in row.drafts:
            digest = self._identity(draft, found, 1)
            if draft.key is None:
                self._counted[digest] += 1
                if (count := self._counted[digest]) > 1:
                    self._alike[at, draft.called] = count
                    digest = self._identity(draft, found, count)
            found[draft.called] = digest
        return found

    def leave(self) -> None:
        """The next row cannot go in."""
        self.fit.append(0)

    def identities(self, at: int, row: GoodRow) -> dict[str, str]:
        """What tells each entity of a row from all others that this source speaks of, as keyed digests."""
        found: dict[str, str] = {}
        for draft in row.drafts:
            found[draft.called] = self._identity(draft, found, self._alike.get((at, draft.called), 1))
        return found

    def _identity(self, draft: Draft, before: dict[str, str], count: int) -> str:
        """By its key; without one by what is said of it and of what, and how many alike stood above it."""
        if draft.key is None:
            parts: tuple[object, ...] = (
                "own",
                [(said.prop, said.text) for said in draft.said],
                [(prop, before.get(name)) for prop, name in draft.links],
                count,
            )
        else:
            parts = ("key", *draft.key)
        named = (self.mapping.name, self.originator, draft.called, draft.kind, parts)
        return hmac.new(self._secret, msgspec.json.encode(named), hashlib.sha256).hexdigest()

    def remember(self, said: dict[str, set[tuple[str, str | None]]]) -> None:
        """Keeps what was said of entities just now."""
        for entity_id, held in said.items():
            self.said[entity_id] = held
            self.said.move_to_end(entity_id)
        while len(self.said) > SAID_KEPT_MAX:
            self.said.popitem(last=False)
