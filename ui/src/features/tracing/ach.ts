/** Competing hypotheses (Heuer): ranked by what speaks against each, and how the ranking hangs on single items. */

import type { Cell, Hypothesis, Item } from './rows';

const AGAINST: Record<Cell, number> = { CC: 0, C: 0, N: 0, NA: 0, I: 1, II: 2 };
export const CELLS: readonly Cell[] = ['CC', 'C', 'N', 'NA', 'I', 'II'];

/** How much speaks against a hypothesis: a clear contradiction counts twice. */
export const against = (h: Hypothesis, without: string | null = null): number =>
  Object.entries(h.cells).reduce((sum, [item, cell]) => sum + (item === without ? 0 : AGAINST[cell]), 0);

/** How many items speak against it. */
export const contradicting = (h: Hypothesis): number => Object.values(h.cells).filter((cell) => AGAINST[cell] > 0).length;

/** Best first: the one against which least speaks. */
export const ranked = (list: readonly Hypothesis[]): Hypothesis[] => list.toSorted((a, b) => a.inconsistency - b.inconsistency || a.code.localeCompare(b.code));

/** Items without which another hypothesis would stand first, and which. */
export function hangsOn(list: readonly Hypothesis[], items: readonly Item[]): { item: Item; first: Hypothesis }[] {
  const leader = (without: string | null) => list.toSorted((a, b) => against(a, without) - against(b, without) || a.inconsistency - b.inconsistency || a.code.localeCompare(b.code))[0];
  const now = leader(null);
  return items.flatMap((item) => {
    const then = leader(item.id);
    return then && now && then.code !== now.code ? [{ item, first: then }] : [];
  });
}

/** An item that fits every hypothesis alike tells them apart no better than none. */
export const tells = (list: readonly Hypothesis[], item: string): boolean => new Set(list.map((h) => AGAINST[h.cells[item] ?? 'N'])).size > 1;
