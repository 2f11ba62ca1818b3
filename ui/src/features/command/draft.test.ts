import { beforeEach, describe, expect, it } from 'vitest';
import { forgetLines, kept, lineOf } from './draft.svelte';

describe('what was begun in the command line', () => {
  beforeEach(forgetLines);

  it('is there again after a reload, for whoever began it', () => {
    lineOf('plas2').text = 'D 23 M2';
    const put: unknown = JSON.parse(JSON.stringify(kept.out()));
    forgetLines();
    kept.back(put as never);
    expect(lineOf('plas2').text).toBe('D 23 M2');
    expect(lineOf('chef').text).toBe('');
  });

  it('leaves nothing behind once it was sent or erased', () => {
    lineOf('plas2').text = 'D 23 M21';
    lineOf('plas2').text = '';
    expect(kept.out()).toBeUndefined();
  });
});
