import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Card, Condition, Question } from '../../api/cards.svelte';
import { advice, answersTo, asked, cardsFor, cardsNamed, choices, dangers, holds, propose } from './cards';

/** The shipped cards, from the program that serves them. */
const PYTHON = process.env.LANBI_PYTHON ?? (existsSync('../.venv/bin/python') ? '../.venv/bin/python' : 'python3');
const CARDS = JSON.parse(execFileSync(PYTHON, ['-m', 'lanbi.calls.cards'], { encoding: 'utf8', maxBuffer: 1 << 24 })) as Card[];
const CARDS_MIN = 24;
const card = (code: string) => CARDS.find((c) => c.code === code)!;
const LANGS = ['ht', 'fr', 'es', 'en'] as const;

function leaves(when: Condition): string[] {
  if (when[0] === 'all' || when[0] === 'any') return (when.slice(1) as Condition[]).flatMap(leaves);
  return when[0] === 'not' ? leaves(when[1]) : [when[1] as string];
}
const thresholds = (when: Condition, code: string): number[] =>
  when[0] === 'all' || when[0] === 'any' ? (when.slice(1) as Condition[]).flatMap((c) => thresholds(c, code))
  : when[0] === 'not' ? thresholds(when[1], code)
  : when[1] === code && typeof when[2] === 'number' ? [when[2]] : [];

/** All that the questions in play may be answered, or left unanswered. */
function* cases(of: Card, questions: Question[]): Generator<Record<string, string>> {
  if (questions.length === 0) {
    yield {};
    return;
  }
  const [q, ...rest] = questions as [Question, ...Question[]];
  const all = [...of.rules.map((r) => r.when), ...of.questions.flatMap((x) => (x.ask_if ? [x.ask_if] : []))];
  const values = q.kind === 'count' ? ['0', ...new Set(all.flatMap((w) => thresholds(w, q.code)).map(String))] : q.kind === 'words' ? [] : choices(q);
  for (const tail of cases(of, rest)) {
    yield tail;
    for (const value of values) yield { ...tail, [q.code]: value };
  }
}

/** The questions that a condition leans on, those of the rules that share one (they may outweigh it), and those
 *  that must be answered for all of them to be asked. */
function play(of: Card, when: Condition): Question[] {
  const codes = new Set(leaves(when));
  for (const rule of of.rules) if (leaves(rule.when).some((code) => leaves(when).includes(code))) leaves(rule.when).forEach((code) => codes.add(code));
  for (let grown = true; grown; ) {
    grown = false;
    for (const q of of.questions.filter((x) => codes.has(x.code) && x.ask_if)) {
      for (const code of leaves(q.ask_if!)) if (!codes.has(code)) (codes.add(code), (grown = true));
    }
  }
  return of.questions.filter((q) => codes.has(q.code));
}

