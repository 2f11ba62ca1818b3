/** How figures of the whole picture are worded, and what is counted from the rows at hand. */

import { age, clock, number, running } from '../../i18n/format';
import { t } from '../../i18n/index.svelte';
import type { HouseRow, Incident, Priority } from '../../live/rows';
import type { Hour } from './types';

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Watches begin at seven in the morning and at seven in the evening. */
const WATCH_FROM_H = 7;
const WATCH_H = 12;

/** When this watch began, in milliseconds: the last seven o'clock, local time. */
export function watchBegan(now: number): number {
  const whole = Math.floor(now / 1_000) * 1_000;
  const [h = 0, m = 0, s = 0] = clock(whole).split(':').map(Number);
  const into_s = (h * 3_600 + m * 60 + s - WATCH_FROM_H * 3_600 + 86_400) % (WATCH_H * 3_600);
  return whole - into_s * 1_000;
}

/** RFC 3339 for a query. */
export const since = (at: number): string => new Date(at).toISOString();

/** 14 s, 2:21: how long something took. Rounded up, so that 15.2 s never looks like 15. "≥" when it still grows. */
export function took(seconds: number | null, atLeast = false): string {
  if (seconds === null) return '—';
  const whole = Math.ceil(seconds);
  const said = whole < 100 ? t('age-s', { n: String(whole) }) : running(whole);
  return atLeast ? `≥ ${said}` : said;
}

/** 58 %; a dash where nothing was measured. Rounded down, so that 89.9 never looks like 90. */
export const percent = (kept: number, of: number): string => (of ? `${Math.floor((kept / of) * 100)} %` : '—');

/** 6 h 40: what a reserve lasts. */
export const lasts = (seconds: number): string => (seconds < 3_600 ? t('age-min', { n: String(Math.floor(seconds / 60)) }) : running(seconds));

/** "6:40", "6 h 40", "6" (hours), "40 min" as seconds; null for nothing, NaN for what is neither. */
export function readLasting(text: string): number | null {
  const said = text.trim().toLowerCase();
  if (!said) return null;
  const minutes = /^(\d{1,4})\s*min$/.exec(said);
  if (minutes) return Number(minutes[1]) * 60;
  const hours = /^(\d{1,4})(?:\s*[:h]\s*([0-5]?\d)?)?$/.exec(said);
  return hours ? Number(hours[1]) * 3_600 + Number(hours[2] ?? 0) * 60 : Number.NaN;
}

export interface Bar {
  at: number;
  kept: number;
  of: number;
}

/** One bar per hour of the window, or per local day when there are more than two of them; empty ones too. */
export function bars(hours: readonly Hour[], from: number, to: number): { bars: Bar[]; daily: boolean } {
  const daily = to - from > 2 * DAY_MS;
  const step = daily ? DAY_MS : HOUR_MS;
  const begin = daily ? localDay(from) : Math.floor(from / HOUR_MS) * HOUR_MS;
  const slots: Bar[] = [];
  for (let at = begin; at < to; at += step) slots.push({ at, kept: 0, of: 0 });
  for (const hour of hours) {
    const slot = slots[Math.floor((Date.parse(hour.at) - begin) / step)];
    if (!slot) continue;
    slot.kept += hour.kept;
    slot.of += hour.of;
  }
  return { bars: slots, daily };
}

function localDay(at: number): number {
  const whole = Math.floor(at / 1_000) * 1_000;
  const [h = 0, m = 0, s = 0] = clock(whole).split(':').map(Number);
  return whole - (h * 3_600 + m * 60 + s) * 1_000;
}

/** The top of an axis that begins at zero: 1, 2, 5 times a power of ten, at least the highest value. */
export function axisTop(highest: number): number {
  let unit = 1;
  for (;;) {
    for (const step of [1, 2, 5]) if (step * unit >= highest) return step * unit;
    unit *= 10;
  }
}

export interface Row {
  priority: Priority | null;
  waiting: number;
  /** milliseconds at which the oldest of them was opened */
  waiting_since: number | null;
  running: number;
  running_since: number | null;
}

export const PRIORITIES = ['P0', 'P1', 'P2', 'P3', 'P4'] as const;

/** Open incidents by priority: those nobody is on, and those that somebody is on, with the oldest of each. */
export function tally(incidents: readonly Incident[], team: (id: string) => number): Row[] {
  const rows = new Map<Priority | null, Row>();
  for (const priority of [...PRIORITIES, null]) rows.set(priority, { priority, waiting: 0, waiting_since: null, running: 0, running_since: null });
  for (const incident of incidents) {
    if (incident.state !== 'open') continue;
    const row = rows.get(incident.priority)!;
    const at = Date.parse(incident.opened_at);
    if (team(incident.id) === 0) {
      row.waiting += 1;
      row.waiting_since = Math.min(at, row.waiting_since ?? at);
    } else {
      row.running += 1;
      row.running_since = Math.min(at, row.running_since ?? at);
    }
  }
  // Without a priority there is nothing to see most of the time: a row of noughts would only be noise.
  return [...rows.values()].filter((row) => row.priority !== null || row.waiting + row.running > 0);
}

/** How old a figure is; nothing while it is fresh enough to be called now. */
export const agedNote = (at: number | null, now: number, fresh_s: number): string =>
  at === null || now - at < fresh_s * 1_000 ? '' : t('figures-aged', { age: age((now - at) / 1_000) });

export const decimal = (value: number): string => number(value, Number.isInteger(value) ? 0 : 1);

/** What the house runs on first, with what is left of it where that was told; then the other reserves. */
export function reserves(power: HouseRow): { source: string; left_s: number | null; now: boolean }[] {
  const left: Record<string, number | null> = { generator: power.generator_s, battery: power.battery_s };
  const others = Object.entries(left).filter(([source, s]) => source !== power.state && s !== null);
  return [
    { source: power.state, left_s: left[power.state] ?? null, now: true },
    ...others.map(([source, left_s]) => ({ source, left_s, now: false })),
  ];
}
