"""How well norms were kept, with every case accounted for. Pure.

A figure without its denominator flatters. Of every case in the window this says
whether it was measured, is still running, or could not be measured, and why. What
still runs and is late already counts as missed: waiting for it to end would hide
it just as long as it is worst.
"""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Literal

import msgspec

from lanbi.core.time import HOUR, SECOND, Instant

Left = Literal["no_start", "no_end", "late_entry", "out_of_order", "gave_up"]
LEFT_OUT: tuple[Left, ...] = ("no_start", "no_end", "late_entry", "out_of_order", "gave_up")
NO_PRIORITY = "none"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One incident or call, as one norm looks at it.

    `at`: when it came in, for the hour it belongs to. `started`, `ended`: the norm's two
    clocks. `over`: when the case itself ended, if it did. `late`: one of the clocks was
    entered from memory. `rings`: a caller who hung up after the norm had passed was
    missed, who hung up before was neither kept nor missed.
    """

    at: Instant
    priority: str | None
    started: Instant | None
    ended: Instant | None
    over: Instant | None = None
    late: bool = False
    rings: bool = False


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The share of one part: `kept` of `of`. `p90_s` counts at least the running ones' time so far."""

    key: str
    kept: int
    of: int
    p90_s: float | None
    p90_at_least: bool


class Hour(msgspec.Struct, frozen=True, kw_only=True):
    """The cases that came in within one hour; `at` is its beginning."""

    at: Instant
    kept: int
    of: int


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One norm over a window.

    of = measured + running_late + given_up: the denominator of `share`, `p50_s` and `p90_s`.
    running: begun, not ended, and still within the norm: in no denominator yet.
    `…_at_least`: the percentile falls on a case that is not over; the true value can only be larger.
    total = of + running + the sum of `left_out`.
    """

    total: int
    of: int
    kept: int
    measured: int
    given_up: int
    running: int
    running_late: int
    left_out: dict[str, int]
    p50_s: float | None
    p50_at_least: bool
    p90_s: float | None
    p90_at_least: bool
    by_priority: tuple[Part, ...]
    by_hour: tuple[Hour, ...]


class _Value(msgspec.Struct, frozen=True, array_like=True):
    us: Instant
    censored: bool
    kept: bool
    priority: str
    hour: Instant


def nearest_rank(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed; `ordered` ascending, not empty."""
    # 0.9 has no exact binary form: 0.9 * 70 is 63.00000000000001, and its ceiling one too many.
    return ordered[max(0, ceil(round(share * len(ordered), 9)) - 1)]


def percentile(values: Sequence[tuple[Instant, bool]], share: float) -> tuple[float | None, bool]:
    """(seconds, whether it is only a lower bound) of (microseconds, not over yet) pairs, by nearest rank.

    A case that is not over lasts at least as long as it did so far. Counted with that,
    the percentile is a lower bound; counted as endless, an upper one. Where they agree
    the value is exact.
    """
    if not values:
        return None, False
    low = nearest_rank(sorted(us for us, _ in values), share)
    high = nearest_rank(sorted(float("inf") if censored else us for us, censored in values), share)
    return low / SECOND, high != low


def figure(cases: Iterable[Case], seconds: int, now: Instant) -> Figure:
    """How the cases kept a norm of so many seconds, as it stands at `now`."""
    limit = seconds * SECOND
    left_out: dict[str, int] = dict.fromkeys(LEFT_OUT, 0)
    values: list[_Value] = []
    total = measured = given_up = running = running_late = 0

    def take(case: Case, us: Instant, *, censored: bool) -> None:
        hour = case.at - case.at % HOUR
        values.append(_Value(us, censored, not censored and us <= limit, case.priority or NO_PRIORITY, hour))

    for case in cases:
        total += 1
        if case.late:
            left_out["late_entry"] += 1
        elif case.started is None:
            left_out["no_start"] += 1
        elif case.ended is not None:
            if case.ended < case.started:
                left_out["out_of_order"] += 1
            else:
                measured += 1
                take(case, case.ended - case.started, censored=False)
        elif case.over is not None:
            if case.rings and case.over - case.started > limit:
                given_up += 1
                take(case, case.over - case.started, censored=True)
            else:
                left_out["gave_up" if case.rings else "no_end"] += 1
        elif now - case.started > limit:
            running_late += 1
            take(case, now - case.started, censored=True)
        else:
            running += 1

    p50_s, p50_at_least = percentile([(v.us, v.censored) for v in values], 0.5)
    p90_s, p90_at_least = percentile([(v.us, v.censored) for v in values], 0.9)
    return Figure(
        total=total,
        of=len(values),
        kept=sum(v.kept for v in values),
        measured=measured,
        given_up=given_up,
        running=running,
        running_late=running_late,
        left_out=left_out,
        p50_s=p50_s,
        p50_at_least=p50_at_least,
        p90_s=p90_s,
        p90_at_least=p90_at_least,
        by_priority=tuple(_part(key, values) for key in sorted({v.priority for v in values})),
        by_hour=tuple(_hour(at, values_of) for at, values_of in sorted(_by_hour(values).items())),
    )


def _part(key: str, values: Sequence[_Value]) -> Part:
    own = [v for v in values if v.priority == key]
    p90_s, at_least = percentile([(v.us, v.censored) for v in own], 0.9)
    return Part(key=key, kept=sum(v.kept for v in own), of=len(own), p90_s=p90_s, p90_at_least=at_least)


def _by_hour(values: Iterable[_Value]) -> dict[Instant, list[_Value]]:
    hours: dict[Instant, list[_Value]] = {}
    for value in values:
        hours.setdefault(value.hour, []).append(value)
    return hours


def _hour(at: Instant, values: Sequence[_Value]) -> Hour:
    return Hour(at=at, kept=sum(v.kept for v in values), of=len(values))
