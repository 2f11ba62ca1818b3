"""How well a Kreyòl name finds its place among 10,908 others, by sound alone.

Run `uv run python tests/places/kreyol_holdout.py` with the real data beside the repository. Pairs come from
the gazetteer’s own `name_ht` and `alt_ht`; the index holds the French, English and Spanish names only, never
the Kreyòl ones. The rules of `fold` were tuned on the pairs whose id hashes to an even number; the other
half is what counts. Found is: a place that bears the same French or default name.
"""

import csv
import hashlib
from pathlib import Path
from typing import NamedTuple

from lanbi.places.fold import plain
from lanbi.places.index import Gazetteer
from lanbi.places.model import Place
from lanbi.places.terms import aliases, kind_of, kinds

GAZETTEER = (
    Path(__file__).resolve().parents[3] / "shared" / "data" / "haiti_gazetteer" / "wof_haiti_places.csv"
)
CITIES = GAZETTEER.with_name("geonames_ht_cities500.csv")


class Score(NamedTuple):
    """Shares of `pairs`."""

    pairs: int
    at_1: float
    at_5: float


def tuned_on(row_id: str) -> bool:
    return hashlib.sha256(row_id.encode()).digest()[0] % 2 == 0


def spellings(row: dict[str, str], lang: str) -> list[str]:
    return [name for name in (row[f"name_{lang}"], *row[f"alt_{lang}"].split("|")) if name]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def index_of(rows: list[dict[str, str]], *, with_aliases: bool) -> tuple[Gazetteer, dict[str, Place]]:
    places = [
        Place(
            id=row["wof_id"],
            kind=kind_of(row["placetype"]) or "locality",
            name=row["name"],
            names={lang: found for lang in ("fr", "en", "es") if (found := spellings(row, lang))},
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            population=int(float(row["population"])) if row["population"] else None,
        ).sounded()
        for row in rows
    ]
    rank = {code: kind.rank for code, kind in kinds().items()}
    return Gazetteer(places, rank=rank, aliases=aliases() if with_aliases else {}), {p.id: p for p in places}


def pairs_of(rows: list[dict[str, str]], *, held_out: bool) -> list[tuple[str, frozenset[str]]]:
    """(Kreyòl spelling, plain names that count as found)."""
    out = []
    for row in rows:
        if tuned_on(row["wof_id"]) != held_out:
            wanted = frozenset(plain(name) for name in (row["name"], *spellings(row, "fr")))
            out += [(spoken, wanted) for spoken in spellings(row, "ht")]
    return out


def pairs_of_cities(rows: list[dict[str, str]], *, held_out: bool) -> list[tuple[str, frozenset[str]]]:
    """The same of GeoNames, which names no language: a spelling counts as Kreyòl by its letters."""
    out = []
    for row in rows:
        if tuned_on(row["geonameid"]) == held_out:
            continue
        wanted = frozenset(
            plain(n) for n in (row["name"], *row["alternatenames"].split("|")) if not kreyol(n)
        )
        out += [(n, wanted) for n in row["alternatenames"].split("|") if kreyol(n) and wanted]
    return out


def kreyol(name: str) -> bool:
    low = name.lower()
    return (
        all(ord(c) < 0x250 for c in low)
        and any(c in low for c in "kwòè")
        and not any(c in low.replace("ch", "") for c in "cqxj'zâîêô")
        and not low.startswith("ville")
    )


def measure(gazetteer: Gazetteer, pairs: list[tuple[str, frozenset[str]]]) -> Score:
    first = five = 0
    for spoken, wanted in pairs:
        found = gazetteer.search(spoken, limit=5)
        right = [bool(wanted & {plain(name) for name in match.place.all_names()}) for match in found]
        first += right[:1] == [True]
        five += any(right)
    n = max(1, len(pairs))
    return Score(len(pairs), first / n, five / n)


def main() -> None:
    rows, cities = rows_of(GAZETTEER), rows_of(CITIES)
    for with_aliases in (False, True):
        gazetteer, _ = index_of(rows, with_aliases=with_aliases)
        for held_out in (False, True):
            for what, pairs in (
                ("gazetteer", pairs_of(rows, held_out=held_out)),
                ("geonames", pairs_of_cities(cities, held_out=held_out)),
            ):
                score = measure(gazetteer, pairs)
                print(  # noqa: T201
                    f"{what:10s} {'held out' if held_out else 'tuned on':9s}"
                    f" {'with aliases' if with_aliases else 'sound alone':13s} pairs {score.pairs:4d}"
                    f"  recall@1 {score.at_1:.1%}  recall@5 {score.at_5:.1%}"
                )


if __name__ == "__main__":
    main()
