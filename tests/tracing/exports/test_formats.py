"""Each format is what it says it is, by its own rules; the same cut gives the same bytes."""

import csv
import hashlib
import io
import json
import re
import zipfile
from functools import cached_property
from typing import Any
from uuid import UUID

import pypdf
import pytest

from lanbi.core.errors import Malformed, TooLarge
from lanbi.core.time import rfc3339
from lanbi.reports import press
from lanbi.tracing.exports import ftm, report, statements, stix, tables
from lanbi.tracing.exports.cut import cut
from lanbi.tracing.exports.model import FORMATS, Release, Selection
from lanbi.tracing.exports.rendering import MEDIA, plain
from lanbi.tracing.handling import TLP, Handling, Recipient
from lanbi.tracing.schema import load
from tracing.exports.cases import OURS, TO_DO, Case, words
from tracing.exports.worlds import files_of
from tracing.room import Room

LANGUAGES = ("ht", "fr", "es", "en")


class Made:
    """A case and what comes of it."""

    def __init__(self, room: Room, *, synthetic: bool = False) -> None:
        self.case = Case(room, synthetic=synthetic)
        room.do(
            lambda tx: room.tracing.judge(
                tx, self.case.glock.id, self.case.taurus.id, "different", "de nimewo"
            )
        )
        self.release = self.case.release(judgements=True)

    @cached_property
    def ftm(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in ftm.render(self.release).splitlines()]

    @cached_property
    def stix(self) -> dict[str, Any]:
        return json.loads(stix.render(self.release))

    def pdf(self, lang: str = "en") -> bytes:
        return press.render(report.TEMPLATE, report.content(self.release, words(lang)), self.release.at)


@pytest.fixture
def made(small: Room) -> Made:
    return Made(small)


def test_the_same_cut_gives_the_same_bytes_in_every_format(small: Room) -> None:
    case = Case(small)
    first = {name: make() for name, make in files_of(case.release())}
    assert {name: make() for name, make in files_of(case.release())} == first
    assert set(first) == set(FORMATS) == set(MEDIA)
    with pytest.raises(ValueError, match="press"):
        plain(case.release(), "report", words())


# -- FollowTheMoney -----------------------------------------------------------------------------------

# Of FollowTheMoney 4.11: what each schema that we use requires, and the properties that we put into it.
THING = {"name", "notes", "summary", "country"}
SCHEMATA = {
    "Asset": ({"name"}, THING),
    "Event": ({"name"}, THING | {"date", "startDate", "endDate", "recordId"}),
    "Trip": (
        {"name", "startLocation", "endLocation"},
        THING | {"startDate", "endDate", "startLocation", "endLocation"},
    ),
    "Company": ({"name"}, THING | {"licenseNumber"}),
    "Person": ({"name"}, THING),
    "Address": (set(), THING),
    "UserAccount": ({"username"}, THING | {"username"}),
    "Note": (set(), THING),
    "Ownership": ({"owner", "asset"}, {"owner", "asset", "startDate", "description", "summary"}),
    "UnknownLink": (
        {"subject", "object"},
        {"subject", "object", "role", "date", "startDate", "description", "summary"},
    ),
    "Similar": (set(), {"candidate", "match"}),
}  # fmt: skip


def check_ftm(lines: list[dict[str, Any]]) -> None:
    """By the table above: schemata, properties, required ones, and that every end is in the file."""
    ids = {line["id"] for line in lines}
    assert len(ids) == len(lines)
    ends = ("owner", "asset", "subject", "object", "startLocation", "endLocation", "candidate", "match")
    for line in lines:
        required, known = SCHEMATA[line["schema"]]
        properties = line["properties"]
        assert required <= set(properties) <= known, line
        assert all(
            values and all(isinstance(one, str) and one for one in values) for values in properties.values()
        )
        assert {value for end in ends for value in properties.get(end, ())} <= ids, line
        assert set(line) == {"id", "schema", "properties", "datasets", "lanbi"}


