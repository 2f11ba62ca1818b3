/** Calls that ring, in the order in which they should be taken: the oldest first, those that a colleague is
 *  about to take after the others. */

import { byText } from '../../kit/order';
import type { Call } from '../../live/rows';

/** Who means to take it now, if anybody does. */
export const claimant = (call: Call, now_ms: number) =>
  call.claimed_by && call.claimed_until && Date.parse(call.claimed_until) > now_ms ? call.claimed_by : null;

export function inOrder(calls: readonly Call[], me: string, now_ms: number): Call[] {
  const theirs = (call: Call) => {
    const by = claimant(call, now_ms);
    return by !== null && by.id !== me ? 1 : 0;
  };
  return calls.toSorted((a, b) => theirs(a) - theirs(b) || byText(a.offered_at, b.offered_at) || a.number - b.number);
}
