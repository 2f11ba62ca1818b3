/** Proposals for what is being typed: words in any order, accents ignored, beginnings first. */

const PROPOSALS_MAX = 40;

export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

export function matching<T extends { label: string }>(options: readonly T[], typed: string): T[] {
  const wanted = fold(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return options.slice(0, PROPOSALS_MAX);
  return options
    .map((option) => {
      const text = fold(option.label);
      if (!wanted.every((w) => text.includes(w))) return null;
      const starts = wanted.filter((w) => text.startsWith(w) || text.includes(` ${w}`)).length;
      return { option, rank: starts * 2 + (text.startsWith(wanted[0]!) ? 1 : 0) };
    })
    .filter((hit) => hit !== null)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, PROPOSALS_MAX)
    .map((hit) => hit.option);
}