def test_ftm_has_an_entity_for_everything_and_a_link_for_every_tie(made: Made) -> None:
    check_ftm(made.ftm)
    by_schema: dict[str, list[dict[str, Any]]] = {}
    for line in made.ftm:
        by_schema.setdefault(line["schema"], []).append(line["properties"])
    assert [one["name"] for one in by_schema["Company"]] == [["Synthetic Arms 07"]]
    assert [one["name"] for one in by_schema["Person"]] == [[made.case.buyer.ref], [made.case.holder.ref]]
    assert [one["owner"] for one in by_schema["Ownership"]] == [[made.case.buyer.id]] * 2
    assert {
        "subject": [made.case.dealer.id],
        "object": [made.case.glock.id],
        "role": ["Seller"],
    } in by_schema["UnknownLink"]
    assert by_schema["Similar"] == [{"candidate": [made.case.glock.id], "match": [made.case.taurus.id]}]
    claims = {claim["id"] for line in made.ftm for claim in line["lanbi"].get("claims", ())}
    assert claims == set(made.release.statements)
    assert {line["lanbi"]["export"]["snapshot"] for line in made.ftm} == {made.release.snapshot}


def test_ftm_takes_what_lacks_an_end_for_an_event(small: Room) -> None:
    case = Case(small)
    sale = case.make("acquisition", {"firearm": case.rifle.id, "date": "2026-03"}, OURS, reference="lis")
    theft = {"firearm": case.rifle.id, "seller": case.dealer.id, "kind": "theft"}
    thief = case.make("acquisition", theft, OURS, reference="lis")
    leg = case.make(
        "leg", {"consignment": case.consignment.id, "origin": case.prince.id}, OURS, reference="lis"
    )
    odd = case.make("port", {"code": "Waf prive Kanaran"}, OURS, reference="lis")
    ends = {"consignment": case.consignment.id, "origin": odd.id, "destination": case.prince.id}
    case.make("leg", ends, OURS, reference="lis")
    phone = case.make("contact", {"kind": "phone", "value": "+509 5550 0111"}, OURS, reference="lis")
    street = case.make("contact", {"kind": "address", "value": "12, rue Imajinè"}, OURS, reference="lis")
    for contact in (phone, street):
        case.make("contact_use", {"party": case.dealer.id, "contact": contact.id}, OURS, reference="lis")
    release = case.release()
    lines = [json.loads(line) for line in ftm.render(release).splitlines()]
    check_ftm(lines)
    schemata = {line["id"]: line["schema"] for line in lines}
    found = [schemata[one.id] for one in (sale, thief, leg, phone, street)]
    assert found == ["Event", "UnknownLink", "Event", "UserAccount", "Address"]
    check_stix(json.loads(stix.render(release)))


def test_ftm_stands_before_followthemoney_itself(made: Made) -> None:
    followthemoney = pytest.importorskip(
        "followthemoney", reason="followthemoney 4 is not installed (needs ICU)"
    )
    for line in made.ftm:
        proxy = followthemoney.model.get_proxy(line)
        proxy.schema.validate(line)
        assert all(proxy.get(name) for name in proxy.schema.required), line
        for name, values in line["properties"].items():
            prop = proxy.schema.properties[name]
            assert all(prop.type.validate(value) for value in values), (name, values)
            if prop.type.name != "entity":
                assert [prop.type.clean(value) for value in values] == values
        assert proxy.to_dict()["lanbi"] == line["lanbi"]


# -- STIX ---------------------------------------------------------------------------------------------

COMMON = {"type", "spec_version", "id", "created", "modified"}
ID = re.compile(r"([a-z][a-z0-9-]{2,249})--([0-9a-f-]{36})")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def selected(thing: Any, selector: str) -> Any:
    """What a granular marking's selector points to."""
    for part in selector.split("."):
        thing = thing[int(part[1:-1])] if part.startswith("[") else thing[part]
    return thing


