"""Time-to-crime of firearms and its curves by group, with every denominator. Pure.

Nothing is dropped in silence: a firearm without a time-to-crime is counted under the reason why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from lanbi.tracing.timing.survival import Curve, LogRank, Share, kaplan_meier, log_rank, reverse_kaplan_meier
from lanbi.tracing.timing.weibull import NotFitted, Weibull, fit_weibull

GROUP_MIN = 10
"""A group of fewer timed firearms gets no curve: it would say nothing, and its members could be guessed."""
COMPARED_MAX = 40
"""More groups are not compared: that some of many differ is no news."""
YEAR_DAYS = 365.25
SHARES_AT_YEARS = (1, 3)
"""The years at which the ATF publishes shares: under one year and up to three."""

REASONS = (
    "sale_unknown", "recovery_unknown", "recovered_before_sale", "sold_after_as_of", "recovered_after_as_of",
    "before_window", "negative_days",
)  # fmt: skip
"""Why a firearm has no time-to-crime: nobody knows the first sale; the day of recovery is not known; the
two are the wrong way round; a day that had not come at the day of analysis; recovered before the window
opened; a stated duration below nought."""


class Gun(msgspec.Struct, frozen=True, kw_only=True):
    """What the time-to-crime of one firearm is made from.

    `sold`: day of the first retail sale. `sold_by`: where only a later sale or holder is known, that day:
    the first sale was then or before. `recovered`: day of recovery. `days`: a time-to-crime stated by a
    source without the days themselves. `followed`: belongs to a stock that is watched whether or not it is
    recovered (a marked consignment, a licence register), so that not being recovered is known. `group`:
    what curves are told apart by: origin, calibre, dealer group; "" where it is not known.
    """

    ref: str = ""
    sold: date | None = None
    sold_by: date | None = None
    recovered: date | None = None
    days: int | None = None
    followed: bool = False
    group: str = ""


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """One firearm on the curve. `seen`: a recovery at `days`; otherwise only known to be longer (censored).
    `entry`: for a followed firearm sold before the window, days from sale to its opening; -1 otherwise.
    `visible`: the longest time-to-crime that could have been seen, for a firearm sold within the window and
    known only because it was recovered; None otherwise."""

    ref: str
    days: int
    seen: bool
    entry: int = -1
    visible: int | None = None
    group: str = ""


class Excluded(msgspec.Struct, frozen=True):
    """A firearm that has no time-to-crime, and why: a code of REASONS."""

    ref: str
    reason: str
    group: str = ""


def time_to_crime(gun: Gun, as_of: date, since: date | None = None) -> Timed | Excluded:
    """Recovery minus first retail sale in days, or the reason why there is none.

    `as_of`: day of analysis. `since`: the first day from which recoveries were written down, where known.
    """

    def no(reason: str) -> Excluded:
        return Excluded(gun.ref, reason, gun.group)

    recovered = gun.recovered
    if recovered is not None and recovered > as_of:
        return no("recovered_after_as_of")
    if recovered is not None and since is not None and recovered < since:
        return no("before_window")
    start = gun.sold or gun.sold_by
    if start is None and gun.days is not None:
        timed = Timed(ref=gun.ref, days=gun.days, seen=True, group=gun.group)
        return timed if gun.days >= 0 else no("negative_days")
    if start is None:
        return no("sale_unknown")
    if start > as_of:
        return no("sold_after_as_of")
    if recovered is None and not gun.followed:
        return no("recovery_unknown")
    if recovered is not None and recovered < start:
        return no("recovered_before_sale")
    sold, entry, visible = gun.sold, -1, None
    if sold is not None and since is not None and gun.followed:
        entry = max(-1, (since - sold).days - 1)  # the eve: it is at risk from the day after its entry
    if sold is not None and since is not None and not gun.followed and sold >= since:
        visible = (as_of - sold).days
    seen = recovered is not None and sold is not None
    days = ((recovered or as_of) - start).days
    return Timed(ref=gun.ref, days=days, seen=seen, entry=entry, visible=visible, group=gun.group)


class Bounds(msgspec.Struct, frozen=True):
    """Between what and what a share lies, whatever the firearms without a time-to-crime would have
    shown."""

    low: float
    high: float


class GroupCurve(msgspec.Struct, frozen=True, kw_only=True):
    """One group's curve with its denominators, or `suppressed` where fewer than GROUP_MIN are timed.

    `n` = `events` + `censored` firearms are on the curve; `excluded`: how many are not, by reason. All None
    or empty where suppressed. `corrected`: the reverse-time curve of those sold within the window, which
    must be stated, since earlier sales lost their early recoveries. `recovered_by`, `bounds`: by year, for
    SHARES_AT_YEARS: of the curve; and for all recovered firearms of the group, timed or not (only where
    nothing is censored).
    """

    group: str
    suppressed: bool
    n: int | None = None
    events: int | None = None
    censored: int | None = None
    excluded: dict[str, int] = {}
    curve: Curve | None = None
    corrected: Curve | None = None
    weibull: Weibull | NotFitted | None = None
    recovered_by: dict[int, Share] = {}
    bounds: dict[int, Bounds] = {}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """All curves at one day of analysis: of everything, by group, and whether the groups differ (None for
    fewer than two, more than COMPARED_MAX, or late entries)."""

    as_of: date
    whole: GroupCurve
    groups: tuple[GroupCurve, ...]
    difference: LogRank | None
    flagged: tuple[Excluded, ...]
    """Firearms whose dates cannot both be true: for somebody to look at."""


IMPOSSIBLE = frozenset(
    {"recovered_before_sale", "sold_after_as_of", "recovered_after_as_of", "negative_days"}
)


def read_curves(guns: Iterable[Gun], as_of: date, since: date | None = None) -> Reading:
    """The curve of all firearms and one for each `group`, with denominators; small groups are suppressed.

    A group's suppression keeps readers from over-reading; it is no protection of a publication, since a
    whole less its parts gives what is missing. What leaves the house goes through `indicators.suppression`.
    """
    timed: list[Timed] = []
    excluded: list[Excluded] = []
    by_group: dict[str, tuple[list[Timed], list[Excluded]]] = {}
    for gun in guns:
        found = time_to_crime(gun, as_of, since)
        on, off = by_group.setdefault(gun.group, ([], []))
        if isinstance(found, Timed):
            timed.append(found)
            on.append(found)
        else:
            excluded.append(found)
            off.append(found)
    groups = tuple(_group(name, *by_group[name]) for name in sorted(by_group) if name)
    parts = [by_group[one.group][0] for one in groups if not one.suppressed]
    return Reading(
        as_of=as_of,
        whole=_group("", timed, excluded),
        groups=groups,
        difference=log_rank([([t.days for t in part], [t.seen for t in part]) for part in parts])
        if 1 < len(parts) <= COMPARED_MAX and not any(t.entry >= 0 for t in timed)
        else None,
        flagged=tuple(one for one in excluded if one.reason in IMPOSSIBLE),
    )


def _group(name: str, timed: Sequence[Timed], excluded: Sequence[Excluded]) -> GroupCurve:
    if len(timed) < GROUP_MIN:
        return GroupCurve(group=name, suppressed=True)
    days, seen = [t.days for t in timed], [t.seen for t in timed]
    entries = [min(t.entry, t.days - 1) for t in timed]
    curve = kaplan_meier(days, seen, entries)
    visible = [(t.days, t.visible) for t in timed if t.seen and t.visible is not None]
    truncated = any(t.entry >= 0 for t in timed)
    untimed = sum(one.reason != "before_window" for one in excluded)
    return GroupCurve(
        group=name,
        suppressed=False,
        n=len(timed),
        events=sum(seen),
        censored=len(timed) - sum(seen),
        excluded=dict(sorted(Counter(one.reason for one in excluded).items())),
        curve=curve,
        corrected=reverse_kaplan_meier([d for d, _ in visible], [v for _, v in visible])
        if len(visible) >= GROUP_MIN
        else None,
        weibull=None if truncated else fit_weibull(days, seen),
        recovered_by={years: curve.recovered_by(years * YEAR_DAYS) for years in SHARES_AT_YEARS},
        bounds={}
        if truncated or not all(seen)
        else {years: _bounds(years, days, untimed) for years in SHARES_AT_YEARS},
    )


def _bounds(years: int, days: Sequence[int], missing: int) -> Bounds:
    """Had all the untimed been slower, or all been faster (Manski's worst case): no assumption about
    them."""
    within = sum(d <= years * YEAR_DAYS for d in days)
    total = len(days) + missing
    return Bounds(within / total, (within + missing) / total)
