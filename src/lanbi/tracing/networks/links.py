"""From observed facts to typed links between recovered firearms, each with its reason, weight and facts.

A weight is a log-likelihood ratio in nats: a link of 7 is about 1,100 times likelier between two guns of one
network than between two unrelated ones. *Evidenced*: documents say the tie itself (both traces name the same
purchaser). *Inferred*: we conclude it from a coincidence (same dealer, same week); it can be left out.

Only facts tied to recovered firearms are read. Nothing is known here of a person but that two facts name the
same one: no attribute, and no score of a person.

Links are columns, so that a million are no burden. What n guns share gives all pairs up to
`grounds.CLIQUE_GUNS_MAX` guns, and beyond that a chain in order of time.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

from lanbi.tracing.networks import grounds, series
from lanbi.tracing.networks.facts import Background, Facts, Table

Evidence = Literal["evidenced", "inferred"]
KINDS = (
    *("purchaser", "report", "theft", "consignment", "bill", "ballistic_confirmed"),
    *("co_purchase", "serials", "container", "address", "phone", "ballistic_lead"),
)
EVIDENCED = 6  # how many of KINDS, from the first, are evidenced
CODE = {name: at for at, name in enumerate(KINDS)}
# Kinds that tell of one and the same event count once for a pair: the heaviest of each family.
FAMILY = np.array([0, 0, 0, 1, 1, 2, 0, 0, 1, 3, 3, 2])
FAMILIES = 4


class Link(msgspec.Struct, frozen=True):
    """One link as a person is shown it. `about`: what the two share (P-31, C-0412, a dealer, a make and
    series); `guns`: how many guns share it, or holders a contact, or sales a dealer; `apart`: days or serials
    between the two, where that counts."""

    left: str
    right: str
    kind: str
    evidence: Evidence
    weight: float
    about: str
    guns: int
    apart: int | None
    facts: tuple[str, ...]


class Links(msgspec.Struct, frozen=True):
    """Links in columns of equal length; `left` < `right` are places in `firearms`, `about` in `shared`,
    `facts` (four columns, −1 is none) in `fact_ids`; `apart` −1 is none."""

    firearms: tuple[str, ...]
    shared: tuple[str, ...]
    fact_ids: tuple[str, ...]
    left: np.ndarray
    right: np.ndarray
    kind: np.ndarray
    about: np.ndarray
    weight: np.ndarray
    guns: np.ndarray
    apart: np.ndarray
    facts: np.ndarray

    def __len__(self) -> int:
        return len(self.left)

    def link(self, at: int) -> Link:
        """The link in row `at`, readable."""
        kind, apart = int(self.kind[at]), int(self.apart[at])
        return Link(
            self.firearms[self.left[at]],
            self.firearms[self.right[at]],
            KINDS[kind],
            "evidenced" if kind < EVIDENCED else "inferred",
            float(self.weight[at]),
            self.shared[self.about[at]],
            int(self.guns[at]),
            None if apart < 0 else apart,
            tuple(self.fact_ids[one] for one in self.facts[at] if one >= 0),
        )

    def where(self, keep: np.ndarray) -> "Links":
        """The links of a mask or of row numbers; firearms and facts keep their places."""
        columns = ("left", "right", "kind", "about", "weight", "guns", "apart", "facts")
        return msgspec.structs.replace(self, **{name: getattr(self, name)[keep] for name in columns})

    def of_kinds(self, kinds: Sequence[str]) -> "Links":
        """Only links of these kinds."""
        return self.where(np.isin(self.kind, [CODE[name] for name in kinds]))

    def evidenced(self) -> "Links":
        """Without what is inferred."""
        return self.where(self.kind < EVIDENCED)


def find(facts: Facts, weights: grounds.Weights = grounds.WEIGHTS, among: Background | None = None) -> Links:
    """All links that the facts give. Deterministic; near-linear in the number of facts.

    `among`: how common things are, where `facts` are only of some guns; without it, the facts themselves say.
    Facts that speak of a firearm which `facts.marked` does not list are passed over: links stand between
    recovered firearms only. Raises ValueError for a firearm marked twice.
    """
    table = Table(facts, among)
    found = [
        *grounds.sales(table, weights),
        *grounds.shipments(table, weights),
        *grounds.contacts(table, weights),
        *series.serials(table, weights),
        *grounds.ballistics(table, weights),
    ]
    return _joined(table, [one for one in found if len(one.left)])


def _joined(table: Table, found: Sequence[grounds.Found]) -> Links:
    shared: dict[str, int] = {}
    about = [
        np.array([shared.setdefault(name, len(shared)) for name in one.names], dtype=np.int64)[one.about]
        for one in found
    ]

    def column(name: str, dtype: type) -> np.ndarray:
        parts = [getattr(one, name) for one in found]
        return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype)

    left, right = column("left", np.int64), column("right", np.int64)
    kinds = [np.full(len(one.left), CODE[one.kind]) for one in found]
    links = Links(
        table.firearms,
        tuple(shared),
        table.fact_ids,
        np.minimum(left, right),
        np.maximum(left, right),
        np.concatenate(kinds).astype(np.int8) if kinds else np.zeros(0, np.int8),
        np.concatenate(about) if about else np.zeros(0, np.int64),
        column("weight", np.float64),
        column("guns", np.int32),
        column("apart", np.int64),
        np.concatenate([one.facts for one in found]) if found else np.zeros((0, 4), np.int64),
    )
    return links.where(np.lexsort((links.about, links.kind, links.right, links.left)))
