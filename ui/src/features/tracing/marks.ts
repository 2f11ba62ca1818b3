/** A serial beside another, mark by mark, and what the score was reckoned from. */

import { has, t } from '../../i18n/index.svelte';
import { number } from '../../i18n/format';
import type { Match, Pair, Part, Relation } from './rows';

/** Under each pair stands how they are related: "=", "8/B", "?", "+", "−", "⇄", "≠". */
export function sign(pair: Pair): string {
  switch (pair.relation) {
    case 'same': return '=';
    case 'look_alike': return `${pair.recovered}/${pair.register}`;
    case 'unknown': return '?';
    case 'missing': return '+';
    case 'extra': return '−';
    case 'swapped': return '⇄';
    case 'other': return '≠';
  }
}

/** Only these are lit: what is the same needs no eye. */
export const differs = (relation: Relation): boolean => relation !== 'same';

/** The differences in words, each kind once: "8 and B look alike, 1 mark unread". */
export function inWords(alignment: readonly Pair[]): string {
  const said: string[] = [];
  for (const pair of alignment) {
    if (pair.relation === 'look_alike') said.push(t('tracing-pair-look-alike', { a: pair.recovered ?? '', b: pair.register ?? '' }));
  }
  for (const relation of ['unknown', 'missing', 'extra', 'swapped', 'other'] as const) {
    const n = alignment.filter((p) => p.relation === relation).length;
    if (n) said.push(t(`tracing-pairs-${relation}`, { n: relation === 'swapped' ? Math.ceil(n / 2) : n }));
  }
  return said.join(', ') || t('tracing-pairs-same');
}

/** What a part of the score says; codes that this page does not know yet stand as they came. */
export function partWords(part: Part): string {
  const key = `tracing-part-${part.code.replaceAll('_', '-')}`;
  if (!has(key)) return part.code.replaceAll('_', ' ');
  const args: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(part.args)) args[name] = typeof value === 'number' && value >= 10_000 ? number(value) : (value ?? '—');
  // What is the same on both sides is written once.
  const [one, other] = [part.args['recovered'] ?? '—', part.args['register'] ?? '—'];
  args['value'] = one === other ? one : `${one} / ${other}`;
  const relation = part.args['relation'];
  if (typeof relation === 'string') args['relation'] = t(`tracing-relation-${relation}`);
  return t(key, args);
}

/** +8.9 or −1.1: each is a power of ten. */
export const weight = (value: number): string => {
  const size = Math.abs(value).toFixed(1);
  return size === '0.0' ? size : `${value < 0 ? '−' : '+'}${size}`;
};

/** The side that the recovered one is held against: a register's entry or another recovered firearm. */
export function against(match: Match): { marks: string; make: string | null; model: string | null; calibre: string | null; title: string; photos: string[] } {
  if (match.other) return { ...match.other, title: match.other.ref };
  const { register } = match;
  return { marks: register?.marks ?? '', make: register?.make ?? null, model: register?.model ?? null, calibre: register?.calibre ?? null, title: register?.name ?? '', photos: [] };
}
