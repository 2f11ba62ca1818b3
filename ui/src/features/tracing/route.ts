/** The region as a flat sheet, and how consignments crossed it. Curves join the places that papers name; they are no
 *  ship's track. */

import { meets, wordsPx, type Box } from './layout';
import type { Leg, Stop } from './rows';

/** west, south, east, north */
export type Bounds = readonly [number, number, number, number];
/** What the coast covers: from the Gulf of Mexico to the Lesser Antilles. */
export const REGION: Bounds = [-100, 7, -58, 33];

type Ring = readonly (readonly [number, number])[];
/** Land, and borders as lines, in (lon, lat). */
export interface Coast {
  rings: readonly Ring[];
  borders: readonly Ring[];
}

/** Reads the coast as the server gives it (GeoJSON): polygons are land, lines are borders. */
export function coastOf(json: unknown): Coast {
  const rings: Ring[] = [];
  const borders: Ring[] = [];
  for (const feature of (json as { features?: { geometry?: { type: string; coordinates: unknown } }[] }).features ?? []) {
    const { type, coordinates } = feature.geometry ?? { type: '', coordinates: [] };
    if (type === 'Polygon') rings.push(...(coordinates as Ring[]));
    else if (type === 'MultiPolygon') rings.push(...(coordinates as Ring[][]).flat());
    else if (type === 'LineString') borders.push(coordinates as Ring);
    else if (type === 'MultiLineString') borders.push(...(coordinates as Ring[]));
  }
  return { rings, borders };
}

export interface Point {
  x: number;
  y: number;
}
export interface Sheet {
  width: number;
  height: number;
  scale: number;
  /** of the upper left corner, in Mercator degrees */
  left: number;
  top: number;
}

const RAD = Math.PI / 180;
/** Mercator's latitude, in degrees of longitude at the equator. */
export const mercator = (lat: number): number => Math.log(Math.tan(Math.PI / 4 + (lat * RAD) / 2)) / RAD;
export const latOf = (y: number): number => (2 * Math.atan(Math.exp(y * RAD)) - Math.PI / 2) / RAD;

export const project = (sheet: Sheet, lat: number, lon: number): Point => ({ x: (lon - sheet.left) * sheet.scale, y: (sheet.top - mercator(lat)) * sheet.scale });
export const unproject = (sheet: Sheet, at: Point): { lat: number; lon: number } => ({ lat: latOf(sheet.top - at.y / sheet.scale), lon: sheet.left + at.x / sheet.scale });

/** Never so near that one town fills the sheet. */
const SPAN_DEG_MIN = 5;
export const SCALE_MAX = 400;

/** The sheet that shows these bounds with `pad` pixels around, where they are small enough within the region only. */
export function fit(bounds: Bounds, width: number, height: number, pad = 34): Sheet {
  let [w, s, e, n] = bounds;
  const grow = (a: number, b: number, least: number): [number, number] => (b - a >= least ? [a, b] : [(a + b - least) / 2, (a + b + least) / 2]);
  [w, e] = grow(w, e, SPAN_DEG_MIN);
  [s, n] = grow(s, n, SPAN_DEG_MIN);
  const [south, north] = [mercator(Math.max(-80, s)), mercator(Math.min(80, n))];
  const room = (px: number) => Math.max(40, px - 2 * pad);
  const scale = Math.min(room(width) / (e - w), room(height) / (north - south), SCALE_MAX);
  return held({ width, height, scale, left: (w + e) / 2 - width / 2 / scale, top: (south + north) / 2 + height / 2 / scale });
}

/** Kept within the region: nothing is known beyond it. */
export function held(sheet: Sheet): Sheet {
  const clamp = (value: number, low: number, high: number) => (low > high ? (low + high) / 2 : Math.min(high, Math.max(low, value)));
  return {
    ...sheet,
    left: clamp(sheet.left, REGION[0], REGION[2] - sheet.width / sheet.scale),
    top: clamp(sheet.top, mercator(REGION[1]) + sheet.height / sheet.scale, mercator(REGION[3])),
  };
}
export const moved = (sheet: Sheet, dx: number, dy: number): Sheet => held({ ...sheet, left: sheet.left - dx / sheet.scale, top: sheet.top + dy / sheet.scale });
export function zoomed(sheet: Sheet, factor: number, about: Point = { x: sheet.width / 2, y: sheet.height / 2 }): Sheet {
  const whole = Math.max(sheet.width / (REGION[2] - REGION[0]), sheet.height / (mercator(REGION[3]) - mercator(REGION[1])));
  const least = Math.min(whole, sheet.scale);
  const scale = Math.min(SCALE_MAX, Math.max(least, sheet.scale * factor));
  return held({ ...sheet, scale, left: sheet.left + about.x * (1 / sheet.scale - 1 / scale), top: sheet.top - about.y * (1 / sheet.scale - 1 / scale) });
}

