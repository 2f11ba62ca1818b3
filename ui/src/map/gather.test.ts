import { describe, expect, it } from 'vitest';
import { beside, piles, Room, uncovered, type Rect } from './gather';

/** The same numbers in every run. */
function numbers(seed: number) {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
const scattered = (count: number) => {
  const next = numbers(7);
  return Array.from({ length: count }, (_, id) => ({ id, x: next() * 900 - 50, y: next() * 500 - 50 }));
};

describe('piles', () => {
  it('holds every mark exactly once, none farther from the first than the radius', () => {
    const marks = scattered(800);
    const found = piles(marks, 24);
    expect(found.flatMap((p) => p.of.map((m) => m.id)).sort((a, b) => a - b)).toEqual(marks.map((m) => m.id));
    for (const { of } of found) {
      const first = of.reduce((a, b) => (a.id < b.id ? a : b));
      for (const mark of of) expect(Math.hypot(mark.x - first.x, mark.y - first.y)).toBeLessThanOrEqual(24);
    }
  });

  it('are the same when the view is moved', () => {
    const of = (marks: ReturnType<typeof scattered>) => piles(marks, 24).map((p) => p.of.map((m) => m.id).sort((a, b) => a - b).join());
    const marks = scattered(300);
    expect(of(marks.map((m) => ({ ...m, x: m.x + 13.7, y: m.y - 400.2 }))).sort()).toEqual(of(marks).sort());
  });

  it('leave alone what stands alone', () => {
    expect(piles([{ x: 0, y: 0 }, { x: 25, y: 0 }], 24).map((p) => p.of.length)).toEqual([1, 1]);
    expect(piles([{ x: 0, y: 0 }, { x: 23, y: 0 }], 24)).toMatchObject([{ x: 11.5, y: 0, of: [{ x: 0 }, { x: 23 }] }]);
    expect(piles([], 24)).toEqual([]);
  });
});

describe('room for words', () => {
  it('stand beside their mark, on the next side where the first is taken', () => {
    const room = new Room();
    expect(beside(room, { x: 100, y: 100 }, 30, 12, 10)).toEqual({ x: 125, y: 100 });
    expect(beside(room, { x: 100, y: 100 }, 30, 12, 10)).toEqual({ x: 75, y: 100 });
  });

  it('wait where no side is free', () => {
    const room = new Room();
    room.take([0, 0, 400, 400]);
    expect(beside(room, { x: 200, y: 200 }, 30, 12, 10, true)).toBeNull();
    expect(beside(room, { x: 600, y: 200 }, 30, 12, 10, true)).toEqual({ x: 600, y: 200 });
  });

  it('never lie on each other', () => {
    const room = new Room();
    const said: Rect[] = [];
    for (const { x, y } of scattered(400)) {
      const at = beside(room, { x, y }, 40, 13, 9);
      if (at) said.push([at.x - 20, at.y - 6.5, at.x + 20, at.y + 6.5]);
    }
    expect(said.length).toBeGreaterThan(50);
    expect(said.filter((a, i) => said.slice(i + 1).some((b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]))).toEqual([]);
  });

  it('bring a hidden mark to the side of the one above it, and leave the others where they are', () => {
    const room = new Room();
    expect(uncovered(room, { x: 50, y: 50 }, 10, 9)).toEqual({ x: 50, y: 50 });
    expect(uncovered(room, { x: 52, y: 50 }, 10, 10)).toEqual({ x: 32, y: 50 });
    expect(uncovered(room, { x: 50, y: 50 }, 10, 10)).not.toEqual({ x: 50, y: 50 });
    expect(uncovered(room, { x: 300, y: 50 }, 10, 10)).toEqual({ x: 300, y: 50 });
  });
});
