/** The order of a hand-over's lines, whose step is next, and which line comes after the one just taken over. */

import type { Handover, HandoverLine } from '../../live/rows';

export interface Section {
  code: string;
  lines: HandoverLine[];
  settled: number;
}

export const isSettled = (line: HandoverLine) => line.state === 'acknowledged';

/** Sections in the centre's own order, lines within them in their domain's. */
export function sections(lines: readonly HandoverLine[], order: readonly string[]): Section[] {
  const rank = (code: string) => (order.includes(code) ? order.indexOf(code) : order.length);
  const found = new Map<string, HandoverLine[]>();
  for (const line of lines) found.set(line.section, [...(found.get(line.section) ?? []), line]);
  return [...found]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([code, held]) => ({
      code,
      lines: held.sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : a.n - b.n)),
      settled: held.filter(isSettled).length,
    }));
}

/** The next line that waits after `n`, else the first that waits, else the one after `n`. */
export function following(lines: readonly HandoverLine[], n: number | null): number | null {
  const here = lines.findIndex((line) => line.n === n);
  const after = [...lines.slice(here + 1), ...lines.slice(0, Math.max(0, here))];
  return (after.find((line) => !isSettled(line)) ?? lines[here + 1] ?? lines[here])?.n ?? null;
}

const RANKS: Record<string, number> = { call_taker: 1, dispatcher: 2, commander: 3 };

/** Whether somebody may take over: another account, of the same or a higher role, the one named if one was. */
export function mayTake(handover: Handover, me: { id: string; role: string }): boolean {
  if (handover.state !== 'offered' || me.id === handover.outgoing.id) return false;
  if (handover.to !== null && handover.to !== me.id) return false;
  return (RANKS[me.role] ?? 0) >= (RANKS[handover.outgoing.role] ?? 99);
}

/** The hand-over that matters to somebody: their own, one that they may take, else the oldest under way. */
export function mine(under_way: readonly Handover[], me: { id: string; role: string }): Handover | undefined {
  return (
    under_way.find((h) => h.outgoing.id === me.id || h.incoming?.id === me.id) ??
    under_way.find((h) => mayTake(h, me)) ??
    under_way[0]
  );
}
