"""The networks that a search found: made from all facts at one instant, kept until the next search.

Derived, never stored: what was found can be found again, and no list of it acts on anything.
"""

import threading
from collections.abc import Callable

import msgspec

from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import NotFound, Refused
from lanbi.core.ports import Reader, Store
from lanbi.core.time import Clock, Instant, rfc3339
from lanbi.tracing.graphs import sql
from lanbi.tracing.graphs.facts import of_all
from lanbi.tracing.graphs.model import confidence_of
from lanbi.tracing.graphs.sql import Entities
from lanbi.tracing.networks import communities
from lanbi.tracing.networks.communities import Communities
from lanbi.tracing.networks.facts import Background, background
from lanbi.tracing.networks.links import Link, Links, find
from lanbi.tracing.service import Tracing

NETWORKS_SHOWN_MAX = 200
Start = Callable[[Callable[[], object]], None]
MEMBERS_SHOWN_MAX = 500
BREAKS_SHOWN_MAX = 5


class NetworkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A network in the list. `firearms`: how many recovered ones; dates are of recoveries."""

    id: str
    firearms: int
    recoveries: int
    countries: list[str]
    first: str | None
    last: str | None


class SearchRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the last search found. `stale`: something was stated since. `firearms`: of how many."""

    at: str | None
    stale: bool
    firearms: int
    in_networks: int
    networks: list[NetworkRow]


class TieRow(msgspec.Struct, frozen=True, kw_only=True):
    """A link of a network, readable: references instead of ids."""

    left: str
    right: str
    left_ref: str
    right_ref: str
    reason: str
    evidence: str
    confidence: float
    about: str


class BreakRow(msgspec.Struct, frozen=True, kw_only=True):
    """What would break it: without this shared thing it falls into parts of so many."""

    reason: str
    about: str
    parts: tuple[int, ...]


class NetworkWhyRow(msgspec.Struct, frozen=True, kw_only=True):
    """Why a network stands, and what would break it."""

    id: str
    firearms: list[tuple[str, str]]
    evidenced_share: float
    strongest: list[TieRow]
    breaks: list[BreakRow]


class _Search(msgspec.Struct, frozen=True):
    at: Instant
    newest: int
    links: Links
    found: Communities
    members: list[tuple[str, ...]]
    of: dict[str, int]
    background: Background


class Networks:
    """The last search, and how to search again. One search at a time."""

    def __init__(self, tracing: Tracing, store: Store, clock: Clock, *, start: Start | None = None) -> None:
        """`start`: how a search that nobody waits for is begun; without it whoever needs one waits."""
        self._start = start
        self._tracing = tracing
        self._store = store
        self._clock = clock
        self._last: _Search | None = None
        self._begun = False
        self._searching = threading.Lock()

    def background(self) -> Background | None:
        """How common things are among all recovered firearms, by the last search.

        Where nothing was searched yet, a search is begun; None until it is done.
        """
        if self._last is None and self._start is None:
            self.search(SYSTEM)
        elif self._last is None and self._start is not None and not self._begun:
            self._begun = True
            self._start(self._search_once)
        return None if self._last is None else self._last.background

    def _search_once(self) -> None:
        try:
            self.search(SYSTEM)
        finally:
            self._begun = False

    @property
    def members(self) -> list[tuple[str, ...]]:
        """The firearms of each network that the last search found, the largest first."""
        return [] if self._last is None else self._last.members

    def network_of(self, firearm_id: str) -> str | None:
        """The network that a firearm was found in, as "N-3"."""
        number = None if self._last is None else self._last.of.get(firearm_id)
        return None if number is None else _name(number)

    def search(self, actor: Actor) -> SearchRow:
        """Reads all facts and finds the networks; seconds at 100,000 firearms. For a thread of its own.

        Raises `Refused("tracing-search-running")` while another does.
        """
        self._tracing.gate.require(actor, "tracing.see")
        if not self._searching.acquire(blocking=False):
            raise Refused("tracing-search-running")
        try:
            at = self._clock.now()
            newest, facts = self._store.read_now(lambda reader: (_newest(reader), of_all(reader)))
            among = background(facts)
            links = find(facts, among=among)
            found = communities.find(links)
            members = found.members(links.firearms)
            of = {key: number for number, part in enumerate(members) for key in part}
            self._last = _Search(at, newest, links, found, members, of, among)
        finally:
            self._searching.release()
        return self._store.read_now(lambda reader: self.row(reader, actor))

    def row(self, reader: Reader, actor: Actor) -> SearchRow:
        """What the last search found, the largest first."""
        self._tracing.gate.require(actor, "tracing.see")
        last = self._last
        if last is None:
            return SearchRow(at=None, stale=True, firearms=0, in_networks=0, networks=[])
        return SearchRow(
            at=rfc3339(last.at),
            stale=_newest(reader) != last.newest,
            firearms=len(last.links.firearms),
            in_networks=len(last.of),
            networks=[
                _network_row(reader, number, members)
                for number, members in enumerate(last.members[:NETWORKS_SHOWN_MAX])
            ],
        )

    def why(self, reader: Reader, actor: Actor, name: str) -> NetworkWhyRow:
        """Why one stands; raises `NotFound("tracing-network-none")`."""
        self._tracing.gate.require(actor, "tracing.see")
        last, number = self._last, _number(name)
        if last is None or number is None or number >= len(last.members):
            raise NotFound("tracing-network-none", name=name[:20])
        reason = communities.why(last.links, last.found, number)
        entities = Entities(reader)

        def ref(key: str) -> str:
            found = entities.get(key)
            return key if found is None else found.ref

        def tie(link: Link) -> TieRow:
            return TieRow(
                left=link.left, right=link.right, left_ref=ref(link.left), right_ref=ref(link.right),
                reason=link.kind, evidence=link.evidence, confidence=confidence_of(link),
                about=ref(link.about),
            )  # fmt: skip

        return NetworkWhyRow(
            id=name,
            firearms=[(key, ref(key)) for key in reason.firearms[:MEMBERS_SHOWN_MAX]],
            evidenced_share=round(reason.evidenced_share, 2),
            strongest=[tie(link) for link in reason.strongest],
            breaks=[
                BreakRow(reason=part.kind, about=ref(part.about), parts=part.parts)
                for part in reason.breaks[:5]
            ],
        )


def _name(number: int) -> str:
    return f"N-{number + 1}"


def _number(name: str) -> int | None:
    text = name.removeprefix("N-")
    return int(text) - 1 if text.isascii() and text.isdigit() and 0 < int(text) < 10**9 else None


def _newest(reader: Reader) -> int:
    return reader.rows(sql.NEWEST_EDGE)[0][0] or 0


def _network_row(reader: Reader, number: int, members: tuple[str, ...]) -> NetworkRow:
    rows = [found for key in members[:MEMBERS_SHOWN_MAX] if (found := reader.row(sql.FOUND_WHERE, id=key))]
    dates = sorted(date for _, date, _ in rows if date)
    return NetworkRow(
        id=_name(number),
        firearms=len(members),
        recoveries=len({recovery for recovery, _, _ in rows if recovery}),
        countries=sorted({country for *_, country in rows if country}),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
    )
