/** Every sentence a person reads, in four languages, switched in one click. */

import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

export const LANGS = ['ht', 'fr', 'es', 'en'] as const;
export type Lang = (typeof LANGS)[number];

const sources = import.meta.glob<string>('./*/*.ftl', { query: '?raw', import: 'default', eager: true });

/** Locales that rule plurals and numbers. Kreyòl has no rules of its own in the browser; Haiti writes
 *  numbers as French does. */
const RULES: Record<Lang, string[]> = { ht: ['fr-HT', 'fr'], fr: ['fr'], es: ['es'], en: ['en'] };

function load(lang: Lang): FluentBundle {
  const bundle = new FluentBundle(RULES[lang], { useIsolating: false });
  for (const [path, source] of Object.entries(sources)) {
    if (path.startsWith(`./${lang}/`)) bundle.addResource(new FluentResource(source));
  }
  return bundle;
}

const bundles = new Map<Lang, FluentBundle>();
const bundleOf = (lang: Lang) => {
  let bundle = bundles.get(lang);
  if (!bundle) bundles.set(lang, (bundle = load(lang)));
  return bundle;
};

const REMEMBERED = 'lanbi.lang';

function first(): Lang {
  const kept = globalThis.localStorage?.getItem(REMEMBERED);
  const wanted = [kept, ...(globalThis.navigator?.languages ?? [])];
  for (const tag of wanted) {
    const lang = LANGS.find((l) => tag?.toLowerCase().startsWith(l));
    if (lang && (tag === kept || lang !== 'en')) return lang;
  }
  return 'ht';
}

class Speech {
  lang = $state<Lang>(first());

  /** Whether somebody chose a language on this machine. */
  get chosen(): boolean {
    return localStorage.getItem(REMEMBERED) !== null;
  }

  set(lang: Lang): void {
    this.lang = lang;
    localStorage.setItem(REMEMBERED, lang);
  }
}

export const speech = new Speech();

/** A sentence in the reader's language. Numbers that must not be grouped are given as text. */
export function t(key: string, args?: Record<string, FluentVariable>): string {
  return say(speech.lang, key, args);
}

/** A sentence in a given language. */
export function say(lang: Lang, key: string, args?: Record<string, FluentVariable>): string {
  const bundle = bundleOf(lang);
  const message = bundle.getMessage(key);
  if (!message?.value) return key;
  return bundle.formatPattern(message.value, args ?? null, []);
}

/** Whether a sentence exists, for vocabulary that the server may extend. */
export function has(key: string): boolean {
  return bundleOf(speech.lang).hasMessage(key);
}

type Labels = Partial<Record<Lang, string>>;
interface Entry {
  code: string;
  labels: Labels;
}

/** The label of a vocabulary entry, in the reader's language, else in the next one that has it. */
export function labelOf(entry: { code: string; labels: Labels } | undefined, code = ''): string {
  if (!entry) return code;
  return entry.labels[speech.lang] ?? LANGS.map((l) => entry.labels[l]).find(Boolean) ?? entry.code;
}

class Words {
  #lists = $state.raw<Record<string, Entry[]>>({});

  /** Takes the centre's vocabulary, once per sign-in. */
  load(vocabulary: object): void {
    this.#lists = vocabulary as Record<string, Entry[]>;
  }

  list<T extends Entry = Entry>(name: string): T[] {
    return (this.#lists[name] ?? []) as T[];
  }

  entry<T extends Entry = Entry>(name: string, code: string | null | undefined): T | undefined {
    return this.list<T>(name).find((e) => e.code === code);
  }

  /** The label of `code` in the list `name`; the code itself when nobody labelled it. */
  label(name: string, code: string | null | undefined): string {
    return code ? labelOf(this.entry(name, code), code) : '';
  }
}

export const words = new Words();