/** The least bounds that hold all these places. */
export function boundsOf(places: readonly { lat: number; lon: number }[]): Bounds {
  if (!places.length) return [-86, 14, -64, 28];
  const [lats, lons] = [places.map((p) => p.lat), places.map((p) => p.lon)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

const r1 = (n: number) => Math.round(n * 10) / 10;

/** The land as one SVG path. */
export const land = (coast: Coast, sheet: Sheet): string => traced(coast.rings, sheet, true);
/** The borders as another. */
export const borders = (coast: Coast, sheet: Sheet): string => traced(coast.borders, sheet, false);

/** What lies outside the sheet is left out, and points nearer than a pixel. */
function traced(rings: readonly Ring[], sheet: Sheet, closed: boolean): string {
  let d = '';
  for (const ring of rings) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    const points = ring.map(([lon, lat]) => {
      const p = project(sheet, lat, lon);
      left = Math.min(left, p.x);
      right = Math.max(right, p.x);
      top = Math.min(top, p.y);
      bottom = Math.max(bottom, p.y);
      return p;
    });
    if (right < -20 || bottom < -20 || left > sheet.width + 20 || top > sheet.height + 20) continue;
    let last: Point | null = null;
    let part = '';
    for (const p of points) {
      if (last && Math.abs(p.x - last.x) < 0.8 && Math.abs(p.y - last.y) < 0.8) continue;
      part += `${last ? 'L' : 'M'}${r1(p.x)} ${r1(p.y)}`;
      last = p;
    }
    d += closed ? `${part}Z` : part;
  }
  return d;
}

/** Meridians and parallels, so far apart that their figures find room. */
export function graticule(sheet: Sheet): { lons: number[]; lats: number[] } {
  const step = [1, 2, 4, 5, 10, 20].find((deg) => deg * sheet.scale >= 90) ?? 20;
  const [nw, se] = [unproject(sheet, { x: 0, y: 0 }), unproject(sheet, { x: sheet.width, y: sheet.height })];
  const [w, e] = [Math.max(REGION[0], nw.lon), Math.min(REGION[2], se.lon)];
  const [south, north] = [Math.max(REGION[1], se.lat), Math.min(REGION[3], nw.lat)];
  const steps = (from: number, to: number) => Array.from({ length: Math.max(0, Math.floor(to / step) - Math.ceil(from / step) + 1) }, (_, i) => (Math.ceil(from / step) + i) * step);
  return { lons: steps(w, e), lats: steps(south, north) };
}

// ---- legs ----------------------------------------------------------------------------------------------

export interface Curve {
  leg: Leg;
  from: Point;
  to: Point;
  /** points that it is bent through, the ends included */
  points: readonly Point[];
}

/** Cells of a quarter of a degree in which a leg by sea looks for water. */
const CELL_DEG = 0.25;
const COLS = Math.round((REGION[2] - REGION[0]) / CELL_DEG);
const ROWS = Math.round((REGION[3] - REGION[1]) / CELL_DEG);

/** Which cells are water, by whether their middle lies in no ring. */
export function waters(coast: Coast): Uint8Array {
  const water = new Uint8Array(COLS * ROWS).fill(1);
  for (let row = 0; row < ROWS; row += 1) {
    const lat = REGION[1] + (row + 0.5) * CELL_DEG;
    for (const ring of coast.rings) {
      const cuts: number[] = [];
      for (let i = 0; i < ring.length; i += 1) {
        const [lon1, lat1] = ring[i]!;
        const [lon2, lat2] = ring[(i + 1) % ring.length]!;
        if (lat1 > lat !== lat2 > lat) cuts.push(lon1 + ((lat - lat1) / (lat2 - lat1)) * (lon2 - lon1));
      }
      cuts.sort((a, b) => a - b);
      for (let i = 0; i + 1 < cuts.length; i += 2) {
        const [from, to] = [cuts[i]!, cuts[i + 1]!];
        for (let col = Math.max(0, Math.ceil((from - REGION[0]) / CELL_DEG - 0.5)); col < COLS && REGION[0] + (col + 0.5) * CELL_DEG <= to; col += 1) water[row * COLS + col] = 0;
      }
    }
  }
  return water;
}

const cellOf = (p: { lat: number; lon: number }): [number, number] => [
  Math.min(ROWS - 1, Math.max(0, Math.floor((p.lat - REGION[1]) / CELL_DEG))),
  Math.min(COLS - 1, Math.max(0, Math.floor((p.lon - REGION[0]) / CELL_DEG))),
];
/** Land may be crossed where there is no other way, as from a harbour that is smaller than a cell. */
const LAND_COST = 9;

/** The shortest way by water between two places, as cells' middles; both ends are the places themselves. */
export function bySea(water: Uint8Array, from: { lat: number; lon: number }, to: { lat: number; lon: number }): { lat: number; lon: number }[] {
  const [r0, c0] = cellOf(from);
  const [r1_, c1] = cellOf(to);
  const start = r0 * COLS + c0;
  const goal = r1_ * COLS + c1;
  const cost = new Float64Array(COLS * ROWS).fill(Infinity);
  const came = new Int32Array(COLS * ROWS).fill(-1);
  const open = new Heap();
  const guess = (cell: number) => Math.hypot(Math.floor(cell / COLS) - r1_, (cell % COLS) - c1);
  cost[start] = 0;
  open.push(guess(start), start);
  for (let here = open.pop(); here !== null && here !== goal; here = open.pop()) {
    const [row, col] = [Math.floor(here / COLS), here % COLS];
    for (let dr = -1; dr <= 1; dr += 1) {
      for (let dc = -1; dc <= 1; dc += 1) {
        if ((!dr && !dc) || row + dr < 0 || row + dr >= ROWS || col + dc < 0 || col + dc >= COLS) continue;
        const next = (row + dr) * COLS + col + dc;
        // Not through the corner where two coasts meet.
        const blocked = dr !== 0 && dc !== 0 && !(water[(row + dr) * COLS + col] && water[row * COLS + col + dc]);
        const sum = cost[here]! + Math.hypot(dr, dc) * (water[next] && !blocked ? 1 : LAND_COST);
        if (sum < cost[next]! - 1e-9) {
          cost[next] = sum;
          came[next] = here;
          open.push(sum + guess(next), next);
        }
      }
    }
  }
  const way: { lat: number; lon: number }[] = [];
  for (let cell = came[goal]!; cell !== -1 && cell !== start; cell = came[cell]!) way.push({ lat: REGION[1] + (Math.floor(cell / COLS) + 0.5) * CELL_DEG, lon: REGION[0] + ((cell % COLS) + 0.5) * CELL_DEG });
  return [from, ...straightened(water, way.reverse()), to];
}

/** Leaves out cells between two that see each other over water: a way looks like one, not like stairs. */
function straightened(water: Uint8Array, way: { lat: number; lon: number }[]): { lat: number; lon: number }[] {
  if (way.length < 3) return way;
  const sees = (a: { lat: number; lon: number }, b: { lat: number; lon: number }) => {
    const steps = Math.ceil(Math.hypot(a.lat - b.lat, a.lon - b.lon) / (CELL_DEG / 3));
    for (let i = 1; i < steps; i += 1) {
      const [row, col] = cellOf({ lat: a.lat + ((b.lat - a.lat) * i) / steps, lon: a.lon + ((b.lon - a.lon) * i) / steps });
      if (!water[row * COLS + col]) return false;
    }
    return true;
  };
  const kept = [way[0]!];
  for (let at = 0; at < way.length - 1; ) {
    let far = at + 1;
    for (let next = way.length - 1; next > far; next -= 1) {
      if (sees(way[at]!, way[next]!)) {
        far = next;
        break;
      }
    }
    kept.push(way[far]!);
    at = far;
  }
  return kept;
}

class Heap {
  #keys: number[] = [];
  #cells: number[] = [];
  push(key: number, cell: number): void {
    let i = this.#keys.push(key) - 1;
    this.#cells.push(cell);
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (this.#keys[up]! <= this.#keys[i]!) break;
      this.#swap(i, up);
      i = up;
    }
  }
  pop(): number | null {
    const found = this.#cells[0];
    if (found === undefined) return null;
    const key = this.#keys.pop()!;
    const cell = this.#cells.pop()!;
    if (this.#keys.length) {
      this.#keys[0] = key;
      this.#cells[0] = cell;
      for (let i = 0; ; ) {
        const left = 2 * i + 1;
        const right = left + 1;
        let least = i;
        if (left < this.#keys.length && this.#keys[left]! < this.#keys[least]!) least = left;
        if (right < this.#keys.length && this.#keys[right]! < this.#keys[least]!) least = right;
        if (least === i) break;
        this.#swap(i, least);
        i = least;
      }
    }
    return found;
  }
  #swap(i: number, j: number): void {
    [this.#keys[i], this.#keys[j]] = [this.#keys[j]!, this.#keys[i]!];
    [this.#cells[i], this.#cells[j]] = [this.#cells[j]!, this.#cells[i]!];
  }
}

/** How far a bow leans out, as a share of its length; others between the same two places lean farther, to either side. */
const LEAN = 0.3;

/** Ways by sea that were found: a sheet that is moved asks for each of them again and again. */
const found = new WeakMap<Uint8Array, Map<string, { lat: number; lon: number }[]>>();
function wayOf(water: Uint8Array, from: Stop, to: Stop): { lat: number; lon: number }[] {
  let ways = found.get(water);
  if (!ways) found.set(water, (ways = new Map()));
  const key = `${from.lat} ${from.lon} ${to.lat} ${to.lon}`;
  let way = ways.get(key);
  if (!way) ways.set(key, (way = bySea(water, from, to)));
  return way;
}

/** The legs as curves. One by sea goes around the land where the coast is known; any other is a bow. */
export function curves(legs: readonly Leg[], sheet: Sheet, water: Uint8Array | null, isSea: (leg: Leg) => boolean): Curve[] {
  const seen = new Map<string, number>();
  return legs.map((leg) => {
    const [from, to] = [project(sheet, leg.from.lat, leg.from.lon), project(sheet, leg.to.lat, leg.to.lon)];
    const pair = [leg.from.code, leg.to.code].sort().join(' ');
    const n = seen.get(pair) ?? 0;
    seen.set(pair, n + 1);
    if (water && isSea(leg)) {
      const way = wayOf(water, leg.from, leg.to).map((p) => project(sheet, p.lat, p.lon));
      return { leg, from, to, points: n ? way.map((p, i) => (i === 0 || i === way.length - 1 ? p : aside(way, i, n * 7))) : way };
    }
    const lean = LEAN * (Math.floor(n / 2) + 1) * (n % 2 === 0 ? 1 : -1);
    return { leg, from, to, points: [from, { x: (from.x + to.x) / 2 + (to.y - from.y) * lean, y: (from.y + to.y) / 2 - (to.x - from.x) * lean }, to] };
  });
}
function aside(way: readonly Point[], i: number, px: number): Point {
  const [a, b] = [way[i - 1]!, way[i + 1]!];
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  return { x: way[i]!.x + ((b.y - a.y) / length) * px, y: way[i]!.y - ((b.x - a.x) / length) * px };
}

const CORNER_PX = 14;
/** A bow where it has one bend; a way round at its corners, so little that it stays on the water. */
export function pathOf(points: readonly Point[]): string {
  const [from, ...rest] = points;
  if (!from) return '';
  const begin = `M${r1(from.x)} ${r1(from.y)}`;
  if (rest.length === 2) return `${begin}Q${r1(rest[0]!.x)} ${r1(rest[0]!.y)} ${r1(rest[1]!.x)} ${r1(rest[1]!.y)}`;
  let d = begin;
  for (const [i, p] of rest.entries()) {
    const next = rest[i + 1];
    if (!next) {
      d += `L${r1(p.x)} ${r1(p.y)}`;
      break;
    }
    const before = points[i]!;
    const toward = (q: Point) => {
      const length = Math.hypot(q.x - p.x, q.y - p.y) || 1;
      const off = Math.min(CORNER_PX, length / 2);
      return { x: p.x + ((q.x - p.x) / length) * off, y: p.y + ((q.y - p.y) / length) * off };
    };
    const [into, out] = [toward(before), toward(next)];
    d += `L${r1(into.x)} ${r1(into.y)}Q${r1(p.x)} ${r1(p.y)} ${r1(out.x)} ${r1(out.y)}`;
  }
  return d;
}

/** A point on the drawn line, about its middle. */
export function middle(points: readonly Point[]): Point {
  if (points.length === 3) return { x: points[0]!.x / 4 + points[1]!.x / 2 + points[2]!.x / 4, y: points[0]!.y / 4 + points[1]!.y / 2 + points[2]!.y / 4 };
  const lengths = points.slice(1).map((p, i) => Math.hypot(p.x - points[i]!.x, p.y - points[i]!.y));
  let left = lengths.reduce((a, b) => a + b, 0) / 2;
  for (const [i, length] of lengths.entries()) {
    if (left <= length && length > 0) return { x: points[i]!.x + ((points[i + 1]!.x - points[i]!.x) * left) / length, y: points[i]!.y + ((points[i + 1]!.y - points[i]!.y) * left) / length };
    left -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}

/** Each port once, with the legs that begin or end there. */
export function stops(legs: readonly Leg[]): { stop: Stop; legs: string[] }[] {
  const found = new Map<string, { stop: Stop; legs: string[] }>();
  for (const leg of legs) {
    for (const stop of [leg.from, leg.to]) {
      const key = stop.code || `${stop.lat} ${stop.lon}`;
      const known = found.get(key) ?? { stop, legs: [] };
      known.legs.push(leg.id);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/** Metres of ground in so many pixels, at that height of the sheet. */
export const pxOf = (sheet: Sheet, metres: number, lat: number): number => (metres / (111_320 * Math.cos(lat * RAD))) * sheet.scale;

// ---- words ---------------------------------------------------------------------------------------------

export interface Said {
  key: string;
  text: string;
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
}
const OFF_PX = 9;
const LINE_PX = 14;

/** Beside each place, where its name lies over no other and stays on the sheet; those named first choose first. */
export function names(wanted: readonly { key: string; text: string; at: Point; must?: boolean }[], sheet: { width: number; height: number }, taken: readonly Box[] = []): Said[] {
  const boxes: Box[] = [...taken, ...wanted.map(({ at }) => ({ left: at.x - 5, right: at.x + 5, top: at.y - 5, bottom: at.y + 5 }))];
  const said: Said[] = [];
  for (const { key, text, at, must } of wanted) {
    const width = wordsPx(text);
    const tries: readonly [number, number, Said['anchor']][] = [
      [OFF_PX, 4, 'start'], [-OFF_PX, 4, 'end'], [0, -OFF_PX, 'middle'], [0, OFF_PX + 10, 'middle'], [OFF_PX, -OFF_PX, 'start'], [OFF_PX, OFF_PX + 8, 'start'], [-OFF_PX, -OFF_PX, 'end'], [-OFF_PX, OFF_PX + 8, 'end'],
    ];
    const boxAt = ([dx, dy, anchor]: readonly [number, number, Said['anchor']]): Box => {
      const left = at.x + dx - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0);
      return { left, right: left + width, top: at.y + dy - LINE_PX + 3, bottom: at.y + dy + 3 };
    };
    const within = (b: Box) => b.left >= 2 && b.right <= sheet.width - 2 && b.top >= 2 && b.bottom <= sheet.height - 2;
    const free = tries.find((one) => within(boxAt(one)) && !boxes.some((b) => meets(b, boxAt(one))));
    const chosen = free ?? (must ? tries.find((one) => within(boxAt(one))) : undefined);
    if (!chosen) continue;
    boxes.push(boxAt(chosen));
    said.push({ key, text, x: at.x + chosen[0], y: at.y + chosen[1], anchor: chosen[2] });
  }
  return said;
}

/** Lands and waters by which people know where they are: [key of the name, latitude, longitude, from this scale on]. */
export const LANDS: readonly (readonly [string, number, number, number])[] = [
  ['tracing-land-florida', 27.9, -81.6, 0], ['tracing-land-cuba', 21.9, -78.9, 0], ['tracing-land-jamaica', 18.12, -77.3, 12], ['tracing-land-bahamas', 24.9, -75.9, 12],
  ['tracing-land-haiti', 19.15, -72.4, 26], ['tracing-land-dominican', 18.85, -70.4, 14], ['tracing-land-puerto-rico', 18.22, -66.4, 16], ['tracing-land-mexico', 21, -98.4, 0],
  ['tracing-land-colombia', 8.6, -74.6, 0], ['tracing-land-venezuela', 8.4, -66.5, 0], ['tracing-land-panama', 8.5, -80.3, 14], ['tracing-land-honduras', 14.9, -86.6, 0],
  ['tracing-land-georgia', 32.4, -83.4, 0], ['tracing-land-texas', 30.9, -97.6, 0], ['tracing-land-trinidad', 10.45, -61.3, 22], ['tracing-land-caribbean', 15.2, -74.8, 0], ['tracing-land-gulf', 25.4, -90.2, 0],
];
