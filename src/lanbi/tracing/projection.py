"""What the boards ask, made from statements: one row a firearm, one row a recovery."""

from typing import Any

import msgspec

from lanbi.core.geo import Area
from lanbi.core.ports import Tx
from lanbi.tracing import sql
from lanbi.tracing.model import Entity
from lanbi.tracing.reading import UNREAD_SERIAL
from lanbi.tracing.schema import earliest, needed

_area = msgspec.json.Decoder(Area)


def missing_of(kind: str, preferred: dict[str, Any]) -> list[str]:
    """The needed properties that nobody has stated.

    A country of last import serves for the country of manufacture (ISACS 05.31: "manufacture or last
    import"),
    and a serial that was obliterated or never there is no omission of whoever wrote the form.
    """
    absent = [name for name in needed(kind) if preferred.get(name) in (None, "", UNREAD_SERIAL)]
    if "country" in absent and preferred.get("import_country"):
        absent.remove("country")
    if "serial" in absent and preferred.get("serial_status") in ("obliterated", "none"):
        absent.remove("serial")
    return absent


def project(tx: Tx, before: Entity, now: Entity) -> None:
    """Writes anew the rows that an entity's values stand in; `before` and `now` are the same entity."""
    match now.kind:
        case "firearm":
            _firearm(tx, now)
            for recovery_id in {before.value("recovery"), now.value("recovery")} - {None}:
                _recovery(tx, sql.get(tx, str(recovery_id)))
        case "materiel":
            for recovery_id in {before.value("recovery"), now.value("recovery")} - {None}:
                _recovery(tx, sql.get(tx, str(recovery_id)))
        case "recovery":
            if any(before.value(name) != now.value(name) for name in ("date", "country")):
                for row in tx.rows(sql.FIREARMS_IN, recovery_id=now.id):
                    _firearm(tx, sql.get(tx, row[0]))
            _recovery(tx, now)
        case "acquisition":
            for firearm_id in {before.value("firearm"), now.value("firearm")} - {None}:
                _firearm(tx, sql.get(tx, str(firearm_id)))
        case _:
            pass


def _firearm(tx: Tx, firearm: Entity) -> None:
    value = firearm.value
    recovery_id = value("recovery")
    recovery = None if recovery_id is None else sql.find(tx, recovery_id)
    sales = [
        sale
        for sale in sql.sales_of(tx, firearm.id)
        if sale.value("kind") in (None, "first_sale") and sale.value("date")
    ]
    first = min(sales, key=lambda sale: earliest(str(sale.value("date"))), default=None)
    seller_id = None if first is None else first.value("seller")
    seller = None if seller_id is None else sql.find(tx, seller_id)
    tx.run(
        sql.SAVE_FIREARM,
        id=firearm.id,
        number=firearm.number,
        recovery_id=recovery_id,
        recovery_number=None if recovery is None else recovery.number,
        type=value("type"),
        make=value("make"),
        model=value("model"),
        calibre=value("calibre"),
        serial=value("serial"),
        serial_status=value("serial_status"),
        country=value("country"),
        missing=len(missing_of("firearm", firearm.preferred)),
        contested=firearm.contested,
        recovered_on=None if recovery is None else recovery.value("date"),
        recovered_in=None if recovery is None else recovery.value("country"),
        sold_on=None if first is None else first.value("date"),
        sold_in=None if seller is None else seller.value("country"),
        dealer_id=seller_id if seller is not None and seller.kind == "dealer" else None,
        seq=tx.seq,
    )


def _recovery(tx: Tx, recovery: Entity) -> None:
    value = recovery.value
    area = _area.decode(found) if (found := value("area")) else None
    firearms, unfit = tx.rows(sql.COUNT_IN, recovery_id=recovery.id)[0]
    materiel = tx.rows(sql.COUNT_MATERIEL, recovery_id=recovery.id)[0][0]
    tx.run(
        sql.SAVE_RECOVERY,
        id=recovery.id,
        number=recovery.number,
        date=value("date"),
        country=value("country"),
        place=None if area is None else area.words or None,
        lat=None if area is None else area.lat,
        lon=None if area is None else area.lon,
        radius_m=None if area is None else area.radius_m,
        agency=value("agency"),
        case_ref=value("case"),
        disposition=value("disposition"),
        legal_basis=value("legal_basis"),
        firearms=firearms,
        materiel=materiel,
        missing=len(missing_of("recovery", recovery.preferred)) + (unfit or 0),
        seq=tx.seq,
    )
