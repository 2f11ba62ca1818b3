import { describe, expect, it } from 'vitest';
import { meets, wordsPx } from './layout';
import { boundsOf, bySea, coastOf, curves, fit, graticule, held, land, LANDS, latOf, mercator, middle, moved, names, pathOf, project, REGION, stops, unproject, waters, zoomed, type Coast } from './route';
import type { Leg, Stop } from './rows';

const stop = (code: string, lat: number, lon: number): Stop => ({ code, name: code, lat, lon });
const MIAMI = stop('USMIA', 25.77, -80.17);
const PORT_AU_PRINCE = stop('HTPAP', 18.55, -72.35);
const HAINA = stop('DOHAI', 18.42, -70.02);
const leg = (id: string, from: Stop, to: Stop): Leg => ({ id, node: 'c1', from, to, evidence: 'evidenced', confidence: null, on: null, until: null });
/** an island across the straight way: lon −79..−73, lat 20..23 */
const ISLAND: Coast = { rings: [[[-79, 20], [-73, 20], [-73, 23], [-79, 23]]], borders: [] };

describe('the sheet', () => {
  it('lays north up and east right, and gives back what it was given', () => {
    const sheet = fit([-80, 18, -70, 26], 400, 500);
    const [a, b] = [project(sheet, 25.77, -80.17), project(sheet, 18.55, -72.35)];
    expect(a.y).toBeLessThan(b.y);
    expect(a.x).toBeLessThan(b.x);
    const back = unproject(sheet, b);
    expect(back.lat).toBeCloseTo(18.55, 6);
    expect(back.lon).toBeCloseTo(-72.35, 6);
    for (const lat of [7, 18.5, 33]) expect(latOf(mercator(lat))).toBeCloseTo(lat, 9);
  });
  it('shows all that it is to show, whatever its shape', () => {
    for (const [width, height] of [[412, 492], [900, 300], [300, 900]] as const) {
      const sheet = fit(boundsOf([MIAMI, PORT_AU_PRINCE, HAINA]), width, height);
      for (const s of [MIAMI, PORT_AU_PRINCE, HAINA]) {
        const p = project(sheet, s.lat, s.lon);
        expect(p.x).toBeGreaterThanOrEqual(0);
        expect(p.x).toBeLessThanOrEqual(width);
        expect(p.y).toBeGreaterThanOrEqual(0);
        expect(p.y).toBeLessThanOrEqual(height);
      }
    }
  });
  it('never leaves the region, however it is moved or zoomed', () => {
    let sheet = fit(boundsOf([MIAMI, HAINA]), 400, 400);
    for (const next of [moved(sheet, 9_999, -9_999), moved(sheet, -9_999, 9_999), zoomed(sheet, 0.01), zoomed(sheet, 50)]) {
      sheet = held(next);
      const [nw, se] = [unproject(sheet, { x: 0, y: 0 }), unproject(sheet, { x: 400, y: 400 })];
      expect(nw.lon).toBeGreaterThanOrEqual(REGION[0] - 1e-6);
      expect(se.lon).toBeLessThanOrEqual(REGION[2] + 1e-6);
      expect(nw.lat).toBeLessThanOrEqual(REGION[3] + 1e-6);
      expect(se.lat).toBeGreaterThanOrEqual(REGION[1] - 1e-6);
    }
  });
  it('keeps under the pointer what was there when it comes nearer', () => {
    const sheet = fit([-80, 18, -70, 26], 400, 400);
    const was = unproject(sheet, { x: 130, y: 210 });
    const now = unproject(zoomed(sheet, 1.5, { x: 130, y: 210 }), { x: 130, y: 210 });
    expect(now.lat).toBeCloseTo(was.lat, 6);
    expect(now.lon).toBeCloseTo(was.lon, 6);
  });
  it('reads land and borders from the server’s coast', () => {
    const found = coastOf({ features: [{ geometry: { type: 'MultiPolygon', coordinates: [[[[-79, 20], [-73, 20], [-73, 23]]]] } }, { geometry: { type: 'LineString', coordinates: [[-71, 19], [-71, 18]] } }] });
    expect([found.rings.length, found.borders.length]).toEqual([1, 1]);
    expect(coastOf({})).toEqual({ rings: [], borders: [] });
  });
  it('draws the land that lies on it, and none beside it', () => {
    expect(land(ISLAND, fit([-80, 18, -70, 26], 400, 400))).toMatch(/^M.*Z$/);
    expect(land(ISLAND, fit([-66, 8, -60, 12], 400, 400))).toBe('');
  });
  it('writes meridians that find room', () => {
    const sheet = fit([-84, 16, -66, 28], 412, 492);
    const { lons, lats } = graticule(sheet);
    expect(lons.length).toBeGreaterThan(1);
    expect(lats.length).toBeGreaterThan(1);
    expect((lons[1]! - lons[0]!) * sheet.scale).toBeGreaterThanOrEqual(90);
  });
  it('has its lands within the region', () => {
    for (const [, lat, lon] of LANDS) {
      expect(lon > REGION[0] && lon < REGION[2] && lat > REGION[1] && lat < REGION[3]).toBe(true);
    }
  });
});

