/** What lies on top of each other gathers into one mark; words find room beside theirs, or wait. Pure. */

import type { Point } from './view';

/** Marks nearer to each other than `radius_px` as one, at their middle. In the order given, so that a pile stays the
 *  same pile while nothing moves; every mark is in exactly one. */
export function piles<T extends Point>(marks: readonly T[], radius_px: number): { x: number; y: number; of: T[] }[] {
  const cells = new Map<number, number[]>();
  const WIDE = 1 << 20;
  const cell = (x: number, y: number): number => (Math.floor(x / radius_px) + WIDE / 2) * WIDE + Math.floor(y / radius_px) + WIDE / 2;
  marks.forEach((mark, i) => {
    const key = cell(mark.x, mark.y);
    const there = cells.get(key);
    if (there) there.push(i);
    else cells.set(key, [i]);
  });
  const taken = new Uint8Array(marks.length);
  const reach = radius_px * radius_px;
  const found: { x: number; y: number; of: T[] }[] = [];
  marks.forEach((mark, i) => {
    if (taken[i]) return;
    const of: T[] = [];
    let [x, y] = [0, 0];
    for (const dx of [-radius_px, 0, radius_px]) {
      for (const dy of [-radius_px, 0, radius_px]) {
        for (const other of cells.get(cell(mark.x + dx, mark.y + dy)) ?? []) {
          const near = marks[other]!;
          if (taken[other] || (near.x - mark.x) ** 2 + (near.y - mark.y) ** 2 > reach) continue;
          taken[other] = 1;
          of.push(near);
          x += near.x;
          y += near.y;
        }
      }
    }
    found.push({ x: x / of.length, y: y / of.length, of });
  });
  return found;
}

/** Left, top, right, bottom in pixels. */
export type Rect = readonly [number, number, number, number];

/** What of a pane is taken already. */
export class Room {
  static readonly CELL_PX = 64;
  private readonly cells = new Map<number, Rect[]>();

  private *keys([left, top, right, bottom]: Rect): Generator<number> {
    const at = (v: number): number => Math.floor(v / Room.CELL_PX) + 512;
    for (let cx = at(left); cx <= at(right); cx += 1) for (let cy = at(top); cy <= at(bottom); cy += 1) yield cx * 4096 + cy;
  }

  take(rect: Rect): void {
    for (const key of this.keys(rect)) {
      const there = this.cells.get(key);
      if (there) there.push(rect);
      else this.cells.set(key, [rect]);
    }
  }

  free(rect: Rect): boolean {
    for (const key of this.keys(rect)) {
      for (const other of this.cells.get(key) ?? []) {
        if (rect[0] < other[2] && other[0] < rect[2] && rect[1] < other[3] && other[1] < rect[3]) return false;
      }
    }
    return true;
  }
}

/** Where words may stand about their mark: as shares of their width and height, and away from it. */
const SIDES = [[1, 0], [-1, 0], [0, 1], [0, -1], [0.75, 0.75], [-0.75, 0.75], [0.75, -0.75], [-0.75, -0.75]] as const;

/** The middle of words of this size beside `at`, on the first side that is free, which is then taken; null where none is.
 *  `on`: they may also lie on the spot itself, and do so where they can. */
export function beside(room: Room, at: Point, width: number, height: number, away_px: number, on = false): Point | null {
  for (const [sx, sy] of on ? [[0, 0] as const, ...SIDES] : SIDES) {
    const middle = { x: at.x + sx * (away_px + width / 2), y: at.y + sy * (away_px + height / 2) };
    const rect: Rect = [middle.x - width / 2, middle.y - height / 2, middle.x + width / 2, middle.y + height / 2];
    if (!room.free(rect)) continue;
    room.take(rect);
    return middle;
  }
  return null;
}

/** Where a mark that would lie hidden under another stands instead: at its side, touching it. Its own place where that is
 *  free by half, or where there is no free side either. */
export function uncovered(room: Room, at: Point, half_w: number, half_h: number): Point {
  const rectOf = (x: number, y: number, share: number): Rect => [x - half_w * share, y - half_h * share, x + half_w * share, y + half_h * share];
  let place: Point = at;
  if (!room.free(rectOf(at.x, at.y, 0.5))) {
    const free = ASIDE.map(([sx, sy]) => ({ x: at.x + sx * 2 * half_w, y: at.y + sy * 2 * half_h })).find(({ x, y }) => room.free(rectOf(x, y, 0.8)));
    place = free ?? at;
  }
  room.take(rectOf(place.x, place.y, 1));
  return place;
}
const ASIDE = [[-1, 0], [0, 1], [1, 0], [0, -1], [-1, 1], [1, 1], [-1, -1], [1, -1], [-2, 0], [0, 2], [2, 0], [0, -2]] as const;
