"""FollowTheMoney 4 as JSON lines: one entity a line, each claim in a property that the schema has.

The schemata and properties stand in `data/schema.toml` beside our own; what has no property there goes
into `notes` or `description`, in words. Beside `properties` each line has a key `lanbi`, which FollowTheMoney
hands through as context: the claims to the letter, with source, grade and rules.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

import msgspec

from lanbi.core.time import rfc3339
from lanbi.tracing.exports.model import Claim, Item, Release
from lanbi.tracing.exports.words import area_words
from lanbi.tracing.schema import kind_of

NAMESPACE = UUID("7d1f5a2e-6a0c-5b7e-9a38-0c7b2f6d4e11")
# ISO 3166-1 alpha-2, as officially assigned: another code would be no country to FollowTheMoney.
_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())
# Abstract in FollowTheMoney, so that no entity can be one.
ABSTRACT = frozenset({"Thing", "Interval", "Interest", "Value", "Analyzable"})
# A link joins these two of our properties; the first is its subject.
ENDS = {
    "contact_use": ("party", "contact"), "possession": ("person", "recovery"),
    "consigning": ("party", "consignment"), "packing": ("item", "consignment"),
    "ballistic": ("left", "right"),
}  # fmt: skip
# Our property, where FollowTheMoney has one of its own that the schema does not name.
ALSO = {
    ("recovery", "date"): "date", ("recovery", "country"): "country", ("recovery", "case"): "recordId",
    ("dealer", "licence"): "licenseNumber", ("port", "code"): "name", ("ballistic", "date"): "date",
}  # fmt: skip
# What is no thing but joins two: it has no name and no notes, and nothing can be joined to it.
JOINS = frozenset({"Ownership", "UnknownLink"})

_encoder = msgspec.json.Encoder(order="deterministic")
Properties = dict[str, list[str]]


def render(release: Release) -> bytes:
    """UTF-8 JSON lines, each ended by a line feed, in the order of the release."""
    export = {
        "from": release.us,
        "to": release.to.code,
        "purpose": release.to.purpose,
        "on": release.to.today,
        "tlp": release.tlp,
        "snapshot": release.snapshot,
        "synthetic": release.synthetic,
    }
    lines = [line for item in release.items for line in _entities(release, item)]
    lines += [
        _line(one.id, "Similar", {"candidate": [one.left], "match": [one.right]}, {"verdict": one.verdict})
        for one in release.same
    ]
    for line in lines:
        line["lanbi"]["export"] = export
    return b"".join(_encoder.encode(line) + b"\n" for line in lines)


def schema_of(item: Item) -> str:
    """The schema that an entity goes out as. What cannot fill the ends that a schema requires is an event."""
    wanted = kind_of(item.kind).ftm
    match item.kind:
        case "contact":
            return "Address" if item.value("kind") in (None, "address") else "UserAccount"
        case "acquisition":
            if item.value("firearm") and item.value("buyer"):
                return "Ownership"
            return "UnknownLink" if item.value("firearm") and item.value("seller") else "Event"
        case "leg":
            return "Trip" if item.value("origin") and item.value("destination") else "Event"
        case kind if kind in ENDS:
            return "UnknownLink" if all(item.value(end) for end in ENDS[kind]) else "Event"
    return "Asset" if wanted in ABSTRACT else wanted


def _entities(release: Release, item: Item) -> Iterable[dict[str, Any]]:
    """The entity itself, then a link for each entity that it names and its schema has no end for."""
    schema = schema_of(item)
    properties: Properties = {}
    texts = "description" if schema in JOINS else "notes"
    ends = _ends(item, schema)
    links = []
    for claim in item.claims:
        place = ends.get(claim.prop) or _place(item.kind, claim)
        if place is not None:
            _put(properties, place, claim.value.lower() if place == "country" else claim.value)
            continue
        _put(properties, texts, _words(release, item, claim))
        if claim.target is not None:
            links.append(_link(item, schema, claim.prop, claim.target))
    if schema not in JOINS:
        # Its reference where nobody names it; FollowTheMoney asks for a name of most things.
        properties.setdefault("name", [item.ref])
    if schema == "UserAccount":
        _put(properties, "username", item.ref)
    if any(source.synthetic for source in release.sources if _uses(item, source.id)):
        _put(properties, "summary", "SYNTHETIC")
    yield _line(
        item.id, schema, properties, {"ref": item.ref, "kind": item.kind, "claims": _claims(release, item)}
    )
    yield from {link["id"]: link for link in links if link is not None}.values()


def _link(item: Item, schema: str, prop: str, target: str) -> dict[str, Any] | None:
    """What the item names, joined to it; of an ownership, which nothing can be joined to, its seller to the
    firearm."""
    ends = {"subject": [item.id], "object": [target]}
    if schema in JOINS:
        firearm = item.value("firearm")
        if prop != "seller" or firearm is None:
            return None
        ends = {"subject": [target], "object": [firearm]}
    key = str(uuid5(NAMESPACE, f"{item.id}\n{prop}\n{target}"))
    role = kind_of(item.kind).props[prop].en
    return _line(key, "UnknownLink", {**ends, "role": [role]}, {"ref": item.ref})


def _uses(item: Item, source_id: str) -> bool:
    return any(claim.source == source_id for claim in item.claims)


def _ends(item: Item, schema: str) -> dict[str, str]:
    """Where our properties that name entities go, in the schema chosen."""
    if schema == "UnknownLink":
        first, second = ENDS.get(item.kind, ("seller", "firearm"))
        return {first: "subject", second: "object"}
    if schema == "Ownership":
        return {"buyer": "owner", "firearm": "asset", "date": "startDate"}
    if schema == "Trip":
        return {"origin": "startLocation", "destination": "endLocation"}
    return {}


def _place(kind: str, claim: Claim) -> str | None:
    """The property of FollowTheMoney that a claim goes into; None where it has none."""
    prop = kind_of(kind).props[claim.prop]
    if prop.type == "entity":
        return None  # an end of a link, or a link of its own
    if prop.type == "country" and claim.value not in COUNTRIES:
        return None
    return prop.ftm or ALSO.get((kind, claim.prop))


def _words(release: Release, item: Item, claim: Claim) -> str:
    """A claim in words: what it is of, what is said, and whose word it is."""
    prop = kind_of(item.kind).props[claim.prop]
    target = release.named(claim.target)
    said = area_words(claim.value) if prop.type == "area" else claim.value
    return f"{prop.en}: {said if target is None else target.ref} [{claim.handling.originator}]"


def _put(properties: Properties, name: str, value: str) -> None:
    held = properties.setdefault(name, [])
    if value not in held:
        held.append(value)


def _claims(release: Release, item: Item) -> list[dict[str, Any]]:
    sources = {source.id: source for source in release.sources}
    return [
        {
            "id": claim.id,
            "prop": claim.prop,
            "value": claim.value,
            "original": claim.original,
            "flag": claim.flag,
            "said_at": rfc3339(claim.said_at),
            "handling": claim.handling,
            "source": sources[claim.source],
        }
        for claim in item.claims
    ]


def _line(key: str, schema: str, properties: Properties, lanbi: dict[str, Any]) -> dict[str, Any]:
    return {"id": key, "schema": schema, "properties": properties, "datasets": ["lanbi"], "lanbi": lanbi}
