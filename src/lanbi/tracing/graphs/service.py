"""The workspace of an analyst: from a seizure outward, step by step, every edge with its evidence."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

import msgspec

from lanbi.core.access import Actor
from lanbi.core.errors import Malformed, NotFound
from lanbi.core.geo import Area
from lanbi.core.ports import Reader, Tx
from lanbi.tracing import sql as root_sql
from lanbi.tracing.graphs import sql
from lanbi.tracing.graphs.events import LinkRated
from lanbi.tracing.graphs.facts import of_firearms
from lanbi.tracing.graphs.model import (
    EXPANDED_MAX,
    HUB_EDGES_MIN,
    HUB_RARE_MAX,
    NEIGHBOURS_MAX,
    NODES_FIRST,
    NODES_MAX,
    STOPS,
    Edge,
    EdgeEvidence,
    Node,
    Site,
    Span,
    Step,
    Stop,
    Stretch,
    Workspace,
    code_of,
    confidence_of,
    detail_of,
    edge_id,
    inferred_id,
    range_of,
)
from lanbi.tracing.graphs.routes import likely_stretches
from lanbi.tracing.graphs.rows import EvidenceRow, GroundRow, HypothesisRow, ItemRow, LinkRow
from lanbi.tracing.graphs.sql import Entities
from lanbi.tracing.graphs.weighing import RATINGS, Ground, Matrix, grounds_of, weigh
from lanbi.tracing.model import UNGRADED, Entity, Source, Statement
from lanbi.tracing.networks.ach import template
from lanbi.tracing.networks.facts import Background
from lanbi.tracing.networks.links import Link, Links, find
from lanbi.tracing.networks.ports import load_ports
from lanbi.tracing.rows import source_row, statement_row
from lanbi.tracing.service import PERSONAL_KINDS, Tracing

_area = msgspec.json.Decoder(Area)
RequestSpans = Callable[[Reader, Sequence[str]], Iterable[Span]]
NetworkOf = Callable[[str], str | None]
BackgroundOf = Callable[[], Background | None]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What an edge stands on: claims with their sources, or the link that was inferred from facts."""

    statements: list[Statement]
    sources: list[Source]
    link: Link | None


