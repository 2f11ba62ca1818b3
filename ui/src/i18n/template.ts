/** What a message by template says, in any language: each reader reads it in their own. */

import { labelOf, LANGS, speech, t, words, type Lang } from './index.svelte';

export interface Template {
  code: string;
  labels: Partial<Record<Lang, string>>;
  text: Partial<Record<Lang, string>>;
  priority: 'routine' | 'urgent' | 'flash';
}

const BLANK = /\{([a-z]+)\}/g;

/** The names that a template asks for, in the order in which it asks. */
export function blanks(template: Template): string[] {
  return [...new Set([...(template.text.ht ?? '').matchAll(BLANK)].map((m) => m[1]!))];
}

/** The text with its blanks filled; one that is not known yet stays open, as "…". */
export function fill(template: Template, args: Record<string, string>, lang: Lang = speech.lang): string {
  const text = template.text[lang] ?? LANGS.map((l) => template.text[l]).find(Boolean) ?? labelOf(template);
  return text.replace(BLANK, (_, name: string) => args[name]?.trim() || '…');
}

/** What a message says to whoever reads it here; words that were erased are said to be. */
export function said(message: { template: string | null; args: Record<string, string>; words: string | null }): string {
  if (message.template === null) return message.words ?? t('log-erased');
  const template = words.entry<Template>('message_templates', message.template);
  return template ? fill(template, message.args) : message.template;
}
