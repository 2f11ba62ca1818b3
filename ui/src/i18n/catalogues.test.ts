import { FluentBundle, FluentResource } from '@fluent/bundle';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const I18N = dirname(fileURLToPath(import.meta.url));
const SRC = dirname(I18N);
const LANGS = ['ht', 'fr', 'es', 'en'] as const;
const KEYS_MIN = 150;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

/** Message ids and the variables each one uses. */
function catalogue(lang: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of files(join(I18N, lang)).filter((f) => f.endsWith('.ftl'))) {
    let id = '';
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const head = /^([a-z][a-z0-9-]*) =/.exec(line);
      if (head) {
        id = head[1]!;
        if (found.has(id)) throw new Error(`${lang}: ${id} is there twice`);
        found.set(id, []);
      }
      if (id) found.get(id)!.push(...[...line.matchAll(/\{ ?\$(\w+)/g)].map((m) => m[1]!));
    }
  }
  return found;
}

/** Keys as the code asks for them: whole, or by the part before what is filled in. */
function asked(): { whole: Set<string>; starts: Set<string>; quoted: Set<string> } {
  const whole = new Set<string>();
  const starts = new Set<string>();
  const quoted = new Set<string>();
  for (const file of files(SRC).filter((f) => /\.(ts|svelte)$/.test(f) && !f.endsWith('.test.ts'))) {
    const text = readFileSync(file, 'utf8');
    for (const m of text.matchAll(/\b(?:t|has)\(\s*'([a-z][a-z0-9-]*)'/g)) whole.add(m[1]!);
    for (const m of text.matchAll(/\bsay\([\w.]+, '([a-z][a-z0-9-]*)'/g)) whole.add(m[1]!);
    for (const m of text.matchAll(/(?:\b(?:t|has)\(|\bsay\([\w.]+, |\bkey = )`([a-z][a-z0-9-]*-)\$\{/g)) starts.add(m[1]!);
    for (const m of text.matchAll(/'([a-z][a-z0-9]*(?:-[a-z0-9]+)+)'/g)) quoted.add(m[1]!);
  }
  return { whole, starts, quoted };
}

const catalogues = new Map(LANGS.map((lang) => [lang, catalogue(lang)]));
const { whole, starts, quoted } = asked();
const sorted = (keys: Iterable<string>) => [...keys].sort();

describe('the catalogues', () => {
  it('were read, and the code was', () => {
    expect(catalogues.get('en')!.size).toBeGreaterThan(KEYS_MIN);
    expect(whole.size).toBeGreaterThan(KEYS_MIN / 2);
  });

  it.each(LANGS)('%s has every sentence that the code asks for', (lang) => {
    const keys = catalogues.get(lang)!;
    expect(sorted(whole).filter((key) => !keys.has(key))).toEqual([]);
    for (const start of starts) expect(sorted(keys.keys()).some((key) => key.startsWith(start)), start).toBe(true);
  });

  it.each(LANGS)('%s has no sentence that nobody asks for', (lang) => {
    const idle = sorted(catalogues.get(lang)!.keys()).filter(
      (key) => !whole.has(key) && !quoted.has(key) && ![...starts].some((start) => key.startsWith(start)),
    );
    expect(idle).toEqual([]);
  });

  it.each(LANGS)('%s has the same keys and the same variables as Kreyòl', (lang) => {
    const ht = catalogues.get('ht')!;
    const keys = catalogues.get(lang)!;
    expect(sorted(keys.keys())).toEqual(sorted(ht.keys()));
    for (const [key, variables] of keys) expect(sorted(new Set(variables)), key).toEqual(sorted(new Set(ht.get(key))));
  });

  it.each(LANGS)('%s is read whole by Fluent', (lang) => {
    const bundle = new FluentBundle('en');
    for (const file of files(join(I18N, lang))) {
      expect(bundle.addResource(new FluentResource(readFileSync(file, 'utf8')))).toEqual([]);
    }
    const unread = sorted(catalogues.get(lang)!.keys()).filter((key) => !bundle.hasMessage(key));
    expect(unread).toEqual([]);
  });

  it('writes Kreyòl in its own spelling: no apostrophes', () => {
    for (const file of files(join(I18N, 'ht'))) {
      const lines = readFileSync(file, 'utf8').split('\n').filter((l) => /^[a-z].*\w['’]\w/.test(l));
      expect(lines).toEqual([]);
    }
  });
});
