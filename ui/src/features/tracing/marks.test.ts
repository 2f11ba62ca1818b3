import { beforeAll, describe, expect, it } from 'vitest';
import { speech } from '../../i18n/index.svelte';
import { differs, inWords, partWords, sign, weight } from './marks';
import type { Pair } from './rows';

const pairs = (...list: [string | null, string | null, Pair['relation']][]): Pair[] => list.map(([recovered, register, relation]) => ({ recovered, register, relation }));

beforeAll(() => {
  speech.lang = 'en';
});

describe('two serials side by side', () => {
  it('are compared mark by mark, each difference with a sign of its own', () => {
    const found = pairs(['S', 'S', 'same'], ['B', '8', 'look_alike'], ['?', '0', 'unknown'], [null, '7', 'missing'], ['7', null, 'extra'], ['5', '6', 'swapped'], ['1', '9', 'other']);
    expect(found.map(sign)).toEqual(['=', 'B/8', '?', '+', '−', '⇄', '≠']);
    expect(found.filter((p) => differs(p.relation)).length).toBe(6);
  });
  it('are told in words, each kind of difference once', () => {
    expect(inWords(pairs(['S', 'S', 'same'], ['B', '8', 'look_alike'], ['?', '0', 'unknown'], ['?', '1', 'unknown']))).toBe('B and 8 look alike, 2 marks unread');
    expect(inWords(pairs(['5', '6', 'swapped'], ['6', '5', 'swapped']))).toBe('1 pair swapped');
    expect(inWords(pairs(['S', 'S', 'same']))).toBe('every mark the same');
  });
  it('show what a score was reckoned from, with its sign', () => {
    expect(weight(8.93)).toBe('+8.9');
    expect(weight(-1.1)).toBe('−1.1');
    expect(weight(-0.02)).toBe('0.0');
    expect(partWords({ code: 'make', args: { recovered: 'GLOCK', register: 'GLOCK', relation: 'same' }, weight: 1 })).toBe('make: GLOCK, same');
    expect(partWords({ code: 'register', args: { entries: 1_400_000 }, weight: -6.15 })).toBe('1 of 1,400,000 entries, before looking');
    expect(partWords({ code: 'make', args: { recovered: 'GLOCK', register: 'TAURUS', relation: 'differs' }, weight: -2 })).toBe('make: GLOCK / TAURUS, differs');
    expect(partWords({ code: 'a_new_one', args: {}, weight: 1 })).toBe('a new one');
  });
});
