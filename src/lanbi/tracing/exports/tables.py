"""Tables for a spreadsheet: a zip with one CSV a kind, one of all statements, and the rules in words.

UTF-8 with its mark, so that a spreadsheet reads accents; every cell quoted; what a spreadsheet would take
for a formula begins with an apostrophe. Nothing of the machine is in the zip: the same cut gives the same
bytes.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

from lanbi.core.time import rfc3339
from lanbi.tracing.exports.model import Claim, Item, Release
from lanbi.tracing.exports.words import Words, area_words, tlp_label
from lanbi.tracing.schema import kind_of

# A spreadsheet takes these at the beginning of a cell for a formula, some of them also in their wide form.
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
CONTROL = ("\t", "\r", "\n")
BETWEEN = " | "
SEPARATOR = ","
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o644 << 16


def cell(text: str) -> str:
    """The text as it can stand in a cell: with an apostrophe before what would be computed."""
    if text.startswith(CONTROL) or text.lstrip().startswith(FORMULA):
        return f"'{text}"
    return text


def render(release: Release, words: Words) -> bytes:
    """The zip. Files are stored, not packed, in the order of their names."""
    files = {"HANDLING.txt": _handling(release, words)}
    for kind in dict.fromkeys(item.kind for item in release.items):
        files[f"{kind}.csv"] = _kind(release, kind)
    files["statements.csv"] = _statements(release)
    files["sources.csv"] = _sources(release)
    if release.same:
        files["judgements.csv"] = _same(release)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.external_attr = PLAIN_FILE
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return target.getvalue()


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=SEPARATOR, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(text) for text in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _shown(release: Release, kind: str, claim: Claim) -> str:
    """Its value; of what names an entity, the reference; of a place, its words and its point."""
    target = release.named(claim.target)
    if target is not None:
        return target.ref
    return area_words(claim.value) if kind_of(kind).props[claim.prop].type == "area" else claim.value


def _kind(release: Release, kind: str) -> bytes:
    """A row an entity, a column a property; contradicting claims side by side, what is worked with first."""
    items = release.of(kind)
    props = [prop for prop in kind_of(kind).props if any(item.claims_of(prop) for item in items)]
    rows = [
        [
            item.ref,
            item.id,
            *(
                BETWEEN.join(dict.fromkeys(_shown(release, kind, claim) for claim in item.claims_of(prop)))
                for prop in props
            ),
            _mark(release, item),
        ]
        for item in items
    ]
    return _csv(["ref", "id", *props, "synthetic"], rows)


def _mark(release: Release, item: Item) -> str:
    invented = {source.id for source in release.sources if source.synthetic}
    return "SYNTHETIC" if any(claim.source in invented for claim in item.claims) else ""


def _statements(release: Release) -> bytes:
    columns = [
        *(
            "ref",
            "kind",
            "property",
            "value",
            "as_written",
            "flag",
            "worked_with",
            "source",
            "originator",
            "grade",
        ),
        *("tlp", "releasable_to", "purposes", "may_be_passed_on", "review_by", "recorded_at", "statement_id"),
        "entity_id",
    ]
    grades = {source.id: source.grade for source in release.sources}
    rows = [
        [
            item.ref,
            item.kind,
            claim.prop,
            _shown(release, item.kind, claim),
            claim.original or "",
            claim.flag or "",
            "yes" if claim.worked else "no",
            str(release.numbers[claim.source]),
            claim.handling.originator,
            grades[claim.source],
            tlp_label(claim.handling.tlp),
            " ".join(claim.handling.releasable),
            " ".join(claim.handling.purposes),
            "yes" if claim.handling.onward else "no",
            claim.handling.review_on or "",
            rfc3339(claim.said_at),
            claim.id,
            item.id,
        ]
        for item in release.items
        for claim in item.claims
    ]
    return _csv(columns, rows)


def _sources(release: Release) -> bytes:
    return _csv(
        ["number", "kind", "originator", "reference", "grade", "received_on", "synthetic", "id"],
        (
            [
                str(source.n),
                source.kind,
                source.originator,
                source.reference,
                source.grade,
                source.received_on,
                "SYNTHETIC" if source.synthetic else "",
                source.id,
            ]
            for source in release.sources
        ),
    )


def _same(release: Release) -> bytes:
    return _csv(
        ["one", "other", "verdict", "judged_at", "id"],
        (
            [release.by_id[one.left].ref, release.by_id[one.right].ref, one.verdict, rfc3339(one.at), one.id]
            for one in release.same
        ),
    )


def _handling(release: Release, words: Words) -> bytes:
    """The rules, for whoever opens the zip first."""
    lines = [tlp_label(release.tlp), ""]
    if release.synthetic:
        lines += [words.t("synthetic-note"), ""]
    lines += [words.t("pair", label=label, value=value) for label, value in words.head(release)]
    lines += ["", words.t("caveats"), *(f"- {words.caveat(one)}" for one in release.caveats)]
    lines += ["", words.t("tlp-note")]
    if release.incomplete:
        lines += ["", words.t("incomplete")]
    lines += ["", words.t("csv-note")]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
