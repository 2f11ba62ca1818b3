import { describe, expect, it } from 'vitest';
import { readPlace, writePlace, type Place } from './where';

describe('the address within tracing', () => {
  const places: Place[] = [
    { room: 'board', board: 'recoveries', id: null }, { room: 'board', board: 'firearms', id: null }, { room: 'board', board: 'new', id: null }, { room: 'board', board: 'recoveries', id: '0192-ab' },
    { room: 'workspace', id: '0192-ab' }, { room: 'workspace', id: null }, { room: 'requests', id: '0192-cd' }, { room: 'matches' }, { room: 'indicators' }, { room: 'openings' }, { room: 'exports' },
  ];
  it.each(places)('leads back to where it was written: %o', (place) => {
    expect(readPlace(writePlace(place))).toEqual(place);
  });
  it('that nobody knows leads to the board', () => {
    for (const odd of [null, '', 'nowhere', 'board/nothing']) expect(readPlace(odd)).toEqual({ room: 'board', board: 'recoveries', id: null });
  });
});
