/** Figures drawn for reading: shares with their denominators, what is withheld said so, curves with their bands. Pure. */

import type { Curve, Indicator } from './rows';

export const SMALL = '< 10';

/** What a share may say: itself, or the bounds that are left when a cell under ten is withheld, or nothing. */
export type Said = { kind: 'share'; share: number } | { kind: 'bounds'; low: number; high: number } | { kind: 'none' };
export function saidOf(i: Indicator): Said {
  if (i.share !== null) return { kind: 'share', share: i.share };
  if (i.at_least !== null || i.at_most !== null) return { kind: 'bounds', low: i.at_least ?? 0, high: i.at_most ?? 1 };
  return { kind: 'none' };
}

const YEAR_DAYS = 365.25;
/** Whole years on the axis: as many as the curve needs to come to rest, at most `years_max`. */
export function yearsOf(curves: readonly Curve[], years_max = 20): number {
  const last = Math.max(0, ...curves.flatMap((c) => (c.suppressed ? [] : [lastOf(c)])));
  return Math.min(years_max, Math.max(1, Math.ceil(last / YEAR_DAYS)));
}
/** The day by which nine in ten of what was recovered had been. */
function lastOf(c: Curve): number {
  const most = c.recovered.at(-1) ?? 0;
  const at = c.recovered.findIndex((share) => share >= most * 0.9);
  return c.days[at < 0 ? c.days.length - 1 : at] ?? 0;
}

export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
  years: number;
}
const xOf = (f: Frame, days: number) => f.left + (Math.min(days, f.years * YEAR_DAYS) / (f.years * YEAR_DAYS)) * (f.right - f.left);
const yOf = (f: Frame, share: number) => f.bottom - share * (f.bottom - f.top);
const r1 = (n: number) => Math.round(n * 10) / 10;

/** Points of a staircase: a share holds until the next firearm. */
function stairs(c: Curve, values: readonly number[], f: Frame): [number, number][] {
  const points: [number, number][] = [[xOf(f, 0), yOf(f, 0)]];
  let last = 0;
  for (const [i, day] of c.days.entries()) {
    if (day > f.years * YEAR_DAYS) break;
    const x = xOf(f, day);
    points.push([x, yOf(f, last)], [x, yOf(f, (last = values[i] ?? last))]);
  }
  points.push([f.right, yOf(f, last)]);
  return points;
}
const path = (points: readonly [number, number][]) => points.map(([x, y], i) => `${i ? 'L' : 'M'}${r1(x)} ${r1(y)}`).join('');

export const curvePath = (c: Curve, f: Frame): string => path(stairs(c, c.recovered, f));
/** The 95 % band as a closed surface. */
export const bandPath = (c: Curve, f: Frame): string => `${path(stairs(c, c.high, f))}${path(stairs(c, c.low, f).reverse()).replace('M', 'L')}Z`;
/** What a Weibull law of these parameters would give, for the eye to compare. */
export function weibullPath(c: Curve, f: Frame): string {
  if (c.weibull_shape === null || c.weibull_scale_years === null) return '';
  const steps = 60;
  const points = Array.from({ length: steps + 1 }, (_, i): [number, number] => {
    const years = (f.years * i) / steps;
    return [xOf(f, years * YEAR_DAYS), yOf(f, 1 - Math.exp(-((years / c.weibull_scale_years!) ** c.weibull_shape!)))];
  });
  return path(points);
}
export { xOf as curveX, yOf as curveY, YEAR_DAYS };

/** Periods that people ask for, the newest first: the last year, then calendar years. */
export function periods(today: string, years = 5): { first: string; last: string; year: number | null }[] {
  const year = Number(today.slice(0, 4));
  return [{ first: '', last: '', year: null }, ...Array.from({ length: years }, (_, i) => ({ first: `${year - i}-01-01`, last: i === 0 ? today : `${year - i}-12-31`, year: year - i }))];
}
