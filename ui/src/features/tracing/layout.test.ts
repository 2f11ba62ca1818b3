import { describe, expect, it } from 'vitest';
import { along, boxOf, bundle, cut, densityFor, label, layOut, meets, pathOf, spread, type Layout } from './layout';
import type { Edge, Node, NodeKind } from './rows';

/** A small generator of chance (mulberry32), so that each run sees the same graphs. */
function chance(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const node = (id: string, kind: NodeKind): Node => ({ id, kind, ref: id.toUpperCase(), title: '', detail: '', code: null, date: null, sealed: kind === 'person', folded: null, more: 0, network: null });
const edge = (a: string, b: string, id = `${a}-${b}`): Edge => ({ id, a, b, kind: 'k', via: null, evidence: 'evidenced', confidence: null, on: null, until: null });

/** One network: dealers sell to persons, who buy firearms, which travel and are found. */
function graph(seed: number, guns: number): { nodes: Node[]; edges: Edge[] } {
  const next = chance(seed);
  const pick = (n: number) => Math.floor(next() * n);
  const nodes: Node[] = [];
  const edges: Edge[] = [];
  const [dealers, persons, loads, finds] = [1 + Math.ceil(guns / 12), 1 + Math.ceil(guns / 6), 1 + Math.ceil(guns / 8), 1 + Math.ceil(guns / 5)];
  for (let i = 0; i < dealers; i += 1) nodes.push(node(`d${i}`, 'dealer'));
  for (let i = 0; i < persons; i += 1) nodes.push(node(`p${i}`, 'person'));
  for (let i = 0; i < loads; i += 1) nodes.push(node(`c${i}`, 'consignment'));
  for (let i = 0; i < finds; i += 1) nodes.push(node(`r${i}`, 'recovery'));
  nodes.push(node('l0', 'port'), node('a0', 'contact'));
  edges.push(edge('c0', 'l0'), edge('p0', 'a0'));
  for (let i = 0; i < guns; i += 1) {
    nodes.push(node(`f${i}`, i % 9 === 8 ? 'materiel' : 'firearm'));
    const [p, c, r] = [`p${pick(persons)}`, `c${pick(loads)}`, `r${pick(finds)}`];
    edges.push(edge(p, `f${i}`), edge(`f${i}`, r));
    if (next() < 0.5) edges.push(edge(`f${i}`, c));
    if (next() < 0.3) edges.push(edge(`d${pick(dealers)}`, `f${i}`));
    if (i > 0 && next() < 0.2) edges.push(edge(`f${i}`, `f${pick(i)}`, `b${i}`));
  }
  for (let i = 0; i < persons; i += 1) edges.push(edge(`d${pick(dealers)}`, `p${i}`));
  return { nodes, edges };
}
const rows = (layout: Layout, nodes: readonly Node[]) => {
  const by = new Map<number, { id: string; y: number }[]>();
  for (const n of nodes) {
    const s = layout.spots.get(n.id)!;
    by.set(s.column, [...(by.get(s.column) ?? []), { id: n.id, y: s.y }]);
  }
  return [...by.entries()].sort(([a], [b]) => a - b).map(([, list]) => list.sort((a, b) => a.y - b.y).map((one) => one.id));
};

describe('the drawing of a network', () => {
  it('is the same for the same rows, in whatever order they come', () => {
    const { nodes, edges } = graph(7, 30);
    const one = layOut(nodes, edges, 560, 480);
    const other = layOut(nodes.toReversed(), edges.toReversed(), 560, 480);
    expect([...other.spots.entries()].sort()).toEqual([...one.spots.entries()].sort());
    expect(pathOf(other.lines.get('p0-a0')!)).toBe(pathOf(one.lines.get('p0-a0')!));
  });

  it('has a column for each kind that is there, dealers first, recoveries last', () => {
    const { nodes, edges } = graph(1, 5);
    const drawn = layOut(nodes, edges, 560, 480);
    expect(drawn.columns.map((c) => c.kind)).toEqual(['dealer', 'person', 'firearm', 'consignment', 'recovery']);
    expect(drawn.spots.get('a0')!.column).toBe(drawn.spots.get('p0')!.column);
    expect(drawn.spots.get('l0')!.column).toBe(drawn.spots.get('c0')!.column);
    const few = layOut([node('f1', 'firearm'), node('r1', 'recovery')], [edge('f1', 'r1')], 560, 480);
    expect(few.columns.map((c) => c.kind)).toEqual(['firearm', 'recovery']);
    expect(few.spots.get('f1')!.y).toBe(few.spots.get('r1')!.y);
  });

  it.each([3, 8, 14, 40, 90, 130])('lays no mark or word over another, with %i firearms', (guns) => {
    for (const seed of [1, 2, 3]) {
      const { nodes, edges } = graph(seed, guns);
      const drawn = layOut(nodes, edges, 560, 480);
      const boxes = nodes.map((n) => boxOf(drawn.spots.get(n.id)!, drawn.density, drawn.pitch, cut('MMMMMMMMMMMMMMMMMMMMMMMM', drawn.pitch - 8)));
      for (const [i, a] of boxes.entries()) {
        expect(a.top).toBeGreaterThanOrEqual(0);
        expect(a.bottom).toBeLessThanOrEqual(drawn.height);
        for (const b of boxes.slice(i + 1)) expect(meets(a, b)).toBe(false);
      }
    }
  });

  it('stands close only where it must', () => {
    expect(densityFor([3, 4], 480)).toBe('wide');
    expect(densityFor([3, 9], 480)).toBe('close');
    expect(densityFor([3, 60], 480)).toBe('dense');
  });

  it('keeps what stands in its order and nearly in its place when rows are added step by step', () => {
    const { nodes, edges } = graph(11, 36);
    const order = [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1));
    let drawn: Layout | undefined;
    let stood: Node[] = [];
    for (const count of [12, 20, 31, order.length]) {
      const shown = order.slice(0, count);
      const ids = new Set(shown.map((n) => n.id));
      const links = edges.filter((e) => ids.has(e.a) && ids.has(e.b));
      const next = layOut(shown, links, 560, 2_400, drawn);
      if (drawn) {
        const was = rows(drawn, stood);
        const now = rows(next, stood);
        expect(now.filter((list) => list.length)).toEqual(was.filter((list) => list.length));
      }
      drawn = next;
      stood = shown;
    }
    const again = layOut(order, edges, 560, 2_400, drawn);
    for (const n of order) expect(Math.abs(again.spots.get(n.id)!.y - drawn!.spots.get(n.id)!.y)).toBeLessThan(24);
  });

  it('untangles: purchases side by side do not cross', () => {
    const nodes = [node('p1', 'person'), node('p2', 'person'), ...['f1', 'f2', 'f3', 'f4'].map((id) => node(id, 'firearm'))];
    const drawn = layOut(nodes, [edge('p1', 'f2'), edge('p1', 'f4'), edge('p2', 'f1'), edge('p2', 'f3')], 560, 480);
    const [persons, guns] = rows(drawn, nodes);
    const half = guns!.slice(0, 2).sort();
    expect(half).toEqual(persons![0] === 'p1' ? ['f2', 'f4'] : ['f1', 'f3']);
  });

  it('draws several links between the same two side by side', () => {
    const drawn = layOut([node('f1', 'firearm'), node('r1', 'recovery')], [edge('f1', 'r1', 'one'), edge('f1', 'r1', 'two')], 560, 480);
    expect(along(drawn.lines.get('one')!, 0.5).y).not.toBe(along(drawn.lines.get('two')!, 0.5).y);
  });

  it('draws links that say the same as one, and others apart', () => {
    const sale = (id: string, on: string): Edge => ({ ...edge('d', 'p', id), kind: 'acquisition.seller.buyer', on });
    const found = bundle([sale('2', '2024-05-01'), sale('1', '2024-03-09'), { ...edge('p', 'd', '3'), kind: 'address', evidence: 'inferred' }]);
    expect(found.map((b) => [b.id, b.edges.length])).toEqual([['3', 1], ['1', 2]]);
  });
});

