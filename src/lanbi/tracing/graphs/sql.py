"""The graph in the store: one index look-up a node."""

from typing import Any

from lanbi.core.ports import Reader
from lanbi.tracing.graphs.model import Step
from lanbi.tracing.model import Entity
from lanbi.tracing.sql import find

NEIGHBOURS = """
SELECT e.a, n.canonical, e.kind, e.via, e.on_date, e.until_date
FROM tracing_edge e CROSS JOIN tracing_entity n
WHERE e.a = :id AND n.id = e.b AND n.gone_at IS NULL ORDER BY e.kind, e.b, e.via LIMIT :limit
"""
COUNT_BY_KIND = "SELECT kind, COUNT(*) FROM tracing_edge WHERE a = :id GROUP BY kind ORDER BY kind"
MEMBER_IDS = "SELECT id FROM tracing_entity WHERE canonical = :canonical ORDER BY id"
SYNTHETIC = "SELECT 1 FROM tracing_source WHERE synthetic = 1 LIMIT 1"
ALL_OF = """
SELECT id, preferred FROM tracing_entity WHERE kind = :kind AND gone_at IS NULL AND id > :after
ORDER BY id LIMIT :limit
"""
RATINGS_OF = "SELECT ground, hypothesis, rating FROM tracing_rating WHERE edge = :edge"
RATE = """
INSERT INTO tracing_rating (edge, ground, hypothesis, rating, by_login, at, seq)
VALUES (:edge, :ground, :hypothesis, :rating, :by, :at, :seq)
ON CONFLICT (edge, ground, hypothesis) DO UPDATE SET rating = :rating, by_login = :by, at = :at, seq = :seq
"""
WHERE_FOUND = """
SELECT recovery_id, recovered_in, serial, serial_status FROM tracing_firearm WHERE id = :id
"""
GRADE_OF = """
SELECT MIN(c.grade) FROM tracing_statement s JOIN tracing_source c ON c.id = s.source_id
WHERE s.entity_id = :id AND s.withdrawn_at IS NULL
"""
SALES_AT = """
SELECT COUNT(*) FROM tracing_firearm WHERE dealer_id = :dealer AND sold_on >= :first AND sold_on <= :last
"""
FOUND_WHERE = "SELECT recovery_id, recovered_on, recovered_in FROM tracing_firearm WHERE id = :id"
NEWEST_EDGE = "SELECT MAX(seq) FROM tracing_entity"


def neighbours(reader: Reader, entity_id: str, limit: int) -> list[Step]:
    """The edges at an entity, by kind, their other ends by canonical id; at most `limit`."""
    return [Step(*row) for row in reader.rows(NEIGHBOURS, id=entity_id, limit=limit)]


def counts(reader: Reader, entity_id: str) -> dict[str, int]:
    """How many edges of each kind there are, without fetching them."""
    return dict(reader.rows(COUNT_BY_KIND, id=entity_id))


def member_ids(reader: Reader, canonical: str) -> list[str]:
    """The entities judged to be one with it, itself among them."""
    return [row[0] for row in reader.rows(MEMBER_IDS, canonical=canonical)]


def holds_synthetic(reader: Reader) -> bool:
    """Whether anything here is of the synthetic world."""
    return reader.row(SYNTHETIC) is not None


class Entities:
    """Entities of one reading, each asked for once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._held: dict[str, Entity | None] = {}

    def get(self, entity_id: str) -> Entity | None:
        """The entity, or None where it is gone."""
        if entity_id not in self._held:
            found = find(self._reader, entity_id)
            self._held[entity_id] = None if found is None or found.gone_at is not None else found
        return self._held[entity_id]


def page_of(reader: Reader, kind: str, after: str, limit: int) -> list[tuple[Any, ...]]:
    """(id, preferred as JSON) of a kind, by id."""
    return reader.rows(ALL_OF, kind=kind, after=after, limit=limit)
