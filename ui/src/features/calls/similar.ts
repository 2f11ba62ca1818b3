/** Which open incidents a call may be about, and why: how far, how long ago, which words. A proposal, never a merge. */

import type { Card } from '../../api/cards.svelte';
import { distance_m } from '../../live/geo';
import type { Area, Call, Incident } from '../../live/rows';
import { cardsFor } from './cards';
import { tokens } from './tokens';

/** What is known of the call by now. */
export interface Subject {
  area: Area | null;
  words: string;
  type?: string | null;
}

export interface Suspect {
  incident: Incident;
  /** null where one of them is not on the map */
  distance_m: number | null;
  /** whether the two circles meet */
  meets: boolean;
  age_ms: number;
  /** words that both have */
  words: string[];
  /** the same type; or a type that the same card serves */
  kind: 'same' | 'alike' | null;
  score: number;
}

/** Two callers seldom agree to the metre: circles this far apart may still be one event. */
export const GAP_MAX_M = 300;
export const AGE_MAX_MS = 3_600_000;
/** A circle wider than this says a region, not a place: it counts as no wider. */
export const REACH_MAX_M = 2_000;
export const SUSPECTS_MAX = 3;
const SHARED_WORDS_MAX = 4;
/** Without two places on the map, this much else must agree. */
const SHARED_MIN_WITHOUT_PLACE = 2;
const WORD_WORTH = 0.5;
const KIND_WORTH = { same: 1.5, alike: 1 } as const;
const PLACE_WORTH = 3;

const reach = (area: Area) => Math.min(REACH_MAX_M, area.radius_m ?? 0);

export function suspects(
  subject: Subject, incidents: readonly Incident[], calls: readonly Call[], cards: readonly Card[], now_ms: number,
  except: string | null = null,
): Suspect[] {
  const here = subject.area;
  const said = tokens(`${subject.words} ${here?.words ?? ''}`);
  // Across languages nothing but the meaning is shared: what the words stand for, by the cards.
  const meant = cardsFor(cards, subject.words).slice(0, 2);
  const found: Suspect[] = [];
  for (const incident of incidents) {
    const age_ms = now_ms - Date.parse(incident.opened_at);
    if (incident.state !== 'open' || incident.id === except || age_ms > AGE_MAX_MS) continue;
    const there = incident.area;
    const apart = here?.lat != null && here.lon !== null && there?.lat != null && there.lon !== null
      ? distance_m(here.lat, here.lon, there.lat, there.lon) : null;
    const circles = apart === null || !here || !there ? 0 : reach(here) + reach(there);
    if (apart !== null && apart > circles + GAP_MAX_M) continue;
    const theirs = calls.filter((c) => c.incident_id === incident.id).map((c) => c.words ?? '').join(' ');
    const known = tokens(`${incident.title ?? ''} ${there?.words ?? ''} ${theirs}`);
    const shared = [...said].filter((w) => known.has(w));
    const kind = incident.type === null ? null
      : subject.type === incident.type ? 'same'
      : meant.some((card) => card.types.includes(incident.type!)) ? 'alike' : null;
    if (apart === null && shared.length + (kind ? 1 : 0) < SHARED_MIN_WITHOUT_PLACE) continue;
    found.push({
      incident, distance_m: apart, meets: apart !== null && apart <= circles, age_ms, kind,
      words: shared.sort((a, b) => b.length - a.length).slice(0, SHARED_WORDS_MAX),
      score: (apart === null ? 0 : PLACE_WORTH * (1 - apart / (circles + GAP_MAX_M)))
        + (1 - age_ms / AGE_MAX_MS) + WORD_WORTH * Math.min(SHARED_WORDS_MAX, shared.length) + (kind ? KIND_WORTH[kind] : 0),
    });
  }
  return found.sort((a, b) => b.score - a.score || a.incident.number - b.incident.number).slice(0, SUSPECTS_MAX);
}

/** The nearest of them by place alone. */
export function resembling(area: Area | null, incidents: readonly Incident[], now_ms: number, except: string | null = null): { incident: Incident; distance_m: number } | null {
  const placed = suspects({ area, words: '' }, incidents, [], [], now_ms, except)
    .filter((s): s is Suspect & { distance_m: number } => s.distance_m !== null)
    .sort((a, b) => a.distance_m - b.distance_m);
  return placed[0] ?? null;
}
