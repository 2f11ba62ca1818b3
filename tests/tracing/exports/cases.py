"""A case as it comes together: two seizures, three firearms, sources of three states, rules of each."""

from typing import Any

import msgspec

from lanbi.core.geo import Area
from lanbi.tracing.exports.cut import cut
from lanbi.tracing.exports.model import Cut, Release, Selection
from lanbi.tracing.exports.words import Words
from lanbi.tracing.handling import Handling, Recipient
from lanbi.tracing.model import Entity
from stores import VOCABULARY
from tracing.room import Room, givens

TO_DO = Recipient("DO", "criminal_investigation", "2026-11-22")
OURS = Handling(originator="HT", tlp="AMBER", releasable=("DO", "JM"))
STRICT = Handling(originator="HT", tlp="AMBER_STRICT", releasable=("DO",), review_on="2027-03-01")
THEIRS = Handling(
    originator="US",
    tlp="AMBER",
    releasable=("DO", "HT", "JM"),
    purposes=("criminal_investigation",),
    onward=True,
)
CLOSED = Handling(originator="US", tlp="AMBER_STRICT", releasable=("HT",))
SHIPPING = Handling(originator="JM", tlp="GREEN", releasable=("*",), onward=True)

CASE = "24-118"
AREA = msgspec.json.encode(
    Area(
        lat=18.5471,
        lon=-72.3388,
        radius_m=800.0,
        source="map",
        confidence="likely",
        words="Depo ladwann, Varreux",
    )
).decode()


