"""Facts of the graph: what an analyst judged about a link."""

from typing import ClassVar

from lanbi.core.events import Event


class LinkRated(Event, frozen=True, kw_only=True):
    """How well one ground fits one reading of an inferred link, as judged. `id`: the first firearm."""

    about: ClassVar[str] = "tracing"
    kind: ClassVar[str] = "tracing.link_rated"
    edge: str
    ground: str
    hypothesis: str
    rating: str
