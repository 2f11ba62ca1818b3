import { describe, expect, it } from 'vitest';
import { distance_m } from '../live/geo';
import { areas, around, boxes, circle, marks } from './shapes';

describe('shapes on the map', () => {
  it('draws a circle whose radius is in metres', () => {
    for (const [lon, lat] of circle(18.55, -72.3, 320)) expect(Math.abs(distance_m(18.55, -72.3, lat, lon) - 320)).toBeLessThan(3);
  });

  it('closes its ring', () => {
    const ring = circle(18.55, -72.3, 50);
    expect(ring.at(-1)![0]).toBeCloseTo(ring[0]![0], 9);
  });

  it('says by its image how grave an incident is and how old a position is', () => {
    const box = { id: 'i', text: '2417', priority: 'P1', lat: 18.5, lon: -72.3, radius_m: 150, loose: true, selected: true };
    expect(boxes([box]).features[0]!.properties).toMatchObject({ icon: 'p-P1-sel' });
    expect(areas([box], null).features[0]!.properties).toMatchObject({ loose: true, selected: true });
    const unit = { id: 'u', text: 'P07 · 41 min', letter: 'A', lat: 18.5, lon: -72.3, age: 'old' as const, lit: false };
    expect(marks([unit]).features[0]!.properties).toMatchObject({ icon: 'u-A-old-std', text: 'P07 · 41 min' });
  });

  it('adds what is being placed to the areas', () => {
    expect(areas([], { lat: 18.5, lon: -72.3, radius_m: 150, loose: false }).features).toHaveLength(1);
  });

  it('leaves room around a place', () => {
    const [w, s, e, n] = around(18.5, -72.3, 1_000);
    expect(distance_m(s, w, n, w)).toBeGreaterThan(1_990);
    expect(distance_m(18.5, w, 18.5, e)).toBeGreaterThan(1_980);
  });
});
