/** "Somebody else changed the priority of 2417 meanwhile": the field and what it says now, in words. */

import { has, t, words } from '../i18n/index.svelte';

const LISTS: Readonly<Record<string, string>> = { type: 'incident_types', lang: 'languages', priority: 'priorities' };

/** The sentence for the server's `edited-meanwhile`; null for every other problem, and for a field unknown here. */
export function changedMeanwhile(code: string, args: Readonly<Record<string, unknown>>): string | null {
  const field = String(args['field']);
  if (code !== 'edited-meanwhile' || !has(`field-${field}`)) return null;
  const now = typeof args['now'] === 'string' ? args['now'] : '';
  const list = LISTS[field];
  return t('conflict-said', {
    field: t(`field-${field}`),
    number: String(args['number'] ?? ''),
    now: (list ? words.label(list, now) : now) || '—',
  });
}

/** A link that is cut, and the next step; null for any other code. */
export function cutLink(code: string): string | null {
  if (code === 'link-cut') return t('signin-unreachable');
  return code === 'link-cut-hint' ? t('signin-unreachable-hint') : null;
}
