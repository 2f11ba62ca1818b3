import { beforeEach, describe, expect, it } from 'vitest';
import { speech, words } from '../../i18n/index.svelte';
import { why } from './reason';

beforeEach(() => {
  speech.lang = 'en';
  words.load({ assignment_statuses: [{ code: 'on_scene', labels: { ht: '', fr: '', es: '', en: 'On scene' } }] });
});

describe('why a unit is proposed, or not', () => {
  it('names the age, the end and the lateness that the server gives in minutes', () => {
    expect(why({ code: 'position_old', minutes: 10 })).toBe('position 10 min old');
    expect(why({ code: 'shift_ends', minutes: 25 })).toContain('25 min');
    expect(why({ code: 'off_shift', minutes: 130 })).toContain('2 h');
  });
  it('leaves no blank in any sentence', () => {
    for (const reason of [{ code: 'would_preempt', number: 21, status: 'on_scene' }, { code: 'short_crew', crew: 1 }, { code: 'busy', number: 4 }, { code: 'and_more', count: 3 }]) {
      expect(why(reason)).not.toMatch(/[{}$]/);
    }
  });
  it('is silent about what the row says already', () => {
    expect(why({ code: 'distance', km: 1.8, minutes: 4 })).toBe('');
  });
});
