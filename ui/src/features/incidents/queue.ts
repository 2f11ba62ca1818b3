/** The order of the queue, and its promise that no row moves under the pointer. */

import type { Incident, Priority } from '../../live/rows';

export type Section = 'waiting' | 'underway';

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
  return rank(a) - rank(b) || a.opened_at.localeCompare(b.opened_at) || a.number - b.number;
}

/** Whether an incident waits for nobody: a unit is on it, or was and left nothing to do but close it. */
export function isServed(incident: Incident, units: number): boolean {
  return units > 0 || incident.clocks.clear !== undefined;
}

/** The order that the queue wants now. */
export function arrange(incidents: readonly Incident[], served: (incident: Incident) => boolean): Place[] {
  const open = incidents.filter((i) => i.state === 'open').sort(compare);
  const place = (section: Section) => (i: Incident): Place => ({ id: i.id, section });
  return [
    ...open.filter((i) => !served(i)).map(place('waiting')),
    ...open.filter((i) => served(i)).map(place('underway')),
  ];
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
  return [...of('waiting'), ...of('underway')];
}
