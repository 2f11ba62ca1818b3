/** Where a flat map looks: web Mercator as EPSG:3857 has it, with the zoom of 512-pixel tiles. Pure. */

import type { Bounds } from './types';

/** One side of the whole world at zoom 0, in pixels. */
const WORLD_PX = 512;
/** Farther north or south the projection has no end. */
const LAT_MAX = 85.051_129;

export interface Point {
  x: number;
  y: number;
}

/** The middle of the view in world units (0 to 1 from the north-west corner), its zoom and its size in pixels. */
export interface View extends Point {
  zoom: number;
  width: number;
  height: number;
}

export const worldX = (lon: number): number => (lon + 180) / 360;
export function worldY(lat: number): number {
  const rad = (Math.max(-LAT_MAX, Math.min(LAT_MAX, lat)) * Math.PI) / 180;
  return 0.5 - Math.asinh(Math.tan(rad)) / (2 * Math.PI);
}
export const lonOf = (x: number): number => x * 360 - 180;
export const latOf = (y: number): number => (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI;

/** Pixels per world unit. */
export const scaleOf = (zoom: number): number => WORLD_PX * 2 ** zoom;

/** Where on the glass a spot of the ground is. */
export function project(view: View, lat: number, lon: number): Point {
  const scale = scaleOf(view.zoom);
  return { x: (worldX(lon) - view.x) * scale + view.width / 2, y: (worldY(lat) - view.y) * scale + view.height / 2 };
}

/** Which spot of the ground lies under a point of the glass. */
export function unproject(view: View, at: Point): { lat: number; lon: number } {
  const scale = scaleOf(view.zoom);
  return { lat: latOf(view.y + (at.y - view.height / 2) / scale), lon: lonOf(view.x + (at.x - view.width / 2) / scale) };
}

/** Metres of ground under one pixel, in the middle of the view. */
export const metresPerPx = (view: View): number => (40_075_016.7 * Math.cos((latOf(view.y) * Math.PI) / 180)) / scaleOf(view.zoom);

/** The view drawn along with a hand: what was under it stays under it. */
export function moved(view: View, dx_px: number, dy_px: number): View {
  const scale = scaleOf(view.zoom);
  return { ...view, x: view.x - dx_px / scale, y: view.y - dy_px / scale };
}

/** Nearer or farther, with the spot under `about` staying where it is. */
export function zoomed(view: View, zoom: number, about: Point): View {
  const [dx, dy] = [about.x - view.width / 2, about.y - view.height / 2];
  const change = 1 / scaleOf(view.zoom) - 1 / scaleOf(zoom);
  return { ...view, zoom, x: view.x + dx * change, y: view.y + dy * change };
}

/** The nearest view that shows all of `bounds` with so much room at each edge. */
export function fitted(bounds: Bounds, size: { width: number; height: number }, padding_px: number, zoom_min: number, zoom_max: number): View {
  const [west, south, east, north] = bounds;
  const [x0, x1, y0, y1] = [worldX(west), worldX(east), worldY(north), worldY(south)];
  const room = (px: number): number => Math.max(1, px - 2 * padding_px);
  const zoom = Math.log2(Math.min(room(size.width) / Math.max(1e-12, x1 - x0), room(size.height) / Math.max(1e-12, y1 - y0)) / WORLD_PX);
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, zoom: Math.max(zoom_min, Math.min(zoom_max, zoom)), width: size.width, height: size.height };
}

/** West, south, east, north of what the view shows. */
export function boundsOf(view: View): Bounds {
  const [a, b] = [unproject(view, { x: 0, y: view.height }), unproject(view, { x: view.width, y: 0 })];
  return [a.lon, a.lat, b.lon, b.lat];
}

/** A value that grows with the zoom between stops, as map styles have it: exponential of base 1.5. */
export function grown(stops: readonly (readonly [number, number])[], zoom: number): number {
  const first = stops[0]!;
  if (zoom <= first[0]) return first[1];
  for (let i = 1; i < stops.length; i += 1) {
    const [[z0, v0], [z1, v1]] = [stops[i - 1]!, stops[i]!];
    if (zoom <= z1) return v0 + ((v1 - v0) * (GROWTH ** (zoom - z0) - 1)) / (GROWTH ** (z1 - z0) - 1);
  }
  return stops.at(-1)![1];
}
export const GROWTH = 1.5;
