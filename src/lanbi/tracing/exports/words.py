"""The words of an export, in the language that it is made in: sentences of ours, labels of the vocabulary."""

import msgspec

from lanbi.core.geo import Area
from lanbi.core.vocabulary import Vocabulary
from lanbi.locales import say
from lanbi.tracing.exports.model import Claim, Item, Release
from lanbi.tracing.handling import ANYONE, Handling
from lanbi.tracing.markings.catalogue import firearm_types, makes, models
from lanbi.tracing.networks.ports import load_ports
from lanbi.tracing.schema import kind_of

NONE = "—"
_area = msgspec.json.Decoder(Area)


def tlp_label(tlp: str) -> str:
    """The label as FIRST writes it, the same in every language: TLP:AMBER+STRICT."""
    return f"TLP:{tlp.replace('_', '+')}"


def area_words(text: str) -> str:
    """A place: its words, then the point in degrees (WGS 84) and how far off it may be."""
    area = _area.decode(text)
    parts = [area.words] if area.words else []
    if area.lat is not None and area.lon is not None:
        parts.append(f"{area.lat:.4f}, {area.lon:.4f} ±{area.radius_m or 0:.0f} m")
    return " · ".join(parts) or NONE


class Words:
    """Words for one reader."""

    def __init__(self, vocabulary: Vocabulary, lang: str) -> None:
        self._vocabulary = vocabulary
        self.lang = lang

    def t(self, key: str, /, **args: object) -> str:
        """A sentence of the catalogue `tracing_exports.ftl`."""
        return say(self.lang, f"export-{key}", **args)

    def label(self, table: str, code: str | None) -> str:
        """What the vocabulary calls it; the code itself where it knows none."""
        term = self._vocabulary.tables.get(table, {}).get(code or "")
        return (code or NONE).replace("_", " ") if term is None else term.labels.get(self.lang, term.code)

    def kind(self, kind: str) -> str:
        return kind_of(kind).labels[self.lang]

    def prop(self, kind: str, prop: str) -> str:
        return kind_of(kind).props[prop].labels[self.lang]

    def flag(self, claim: Claim) -> str:
        """What is doubtful about a value, in words; empty where nothing is."""
        return "" if claim.flag is None else self.label("value_flags", claim.flag)

    def value(self, release: Release, item: Item, claim: Claim) -> str:
        """A claim's value as a person reads it: names instead of codes, references instead of ids."""
        prop = kind_of(item.kind).props[claim.prop]
        target = release.named(claim.target)
        if target is not None:
            return target.ref
        match prop.type:
            case "code":
                return self.label(prop.table, claim.value)
            case "firearm_type":
                found = firearm_types().get(claim.value)
                return claim.value if found is None else found.labels[self.lang]
            case "make":
                make = makes().get(claim.value)
                return claim.value if make is None else make.name
            case "model":
                model = models().get(claim.value)
                return claim.value if model is None else model.name
            case "port":
                port = load_ports().by_code.get(claim.value)
                return claim.value if port is None else f"{port.name} ({port.code})"
            case "area":
                return area_words(claim.value)
        return claim.value

    def head(self, release: Release) -> list[tuple[str, str]]:
        """(label, value): what the export is, from whom, to whom, what for."""
        cases = dict.fromkeys(
            claim.value for item in release.of("recovery") for claim in item.claims_of("case")
        )
        return [
            (self.t("case"), ", ".join(cases) or NONE),
            (self.t("from"), release.us),
            (self.t("to"), release.to.code),
            (self.t("purpose"), self.label("tracing_purposes", release.to.purpose)),
            (self.t("cut-on"), release.to.today),
            (self.t("content"), self.t(
                "content-of", entities=len(release.items), statements=len(release.statements),
                sources=len(set(release.numbers.values())),
            )),
            (self.t("snapshot"), release.snapshot),
        ]  # fmt: skip

    def rules(self, handling: Handling) -> tuple[str, str, str, str]:
        """(who may have it, what for, whether it may be passed on, until when) in words."""
        anyone = ANYONE in handling.releasable
        to = self.t("anyone") if anyone else ", ".join(handling.releasable) or NONE
        purposes = [self.label("tracing_purposes", code) for code in handling.purposes]
        return (
            to,
            ", ".join(purposes) or self.t("any-purpose"),
            self.t("onward-yes") if handling.onward else self.t("onward-no"),
            handling.review_on or NONE,
        )

    def caveat(self, handling: Handling) -> str:
        """The rules of one originator in a line."""
        to, purposes, onward, review = self.rules(handling)
        line = f"{handling.originator} · {tlp_label(handling.tlp)} · {to} · {purposes} · {onward}"
        return line if handling.review_on is None else f"{line} · {self.t('review')} {review}"