class Graphs:
    """Reads the graph; writes only how somebody weighs a link."""

    def __init__(
        self,
        tracing: Tracing,
        *,
        requests: RequestSpans,
        network_of: NetworkOf,
        background: BackgroundOf = lambda: None,
    ) -> None:
        """`requests`: the trace requests of firearms on the time axis. `network_of`: the network that a
        firearm was found to belong to, by the last search for networks. `background`: how common things are
        among all firearms, so that a coincidence can be weighed."""
        self._tracing = tracing
        self._requests = requests
        self._network_of = network_of
        self._background = background

    def counts(self, reader: Reader, actor: Actor, entity_id: str) -> dict[str, int]:
        """How many neighbours of each kind there are, before anything is fetched."""
        self._tracing.gate.require(actor, "tracing.see")
        entity = root_sql.get(reader, entity_id)
        total: dict[str, int] = {}
        for member in sql.member_ids(reader, entity.canonical):
            for kind, count in sql.counts(reader, member).items():
                total[kind] = total.get(kind, 0) + count
        return total

    def workspace(
        self, reader: Reader, actor: Actor, root_id: str, *, expand: Sequence[str] = (), inferred: bool = True
    ) -> Workspace:
        """The network around a root, with the nodes of `expand` opened, at most `NODES_MAX` of them.

        Raises `NotFound("tracing-none")`, `Malformed("tracing-expand-many")`.
        """
        self._tracing.gate.require(actor, "tracing.see")
        if len(expand) > EXPANDED_MAX:
            raise Malformed("tracing-expand-many", limit=EXPANDED_MAX, given=len(expand))
        walk = _Walk(reader)
        root = root_sql.get(reader, root_id).canonical
        walk.open(root, opened=True)
        walk.outward(NODES_FIRST)
        for entity_id in expand:
            entity = root_sql.get(reader, entity_id)
            walk.open(entity.canonical, opened=True)
        edges = walk.edges()
        firearms = [node.id for node in walk.nodes() if node.kind == "firearm"]
        if inferred:
            edges += [_inferred_edge(link) for link in self._inferred(reader, firearms)]
        nodes = [self._node(walk, entity) for entity in walk.nodes()]
        legs = walk.legs()
        start = root_sql.get(reader, root)
        if inferred and start.kind == "recovery":
            legs += likely_stretches(reader, start, legs)
        return Workspace(
            root=root,
            nodes=nodes,
            edges=edges,
            times=[*walk.times(), *self._requests(reader, firearms)],
            legs=legs,
            sites=walk.sites(),
            shown=len(nodes),
            total=len(nodes) + sum(node.more for node in nodes),
            synthetic=sql.holds_synthetic(reader),
        )

    def _node(self, walk: "_Walk", entity: Entity) -> Node:
        behind = walk.behind(entity.id)
        return Node(
            id=entity.id,
            kind=entity.kind,
            ref=entity.ref,
            title=entity.ref,
            detail=detail_of(entity),
            code=code_of(entity),
            date=entity.value("date"),
            sealed=entity.kind in PERSONAL_KINDS,
            folded=behind if walk.is_hub(entity.id) and behind else None,
            more=behind,
            network=self._network_of(entity.id) if entity.kind == "firearm" else None,
        )

    def _inferred(self, reader: Reader, firearms: Sequence[str]) -> list[Link]:
        links = find(of_firearms(reader, firearms), among=self._background())
        found = [links.link(at) for at in range(len(links))]
        return [link for link in found if link.evidence == "inferred" and link.kind != "ballistic_lead"]

    def evidence(self, reader: Reader, actor: Actor, key: str) -> Evidence:
        """What an edge of a workspace stands on, by its id.

        Raises `NotFound("tracing-edge-none")` where it stands no more.
        """
        self._tracing.gate.require(actor, "tracing.see")
        parts = key.split("~")
        if len(parts) != 4:
            raise Malformed("tracing-edge-unreadable", given=key[:60])
        left, kind, right, via = parts
        if via == "inferred":
            found = [link for link in self._inferred(reader, [left, right]) if link.kind == kind]
            if not found:
                raise NotFound("tracing-edge-none")
            ids = list(dict.fromkeys(fact.partition("/")[0] for fact in found[0].facts))
            statements = [
                said for fact in ids for said in root_sql.statements_of(reader, fact) if said.stands
            ]
            return Evidence(statements=statements, sources=_sources(reader, statements), link=found[0])
        entity = root_sql.get(reader, via)
        statements = [said for said in root_sql.statements_of(reader, entity.id) if said.stands]
        if "." in kind and entity.kind == kind.split(".")[0] and kind.count(".") == 1:
            statements = [said for said in statements if said.prop == kind.split(".")[1]]
        if not statements:
            raise NotFound("tracing-edge-none")
        return Evidence(statements=statements, sources=_sources(reader, statements), link=None)

    def evidence_row(self, reader: Reader, actor: Actor, key: str) -> EvidenceRow:
        """The same, as the API answers it in the actor's language; sealed values stay null."""
        found = self.evidence(reader, actor, key)
        return EvidenceRow(
            statements=[statement_row(said) for said in found.statements],
            sources=[source_row(source) for source in found.sources],
            inferred=None if found.link is None else self._link_row(reader, actor, key, found.link),
        )

    def rate(self, tx: Tx, key: str, ground: str, hypothesis: str, rating: str) -> EvidenceRow:
        """An analyst's own rating in the matrix of an inferred link, on the record.

        Raises `NotFound("tracing-edge-none")`, `Malformed("tracing-rating-unknown")`.
        """
        self._tracing.gate.require(tx.actor, "tracing.judge")
        link = self.evidence(tx, tx.actor, key).link
        if link is None:
            raise NotFound("tracing-edge-none")
        matrix = self._matrix(tx, key, link)
        codes = {score.code for score in matrix.analysis.scores}
        known = ground in {one.id for one in matrix.grounds}
        if not known or hypothesis not in codes or rating not in RATINGS:
            raise Malformed("tracing-rating-unknown", ground=ground[:60], hypothesis=hypothesis[:60])
        tx.record(LinkRated(id=link.left, edge=key, ground=ground, hypothesis=hypothesis, rating=rating))
        tx.run(
            sql.RATE, edge=key, ground=ground, hypothesis=hypothesis, rating=rating, by=tx.actor.id,
            at=tx.now, seq=tx.seq,
        )  # fmt: skip
        return self.evidence_row(tx, tx.actor, key)

    def _matrix(self, reader: Reader, key: str, link: Link) -> Matrix:
        pair = [link.left, link.right]
        facts = of_firearms(reader, pair)
        links = find(facts, among=self._background())
        where = {one: reader.row(sql.WHERE_FOUND, id=one) or (None, None, None, None) for one in pair}

        def grade_of(fact: str) -> str:
            found = reader.row(sql.GRADE_OF, id=fact.partition("/")[0])
            return UNGRADED if found is None or found[0] is None else found[0]

        def dealer_sales(dealer: str, day: date, days: int) -> int:
            first, last = day - timedelta(days), day + timedelta(days)
            return reader.rows(sql.SALES_AT, dealer=dealer, first=first.isoformat(), last=last.isoformat())[
                0
            ][0]

        grounds = grounds_of(
            link,
            [links.link(at) for at in range(len(links))],
            facts,
            countries={one: row[1] for one, row in where.items()},
            recoveries={one: row[0] for one, row in where.items()},
            dealer_sales=dealer_sales,
            grade_of=grade_of,
            unsure=[one for one, row in where.items() if "?" in (row[2] or "") or row[3] == "partial"],
        )
        overruled = {(row[0], row[1]): row[2] for row in reader.rows(sql.RATINGS_OF, edge=key)}
        return weigh(link.kind, grounds, overruled)

    def _link_row(self, reader: Reader, actor: Actor, key: str, link: Link) -> LinkRow:
        matrix = self._matrix(reader, key, link)
        readings = {reading.hypothesis.code: reading for reading in template(link.kind)}
        guilty = next(code for code, reading in readings.items() if not reading.hypothesis.innocent)
        entities = Entities(reader)

        def ref(fact: str | None) -> str:
            found = None if fact is None else entities.get(fact.partition("/")[0])
            return "" if found is None else found.ref

        def words(ground: Ground) -> str:
            label = self._tracing.vocabulary.term("link_reasons", ground.code).labels[actor.lang]
            return f"{label} {ref(ground.fact)}".strip()

        def rows(ratings: tuple[str, ...]) -> list[GroundRow]:
            return [
                GroundRow(ground.code, {"ref": ref(ground.fact)}, ground.fact)
                for ground in matrix.grounds
                if matrix.cells.get((ground.id, guilty)) in ratings
            ]

        return LinkRow(
            reason=link.kind,
            confidence=confidence_of(link),
            about=ref(link.about) or link.about,
            guns=link.guns,
            apart=link.apart,
            facts=link.facts,
            for_=rows(("CC", "C")),
            against=rows(("I", "II")),
            refute=list(readings[guilty].refuted_by),
            hypotheses=[
                HypothesisRow(
                    score.code,
                    score.innocent,
                    round(score.inconsistency, 2),
                    score.rank,
                    {one.id: matrix.cells.get((one.id, score.code), "N") for one in matrix.grounds},
                )
                for score in matrix.analysis.scores
            ],
            items=[ItemRow(ground.id, words(ground), ground.grade) for ground in matrix.grounds],
            turns=[turn.ref for turn in matrix.analysis.turns if turn.lead_changes],
        )

    def links(self, reader: Reader, actor: Actor, firearms: Sequence[str]) -> Links:
        """All links between these firearms."""
        self._tracing.gate.require(actor, "tracing.see")
        return find(of_firearms(reader, firearms), among=self._background())


