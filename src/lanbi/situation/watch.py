"""What time makes wrong about zones: ground from which nothing is heard that should be."""

from collections.abc import Iterator

from lanbi.core.ports import Reader
from lanbi.core.time import SECOND, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.core.watch import Condition, Watch

KIND = "void_zone"
SILENT = """
SELECT id, name, state, since FROM zone
WHERE retired = 0 AND state IN ('no_link', 'not_reporting') AND since <= :before ORDER BY name
"""


def watches(vocabulary: Vocabulary) -> dict[str, Watch]:
    """The watch of this domain, by the kind of alarm; the kind says how long a zone may be silent.

    "quiet", "no_unit" and "unknown" raise nothing: the first is well, the second is for whoever
    plans and stands in the silence map, and of the third nothing is known.
    """
    after = vocabulary.term("alarm_kinds", KIND).after_s * SECOND

    def void_zones(reader: Reader, now: Instant) -> Iterator[Condition]:
        for zone_id, name, state, since in reader.rows(SILENT, before=now - after):
            yield Condition(
                kind=KIND, subject=f"zone/{zone_id}", since=since, facts={"zone": name, "state": state}
            )

    return {KIND: void_zones}
