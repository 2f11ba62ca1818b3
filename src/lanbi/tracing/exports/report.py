"""The case report: a release as a person reads it, with every claim's source beside it."""

from collections.abc import Iterable, Sequence

import msgspec

from lanbi.tracing.exports.model import Claim, Item, Release
from lanbi.tracing.exports.sheet import (
    Cell,
    Claims,
    Column,
    Field,
    Row,
    Said,
    Section,
    Sheet,
    Table,
    TieLine,
    TieLines,
)
from lanbi.tracing.exports.ties import Spell, Tie, cites, spells, ties, timeline
from lanbi.tracing.exports.words import NONE, Words, tlp_label
from lanbi.tracing.networks.ach import template
from lanbi.tracing.schema import kind_of

TEMPLATE = "tracing_report"
REFS_SHOWN_MAX = 24
SHORT_PROPS_MAX = 4
FRAME = ("page", "snapshot", "synthetic", "rules")
_MACHINE = frozenset({"serial", "container", "photo"})
_JOINTS_OF_ROUTES = frozenset({"leg"})

_encoder = msgspec.json.Encoder()


def content(release: Release, words: Words) -> bytes:
    """What the template prints, as JSON."""
    return _encoder.encode(sheet(release, words))


def sheet(release: Release, words: Words) -> Sheet:
    """The report, section by section; a section without anything to say is not there."""
    w = _Writer(release, words)
    sections = (
        w.claims("recoveries", "recovery"),
        w.claims("firearms", "firearm"),
        w.claims("things", *(kind for kind in _nodes(release) if kind not in ("recovery", "firearm"))),
        w.joints(),
        w.timeline(),
        w.routes(),
        w.ties(),
        w.spells(),
        w.same(),
        w.sources(),
    )
    notices = [words.t("tlp-note")]
    if release.synthetic:
        notices.insert(0, words.t("synthetic-note"))
    if release.incomplete:
        notices.append(words.t("incomplete"))
    return Sheet(
        lang=words.lang,
        title=words.t("title"),
        case=words.head(release)[0][1],
        site=release.us,
        tlp=tlp_label(release.tlp),
        only=words.t(
            "only-for", to=release.to.code, purpose=words.label("tracing_purposes", release.to.purpose)
        ),
        snapshot=release.snapshot,
        synthetic=release.synthetic,
        frame={name: words.t(f"frame-{name}") for name in FRAME},
        head=tuple(Field(label, value) for label, value in words.head(release)),
        notices=tuple(notices),
        rules=w.rules(),
        sections=tuple(section for section in sections if section is not None),
    )


def _nodes(release: Release) -> list[str]:
    """The kinds in it that are things, and published figures; what joins things has a section of its own."""
    kinds = dict.fromkeys(item.kind for item in release.items)
    return [kind for kind in kinds if kind_of(kind).node or not kind_of(kind).edges]


