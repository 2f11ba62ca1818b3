/** Why this unit, or why not: the server's codes in the reader's words. */

import { age } from '../../i18n/format';
import { has, t, words } from '../../i18n/index.svelte';
import type { Reason } from './types';

/** '' where the code is told elsewhere in the row: what it covers, how far it is. */
export function why(reason: Reason): string {
  const key = `reason-${reason.code.replaceAll('_', '-')}`;
  if (!has(key)) return '';
  const args: Record<string, string> = {};
  for (const [name, value] of Object.entries(reason)) {
    if (name === 'minutes') args['age'] = age(Number(value) * 60);
    else if (name === 'status') args[name] = words.label('assignment_statuses', String(value));
    else if (name === 'reason') args[name] = words.label('availability_reasons', String(value));
    else if (name === 'crew' || name === 'count' || name === 'number') args[name] = String(value);
  }
  return t(key, args);
}
