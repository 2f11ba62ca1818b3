import { describe, expect, it } from 'vitest';
import { again, elsewhere, entryOf, whyMissing } from './chunk';

const page = (entry: string) => `<html><head><link rel="stylesheet" href="/assets/a.css"><script type="module" crossorigin src="${entry}"></script></head></html>`;
const OWN = '/assets/index-D3b.js';
const LOST = new TypeError('Failed to fetch dynamically imported module: http://c3i:8123/assets/TipsScreen-Ab1.js');

describe('a screen whose code does not come', () => {
  it('knows a page by its first module', () => {
    expect(entryOf(page(OWN))).toBe(OWN);
    expect(entryOf('<script src="/classic.js"></script>')).toBeNull();
  });

  it('waits for the link where nobody answers, or something on the way does', async () => {
    expect(await whyMissing(() => Promise.reject(new Error('no way')), OWN)).toBe('cut');
    expect(await whyMissing(() => Promise.resolve('<h1>Sign in to this network</h1>'), OWN)).toBe('cut');
  });

  it('asks for a reload only where the screens were built anew', async () => {
    expect(await whyMissing(() => Promise.resolve(page('/assets/index-New.js')), OWN)).toBe('renewed');
    expect(await whyMissing(() => Promise.resolve(page(OWN)), OWN)).toBe('broken');
  });

  it('is asked for under another name, since a browser remembers what failed', async () => {
    const asked: string[] = [];
    const from = (url: string) => {
      asked.push(url);
      return Promise.resolve('screen');
    };
    expect(await again(() => Promise.reject(LOST), from, 2)).toBe('screen');
    expect(asked).toEqual(['http://c3i:8123/assets/TipsScreen-Ab1.js?again=2']);
    expect(await again(() => Promise.resolve('came'), from, 3)).toBe('came');
    await expect(again(() => Promise.reject(new Error('Unable to preload CSS for /assets/a.css')), from, 4)).rejects.toThrow('CSS');
    expect(elsewhere('nothing named', 1)).toBeNull();
  });
});
