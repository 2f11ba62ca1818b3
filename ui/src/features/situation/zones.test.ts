import { expect, it } from 'vitest';
import type { Zone } from '../../live/rows';
import { zoneAt } from './zones';

const square = (name: string, west: number, rings: [number, number][][] = []): Zone => ({
  id: name, version: 1, name, names: {}, lat: 18.5, lon: west + 0.5, state: 'quiet', since: null,
  rings: [[[west, 18], [west + 1, 18], [west + 1, 19], [west, 19]], ...rings],
  facts: { reason: '', units: 0, lost: [], heard_at: null, events: 0, event_at: null, baseline_hours: 0, baseline_least: null, baseline_median: null },
});

it('a point lies in the zone around it, in none beside them, and not in a hole', () => {
  const hole: [number, number][] = [[-72.6, 18.4], [-72.4, 18.4], [-72.4, 18.6], [-72.6, 18.6]];
  const zones = [square('Kafou', -74), square('Dèlma', -73, [hole])];
  expect(zoneAt(zones, 18.5, -73.5)?.name).toBe('Kafou');
  expect(zoneAt(zones, 18.2, -72.5)?.name).toBe('Dèlma');
  expect(zoneAt(zones, 18.5, -72.5)).toBeUndefined();
  expect(zoneAt(zones, 20, -73.5)).toBeUndefined();
});