describe('the shipped cards', () => {
  it('are there, for every kind of call', () => {
    expect(CARDS.length).toBeGreaterThanOrEqual(CARDS_MIN);
    for (const code of ['cardiac_arrest', 'childbirth', 'house_fire', 'shooting', 'kidnapping', 'road_accident', 'flood', 'collapse', 'missing', 'gender_violence', 'unrest', 'explosive', 'infrastructure', 'drowning', 'suicide', 'unknown']) expect(card(code), code).toBeDefined();
  });

  it.each(CARDS.flatMap((c) => c.rules.map((r) => [c.code, r.code] as const)))('%s proposes by its rule %s for some answers', (code, rule) => {
    const held = card(code).rules.find((r) => r.code === rule)!;
    const reached = [...cases(card(code), play(card(code), held.when))].map((answers) => propose(card(code), answers)).find((p) => p.rule === rule);
    expect(reached).toMatchObject({ priority: held.priority, ...(held.type ? { type: held.type } : {}) });
    expect(reached!.facts.length).toBeGreaterThan(0);
  });

  it.each(CARDS.map((c) => [c.code, c] as const))('%s can ask each of its questions, and say each of its advice', (_, c) => {
    const conditions = [...c.questions.flatMap((q) => (q.ask_if ? [[q.code, q.ask_if] as const] : [])), ...c.advice.flatMap((a) => (a.when ? [[a.text.en!, a.when] as const] : []))];
    for (const [what, when] of conditions) {
      const able = [...cases(c, play(c, when))].some((answers) => holds(when, asked(c, answers).answers));
      expect(able, what).toBe(true);
    }
  });

  it.each(LANGS)('are found by what callers say in %s', (lang) => {
    for (const c of CARDS) {
      for (const said of c.words[lang]!) expect(cardsFor(CARDS, `… ${said}!`).map((f) => f.code), said).toContain(c.code);
      expect(cardsFor(CARDS, c.words[lang]!.slice(0, 3).join(', '))[0]?.code, c.words[lang]!.slice(0, 3).join(', ')).toBe(c.code);
    }
  });

  it('write Kreyòl in its own spelling: no apostrophes', () => {
    const texts = CARDS.flatMap((c) => [c.labels, ...c.questions.flatMap((q) => [q.ask, q.short, ...q.options.map((o) => o.labels)]), ...c.advice.map((a) => a.text), ...c.never]);
    expect(texts.map((labels) => labels.ht!).filter((text) => /\w['’]\w/.test(text))).toEqual([]);
  });
});

describe('a road accident', () => {
  const road = card('road_accident');
  it('with three hurt and one trapped is P1, because one is trapped', () => {
    const p = propose(road, { hurt: '3', trapped: 'yes', awake: 'yes' });
    expect(p).toMatchObject({ type: 'road_accident_trapped', priority: 'P1', rule: 'trapped' });
    expect(p.facts.map((f) => [f.question.code, f.answer])).toEqual([['trapped', 'yes']]);
  });

  it('is graver when nobody answers, and keeps its type', () => {
    expect(propose(road, { hurt: '1', trapped: 'yes', awake: 'no' })).toMatchObject({ priority: 'P0', type: 'road_accident_trapped', rule: 'not_awake' });
  });

  it('proposes its usual type, and no priority of its own, before any answer', () => {
    expect(propose(road, {})).toMatchObject({ type: 'road_accident', priority: null, rule: null, facts: [] });
  });

  it('asks about the hurt only where somebody may be, and forgets answers that no longer count', () => {
    const codes = (answers: Record<string, string>) => asked(road, answers).questions.map((q) => q.code);
    expect(codes({ hurt: '2' })).toContain('awake');
    expect(codes({ hurt: '0' })).not.toContain('awake');
    expect(propose(road, { hurt: '0', awake: 'no', trapped: 'no' })).toMatchObject({ priority: 'P4' });
  });

  it('flags danger, and tells what to do about it', () => {
    expect(dangers(road, { leak: 'yes', blocked: 'yes' }).map((d) => d.question.code)).toEqual(['leak']);
    const before = advice(road, { hurt: '0' }).map((a) => a.en);
    const after = advice(road, { hurt: '0', leak: 'yes' }).map((a) => a.en);
    expect(after.length).toBe(before.length + 1);
  });
});

describe('answers', () => {
  const road = card('road_accident');
  const answer = (of: string, question: string, value: string) => ({ card: of, question, answer: value, words: null, lang: 'ht', at: '', by: { id: 'p', name: 'P' } });

  it('given here go before those of the server; one taken back is gone', () => {
    const call = { answers: [answer('road_accident', 'hurt', '3'), answer('road_accident', 'trapped', 'yes')] };
    expect(answersTo(road, {}, call)).toEqual({ hurt: '3', trapped: 'yes' });
    expect(answersTo(road, { 'road_accident.hurt': '4', 'road_accident.trapped': '' }, call)).toEqual({ hurt: '4' });
  });

  it('to a question that another card asks alike are not asked for again', () => {
    expect(answersTo(road, { 'bleeding.awake': 'no' }, null)).toEqual({ awake: 'no' });
    expect(answersTo(card('unconscious'), { 'road_accident.vehicle': 'bus' }, null)).toEqual({});
  });
});

describe('looking for a card', () => {
  it('takes Kreyòl without its accents', () => {
    expect(cardsFor(CARDS, 'gen yon aksidan moto deye legliz la')[0]?.code).toBe('road_accident');
    expect(cardsFor(CARDS, 'Gwo eksplozyon bò estasyon gaz la, anpil moun blese, gen moun boule')[0]?.code).toBe('explosive');
    expect(cardsFor(CARDS, 'Li blese, l ap senyen')[0]?.code).toBe('bleeding');
    expect(cardsFor(CARDS, 'YO KIDNAPE PITIT MWEN')[0]?.code).toBe('kidnapping');
  });

  it('finds nothing in words that mean nothing, and everything by its name', () => {
    expect(cardsFor(CARDS, 'alo, alo')).toEqual([]);
    expect(cardsFor(CARDS, '')).toEqual([]);
    for (const c of CARDS) expect(cardsNamed(CARDS, c.labels.ht!)).toContain(c);
  });
});
