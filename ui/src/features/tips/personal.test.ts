import { describe, expect, it } from 'vitest';
import { looksPersonal } from './personal';

describe('what could lead to a person', () => {
  it.each(['rele m nan 3456 0142', '+509 34-56-01-42', '(509) 3456.0142', 'ekri jan@egzanp.org'])('is seen in %s', (text) => {
    expect(looksPersonal(text)).toBe(true);
  });
  it.each(['Dèlma 33, kay 124', 'yo te 15 moun ak 3 machin', 'a 22:40, 12 nov', 'kont @tiyo'])('is not seen in %s', (text) => {
    expect(looksPersonal(text)).toBe(false);
  });
});