def check_stix(bundle: dict[str, Any]) -> None:
    """STIX 2.1: ids, times, references, markings and extensions hold together."""
    objects = {one["id"]: one for one in bundle["objects"]}
    assert len(objects) == len(bundle["objects"])
    for key, one in {**objects, bundle["id"]: bundle}.items():
        name, uuid = ID.fullmatch(key).groups()  # pyright: ignore[reportOptionalMemberAccess]
        assert name == one["type"]
        assert str(UUID(uuid)) == uuid
    for one in objects.values():
        needed = COMMON - {"modified"} if one["type"] == "marking-definition" else COMMON
        assert needed <= set(one)
        assert one["spec_version"] == "2.1"
        assert all(TIME.fullmatch(one[name]) for name in ("created", "modified", "published") if name in one)
        assert one.get("modified", one["created"]) >= one["created"]
        for name, value in one.items():
            if name.endswith("_ref"):
                assert value in objects, (one["id"], name)
            if name.endswith("_refs"):
                assert value
                assert set(value) <= set(objects)
        for marking in one.get("granular_markings", ()):
            assert marking["marking_ref"] in objects
            assert all(selected(one, selector) for selector in marking["selectors"])
        for claim in one.get("claims", ()):
            assert claim.get("target_ref") in {None, *objects}
        for extension, body in one.get("extensions", {}).items():
            if extension == stix.TLP_EXTENSION:
                assert one["type"] == "marking-definition"
                continue
            assert body["extension_type"] in objects[extension]["extension_types"]
        if one["type"].startswith("lanbi-"):
            assert [body["extension_type"] for body in one["extensions"].values()] == ["new-sdo"]
        if one["type"] == "extension-definition":
            assert {"name", "schema", "version", "created_by_ref", "extension_types"} <= set(one)
        if one["type"] == "relationship":
            assert {"relationship_type", "source_ref", "target_ref"} <= set(one)
        if one["type"] not in ("marking-definition", "extension-definition", "identity"):
            assert one["object_marking_refs"][0] in {key for key, _ in stix.TLP_MARKINGS.values()}


def test_stix_holds_together(made: Made) -> None:
    check_stix(made.stix)
    kinds = [one["type"] for one in made.stix["objects"]]
    assert kinds.count("lanbi-firearm") == 3
    assert kinds.count("location") == 3
    (made_report,) = [one for one in made.stix["objects"] if one["type"] == "report"]
    assert made.release.snapshot in made_report["description"]
    named = {
        one["id"]
        for one in made.stix["objects"]
        if one["type"].startswith(("lanbi", "location", "relationship"))
    }
    assert named <= set(made_report["object_refs"])
    said = {
        claim["statement_id"]
        for one in made.stix["objects"]
        for body in (one, *one.get("extensions", {}).values())
        for claim in body.get("claims", ())
    }
    assert said == set(made.release.statements)


def test_stix_marks_with_tlp_2_as_oasis_published_it(small: Room) -> None:
    for place, tlp in enumerate(TLP):
        rules = Handling(originator="DO", tlp=tlp, releasable=("*",), onward=True)
        case = small.make("dealer", {"name": f"Arms {place}"}, handling=rules, originator="DO")
        release = small.look(
            lambda reader, key=case.id: cut(reader, Selection(entities=(key,)), TO_DO, us="HT")
        ).release
        bundle = stix.bundle(release)
        check_stix(bundle)
        (label,) = [one for one in bundle["objects"] if stix.TLP_EXTENSION in one.get("extensions", {})]
        word = {"AMBER_STRICT": "amber+strict"}.get(tlp, tlp.lower())
        assert label == {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": {
                "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
                "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
                "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
                "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
                "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
            }[word],
            "created": "2022-10-01T00:00:00.000Z",
            "name": f"TLP:{word.upper()}",
            "extensions": {
                "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {
                    "extension_type": "property-extension",
                    "tlp_2_0": word,
                }
            },
        }


def test_stix_says_whose_word_each_claim_is_and_by_which_rules(made: Made) -> None:
    (sale, _) = [one for one in made.stix["objects"] if one["type"] == "lanbi-acquisition"]
    rules = {one["id"]: one["definition"]["statement"] for one in made.stix["objects"] if "definition" in one}
    markings = [rules[one["marking_ref"]] for one in sale["granular_markings"] if one["marking_ref"] in rules]
    assert markings == [
        "Originator US. Releasable to DO, HT, JM. For criminal_investigation only. "
        "May be passed on within these rules."
    ]
    assert {claim["originator"] for claim in sale["claims"]} == {"US"}


def test_stix_stands_before_stix2_itself(made: Made) -> None:
    """stix2 3.0 makes TLP 1 markings only; it reads those of TLP 2.0 as what they are, an extension."""
    stix2 = pytest.importorskip("stix2", reason="stix2 is not installed")
    bundle = stix2.parse(made.stix, allow_custom=True)
    assert len(bundle.objects) == len(made.stix["objects"])