def _sources(reader: Reader, statements: Iterable[Statement]) -> list[Source]:
    return [root_sql.source(reader, key) for key in dict.fromkeys(said.source_id for said in statements)]


def _inferred_edge(link: Link) -> Edge:
    return Edge(
        id=inferred_id(link),
        a=link.left,
        b=link.right,
        kind=link.kind,
        via="inferred",
        evidence="inferred",
        confidence=confidence_of(link),
        on=None,
        until=None,
    )


class _Walk:
    """One reading of the graph: what was opened, what stands, what lies behind."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._entities = Entities(reader)
        self._shown: dict[str, Entity] = {}
        self._opened: set[str] = set()
        self._steps: dict[str, list[Step]] = {}

    def _entity(self, entity_id: str) -> Entity | None:
        found = self._entities.get(entity_id)
        return found if found is None or found.canonical == entity_id else self._entities.get(found.canonical)

    def _neighbours(self, node: str) -> list[Step]:
        """The edges at a node and at all that is judged to be the same, their other ends by canonical id."""
        if node not in self._steps:
            steps = []
            for member in sql.member_ids(self._reader, node):
                steps += [
                    step if step.a == node else msgspec.structs.replace(step, a=node)
                    for step in sql.neighbours(self._reader, member, NEIGHBOURS_MAX)
                    if step.b != node
                ]
            self._steps[node] = steps[:NEIGHBOURS_MAX]
        return self._steps[node]

    def is_hub(self, node: str) -> bool:
        return len({step.b for step in self._neighbours(node)}) > HUB_EDGES_MIN

    def open(self, node: str, *, opened: bool = False) -> list[str]:
        """Shows a node; with `opened` its neighbours too. Returns those that were new."""
        entity = self._entity(node)
        if entity is None:
            return []
        self._shown.setdefault(node, entity)
        if not opened or node in self._opened:
            return []
        self._opened.add(node)
        new = []
        for step in self._neighbours(node):
            if step.b in self._shown:
                continue
            if len(self._shown) >= NODES_MAX:
                break
            other = self._entity(step.b)
            if other is not None:
                self._shown[step.b] = other
                new.append(step.b)
        return new

    def _open_rare(self, node: str) -> list[str]:
        """Of a hub, the neighbours of kinds of which it has few: the dealer of one who bought forty."""
        by_kind: dict[str, set[str]] = {}
        for step in self._neighbours(node):
            by_kind.setdefault(step.kind, set()).add(step.b)
        rare = [key for keys in by_kind.values() if len(keys) <= HUB_RARE_MAX for key in sorted(keys)]
        new = []
        for key in rare:
            other = self._entity(key)
            if other is not None and key not in self._shown and len(self._shown) < NODES_MAX:
                self._shown[key] = other
                new.append(key)
        return new

    def outward(self, nodes_max: int) -> None:
        """From what stands, ring by ring, through whatever is no hub, until there is enough to begin with."""
        ring = list(self._shown)
        while ring and len(self._shown) < nodes_max:
            following = []
            for node in ring:
                entity = self._shown[node]
                if len(self._shown) >= nodes_max:
                    break
                if entity.kind in STOPS:
                    continue
                if node not in self._opened and self.is_hub(node):
                    following += self._open_rare(node)
                else:
                    following += self.open(node, opened=True)
            ring = [node for node in following if node not in self._opened]

    def nodes(self) -> list[Entity]:
        return list(self._shown.values())

    def behind(self, node: str) -> int:
        """How many neighbours are not shown."""
        return len({step.b for step in self._neighbours(node)} - self._shown.keys())

    def edges(self) -> list[Edge]:
        found: dict[str, Edge] = {}
        for node in self._shown:
            for step in self._neighbours(node):
                if step.b not in self._shown:
                    continue
                key = edge_id(step.a, step.kind, step.b, step.via)
                if key not in found:
                    found[key] = Edge(
                        id=key,
                        a=step.a,
                        b=step.b,
                        kind=step.kind,
                        via=step.via,
                        evidence=self._evidence(step),
                        confidence=None,
                        on=step.on,
                        until=step.until,
                    )
        return list(found.values())

    def _evidence(self, step: Step) -> EdgeEvidence:
        if step.kind != "ballistic.left.right":
            return "evidenced"
        via = self._entities.get(step.via)
        status = None if via is None else via.value("status")
        return "confirmed" if status == "confirmed" else "excluded" if status == "excluded" else "lead"

    def times(self) -> list[Span]:
        """Sales by seller, buyer and day; the legs of consignments; recoveries."""
        spans: list[Span] = []
        sales: dict[tuple[str | None, str | None, str], list[Entity]] = {}
        for via in self._vias("acquisition"):
            if (date := via.value("date")) is not None:
                sales.setdefault((via.value("seller"), via.value("buyer"), date), []).append(via)
        for (seller, buyer, date), group in sales.items():
            node = self._canonical(buyer or seller or group[0].value("firearm"))
            first, last = range_of(date)
            spans.append(
                Span(
                    id=group[0].id, node=node, lane="sale", kind="point", title=group[0].ref, from_=first,
                    from_latest=last, to=None, to_latest=None, count=len(group),
                )
            )  # fmt: skip
        for entity in self.nodes():
            if entity.kind == "recovery" and entity.value("date"):
                first, last = range_of(entity.value("date"))
                spans.append(
                    Span(
                        id=entity.id, node=entity.id, lane="recovery", kind="point", title=entity.ref,
                        from_=first,
                        from_latest=last, to=None, to_latest=None,
                    )
                )  # fmt: skip
        for leg in self._vias("leg"):
            left, arrived = range_of(leg.value("departed")), range_of(leg.value("arrived"))
            consignment = self._canonical(leg.value("consignment"))
            if consignment not in self._shown or (left[0] is None and arrived[0] is None):
                continue
            spans.append(
                Span(
                    id=leg.id, node=consignment, lane="consignment",
                    kind="span",
                    title=leg.value("mode") or "", from_=left[0], from_latest=left[1], to=arrived[0],
                    to_latest=arrived[1],
                )
            )  # fmt: skip
        return sorted(spans, key=lambda span: (span.lane, span.from_ or span.to or "", span.id))

    def _vias(self, kind: str) -> list[Entity]:
        """The entities of a kind that make the edges shown."""
        ids = dict.fromkeys(
            step.via
            for node, entity in self._shown.items()
            if kind != "leg" or entity.kind == "consignment"
            for step in self._neighbours(node)
            if step.kind.startswith(f"{kind}.") and (step.b in self._shown or kind == "leg")
        )
        found = [self._entities.get(via) for via in ids]
        return [via for via in found if via is not None]

    def _canonical(self, entity_id: str | None) -> str:
        entity = None if entity_id is None else self._entity(entity_id)
        return entity_id or "" if entity is None else entity.id

    def legs(self) -> list[Stretch]:
        """The legs of the consignments shown, both of whose ends are known places."""
        found = []
        for leg in self._vias("leg"):
            consignment = self._canonical(leg.value("consignment"))
            start, end = self._stop(leg.value("origin")), self._stop(leg.value("destination"))
            if consignment in self._shown and start is not None and end is not None:
                found.append(
                    Stretch(
                        id=leg.id, node=consignment, from_=start, to=end, evidence="evidenced",
                        confidence=None, on=leg.value("departed"), until=leg.value("arrived"),
                    )
                )  # fmt: skip
        return found

    def _stop(self, port_id: str | None) -> Stop | None:
        port = None if port_id is None else self._entity(port_id)
        known = None if port is None else load_ports().by_code.get(port.value("code") or "")
        return None if known is None else Stop(known.code, known.name, known.lat, known.lon)

    def sites(self) -> list[Site]:
        """Where the recoveries shown were, as far as a centre is known."""
        found = []
        for entity in self.nodes():
            area = (
                _area.decode(said) if entity.kind == "recovery" and (said := entity.value("area")) else None
            )
            if area is not None and area.lat is not None and area.lon is not None:
                found.append(Site(entity.id, area.lat, area.lon, area.radius_m or 0.0, area.words))
        return found
