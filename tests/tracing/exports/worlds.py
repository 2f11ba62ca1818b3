"""Small worlds with rules drawn at random, in which every value is a token that nobody could guess.

What may go is worked out here a second time, from the store's rows and `why_kept` alone.
"""

import io
import itertools
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pypdf

from lanbi.core.geo import Area
from lanbi.reports import press
from lanbi.tracing.exports import report
from lanbi.tracing.exports.model import FORMATS, Release, Selection
from lanbi.tracing.exports.rendering import plain
from lanbi.tracing.handling import TLP, Handling, Recipient, state_of, why_kept
from lanbi.tracing.model import Given
from tracing.exports.cases import words
from tracing.room import OTHER_ANALYST, Room

TODAY = "2026-11-22"
ORIGINATORS = ("HT", "US", "JM", "DO")
RECIPIENTS = ("DO", "DO-SDQ", "US", "JM", "HT")
PURPOSES = ("criminal_investigation", "prosecution", "statistics")
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
# Tokens stand in these; the rest of a world are references, codes and dates.
TOKENS = {
    "recovery": ("agency", "case", "concealment"),
    "firearm": ("make", "model", "calibre", "serial", "importer", "other_marks", "finish"),
    "materiel": ("headstamp", "lot", "make", "serial"),
    "dealer": ("name", "licence", "city", "region"),
    "consignment": ("container", "bill", "declared", "concealment"),
    "acquisition": ("multiple_sale",),
    "ballistic": ("examiner",),
    "port": ("code",),
}  # fmt: skip
CODES = {
    "recovery": {"date": "2026-07-10", "country": "HT", "legal_basis": "customs_control"},
    "firearm": {"type": "pistol", "country": "AT"},
    "person": {"role": "purchaser", "legal_status": "suspect"},
    "contact": {"kind": "phone"},
    "acquisition": {"date": "2026-03-09", "kind": "first_sale"},
    "materiel": {"kind": "ammunition"},
    "leg": {"departed": "2026-06-20", "mode": "sea"},
    "ballistic": {"status": "lead", "date": "2026-09-02"},
}  # fmt: skip
SEALED = {"person": ("name", "document"), "contact": ("value",)}
_made = itertools.count()


