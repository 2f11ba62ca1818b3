/** The clocks of a trace request: what is due next, by whom, and how far it is toward it. Pure. */

import type { TraceRequest } from './rows';

export interface Running {
  kind: 'ack_due' | 'answer_due' | 'lapse';
  from: number;
  due: number;
  /** 1 is the moment it is due */
  share: number;
  over: boolean;
}

const CLOSED: ReadonlySet<string> = new Set(['answered', 'refused', 'lapsed']);
export const isClosed = (r: TraceRequest): boolean => CLOSED.has(r.state);

/** The clock that runs now; none for what is written still, or over. */
export function running(r: TraceRequest, now: number): Running | null {
  if (isClosed(r) || r.state === 'draft') return null;
  const begun = r.clocks['sent_again'] ?? r.clocks['arrived'] ?? r.clocks['sent'] ?? r.clocks['drafted'];
  const waitsForUs = r.state === 'sent';
  const due = (waitsForUs ? r.ack_due_at : null) ?? r.answer_due_at ?? r.lapse_at;
  if (!begun || !due) return null;
  const [from, to] = [Date.parse(begun), Date.parse(due)];
  const kind = due === r.ack_due_at && waitsForUs ? 'ack_due' : due === r.answer_due_at ? 'answer_due' : 'lapse';
  return { kind, from, due: to, share: to > from ? (now - from) / (to - from) : 1, over: now > to };
}

/** Whose turn it is. */
export const turn = (r: TraceRequest): 'us' | 'them' | 'nobody' => (r.next.some((v) => !['wait', 'ask_again'].includes(v)) ? 'us' : isClosed(r) ? 'nobody' : 'them');

/** What happened when, in its order; at one instant, in the order in which it can only have been. */
const ORDER = ['drafted', 'approved', 'sent', 'arrived', 'delivered', 'acknowledged', 'in_progress', 'more_needed', 'sent_again', 'answered', 'refused', 'lapsed'];
export const story = (r: TraceRequest): { code: string; at: number }[] =>
  Object.entries(r.clocks).flatMap(([code, at]) => (at ? [{ code, at: Date.parse(at) }] : [])).sort((a, b) => a.at - b.at || ORDER.indexOf(a.code) - ORDER.indexOf(b.code));

/** Those whose turn it is first, then what is due soonest, then the newest. */
export function inOrder(list: readonly TraceRequest[], now: number): TraceRequest[] {
  const rank = { us: 0, them: 1, nobody: 2 } as const;
  return list.toSorted((a, b) => rank[turn(a)] - rank[turn(b)] || (running(a, now)?.due ?? Infinity) - (running(b, now)?.due ?? Infinity) || b.number - a.number);
}
