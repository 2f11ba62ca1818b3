/** What a card asks next, proposes and advises, from the answers so far. Pure: it works with the link cut. */

import type { Card, Condition, Question } from '../../api/cards.svelte';
import type { Call } from '../../live/rows';
import { folded } from './tokens';

/** Answers by the code of the question. */
export type Answers = Readonly<Record<string, string>>;

export interface Proposal {
  type: string;
  /** null: whatever the type starts with */
  priority: string | null;
  rule: string | null;
  /** the answers that made it so, in the order of the questions */
  facts: { question: Question; answer: string }[];
}

export const UNKNOWN = 'unknown';

/** Whether the answers fulfil a condition. A question without an answer fulfils nothing but "not". */
export function holds(when: Condition, answers: Answers): boolean {
  switch (when[0]) {
    case 'all':
      return (when.slice(1) as Condition[]).every((c) => holds(c, answers));
    case 'any':
      return (when.slice(1) as Condition[]).some((c) => holds(c, answers));
    case 'not':
      return !holds(when[1], answers);
    case 'eq':
      return answers[when[1]] === String(when[2]);
    case 'gte': {
      const given = answers[when[1]];
      return given !== undefined && /^\d+$/.test(given) && Number(given) >= when[2];
    }
    case 'answered':
      return answers[when[1]] !== undefined;
  }
}

/** The questions that these answers leave to ask, answered or not, and the answers that still count. */
export function asked(card: Card, answers: Answers): { questions: Question[]; answers: Answers } {
  const counted: Record<string, string> = {};
  const questions = card.questions.filter((q) => {
    if (q.ask_if !== null && !holds(q.ask_if, counted)) return false;
    const given = answers[q.code];
    if (given !== undefined) counted[q.code] = given;
    return true;
  });
  return { questions, answers: counted };
}

/** The answers that a question may have, in the order of their keys: digits, so the same in every language. */
export function choices(question: Question): string[] {
  if (question.kind === 'yesno') return ['yes', 'no', UNKNOWN];
  return question.kind === 'choice' ? [...question.options.map((o) => o.code), UNKNOWN] : [];
}

/** The questions that a condition leans on where it holds: what to say after "because". */
function leaning(when: Condition, answers: Answers): string[] {
  switch (when[0]) {
    case 'all':
      return (when.slice(1) as Condition[]).flatMap((c) => leaning(c, answers));
    case 'any':
      return (when.slice(1) as Condition[]).filter((c) => holds(c, answers)).flatMap((c) => leaning(c, answers));
    case 'not':
      return leaves(when[1]).filter((code) => answers[code] !== undefined);
    default:
      return [when[1]];
  }
}

function leaves(when: Condition): string[] {
  switch (when[0]) {
    case 'all':
    case 'any':
      return (when.slice(1) as Condition[]).flatMap(leaves);
    case 'not':
      return leaves(when[1]);
    default:
      return [when[1]];
  }
}

/** The gravest rule that holds; among equals the first. Its own type, else that of the first that names one. */
export function propose(card: Card, answers: Answers): Proposal {
  const counted = asked(card, answers).answers;
  const held = card.rules.filter((rule) => holds(rule.when, counted));
  const rule = held.reduce<(typeof held)[number] | undefined>((best, r) => (best && best.priority <= r.priority ? best : r), undefined);
  const because = new Set(rule ? leaning(rule.when, counted) : []);
  return {
    type: rule?.type ?? held.find((r) => r.type)?.type ?? card.types[0]!,
    priority: rule?.priority ?? null,
    rule: rule?.code ?? null,
    facts: card.questions.filter((q) => because.has(q.code) && counted[q.code] !== undefined).map((q) => ({ question: q, answer: counted[q.code]! })),
  };
}

/** What to tell the caller now. */
export const advice = (card: Card, answers: Answers) => {
  const counted = asked(card, answers).answers;
  return card.advice.filter((a) => a.when === null || holds(a.when, counted)).map((a) => a.text);
};

/** The answers that mean danger. */
export function dangers(card: Card, answers: Answers): { question: Question; answer: string }[] {
  const { questions, answers: counted } = asked(card, answers);
  return questions
    .filter((q) => q.danger.includes(counted[q.code] ?? ''))
    .map((q) => ({ question: q, answer: counted[q.code]! }));
}

/** Answers to one card: what this seat gave, what the server holds, and what another card asked alike.
 *  `local` is by "card.question"; an empty text there means that the answer was taken back. */
export function answersTo(card: Card, local: Readonly<Record<string, string>>, call: Pick<Call, 'answers'> | null): Answers {
  const found: Record<string, string> = {};
  const given = call?.answers ?? [];
  const worth = (a: (typeof given)[number]) => a.answer ?? a.words ?? '';
  for (const q of card.questions) {
    const own = local[`${card.code}.${q.code}`] ?? given.filter((a) => a.card === card.code && a.question === q.code).map(worth).at(-1);
    const alike = q.common && own === undefined
      ? (Object.entries(local).filter(([key]) => key.endsWith(`.${q.code}`)).map(([, v]) => v).at(-1) ?? given.filter((a) => a.question === q.code).map(worth).at(-1))
      : undefined;
    const answer = own ?? alike;
    if (answer) found[q.code] = answer;
  }
  return found;
}

const FOUND_MAX = 5;

/** Cards whose words stand in what was said, in any of the languages; the best first. */
export function cardsFor(cards: readonly Card[], said: string): Card[] {
  const text = ` ${folded(said)} `;
  if (text.trim() === '') return [];
  return cards
    .map((card) => {
      const hit = new Set(Object.values(card.words).flat().map(folded).filter((w) => w && text.includes(` ${w} `)));
      // "aksidan moto" says more than "moto": each word of a phrase after the first counts double.
      const score = [...hit].reduce((sum, w) => sum + 2 * w.split(' ').length - 1, 0);
      return { card, score };
    })
    .filter((found) => found.score > 0)
    // "An explosion, many are hurt": what happened goes before what it did to people.
    .sort((a, b) => Number(a.card.effect) - Number(b.card.effect) || b.score - a.score)
    .slice(0, FOUND_MAX)
    .map((found) => found.card);
}

/** Cards whose name or words begin with what is typed. */
export function cardsNamed(cards: readonly Card[], typed: string): Card[] {
  const wanted = folded(typed).split(' ').filter(Boolean);
  if (wanted.length === 0) return [...cards];
  return cards.filter((card) => {
    const text = ` ${folded([...Object.values(card.labels), ...Object.values(card.words).flat()].join(' '))}`;
    return wanted.every((w) => text.includes(` ${w}`));
  });
}
