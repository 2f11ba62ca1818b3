/** Days as numbers since 1970, and how people write them. A month or a year is a range: it begins with its first day. */

import { t } from '../../i18n/index.svelte';
import type { Day } from './rows';

export const DAY_MS = 86_400_000;
const SHAPE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/** The first day that a date can mean; null where it is none. */
export function first(day: Day | null | undefined): number | null {
  const found = SHAPE.exec(day ?? '');
  return found ? Math.round(Date.UTC(Number(found[1]), Number(found[2] ?? 1) - 1, Number(found[3] ?? 1)) / DAY_MS) : null;
}

/** The last day that it can mean. */
export function last(day: Day | null | undefined): number | null {
  const found = SHAPE.exec(day ?? '');
  if (!found) return null;
  if (found[3]) return first(day);
  const [year, month] = [Number(found[1]), found[2] ? Number(found[2]) : 12];
  return Math.round(Date.UTC(year, month, 0) / DAY_MS);
}

export const isoOf = (day: number): Day => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** 10 Jul 2024, Jul 2024 or 2024, as precise as it is known. */
export function say(day: Day | null | undefined): string {
  const found = SHAPE.exec(day ?? '');
  if (!found) return day ?? '';
  const [, year, month, date] = found;
  if (!month) return year!;
  const named = t(`month-short-${Number(month)}`);
  return date ? t('tracing-day', { d: String(Number(date)), m: named, y: year! }) : t('tracing-month', { m: named, y: year! });
}
export const sayNumber = (day: number): string => say(isoOf(day));

/** "10 Jul 2024", or "between 1 and 9 Mar 2024" where it is not known. */
export function sayRange(from: Day | null, latest: Day | null): string {
  if (from === null && latest === null) return '—';
  if (from === null || latest === null || from === latest) return say(from ?? latest);
  return t('tracing-between', { from: say(from), to: say(latest) });
}

const here = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Port-au-Prince', year: 'numeric', month: '2-digit', day: '2-digit' });
/** The day of an instant (milliseconds), by the centre's own clock, with its year: what is traced is years old. */
export const sayAt = (at: number): string => (Number.isFinite(at) ? say(here.format(at)) : '—');
