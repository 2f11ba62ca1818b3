import { expect, it } from 'vitest';
import type { Unit } from '../../live/rows';
import { board } from './board';

const unit = (callsign: string, given: Partial<Unit> = {}): Unit => ({
  id: callsign, version: 1, callsign, kind: 'ambulance', capabilities: [], crew: 2, home: null, shift_until: null, availability: 'available',
  reason: null, state: 'available', since: '2026-11-22T03:24:00Z', assignment_id: null, incident_id: null, timer_due_at: null, timer_words: null,
  welfare_asked_at: null, welfare_due_at: null, emergency_at: null, ...given,
});

it('who calls for help stands first, then what the command names, then by state and callsign', () => {
  const rows = [unit('M10'), unit('M9'), unit('X1', { state: 'out_of_service' }), unit('P3', { state: 'on_scene', emergency_at: '2026-11-22T03:40:00Z' })];
  expect(board(rows, new Set(['X1'])).map((u) => u.callsign)).toEqual(['P3', 'X1', 'M9', 'M10']);
});
