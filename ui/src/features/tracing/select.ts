/** One selection and one time brush, shared by graph, timeline, map and evidence: what is lit, and what is out of it. */

import { byText } from '../../kit/order';
import { first, last } from './days';
import { columnOf } from './layout';
import type { Day, Edge, Evidence, NodeKind, Schema, Workspace } from './rows';

export type Chosen = { kind: 'node' | 'edge' | 'leg'; id: string };

/** From the first day to the last, both included. */
export interface Brush {
  from: Day;
  to: Day;
}

export interface Lit {
  /** chosen itself */
  node: string | null;
  edge: string | null;
  leg: string | null;
  /** joined to what is chosen */
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  legs: ReadonlySet<string>;
}
export const NOTHING_LIT: Lit = { node: null, edge: null, leg: null, nodes: new Set(), edges: new Set(), legs: new Set() };

/** What the selection lights in every pane. */
export function litBy(work: Workspace, chosen: Chosen | null): Lit {
  if (!chosen) return NOTHING_LIT;
  if (chosen.kind === 'leg') {
    const leg = work.legs.find((l) => l.id === chosen.id);
    if (!leg) return NOTHING_LIT;
    return { ...NOTHING_LIT, leg: leg.id, nodes: new Set([leg.node]), legs: new Set([leg.id]) };
  }
  if (chosen.kind === 'edge') {
    const edge = work.edges.find((e) => e.id === chosen.id);
    if (!edge) return NOTHING_LIT;
    const nodes = new Set([edge.a, edge.b]);
    const legs = work.legs.filter((l) => nodes.has(l.node) && l.id === edge.via).map((l) => l.id);
    return { ...NOTHING_LIT, edge: edge.id, nodes, edges: new Set([edge.id]), legs: new Set(legs) };
  }
  if (!work.nodes.some((n) => n.id === chosen.id)) return NOTHING_LIT;
  const edges = work.edges.filter((e) => e.a === chosen.id || e.b === chosen.id);
  return {
    node: chosen.id, edge: null, leg: null,
    nodes: new Set(edges.flatMap((e) => [e.a, e.b])),
    edges: new Set(edges.map((e) => e.id)),
    legs: new Set(work.legs.filter((l) => l.node === chosen.id).map((l) => l.id)),
  };
}

/** Whether something that lasted from `from` to `to` touches the brush; null where no day is known. */
export function touches(brush: Brush, from: Day | null, to: Day | null): boolean | null {
  const begin = first(from ?? to);
  const end = last(to ?? from);
  if (begin === null || end === null) return null;
  return begin <= last(brush.to)! && end >= first(brush.from)!;
}

export interface Outside {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  legs: ReadonlySet<string>;
  times: ReadonlySet<string>;
}
export const NOTHING_OUT: Outside = { nodes: new Set(), edges: new Set(), legs: new Set(), times: new Set() };

/** What the brush leaves aside: whatever has a known day, and none of its days within it. A node is known by its own
 *  day, by the times and legs that are told of it, and by its links; what has no day at all stays. */
export function outside(work: Workspace, brush: Brush | null): Outside {
  if (!brush) return NOTHING_OUT;
  const times = new Set<string>();
  const told = new Map<string, boolean>();
  const tell = (id: string, within: boolean | null) => {
    if (within !== null) told.set(id, (told.get(id) ?? false) || within);
  };
  for (const time of work.times) {
    const within = touches(brush, time.from ?? time.from_latest, time.to_latest ?? time.to ?? (time.kind === 'span' ? brush.to : (time.from_latest ?? time.from)));
    if (within === false) times.add(time.id);
    tell(time.node, within);
  }
  const edges = new Set<string>();
  for (const edge of work.edges) {
    const within = touches(brush, edge.on, edge.until);
    if (within === false) edges.add(edge.id);
    tell(edge.a, within);
    tell(edge.b, within);
  }
  const legs = new Set<string>();
  for (const leg of work.legs) {
    const within = touches(brush, leg.on, leg.until);
    if (within === false) legs.add(leg.id);
    tell(leg.node, within);
  }
  // A link without a day is as old as what it leads to: a firearm found within the brush stays.
  const own = new Map(work.nodes.map((n) => [n.id, touches(brush, n.date, n.date)]));
  for (const edge of work.edges) {
    if (edge.on !== null || edge.until !== null) continue;
    if (own.get(edge.b)) tell(edge.a, true);
    if (own.get(edge.a)) tell(edge.b, true);
  }
  const nodes = new Set<string>();
  for (const node of work.nodes) {
    if (node.id !== work.root && !told.get(node.id) && (own.get(node.id) ?? told.get(node.id)) === false) nodes.add(node.id);
  }
  return { nodes, edges, legs, times };
}

const STRENGTH: Record<Evidence, number> = { confirmed: 0, evidenced: 1, lead: 2, inferred: 3, excluded: 4 };

/** The links of a node as they are walked: what a document says first, then by certainty, kind by kind, then by day. */
export function edgesOf(work: Workspace, node: string): Edge[] {
  return work.edges
    .filter((e) => e.a === node || e.b === node)
    .toSorted((a, b) => STRENGTH[a.evidence] - STRENGTH[b.evidence] || (b.confidence ?? 1) - (a.confidence ?? 1) || byText(a.kind, b.kind) || byText(a.on ?? '9', b.on ?? '9') || byText(a.id, b.id));
}

/** The link after (or before) the one in hand, around the ring; the first (or last) where none is. */
export function step(edges: readonly Edge[], now: string | null, by: 1 | -1): Edge | null {
  if (!edges.length) return null;
  const at = edges.findIndex((e) => e.id === now);
  if (at < 0) return edges.at(by === 1 ? 0 : -1)!;
  return edges[(at + by + edges.length) % edges.length]!;
}

/** A chosen thing that is still there after rows came anew; else the node that an edge hung on, else nothing. */
export function still(work: Workspace, chosen: Chosen | null, anchor: string | null): Chosen | null {
  if (!chosen) return null;
  const list: readonly { id: string }[] = chosen.kind === 'node' ? work.nodes : chosen.kind === 'edge' ? work.edges : work.legs;
  if (list.some((one) => one.id === chosen.id)) return chosen;
  return anchor && work.nodes.some((n) => n.id === anchor) ? { kind: 'node', id: anchor } : null;
}

/** The two ends in the order in which the words of its kind name them: the seller before the buyer. */
export function inOrder(edge: Pick<Edge, 'a' | 'b' | 'kind'>, kindOf: (id: string) => NodeKind | undefined, schema: Schema | null): readonly [string, string] {
  const [via = '', from = '', to] = edge.kind.split('.');
  const of = (prop: string): readonly string[] => schema?.[via]?.props[prop]?.of ?? [];
  const [first_, second] = to === undefined ? [[via], of(from)] : [of(from), of(to)];
  const [a, b] = [kindOf(edge.a), kindOf(edge.b)];
  if (!a || !b) return [edge.a, edge.b];
  const fits = (x: string, y: string) => first_.includes(x) && second.includes(y);
  // Where either could be first, the one that stands farther left is: a dealer sells to a person.
  const swap = fits(a, b) === fits(b, a) ? first_.length > 0 && columnOf(b) < columnOf(a) : fits(b, a);
  return swap ? [edge.b, edge.a] : [edge.a, edge.b];
}
