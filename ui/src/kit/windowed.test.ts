import { describe, expect, it } from 'vitest';
import { sliceOf, WHOLE_MAX } from './windowed.svelte';

describe('a long list', () => {
  it('is whole while it is short', () => {
    expect(sliceOf(WHOLE_MAX, 9_999, 300, 26)).toEqual({ from: 0, to: WHOLE_MAX });
  });

  it('holds what is in view, and some rows beyond, wherever it is scrolled to', () => {
    const [count, row, height] = [1_000, 26, 340];
    for (let top = 0; top <= count * row; top += 137) {
      const { from, to } = sliceOf(count, top, height, row);
      expect(from).toBeLessThanOrEqual(Math.floor(top / row));
      expect(to).toBeGreaterThanOrEqual(Math.min(count, Math.ceil((top + height) / row)));
      expect(to - from).toBeLessThan(60);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(count);
    }
  });
});
