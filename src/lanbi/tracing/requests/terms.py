"""How long a request may take, and which properties travel, as data."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta

from lanbi.core.errors import Malformed
from lanbi.core.time import DAY, Instant
from lanbi.tracing.schema import load as load_schema

ROUTINE = "routine"
DAYS_MAX = 3_650
Days = Annotated[int, Meta(ge=1, le=DAYS_MAX)]


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days of one priority. `source`: where they come from; `checked`: whether they were read there."""

    ack: Days
    answer: Days
    lapse: Days
    source: str
    checked: bool

    def __post_init__(self) -> None:
        if not self.ack <= self.answer <= self.lapse:
            raise ValueError("ack, answer and lapse follow each other")

    def dues(self, now: Instant) -> tuple[Instant, Instant, Instant]:
        """When it should be acknowledged, answered, and when it is over."""
        return now + self.ack * DAY, now + self.answer * DAY, now + self.lapse * DAY


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days of a request that was not sent."""

    lapse: Days
    source: str
    checked: bool


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tables of `data/terms.toml`."""

    days: dict[str, Term]
    draft: Draft
    travels: dict[str, tuple[str, ...]]


@cache
def load() -> Terms:
    """As shipped. Raises `ValueError` for tables that contradict themselves or the schema."""
    raw = tomllib.loads(
        files("lanbi.tracing.requests").joinpath("data", "terms.toml").read_text(encoding="utf-8")
    )
    terms = msgspec.convert(raw, Terms)
    schema = load_schema()
    if ROUTINE not in terms.days:
        raise ValueError("there are no days for routine requests")
    for kind, props in terms.travels.items():
        unknown = set(props) - schema[kind].props.keys()
        if unknown:
            raise ValueError(f"{kind} has no {', '.join(sorted(unknown))}")
    return terms


def shipped(priority: str) -> Term:
    """The days of a priority; those of routine for one that a site added."""
    days = load().days
    return days.get(priority, days[ROUTINE])


def check_days(ack: int, answer: int, lapse: int) -> Term:
    """A site's own days; `Malformed("trace-terms")`."""
    if not 1 <= ack <= answer <= lapse <= DAYS_MAX:
        raise Malformed("trace-terms", limit=DAYS_MAX)
    return Term(ack=ack, answer=answer, lapse=lapse, source="site", checked=True)


def travels() -> Mapping[str, tuple[str, ...]]:
    """The properties that may travel, by kind."""
    return load().travels
