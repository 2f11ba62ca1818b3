import { describe, expect, it } from 'vitest';
import { handFirst } from './hand.svelte';

describe('a map that is to be drawn anew', () => {
  it('lets the hand go first', () => {
    expect(handFirst(1_000, 950, 900)).toBe(true);
    expect(handFirst(1_000, 800, 700)).toBe(false);
    expect(handFirst(1_000, -Infinity, 900)).toBe(false);
  });

  it('waits for no hand longer than a second', () => {
    expect(handFirst(2_000, 1_990, 1_100)).toBe(true);
    expect(handFirst(2_000, 1_990, 1_000)).toBe(false);
  });
});
