import { describe, expect, it } from 'vitest';
import { distance_m } from '../live/geo';
import { boundsOf, fitted, grown, metresPerPx, moved, project, unproject, zoomed, type View } from './view';

const CITY = { west: -72.46, south: 18.47, east: -72.18, north: 18.65 };
const PANE = { width: 570, height: 315 };
const city = (): View => fitted([CITY.west, CITY.south, CITY.east, CITY.north], PANE, 8, 9, 18);

describe('the flat view', () => {
  it('shows all of what it is fitted to, with room at the edges', () => {
    const view = city();
    for (const [lat, lon] of [[CITY.north, CITY.west], [CITY.south, CITY.east]] as const) {
      const { x, y } = project(view, lat, lon);
      expect(Math.min(x, y, PANE.width - x, PANE.height - y)).toBeGreaterThanOrEqual(8 - 1e-6);
    }
    const [w, s, e, n] = boundsOf(view);
    expect(w < CITY.west && s < CITY.south && e > CITY.east && n > CITY.north).toBe(true);
  });

  it('is never nearer or farther than it may be', () => {
    expect(fitted([-72.3, 18.5, -72.3, 18.5], PANE, 40, 9, 15).zoom).toBe(15);
    expect(fitted([-180, -80, 180, 80], PANE, 8, 9, 15).zoom).toBe(9);
    // A pane folded to nothing has a view all the same.
    expect(Number.isFinite(fitted([-72.4, 18.5, -72.3, 18.6], { width: 0, height: 0 }, 8, 9, 15).zoom)).toBe(true);
  });

  it('finds the spot under a point again', () => {
    const view = city();
    for (const at of [{ x: 0, y: 0 }, { x: 123.5, y: 300 }, { x: 570, y: 1 }]) {
      const { lat, lon } = unproject(view, at);
      const back = project(view, lat, lon);
      expect(back.x).toBeCloseTo(at.x, 6);
      expect(back.y).toBeCloseTo(at.y, 6);
    }
  });

  it('keeps under the hand what was under it, moved or nearer', () => {
    const view = city();
    const hand = { x: 100, y: 40 };
    const spot = unproject(view, hand);
    const near = project(zoomed(view, view.zoom + 1.7, hand), spot.lat, spot.lon);
    expect(near.x).toBeCloseTo(hand.x, 6);
    expect(near.y).toBeCloseTo(hand.y, 6);
    const gone = project(moved(view, 30, -12), spot.lat, spot.lon);
    expect(gone.x).toBeCloseTo(130, 6);
    expect(gone.y).toBeCloseTo(28, 6);
  });

  it('says truly how far a pixel is', () => {
    const view = city();
    const [a, b] = [unproject(view, { x: 235, y: 157 }), unproject(view, { x: 335, y: 157 })];
    expect(metresPerPx(view) * 100).toBeCloseTo(distance_m(a.lat, a.lon, b.lat, b.lon), -1.2);
  });

  it('grows between stops and not beyond them', () => {
    const stops = [[9, 0.8], [12, 1.3], [16, 4]] as const;
    expect([grown(stops, 3), grown(stops, 9), grown(stops, 12), grown(stops, 16), grown(stops, 20)]).toEqual([0.8, 0.8, 1.3, 4, 4]);
    expect(grown(stops, 14)).toBeGreaterThan(1.3);
    // As a map style has it, most of the growth lies at the end.
    expect(grown(stops, 14)).toBeLessThan((1.3 + 4) / 2);
  });
});
