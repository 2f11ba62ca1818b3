import { beforeEach, describe, expect, it } from 'vitest';
import { draftOf, forgetMessages, kept } from './drafts.svelte';

describe('what is being written to somebody', () => {
  beforeEach(forgetMessages);

  it('is there again after a reload, for whoever wrote it', () => {
    Object.assign(draftOf('plas2', 'unit:u21'), { text: 'Pa pase Nazon', priority: 'urgent' });
    draftOf('plas2', 'unit:u22'); // looked at, nothing begun
    const put: unknown = JSON.parse(JSON.stringify(kept.out()));
    forgetMessages();
    kept.back(put as never);
    expect(draftOf('plas2', 'unit:u21')).toMatchObject({ text: 'Pa pase Nazon', priority: 'urgent' });
    expect(draftOf('plas3', 'unit:u21').text).toBe('');
    expect((kept.out() as unknown[]).length).toBe(1);
  });

  it('leaves nothing behind when nothing was begun', () => {
    draftOf('plas2', 'unit:u21');
    expect(kept.out()).toBeUndefined();
  });
});
