/** Times, ages, distances and numbers. Day and month names come from our own catalogues, because
 *  browsers know none in Kreyòl. */

import { say, speech, t, type Lang } from './index.svelte';

/** The centre's own time zone, whatever the machine on the desk is set to. */
const ZONE = 'America/Port-au-Prince';

function makeParts(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit', weekday: 'short',
  });
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const parts = makeParts(ZONE);
const utc = makeParts('UTC');

function take(format: Intl.DateTimeFormat, ms: number): Record<string, string> {
  return Object.fromEntries(format.formatToParts(ms).map((p) => [p.type, p.value]));
}

/** RFC 3339 text to milliseconds. */
export function ms(instant: string | null | undefined): number {
  return instant ? Date.parse(instant) : Number.NaN;
}

/** 22:47:12, local time of the centre. */
export function clock(at: number): string {
  const p = take(parts, at);
  return `${p['hour']}:${p['minute']}:${p['second']}`;
}

/** 22:47 */
export function hour(at: number): string {
  return clock(at).slice(0, 5);
}

/** 03:47 UTC */
export function hourUtc(at: number): string {
  const p = take(utc, at);
  return `${p['hour']}:${p['minute']}`;
}

/** sam 21 nov */
export function date(at: number, lang: Lang = speech.lang): string {
  const p = take(parts, at);
  const day = say(lang, `day-short-${WEEKDAYS.indexOf(p['weekday'] ?? 'Sun')}`);
  const month = say(lang, `month-short-${Number(p['month'])}`);
  return say(lang, 'date-short', { day, date: String(Number(p['day'])), month });
}

const pad = (n: number) => String(n).padStart(2, '0');

/** 2:21, 31:04, then 1 h 02: a running time. Negative times carry a true minus, from a whole second on. */
export function running(seconds: number, lang: Lang = speech.lang): string {
  const sign = seconds <= -1 ? '−' : '';
  const s = Math.abs(Math.trunc(seconds));
  if (s < 3_600) return `${sign}${Math.floor(s / 60)}:${pad(s % 60)}`;
  return sign + long(s, lang);
}

function long(s: number, lang: Lang): string {
  if (s < 86_400) return say(lang, 'hours-minutes', { h: String(Math.floor(s / 3_600)), m: pad(Math.floor((s % 3_600) / 60)) });
  return say(lang, 'days', { n: Math.floor(s / 86_400) });
}

/** 8 s, 2 min, 5 h, 1 day: an age, in one unit. */
export function age(seconds: number, lang: Lang = speech.lang): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return say(lang, 'age-s', { n: String(s) });
  if (s < 3_600) return say(lang, 'age-min', { n: String(Math.floor(s / 60)) });
  if (s < 86_400) return say(lang, 'age-h', { n: String(Math.floor(s / 3_600)) });
  return say(lang, 'days', { n: Math.floor(s / 86_400) });
}

/** 18, 1 h 02, 3 h: minutes in a state, for a column headed "min". */
export function minutes(seconds: number, lang: Lang = speech.lang): string {
  const s = Math.max(0, seconds);
  return s < 3_600 ? String(Math.floor(s / 60)) : long(s, lang);
}

const NUMBERS: Record<Lang, string> = { ht: 'fr', fr: 'fr', es: 'es', en: 'en' };

export function number(value: number, digits = 0, lang: Lang = speech.lang): string {
  return new Intl.NumberFormat(NUMBERS[lang], {
    minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: 'min2',
  } as Intl.NumberFormatOptions).format(value);
}

/** 210 m, 3,1 km, 12 km */
export function distance(metres: number, lang: Lang = speech.lang): string {
  if (metres < 1_000) return `${number(Math.round(metres), 0, lang)} m`;
  const km = metres / 1_000;
  return `${number(km, km < 10 ? 1 : 0, lang)} km`;
}

/** ±150 m, ±1 km */
export function radius(metres: number, lang: Lang = speech.lang): string {
  if (metres < 1_000) return `±${number(Math.round(metres), 0, lang)} m`;
  const km = metres / 1_000;
  return `±${number(km, Number.isInteger(km) || km >= 10 ? 0 : 1, lang)} km`;
}

/** +4 s, +2:21: how long after the first clock. */
export function after(seconds: number): string {
  const s = Math.round(seconds);
  return s < 100 && s > -100 ? `${s < 0 ? '−' : '+'}${t('age-s', { n: String(Math.abs(s)) })}` : `${s < 0 ? '' : '+'}${running(s)}`;
}
