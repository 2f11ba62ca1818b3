import { describe, expect, it } from 'vitest';
import type { Incident, Priority } from '../../live/rows';
import { arrange, sectionOf, settle, type Place } from './queue';

const incident = (id: string, priority: Priority | null, minute: number): Incident => ({
  id, version: 1, number: minute, type: null, title: id, priority, state: 'open', area: null,
  opened_at: `2026-11-22T03:${String(minute).padStart(2, '0')}:00Z`, closed_at: null, disposition: null,
  clocks: {}, links: [], calls: 1, needs: [],
});
const ids = (places: Place[]) => places.map((p) => p.id);

describe('the queue', () => {
  it('puts priority first, then the oldest', () => {
    const places = arrange(
      [incident('young P2', 'P2', 9), incident('old P2', 'P2', 3), incident('P0', 'P0', 20), incident('P4', 'P4', 1)],
      () => 0,
    );
    expect(ids(places)).toEqual(['P0', 'old P2', 'young P2', 'P4']);
  });

  it('does not let an incident without a priority sink', () => {
    const places = arrange([incident('P2', 'P2', 1), incident('unknown', null, 9), incident('P1', 'P1', 2)], () => 0);
    expect(ids(places)).toEqual(['P1', 'unknown', 'P2']);
  });

  it('puts what waits for a unit before what is under way', () => {
    const places = arrange([incident('served', 'P0', 1), incident('waits', 'P3', 2)], (id) => (id === 'served' ? 1 : 0));
    expect(places).toEqual([{ id: 'waits', section: 'waiting' }, { id: 'served', section: 'underway' }]);
  });

  it('does not call waiting what only has to be closed', () => {
    const done = { ...incident('done', 'P1', 1), clocks: { clear: { at: '2026-11-22T03:30:00Z', source: 'automatic' as const } } };
    expect(sectionOf(done, 0)).toBe('closing');
    expect(sectionOf(incident('waits', 'P1', 1), 0)).toBe('waiting');
    expect(sectionOf(done, 1)).toBe('underway');
  });

  it('moves no row while a hand is on the list', () => {
    const shown: Place[] = [{ id: 'a', section: 'waiting' }, { id: 'b', section: 'waiting' }, { id: 'c', section: 'underway' }];
    const wanted: Place[] = [
      { id: 'new', section: 'waiting' }, { id: 'b', section: 'waiting' }, { id: 'a', section: 'underway' },
    ];
    expect(ids(settle(shown, wanted, true))).toEqual(['a', 'b', 'new', 'c']);
  });

  it('follows as soon as the hand leaves', () => {
    const wanted: Place[] = [{ id: 'b', section: 'waiting' }];
    expect(settle([{ id: 'a', section: 'waiting' }], wanted, false)).toEqual(wanted);
  });
});
