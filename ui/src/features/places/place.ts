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
  /** the places that hold it, smallest first */
  within?: { name: string }[];
  /** the kind's name in the reader's language */
  label?: string;
  /** why it was found; `relation`: how the words place it by the landmark */
  found?: { relation?: string | null; context?: string | null } | null;
  /** what was typed, understood: the circle of "behind the church", not of the church */
  area?: Area;
}

/** Radii that a call taker chooses from, metres. */
export const RADII_M = [50, 150, 320, 500, 1_000, 2_000] as const;
const RADIUS_OTHERWISE_M = 150;
/** One press of an arrow key moves by a quarter of the radius. */
const STEP_OF_RADIUS = 0.25;
const METRES_PER_DEGREE = 111_320;

/** "section, commune" of a found place. */
export function within(place: FoundPlace): string {
  return (place.within ?? []).map((w) => w.name).slice(0, 2).join(', ');
}

/** The area of a chosen place. What was typed stays as its words when the place answers to it; a place that was
 *  only near in spelling brings its own name. */
export function areaOf(place: FoundPlace): Area {
  const understood = place.area;
  if (understood && understood.lat !== null) {
    return { ...understood, words: understood.confidence === 'heard' ? place.name : (understood.words ?? place.name) };
  }
  return {
    lat: place.lat, lon: place.lon, radius_m: place.radius_m ?? RADIUS_OTHERWISE_M,
    source: 'gazetteer', confidence: 'likely', words: place.name, place_id: place.id,
  };
}

/** Kinds of landmark that a call taker adds; the gazetteer knows more. */
export const KINDS = ['landmark', 'church', 'market', 'school', 'hospital', 'fuel', 'bridge', 'crossroads', 'square', 'police'] as const;

/** What is said before a landmark to place oneself by it, in the four languages. */
const RELATIONS =
  /^(?:pa )?(?:dèyè|deye|anfas|an fas|bò kote|bo kote|akote|bò|devan|apre|anvan|anba|anwo|nan kwen|kwen|toupre|tou pre|pre|derrière|en face de|en face|à côté de|près de|devant|après|avant|detrás de|frente a|al lado de|junto a|cerca de|después de|behind|opposite|across from|next to|near|beside|in front of|after|before|above|below)\s+(?:l['’]|la |le |les |el |the )?/iu;

/** The landmark's own name in what was said: "dèyè legliz Sen Michèl, Dèlma 33" → "legliz Sen Michèl". */
export function landmarkIn(words: string): string {
  return words.split(',')[0]!.trim().replace(RELATIONS, '').trim();
}

/** The next radius up or down among the usual ones. */
export function stepped(now_m: number | null, up: boolean): number {
  const at = now_m ?? RADIUS_OTHERWISE_M;
  return (up ? RADII_M.find((r) => r > at) : RADII_M.findLast((r) => r < at)) ?? at;
}

/** The radii to choose from, with the one that stands now. */
export function radii(now_m: number | null): number[] {
  const all: number[] = [...RADII_M];
  if (now_m !== null && !all.includes(now_m)) all.push(now_m);
  return all.sort((a, b) => a - b);
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
