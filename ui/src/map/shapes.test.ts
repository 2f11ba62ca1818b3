import { describe, expect, it } from 'vitest';
import { distance_m } from '../live/geo';
import { areas, around, boxes, circle, gradeOf, gravityOf, home, marks, sights, thread, UNIT_GRADES } from './shapes';

describe('shapes on the map', () => {
  it('draws a circle whose radius is in metres', () => {
    for (const [lon, lat] of circle(18.55, -72.3, 320)) expect(Math.abs(distance_m(18.55, -72.3, lat, lon) - 320)).toBeLessThan(3);
  });

  it('closes its ring', () => {
    const ring = circle(18.55, -72.3, 50);
    expect(ring.at(-1)![0]).toBeCloseTo(ring[0]![0], 9);
  });

  it('says by its image how grave an incident is and how old a position is', () => {
    const box = { id: 'i', text: '2417', priority: 'P1', lat: 18.5, lon: -72.3, radius_m: 150, loose: true, selected: true, waits: true };
    expect(boxes([box], true).features[0]!.properties).toMatchObject({ icon: 'p-P1-sel', gravity: 1, waits: 1 });
    expect(boxes([box], false).features).toEqual([]);
    expect(areas([box], [], null).features[0]!.properties).toMatchObject({ loose: true, selected: true });
    const unit = { id: 'u', text: 'P07 · 41 min', letter: 'A', lat: 18.5, lon: -72.3, age: 'old' as const, lit: false, alarm: false, accuracy_m: null };
    expect(marks([unit], true).features).toEqual([]);
    expect(marks([unit], false).features[0]!.properties).toMatchObject({ icon: 'u-A-old-std', text: 'P07 · 41 min' });
  });

  it('adds what is being placed to the areas', () => {
    expect(areas([], [], { lat: 18.5, lon: -72.3, radius_m: 150, loose: false }).features).toHaveLength(1);
  });

  it('leaves room around a place', () => {
    const [w, s, e, n] = around(18.5, -72.3, 1_000);
    expect(distance_m(s, w, n, w)).toBeGreaterThan(1_990);
    expect(distance_m(18.5, w, 18.5, e)).toBeGreaterThan(1_980);
  });

  it('shows as a whole what is going on, and nothing beyond the map', () => {
    const whole: [number, number, number, number] = [-73, 18, -72, 19];
    expect(home([], whole)).toBe(null);
    const [west, south, east, north] = home([{ lat: 18.5, lon: -72.4 }, { lat: 18.6, lon: -72.001 }, { lat: 40, lon: 3 }], whole)!;
    expect([west, south, east, north].map((n) => Number(n.toFixed(3)))).toEqual([-72.405, 18.495, -72, 18.605]);
  });

  it('keeps what is in hand, and an emergency, out of every pile', () => {
    const at = { lat: 18.5, lon: -72.3, age: 'fresh' as const, letter: 'R', accuracy_m: 400 };
    const units = [{ ...at, id: 'a', text: 'A', lit: true, alarm: false }, { ...at, id: 'b', text: 'B', lit: false, alarm: true }, { ...at, id: 'c', text: 'C', lit: false, alarm: false }];
    expect(marks(units, true).features.map((f) => f.properties!['icon'])).toEqual(['u-R-fresh-lit', 'u-R-fresh-sos']);
    expect(marks(units, false).features.map((f) => f.properties!['id'])).toEqual(['c']);
    // Only the unit in hand shows how far off its position may be.
    expect(areas([], units, null).features).toHaveLength(1);
  });

  it('gathers to the gravest: emergency, then a lost position, then the states that may need something', () => {
    const grade = (letter: string, age: 'fresh' | 'old' = 'fresh', alarm = false) => gradeOf({ letter, age, alarm });
    expect(Math.min(grade('A'), grade('S'), grade('R'))).toBe(grade('S'));
    expect(Math.min(grade('S'), grade('A', 'old'))).toBe(grade('A', 'old'));
    expect(Math.min(grade('S', 'old'), grade('A', 'fresh', true))).toBe(0);
    expect(grade('X', 'old')).toBe(UNIT_GRADES.indexOf('X'));
    expect(['P3', 'P0', ''].map(gravityOf)).toEqual([3, 0, 5]);
  });

  it('says of a sighting whether it may no longer be so, and draws a thread only between two ends', () => {
    const seen = { id: 'o', text: 'barikad · 3 h', mark: 'road', lat: 18.5, lon: -72.3, radius_m: 50, old: true };
    expect(sights([seen]).features[0]!.properties).toMatchObject({ icon: 'o-road-old' });
    expect(thread([1, 2], [3, 4]).features).toHaveLength(1);
    expect(thread([1, 2], null).features).toEqual([]);
  });
});
