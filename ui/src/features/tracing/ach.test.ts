import { describe, expect, it } from 'vitest';
import { against, contradicting, hangsOn, ranked, tells } from './ach';
import type { Hypothesis, Item } from './rows';

const item = (id: string): Item => ({ id, words: id, grade: 'B2' });
const straw: Hypothesis = { code: 'straw', innocent: false, inconsistency: 1, cells: { i1: 'CC', i2: 'C', i3: 'I' } };
const resale: Hypothesis = { code: 'resale', innocent: true, inconsistency: 2, cells: { i1: 'II', i2: 'C', i3: 'C' } };
const theft: Hypothesis = { code: 'theft', innocent: true, inconsistency: 3, cells: { i1: 'II', i2: 'C', i3: 'I' } };

describe('competing hypotheses', () => {
  it('are ranked by what speaks against them, never by what speaks for them', () => {
    expect(ranked([theft, resale, straw]).map((h) => h.code)).toEqual(['straw', 'resale', 'theft']);
    expect([against(straw), against(resale), against(theft)]).toEqual([1, 2, 3]);
    expect(contradicting(theft)).toBe(2);
  });
  it('say on which item the first place hangs', () => {
    expect(hangsOn([straw, resale, theft], [item('i1'), item('i2'), item('i3')]).map((h) => [h.item.id, h.first.code])).toEqual([['i1', 'resale']]);
    expect(hangsOn([straw, resale], [item('i2'), item('i3')])).toEqual([]);
  });
  it('are not told apart by an item that fits them all', () => {
    expect(tells([straw, resale, theft], 'i2')).toBe(false);
    expect(tells([straw, resale, theft], 'i1')).toBe(true);
  });
});
