import { describe, expect, it } from 'vitest';
import { EVERYWHERE, OF_SCREEN, takes } from './keys';
import { SCREENS } from './screens';

describe('the keys of the screens', () => {
  it('are told for every screen there is', () => {
    for (const { name } of SCREENS) expect(OF_SCREEN[name].length, name).toBeGreaterThan(0);
  });
  it('leave K to a screen that has a use of its own for it', () => {
    expect(['messages', 'handover', 'rosters', 'major', 'tips'].filter((n) => !takes(n as 'tips', 'K'))).toEqual([]);
    expect(['floor', 'map', 'situation', 'journal', 'seat'].filter((n) => takes(n as 'map', 'K'))).toEqual([]);
  });
  it('tell each sentence once, so that nobody wonders which of two holds', () => {
    for (const lines of [EVERYWHERE, ...Object.values(OF_SCREEN)]) {
      const told = lines.map(([, text]) => text);
      expect(new Set(told).size).toBe(told.length);
    }
  });
});
