/** What can be said of a major incident from its rows. Pure. */

import type { Casualty, DemobCheck, Letter, Major, MajorItem, Objective, RequestStatus, ResourceRequest, Statement } from '../../live/rows';

export const LETTERS: readonly { letter: Letter; initial: string }[] = [
  { letter: 'major', initial: 'M' }, { letter: 'exact', initial: 'E' }, { letter: 'type', initial: 'T' }, { letter: 'hazards', initial: 'H' },
  { letter: 'access', initial: 'A' }, { letter: 'number', initial: 'N' }, { letter: 'emergency', initial: 'E' },
];
export const CASUALTIES: readonly Casualty[] = ['p1', 'p2', 'p3', 'dead', 'missing'];
const STEPS: readonly RequestStatus[] = ['requested', 'approved', 'ordered', 'en_route', 'arrived'];
const ENDS: ReadonlySet<RequestStatus> = new Set(['arrived', 'declined', 'cancelled']);

/** The parts of one kind, in the order in which they were made. */
export function partsOf<K extends MajorItem['item']>(items: readonly MajorItem[], kind: K): Extract<MajorItem, { item: K }>[] {
  return items
    .filter((one): one is Extract<MajorItem, { item: K }> => one.item === kind)
    .sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
}

/** By letter, its statements, the one that stands first: the latest by its own time, then by its entry. */
export function byLetter(statements: readonly Statement[]): Map<Letter, Statement[]> {
  const found = new Map<Letter, Statement[]>();
  const latest = [...statements].sort((a, b) => b.stated_at.localeCompare(a.stated_at) || b.version - a.version);
  for (const one of latest) {
    const list = found.get(one.letter);
    if (list) list.push(one);
    else found.set(one.letter, [one]);
  }
  return found;
}

/** The figures of each source, newest first: sources disagree, so none is added to another. */
export const counted = (statements: readonly Statement[]): Statement[] =>
  statements.filter((s) => s.counts).sort((a, b) => b.stated_at.localeCompare(a.stated_at) || b.version - a.version);

/** Open ones first, by their order; then what is settled, newest first. */
export function arranged(objectives: readonly Objective[]): Objective[] {
  return [...objectives].sort((a, b) =>
    Number(a.status !== 'open') - Number(b.status !== 'open')
    || (a.status === 'open' ? a.priority - b.priority || a.at.localeCompare(b.at) : (b.settled_at ?? '').localeCompare(a.settled_at ?? '')));
}

export const wanting = (request: ResourceRequest): boolean => !ENDS.has(request.status);

/** What a request may become: the steps that are left, then its other ends. */
export function nextOf(request: ResourceRequest): RequestStatus[] {
  if (!wanting(request)) return [];
  return [...STEPS.slice(STEPS.indexOf(request.status) + 1), 'declined', 'cancelled'];
}

/** When it came to where it stands. */
export const sinceOf = (request: ResourceRequest): string => request.clocks[request.status] ?? request.at;

/** By unit, its steps that are done. */
export function demobOf(checks: readonly DemobCheck[]): Map<string, Map<string, DemobCheck>> {
  const found = new Map<string, Map<string, DemobCheck>>();
  for (const check of checks) {
    const unit = found.get(check.unit_id) ?? new Map<string, DemobCheck>();
    unit.set(check.step, check);
    found.set(check.unit_id, unit);
  }
  return found;
}

/** The open major incident that holds this incident. */
export const majorOf = (majors: readonly Major[], incident: string): Major | undefined =>
  majors.find((m) => m.state === 'open' && m.incidents.some((i) => i.incident_id === incident));

/** That many minutes from now, as the server wants a time; undefined for an empty field or no number. */
export function inMinutes(typed: string, now_ms: number): string | undefined {
  const minutes = Number(typed.trim().replace(',', '.'));
  return typed.trim() === '' || !Number.isFinite(minutes) ? undefined : new Date(now_ms + minutes * 60_000).toISOString();
}

/** A count that somebody typed; undefined where nobody knows. */
export function figure(typed: string): number | undefined {
  return /^\d{1,7}$/.test(typed.trim()) ? Number(typed.trim()) : undefined;
}