describe('a leg', () => {
  it('by sea goes around the land', () => {
    const water = waters(ISLAND);
    const way = bySea(water, MIAMI, PORT_AU_PRINCE);
    expect(way[0]).toEqual(MIAMI);
    expect(way.at(-1)).toEqual(PORT_AU_PRINCE);
    expect(way.length).toBeGreaterThan(2);
    for (let i = 1; i < way.length; i += 1) {
      for (let u = 0; u <= 1; u += 0.1) {
        const lon = way[i - 1]!.lon + (way[i]!.lon - way[i - 1]!.lon) * u;
        const lat = way[i - 1]!.lat + (way[i]!.lat - way[i - 1]!.lat) * u;
        expect(lon > -78.5 && lon < -73.5 && lat > 20.5 && lat < 22.5).toBe(false);
      }
    }
  });
  it('with nothing in the way goes straight', () => {
    const way = bySea(waters({ rings: [], borders: [] }), MIAMI, PORT_AU_PRINCE);
    expect(way.length).toBeLessThanOrEqual(4);
  });
  it('to a place that no water reaches still arrives', () => {
    expect(bySea(waters(ISLAND), MIAMI, stop('X', 21.5, -76)).at(-1)).toMatchObject({ code: 'X' });
  });
  it('beside another between the same places goes its own way', () => {
    const sheet = fit(boundsOf([MIAMI, HAINA]), 400, 400);
    const [one, two] = curves([leg('1', MIAMI, HAINA), leg('2', HAINA, MIAMI)], sheet, null, () => false);
    expect(middle(one!.points)).not.toEqual(middle(two!.points));
    expect(pathOf(one!.points)).toMatch(/^M[\d.]+ [\d.]+Q/);
  });
  it('shares its ports with others: each is there once', () => {
    const found = stops([leg('1', MIAMI, PORT_AU_PRINCE), leg('2', MIAMI, HAINA)]);
    expect(found.map((s) => s.stop.code)).toEqual(['USMIA', 'HTPAP', 'DOHAI']);
    expect(found[0]!.legs).toEqual(['1', '2']);
  });
});

describe('names beside places', () => {
  it('lie over none other and stay on the sheet', () => {
    const at = [[10, 10], [14, 12], [390, 390], [200, 200], [206, 204], [212, 196]] as const;
    const wanted = at.map(([x, y], i) => ({ key: String(i), text: 'Port-au-Prince', at: { x, y } }));
    const found = names(wanted, { width: 400, height: 400 });
    expect(found.length).toBeGreaterThan(3);
    const boxes = found.map((s) => {
      const w = wordsPx(s.text);
      const left = s.x - (s.anchor === 'end' ? w : s.anchor === 'middle' ? w / 2 : 0);
      return { left, right: left + w, top: s.y - 11, bottom: s.y + 3 };
    });
    for (const [i, a] of boxes.entries()) {
      expect(a.left).toBeGreaterThanOrEqual(0);
      expect(a.right).toBeLessThanOrEqual(400);
      for (const b of boxes.slice(i + 1)) expect(meets(a, b)).toBe(false);
    }
  });
});
