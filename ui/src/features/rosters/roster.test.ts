import { describe, expect, it } from 'vitest';
import type { Shift, Unit } from '../../live/rows';
import { current, HOUR_MS, lastTime, nextTime, sheet, shiftOf, span, ticks, trouble } from './roster';

const NOON = Date.parse('2026-11-22T17:00:00Z'); // noon in Port-au-Prince
const at = (hours: number) => new Date(NOON + hours * HOUR_MS).toISOString();
const shift = (id: string, from: number, to: number, given: Partial<Shift> = {}): Shift => ({
  id, version: 1, unit_id: 'u1', callsign: 'M21', seat: null, account: null, starts_at: at(from), ends_at: at(to), on_at: null, off_at: null,
  state: 'planned', members: [], brings: [], warnings: [], reason: null, justified: false, ...given,
});
const unit = (id: string, callsign: string) => ({ id, callsign }) as Unit;

describe('the roster', () => {
  it('has a row for each seat and each unit, in the order of their names', () => {
    const rows = sheet([shift('s1', 0, 8), shift('s2', -9, -1, { state: 'ended' }), shift('s3', 0, 8, { unit_id: null, callsign: null, seat: 'Plas 2' })], [unit('u2', 'M3'), unit('u1', 'M21')]);
    expect(rows.map((r) => [r.label, r.shifts.map((s) => s.id)])).toEqual([['Plas 2', ['s3']], ['M3', []], ['M21', ['s2', 's1']]]);
    expect(current(rows[2]!)?.id).toBe('s1');
  });

  it('cuts bars at its edges', () => {
    expect(span(NOON - 24 * HOUR_MS, NOON + 48 * HOUR_MS, NOON)).toEqual({ left: 0, width: 100 });
    expect(span(NOON + 30 * HOUR_MS, NOON + 48 * HOUR_MS, NOON)).toBe(null);
    const nine = span(NOON, NOON + 9 * HOUR_MS, NOON)!;
    expect(nine.left).toBeCloseTo(100 / 3);
    expect(nine.width).toBeCloseTo(25);
  });

  it('marks the hours of the centre', () => {
    expect(ticks(NOON, 6).map((tick) => tick.label)).toEqual(['00:00', '06:00', '12:00', '18:00', '00:00', '06:00']);
    expect(ticks(NOON, 6)[2]!.left).toBeCloseTo(100 / 3);
  });

  it('reads times as people type them, the next time that the clock says so', () => {
    expect(nextTime('12', NOON)).toBe(NOON);
    expect(nextTime('18:30', NOON)).toBe(NOON + 6.5 * HOUR_MS);
    expect(nextTime('0600', NOON)).toBe(NOON + 18 * HOUR_MS);
    for (const wrong of ['', '24', '7:61', 'midi']) expect(nextTime(wrong, NOON)).toBe(null);
  });

  it('reads a time entered late as the last that the clock read so, within a day', () => {
    expect(lastTime('12', NOON)).toBe(NOON);
    expect(lastTime('6:30', NOON)).toBe(NOON - 5.5 * HOUR_MS);
    expect(lastTime('1201', NOON)).toBe(NOON - 24 * HOUR_MS + 60_000);
    expect(lastTime('yè', NOON)).toBe(null);
  });

  it('says with which post a member is: on duty before planned, the nearest plan before later ones', () => {
    const aboard = (id: string) => ({ members: [{ id, number: id, qualifications: [], rest_h: null }] });
    const later = shift('later', 20, 32, aboard('m1'));
    const next = shift('next', 8, 16, aboard('m1'));
    const now = shift('now', -1, 8, { ...aboard('m1'), state: 'on_duty', on_at: at(-1) });
    expect(shiftOf('m1', [later, next])?.id).toBe('next');
    expect(shiftOf('m1', [later, next, now])?.id).toBe('now');
    expect(shiftOf('m1', [shift('over', -9, -1, { ...aboard('m1'), state: 'ended' })])).toBeUndefined();
    expect(shiftOf('m2', [now])).toBeUndefined();
  });

  it('says who is late and who is still there', () => {
    expect(trouble(shift('s', -1, 8), NOON)).toBe('late');
    expect(trouble(shift('s', 0, 8), NOON)).toBe(null);
    expect(trouble(shift('s', -12, -1, { state: 'on_duty', on_at: at(-12) }), NOON)).toBe('over');
  });
});
