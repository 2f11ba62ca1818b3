import { describe, expect, it } from 'vitest';
import { GONE_ROWS_MAX, Store, type Push } from './store';

const row = (kind: string, id: string, version: number, more: object = {}): Push => ({
  kind, id, version, row: { id, version, ...more },
});
const gone = (kind: string, id: string, version: number): Push => ({ kind, id, version, row: null });
const all = (store: Store) =>
  ['unit', 'incident'].map((kind) => store.rows<{ id: string }>(kind).sort((a, b) => a.id.localeCompare(b.id)));

/** A small repeatable source of chance. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('the picture', () => {
  it('after a snapshot and pushes equals a fresh snapshot', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const roll = dice(seed);
      const truth = new Map<string, Push>();
      const store = new Store();
      let seq = 0;
      const change = (): Push => {
        seq += 1;
        const kind = roll(2) ? 'unit' : 'incident';
        const id = `r${roll(8)}`;
        const push = roll(4) === 0 ? gone(kind, id, seq) : row(kind, id, seq, { value: roll(100) });
        truth.set(`${kind}/${id}`, push);
        return push;
      };
      for (let i = 0; i < 20; i += 1) change();
      store.restart();
      store.apply([...truth.values()].filter((p) => p.row), seq);
      store.reached(seq);
      for (let frame = 0; frame < 30; frame += 1) {
        const pushes = Array.from({ length: 1 + roll(4) }, change);
        store.apply(pushes, seq);
        if (roll(3) === 0) store.apply(pushes, seq); // the same frame again after a resumed cut
      }
      const fresh = new Store();
      fresh.restart();
      fresh.apply([...truth.values()].filter((p) => p.row), seq);
      expect(all(store)).toEqual(all(fresh));
      expect(store.resumeFrom).toBe(seq);
    }
  });

  it('keeps the newer version whatever the order of arrival', () => {
    const store = new Store();
    store.apply([row('unit', 'm21', 9, { state: 'en_route' })], 9);
    store.apply([row('unit', 'm21', 7, { state: 'assigned' })], 9);
    expect(store.get('unit', 'm21')).toMatchObject({ version: 9, state: 'en_route' });
  });

  it('does not bring back a row whose end it has seen', () => {
    const store = new Store();
    store.apply([gone('incident', 'a', 12)], 12);
    store.apply([row('incident', 'a', 11)], 12);
    expect(store.rows('incident')).toEqual([]);
  });

  it('takes a row again when it comes back newer', () => {
    const store = new Store();
    store.apply([gone('incident', 'a', 12)], 12);
    store.apply([row('incident', 'a', 13)], 13);
    expect(store.rows('incident')).toHaveLength(1);
  });

  it('never looks empty between two snapshots', () => {
    const store = new Store();
    store.apply([row('unit', 'a', 3), row('unit', 'b', 3)], 3);
    store.reached(3);
    store.restart();
    expect(store.rows('unit')).toHaveLength(2);
    store.apply([row('unit', 'b', 1)], 1); // a restored server may count from lower
    expect(store.rows<{ id: string }>('unit').map((r) => r.id)).toEqual(['b']);
  });

  it('shows a snapshot only when all of it is here, with what was answered meanwhile', () => {
    const store = new Store();
    store.apply([row('unit', 'a', 3), row('alarm', 'x', 3)], 3);
    store.reached(3);
    store.restart(9);
    store.apply([row('unit', 'a', 8)], 3);
    expect([store.rows('unit').length, store.rows('alarm').length]).toEqual([1, 1]);
    expect(store.get('unit', 'a')).toMatchObject({ version: 3 });
    store.put('unit', { id: 'b', version: 10 });
    store.apply([row('alarm', 'y', 7)], 9);
    expect(store.rows<{ id: string }>('unit').map((r) => r.id)).toEqual(['a', 'b']);
    expect(store.rows<{ id: string }>('alarm').map((r) => r.id)).toEqual(['y']);
  });

  it('clears for a snapshot that holds nothing', () => {
    const store = new Store();
    store.apply([row('unit', 'a', 3)], 3);
    store.restart();
    store.reached(5);
    expect(store.rows('unit')).toEqual([]);
  });

  it('does not resume from inside a snapshot that was cut short', () => {
    const store = new Store();
    store.restart();
    store.apply([row('unit', 'a', 3)], 40);
    expect(store.resumeFrom).toBeNull();
    store.reached(40);
    expect(store.resumeFrom).toBe(40);
  });

  it('shows the answer to a command before its push, and survives the push', () => {
    const store = new Store();
    store.put('incident', { id: 'a', version: 20 });
    store.apply([row('incident', 'a', 20, { title: 'pushed' })], 20);
    expect(store.get('incident', 'a')).toMatchObject({ title: 'pushed' });
  });

  it('tells only the kinds that changed', () => {
    const store = new Store();
    const heard: string[][] = [];
    store.onChange((kinds) => heard.push([...kinds]));
    store.apply([row('unit', 'a', 2)], 2);
    store.apply([row('unit', 'a', 1)], 2);
    expect(heard).toEqual([['unit']]);
  });

  it('remembers a bounded number of ends', () => {
    const store = new Store();
    const ends = Array.from({ length: GONE_ROWS_MAX + 50 }, (_, i) => gone('call', `c${i}`, i + 1));
    store.apply(ends, ends.length);
    store.apply([row('call', 'c0', 0)], ends.length);
    store.apply([row('call', `c${ends.length - 1}`, 0)], ends.length);
    expect(store.rows<{ id: string }>('call').map((r) => r.id)).toEqual(['c0']);
  });
});
