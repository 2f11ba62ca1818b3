/** The order of the queue, and its promise that no row moves under the pointer. */

import { byText } from '../../kit/order';
import type { Incident, Priority } from '../../live/rows';

export type Section = 'waiting' | 'underway' | 'closing';
export const SECTIONS: readonly Section[] = ['waiting', 'underway', 'closing'];

export interface Place {
  id: string;
  section: Section;
}

const RANK: Record<Priority, number> = { P0: 0, P1: 1, P2: 2, P3: 3, P4: 4 };
/** An incident without a priority is an open question: after P1, before what is known to be less. */
const UNRANKED = 1.5;

/** Priority, then age (oldest first). */
export function compare(a: Incident, b: Incident): number {
  const rank = (i: Incident) => (i.priority ? RANK[i.priority] : UNRANKED);
  return rank(a) - rank(b) || byText(a.opened_at, b.opened_at) || a.number - b.number;
}

/** Waiting for a unit, under way, or served and left only to be closed. */
export function sectionOf(incident: Incident, units: number): Section {
  if (units > 0) return 'underway';
  return incident.clocks.clear ? 'closing' : 'waiting';
}

/** The order that the queue wants now. */
export function arrange(incidents: readonly Incident[], units: (id: string) => number): Place[] {
  const places = incidents
    .filter((i) => i.state === 'open')
    .sort(compare)
    .map((i): Place => ({ id: i.id, section: sectionOf(i, units(i.id)) }));
  return SECTIONS.flatMap((section) => places.filter((p) => p.section === section));
}

/** The order to show. While held (a pointer or a finger is on the list) every row stays where it is, rows
 *  that left keep their place, and new ones join at the end of their section. */
export function settle(shown: readonly Place[], wanted: readonly Place[], held: boolean): Place[] {
  if (!held) return [...wanted];
  const here = new Set(shown.map((p) => p.id));
  const fresh = wanted.filter((p) => !here.has(p.id));
  const of = (section: Section) => [
    ...shown.filter((p) => p.section === section),
    ...fresh.filter((p) => p.section === section),
  ];
  return SECTIONS.flatMap(of);
}
