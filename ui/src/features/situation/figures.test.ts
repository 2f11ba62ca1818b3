import { describe, expect, it } from 'vitest';
import type { HouseRow, Incident } from '../../live/rows';
import { axisTop, bars, HOUR_MS, percent, readLasting, reserves, tally, took, watchBegan } from './figures';

const NIGHT = Date.parse('2026-11-22T03:47:12.345Z'); // 22:47:12 in Port-au-Prince

describe('a watch', () => {
  it('begins at seven in the morning and at seven in the evening, local time', () => {
    expect(new Date(watchBegan(NIGHT)).toISOString()).toBe('2026-11-22T00:00:00.000Z');
    expect(new Date(watchBegan(Date.parse('2026-11-22T11:59:59Z'))).toISOString()).toBe('2026-11-22T00:00:00.000Z');
    expect(new Date(watchBegan(Date.parse('2026-11-22T12:00:00Z'))).toISOString()).toBe('2026-11-22T12:00:00.000Z');
  });
});

describe('a figure', () => {
  it('never looks better than it is', () => {
    expect(percent(899, 1000)).toBe('89 %');
    expect(percent(0, 0)).toBe('—');
    expect(took(15.2)).toMatch(/^16 /);
    expect(took(null)).toBe('—');
    expect(took(141, true)).toBe('≥ 2:21');
  });

  it('stands on an axis that begins at zero and ends at a round number', () => {
    expect([0, 1, 3, 7, 18, 71].map(axisTop)).toEqual([1, 1, 5, 10, 20, 100]);
  });

  it('has a bar for each hour of the window, empty ones too, and for each day of a long one', () => {
    const at = new Date(NIGHT - HOUR_MS).toISOString();
    const short = bars([{ at, kept: 2, of: 3 }], NIGHT - 4 * HOUR_MS, NIGHT);
    expect(short.daily).toBe(false);
    expect(short.bars.map((b) => b.of)).toEqual([0, 0, 0, 3, 0]);
    const long = bars([{ at, kept: 2, of: 3 }], NIGHT - 72 * HOUR_MS, NIGHT);
    expect(long.daily).toBe(true);
    expect(long.bars.map((b) => b.of)).toEqual([0, 0, 0, 3]);
  });
});

describe('what a reserve lasts', () => {
  it('is read as people write it, and refused as a whole otherwise', () => {
    expect(['6:40', '6 h 40', '6h', '40 min', ''].map(readLasting)).toEqual([24_000, 24_000, 21_600, 2_400, null]);
    expect(['6:75', 'soon', '-1', '6:4:0'].map(readLasting)).toEqual([NaN, NaN, NaN, NaN]);
  });

  it('names what the house runs on first, and nothing twice', () => {
    const power = { state: 'generator', generator_s: 24_000, battery_s: 11_400 } as HouseRow;
    expect(reserves(power).map((r) => [r.source, r.left_s, r.now])).toEqual([['generator', 24_000, true], ['battery', 11_400, false]]);
    expect(reserves({ ...power, state: 'grid', generator_s: null }).map((r) => r.source)).toEqual(['grid', 'battery']);
  });
});

describe('open incidents by priority', () => {
  const incident = (id: string, priority: Incident['priority'], opened_at: string) => ({ id, priority, opened_at, state: 'open' }) as Incident;
  it('tells those that wait from those that somebody is on, with the oldest of each', () => {
    const rows = tally(
      [incident('a', 'P1', '2026-11-22T03:40:00Z'), incident('b', 'P1', '2026-11-22T03:30:00Z'), incident('c', 'P1', '2026-11-22T03:00:00Z')],
      (id) => (id === 'c' ? 1 : 0),
    );
    expect(rows.map((r) => r.priority)).toEqual(['P0', 'P1', 'P2', 'P3', 'P4']);
    expect(rows[1]).toMatchObject({ waiting: 2, waiting_since: Date.parse('2026-11-22T03:30:00Z'), running: 1 });
  });
});
