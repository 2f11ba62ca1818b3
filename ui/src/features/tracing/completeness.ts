/** How complete a thing is for a trace while it is still being typed; the server says the last word. */

import type { FormInfo, Standing } from './rows';

/** What was typed, by property; several values of one property in their order. */
export type Typed = Record<string, string[]>;

/** A serial that says itself that it cannot be read. */
const UNREAD = /^(obliterated|obliter[eé]|lim[eé]|efase|borrado|gr[ae]t[eé]|n\/?a|none|aucun|ninguno|pa gen)\b/i;
const GONE = new Set(['obliterated', 'none']);

export const first = (typed: Typed, prop: string): string => typed[prop]?.[0]?.trim() ?? '';

/** The standing of each property that a trace cannot do without. */
export function standings(kind: string, typed: Typed, form: FormInfo | null, needed: readonly string[]): { prop: string; standing: Standing }[] {
  return needed.map((prop) => ({ prop, standing: standing(kind, prop, typed, form) }));
}

function standing(kind: string, prop: string, typed: Typed, form: FormInfo | null): Standing {
  const value = first(typed, prop);
  if (prop === 'serial' && kind === 'firearm') {
    const status = first(typed, 'serial_status');
    if (GONE.has(status) || UNREAD.test(value)) return 'excused';
    if (!value) return 'missing';
    return /[?…]|\.\.\./.test(value) || status === 'partial' || status === 'restored' ? 'doubtful' : 'given';
  }
  if (!value) return prop === 'country' && kind === 'firearm' && first(typed, 'import_country') ? 'excused' : 'missing';
  const list = prop === 'make' ? form?.makes : prop === 'calibre' ? form?.calibres : null;
  if (list && kind === 'firearm' && !list.some((one) => names(one).some((n) => fold(n) === fold(value)))) return 'doubtful';
  return 'given';
}

/** Every way in which a known make, model or calibre is called. */
export const names = (one: { code: string; name: string | null; labels: Partial<Record<string, string>> | null }): string[] => [one.code, ...(one.name ? [one.name] : []), ...Object.values(one.labels ?? {}).filter((l): l is string => Boolean(l))];
export const fold = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/\b(and|et|y|ak)\b/g, '').replace(/[^a-z0-9]+/g, '');

/** Known ones whose name holds what was typed, those that begin with it first; some letters at least. */
export function likely<T extends { code: string; name: string | null; labels: Partial<Record<string, string>> | null }>(list: readonly T[], typed: string, max = 8): T[] {
  const wanted = fold(typed);
  if (!wanted) return list.slice(0, max);
  const score = (one: T) => Math.min(...names(one).map((n) => (fold(n) === wanted ? 0 : fold(n).startsWith(wanted) ? 1 : fold(n).includes(wanted) ? 2 : 9)));
  return list.map((one) => ({ one, score: score(one) })).filter((x) => x.score < 9).sort((a, b) => a.score - b.score).slice(0, max).map((x) => x.one);
}

const DAY = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;
const SPOKEN = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/;
const SPOKEN_MONTH = /^(\d{1,2})[/. -](\d{4})$/;
/** A day as people here write it (10/7/2026, 7/2026, 2026-07-10) as ISO 8601; null where it is none. */
export function readDay(text: string): string | null {
  const typed = text.trim();
  const [spoken, month, iso] = [SPOKEN.exec(typed), SPOKEN_MONTH.exec(typed), DAY.exec(typed)];
  const [y, m, d] = spoken ? [spoken[3], spoken[2], spoken[1]] : month ? [month[2], month[1], undefined] : iso ? [iso[1], iso[2], iso[3]] : [];
  if (!y) return null;
  if (m && (Number(m) < 1 || Number(m) > 12)) return null;
  if (d && m && (Number(d) < 1 || Number(d) > new Date(Date.UTC(Number(y), Number(m), 0)).getUTCDate())) return null;
  return [y, m?.padStart(2, '0'), d?.padStart(2, '0')].filter(Boolean).join('-');
}
