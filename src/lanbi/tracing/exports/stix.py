"""STIX 2.1 (OASIS standard, 2021) as one bundle.

Dealers and persons are identities, ports are locations; for what STIX has no object (firearms, recoveries,
sales, consignments) there are objects of our own by extension definitions (section 7.3). Every claim that
names an entity is also a relationship. Markings are TLP 2.0, as OASIS published them for STIX, and statement
markings with the originator's rules; each claim bears its own as a granular marking.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

import msgspec

from lanbi.core.time import Instant, rfc3339
from lanbi.tracing.exports.model import Claim, Item, Release, strictest
from lanbi.tracing.handling import ANYONE, Handling, Tlp
from lanbi.tracing.networks.ports import load_ports
from lanbi.tracing.schema import kind_of

NAMESPACE = UUID("b2a6a4d0-94c5-5b52-8e43-5d1e0f2c7a90")
# oasis-open/cti-stix-common-objects, extension-definition-specifications/tlp-2.0.
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
TLP_CREATED = "2022-10-01T00:00:00.000Z"
TLP_MARKINGS: dict[Tlp, tuple[str, str]] = {
    "CLEAR": ("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "clear"),
    "GREEN": ("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green"),
    "AMBER": ("marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber"),
    "AMBER_STRICT": ("marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "amber+strict"),
    "RED": ("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "red"),
}
SCHEMA_CREATED = "2026-11-22T00:00:00.000Z"
SCHEMA_VERSION = "1.0.0"
CLAIMS = "lanbi-claims"  # the property-extension that puts claims on objects of STIX's own
IDENTITY_CLASSES = {"dealer": "organization", "person": "individual"}
OWN_WORDS = (
    "`name` or `reference`: the reference of the exporting site. `claims`: a list of what sources said of "
    "it: property, value, as written, flag, statement id, originator, source (kind, reference, Admiralty "
    "grade), and target_ref where the value names another object. Claims that contradict each other stand "
    "side by side; `worked_with` marks the one that a reader of these alone would use."
)

_encoder = msgspec.json.Encoder(order="deterministic")
Object = dict[str, Any]


def render(release: Release) -> bytes:
    """The bundle, in UTF-8."""
    return _encoder.encode(bundle(release))


def bundle(release: Release) -> Object:
    """The bundle as plain data; ids come from what they name, times from the claims."""
    made = _Bundle(release)
    items = [made.item(item) for item in release.items]
    links = [made.link(item, claim) for item in release.items for claim in item.claims if claim.target]
    links += [link for one in release.same if (link := made.same(one.left, one.right, one.verdict, one.at))]
    report = made.report([*items, *links])
    shared = [*made.extensions(), *made.markings()]
    shared = [*made.identities(), *shared]  # of whoever is named in any of the others
    objects = {one["id"]: one for one in (*shared, *items, *links, report)}
    return {"type": "bundle", "id": _id("bundle", release.snapshot), "objects": list(objects.values())}


def _id(kind: str, *names: str) -> str:
    name = "\n".join((kind, *names))
    return f"{kind}--{uuid5(NAMESPACE, name)}"


def _time(at: Instant) -> str:
    """To the millisecond, as STIX asks."""
    return f"{rfc3339(at)[:23]}Z"


def type_of(item: Item) -> str:
    """The type of object that an entity becomes."""
    if item.kind in IDENTITY_CLASSES:
        return "identity"
    if item.kind == "port" and item.value("code") in load_ports().by_code:
        return "location"
    return f"lanbi-{item.kind.replace('_', '-')}"


def words_of(handling: Handling) -> str:
    """The originator's rules in a sentence."""
    to = "anyone" if ANYONE in handling.releasable else ", ".join(handling.releasable)
    parts = [
        f"Originator {handling.originator}.",
        f"Releasable to {to}.",
        f"For {', '.join(handling.purposes)} only." if handling.purposes else "For any lawful purpose.",
        "May be passed on within these rules."
        if handling.onward
        else "Not to be passed on without the originator's consent.",
    ]
    if handling.review_on is not None:
        parts.append(f"To be reviewed after {handling.review_on}.")
    return " ".join(parts)


