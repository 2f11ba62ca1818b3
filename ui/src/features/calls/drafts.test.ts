import { beforeEach, describe, expect, it } from 'vitest';
import { putBy, takeUp } from '../../kit/reload';
import type { Call } from '../../live/rows';
import { draftOf, forgetAll, kept } from './drafts.svelte';

function storage(): Storage {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
    get length() {
      return held.size;
    },
  } as Storage;
}
const call = { id: 'c1', words: 'Sa te di anvan', area: null } as Call;

describe('what is being typed about a call', () => {
  beforeEach(forgetAll);

  it('is there again after a reload, and lies about nowhere else', () => {
    const tab = storage();
    Object.assign(draftOf(call), { words: 'Yo tire sou nou', typed: 'Ti', priority: 'P1', chosen: true });
    putBy(tab, 'calls', kept);
    forgetAll();
    takeUp(tab, 'calls', kept);
    expect(draftOf(call).typing).toMatchObject({ words: 'Yo tire sou nou', before: 'Sa te di anvan', typed: 'Ti', priority: 'P1', chosen: true });
    expect(tab.length).toBe(0);
  });

  it('leaves nothing behind when nothing was begun', () => {
    const tab = storage();
    putBy(tab, 'calls', kept);
    expect(tab.length).toBe(0);
    takeUp(tab, 'calls', kept);
    expect(draftOf(call).words).toBe('');
  });
});