class Case:
    """The entities of the case by name."""

    def __init__(self, room: Room, *, synthetic: bool = False) -> None:
        self.room = room
        self._more: dict[str, Any] = {"synthetic": synthetic}
        seizure = {"reference": "Pwosè-vèbal 24-118", "grade": "B2"}
        customs = {"reference": "Inspeksyon ladwann 0712", "grade": "B2", "kind": "customs"}
        answer = {"reference": "Trace answer Q-12", "grade": "A2", "kind": "trace_answer", "originator": "US"}
        lab = {"reference": "Laboratwa 2026/77", "grade": "A1", "kind": "laboratory"}
        manifest = {"reference": "Manifest KGN 4471", "grade": "C3", "kind": "shipping", "originator": "JM"}
        self.consignment = self.make(
            "consignment",
            {"container": "MSKU9070323", "bill": "MAEU 570 118 220", "kind": "container"},
            SHIPPING, **manifest,
        )  # fmt: skip
        self.recovery = self.make(
            "recovery",
            {
                "date": "2026-07-10", "area": AREA, "country": "HT", "agency": "Ladwann Pòtoprens",
                "case": CASE, "offence": "trafficking", "disposition": "seized",
                "legal_basis": "customs_control", "concealment": "Nan konpresè, anba rad dezyèm men",
                "consignment": self.consignment.id,
            },
            OURS, **seizure,
        )  # fmt: skip
        self.second = self.make(
            "recovery",
            {"date": "2026-08", "country": "HT", "agency": "PNH Delma", "case": CASE,
             "legal_basis": "criminal_investigation"},
            OURS, reference="Rapò PNH 2026-3312", grade="C3",
        )  # fmt: skip
        self.glock = self.make(
            "firearm",
            {
                "type": "pistol", "make": "Glock", "model": "19", "calibre": "9mm", "serial": "SYN48B075",
                "serial_status": "legible", "country": "AT", "import_country": "US",
                "recovery": self.recovery.id, "other_marks": "GLOCK INC SMYRNA GA", "finish": "nwa",
            },
            OURS, **seizure,
        )  # fmt: skip
        self.say(self.glock, {"calibre": "40 S&W", "make": "Zanmi Fò & Frè"}, STRICT, **customs)
        self.say(self.glock, {"serial": "SYN48B076"}, CLOSED, **answer)
        self.taurus = self.make(
            "firearm",
            {"type": "pistol", "make": "Taurus", "model": "G2C", "calibre": "9mm", "serial": "ABL 124533",
             "country": "BR", "recovery": self.recovery.id},
            OURS, **seizure,
        )  # fmt: skip
        self.rifle = self.make(
            "firearm",
            {"type": "rifle", "calibre": "7.62x39", "serial": "obliterated", "serial_status": "obliterated",
             "recovery": self.second.id},
            OURS, reference="Rapò PNH 2026-3312", grade="C3",
        )  # fmt: skip
        self.rounds = self.make(
            "materiel",
            {"kind": "ammunition", "count": "36000", "calibre": "7.62x39", "recovery": self.recovery.id},
            OURS, **seizure,
        )  # fmt: skip
        self.dealer = self.make(
            "dealer",
            {"name": "Synthetic Arms 07", "licence": "5-99-001-01-8A-00007", "city": "Kissimmee",
             "region": "Florida", "country": "US"},
            THEIRS, **answer,
        )  # fmt: skip
        self.buyer = self.make(
            "person",
            {"role": "purchaser", "legal_status": "suspect", "name": "Moun Envante"},
            THEIRS,
            **answer,
        )
        self.holder = self.make(
            "person",
            {"role": "possessor", "legal_status": "charged", "name": "Lòt Moun", "born": "1988-02-03"},
            STRICT, **seizure,
        )  # fmt: skip
        self.sale = self.make(
            "acquisition",
            {"firearm": self.glock.id, "seller": self.dealer.id, "buyer": self.buyer.id, "date": "2025-11-03",
             "kind": "first_sale", "multiple_sale": "F 3310.4 2025-1103"},
            THEIRS, **answer,
        )  # fmt: skip
        self.other_sale = self.make(
            "acquisition",
            {"firearm": self.taurus.id, "seller": self.dealer.id, "buyer": self.buyer.id,
             "date": "2025-11-05", "kind": "first_sale", "multiple_sale": "F 3310.4 2025-1103"},
            THEIRS, **answer,
        )  # fmt: skip
        self.held = self.make(
            "possession", {"person": self.holder.id, "recovery": self.second.id}, STRICT, **seizure
        )
        self.miami = self.make("port", {"code": "USMIA"}, SHIPPING, **manifest)
        self.kingston = self.make("port", {"code": "JMKIN"}, SHIPPING, **manifest)
        self.prince = self.make("port", {"code": "HTPAP"}, SHIPPING, **manifest)
        self.legs = [
            self.make(
                "leg",
                {"consignment": self.consignment.id, "origin": self.miami.id, "destination": self.kingston.id,
                 "departed": "2026-06-20", "arrived": "2026-06-24", "mode": "sea"},
                SHIPPING, **manifest,
            ),
            self.make(
                "leg",
                {"consignment": self.consignment.id, "origin": self.kingston.id,
                 "destination": self.prince.id, "arrived": "2026-07", "mode": "sea"},
                SHIPPING, **manifest,
            ),
        ]  # fmt: skip
        self.lead = self.make(
            "ballistic",
            {"left": self.glock.id, "right": self.rifle.id, "status": "lead",
             "examiner": "Laboratwa nasyonal", "date": "2026-09-02"},
            OURS, **lab,
        )  # fmt: skip

    def make(self, of: str, values: dict[str, str], handling: Handling, **source: Any) -> Entity:
        """A new entity, by a source of its own."""
        room = self.room
        return room.do(
            lambda tx: room.tracing.make(
                tx, of, givens(values), room.source(tx, **{**self._more, **source}), handling
            )
        )

    def say(self, entity: Entity, values: dict[str, str], handling: Handling, **source: Any) -> Entity:
        """More of an entity, by a source of its own."""
        room = self.room
        return room.do(
            lambda tx: room.tracing.state(
                tx, entity.id, givens(values), room.source(tx, **{**self._more, **source}), handling
            )
        )

    def cut(self, to: Recipient = TO_DO, **how: Any) -> Cut:
        selection = Selection(case=CASE, judgements=bool(how.pop("judgements", False)))
        return self.room.look(lambda reader: cut(reader, selection, to, us=self.room.code, **how))

    def release(self, to: Recipient = TO_DO, **how: Any) -> Release:
        return self.cut(to, **how).release


def words(lang: str = "en") -> Words:
    return Words(VOCABULARY, lang)
