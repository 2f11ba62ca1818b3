import { beforeAll, describe, expect, it } from 'vitest';
import { say, words } from '../i18n/index.svelte';
import { changedMeanwhile } from './conflict';

describe('what somebody else changed meanwhile', () => {
  beforeAll(() => words.load({ incident_types: [{ code: 'fall', labels: { ht: 'Moun tonbe' } }] }));

  it('names the field and its new value in words, never by code', () => {
    const said = changedMeanwhile('edited-meanwhile', { field: 'type', number: 2417, now: 'fall' });
    expect(said).toBe(say('ht', 'conflict-said', { field: say('ht', 'field-type'), number: '2417', now: 'Moun tonbe' }));
    expect(said).not.toContain('fall');
  });

  it('says so when nothing stands there now', () => {
    expect(changedMeanwhile('edited-meanwhile', { field: 'title', number: 2417, now: null })).toContain('—');
  });

  it('leaves every other refusal in the words of the server', () => {
    expect(changedMeanwhile('incident-closed', { number: 2417 })).toBeNull();
    expect(changedMeanwhile('edited-meanwhile', { field: 'colour', number: 2417 })).toBeNull();
  });
});
