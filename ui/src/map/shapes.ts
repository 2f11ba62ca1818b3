/** Circles in metres as polygons, and lists as GeoJSON: pure. */

import type { Feature, FeatureCollection, LineString, MultiPolygon, Point, Polygon } from 'geojson';
import type { Bounds, MapDraft, MapIncident, MapLandmark, MapSight, MapUnit, MapZone } from './types';

const CIRCLE_POINTS = 72;
const METRES_PER_DEGREE = 111_320;
/** A unit or a box needs no ring smaller than this to be seen. */
const RING_MIN_M = 15;
/** A position this good needs no ring. */
const ACCURACY_SHOWN_M = 60;

/** How a cluster of units is marked: by the gravest among them. Their emergency, a position grown old, then
 *  the states, those who may need something first. */
export const UNIT_GRADES = ['sos', 'old', 'S', 'D', 'R', 'T', 'H', 'A', 'X'] as const;
export const gradeOf = (u: Pick<MapUnit, 'alarm' | 'age' | 'letter'>): number =>
  u.alarm ? 0 : u.age === 'old' && u.letter !== 'X' ? 1 : Math.max(2, (UNIT_GRADES as readonly string[]).indexOf(u.letter));
/** P0 to P4, then what has no priority yet. */
export const PRIORITY_NONE = 5;
export const gravityOf = (priority: string): number => (/^P[0-4]$/.test(priority) ? Number(priority[1]) : PRIORITY_NONE);

/** A circle of `radius_m` metres around a point, closed. */
export function circle(lat: number, lon: number, radius_m: number): [number, number][] {
  const ring: [number, number][] = [];
  const north = radius_m / METRES_PER_DEGREE;
  const east = north / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  for (let i = 0; i <= CIRCLE_POINTS; i += 1) {
    const angle = (i / CIRCLE_POINTS) * 2 * Math.PI;
    ring.push([lon + east * Math.cos(angle), lat + north * Math.sin(angle)]);
  }
  return ring;
}

const collection = <G extends Point | Polygon | MultiPolygon | LineString>(features: Feature<G>[]): FeatureCollection<G> => ({ type: 'FeatureCollection', features });

const point = (lat: number, lon: number, properties: object): Feature<Point> => ({ type: 'Feature', properties: { ...properties }, geometry: { type: 'Point', coordinates: [lon, lat] } });

export function areas(incidents: readonly MapIncident[], units: readonly MapUnit[], draft: MapDraft | null): FeatureCollection<Polygon> {
  const ring = (at: { lat: number; lon: number; radius_m: number }, properties: object): Feature<Polygon> => ({
    type: 'Feature',
    properties: { ...properties },
    geometry: { type: 'Polygon', coordinates: [circle(at.lat, at.lon, Math.max(RING_MIN_M, at.radius_m))] },
  });
  const features = incidents.map((i) => ring(i, { loose: i.loose, selected: i.selected, p0: i.priority === 'P0', draft: false }));
  for (const u of units) {
    if (u.accuracy_m !== null && u.accuracy_m > ACCURACY_SHOWN_M && u.lit) features.push(ring({ ...u, radius_m: u.accuracy_m }, { loose: true, selected: false, p0: false, draft: false }));
  }
  if (draft) features.push(ring(draft, { loose: draft.loose, selected: true, p0: false, draft: true }));
  return collection(features);
}

/** Boxes that may gather into one, and those that must stand by themselves: what is in hand. */
export function boxes(incidents: readonly MapIncident[], apart: boolean): FeatureCollection<Point> {
  return collection(
    incidents.filter((i) => i.selected === apart).map((i) => {
      const gravity = gravityOf(i.priority);
      return point(i.lat, i.lon, {
        id: i.id, text: i.text, icon: `p-${i.priority || '?'}-${i.selected ? 'sel' : 'std'}`, gravity, waits: i.waits ? 1 : 0,
        // Drawn last is drawn on top: the gravest.
        rank: i.selected ? 9 : PRIORITY_NONE - gravity,
      });
    }),
  );
}

/** Marks that may gather into one, and those that must stand by themselves: what a command names, an emergency. */
export function marks(units: readonly MapUnit[], apart: boolean): FeatureCollection<Point> {
  return collection(
    units.filter((u) => (u.lit || u.alarm) === apart).map((u) =>
      point(u.lat, u.lon, {
        id: u.id, text: u.text, letter: u.letter, grade: gradeOf(u),
        icon: `u-${u.letter}-${u.age}-${u.alarm ? 'sos' : u.lit ? 'lit' : 'std'}`, rank: u.alarm ? 10 : u.lit ? 9 : u.letter === 'X' ? 0 : 1,
      }),
    ),
  );
}

export const sights = (seen: readonly MapSight[]): FeatureCollection<Point> =>
  collection(seen.map((o) => point(o.lat, o.lon, { id: o.id, text: o.text, icon: `o-${o.mark}-${o.old ? 'old' : 'new'}`, old: o.old })));

export const landmarks = (places: readonly MapLandmark[]): FeatureCollection<Point> =>
  collection(places.map((p) => point(p.lat, p.lon, { id: p.id, text: p.text, icon: p.own ? 'l-own' : 'l-std', rank: p.own ? 0 : 1 })));

export const zones = (all: readonly MapZone[]): FeatureCollection<MultiPolygon> =>
  collection(all.map((z) => ({ type: 'Feature', properties: { id: z.id, text: z.text, state: z.state }, geometry: { type: 'MultiPolygon', coordinates: z.outline.map((ring) => [ring]) } })));

/** The line that a dragged unit draws behind it. */
export const thread = (from: [number, number] | null, to: [number, number] | null): FeatureCollection<LineString> =>
  collection(from && to ? [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: [from, to] } }] : []);

export function centre(draft: MapDraft | null): FeatureCollection<Point> {
  return collection(draft ? [point(draft.lat, draft.lon, {})] : []);
}

/** Bounds [w, s, e, n] that show a circle with room around it. */
export function around(lat: number, lon: number, radius_m: number): [number, number, number, number] {
  const north = radius_m / METRES_PER_DEGREE;
  const east = north / Math.cos((lat * Math.PI) / 180);
  return [lon - east, lat - north, lon + east, lat + north];
}

/** Less than this around the marks and the streets would fill the view without saying where in the city it is. */
const HOME_MARGIN_DEG = 0.005;

/** Bounds [w, s, e, n] of what is going on, never wider than the map itself; null where nothing is. */
export function home(marks: readonly { lat: number; lon: number }[], whole: Bounds): Bounds | null {
  const [west, south, east, north] = whole;
  const there = marks.filter((m) => m.lat >= south && m.lat <= north && m.lon >= west && m.lon <= east);
  if (there.length === 0) return null;
  const lats = there.map((m) => m.lat);
  const lons = there.map((m) => m.lon);
  return [
    Math.max(west, Math.min(...lons) - HOME_MARGIN_DEG), Math.max(south, Math.min(...lats) - HOME_MARGIN_DEG),
    Math.min(east, Math.max(...lons) + HOME_MARGIN_DEG), Math.min(north, Math.max(...lats) + HOME_MARGIN_DEG),
  ];
}
