import { describe, expect, it } from 'vitest';
import type { Edge, Leg, Node, NodeKind, Schema, Time, Workspace } from './rows';
import { edgesOf, inOrder, litBy, outside, step, still, touches } from './select';

const node = (id: string, more: Partial<Node> = {}): Node => ({ id, kind: 'firearm', ref: id, title: '', detail: '', code: null, date: null, sealed: false, folded: null, more: 0, network: null, ...more });
const edge = (id: string, a: string, b: string, more: Partial<Edge> = {}): Edge => ({ id, a, b, kind: 'k', via: null, evidence: 'evidenced', confidence: null, on: null, until: null, ...more });
const time = (id: string, of: string, from: string, more: Partial<Time> = {}): Time => ({ id, node: of, lane: 'sale', title: '', from, to: null, from_latest: null, to_latest: null, kind: 'point', count: 1, ...more });
const port = { code: 'USMIA', name: 'Miami', lat: 25.8, lon: -80.2 };
const leg = (id: string, of: string, on: string, until: string): Leg => ({ id, node: of, from: port, to: port, evidence: 'evidenced', confidence: null, on, until });
const work: Workspace = {
  root: 'r1',
  nodes: [node('d1'), node('p1'), node('f1'), node('f2'), node('c1'), node('r1', { date: '2024-07-10' }), node('r2', { date: '2024-11-04' })],
  edges: [
    edge('e1', 'p1', 'f1', { on: '2024-03-09' }), edge('e2', 'f1', 'c1', { evidence: 'inferred', confidence: 0.58 }), edge('e3', 'f1', 'r1'), edge('e4', 'f2', 'r2', { on: '2024-11-04' }),
    edge('e5', 'f1', 'c1', { evidence: 'inferred', confidence: 0.71 }), edge('e6', 'c1', 'r1', { via: 'leg1' }),
  ],
  times: [time('t1', 'f1', '2024-03-09'), time('t2', 'r2', '2024-11-04', { lane: 'recovery' }), time('t3', 'r1', '2024-08-17', { lane: 'request', kind: 'span' })],
  legs: [leg('leg1', 'c1', '2024-05-01', '2024-06-02'), leg('leg2', 'c1', '2024-10-20', '2024-11-01')],
  sites: [], shown: 6, total: 61, synthetic: true,
};
const list = (set: ReadonlySet<string>) => [...set].sort();

describe('the one selection', () => {
  it('of a node lights its links, what they lead to, and its legs', () => {
    const lit = litBy(work, { kind: 'node', id: 'c1' });
    expect([list(lit.edges), list(lit.nodes), list(lit.legs)]).toEqual([['e2', 'e5', 'e6'], ['c1', 'f1', 'r1'], ['leg1', 'leg2']]);
  });
  it('of a link lights its two ends, and the leg that it is', () => {
    const lit = litBy(work, { kind: 'edge', id: 'e6' });
    expect([lit.edge, lit.node, list(lit.nodes), list(lit.legs)]).toEqual(['e6', null, ['c1', 'r1'], ['leg1']]);
  });
  it('of a leg lights its consignment', () => {
    expect(list(litBy(work, { kind: 'leg', id: 'leg2' }).nodes)).toEqual(['c1']);
  });
  it('of something that is gone lights nothing, and goes back to what it hung on', () => {
    expect(litBy(work, { kind: 'edge', id: 'gone' }).edge).toBeNull();
    expect(still(work, { kind: 'edge', id: 'gone' }, 'f1')).toEqual({ kind: 'node', id: 'f1' });
    expect(still(work, { kind: 'edge', id: 'gone' }, 'gone')).toBeNull();
    expect(still(work, { kind: 'edge', id: 'e1' }, null)).toEqual({ kind: 'edge', id: 'e1' });
  });
  it('walks the links of a node, what a document says first, around and back', () => {
    const edges = edgesOf(work, 'f1');
    expect(edges.map((e) => e.id)).toEqual(['e1', 'e3', 'e5', 'e2']);
    expect(step(edges, null, 1)!.id).toBe('e1');
    expect(step(edges, 'e2', 1)!.id).toBe('e1');
    expect(step(edges, 'e1', -1)!.id).toBe('e2');
    expect(step([], null, 1)).toBeNull();
  });
});

describe('a link in words', () => {
  const prop = (...of: string[]) => ({ type: 'entity' as const, labels: {}, of, table: '', needed: false, many: false });
  const kind = (props: Record<string, ReturnType<typeof prop>>) => ({ letter: 'X', node: false, labels: {}, props });
  const schema: Schema = { acquisition: kind({ seller: prop('dealer', 'person'), buyer: prop('person', 'dealer'), firearm: prop('firearm') }), firearm: kind({ recovery: prop('recovery') }) };
  const kinds: Record<string, NodeKind> = { d: 'dealer', p: 'person', f: 'firearm', r: 'recovery' };
  const order = (a: string, b: string, of: string) => inOrder({ a, b, kind: of }, (id) => kinds[id], schema);
  it('names first whom its words name first, however it came', () => {
    expect(order('f', 'p', 'acquisition.buyer.firearm')).toEqual(['p', 'f']);
    expect(order('p', 'f', 'acquisition.buyer.firearm')).toEqual(['p', 'f']);
    expect(order('r', 'f', 'firearm.recovery')).toEqual(['f', 'r']);
    expect(order('p', 'd', 'acquisition.seller.buyer')).toEqual(['d', 'p']);
    expect(order('x', 'y', 'co_purchase')).toEqual(['x', 'y']);
  });
});

describe('the brush', () => {
  const summer = { from: '2024-05-15', to: '2024-08-01' };
  it('holds what touches it with a day', () => {
    expect(touches(summer, '2024-05-01', '2024-05-15')).toBe(true);
    expect(touches(summer, '2024-08-02', null)).toBe(false);
    expect(touches(summer, '2024', null)).toBe(true);
    expect(touches(summer, null, null)).toBeNull();
  });
  it('leaves aside what lies outside it, in every pane', () => {
    const out = outside(work, summer);
    expect([list(out.nodes), list(out.edges), list(out.legs), list(out.times)]).toEqual([['f2', 'p1', 'r2'], ['e1', 'e4'], ['leg2'], ['t1', 't2', 't3']]);
    expect(out.nodes.has('r2')).toBe(true);
    expect(out.nodes.has('c1')).toBe(false);
  });
  it('never leaves aside where the work began, nor what has no day', () => {
    const out = outside(work, { from: '2019-01-01', to: '2019-12-31' });
    expect(out.nodes.has('r1')).toBe(false);
    expect(out.nodes.has('d1')).toBe(false);
    expect(out.edges.has('e3')).toBe(false);
  });
  it('that is not there leaves nothing aside', () => {
    expect(outside(work, null).nodes.size).toBe(0);
  });
  it('keeps what goes on until today', () => {
    expect(outside(work, { from: '2024-12-01', to: '2024-12-31' }).times.has('t3')).toBe(false);
  });
});
