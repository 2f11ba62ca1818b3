"""The facts that links are found in, read from statements: of a few firearms, or of all."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from lanbi.core.ports import Reader
from lanbi.tracing.graphs import sql
from lanbi.tracing.graphs.sql import Entities
from lanbi.tracing.networks.facts import Comparison, Facts, Marked, Packing, Sale, Use
from lanbi.tracing.schema import earliest

PAGE_ROWS = 5_000
STEPS_MAX = 400
_decoder = msgspec.json.Decoder(dict[str, Any])
_UNREAD = ("obliterated", "none")


def day_of(text: str | None) -> int | None:
    """The ordinal of a date; only a whole day counts, since "2024" is no coincidence with anything."""
    return date.fromisoformat(text).toordinal() if text is not None and len(text) == 10 else None


def _marked(key: str, value: dict[str, Any], recovery: dict[str, Any]) -> Marked:
    serial, found_on = value.get("serial"), recovery.get("date")
    read = value.get("serial_status") not in _UNREAD and serial is not None and serial.strip("?") != ""
    return Marked(
        firearm=key,
        make=value.get("make"),
        model=value.get("model"),
        serial=serial if read else None,
        found=None if found_on is None else date.fromisoformat(earliest(found_on)).toordinal(),
        country=recovery.get("country"),
    )


def _sale(key: str, value: dict[str, Any], canonical: dict[str, str]) -> Sale | None:
    firearm: str | None = value.get("firearm")
    if firearm is None or value.get("kind") not in (None, "first_sale", "theft"):
        return None
    seller, buyer = value.get("seller"), value.get("buyer")
    return Sale(
        id=key,
        firearm=canonical.get(firearm) or firearm,
        dealer=canonical.get(seller, seller) if seller else None,
        party=canonical.get(buyer, buyer) if buyer else None,
        day=day_of(value.get("date")),
        report=value.get("multiple_sale"),
        stolen=value.get("kind") == "theft",
    )


def of_firearms(reader: Reader, firearm_ids: Iterable[str]) -> Facts:
    """The facts about these firearms (canonical ids) and whom they tie together."""
    entities = Entities(reader)
    canonical: dict[str, str] = {}

    def head(entity_id: str) -> str:
        if entity_id not in canonical:
            found = entities.get(entity_id)
            canonical[entity_id] = entity_id if found is None else found.canonical
        return canonical[entity_id]

    marked: dict[str, Marked] = {}
    sales: dict[str, Sale] = {}
    packings: dict[str, Packing] = {}
    comparisons: dict[str, Comparison] = {}
    uses: dict[str, Use] = {}
    parties: set[str] = set()
    for firearm_id in firearm_ids:
        for member in sql.member_ids(reader, firearm_id):
            firearm = entities.get(member)
            if firearm is None:
                continue
            recovery_id = firearm.value("recovery")
            recovery = None if recovery_id is None else entities.get(recovery_id)
            if firearm_id not in marked or member == firearm_id:
                marked[firearm_id] = _marked(
                    firearm_id, firearm.preferred, {} if recovery is None else recovery.preferred
                )
            if recovery is not None and (consignment := recovery.value("consignment")):
                packings[f"{recovery.id}/{firearm_id}"] = _packing(
                    recovery.id, firearm_id, head(consignment), entities
                )
            for step in sql.neighbours(reader, member, STEPS_MAX):
                via = entities.get(step.via)
                if via is None:
                    continue
                if via.kind == "acquisition":
                    for end in ("firearm", "seller", "buyer"):
                        if (named := via.value(end)) is not None:
                            head(named)
                    sale = _sale(via.id, via.preferred, canonical)
                    if sale is not None:
                        sales[sale.id] = sale
                        parties |= {sale.party} if sale.party is not None else set()
                elif via.kind == "packing":
                    packings[via.id] = _packing(via.id, firearm_id, head(step.b), entities)
                elif via.kind == "ballistic" and via.value("status") is not None:
                    comparisons[via.id] = Comparison(
                        via.id,
                        head(str(via.value("left"))),
                        head(str(via.value("right"))),
                        str(via.value("status")),
                    )
    for party in parties:
        for member in sql.member_ids(reader, party):
            for step in sql.neighbours(reader, member, STEPS_MAX):
                contact = entities.get(step.b)
                if step.kind == "contact_use.party.contact" and contact is not None:
                    kind = contact.value("kind") or "address"
                    uses[step.via] = Use(step.via, party, contact.canonical, kind)
    return Facts(
        tuple(marked.values()),
        tuple(sales.values()),
        tuple(packings.values()),
        tuple(comparisons.values()),
        tuple(uses.values()),
    )


def _packing(key: str, firearm: str, consignment: str, entities: Entities) -> Packing:
    found = entities.get(consignment)
    return Packing(
        key,
        firearm,
        consignment,
        None if found is None else found.value("container"),
        None if found is None else found.value("bill"),
    )


def _all(reader: Reader, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    after = ""
    while rows := sql.page_of(reader, kind, after, PAGE_ROWS):
        for key, preferred in rows:
            yield key, _decoder.decode(preferred)
        after = rows[-1][0]


def of_all(reader: Reader) -> Facts:
    """The facts about every recovered firearm, read in pages; for the networks of the whole."""
    heads = dict(reader.rows("SELECT id, canonical FROM tracing_entity WHERE canonical <> id"))

    def head(entity_id: str) -> str:
        return heads.get(entity_id, entity_id)

    recoveries = dict(_all(reader, "recovery"))
    consignments = dict(_all(reader, "consignment"))
    marked: dict[str, Marked] = {}
    packings: list[Packing] = []

    def pack(key: str, firearm: str, consignment: str) -> None:
        said = consignments.get(consignment, {})
        packings.append(
            Packing(key, head(firearm), head(consignment), said.get("container"), said.get("bill"))
        )

    for key, value in _all(reader, "firearm"):
        recovery = recoveries.get(value.get("recovery") or "", {})
        if head(key) not in marked or head(key) == key:
            marked[head(key)] = _marked(head(key), value, recovery)
        if recovery.get("consignment"):
            pack(f"{value['recovery']}/{key}", key, recovery["consignment"])
    for key, value in _all(reader, "packing"):
        if value.get("item") and value.get("consignment"):
            pack(key, value["item"], value["consignment"])
    sales = [_sale(key, value, heads) for key, value in _all(reader, "acquisition")]
    comparisons = [
        Comparison(key, head(value["left"]), head(value["right"]), value["status"])
        for key, value in _all(reader, "ballistic")
        if value.get("left") and value.get("right") and value.get("status")
    ]
    contacts = {key: value.get("kind") or "address" for key, value in _all(reader, "contact")}
    uses = [
        Use(key, head(value["party"]), head(value["contact"]), contacts.get(value["contact"], "address"))
        for key, value in _all(reader, "contact_use")
        if value.get("party") and value.get("contact")
    ]
    return Facts(
        tuple(marked.values()),
        tuple(sale for sale in sales if sale is not None),
        tuple(packings),
        tuple(comparisons),
        tuple(uses),
    )