class World:
    """A case of its own in a room. `references`: of its sources; `secrets`: what nobody may have; `entities`:
    kind and reference of each."""

    def __init__(self, room: Room, rng: random.Random, *, open_share: float) -> None:
        self._room = room
        self._rng = rng
        self._open_share = open_share
        self.case = self._token()
        self.references: dict[str, str] = {}
        self.secrets: list[str] = []
        self.entities: dict[str, tuple[str, str]] = {}
        self._build()
        self._take_back()

    # -- building --------------------------------------------------------------------------------

    def _token(self) -> str:
        """Never the same twice, also where a world is drawn again."""
        made, places = next(_made), []
        while len(places) < 4:
            made, place = divmod(made, len(LETTERS))
            places.append(LETTERS[place])
        return "".join(self._rng.choice(LETTERS) for _ in range(10)) + "".join(places)

    def _handling(self) -> Handling:
        rng = self._rng
        originator = rng.choice(ORIGINATORS)
        if rng.random() < self._open_share:
            return Handling(originator=originator, tlp=rng.choice(TLP[:4]), releasable=("*",), onward=True)
        return Handling(
            originator=originator,
            tlp=rng.choice(TLP),
            releasable=tuple(sorted(rng.sample((*RECIPIENTS, "*"), rng.randint(0, 3)))),
            purposes=tuple(sorted(rng.sample(PURPOSES, rng.randint(0, 2)))),
            onward=rng.random() < 0.7,
            review_on=rng.choice((None, None, "2026-11-21", TODAY, "2027-03-01")),
        )

    def _make(self, kind: str, **named: str) -> str:
        """An entity whose every statement has a source and rules of its own; some properties contested."""
        rng, room = self._rng, self._room
        values = [*CODES.get(kind, {}).items(), *named.items()]
        values += [(prop, self._token()) for prop in TOKENS.get(kind, ()) if prop not in named]
        values += [
            (prop, self._token()) for prop in TOKENS.get(kind, ()) if prop != "case" and rng.random() < 0.2
        ]
        if kind == "recovery":
            values.append(("area", self._area()))
        rng.shuffle(values)
        for prop in SEALED.get(kind, ()):
            token = self._token()
            self.secrets.append(token)
            values.insert(rng.randint(0, len(values)), (prop, token))
        if kind == "contact":  # it is known by kind and value, said at once
            values.sort(key=lambda pair: pair[0] not in ("kind", "value"))

        def work(tx: Any) -> str:
            made: str | None = None
            first = 2 if kind == "contact" else 1
            groups = [values[:first], *([pair] for pair in values[first:])]
            for group in groups:
                rules = self._handling()
                reference, text = self._token(), self._token()
                self.secrets.append(text)
                source = room.source(tx, reference, originator=rules.originator, text=text)
                self.references[source.id] = reference
                givens = [Given(prop=prop, value=value) for prop, value in group]
                if made is None:
                    made = room.tracing.make(tx, kind, givens, source, rules).id
                else:
                    room.tracing.state(tx, made, givens, source, rules)
            assert made is not None
            return made

        entity_id = room.do(work)
        self.entities[entity_id] = (
            kind,
            room.look(lambda reader: room.tracing.entity(reader, OTHER_ANALYST, entity_id)).ref,
        )
        return entity_id

    def _area(self) -> str:
        return msgspec.json.encode(Area(words=self._token(), source="map", confidence="likely")).decode()

    def _party(self, kind: str, known: list[str]) -> str:
        """One that is known already, or somebody new: nobody stands here without hanging on the case."""
        if not known or self._rng.random() < 0.4:
            known.append(self._make(kind))
            return known[-1]
        return self._rng.choice(known)

    def _build(self) -> None:
        rng = self._rng
        dealers: list[str] = []
        persons: list[str] = []
        guns: list[str] = []
        for _ in range(rng.randint(1, 2)):
            consignment = self._make("consignment") if rng.random() < 0.6 else None
            more = {} if consignment is None else {"consignment": consignment}
            recovery = self._make("recovery", case=self.case, **more)
            guns += [self._make("firearm", recovery=recovery) for _ in range(rng.randint(0, 2))]
            if rng.random() < 0.3:
                self._make("materiel", recovery=recovery)
            if rng.random() < 0.5:
                self._make("possession", person=self._party("person", persons), recovery=recovery)
            if consignment is not None and rng.random() < 0.6:
                self._make(
                    "leg", consignment=consignment, origin=self._make("port"), destination=self._make("port")
                )
        for gun in guns:
            named = {}
            if rng.random() < 0.8:
                named["seller"] = self._party("dealer", dealers)
            if rng.random() < 0.7:
                named["buyer"] = self._party("person", persons)
            self._make("acquisition", firearm=gun, **named)
        if len(guns) > 1:
            self._make("ballistic", left=guns[0], right=guns[1])
            self._judge(guns[0], guns[1])
        if persons:
            contact = self._make("contact")
            for person in persons:
                self._make("contact_use", party=person, contact=contact)

    def _judge(self, left: str, right: str) -> None:
        why = self._token()
        self.secrets.append(why)
        verdict = self._rng.choice(("same", "different"))
        self._room.do(lambda tx: self._room.tracing.judge(tx, left, right, verdict, why))

    def _take_back(self) -> None:
        """Withdraws some; never what a world is found by."""
        room, rng = self._room, self._rng
        for row in self.rows():
            if row["prop"] != "case" and row["target"] is None and rng.random() < 0.1:
                room.do(lambda tx, key=row["id"]: room.tracing.withdraw(tx, [key], "originator"))

    # -- what may go, worked out again -----------------------------------------------------------

    def rows(self) -> list[dict[str, Any]]:
        """The statements of this world as they stand in the store."""
        columns = (
            "id, entity_id, prop, value, original, target, sealed_id, source_id, originator, tlp, "
            "releasable, purposes, onward, review_on, withdrawn_at"
        )
        found = self._room.look(
            lambda reader: [
                row
                for entity_id in self.entities
                for row in reader.rows(
                    f"SELECT {columns} FROM tracing_statement WHERE entity_id = :id", id=entity_id
                )
            ]
        )
        return [dict(zip(columns.split(", "), row, strict=True)) for row in found]

    def may_go(self, to: Recipient, stopped: frozenset[str]) -> list[dict[str, Any]]:
        """The rows that may go, by the one rule, and by what they name."""
        going = [row for row in self.rows() if self._why_kept(row, to, stopped) is None]
        while True:
            alive = {row["entity_id"] for row in going}
            left = [row for row in going if row["target"] is None or row["target"] in alive]
            if len(left) == len(going):
                return going
            going = left

    def _why_kept(self, row: dict[str, Any], to: Recipient, stopped: frozenset[str]) -> str | None:
        rules = Handling(
            originator=row["originator"],
            tlp=row["tlp"],
            releasable=tuple(row["releasable"].split()),
            purposes=tuple(row["purposes"].split()),
            onward=bool(row["onward"]),
            review_on=row["review_on"],
        )
        return why_kept(
            rules,
            to,
            us="HT",
            withdrawn=row["withdrawn_at"] is not None,
            stopped={rules.originator, state_of(rules.originator)} & stopped != set(),
            sealed=row["sealed_id"] is not None,
        )

    def selection(self, *, judgements: bool) -> Selection:
        return Selection(case=self.case, judgements=judgements)


