import { beforeEach, describe, expect, it } from 'vitest';
import { speech, words } from '../../i18n/index.svelte';
import type { Alarm } from '../../live/rows';
import { compare, grouped, headed, sentence, unseen } from './alarm';
import { Heard } from './heard';

const NOW = Date.parse('2026-11-22T03:50:00Z');
const alarm = (given: Partial<Alarm> = {}): Alarm => ({
  id: 'a', version: 1, kind: 'lost_link', severity: 'medium', subject: 'unit/1', incident_id: null, unit_id: '1',
  facts: { unit: 'P19', number: 2398 }, since: '2026-11-22T03:24:00Z', raised_at: '2026-11-22T03:40:00Z', cleared_at: null,
  taken_by: null, taken_at: null, shelved_until: null, shelved_by: null, shelf_reason: null, escalated_at: null, count: 1, ...given,
});
const LABELS = { ht: 'ht', fr: 'fr', es: 'es', en: 'en' };

beforeEach(() => {
  speech.lang = 'en';
  words.load({ alarm_kinds: [{ code: 'emergency_button', labels: LABELS }, { code: 'lost_link', labels: LABELS }] });
});

describe('the order in which alarms are taken', () => {
  it('an emergency before all others, then the oldest first', () => {
    const old = alarm({ id: 'old', raised_at: '2026-11-22T03:30:00Z', severity: 'low' });
    const young = alarm({ id: 'young', severity: 'high' });
    const help = alarm({ id: 'help', raised_at: '2026-11-22T03:49:00Z', severity: 'emergency' });
    expect([young, help, old].sort(compare).map((a) => a.id)).toEqual(['help', 'old', 'young']);
  });
  it('what is over stays until somebody has seen it; what is taken does not wait', () => {
    const over = alarm({ id: 'over', cleared_at: '2026-11-22T03:45:00Z' });
    const taken = alarm({ id: 'taken', taken_at: '2026-11-22T03:45:00Z' });
    expect(unseen([taken, over]).map((a) => a.id)).toEqual(['over']);
  });
});

describe('the sentence of an alarm', () => {
  const about = { number: '2398', priority: '' };
  it('says which incident, what, and for how long', () => {
    expect(sentence(alarm(), about, NOW)).toBe('2398 P19 not heard from for 26:00');
  });
  it('stands still once it is over', () => {
    const over = alarm({ cleared_at: '2026-11-22T03:41:00Z' });
    expect(sentence(over, about, NOW)).toBe('2398 P19 not heard from for 17:00 · over, nobody saw it');
  });
  it('names a kind that the screens do not know by its label', () => {
    words.load({ alarm_kinds: [{ code: 'own_kind', labels: { ...LABELS, en: 'Water tank low' } }] });
    expect(sentence(alarm({ kind: 'own_kind' }), { number: '', priority: '' }, NOW)).toBe('Water tank low for 26:00');
  });
});

describe('the ledger', () => {
  const numberOf = (a: Alarm) => String(a.facts['number'] ?? '');
  it('groups by kind in the order of the vocabulary', () => {
    const groups = grouped([alarm(), alarm({ id: 'b', kind: 'emergency_button' })], 'kind', numberOf);
    expect(groups.map((g) => g.key)).toEqual(['emergency_button', 'lost_link']);
  });
  it('groups by incident, those without one last', () => {
    const groups = grouped([alarm({ id: 'n', facts: {} }), alarm({ facts: { number: 30 } }), alarm({ id: 'b', facts: { number: 4 } })], 'incident', numberOf);
    expect(groups.map((g) => g.key)).toEqual(['4', '30', '']);
  });
  it('heads what is several; single ones stand first and bare, an emergency before them', () => {
    const two = [alarm({ id: 'l1' }), alarm({ id: 'l2' })];
    const rest = [alarm({ id: 'p', kind: 'promise_overdue' }), alarm({ id: 'sos', kind: 'emergency_button', severity: 'emergency' })];
    const groups = headed(grouped([...two, ...rest], 'kind', numberOf));
    expect(groups.map((g) => [g.title, g.alarms.map((a) => a.id)])).toEqual([['', ['sos', 'p']], ['en', ['l1', 'l2']]]);
  });
});

describe('what is heard', () => {
  it('each raising once, and nothing of the first picture', () => {
    const heard = new Heard();
    expect(heard.fresh([alarm()])).toEqual([]);
    expect(heard.fresh([alarm(), alarm({ id: 'b' })]).map((a) => a.id)).toEqual(['b']);
    expect(heard.fresh([alarm(), alarm({ id: 'b' })])).toEqual([]);
    expect(heard.fresh([alarm({ count: 2 })]).map((a) => a.count)).toEqual([2]);
  });
});
