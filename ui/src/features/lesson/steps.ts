/** The first shift, step by step: what has really happened decides, not what was clicked. Pure. */

import type { Norm } from '../../api/vocabulary';
import type { Call, ClockCode, Incident } from '../../live/rows';

export const STEPS = ['take', 'place', 'open', 'send', 'follow', 'note', 'close', 'handover'] as const;
export type Step = (typeof STEPS)[number];

/** What shows which hand goes where, beside each step. */
export const KEYS: Readonly<Record<Step, readonly string[]>> = {
  take: ['T'], place: ['Tab', '↵'], open: ['Ctrl ↵'], send: ['V', '↵'], follow: ['U', 'E'], note: ['A', '↵'], close: ['C'], handover: ['G', 'H'],
};

export interface Seen {
  me: string;
  call: Call | null;
  incident: Incident | null;
  noted: boolean;
  screen: string;
}

/** The steps that the rows show as done. */
export function shown(seen: Seen): Step[] {
  const { call, incident } = seen;
  const done: Step[] = [];
  if (call && call.state !== 'offered' && call.taken_by?.id === seen.me) done.push('take');
  if (call?.area?.lat != null || incident?.clocks.location_known) done.push('place');
  if (incident) done.push('open');
  if (incident?.clocks.first_assigned) done.push('send');
  if (incident?.clocks.on_scene) done.push('follow');
  if (seen.noted) done.push('note');
  if (incident?.state === 'closed') done.push('close');
  if (seen.screen === 'handover') done.push('handover');
  return done;
}

/** The first step that is neither done nor skipped; null when the shift is over. */
export function next(steps: readonly Step[], done: ReadonlySet<Step>, skipped: ReadonlySet<Step>): Step | null {
  return steps.find((step) => !done.has(step) && !skipped.has(step)) ?? null;
}

export interface Measured {
  from: ClockCode;
  to: ClockCode;
  seconds: number;
  /** what the norm gives, where there is one */
  norm_s: number | null;
}

const SPANS: readonly (readonly [ClockCode, ClockCode])[] = [
  ['ring', 'answer'], ['answer', 'location_known'], ['answer', 'entered'], ['answer', 'notified'],
];

/** How long each part took, against the norm for it. */
export function measure(incident: Incident, norms: readonly Norm[]): Measured[] {
  return SPANS.flatMap(([from, to]) => {
    const begin = incident.clocks[from];
    const end = incident.clocks[to];
    if (!begin || !end) return [];
    const norm = norms.find((n) => n.from === from && n.to === to);
    return [{ from, to, seconds: Math.max(0, Math.round((Date.parse(end.at) - Date.parse(begin.at)) / 1000)), norm_s: norm?.seconds ?? null }];
  });
}
