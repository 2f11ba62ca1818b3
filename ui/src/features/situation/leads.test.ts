import { expect, it } from 'vitest';
import { unknown } from './leads.svelte';

it('only leads that neither stand in the picture nor were seen before are asked for', () => {
  const picture = new Set(['in-picture']);
  const seen = new Map([['seen', {}]]);
  expect(unknown(['in-picture', 'seen', 'closed-before'], (id) => picture.has(id) || undefined, seen)).toEqual(['closed-before']);
  expect(unknown([], () => undefined, seen)).toEqual([]);
});