class _Writer:
    """Writes the sections of one release, for one reader."""

    def __init__(self, release: Release, words: Words) -> None:
        self._release = release
        self._words = words
        self._grades = {source.id: source.grade for source in release.sources}
        self._spells = {spell.firearm.id: spell for spell in spells(release)}

    def _t(self, key: str, /, **args: object) -> str:
        return self._words.t(key, **args)

    def _table(
        self, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[Cell]], *, note: str = ""
    ) -> Table:
        """`columns`: (name of its label, share of the width; below zero for figures, set to the right)."""
        return Table(
            columns=tuple(
                Column(self._t(name) if name else "", abs(width), "end" if width < 0 else "start")
                for name, width in columns
            ),
            rows=tuple(tuple(row) for row in rows),
            note=note,
        )

    # -- rules and sources -------------------------------------------------------------------

    def rules(self) -> Table:
        """The originators' rules in it."""
        rows = []
        for one in self._release.caveats:
            to, purposes, onward, review = self._words.rules(one)
            rows.append(
                [
                    Cell(one.originator),
                    Cell(tlp_label(one.tlp)),
                    Cell(to),
                    Cell(purposes),
                    Cell(onward),
                    Cell(review),
                ]
            )
        columns = (
            ("originator", 0.8),
            ("label", 1.3),
            ("releasable", 1),
            ("may-be-used", 1.6),
            ("onward", 1.6),
            ("review", 0.9),
        )
        return self._table(columns, rows)

    def sources(self) -> Section | None:
        """All sources cited, by number."""
        rows = [
            [
                Cell(f"[{source.n}]"),
                Cell(self._words.label("source_kinds", source.kind)),
                Cell(source.originator),
                Cell(source.reference),
                Cell(source.grade),
                Cell(source.received_on),
                Cell(self._t("frame-synthetic") if source.synthetic else ""),
            ]
            for source in {source.n: source for source in self._release.sources}.values()
        ]
        columns = (
            ("number", 0.5), ("source-kind", 1.3), ("originator", 0.8), ("reference", 2.4), ("grade", 0.6),
            ("received", 0.9), ("", 0.9),
        )  # fmt: skip
        return self._section(
            "sources", [self._table(columns, rows, note=self._t("grade-note"))] if rows else []
        )

    def _section(
        self, key: str, blocks: Sequence[Claims | Table | TieLines], *, note: str = ""
    ) -> Section | None:
        return Section(title=self._t(f"part-{key}"), note=note, blocks=tuple(blocks)) if blocks else None

    # -- claims --------------------------------------------------------------------------------

    def claims(self, key: str, *kinds: str) -> Section | None:
        """Entities of these kinds, each with all that is said of it."""
        items = [item for kind in kinds for item in self._release.of(kind)]
        short = [item for item in items if key == "things" and self._is_short(item)]
        blocks: list[Claims | Table | TieLines] = [
            Claims(
                ref=item.ref,
                kind=self._words.kind(item.kind),
                rows=tuple(self._rows(item)),
                facts=tuple(self._computed(item)),
            )
            for item in items
            if item not in short
        ]
        contested = any(self._contested(item, claim.prop) for item in items for claim in item.claims)
        note = self._t("contested-note") if contested else ""
        return self._section(key, [*blocks, *self._joined(short)], note=note)

    def _contested(self, item: Item, prop: str) -> bool:
        """Whether sources contradict each other on it."""
        many = kind_of(item.kind).props[prop].many
        return not many and len({claim.value for claim in item.claims_of(prop)}) > 1

    def _is_short(self, item: Item) -> bool:
        """Whether all that is said of it fits a line."""
        props = {claim.prop for claim in item.claims}
        return len(props) <= SHORT_PROPS_MAX and not any(self._contested(item, prop) for prop in props)

    def _rows(self, item: Item) -> Iterable[Row]:
        for prop in dict.fromkeys(claim.prop for claim in item.claims):
            said = item.claims_of(prop)
            contested = self._contested(item, prop)
            yield Row(
                self._words.prop(item.kind, prop),
                tuple(self._said(item, claim, contested=contested) for claim in said),
            )

    def _said(self, item: Item, claim: Claim, *, contested: bool) -> Said:
        notes = []
        if claim.original is not None:
            notes.append(self._t("as-written", words=claim.original))
        if claim.flag is not None:
            notes.append(self._words.flag(claim))
        return Said(
            value=self._words.value(self._release, item, claim),
            n=self._release.numbers[claim.source],
            note=" · ".join(notes),
            mark=f"{claim.handling.originator} {self._grades[claim.source]} {tlp_label(claim.handling.tlp)}",
            worked=claim.worked if contested else None,
            machine=kind_of(item.kind).props[claim.prop].type in _MACHINE,
        )

    def _computed(self, item: Item) -> Iterable[Field]:
        spell = self._spells.get(item.id)
        if spell is not None:
            yield Field(self._t("ttc"), self._days(spell))

    # -- what joins, where and when ---------------------------------------------------------------

    def joints(self) -> Section | None:
        """Sales, possessions, comparisons: what joins the things above."""
        items = [
            item
            for item in self._release.items
            if kind_of(item.kind).edges and item.kind not in _JOINTS_OF_ROUTES
        ]
        return self._section("joints", self._joined(items))

    def routes(self) -> Section | None:
        """The legs of the consignments."""
        legs = sorted(
            self._release.of("leg"),
            key=lambda leg: (
                leg.value("consignment") or "",
                leg.value("departed") or leg.value("arrived") or "9",
            ),
        )
        rows = []
        for leg in legs:
            consignment = self._release.named(leg.value("consignment"))
            rows.append(
                [
                    Cell(leg.ref),
                    Cell(NONE if consignment is None else consignment.ref),
                    Cell(self._port(leg, "origin"), tuple(cites(self._release, [leg], ["origin"]))),
                    Cell(self._port(leg, "destination"), tuple(cites(self._release, [leg], ["destination"]))),
                    self._cell(leg, "departed"),
                    self._cell(leg, "arrived"),
                    self._cell(leg, "mode"),
                ]
            )
        columns = (
            ("ref", 0.6), ("consignment", 0.8), ("leg-from", 1.7), ("leg-to", 1.7), ("departed", 1.1),
            ("arrived", 1.1), ("mode", 0.9),
        )  # fmt: skip
        return self._section("routes", [self._table(columns, rows)] if rows else [])

    def _port(self, leg: Item, end: str) -> str:
        """Every place that is named for this end of the leg."""
        names = []
        for claim in leg.claims_of(end):
            port = self._release.named(claim.target)
            codes = [] if port is None else port.claims_of("code")
            if port is not None:
                names += [self._words.value(self._release, port, code) for code in codes] or [port.ref]
        return " / ".join(dict.fromkeys(names)) or NONE

    def _cell(self, item: Item, prop: str) -> Cell:
        said = item.claims_of(prop)
        values = dict.fromkeys(self._words.value(self._release, item, claim) for claim in said)
        return Cell(
            " / ".join(values) or NONE,
            tuple(dict.fromkeys(self._release.numbers[one.source] for one in said)),
        )

    def _joined(self, items: Sequence[Item]) -> list[Claims | Table | TieLines]:
        rows = []
        for item in items:
            marks = dict.fromkeys(
                f"{claim.handling.originator} {self._grades[claim.source]} {tlp_label(claim.handling.tlp)}"
                for claim in item.claims
            )
            parts = [
                self._t("pair", label=self._words.prop(item.kind, prop), value=self._cell(item, prop).words)
                for prop in dict.fromkeys(claim.prop for claim in item.claims)
            ]
            written = [
                self._t("as-written", words=claim.original)
                for claim in item.claims
                if claim.original is not None
            ]
            rows.append(
                [
                    Cell(item.ref),
                    Cell(self._words.kind(item.kind)),
                    Cell(" · ".join([*parts, *written]), tuple(cites(self._release, [item]))),
                    Cell("\n".join(marks)),
                ]
            )
        columns = (("ref", 0.6), ("what", 1), ("details", 4.4), ("rules-of", 1.9))
        return [self._table(columns, rows)] if rows else []

    def timeline(self) -> Section | None:
        """All that has a date, in order."""
        rows = []
        for moment in timeline(self._release):
            item = moment.item
            about = self._hanging(item) or [
                target.ref
                for claim in item.claims
                if claim.worked and (target := self._release.named(claim.target)) is not None
            ]
            what = f"{self._words.kind(item.kind)} {item.ref}"
            if item.kind == "leg":
                what = f"{what}, {self._words.prop('leg', moment.prop).lower()}"
            joined = ", ".join(dict.fromkeys(about))
            rows.append(
                [
                    Cell(moment.on, tuple(cites(self._release, [item], [moment.prop]))),
                    Cell(what),
                    Cell(joined or NONE),
                ]
            )
        columns = (("date", 1), ("what", 2.2), ("concerns", 3))
        return self._section("timeline", [self._table(columns, rows)] if rows else [])

    def _hanging(self, item: Item) -> list[str]:
        """What was found in a recovery, by reference."""
        if item.kind != "recovery":
            return []
        return [
            one.ref for one in self._release.of("firearm", "materiel") if one.value("recovery") == item.id
        ]

    # -- what is concluded ---------------------------------------------------------------------------

    def ties(self) -> Section | None:
        """What ties the firearms, with the innocent readings and what would refute the other."""
        found, left = ties(self._release)
        if not found:
            return None
        lines = TieLines(
            lines=tuple(self._tie(tie) for tie in found),
            solid=self._t("evidenced"),
            dashed=self._t("inferred"),
        )
        note = self._t("ties-note")
        if left:
            note = f"{note} {self._t('ties-more', count=left)}"
        return self._section("ties", [lines], note=note)

    def _tie(self, tie: Tie) -> TieLine:
        shared = self._release.named(tie.about)
        readings = template(tie.kind)
        innocent = [one.hypothesis.code for one in readings if one.hypothesis.innocent]
        other = [one for one in readings if not one.hypothesis.innocent]
        refuted = dict.fromkeys(code for one in other for code in one.refuted_by)
        low, high = tie.likelier
        return TieLine(
            solid=tie.evidence == "evidenced",
            title=self._words.label("link_reasons", tie.kind),
            between=self._refs(tie.firearms),
            shares=tie.about if shared is None else shared.ref,
            strength=self._t("likelier", times=_figures(high))
            if low == high
            else self._t("likelier-range", low=_figures(low), high=_figures(high)),
            n=tuple(cites(self._release, [item for key in tie.on if (item := self._release.named(key))])),
            readings=(
                self._reading("reading", "hypotheses", [one.hypothesis.code for one in other]),
                self._reading("innocent", "hypotheses", innocent),
                self._reading("refute", "link_refutations", refuted),
            ),
        )

    def _reading(self, key: str, table: str, codes: Iterable[str]) -> str:
        words = "; ".join(self._words.label(table, code) for code in codes) or NONE
        return self._t("pair", label=self._t(key), value=words)

    def _refs(self, ids: Sequence[str]) -> str:
        refs = [item.ref for key in ids if (item := self._release.named(key)) is not None]
        shown = ", ".join(refs[:REFS_SHOWN_MAX])
        more = len(refs) - REFS_SHOWN_MAX
        return shown if more <= 0 else f"{shown}, {self._t('and-more', count=more)}"

    def spells(self) -> Section | None:
        """Time to crime of each firearm, with the denominator."""
        if not self._spells:
            return None
        timed = [spell for spell in self._spells.values() if spell.days is not None]
        rows = [
            [
                Cell(spell.firearm.ref),
                Cell(NONE, ()) if spell.sale is None else self._cell(spell.sale, "date"),
                self._recovered(spell),
                Cell(self._days(spell)),
            ]
            for spell in self._spells.values()
        ]
        columns = (("firearm", 0.8), ("sold", 1.4), ("recovered", 1.4), ("ttc", 2.4))
        note = self._t("ttc-note", timed=len(timed), all=len(self._spells))
        return self._section("spells", [self._table(columns, rows, note=note)])

    def _recovered(self, spell: Spell) -> Cell:
        recovery = self._release.named(spell.firearm.value("recovery"))
        return Cell(NONE) if recovery is None else self._cell(recovery, "date")

    def _days(self, spell: Spell) -> str:
        if spell.days is None:
            return self._t(f"ttc-{(spell.why_not or '').replace('_', '-')}")
        least, most = spell.days
        return (
            self._t("days", days=str(least), count=least)
            if least == most
            else self._t("days-range", low=str(least), high=str(most))
        )

    def same(self) -> Section | None:
        """Our own word on who is who."""
        rows = []
        for one in self._release.same:
            left, right = self._release.by_id[one.left], self._release.by_id[one.right]
            verdict = self._words.label("judgement_verdicts", one.verdict)
            rows.append([Cell(left.ref), Cell(right.ref), Cell(verdict)])
        columns = (("one", 1), ("other", 1), ("verdict", 2))
        return self._section("same", [self._table(columns, rows, note=self._t("same-note"))] if rows else [])


def _figures(number: int) -> str:
    """Figures in groups of three, by a narrow space as in all four languages' science."""
    return f"{number:,}".replace(",", "\u202f")
