/** The public page's own sentences: four small catalogues and nothing of the floor's. One line, one sentence. */

export const LANGS = ['ht', 'fr', 'es', 'en'] as const;
export type Lang = (typeof LANGS)[number];

const sources = import.meta.glob<string>('./i18n/*.ftl', { query: '?raw', import: 'default', eager: true });

export function parse(source: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of source.split('\n')) {
    const at = line.indexOf(' = ');
    if (at > 0) found.set(line.slice(0, at), line.slice(at + 3));
  }
  return found;
}

const catalogues = new Map(LANGS.map((lang) => [lang, parse(sources[`./i18n/${lang}.ftl`] ?? '')]));

/** The sentence in that language, with its blanks filled. */
export function sentence(lang: Lang, key: string, blanks: Record<string, string> = {}): string {
  const text = catalogues.get(lang)?.get(key) ?? key;
  return text.replace(/\{ \$(\w+) \}/g, (_, name: string) => blanks[name] ?? '');
}
