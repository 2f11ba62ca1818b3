/** From what the gazetteer found to an area, and moving it by keys. */

import type { Area } from '../../live/rows';

/** What GET /places answers for one place. */
export interface FoundPlace {
  id: string;
  name: string;
  kind: string;
  lat: number;
  lon: number;
  radius_m: number | null;
  /** the places that hold it, smallest first, when the server says them */
  within?: (string | { name: string })[];
  [more: string]: unknown;
}

/** Radii that a call taker chooses from, metres. */
export const RADII_M = [50, 150, 320, 500, 1_000, 2_000] as const;
const RADIUS_OTHERWISE_M = 150;
/** One press of an arrow key moves by a quarter of the radius. */
const STEP_OF_RADIUS = 0.25;
const METRES_PER_DEGREE = 111_320;

/** "section, commune" of a found place. */
export function within(place: FoundPlace): string {
  return (place.within ?? []).map((w) => (typeof w === 'string' ? w : w.name)).slice(0, 2).join(', ');
}

/** The area of a chosen place. What the caller said around its name ("behind …") stays in front of it. */
export function areaOf(place: FoundPlace, said: string, typed: string): Area {
  const relation = said.length > typed.length ? said.slice(0, said.length - typed.length).trim() : '';
  const likely = place.kind === 'landmark' || (place.radius_m ?? RADIUS_OTHERWISE_M) <= 300;
  return {
    lat: place.lat, lon: place.lon, radius_m: place.radius_m ?? RADIUS_OTHERWISE_M,
    source: place.kind === 'landmark' ? 'landmark' : 'gazetteer',
    confidence: likely ? 'likely' : 'heard',
    words: relation ? `${relation} ${place.name}` : place.name,
    place_id: place.id,
  };
}

/** The area moved north or east by one step. */
export function moved(area: Area, north: number, east: number): Area {
  if (area.lat === null || area.lon === null) return area;
  const step = (area.radius_m ?? RADIUS_OTHERWISE_M) * STEP_OF_RADIUS;
  return {
    ...area,
    lat: area.lat + (north * step) / METRES_PER_DEGREE,
    lon: area.lon + (east * step) / (METRES_PER_DEGREE * Math.cos((area.lat * Math.PI) / 180)),
    source: 'map',
  };
}
