import { describe, expect, it } from 'vitest';
import type { Major, Objective, RequestStatus, ResourceRequest, Statement } from '../../live/rows';
import { arranged, byLetter, counted, figure, inMinutes, majorOf, nextOf, sinceOf } from './crisis';

const part = (id: string, minute: number) => ({
  id, version: minute, major_id: 'm', at: `2026-11-22T03:${String(minute).padStart(2, '0')}:00Z`, by: { id: 'a', name: 'A' },
});
const said = (id: string, stated: number, written: number, counts: Statement['counts'] = null): Statement => ({
  ...part(id, written), item: 'statement', letter: 'number', stated_at: `2026-11-22T03:${String(stated).padStart(2, '0')}:00Z`, words: id, source: null, counts,
});
const request = (status: RequestStatus): ResourceRequest => ({
  ...part('r', 1), item: 'request', number: 1, capability: 'foam', count: 2, words: null, source: null, reason: null, needed_by: null, status,
  clocks: { requested: '2026-11-22T03:01:00Z', [status]: '2026-11-22T03:09:00Z' },
});
const goal = (id: string, priority: number, status: Objective['status'], minute = 1): Objective => ({
  ...part(id, minute), item: 'objective', words: id, owner: null, priority, status, due_at: null, settled_at: status === 'open' ? null : `2026-11-22T04:0${minute}:00Z`,
});

describe('a major incident', () => {
  it('lets the latest statement stand, by the time when it was so', () => {
    const stands = byLetter([said('late entry', 5, 30), said('newest', 20, 21), said('same time, later entry', 20, 22)]);
    expect(stands.get('number')?.map((s) => s.id)).toEqual(['same time, later entry', 'newest', 'late entry']);
    expect(stands.get('hazards')).toBeUndefined();
  });

  it('adds no source to another', () => {
    expect(counted([said('words', 1, 1), said('first', 2, 2, { p1: 3 }), said('second', 3, 3, { p1: 4 })]).map((s) => s.id)).toEqual(['second', 'first']);
  });

  it('puts what is still to be reached first', () => {
    const order = arranged([goal('met', 1, 'met', 2), goal('second', 2, 'open'), goal('dropped', 1, 'dropped', 5), goal('first', 1, 'open')]);
    expect(order.map((o) => o.id)).toEqual(['first', 'second', 'dropped', 'met']);
  });

  it('offers a request only what the server takes', () => {
    expect(nextOf(request('ordered'))).toEqual(['en_route', 'arrived', 'declined', 'cancelled']);
    expect(nextOf(request('arrived'))).toEqual([]);
    expect(nextOf(request('declined'))).toEqual([]);
    expect(sinceOf(request('ordered'))).toBe('2026-11-22T03:09:00Z');
  });

  it('is found by any of its incidents while it is open', () => {
    const major: Major = {
      id: 'm', version: 1, number: 1, name: null, state: 'open', incidents: [{ incident_id: 'i', number: 7 }, { incident_id: 'j', number: 8 }],
      declared_at: part('', 1).at, declared_by: { id: 'a', name: 'A' }, commander: null, stood_down_at: null, words: null,
    };
    expect(majorOf([major], 'j')).toBe(major);
    expect(majorOf([{ ...major, state: 'stood_down' }], 'j')).toBeUndefined();
    expect(majorOf([major], 'k')).toBeUndefined();
  });

  it('takes minutes and counts as people type them', () => {
    const now = Date.parse('2026-11-22T03:00:00Z');
    expect(inMinutes('90', now)).toBe('2026-11-22T04:30:00.000Z');
    expect(inMinutes(' ', now)).toBeUndefined();
    expect(inMinutes('soon', now)).toBeUndefined();
    expect([figure('12'), figure('0'), figure(''), figure('-1'), figure('a few')]).toEqual([12, 0, undefined, undefined, undefined]);
  });
});
