/** Circles in metres as polygons, and lists as GeoJSON: pure. */

import type { Feature, FeatureCollection, Polygon, Point } from 'geojson';
import type { MapDraft, MapIncident, MapUnit } from './types';

const CIRCLE_POINTS = 72;
const METRES_PER_DEGREE = 111_320;
/** A unit or a box needs no ring smaller than this to be seen. */
const RING_MIN_M = 15;

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

const collection = <G extends Point | Polygon>(features: Feature<G>[]): FeatureCollection<G> => ({ type: 'FeatureCollection', features });

export function areas(incidents: readonly MapIncident[], draft: MapDraft | null): FeatureCollection<Polygon> {
  const ring = (at: { lat: number; lon: number; radius_m: number }, properties: object): Feature<Polygon> => ({
    type: 'Feature',
    properties: { ...properties },
    geometry: { type: 'Polygon', coordinates: [circle(at.lat, at.lon, Math.max(RING_MIN_M, at.radius_m))] },
  });
  const features = incidents.map((i) => ring(i, { loose: i.loose, selected: i.selected, p0: i.priority === 'P0', draft: false }));
  if (draft) features.push(ring(draft, { loose: draft.loose, selected: true, p0: false, draft: true }));
  return collection(features);
}

export function boxes(incidents: readonly MapIncident[]): FeatureCollection<Point> {
  return collection(
    incidents.map((i) => ({
      type: 'Feature',
      properties: {
        id: i.id, text: i.text, icon: `p-${i.priority || '?'}-${i.selected ? 'sel' : 'std'}`,
        // Drawn last is drawn on top: the gravest.
        rank: i.selected ? 9 : i.priority ? 5 - Number(i.priority.slice(1)) : 3,
      },
      geometry: { type: 'Point', coordinates: [i.lon, i.lat] },
    })),
  );
}

export function marks(units: readonly MapUnit[]): FeatureCollection<Point> {
  return collection(
    units.map((u) => ({
      type: 'Feature',
      properties: { id: u.id, text: u.text, letter: u.letter, icon: `u-${u.letter}-${u.age}-${u.lit ? 'lit' : 'std'}`, rank: u.lit ? 9 : u.letter === 'X' ? 0 : 1 },
      geometry: { type: 'Point', coordinates: [u.lon, u.lat] },
    })),
  );
}

export function centre(draft: MapDraft | null): FeatureCollection<Point> {
  return collection(draft ? [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [draft.lon, draft.lat] } }] : []);
}

/** Bounds [w, s, e, n] that show a circle with room around it. */
export function around(lat: number, lon: number, radius_m: number): [number, number, number, number] {
  const north = radius_m / METRES_PER_DEGREE;
  const east = north / Math.cos((lat * Math.PI) / 180);
  return [lon - east, lat - north, lon + east, lat + north];
}
