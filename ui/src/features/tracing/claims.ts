/** Claims as people read them: a value in words, its rules, where it comes from. */

import { areaWords } from '../../i18n/area';
import { radius } from '../../i18n/format';
import { t, words } from '../../i18n/index.svelte';
import { byText } from '../../kit/order';
import type { Area } from '../../live/rows';
import { say } from './days';
import type { Handling, Prop, Source, Statement } from './rows';

/** A value of a property in the reader's words. `refOf` names the entities that values point to. */
export function valueWords(prop: Prop | undefined, value: string | null, refOf: (id: string) => string = () => ''): string {
  if (value === null) return '';
  switch (prop?.type) {
    case 'date': return say(value);
    case 'code': return words.label(prop.table, value);
    case 'entity': return refOf(value) || '…';
    case 'area': return place(value);
    case 'photo': return value.slice(0, 8);
    default: return value;
  }
}

function place(value: string): string {
  try {
    const area = JSON.parse(value) as Area;
    const round = area.lat === null || area.radius_m === null ? '' : radius(area.radius_m);
    return [area.words || areaWords(area), round].filter(Boolean).join(' ');
  } catch {
    return value;
  }
}

/** TLP:AMBER+STRICT, as the standard writes it. */
export const tlpName = (tlp: string): string => `TLP:${tlp.replace('_', '+')}`;

/** The originator's rules, each in a few words: who may have it, for what, whether it may go on, until when. */
export function rules(handling: Handling): string[] {
  const list = handling.releasable;
  return [
    tlpName(handling.tlp),
    list.includes('*') ? t('tracing-for-anyone') : list.length ? t('tracing-releasable', { list: list.join(', ') }) : t('tracing-only', { who: handling.originator }),
    ...(handling.purposes.length ? [t('tracing-for-purposes', { list: handling.purposes.map((p) => words.label('tracing_purposes', p)).join(', ') })] : []),
    ...(handling.onward ? [t('tracing-onward')] : []),
    ...(handling.review_on ? [t('tracing-review', { day: say(handling.review_on) })] : []),
  ];
}

/** 9f2c…77aa */
export const shortHash = (digest: string): string => (digest.length > 12 ? `${digest.slice(0, 4)}…${digest.slice(-4)}` : digest);

/** Who says it, under which rules: a letter stands for both beside each claim. */
export interface Voice {
  letter: string;
  source: Source | undefined;
  handling: Handling;
}

export interface Claimed {
  prop: string;
  /** what is worked with first, then the others, then what was withdrawn */
  said: { statement: Statement; voice: Voice }[];
  /** several that stand, and do not say the same */
  contested: boolean;
}

/** The voices of these claims, the best source first. */
export function voices(statements: readonly Statement[], sources: readonly Source[]): Map<string, Voice> {
  const of = new Map(sources.map((s) => [s.id, s]));
  const found = new Map<string, Voice>();
  for (const s of statements.toSorted((a, b) => grade(of.get(a.source_id)) - grade(of.get(b.source_id)) || byText(a.source_id, b.source_id))) {
    const key = voiceOf(s);
    if (!found.has(key)) found.set(key, { letter: found.size < 26 ? String.fromCharCode(97 + found.size) : String(found.size + 1), source: of.get(s.source_id), handling: s.handling });
  }
  return found;
}
export const voiceOf = (s: Statement): string => `${s.source_id} ${JSON.stringify(s.handling)}`;

/** Claims by property, contradicting ones side by side. `many`: whether a property may hold several at once. */
export function byProp(statements: readonly Statement[], sources: readonly Source[], many: (prop: string) => boolean, order: readonly string[] = []): Claimed[] {
  const said = voices(statements, sources);
  const found = new Map<string, Statement[]>();
  for (const one of statements) found.set(one.prop, [...(found.get(one.prop) ?? []), one]);
  const rank = (prop: string) => (order.includes(prop) ? order.indexOf(prop) : order.length);
  const gradeOf = (s: Statement) => grade(said.get(voiceOf(s))?.source);
  return [...found]
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([prop, list]) => ({
      prop,
      said: list
        .toSorted((a, b) => Number(b.stands) - Number(a.stands) || Number(b.preferred) - Number(a.preferred) || gradeOf(a) - gradeOf(b) || byText(b.said_at, a.said_at))
        .map((statement) => ({ statement, voice: said.get(voiceOf(statement))! })),
      contested: !many(prop) && new Set(list.filter((s) => s.stands && !s.sealed).map((s) => s.value)).size > 1,
    }));
}
/** Credibility first, then reliability: B1 before A2. */
const grade = (source: Source | undefined): number => (source ? Number(source.grade[1]) * 10 + source.grade.charCodeAt(0) - 65 : 99);