def said_of(row: dict[str, Any]) -> list[str]:
    """The tokens in a statement's value and in how it was written."""
    kind_free = [text for text in (row["value"], row["original"]) if text]
    if row["prop"] == "area":
        kind_free = [msgspec.json.decode(row["value"])["words"]]
    return [text for text in kind_free if re.fullmatch(rf"[{LETTERS}]{{14}}", text)]


def files_of(release: Release) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Each format with what makes its bytes."""
    for name in FORMATS:
        if name == "report":
            yield (
                name,
                lambda: press.render(report.TEMPLATE, report.content(release, words("ht")), release.at),
            )
        else:
            yield name, lambda name=name: plain(release, name, words("ht"))


def blobs_of(data: bytes) -> list[str]:
    """All text in a file, small letters, without spaces: unpacked, and read off its pages."""
    parts = [data.decode("utf-8", "replace")]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts += [name + archive.read(name).decode("utf-8-sig") for name in archive.namelist()]
    if data.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(data))
        parts += ["".join(page.extract_text() for page in reader.pages), str(reader.metadata)]
    return ["".join(part.replace("\u200b", "").split()).casefold() for part in parts]


def spaced(data: bytes) -> str:
    """The same with its spaces, for words that must stand alone."""
    if data.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
    return data.decode()


def wrong_in(world: World, going: list[dict[str, Any]], data: bytes) -> tuple[list[str], list[str]]:
    """(what stands in the file and may not, what may and does not)."""
    blobs = blobs_of(data)

    def stands(text: str) -> bool:
        return any(text.casefold() in blob for blob in blobs)

    allowed = {row["id"] for row in going}
    mentioned = {row["entity_id"] for row in going}
    cited = {row["source_id"] for row in going}
    # A case has several recoveries: what one source may say of it, another may not.
    shared = {token for row in going for token in said_of(row)}
    leaked, missing = [], []
    for row in world.rows():
        tokens = said_of(row)
        if row["id"] in allowed:
            missing += [f"{row['prop']} {token}" for token in tokens if not stands(token)]
        else:
            hidden = [text for text in (*tokens, row["id"]) if text not in shared]
            leaked += [f"{row['prop']} {text}" for text in hidden if stands(text)]
    leaked += [f"source {key}" for key, name in world.references.items() if key not in cited and stands(name)]
    missing += [f"source {key}" for key in cited if not stands(world.references[key])]
    leaked += [f"secret {text}" for text in world.secrets if stands(text)]
    text = spaced(data)
    for key, (_, ref) in world.entities.items():
        alone = re.search(rf"(?<![\w-]){re.escape(ref)}(?![\w-])", text) is not None
        if key not in mentioned and (stands(key) or alone):
            leaked.append(f"entity {ref}")
        if key in mentioned and not alone and not stands(key):
            missing.append(f"entity {ref}")
    return leaked, missing
