/** A layered drawing of who is joined to whom: dealer, purchaser, firearm, consignment, recovery from left to right.
 *  Deterministic: the same rows give the same picture, and rows that are added later leave what stands in its order. */

import { byText } from '../../kit/order';
import type { Edge, Node, NodeKind } from './rows';

/** What stands in a column of its own; contacts stand with the persons, ports with the consignments. */
export const COLUMNS = ['dealer', 'person', 'firearm', 'consignment', 'recovery'] as const;
export type Column = (typeof COLUMNS)[number];
const COLUMN_OF: Record<NodeKind, number> = { dealer: 0, person: 1, contact: 1, firearm: 2, materiel: 2, consignment: 3, port: 3, recovery: 4 };

/** In which column a thing stands, from the left. */
export const columnOf = (kind: NodeKind): number => COLUMN_OF[kind];

/** How close rows stand: under each mark two lines, one line, or a line beside it. */
export type Density = 'wide' | 'close' | 'dense';
interface Measure { above: number; below: number; half: number; lane: number }
/** In pixels: from a mark's middle to its upper and lower end with its words, and the mark's own half width; `lane` is
 *  what a line takes that passes between two marks. */
export const MEASURES: Record<Density, Measure> = {
  wide: { above: 19, below: 47, half: 17, lane: 5 },
  close: { above: 14, below: 28, half: 13, lane: 4 },
  dense: { above: 10, below: 10, half: 7, lane: 3 },
};
const GAP_PX = 6;
export const HEAD_PX = 12;
export const FOOT_PX = 26;
const COLUMN_PX_MIN = 92;
const SWEEPS = 12;
const SETTLES = 6;
/** How much harder what stood already holds its place than its neighbours pull. */
const HELD = 60;

/** Links between the same two that say the same, drawn as one line. */
export interface Bundle extends Pick<Edge, 'id' | 'a' | 'b' | 'kind' | 'evidence' | 'confidence'> {
  /** in the order of their days */
  edges: readonly Edge[];
}

/** Ten sales of one dealer to one buyer are one line with a ten on it. A bundle goes by the id of its first link. */
export function bundle(edges: readonly Edge[]): Bundle[] {
  const found = new Map<string, Edge[]>();
  for (const e of edges.toSorted((x, y) => byText(x.on ?? '', y.on ?? '') || byText(x.id, y.id))) {
    const key = `${e.a < e.b ? `${e.a} ${e.b}` : `${e.b} ${e.a}`} ${e.kind} ${e.evidence}`;
    const held = found.get(key);
    if (held) held.push(e);
    else found.set(key, [e]);
  }
  return [...found.values()].map((list) => ({ id: list[0]!.id, a: list[0]!.a, b: list[0]!.b, kind: list[0]!.kind, evidence: list[0]!.evidence, confidence: list[0]!.confidence, edges: list }));
}

export interface Spot {
  x: number;
  y: number;
  column: number;
}
export interface Line {
  id: string;
  /** from left to right */
  points: { x: number; y: number }[];
  /** the same column at both ends: drawn as a bow beside it */
  bow: boolean;
}
export interface Layout {
  columns: { kind: Column; x: number }[];
  spots: Map<string, Spot>;
  lines: Map<string, Line>;
  /** where long lines pass the columns between their ends, by a key of their own */
  lanes: Map<string, number>;
  density: Density;
  /** pixels between two columns */
  pitch: number;
  width: number;
  height: number;
}

type Joined = Pick<Edge, 'id' | 'a' | 'b'>;
/** A mark, or the place where a long line passes a column between two marks. */
interface Cell {
  key: string;
  node: string | null;
  column: number;
  left: Cell[];
  right: Cell[];
  y: number;
  /** where it stood before, if it did */
  held: number | null;
}

/** The row height that lets the fullest column stand in `height`; the closest where none does. */
export function densityFor(counts: readonly number[], height: number): Density {
  const most = Math.max(1, ...counts);
  const fits = (d: Density) => most * (MEASURES[d].above + MEASURES[d].below + GAP_PX) + HEAD_PX + FOOT_PX <= height;
  return fits('wide') ? 'wide' : fits('close') ? 'close' : 'dense';
}

