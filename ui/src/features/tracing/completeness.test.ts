import { describe, expect, it } from 'vitest';
import { likely, readDay, standings } from './completeness';
import type { FormInfo, Named } from './rows';

const named = (code: string, name: string): Named => ({ code, name, labels: null, make: null, type: null, calibres: [] });
const form: FormInfo = { form: '', boxes: {}, needed: {}, makes: [named('GLOCK', 'Glock'), named('SMITHWESSON', 'Smith & Wesson')], models: [], calibres: [{ ...named('9X19', ''), name: null, labels: { en: '9 mm Luger', fr: '9 mm Parabellum' } }], types: [] };
const NEEDED = ['make', 'model', 'calibre', 'serial', 'country'];
const of = (typed: Record<string, string>) => Object.fromEntries(standings('firearm', Object.fromEntries(Object.entries(typed).map(([k, v]) => [k, [v]])), form, NEEDED).map((s) => [s.prop, s.standing]));

describe('the five identifiers while they are typed', () => {
  it('are missing until something stands there', () => {
    expect(of({})).toEqual({ make: 'missing', model: 'missing', calibre: 'missing', serial: 'missing', country: 'missing' });
    expect(of({ make: 'Glock', model: '19', calibre: '9 mm luger', serial: 'AB123', country: 'AT' })).toEqual({ make: 'given', model: 'given', calibre: 'given', serial: 'given', country: 'given' });
  });
  it('are doubtful where nobody knows the make, or a mark cannot be read', () => {
    expect(of({ make: 'Smit Weson' })['make']).toBe('doubtful');
    expect(of({ make: 'smith and wesson' })['make']).toBe('given');
    expect(of({ make: 'SMITH & WESSON' })['make']).toBe('given');
    expect(of({ serial: 'AB?23' })['serial']).toBe('doubtful');
    expect(of({ serial: 'AB123', serial_status: 'restored' })['serial']).toBe('doubtful');
  });
  it('are excused where care could not give them', () => {
    expect(of({ serial: 'efase' })['serial']).toBe('excused');
    expect(of({ serial_status: 'none' })['serial']).toBe('excused');
    expect(of({ import_country: 'US' })['country']).toBe('excused');
  });
});

describe('a known name', () => {
  it('is found by its beginning first, then by what it holds', () => {
    expect(likely(form.makes, 'wess').map((m) => m.code)).toEqual(['SMITHWESSON']);
    expect(likely(form.makes, 'g').map((m) => m.code)).toEqual(['GLOCK']);
    expect(likely(form.calibres, 'parab').map((m) => m.code)).toEqual(['9X19']);
    expect(likely(form.makes, 'zzz')).toEqual([]);
  });
});

describe('a day', () => {
  it.each([['10/7/2026', '2026-07-10'], ['2026-7-1', '2026-07-01'], ['7/2026', '2026-07'], ['2026', '2026'], [' 2026-07 ', '2026-07'], ['29.2.2024', '2024-02-29']])('%s is read', (text, day) => {
    expect(readDay(text)).toBe(day);
  });
  it.each(['', '31/2/2026', '13/2026', '10/7/26', 'yè', '2026-00'])('%s is none', (text) => {
    expect(readDay(text)).toBeNull();
  });
});
