import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { grouped, holds } from './code';
import { padded } from './door';
import { LANGS, parse, sentence } from './texts';
import { firstBits, solve } from './work';

describe('the work before the words', () => {
  it('is SHA-256, for every length that fits in one block', () => {
    for (let length = 0; length <= 55; length += 1) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + ((i * 7 + length) % 90))).join('');
      expect(firstBits(text), text).toBe(createHash('sha256').update(text).digest().readUInt32BE(0));
    }
  });

  it('finds what the server asks for, and says how far it is', async () => {
    const told: number[] = [];
    const answer = await solve('c'.repeat(44), 12, (share) => told.push(share));
    const digest = createHash('sha256').update(`${'c'.repeat(44)}:${answer}`).digest().readUInt32BE(0);
    expect(digest).toBeLessThan(2 ** 20);
    expect(told.at(-1)).toBe(1);
  });
});

describe('a receipt code', () => {
  const good = '0000000000000000000J'; // the server's check symbol is told by its own tests

  it('is grouped as it is typed', () => {
    expect(grouped('7k2qa o1')).toBe('7K2QA-01');
    expect(grouped('l'.repeat(30))).toBe('11111-11111-11111-11111');
  });

  it('holds only where its weighted sum is zero', () => {
    expect(holds('0'.repeat(20))).toBe(true);
    expect(holds(good)).toBe(false);
    // 1 × 1 + 22 × … : the first symbol 1 asks for the twentieth that makes the sum zero modulo 23
    const last = [...'0123456789AHJKMPQRTWXYZ'].find((s) => holds(`1${'0'.repeat(18)}${s}`));
    expect(last).toBeDefined();
    expect(holds(`01${'0'.repeat(17)}${last}`)).toBe(false);
    expect(holds('B'.repeat(20))).toBe(false);
  });
});

describe('what stands on the line', () => {
  it('has one size for every question', () => {
    const size = (question: Record<string, string>) => new TextEncoder().encode(padded(question)).length;
    expect(new Set([size({ words: 'a' }), size({ words: 'ò'.repeat(4_000) }), size({ code: 'x', words: '' })])).toEqual(new Set([24_576]));
  });
});

describe('the page’s sentences', () => {
  const catalogue = (lang: string) => parse(readFileSync(new URL(`./i18n/${lang}.ftl`, import.meta.url), 'utf8'));
  const ht = catalogue('ht');
  const page = readFileSync(new URL('./Tip.svelte', import.meta.url), 'utf8');

  it.each(LANGS)('%s has them all, with the same blanks', (lang) => {
    const found = catalogue(lang);
    expect([...found.keys()]).toEqual([...ht.keys()]);
    for (const [key, text] of found) {
      expect(text.trim(), key).not.toBe('');
      expect(text.match(/\$\w+/g), key).toEqual(ht.get(key)!.match(/\$\w+/g));
    }
  });

  it('asks for no other, and leaves none idle', () => {
    const asked = [...page.matchAll(/(?:tell|sentence)\((?:other, )?'([a-z-]+)'/g)].map((m) => m[1]!);
    expect(asked.length).toBeGreaterThan(30);
    for (const key of asked) expect(ht.has(key), key).toBe(true);
    for (const key of ht.keys()) expect(page.includes(`'${key}'`) || /^(kept|care)-\d$/.test(key), key).toBe(true);
  });

  it('fills blanks, and writes Kreyòl in its own spelling', () => {
    expect(sentence('fr', 'words-left', { n: '12' })).toBe('12 caractères restants');
    for (const text of ht.values()) expect(text).not.toMatch(/\w['’]\w/);
  });
});
