/** Type to find: every word typed begins a word of the label, whatever its accents; the rest keeps its order. */

export const FOUND_MAX = 40;

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function find<T extends { label: string; note?: string }>(options: readonly T[], typed: string): T[] {
  const wanted = fold(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return options.slice(0, FOUND_MAX);
  const parts = (o: T) => fold(`${o.label} ${o.note ?? ''}`).split(/[\s,.;:!?’'/-]+/);
  const hits = options.filter((o) => {
    const there = parts(o);
    return wanted.every((w) => there.some((p) => p.startsWith(w)));
  });
  // What is typed begins the label itself: that one first.
  const head = fold(typed.trim());
  return hits.toSorted((a, b) => Number(fold(b.label).startsWith(head)) - Number(fold(a.label).startsWith(head))).slice(0, FOUND_MAX);
}
