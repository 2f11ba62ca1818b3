"""What a domain shows on the live picture.

A kind of row, how to find what changed after a sequence number, and what of it
a given actor may see. The web pushes it; the rule stays in the domain.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from lanbi.core.access import Actor
from lanbi.core.ports import Reader

Changed = list[tuple[str, int, Any]]
"""(id, version, row); the row is None when it has left the picture."""


class LiveKind(msgspec.Struct, frozen=True):
    """One kind of row on the live picture.

    `changed(reader, since)`: rows whose version is above `since`; with since 0 only
    those that are in the picture now. `action`: what the policies must allow for an
    actor to see any. `seen_by(row, actor)`: the row as this actor may see it, or
    None; it may look only at the actor's role and unit, so that screens that see
    the same share one encoding.
    """

    kind: str
    action: str
    changed: Callable[[Reader, int], Changed]
    seen_by: Callable[[Any, Actor], Any | None]
