/** Which open incident a call may be about: their circles meet, and both are recent. A proposal, never a merge. */

import { distance_m } from '../../live/geo';
import type { Area, Incident } from '../../live/rows';

export interface Resemblance {
  incident: Incident;
  distance_m: number;
}

/** Two callers seldom agree to the metre: circles this far apart may still be one event. */
export const GAP_MAX_M = 300;
export const AGE_MAX_MS = 3_600_000;
/** A circle wider than this says a region, not a place: it counts as no wider. */
export const REACH_MAX_M = 2_000;

const reach = (area: Area) => Math.min(REACH_MAX_M, area.radius_m ?? 0);

export function resembling(
  area: Area | null, incidents: readonly Incident[], now_ms: number, except: string | null = null,
): Resemblance | null {
  if (area?.lat == null || area.lon === null) return null;
  let best: Resemblance | null = null;
  for (const incident of incidents) {
    const there = incident.area;
    if (incident.state !== 'open' || incident.id === except || there?.lat == null || there.lon === null) continue;
    if (now_ms - Date.parse(incident.opened_at) > AGE_MAX_MS) continue;
    const apart = distance_m(area.lat, area.lon, there.lat, there.lon);
    if (apart > reach(area) + reach(there) + GAP_MAX_M) continue;
    if (!best || apart < best.distance_m) best = { incident, distance_m: apart };
  }
  return best;
}
