/** Competing hypotheses (Heuer): ranked by what speaks against each. */

import type { Cell, Hypothesis } from './rows';

const AGAINST: Record<Cell, number> = { CC: 0, C: 0, N: 0, NA: 0, I: 1, II: 2 };
/** In the order in which an analyst's own rating goes around. */
export const CELLS: readonly Cell[] = ['CC', 'C', 'N', 'NA', 'I', 'II'];

/** How many items speak against it. */
export const contradicting = (h: Hypothesis): number => Object.values(h.cells).filter((cell) => AGAINST[cell] > 0).length;

/** Best first: the one against which least speaks. */
export const ranked = (list: readonly Hypothesis[]): Hypothesis[] => list.toSorted((a, b) => a.rank - b.rank || a.inconsistency - b.inconsistency || a.code.localeCompare(b.code));

/** An item that fits every hypothesis alike tells them apart no better than none. */
export const tells = (list: readonly Hypothesis[], item: string): boolean => new Set(list.map((h) => AGAINST[h.cells[item] ?? 'N'])).size > 1;

/** The rating after this one, around. */
export const nextRating = (cell: Cell, by: 1 | -1 = 1): Cell => CELLS[(CELLS.indexOf(cell) + by + CELLS.length) % CELLS.length]!;
