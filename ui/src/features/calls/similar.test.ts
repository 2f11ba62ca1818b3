import { describe, expect, it } from 'vitest';
import type { Card } from '../../api/cards.svelte';
import type { Area, Call, Incident } from '../../live/rows';
import { AGE_MAX_MS, resembling, suspects } from './similar';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const area = (lat: number, lon: number, radius_m = 150, words = ''): Area => ({ lat, lon, radius_m, source: 'caller', confidence: 'likely', words });
const incident = (id: string, at: Area | null, opened_ms = NOW - 60_000, more: Partial<Incident> = {}): Incident => ({
  id, version: 1, number: 1, type: null, title: id, priority: 'P1', state: 'open', area: at,
  opened_at: new Date(opened_ms).toISOString(), closed_at: null, disposition: null, clocks: {}, links: [], calls: 1, needs: [], ...more,
});
const found = (here: Area | null, incidents: Incident[], words = '', more: { calls?: Call[]; cards?: Card[]; type?: string } = {}) =>
  suspects({ area: here, words, type: more.type ?? null }, incidents, more.calls ?? [], more.cards ?? [], NOW);
const HERE = area(18.56, -72.29);

describe('a call that resembles an incident', () => {
  it('puts the nearest first among those whose circles meet', () => {
    const hits = found(HERE, [incident('near', area(18.561, -72.29)), incident('nearer', area(18.5605, -72.29))]);
    expect(hits.map((h) => h.incident.id)).toEqual(['nearer', 'near']);
    expect(hits[0]!.distance_m).toBeGreaterThan(50);
    expect(hits[0]!.distance_m).toBeLessThan(60);
    expect(hits[0]!.meets).toBe(true);
  });

  it('proposes nothing far away, nothing old, nothing closed, nothing without a place', () => {
    expect(found(HERE, [incident('far', area(18.6, -72.29))])).toEqual([]);
    expect(found(HERE, [incident('old', HERE, NOW - AGE_MAX_MS - 1)])).toEqual([]);
    expect(found(HERE, [{ ...incident('closed', HERE), state: 'closed' }])).toEqual([]);
    expect(found(HERE, [incident('nowhere', null)])).toEqual([]);
    expect(found(null, [incident('any', HERE)])).toEqual([]);
  });

  it('does not take a whole region for one place, and lets a wide cell reach a nearby incident', () => {
    expect(resembling(HERE, [incident('region', area(18.9, -72.1, 60_000))], NOW)).toBeNull();
    expect(resembling(area(18.56, -72.29, 2_000), [incident('a', area(18.58, -72.29))], NOW)?.incident.id).toBe('a');
  });

  it('says that two places are near although their circles do not meet', () => {
    const [hit] = found(area(18.56, -72.29, 50), [incident('a', area(18.5625, -72.29, 50))]);
    expect(hit).toMatchObject({ meets: false });
  });

  it('prefers the one whose words agree to one that is a little nearer, and names the words', () => {
    const wordy = incident('wordy', area(18.561, -72.29), NOW - 60_000, { title: 'Kamyonèt frape moto' });
    const hits = found(HERE, [incident('mute', area(18.5604, -72.29), NOW - 60_000, { title: 'Dife' }), wordy], 'yon kamyonet ak yon MOTO dèyè legliz la');
    expect(hits[0]).toMatchObject({ incident: { id: 'wordy' }, words: ['kamyonet', 'moto'] });
  });

  it('reads the words of the calls that an incident has', () => {
    const call = { id: 'c', incident_id: 'a', words: 'estasyon gaz la pran dife' } as Call;
    expect(found(HERE, [incident('a', HERE)], 'dife nan estasyon an', { calls: [call] })[0]!.words).toEqual(['estasyon', 'dife']);
  });

  it('finds without a place what shares enough words, and not what shares one', () => {
    const there = incident('a', area(18.5, -72.3, 100, 'dèyè legliz Sen Michèl'), NOW - 60_000, { title: 'Tire' });
    expect(found(null, [there], 'y ap tire dèyè legliz la')[0]).toMatchObject({ distance_m: null, words: ['legliz', 'tire', 'deye'] });
    expect(found(null, [there], 'legliz la bèl')).toEqual([]);
  });

  it('knows the same event in two languages by its card', () => {
    const fire = { code: 'fire', labels: {}, types: ['house_fire'], words: { ht: ['kay la ap boule'], en: ['house on fire'] }, questions: [], rules: [], advice: [], never: [] } as unknown as Card;
    const there = incident('a', HERE, NOW - 60_000, { type: 'house_fire', title: 'Kay la ap boule' });
    const other = incident('b', HERE, NOW - 60_000, { type: 'noise', title: 'Gwo bri' });
    const hits = found(HERE, [other, there], 'there is a house on fire', { cards: [fire] });
    expect(hits.map((h) => [h.incident.id, h.kind])).toEqual([['a', 'alike'], ['b', null]]);
    expect(found(HERE, [there], '', { type: 'house_fire' })[0]!.kind).toBe('same');
  });

  it('shows the newer of two that agree alike', () => {
    const hits = found(HERE, [incident('older', HERE, NOW - 50 * 60_000), incident('newer', HERE)]);
    expect(hits.map((h) => h.incident.id)).toEqual(['newer', 'older']);
  });
});
