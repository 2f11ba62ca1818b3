"""Time-to-crime of what stands in the store, as curves that a screen can draw."""

from collections import Counter
from datetime import date
from typing import Literal

import msgspec

from lanbi.core.access import Actor
from lanbi.core.ports import Reader
from lanbi.core.time import Clock, rfc3339
from lanbi.tracing.schema import latest
from lanbi.tracing.service import Tracing
from lanbi.tracing.timing.survival import Curve
from lanbi.tracing.timing.ttc import GROUP_MIN, GroupCurve, Gun, read_curves
from lanbi.tracing.timing.weibull import Weibull

POINTS_MAX = 240  # more than a screen has pixels for
GROUPS_MAX = 12
By = Literal["none", "origin", "calibre", "dealer"]

ROWS = """
SELECT f.id, f.sold_on, f.recovered_on, f.sold_in, f.calibre, f.dealer_id, e.number FROM tracing_firearm f
LEFT JOIN tracing_entity e ON e.id = f.dealer_id ORDER BY f.id
"""


class ShareRow(msgspec.Struct, frozen=True):
    """A share between 0 and 1 with its 95 % interval."""

    value: float
    low: float
    high: float


class CurveRow(msgspec.Struct, frozen=True, kw_only=True):
    """One curve: the share recovered by each day since the first sale, with its band.

    `n` = `events` + `censored` firearms are on it; `excluded`: how many are not, by reason. A suppressed
    group has fewer than ten and shows nothing else.
    """

    group: str
    suppressed: bool
    n: int | None = None
    events: int | None = None
    censored: int | None = None
    excluded: dict[str, int] = {}
    days: list[float] = []
    recovered: list[float] = []
    low: list[float] = []
    high: list[float] = []
    median_days: float | None = None
    within_1_year: ShareRow | None = None
    within_3_years: ShareRow | None = None
    weibull_shape: float | None = None
    weibull_scale_years: float | None = None


class TimeToCrimeRow(msgspec.Struct, frozen=True, kw_only=True):
    """All curves of one day. `p`: of the log-rank test between the groups; `impossible`: firearms whose dates
    cannot both be true."""

    as_of: str
    by: By
    whole: CurveRow
    groups: list[CurveRow]
    p: float | None
    impossible: list[str]


def time_to_crime(tracing: Tracing, clock: Clock, reader: Reader, actor: Actor, by: By) -> TimeToCrimeRow:
    """The curves of all recovered firearms whose first sale is known to the day, and of the larger groups."""
    tracing.gate.require(actor, "tracing.audit")
    now = clock.now()
    today = date.fromisoformat(rfc3339(now)[:10])
    guns = [_gun(row, by) for row in reader.rows(ROWS)]
    if by != "none":
        sizes = Counter(gun.group for gun in guns if gun.group and gun.sold and gun.recovered)
        shown = {group for group, count in sizes.most_common(GROUPS_MAX) if count >= GROUP_MIN}
        guns = [gun if gun.group in shown else msgspec.structs.replace(gun, group="") for gun in guns]
    found = read_curves(guns, today)
    return TimeToCrimeRow(
        as_of=today.isoformat(),
        by=by,
        whole=_row(found.whole),
        groups=[_row(group) for group in found.groups],
        p=None if found.difference is None else found.difference.p,
        impossible=[one.ref for one in found.flagged],
    )


def _gun(row: tuple[object, ...], by: By) -> Gun:
    key, sold, recovered, sold_in, calibre, dealer, number = row
    group = {"none": "", "origin": sold_in, "calibre": calibre, "dealer": f"D-{number}" if dealer else ""}[by]
    return Gun(
        ref=str(key),
        sold=_day(sold),
        sold_by=None if sold is None or _day(sold) else date.fromisoformat(latest(str(sold))),
        recovered=_day(recovered),
        group=str(group or ""),
    )


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None


def _row(found: GroupCurve) -> CurveRow:
    if found.suppressed or found.curve is None:
        return CurveRow(group=found.group, suppressed=True)
    curve, shares = found.curve, found.recovered_by
    at = _thinned(curve)
    fit = found.weibull if isinstance(found.weibull, Weibull) else None
    return CurveRow(
        group=found.group,
        suppressed=False,
        n=found.n,
        events=found.events,
        censored=found.censored,
        excluded=found.excluded,
        days=[curve.days[i] for i in at],
        recovered=[round(1 - curve.survival[i], 4) for i in at],
        low=[round(1 - curve.high[i], 4) for i in at],
        high=[round(1 - curve.low[i], 4) for i in at],
        median_days=curve.quantile().days,
        within_1_year=_share(shares.get(1)),
        within_3_years=_share(shares.get(3)),
        weibull_shape=None if fit is None else round(fit.shape, 3),
        weibull_scale_years=None if fit is None else round(fit.scale_days / 365.25, 2),
    )


def _share(found: object) -> ShareRow | None:
    return None if found is None else msgspec.convert(found, ShareRow, from_attributes=True)


def _thinned(curve: Curve) -> list[int]:
    """Places of at most `POINTS_MAX` steps, the first and the last among them, evenly along the curve."""
    count = len(curve.days)
    if count <= POINTS_MAX:
        return list(range(count))
    return sorted({round(i * (count - 1) / (POINTS_MAX - 1)) for i in range(POINTS_MAX)})
