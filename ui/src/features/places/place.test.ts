import { describe, expect, it } from 'vitest';
import { distance_m } from '../../live/geo';
import type { Area } from '../../live/rows';
import { areaOf, landmarkIn, moved, radii, stepped, type FoundPlace } from './place';

const behind: Area = {
  lat: 18.5585, lon: -72.2985, radius_m: 160, source: 'landmark', confidence: 'likely', words: 'dèyè legliz Sen Michèl', place_id: 'p',
};
const church: FoundPlace = { id: 'p', name: 'Legliz Sen Michèl', kind: 'church', lat: 18.5585, lon: -72.2985, radius_m: 100, area: behind };

describe('a chosen place', () => {
  it('keeps what was said around the landmark', () => {
    expect(areaOf(church)).toEqual(behind);
  });

  it('brings its own name when it only resembles what was typed', () => {
    expect(areaOf({ ...church, name: 'Legliz Sen Chal', area: { ...behind, confidence: 'heard' } }).words).toBe('Legliz Sen Chal');
  });

  it('is a circle of its own size when the server understood nothing more', () => {
    const { area: _, ...plain } = church;
    expect(areaOf(plain)).toMatchObject({ radius_m: 100, words: 'Legliz Sen Michèl', place_id: 'p' });
  });

  it('moves by a quarter of its radius, and then comes from the map', () => {
    const north = moved(behind, 1, 0);
    expect(distance_m(behind.lat!, behind.lon!, north.lat!, north.lon!)).toBeCloseTo(40, 0);
    expect(north.source).toBe('map');
    const east = moved(behind, 0, 1);
    expect(distance_m(behind.lat!, behind.lon!, east.lat!, east.lon!)).toBeCloseTo(40, 0);
  });

  it('stays where it is while nobody placed it', () => {
    expect(moved({ ...behind, lat: null, lon: null }, 1, 1).lat).toBeNull();
  });

  it('offers its own radius among the usual ones', () => {
    expect(radii(160)).toEqual([50, 150, 160, 320, 500, 1_000, 2_000]);
    expect(radii(150)).toEqual([50, 150, 320, 500, 1_000, 2_000]);
  });

  it('steps through the usual radii by keys, and stops at both ends', () => {
    expect([stepped(150, true), stepped(160, false), stepped(2_000, true), stepped(50, false)]).toEqual([320, 150, 2_000, 50]);
  });
});

describe('a landmark in what was said', () => {
  it.each([
    ['dèyè legliz Sen Michèl, Dèlma 33', 'legliz Sen Michèl'],
    ['anfas mache Salomon', 'mache Salomon'],
    ['en face de l’école Saint-Louis', 'école Saint-Louis'],
    ['detrás de la iglesia', 'iglesia'],
    ['behind the church', 'church'],
    ['Dèlma 33', 'Dèlma 33'],
  ])('%s', (said, name) => expect(landmarkIn(said)).toBe(name));
});
