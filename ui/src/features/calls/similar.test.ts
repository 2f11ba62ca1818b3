import { describe, expect, it } from 'vitest';
import type { Area, Incident } from '../../live/rows';
import { AGE_MAX_MS, resembling } from './similar';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const area = (lat: number, lon: number, radius_m = 150): Area => ({ lat, lon, radius_m, source: 'caller', confidence: 'likely' });
const incident = (id: string, at: Area | null, opened_ms = NOW - 60_000): Incident => ({
  id, version: 1, number: 1, type: null, title: id, priority: 'P1', state: 'open', area: at,
  opened_at: new Date(opened_ms).toISOString(), closed_at: null, disposition: null, clocks: {}, links: [], calls: 1, needs: [],
});

describe('a call that resembles an incident', () => {
  it('finds the nearest one whose circle meets the call’s', () => {
    const near = incident('near', area(18.561, -72.29));
    const nearer = incident('nearer', area(18.5605, -72.29));
    const hit = resembling(area(18.56, -72.29), [near, nearer], NOW);
    expect(hit?.incident.id).toBe('nearer');
    expect(hit?.distance_m).toBeGreaterThan(50);
    expect(hit?.distance_m).toBeLessThan(60);
  });

  it('proposes nothing far away, nothing old, nothing closed, nothing without a place', () => {
    const here = area(18.56, -72.29);
    expect(resembling(here, [incident('far', area(18.6, -72.29))], NOW)).toBeNull();
    expect(resembling(here, [incident('old', here, NOW - AGE_MAX_MS - 1)], NOW)).toBeNull();
    expect(resembling(here, [{ ...incident('closed', here), state: 'closed' }], NOW)).toBeNull();
    expect(resembling(here, [incident('nowhere', null)], NOW)).toBeNull();
    expect(resembling(null, [incident('any', here)], NOW)).toBeNull();
  });

  it('does not take a whole region for one place', () => {
    expect(resembling(area(18.56, -72.29), [incident('region', area(18.9, -72.1, 60_000))], NOW)).toBeNull();
  });

  it('lets a wide cell circle reach a nearby incident', () => {
    expect(resembling(area(18.56, -72.29, 2_000), [incident('a', area(18.58, -72.29))], NOW)?.incident.id).toBe('a');
  });
});