/**
 * Values as near as may be to `wanted` (by least squares, weighted) that keep their order and stand at least `apart[i]`
 * from the one before: isotonic regression by pooling of neighbours.
 */
export function spread(wanted: readonly number[], apart: readonly number[], weights: readonly number[]): number[] {
  const offset: number[] = [];
  let sum = 0;
  for (let i = 0; i < wanted.length; i += 1) offset.push((sum += i === 0 ? 0 : apart[i]!));
  const pools: { mean: number; weight: number; count: number }[] = [];
  for (let i = 0; i < wanted.length; i += 1) {
    let pool = { mean: wanted[i]! - offset[i]!, weight: weights[i]!, count: 1 };
    for (let last = pools.at(-1); last && last.mean > pool.mean; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      pool = { mean: (last.mean * last.weight + pool.mean * pool.weight) / weight, weight, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => Array<number>(pool.count).fill(pool.mean)).map((value, i) => value + offset[i]!);
}

/** How many pairs of lines cross between two neighbouring columns that stand in this order. */
export function crossings(left: readonly Cell[], right: readonly Cell[]): number {
  const at = new Map(right.map((cell, i) => [cell, i]));
  const ends = left.flatMap((cell) => cell.right.map((to) => at.get(to)!).sort((a, b) => a - b));
  // Pairs out of order, counted with a tree of sums.
  const tree = new Array<number>(right.length + 1).fill(0);
  let crossed = 0;
  ends.forEach((end, seen) => {
    let before = 0;
    for (let i = end + 1; i > 0; i -= i & -i) before += tree[i]!;
    crossed += seen - before;
    for (let i = end + 1; i <= right.length; i += i & -i) tree[i]! += 1;
  });
  return crossed;
}

interface Drawn { cells: Cell[][]; chains: Map<string, Cell[]>; of: Map<string, Cell> }

/** Cells by column; a line over several columns has a cell in each that it passes. */
function build(nodes: readonly Node[], edges: readonly Joined[], present: readonly number[], before: Layout | undefined): Drawn {
  const place = new Map(present.map((column, i) => [column, i]));
  const cells: Cell[][] = present.map(() => []);
  const of = new Map<string, Cell>();
  for (const node of nodes) {
    const column = place.get(COLUMN_OF[node.kind])!;
    const cell: Cell = { key: node.id, node: node.id, column, left: [], right: [], y: 0, held: before?.spots.get(node.id)?.y ?? null };
    cells[column]!.push(cell);
    of.set(node.id, cell);
  }
  const chains = new Map<string, Cell[]>();
  // Several links between the same two go the same way.
  const ways = new Map<string, Cell[]>();
  for (const edge of edges) {
    const [a, b] = [of.get(edge.a), of.get(edge.b)];
    if (!a || !b || a === b) continue;
    const [from, to] = a.column < b.column || (a.column === b.column && byText(a.key, b.key) < 0) ? [a, b] : [b, a];
    const way = `${from.key} ${to.key}`;
    let chain = ways.get(way);
    if (!chain) {
      chain = [from];
      for (let column = from.column + 1; column < to.column; column += 1) {
        const cell: Cell = { key: `${way} ${column}`, node: null, column, left: [], right: [], y: 0, held: before?.lanes.get(`${way} ${column}`) ?? null };
        cells[column]!.push(cell);
        chain.push(cell);
      }
      chain.push(to);
      if (from.column !== to.column) {
        for (let i = 1; i < chain.length; i += 1) {
          chain[i - 1]!.right.push(chain[i]!);
          chain[i]!.left.push(chain[i - 1]!);
        }
      }
      ways.set(way, chain);
    }
    chains.set(edge.id, chain);
  }
  return { cells, chains, of };
}

/** A column in the order of where its neighbours stand on average; what stood before keeps its own order. */
function reorder(column: Cell[], neighbours: (cell: Cell) => Cell[], at: ReadonlyMap<Cell, number>): Cell[] {
  const own = new Map(column.map((cell, i) => [cell, i]));
  const mean = (cell: Cell) => {
    const near = neighbours(cell);
    return near.length ? near.reduce((sum, n) => sum + at.get(n)!, 0) / near.length : null;
  };
  const standing = column.filter((cell) => cell.held !== null);
  const moving = column.filter((cell) => cell.held === null);
  const keys = new Map<Cell, number>();
  // Those that stand take means that grow along their own order, so that the others find a place among them.
  const wanted = standing.map((cell) => mean(cell) ?? at.get(cell) ?? own.get(cell)!);
  spread(wanted, wanted.map(() => 0), wanted.map(() => 1)).forEach((key, i) => keys.set(standing[i]!, key));
  for (const cell of moving) keys.set(cell, mean(cell) ?? own.get(cell)!);
  moving.sort((a, b) => keys.get(a)! - keys.get(b)! || own.get(a)! - own.get(b)!);
  const merged: Cell[] = [];
  let next = 0;
  for (const cell of standing) {
    while (next < moving.length && (keys.get(moving[next]!)! < keys.get(cell)! || (keys.get(moving[next]!)! === keys.get(cell)! && own.get(moving[next]!)! < own.get(cell)!))) merged.push(moving[next++]!);
    merged.push(cell);
  }
  return [...merged, ...moving.slice(next)];
}

const places = (column: readonly Cell[]) => new Map(column.map((cell, i) => [cell, i]));
const total = (cells: readonly Cell[][]) => cells.slice(1).reduce((sum, right, i) => sum + crossings(cells[i]!, right), 0);

/** Orders each column so that few lines cross; sweeps to and fro and keeps the best order seen. */
function untangle(cells: Cell[][]): Cell[][] {
  let best = cells.map((column) => [...column]);
  let fewest = total(best);
  let now = best.map((column) => [...column]);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    now = now.map((column) => [...column]);
    if (sweep % 2 === 0) for (let i = 1; i < now.length; i += 1) now[i] = reorder(now[i]!, (c) => c.left, places(now[i - 1]!));
    else for (let i = now.length - 2; i >= 0; i -= 1) now[i] = reorder(now[i]!, (c) => c.right, places(now[i + 1]!));
    const crossed = total(now);
    if (crossed < fewest) {
      fewest = crossed;
      best = now;
    }
  }
  return best;
}

/** Draws the rows on a sheet at least `width` × `height`. `before`: the drawing that stands now, which is kept to. */
export function layOut(nodes: readonly Node[], edges: readonly Joined[], width: number, height: number, before?: Layout): Layout {
  const sorted = nodes.toSorted((a, b) => byText(a.id, b.id));
  const links = edges.toSorted((a, b) => byText(a.id, b.id));
  const present = [...new Set(sorted.map((n) => COLUMN_OF[n.kind]))].sort((a, b) => a - b);
  const counts = present.map((column) => sorted.filter((n) => COLUMN_OF[n.kind] === column).length);
  const density = densityFor(counts, height);
  const measure = MEASURES[density];
  const { cells, chains, of } = build(sorted, links, present, before);
  /** what stood before keeps its place too, not only its order */
  const fixed = before !== undefined && before.density === density;

  const start = cells.map((column) => column.toSorted((a, b) => (a.held ?? Infinity) - (b.held ?? Infinity) || 0));
  // A column that nothing was known of begins in the order of what it is joined to.
  for (let i = 1; i < start.length; i += 1) start[i] = reorder(start[i]!, (c) => c.left, places(start[i - 1]!));
  const order = untangle(start);

  const room = (cell: Cell, side: 'above' | 'below') => (cell.node ? measure[side] : measure.lane);
  const apart = order.map((column) => column.map((cell, i) => (i === 0 ? 0 : room(column[i - 1]!, 'below') + room(cell, 'above') + GAP_PX)));
  for (const [i, column] of order.entries()) {
    let y = 0;
    for (const [j, cell] of column.entries()) cell.y = fixed && cell.held !== null ? cell.held : (y += apart[i]![j]!);
  }
  const middle = (column: readonly Cell[]) => (column.length ? (column[0]!.y + column.at(-1)!.y) / 2 : 0);
  if (!fixed) {
    // Columns begin with their middles at one height.
    for (const column of order) {
      const m = middle(column);
      for (const cell of column) cell.y -= m;
    }
  }
  for (let pass = 0; pass < SETTLES; pass += 1) {
    const way = pass % 2 === 0 ? order.keys() : [...order.keys()].reverse();
    for (const i of way) {
      const column = order[i]!;
      const wanted: number[] = [];
      const weights: number[] = [];
      for (const cell of column) {
        const near = [...cell.left, ...cell.right];
        const pull = near.length ? near.reduce((sum, n) => sum + n.y, 0) / near.length : cell.y;
        const stay = fixed && cell.held !== null ? HELD : 0;
        wanted.push(stay ? (pull + cell.held! * stay) / (1 + stay) : pull);
        weights.push(cell.node ? 1 + stay : 0.5 + stay / 2);
      }
      spread(wanted, apart[i]!, weights).forEach((y, j) => (column[j]!.y = y));
    }
  }
  const all = order.flat();
  const top = Math.min(...all.map((c) => c.y - room(c, 'above')), Infinity);
  const bottom = Math.max(...all.map((c) => c.y + room(c, 'below')), -Infinity);
  const needed = all.length ? bottom - top + HEAD_PX + FOOT_PX : 0;
  // A small drawing stands in the middle of its sheet; one that stood already moves only where it would not fit.
  const centred = HEAD_PX - top + Math.max(0, (height - needed) / 2);
  const shift = !all.length ? 0 : fixed ? (top < HEAD_PX ? HEAD_PX - top : bottom + FOOT_PX > height && needed <= height ? height - FOOT_PX - bottom : 0) : centred;
  for (const cell of all) cell.y = Math.round((cell.y + shift) * 2) / 2;

  const wide = Math.max(width, present.length * COLUMN_PX_MIN);
  // Half a column at each edge: that is room for the words under the outermost marks, and for bows.
  const pitch = wide / Math.max(1, present.length);
  const first = density === 'dense' ? pitch * DENSE_FIRST : pitch / 2;
  const x = (column: number) => Math.round(first + column * pitch);

  const spots = new Map<string, Spot>();
  for (const node of sorted) {
    const cell = of.get(node.id)!;
    spots.set(node.id, { x: x(cell.column), y: cell.y, column: cell.column });
  }
  const lines = new Map<string, Line>();
  const shared = new Map<Cell[], string[]>();
  for (const edge of links) {
    const chain = chains.get(edge.id);
    if (chain) shared.set(chain, [...(shared.get(chain) ?? []), edge.id]);
  }
  for (const [chain, ids] of shared) {
    const bow = chain[0]!.column === chain.at(-1)!.column;
    ids.forEach((id, i) => {
      const aside = (i - (ids.length - 1) / 2) * PARALLEL_PX;
      lines.set(id, { id, bow, points: chain.map((cell) => ({ x: x(cell.column) + (bow ? aside : 0), y: cell.y + (bow ? 0 : aside) })) });
    });
  }
  const lowest = all.length ? Math.max(...all.map((c) => c.y + room(c, 'below'))) : 0;
  return {
    columns: present.map((column, i) => ({ kind: COLUMNS[column]!, x: x(i) })),
    spots, lines, lanes: new Map(all.filter((c) => !c.node).map((c) => [c.key, c.y])), density, pitch, width: wide, height: Math.max(height, lowest + FOOT_PX),
  };
}
const PARALLEL_PX = 8;
/** Where words stand beside the marks, the room is on the right. */
const DENSE_FIRST = 0.26;

/** The line as an SVG path: level at each mark, bent between them. */
export function pathOf(line: Line): string {
  const [from, ...rest] = line.points;
  if (!from) return '';
  const r = (n: number) => Math.round(n * 10) / 10;
  let d = `M${r(from.x)} ${r(from.y)}`;
  let last = from;
  for (const to of rest) {
    if (line.bow) {
      const out = bowOf(last, to);
      d += `C${r(last.x + out)} ${r(last.y)} ${r(to.x + out)} ${r(to.y)} ${r(to.x)} ${r(to.y)}`;
    } else {
      const mid = (last.x + to.x) / 2;
      d += `C${r(mid)} ${r(last.y)} ${r(mid)} ${r(to.y)} ${r(to.x)} ${r(to.y)}`;
    }
    last = to;
  }
  return d;
}
/** How far a bow leans out of its column: never as far as the next one, nor over the edge of the sheet. */
const bowOf = (a: { y: number }, b: { y: number }) => 36 + Math.min(22, Math.abs(b.y - a.y) / 8);

/** A point of the line at `t` from 0 to 1, and how steep it is there. */
export function along(line: Line, t: number): { x: number; y: number } {
  const parts = line.points.length - 1;
  const i = Math.min(parts - 1, Math.floor(t * parts));
  const [a, b] = [line.points[i], line.points[i + 1]];
  if (!a || !b) return line.points[0] ?? { x: 0, y: 0 };
  const u = t * parts - i;
  const out = line.bow ? bowOf(a, b) : 0;
  const mid = (a.x + b.x) / 2;
  const [c1, c2] = line.bow ? [a.x + out, b.x + out] : [mid, mid];
  const blend = (p: number, q: number, r: number, s: number) => (1 - u) ** 3 * p + 3 * (1 - u) ** 2 * u * q + 3 * (1 - u) * u * u * r + u ** 3 * s;
  return { x: blend(a.x, c1, c2, b.x), y: blend(a.y, a.y, b.y, b.y) };
}

// ---- words ---------------------------------------------------------------------------------------------

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export const meets = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** About how wide 11 px words are. */
export const wordsPx = (text: string, letter_px = 6.1): number => text.length * letter_px;

/** What fits in about so many pixels, with "…" where something was cut. */
export function cut(text: string, px: number, letter_px = 6.1): string {
  const letters = Math.max(1, Math.floor(px / letter_px));
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1)).trimEnd()}…`;
}

/** What a mark and its words take up, together. */
export function boxOf(spot: Spot, density: Density, pitch: number, text: string): Box {
  const parts = partsOf(spot, density, pitch, text);
  return { left: Math.min(...parts.map((p) => p.left)), right: Math.max(...parts.map((p) => p.right)), top: spot.y - MEASURES[density].above, bottom: spot.y + MEASURES[density].below };
}

/** The mark, and its words under or beside it. */
export function partsOf(spot: Spot, density: Density, pitch: number, text: string): Box[] {
  const m = MEASURES[density];
  const mark = { left: spot.x - m.half - 3, right: spot.x + m.half + 3, top: spot.y - m.above, bottom: spot.y + m.half + 2 };
  if (density === 'dense') return [mark, { left: spot.x, right: spot.x + m.half + 4 + Math.min(pitch - 2 * m.half - 8, wordsPx(text)), top: spot.y - m.above, bottom: spot.y + m.below }];
  const half = Math.min(pitch - 6, wordsPx(text)) / 2;
  return [mark, { left: spot.x - half, right: spot.x + half, top: spot.y + m.half + 2, bottom: spot.y + m.below }];
}

const TRIES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78] as const;
const LINE_PX = 14;

/** Where words of lines stand so that none lies over a mark, its words or others of its kind. In the order given, which
 *  is that of importance; what finds no room is left out. */
export function label(wanted: readonly { line: Line; text: string }[], taken: readonly Box[], sheet: { width: number; height: number }): Map<string, { x: number; y: number }> {
  const boxes = [...taken];
  const found = new Map<string, { x: number; y: number }>();
  for (const { line, text } of wanted) {
    const half = wordsPx(text) / 2 + 2;
    for (const t of TRIES) {
      const at = along(line, t);
      const box = { left: at.x - half, right: at.x + half, top: at.y - LINE_PX / 2, bottom: at.y + LINE_PX / 2 };
      if (box.left < 2 || box.right > sheet.width - 2 || box.top < 0 || box.bottom > sheet.height || boxes.some((b) => meets(b, box))) continue;
      boxes.push(box);
      found.set(line.id, at);
      break;
    }
  }
  return found;
}
