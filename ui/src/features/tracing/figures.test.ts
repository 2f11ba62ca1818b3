import { describe, expect, it } from 'vitest';
import { bandPath, curvePath, periods, saidOf, weibullPath, yearsOf } from './figures';
import type { Curve, Indicator } from './rows';

const indicator = (more: Partial<Indicator>): Indicator => ({ code: 'x', numerator: null, denominator: 907, share: null, at_least: null, at_most: null, withheld: true, ...more });
const curve = (days: number[], recovered: number[]): Curve => ({
  group: '', suppressed: false, n: days.length, events: days.length, censored: 0, excluded: {}, days, recovered, low: recovered.map((r) => Math.max(0, r - 0.1)), high: recovered.map((r) => Math.min(1, r + 0.1)),
  median_days: null, within_1_year: null, within_3_years: null, weibull_shape: 1, weibull_scale_years: 2,
});
const frame = { left: 0, right: 400, top: 0, bottom: 100, years: 4 };

describe('a share', () => {
  it('says itself, or the bounds that are left, or nothing at all', () => {
    expect(saidOf(indicator({ numerator: 769, share: 0.85, withheld: false }))).toEqual({ kind: 'share', share: 0.85 });
    expect(saidOf(indicator({ at_most: 0.01 }))).toEqual({ kind: 'bounds', low: 0, high: 0.01 });
    expect(saidOf(indicator({ at_least: 0.99 }))).toEqual({ kind: 'bounds', low: 0.99, high: 1 });
    expect(saidOf(indicator({}))).toEqual({ kind: 'none' });
  });
});

describe('a curve', () => {
  it('climbs by steps and ends at the right edge', () => {
    const d = curvePath(curve([365.25, 730.5], [0.5, 1]), frame);
    expect(d).toBe('M0 100L100 100L100 50L200 50L200 0L400 0');
  });
  it('leaves out what lies beyond the axis', () => {
    expect(curvePath(curve([365.25, 4_000], [0.5, 1]), frame)).toBe('M0 100L100 100L100 50L400 50');
  });
  it('has a closed band around it', () => {
    expect(bandPath(curve([365.25], [0.5]), frame)).toMatch(/^M.*Z$/);
  });
  it('has as many years as it needs', () => {
    expect(yearsOf([curve([100, 365, 700, 9_000], [0.5, 0.8, 0.92, 1])])).toBe(2);
    expect(yearsOf([])).toBe(1);
    expect(yearsOf([curve([20_000], [1])])).toBe(20);
  });
  it('can be held against the law that was fitted to it', () => {
    expect(weibullPath(curve([1], [1]), frame).startsWith('M0 100')).toBe(true);
    expect(weibullPath({ ...curve([1], [1]), weibull_shape: null }, frame)).toBe('');
  });
});

describe('the periods', () => {
  it('are the last year and calendar years, this one until today', () => {
    expect(periods('2026-11-22', 2)).toEqual([{ first: '', last: '', year: null }, { first: '2026-01-01', last: '2026-11-22', year: 2026 }, { first: '2025-01-01', last: '2025-12-31', year: 2025 }]);
  });
});
