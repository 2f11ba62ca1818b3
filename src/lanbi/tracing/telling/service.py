"""The synthetic world as claims: seizure reports, trace answers, shipping papers, laboratory letters.

SYNTHETIC. Only what was seen is told; the truth stays with whoever made the world, so that a search for
networks can be scored against it (`lanbi bench tracing`).
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TypeVar

import msgspec

from lanbi.core.access import SYSTEM
from lanbi.core.errors import Malformed, Refused
from lanbi.core.geo import Area
from lanbi.core.ports import Reader, Store, Tx
from lanbi.tracing import sql
from lanbi.tracing.handling import Handling
from lanbi.tracing.markings import normal
from lanbi.tracing.markings.catalogue import makes
from lanbi.tracing.model import Given, Source
from lanbi.tracing.service import Tracing
from lanbi.tracing.world.observe import (
    Observation,
    SeenComparison,
    SeenFirearm,
    SeenPacking,
    SeenParty,
    SeenRequest,
    SeenSale,
)
from lanbi.tracing.world.things import Consignment, Dealer, Recovery
from lanbi.tracing.world.truth import Network, Truth

PIECE_ROWS = 200
LABEL = "SYNTHETIC"
TOLD = "SELECT 1 FROM tracing_source WHERE synthetic = 1 LIMIT 1"
OUTCOMES = {"purchaser": "purchaser", "theft": "purchaser", "undetermined": "undetermined"}
REASONS = {"dealer_paperwork": "paperwork", "too_old": "too_old", "bad_identifiers": "identifiers"}
US = "US"
_encoder = msgspec.json.Encoder()

T = TypeVar("T")
Progress = Callable[[int, int], None]
Requested = Callable[[Tx, str, SeenRequest], None]
"""(tx, firearm's id, request): puts a trace request where requests are kept."""


class Told(msgspec.Struct, frozen=True):
    """How much was told, and the id here of each firearm of the world."""

    recoveries: int
    firearms: int
    dealers: int
    persons: int
    sales: int
    consignments: int
    firearm_ids: dict[str, str]


def asked_of(tell_of: Callable[..., object]) -> Requested:
    """A world's trace requests, put where requests are kept, by `requests.asking.tell_of`."""

    def requested(tx: Tx, firearm: str, row: SeenRequest) -> None:
        tell_of(
            tx,
            firearm,
            to=US,
            sent=row.sent,
            answered=row.answered,
            outcome=None if row.outcome is None else OUTCOMES[row.outcome],
            reason=REASONS.get(row.reason or "", row.reason),
        )

    return requested


class _Paper(msgspec.Struct, frozen=True):
    """What a piece of the world would have come on."""

    kind: str
    reference: str
    originator: str | None = None


class Telling:
    """Writes an observation in pieces of bounded size."""

    def __init__(self, tracing: Tracing, store: Store, requested: Requested | None = None) -> None:
        self._tracing = tracing
        self._store = store
        self._requested = requested
        self._ids: dict[str, str] = {}

    def tell(self, seen: Observation, progress: Progress | None = None) -> Told:
        """Writes all of it. Raises `Refused("tracing-told-already")` where a synthetic world stands."""
        if self._store.read_now(lambda reader: reader.row(TOLD)) is not None:
            raise Refused("tracing-told-already")
        steps = _Steps(
            progress,
            sum(map(len, (seen.recoveries, seen.dealers, seen.parties, seen.consignments, seen.packings)))
            + sum(map(len, (seen.sales, seen.comparisons)))
            + sum(row.sent <= seen.until for row in seen.requests),
        )
        by_recovery: dict[str, list[SeenFirearm]] = {}
        for firearm in seen.firearms:
            by_recovery.setdefault(firearm.recovery, []).append(firearm)
        self._pieces(seen.consignments, self._consignment, _Paper("shipping", "manifests"), steps)
        self._pieces(
            seen.recoveries,
            lambda tx, source, row: self._recovery(tx, source, row, by_recovery.get(row.id, ())),
            _Paper("seizure_report", "seizure reports"),
            steps,
        )
        self._pieces(seen.packings, self._packing, _Paper("shipping", "packing lists"), steps)
        self._pieces(seen.dealers, self._dealer, _Paper("register", "licences", US), steps)
        self._pieces(seen.parties, self._party, _Paper("trace_answer", "answers, purchasers", US), steps)
        self._pieces(seen.sales, self._sale, _Paper("trace_answer", "answers, sales", US), steps)
        self._pieces(seen.comparisons, self._comparison, _Paper("laboratory", "comparisons"), steps)
        sent = [row for row in seen.requests if row.sent <= seen.until]  # nobody asked tomorrow
        self._pieces(sent, self._request, _Paper("analyst", "requests"), steps)
        guns = {firearm.id: self._ids[firearm.id] for firearm in seen.firearms}
        return Told(
            len(seen.recoveries), len(guns), len(seen.dealers), len(seen.parties), len(seen.sales),
            len(seen.consignments), guns,
        )  # fmt: skip

    # -- pieces ---------------------------------------------------------------------------------

    def _pieces(
        self, rows: Sequence[T], tell: Callable[[Tx, Source, T], None], paper: _Paper, steps: "_Steps"
    ) -> None:
        for part in _parts(rows):

            def work(tx: Tx, part: Sequence[T] = part) -> None:
                source = self._tracing.add_source(
                    tx,
                    kind=paper.kind,
                    reference=f"{LABEL} {paper.reference}",
                    originator=paper.originator,
                    grade="B2",
                    synthetic=True,
                )
                for row in part:
                    tell(tx, source, row)

            self._store.write_now(SYSTEM, work)
            steps.add(len(part))

    def _make(self, tx: Tx, key: str, of: str, source: Source, /, **values: object) -> str:
        given = [
            Given(prop=prop, value=str(value)) for prop, value in values.items() if value not in (None, "")
        ]
        rules = Handling(originator=source.originator, tlp="AMBER", releasable=("HT",))
        made = self._tracing.make(tx, of, given, source, rules).id
        self._ids[key] = made
        return made

    # -- one row each -------------------------------------------------------------------------------

    def _recovery(self, tx: Tx, source: Source, row: Recovery, guns: Iterable[SeenFirearm]) -> None:
        key = self._make(
            tx, row.id, "recovery", source,
            date=row.day.isoformat(), country=row.country, agency=row.agency, case=row.case,
            area=_area(row.place), disposition=row.disposition, offence="trafficking",
            legal_basis="customs_control" if row.consignment else "criminal_investigation",
            consignment=self._ids.get(row.consignment or ""),
        )  # fmt: skip
        for gun in guns:
            self._make(
                tx, gun.id, "firearm", source, recovery=key, type=gun.type, make=gun.make, model=gun.model,
                calibre=gun.calibre, country=_made_in(gun), serial=gun.serial,
                serial_status=gun.serial_status,
            )  # fmt: skip

    def _consignment(self, tx: Tx, source: Source, row: Consignment) -> None:
        key = self._make(
            tx, row.id, "consignment", source, container=row.container, bill=row.bill, kind=row.kind,
            declared=row.declared, concealment=row.concealment,
        )  # fmt: skip
        for at, leg in enumerate(row.legs):
            self._make(
                tx, f"{row.id}/{at}", "leg", source, consignment=key,
                origin=self._port(tx, source, leg.origin),
                destination=self._port(tx, source, leg.destination),
                mode=leg.mode, departed=leg.departed.isoformat(), arrived=leg.arrived.isoformat(),
            )  # fmt: skip

    def _port(self, tx: Tx, source: Source, code: str) -> str:
        known = f"port/{code}"
        if known not in self._ids:
            self._make(tx, known, "port", source, code=code)
        return self._ids[known]

    def _packing(self, tx: Tx, source: Source, row: SeenPacking) -> None:
        self._make(
            tx, row.id, "packing", source, item=self._ids[row.firearm], consignment=self._ids[row.consignment]
        )

    def _dealer(self, tx: Tx, source: Source, row: Dealer) -> None:
        self._make(
            tx, row.id, "dealer", source, name=row.name, licence=row.licence, city=row.city, region=row.state,
            country="US",
        )  # fmt: skip

    def _party(self, tx: Tx, source: Source, row: SeenParty) -> None:
        key = self._make(
            tx, row.id, "person", source, role="purchaser", legal_status="suspect", name=row.name
        )
        for kind, value in (("address", row.address), ("phone", row.phone)):
            if value is not None:
                contact = self._make(tx, f"{row.id}/{kind}", "contact", source, kind=kind, value=value)
                self._make(tx, f"{row.id}/{kind}/use", "contact_use", source, party=key, contact=contact)

    def _sale(self, tx: Tx, source: Source, row: SeenSale) -> None:
        self._make(
            tx, row.id, "acquisition", source, firearm=self._ids[row.firearm],
            seller=self._ids.get(row.dealer),
            buyer=self._ids.get(row.party or ""), date=None if row.day is None else row.day.isoformat(),
            kind="theft" if row.kind == "theft" else "first_sale", multiple_sale=row.report,
        )  # fmt: skip

    def _comparison(self, tx: Tx, source: Source, row: SeenComparison) -> None:
        self._make(
            tx, row.id, "ballistic", source, left=self._ids[row.left], right=self._ids[row.right],
            status=row.status, date=row.day.isoformat(), examiner="Synthetic Lab",
        )  # fmt: skip

    def _request(self, tx: Tx, source: Source, row: SeenRequest) -> None:  # noqa: ARG002 - as the others
        firearm = self._ids[row.firearm]
        if self._requested is not None:
            self._requested(tx, firearm, row)
            return
        state = "sent" if row.answered is None else "answered"
        outcome = None if row.outcome is None else OUTCOMES[row.outcome]
        tx.run(sql.SET_TRACE, id=firearm, state=state, outcome=outcome, seq=tx.seq)


class KeptTruth(msgspec.Struct, frozen=True):
    """The truth of a told world in the ids of the store, for a file apart from it. SYNTHETIC."""

    label: str
    truth: Truth


def kept_truth(told: Told, truth: Truth) -> bytes:
    """What goes into the file beside the store."""
    networks = {
        name: Network(one.channel, tuple(told.firearm_ids[gun] for gun in one.firearms))
        for name, one in truth.networks.items()
    }
    return msgspec.json.encode(KeptTruth(LABEL, Truth(networks, truth.recovered)))


def read_truth(data: bytes) -> Truth:
    """The other way; raises `Malformed("tracing-truth-unreadable")`."""
    try:
        return msgspec.json.decode(data, type=KeptTruth).truth
    except msgspec.DecodeError as error:
        raise Malformed("tracing-truth-unreadable", reason=str(error)) from error


class _Steps:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def add(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(self._done, self._total)


def _parts(rows: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(rows)
    while part := list(islice(waiting, PIECE_ROWS)):
        yield part


def _made_in(gun: SeenFirearm) -> str | None:
    """Where the make is at home, as an agency would write it down: of one in five nobody did."""
    make = makes().get(normal.make_of(gun.make).code or "")
    if make is None or len(make.countries) != 1 or sum(map(ord, gun.id)) % 5 == 0:
        return None
    return make.countries[0]


@cache
def _places() -> dict[str, dict[str, float]]:
    return tomllib.loads(files("lanbi.tracing.telling").joinpath("data", "places.toml").read_text("utf-8"))


def _area(place: str) -> str:
    known = _places().get(place)
    area = (
        Area(words=place)
        if known is None
        else Area(
            lat=known["lat"], lon=known["lon"], radius_m=known["radius_m"], source="import",
            confidence="likely",
            words=place,
        )
    )  # fmt: skip
    return _encoder.encode(area).decode()


def holds_world(reader: Reader) -> bool:
    """Whether a synthetic world was told here."""
    return reader.row(TOLD) is not None