# -- tables -------------------------------------------------------------------------------------------


def sheets(release: Release) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(tables.render(release, words()))) as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        return {name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in names}


def test_tables_have_a_file_a_kind_and_the_rules_in_words(made: Made) -> None:
    found = sheets(made.release)
    assert {name for name in found if name not in ("statements.csv", "sources.csv", "judgements.csv")} == {
        f"{item.kind}.csv" for item in made.release.items
    }
    assert len(found["statements.csv"]) == 1 + len(made.release.statements)
    firearms = found["firearm.csv"]
    assert [row[0] for row in firearms[1:]] == [
        made.case.glock.ref,
        made.case.taurus.ref,
        made.case.rifle.ref,
    ]
    assert firearms[1][firearms[0].index("make")] == "Zanmi Fò & Frè | GLOCK"
    with zipfile.ZipFile(io.BytesIO(tables.render(made.release, words("fr")))) as archive:
        rules = archive.read("HANDLING.txt").decode("utf-8-sig")
        assert all(entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in archive.infolist())
    assert rules.startswith("TLP:AMBER+STRICT\r\n")
    assert "US · TLP:AMBER · DO, HT, JM · enquête pénale · permise selon ces règles" in rules
    assert made.release.snapshot in rules


@pytest.mark.parametrize("text", ["=1+1", "+509 5550", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "－2", "\r=1"])
def test_what_a_spreadsheet_would_compute_begins_with_an_apostrophe(text: str) -> None:
    assert tables.cell(text) == f"'{text}"


def test_what_it_would_not_compute_stays_as_it_is(small: Room) -> None:
    assert [tables.cell(text) for text in ("", "24-118", "a=b", "SYN48", "«=1»")] == [
        "",
        "24-118",
        "a=b",
        "SYN48",
        "«=1»",
    ]
    case = Case(small)
    case.make("dealer", {"name": '=HYPERLINK("https://a.ht";"x")', "city": "-2+3"}, OURS, reference="+1 lis")
    dealer = small.look(lambda reader: reader.row("SELECT MAX(id) FROM tracing_entity WHERE kind = 'dealer'"))
    case.make("consigning", {"party": dealer[0], "consignment": case.consignment.id}, OURS, reference="@lis")
    cells = [cell for rows in sheets(case.release()).values() for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert {'\'=HYPERLINK("https://a.ht";"x")', "'-2+3", "'+1 lis", "'@lis"} <= set(cells)


# -- statements for another site ------------------------------------------------------------------------


def test_statements_are_read_back_as_they_were_written(made: Made) -> None:
    data = statements.render(made.release)
    bundle = statements.read(data)
    assert (bundle.us, bundle.to, bundle.tlp) == ("HT", TO_DO, "AMBER_STRICT")
    assert (bundle.items, bundle.sources, bundle.same) == (
        made.release.items, made.release.sources, made.release.same,
    )  # fmt: skip
    assert data == statements.render(made.release)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"form":"lanbi-statements/2"}'])
def test_what_is_no_file_of_statements_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="export-file-unreadable"):
        statements.read(data)


def test_a_file_over_its_bound_is_refused_unread() -> None:
    with pytest.raises(TooLarge, match="export-file-large"):
        statements.read(b" " * (statements.FILE_BYTES_MAX + 1))


# -- the report --------------------------------------------------------------------------------------


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_bears_label_case_recipient_purpose_and_snapshot(made: Made, lang: str) -> None:
    pages = pages_of(made.pdf(lang))
    assert len(pages) > 2
    only = words(lang).t("only-for", to="DO", purpose=words(lang).label("tracing_purposes", TO_DO.purpose))
    for page in pages:
        assert page.count("TLP:AMBER+STRICT") >= 2
        assert made.release.snapshot in "".join(page.split())
        assert "24-118" in page
        assert "".join(only.split()) in "".join(page.split())


def test_no_page_of_the_report_shows_a_key_of_the_catalogue(made: Made) -> None:
    for lang in LANGUAGES:
        assert "export-" not in "".join(pages_of(made.pdf(lang)))


