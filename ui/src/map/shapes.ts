/** Circles in metres as polygons, and lists as GeoJSON: pure. */

import type { Feature, FeatureCollection, LineString, MultiPolygon, Point, Polygon } from 'geojson';
import { ZOOM_MAX } from './ground';
import type { Bounds, Hold, MapDraft, MapIncident, MapLandmark, MapSight, MapUnit, MapZone } from './types';

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

/** A circle that is drawn: how sure, and whose. */
export interface Ring {
  lat: number;
  lon: number;
  radius_m: number;
  loose: boolean;
  selected: boolean;
  p0: boolean;
}

export function rings(incidents: readonly MapIncident[], units: readonly MapUnit[], draft: MapDraft | null): Ring[] {
  const ring = (at: { lat: number; lon: number }, radius_m: number, loose: boolean, selected: boolean, p0: boolean): Ring =>
    ({ lat: at.lat, lon: at.lon, radius_m: Math.max(RING_MIN_M, radius_m), loose, selected, p0 });
  return [
    ...incidents.map((i) => ring(i, i.radius_m, i.loose, i.selected, i.priority === 'P0')),
    ...units.flatMap((u) => (u.accuracy_m !== null && u.accuracy_m > ACCURACY_SHOWN_M && u.lit ? [ring(u, u.accuracy_m, true, false, false)] : [])),
    ...(draft ? [ring(draft, draft.radius_m, draft.loose, true, false)] : []),
  ];
}

export const areas = (incidents: readonly MapIncident[], units: readonly MapUnit[], draft: MapDraft | null): FeatureCollection<Polygon> =>
  collection(
    rings(incidents, units, draft).map(({ lat, lon, radius_m, ...properties }) => ({
      type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [circle(lat, lon, radius_m)] },
    })),
  );

/** How an incident is marked. Drawn last is drawn on top: the gravest, and what is in hand. */
export function boxLook(i: MapIncident): { icon: string; gravity: number; rank: number } {
  const gravity = gravityOf(i.priority);
  return { icon: `p-${i.priority || '?'}-${i.selected ? 'sel' : 'std'}`, gravity, rank: i.selected ? 9 : PRIORITY_NONE - gravity };
}

/** How a unit is marked: what a command names and an emergency lie on top. */
export function unitLook(u: MapUnit): { icon: string; grade: number; rank: number } {
  return { icon: `u-${u.letter}-${u.age}-${u.alarm ? 'sos' : u.lit ? 'lit' : 'std'}`, grade: gradeOf(u), rank: u.alarm ? 10 : u.lit ? 9 : u.letter === 'X' ? 0 : 1 };
}

export const sightIcon = (o: MapSight): string => `o-${o.mark}-${o.old ? 'old' : 'new'}`;
export const landmarkIcon = (p: MapLandmark): string => (p.own ? 'l-own' : 'l-std');
/** Several as one: the mark of the gravest of them. */
export const unitPileIcon = (grade: number): string => `uc-${UNIT_GRADES[grade]}`;
export const boxPileIcon = (gravity: number, waits: boolean): string => `pc-${gravity}-${waits ? 'waits' : 'std'}`;

/** Boxes that may gather into one, and those that must stand by themselves: what is in hand. */
export const boxes = (incidents: readonly MapIncident[], apart: boolean): FeatureCollection<Point> =>
  collection(incidents.filter((i) => i.selected === apart).map((i) => point(i.lat, i.lon, { id: i.id, text: i.text, waits: i.waits ? 1 : 0, ...boxLook(i) })));

/** Whether a unit must stand by itself: what a command names, an emergency. */
export const standsApart = (u: MapUnit): boolean => u.lit || u.alarm;

/** Marks that may gather into one, and those that must stand by themselves. */
export const marks = (units: readonly MapUnit[], apart: boolean): FeatureCollection<Point> =>
  collection(units.filter((u) => standsApart(u) === apart).map((u) => point(u.lat, u.lon, { id: u.id, text: u.text, letter: u.letter, ...unitLook(u) })));

export const sights = (seen: readonly MapSight[]): FeatureCollection<Point> =>
  collection(seen.map((o) => point(o.lat, o.lon, { id: o.id, text: o.text, icon: sightIcon(o), old: o.old })));

export const landmarks = (places: readonly MapLandmark[]): FeatureCollection<Point> =>
  collection(places.map((p) => point(p.lat, p.lon, { id: p.id, text: p.text, icon: landmarkIcon(p), rank: p.own ? 0 : 1 })));

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

const HOLD_ROOM_M = 2_500;
const HOLD_ZOOM_MAX = 15;
const HOME_ZOOM_MAX = 13;
const EDGE_PX = 40;
const HOME_EDGE_PX = 20;
const WHOLE_EDGE_PX = 8;

/** What the view is to show: what is held, else what is going on, else the whole. `room_px`: the pane's smaller side; folded
 *  small, an edge of the usual width would leave no room at all. */
export function aim(hold: Hold | null, home: Bounds | null, whole: Bounds, room_px: number): { bounds: Bounds; padding_px: number; zoom_max: number } {
  const edge = (px: number): number => Math.min(px, room_px / 4);
  if (hold) return { bounds: around(hold.lat, hold.lon, Math.max(HOLD_ROOM_M, hold.radius_m * 1.6)), padding_px: edge(EDGE_PX), zoom_max: HOLD_ZOOM_MAX };
  if (home) return { bounds: home, padding_px: edge(HOME_EDGE_PX), zoom_max: HOME_ZOOM_MAX };
  return { bounds: whole, padding_px: edge(WHOLE_EDGE_PX), zoom_max: ZOOM_MAX };
}
