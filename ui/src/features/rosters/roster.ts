/** The roster as a sheet: a row for each unit and seat, bars along the hours, rest after each, and times as people type them. */

import { byName } from '../../kit/order';
import { hour, ms } from '../../i18n/format';
import type { Shift, Unit } from '../../live/rows';

export const HOUR_MS = 3_600_000;
/** what the sheet shows before and after now */
export const BEFORE_H = 12;
export const AFTER_H = 24;

export interface SheetRow {
  key: string;
  label: string;
  unit: Unit | null;
  shifts: Shift[];
}

export const begin = (s: Shift) => ms(s.on_at ?? s.starts_at);
/** Of a crew that is on duty past its time, the end is now. */
export const end = (s: Shift, now: number) => (s.off_at ? ms(s.off_at) : s.state === 'on_duty' ? Math.max(ms(s.ends_at), now) : ms(s.ends_at));

/** Seats first, then units by callsign; a unit without a shift has an empty row. */
export function sheet(shifts: readonly Shift[], units: readonly Unit[]): SheetRow[] {
  const rows = new Map<string, SheetRow>();
  for (const unit of units) rows.set(unit.id, { key: unit.id, label: unit.callsign, unit, shifts: [] });
  for (const shift of shifts) {
    const key = shift.unit_id ?? `seat/${(shift.seat ?? '').toLowerCase()}`;
    const row = rows.get(key) ?? { key, label: shift.callsign ?? shift.seat ?? '', unit: null, shifts: [] };
    row.shifts.push(shift);
    rows.set(key, row);
  }
  for (const row of rows.values()) row.shifts.sort((a, b) => begin(a) - begin(b));
  const seat = (row: SheetRow) => (row.key.startsWith('seat/') ? 0 : 1);
  return [...rows.values()].sort((a, b) => seat(a) - seat(b) || byName(a.label, b.label));
}

/** Left and width in percent of the sheet; null for what lies outside it. */
export function span(from: number, to: number, now: number): { left: number; width: number } | null {
  const first = now - BEFORE_H * HOUR_MS;
  const whole = (BEFORE_H + AFTER_H) * HOUR_MS;
  const left = Math.max(0, (from - first) / whole);
  const right = Math.min(1, (to - first) / whole);
  return right <= left ? null : { left: left * 100, width: (right - left) * 100 };
}

/** Full hours on the sheet, every `step` of the centre's own clock. */
export function ticks(now: number, step: number): { at: number; left: number; label: string }[] {
  const found = [];
  const first = Math.ceil((now - BEFORE_H * HOUR_MS) / HOUR_MS) * HOUR_MS;
  for (let at = first; at < now + AFTER_H * HOUR_MS; at += HOUR_MS) {
    const label = hour(at);
    if (Number(label.slice(0, 2)) % step === 0) found.push({ at, left: ((at - now + BEFORE_H * HOUR_MS) / ((BEFORE_H + AFTER_H) * HOUR_MS)) * 100, label });
  }
  return found;
}

/** The first time at or after `from` at which the centre's clock reads `typed` (6:30, 0630, 18); null if it never does. */
export function nextTime(typed: string, from: number): number | null {
  const found = /^(\d{1,2})(?::?(\d{2}))?$/.exec(typed.trim());
  if (!found) return null;
  const wanted = Number(found[1]) * 60 + Number(found[2] ?? 0);
  if (Number(found[1]) > 23 || Number(found[2] ?? 0) > 59) return null;
  const minute = Math.ceil(from / 60_000) * 60_000;
  const [h, m] = hour(minute).split(':').map(Number);
  return minute + ((wanted - (h! * 60 + m!) + 1_440) % 1_440) * 60_000;
}

/** The last time up to `now` at which the centre's clock read `typed`; null if it never did. */
export const lastTime = (typed: string, now: number): number | null => nextTime(typed, now - 24 * HOUR_MS + 60_000);

/** The shift that a member stands on: the one they are on duty with, else the next one planned. */
export function shiftOf(member: string, shifts: readonly Shift[]): Shift | undefined {
  const own = shifts.filter((s) => s.state !== 'ended' && s.members.some((m) => m.id === member));
  return own.find((s) => s.state === 'on_duty') ?? own.sort((a, b) => begin(a) - begin(b))[0];
}

/** What a person on a shift says of it now: nobody signed on though it began, or on duty past its end. */
export function trouble(s: Shift, now: number): 'late' | 'over' | null {
  const LATE_MS = 600_000;
  if (s.state === 'planned' && now > ms(s.starts_at) + LATE_MS && now < ms(s.ends_at)) return 'late';
  if (s.state === 'on_duty' && now > ms(s.ends_at)) return 'over';
  return null;
}

/** The shift that counts for a row now: on duty, else the next one planned, else the last. */
export function current(row: SheetRow): Shift | undefined {
  return row.shifts.find((s) => s.state === 'on_duty') ?? row.shifts.find((s) => s.state === 'planned') ?? row.shifts.at(-1);
}
