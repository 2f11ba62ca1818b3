import { describe, expect, it } from 'vitest';
import { keysFirst } from './hand.svelte';

describe('a map that is to be drawn anew', () => {
  it('lets the keys go first', () => {
    expect(keysFirst(1_000, 950, 900)).toBe(true);
    expect(keysFirst(1_000, 800, 700)).toBe(false);
    expect(keysFirst(1_000, -Infinity, 900)).toBe(false);
  });

  it('waits for no hand longer than a second', () => {
    expect(keysFirst(2_000, 1_990, 1_100)).toBe(true);
    expect(keysFirst(2_000, 1_990, 1_000)).toBe(false);
  });
});
