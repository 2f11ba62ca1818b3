import { describe, expect, it } from 'vitest';
import type { Handover, HandoverLine } from '../../live/rows';
import { following, mayTake, mine, sections } from './handover';

const line = (n: number, given: Partial<HandoverLine> = {}): HandoverLine => ({
  n, section: 'incidents', code: 'incident_waiting', about: `incident/${n}`, since: null, place: String(n), facts: {}, rev: 1,
  state: 'open', changed: false, fresh: false, gone: false, acknowledged_at: null, remark: null, question: null, answer: null, ...given,
});
const handover = (given: Partial<Handover> = {}): Handover => ({
  id: 'h1', version: 1, post: 'Plas 2', state: 'offered', outgoing: { id: 'pierre', name: 'Pierre', role: 'dispatcher' }, incoming: null,
  to: null, started_at: '', offered_at: null, taken_at: null, ended_at: null, signatures: [], settled: 0, lines: [], ...given,
});

describe('a hand-over', () => {
  it('reads in the order of the centre, and says what is left of each section', () => {
    const found = sections(
      [line(1, { section: 'units' }), line(2, { place: 'P1' }), line(3, { place: 'P0', state: 'acknowledged' }), line(4, { section: 'own' })],
      ['incidents', 'units'],
    );
    expect(found.map((s) => [s.code, s.lines.map((l) => l.n), s.settled])).toEqual([['incidents', [3, 2], 1], ['units', [1], 0], ['own', [4], 0]]);
  });

  it('goes on to the next line that waits, round to the first one', () => {
    const lines = [line(1), line(2, { state: 'acknowledged' }), line(3)];
    expect(following(lines, 1)).toBe(3);
    expect(following(lines, 3)).toBe(1);
    expect(following([line(1, { state: 'acknowledged' }), line(2, { state: 'acknowledged' })], 1)).toBe(2);
    expect(following([], null)).toBe(null);
  });

  it('is taken by another of the same or a higher role', () => {
    expect(mayTake(handover(), { id: 'rose', role: 'dispatcher' })).toBe(true);
    expect(mayTake(handover(), { id: 'chef', role: 'commander' })).toBe(true);
    expect(mayTake(handover(), { id: 'pierre', role: 'dispatcher' })).toBe(false);
    expect(mayTake(handover(), { id: 'mari', role: 'call_taker' })).toBe(false);
    expect(mayTake(handover({ to: 'chef' }), { id: 'rose', role: 'dispatcher' })).toBe(false);
    expect(mayTake(handover({ state: 'draft' }), { id: 'rose', role: 'dispatcher' })).toBe(false);
  });

  it('that is one’s own comes before one that one may take', () => {
    const own = handover({ id: 'h2', outgoing: { id: 'rose', name: 'Rose', role: 'dispatcher' }, state: 'draft' });
    expect(mine([handover(), own], { id: 'rose', role: 'dispatcher' })?.id).toBe('h2');
    expect(mine([own, handover()], { id: 'jan', role: 'dispatcher' })?.id).toBe('h1');
    expect(mine([], { id: 'jan', role: 'dispatcher' })).toBeUndefined();
  });
});
