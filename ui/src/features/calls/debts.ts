/** What the room owes, soonest first: promises, missed calls, texts, and calls that still ring. */

import { byText } from '../../kit/order';
import type { Call, PromiseRow } from '../../live/rows';

export type Debt =
  | { id: string; kind: 'promise'; due_ms: number; promise: PromiseRow }
  | { id: string; kind: 'callback' | 'text' | 'ringing'; due_ms: number; call: Call };

/** A text or a ring without its own deadline is owed an answer this soon after it came. */
export const TEXT_DUE_MS = 300_000;

export function debts(promises: readonly PromiseRow[], calls: readonly Call[]): Debt[] {
  const owed: Debt[] = [];
  for (const promise of promises) {
    if (!promise.settled_at) owed.push({ id: promise.id, kind: 'promise', due_ms: Date.parse(promise.due_at), promise });
  }
  for (const call of calls) {
    if (call.callback && !call.callback.settled_at) {
      owed.push({ id: call.id, kind: 'callback', due_ms: Date.parse(call.callback.due_at), call });
    } else if (call.state === 'offered' && call.channel !== 'voice') {
      owed.push({ id: call.id, kind: 'text', due_ms: Date.parse(call.offered_at) + TEXT_DUE_MS, call });
    }
  }
  return owed.sort((a, b) => a.due_ms - b.due_ms || byText(a.id, b.id));
}
