import { describe, expect, it } from 'vitest';
import { CELLS, contradicting, nextRating, ranked, tells } from './ach';
import type { Hypothesis } from './rows';

const straw: Hypothesis = { code: 'straw', innocent: false, inconsistency: 1, rank: 1, cells: { i1: 'CC', i2: 'C', i3: 'I' } };
const resale: Hypothesis = { code: 'resale', innocent: true, inconsistency: 2, rank: 2, cells: { i1: 'II', i2: 'C', i3: 'C' } };
const theft: Hypothesis = { code: 'theft', innocent: true, inconsistency: 3, rank: 3, cells: { i1: 'II', i2: 'C', i3: 'I' } };

describe('competing hypotheses', () => {
  it('are ranked by what speaks against them, never by what speaks for them', () => {
    expect(ranked([theft, resale, straw]).map((h) => h.code)).toEqual(['straw', 'resale', 'theft']);
    expect([straw, resale, theft].map(contradicting)).toEqual([1, 1, 2]);
  });
  it('are not told apart by an item that fits them all', () => {
    expect(tells([straw, resale, theft], 'i2')).toBe(false);
    expect(tells([straw, resale, theft], 'i1')).toBe(true);
  });
  it('are rated around, either way', () => {
    expect(nextRating('II')).toBe('CC');
    expect(nextRating('CC', -1)).toBe('II');
    let cell = CELLS[0]!;
    for (const _ of CELLS) cell = nextRating(cell);
    expect(cell).toBe('CC');
  });
});