class _Bundle:
    """Makes objects, and remembers which identities, extensions and markings they need."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._sources = {source.id: source for source in release.sources}
        self._types: set[str] = set()
        self._originators: set[str] = {release.us}
        self._labels: set[Tlp] = set()
        self._rules: dict[str, Handling] = {}
        self._ids = {item.id: _id(type_of(item), item.id) for item in release.items}

    # -- what the objects need ------------------------------------------------------------

    def _identity(self, code: str) -> str:
        self._originators.add(code)
        return _id("identity", "site", code)

    def _extension(self, name: str) -> str:
        self._types.add(name)
        return _id("extension-definition", name)

    def _label(self, tlp: Tlp) -> str:
        self._labels.add(tlp)
        return TLP_MARKINGS[tlp][0]

    def _rule(self, handling: Handling) -> str:
        words = words_of(handling)
        self._rules[words] = handling
        return _id("marking-definition", words)

    def identities(self) -> list[Object]:
        """The sites and states that said or export something, and who wrote the extensions."""
        authors = [("Lanbi", _id("identity", "lanbi"), "system")]
        sites = [(code, _id("identity", "site", code), "organization") for code in sorted(self._originators)]
        return [
            {
                "type": "identity", "spec_version": "2.1", "id": key, "created": SCHEMA_CREATED,
                "modified": SCHEMA_CREATED, "name": name, "identity_class": kind,
            }
            for name, key, kind in (*authors, *sites)
        ]  # fmt: skip

    def extensions(self) -> list[Object]:
        """The definition of each extension used."""
        return [
            {
                "type": "extension-definition", "spec_version": "2.1",
                "id": _id("extension-definition", name), "created_by_ref": _id("identity", "lanbi"),
                "created": SCHEMA_CREATED, "modified": SCHEMA_CREATED, "name": name,
                "description": OWN_WORDS, "schema": OWN_WORDS, "version": SCHEMA_VERSION,
                "extension_types": ["property-extension" if name == CLAIMS else "new-sdo"],
            }
            for name in sorted(self._types)
        ]  # fmt: skip

    def markings(self) -> list[Object]:
        """TLP 2.0 as published, then the originators' rules."""
        labels = [
            {
                "type": "marking-definition", "spec_version": "2.1", "id": key, "created": TLP_CREATED,
                "name": f"TLP:{word.upper()}",
                "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": word}},
            }
            for tlp, (key, word) in TLP_MARKINGS.items()
            if tlp in self._labels
        ]  # fmt: skip
        rules = [
            {
                "type": "marking-definition", "spec_version": "2.1", "id": _id("marking-definition", words),
                "created_by_ref": self._identity(handling.originator), "created": SCHEMA_CREATED,
                "definition_type": "statement", "definition": {"statement": words},
            }
            for words, handling in sorted(self._rules.items())
        ]  # fmt: skip
        return [*labels, *rules]

    # -- objects ----------------------------------------------------------------------------

    def _common(self, kind: str, key: str, claims: Sequence[Claim], by: str) -> Object:
        said = [claim.said_at for claim in claims]
        labels: list[Tlp] = [claim.handling.tlp for claim in claims]
        common: Object = {
            "type": kind,
            "spec_version": "2.1",
            "id": key,
            "created_by_ref": self._identity(by),
            "created": _time(min(said)),
            "modified": _time(max(said)),
            "object_marking_refs": [self._label(strictest(labels))],
        }
        if any(self._sources[claim.source].synthetic for claim in claims):
            common["labels"] = ["synthetic"]
        return common

    def item(self, item: Item) -> Object:
        """An entity with its claims."""
        kind = type_of(item)
        made = self._common(kind, self._ids[item.id], item.claims, self._release.us)
        claims = [self._claim(claim) for claim in item.claims]
        made["name"] = item.ref
        if kind not in ("identity", "location"):
            made["claims"] = claims
            made["extensions"] = {self._extension(kind): {"extension_type": "new-sdo"}}
            made["granular_markings"] = self._granular(item.claims, "claims")
            return made
        extension = self._extension(CLAIMS)
        own = {"extension_type": "property-extension", "reference": item.ref, "claims": claims}
        made["extensions"] = {extension: own}
        made["granular_markings"] = self._granular(item.claims, f"extensions.{extension}.claims")
        if kind == "identity":
            made["name"] = (item.value("name") if item.kind == "dealer" else None) or item.ref
            made["identity_class"] = IDENTITY_CLASSES[item.kind]
        else:
            port = load_ports().by_code[str(item.value("code"))]
            made |= {"name": port.name, "country": port.country, "latitude": port.lat, "longitude": port.lon}
        return made

    def _granular(self, claims: Sequence[Claim], path: str) -> list[Object]:
        """Which claims bear which marking."""
        selectors: dict[str, list[str]] = {}
        for place, claim in enumerate(claims):
            for marking in (self._label(claim.handling.tlp), self._rule(claim.handling)):
                selectors.setdefault(marking, []).append(f"{path}.[{place}]")
        return [{"marking_ref": marking, "selectors": paths} for marking, paths in sorted(selectors.items())]

    def _claim(self, claim: Claim) -> Object:
        source = self._sources[claim.source]
        target = self._release.named(claim.target)
        made: Object = {
            "property": claim.prop,
            "value": claim.value if target is None else target.ref,
            "statement_id": claim.id,
            "originator": claim.handling.originator,
            "source_kind": source.kind,
            "source_reference": source.reference,
            "source_grade": source.grade,
            "worked_with": claim.worked,
        }
        if target is not None:
            made["target_ref"] = self._ids[target.id]
        if claim.original is not None:
            made["as_written"] = claim.original
        if claim.flag is not None:
            made["flag"] = claim.flag
        return made

    def link(self, item: Item, claim: Claim) -> Object:
        """A claim that names an entity, as a relationship, by whoever said it."""
        by = claim.handling.originator
        made = self._common("relationship", _id("relationship", claim.id), [claim], by)
        made["object_marking_refs"].append(self._rule(claim.handling))
        made["relationship_type"] = claim.prop.replace("_", "-")
        made["description"] = f"{kind_of(item.kind).en}: {kind_of(item.kind).props[claim.prop].en}"
        made["source_ref"] = self._ids[item.id]
        made["target_ref"] = self._ids[str(claim.target)]
        return made

    def same(self, left: str, right: str, verdict: str, at: Instant) -> Object | None:
        """Our word on whether two are the same, as a relationship; none where we are not sure."""
        if verdict == "unsure":
            return None
        return {
            "type": "relationship", "spec_version": "2.1", "id": _id("relationship", left, right, verdict),
            "created_by_ref": self._identity(self._release.us), "created": _time(at), "modified": _time(at),
            "relationship_type": "duplicate-of" if verdict == "same" else "not-same-as",
            "source_ref": self._ids[left], "target_ref": self._ids[right],
            "object_marking_refs": [self._label(self._release.tlp)],
        }  # fmt: skip

    def report(self, objects: Iterable[Object]) -> Object:
        """The report that holds it together: for whom, what for, and the snapshot."""
        release = self._release
        at = _time(release.at)
        report: Object = {
            "type": "report", "spec_version": "2.1", "id": _id("report", release.snapshot),
            "created_by_ref": self._identity(release.us), "created": at, "modified": at, "published": at,
            "name": f"Firearms tracing, {release.us} to {release.to.code}",
            "description": (
                f"For {release.to.code}, purpose {release.to.purpose}, cut on {release.to.today}. "
                f"Snapshot SHA-256 {release.snapshot}."
                + (" Some statements are not releasable to the recipient." if release.incomplete else "")
            ),
            "report_types": ["firearms-tracing"],
            "object_refs": [one["id"] for one in objects],
            "object_marking_refs": [self._label(release.tlp), *(self._rule(one) for one in release.caveats)],
        }  # fmt: skip
        if release.synthetic:
            report["labels"] = ["synthetic"]
        return report