describe('values that keep their distance', () => {
  it('stay where they want to be while there is room', () => {
    expect(spread([0, 50, 100], [0, 20, 20], [1, 1, 1])).toEqual([0, 50, 100]);
  });
  it('share what room there is, the heavier ones moving less', () => {
    expect(spread([10, 10], [0, 20], [1, 1])).toEqual([0, 20]);
    expect(spread([10, 10], [0, 20], [3, 1])).toEqual([5, 25]);
  });
  it('never stand closer than they may, nor out of order', () => {
    const next = chance(3);
    for (let run = 0; run < 200; run += 1) {
      const n = 1 + Math.floor(next() * 20);
      const wanted = Array.from({ length: n }, () => next() * 500);
      const apart = Array.from({ length: n }, () => next() * 40);
      const found = spread(wanted, apart, Array.from({ length: n }, () => 0.5 + next() * 12));
      for (let i = 1; i < n; i += 1) expect(found[i]! - found[i - 1]!).toBeGreaterThanOrEqual(apart[i]! - 1e-6);
    }
  });
});

describe('words on lines', () => {
  it('lie over nothing, and are left out where there is no room', () => {
    const { nodes, edges } = graph(2, 12);
    const drawn = layOut(nodes, edges, 560, 480);
    const marks = nodes.map((n) => boxOf(drawn.spots.get(n.id)!, drawn.density, drawn.pitch, n.ref));
    const wanted = edges.map((e) => ({ line: drawn.lines.get(e.id)!, text: '0.71' }));
    const found = label(wanted, marks, drawn);
    expect(found.size).toBeGreaterThan(3);
    const boxes = [...found.values()].map((at) => ({ left: at.x - 14, right: at.x + 14, top: at.y - 7, bottom: at.y + 7 }));
    for (const [i, a] of boxes.entries()) for (const b of [...marks, ...boxes.slice(i + 1)]) expect(meets(a, b)).toBe(false);
    expect(label([{ line: drawn.lines.get(edges[0]!.id)!, text: 'x'.repeat(300) }], marks, drawn).size).toBe(0);
  });
  it('are cut where they are too long', () => {
    expect(cut('Port-au-Prince', 200)).toBe('Port-au-Prince');
    expect(cut('Port-au-Prince', 50)).toBe('Port-au…');
  });
});
