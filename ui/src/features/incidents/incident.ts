/** What can be said of an incident from its row: its name, its clocks, its distance from a norm. */

import type { Norm } from '../../api/vocabulary';
import { ms, running } from '../../i18n/format';
import { labelOf, t, words } from '../../i18n/index.svelte';
import type { ClockCode, Incident } from '../../live/rows';

/** The clocks that the pane shows, in the order in which they strike. */
export const CLOCKS: readonly ClockCode[] = [
  'ring', 'answer', 'location_known', 'type_known', 'entered', 'first_assigned', 'notified',
  'acknowledged', 'en_route', 'on_scene', 'transport', 'at_destination', 'clear', 'closed',
];

/** Its title, else its type in the reader's language, else that nobody said yet. */
export function nameOf(incident: Incident): string {
  return incident.title || words.label('incident_types', incident.type) || t('incident-untyped');
}

export interface Goal {
  /** 1 is the norm. */
  value: number;
  text: string;
  label: string;
}

/** How far the incident is toward the norm that its stage is measured by: being sent, or being reached. */
export function toward(incident: Incident, norms: readonly Norm[], stage: 'waiting' | 'underway', now_ms: number): Goal | null {
  const to = stage === 'waiting' ? ['notified', 'first_assigned'] : ['on_scene'];
  const norm = norms.find((n) => to.includes(n.to) && (!incident.priority || n.priorities.includes(incident.priority)));
  if (!norm || incident.clocks[norm.to as ClockCode]) return null;
  const from = incident.clocks[norm.from as ClockCode]?.at ?? (stage === 'waiting' ? incident.opened_at : null);
  if (!from) return null;
  const spent = (now_ms - ms(from)) / 1000;
  const text = `${running(spent)} / ${running(norm.seconds)}`;
  return { value: spent / norm.seconds, text, label: t('norm-toward', { norm: labelOf(norm), spent: running(spent) }) };
}

/** Seconds after the first clock of the incident, or null when it has not struck. */
export function sinceFirst(incident: Incident, code: ClockCode): number | null {
  const mark = incident.clocks[code];
  const first = firstClock(incident);
  return mark && first ? (ms(mark.at) - ms(incident.clocks[first]!.at)) / 1000 : null;
}

export function firstClock(incident: Incident): ClockCode | null {
  let first: ClockCode | null = null;
  for (const code of CLOCKS) {
    const mark = incident.clocks[code];
    if (mark && (first === null || mark.at < incident.clocks[first]!.at)) first = code;
  }
  return first;
}

/** The clock that should strike next: the one that is running. */
export function runningClock(incident: Incident): ClockCode | null {
  if (incident.state !== 'open') return null;
  let last = -1;
  CLOCKS.forEach((code, i) => {
    if (incident.clocks[code]) last = i;
  });
  const next = CLOCKS.slice(Math.max(last + 1, CLOCKS.indexOf('first_assigned'))).find((c) => !incident.clocks[c]);
  return next === 'closed' ? null : (next ?? null);
}