def test_the_report_sets_contradicting_claims_side_by_side_with_their_sources(made: Made) -> None:
    sheet = report.sheet(made.release, words())
    (firearms,) = [section for section in sheet.sections if section.title == "Firearms"]
    (make,) = [row for row in firearms.blocks[0].rows if row.label == "Make"]  # pyright: ignore[reportAttributeAccessIssue]
    assert [(said.value, said.worked) for said in make.said] == [("Zanmi Fò & Frè", True), ("Glock", False)]
    assert [said.mark for said in make.said] == ["HT B2 TLP:AMBER+STRICT", "HT B2 TLP:AMBER"]
    (sources,) = [section for section in sheet.sections if section.title == "Sources"]
    cited = {row[0].words: row[3].words for row in sources.blocks[0].rows}  # pyright: ignore[reportAttributeAccessIssue]
    assert cited[f"[{make.said[0].n}]"] == "Inspeksyon ladwann 0712"


def test_every_link_in_the_report_says_what_would_refute_it(made: Made) -> None:
    sheet = report.sheet(made.release, words())
    (links,) = [section for section in sheet.sections if section.title == "Links between firearms"]
    lines = links.blocks[0].lines  # pyright: ignore[reportAttributeAccessIssue]
    assert {line.title: line.solid for line in lines}["ballistic lead"] is False
    for line in lines:
        reading, innocent, refute = line.readings
        assert all(len(text.partition(": ")[2]) > 5 for text in (reading, innocent, refute))
        assert line.n


def test_what_was_left_out_is_said_and_not_counted(small: Room) -> None:
    case = Case(small)
    told = " ".join(report.sheet(case.release(), words()).notices)
    assert "Some statements are not releasable to the recipient" in told
    ours = Recipient("HT", "criminal_investigation", TO_DO.today)
    assert case.release(ours).incomplete
    room_of_one = case.make("dealer", {"name": "Arms"}, OURS, reference="x")
    whole = small.look(
        lambda reader: cut(reader, Selection(entities=(room_of_one.id,)), TO_DO, us="HT")
    ).release
    assert "not releasable" not in " ".join(report.sheet(whole, words()).notices)


def test_what_is_invented_says_so_on_every_page_and_in_every_format(small: Room) -> None:
    made = Made(small, synthetic=True)
    assert all("SYNTHETIC" in page for page in pages_of(made.pdf("ht")))
    files = {name: make() for name, make in files_of(made.release) if name != "report"}
    assert b"synthetic" in files["stix"]
    assert files["ftm"].count(b"SYNTHETIC") >= len(made.release.items)
    assert b"SYNTHETIC" in files["csv"]
    assert json.loads(files["statements"])["synthetic"] is True


def test_what_is_not_invented_says_so_nowhere(made: Made) -> None:
    assert not made.release.synthetic
    assert not any("SYNTHETIC" in page for page in pages_of(made.pdf("ht")))
    files = [make() for name, make in files_of(made.release) if name in ("ftm", "stix")]
    assert not any(b"SYNTHETIC" in data or b'"synthetic"]' in data for data in files)


def test_the_report_bears_the_time_of_its_newest_claim(made: Made) -> None:
    assert rfc3339(made.release.at).startswith("2026-11-22T03:47")
    created = pypdf.PdfReader(io.BytesIO(made.pdf())).metadata.creation_date  # pyright: ignore[reportOptionalMemberAccess]
    assert created.isoformat().startswith("2026-11-22T03:47")  # pyright: ignore[reportOptionalMemberAccess]


def test_the_snapshot_is_the_hash_of_the_canonical_content(made: Made) -> None:
    assert made.release.snapshot == hashlib.sha256(made.release.canonical).hexdigest()
    assert json.loads(made.release.canonical)["release"]["to"]["code"] == "DO"


def test_every_kind_has_a_place_in_every_format() -> None:
    """A kind that is added to the schema must be thought of here."""
    assert set(load()) == {
        "firearm", "materiel", "recovery", "dealer", "person", "contact", "contact_use", "acquisition",
        "possession", "consignment", "consigning", "packing", "port", "leg", "ballistic", "figure",
    }  # fmt: skip
    assert {kind.ftm for kind in load().values()} <= set(SCHEMATA) | ftm.ABSTRACT
