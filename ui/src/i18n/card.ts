/** Cards in words: what was answered, and why something was proposed, as the log and the floor say it. */

import { LANGS, speech, t, type Lang } from './index.svelte';

type Labels = Partial<Record<Lang, string>>;
type Condition = readonly unknown[];

interface QuestionLike {
  code: string;
  kind: string;
  short: Labels;
  options: readonly { code: string; labels: Labels }[];
}

interface CardLike {
  labels: Labels;
  questions: readonly QuestionLike[];
  rules: readonly { code: string; when: Condition }[];
}

/** A text in this language, else in the first that has it. */
export const inLang = (labels: Labels | undefined, lang: Lang = speech.lang): string =>
  labels ? (labels[lang] ?? LANGS.map((l) => labels[l]).find(Boolean) ?? '') : '';

/** "yes", "firearm", "3": an answer in the reader's language. */
export function answerSaid(question: QuestionLike | undefined, answer: string): string {
  if (answer === 'unknown') return t('card-unknown');
  if (question?.kind === 'yesno') return t(answer === 'yes' ? 'card-yes' : 'card-no');
  return inLang(question?.options.find((o) => o.code === answer)?.labels) || answer;
}

/** "person trapped: yes" */
export const factSaid = (question: QuestionLike | undefined, answer: string): string =>
  `${inLang(question?.short) || question?.code || ''}${t('colon')} ${answerSaid(question, answer)}`;

/** A condition in words, for who was not there when it was answered. */
export function conditionSaid(card: CardLike, when: Condition): string {
  const [verb, ...rest] = when as [string, ...unknown[]];
  if (verb === 'all') return rest.map((c) => conditionSaid(card, c as Condition)).join(' · ');
  if (verb === 'any') return rest.map((c) => conditionSaid(card, c as Condition)).join(' / ');
  if (verb === 'not') return t('card-not', { what: conditionSaid(card, rest[0] as Condition) });
  const question = card.questions.find((q) => q.code === rest[0]);
  const short = inLang(question?.short) || String(rest[0]);
  if (verb === 'gte') return `${short} ≥ ${String(rest[1])}`;
  return verb === 'eq' ? factSaid(question, String(rest[1])) : short;
}

/** Why a card proposed something: its rule in words, or its name where no rule was needed. */
export function becauseSaid(card: CardLike | undefined, rule: string | null): string {
  const held = card?.rules.find((r) => r.code === rule);
  if (card && held) return conditionSaid(card, held.when);
  return inLang(card?.labels) || (rule ?? '');
}
