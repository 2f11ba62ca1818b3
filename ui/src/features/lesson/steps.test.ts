import { describe, expect, it } from 'vitest';
import type { Norm } from '../../api/vocabulary';
import type { Call, Incident } from '../../live/rows';
import { KEYS, measure, next, shown, STEPS, type Seen, type Step } from './steps';

const call = (row: Partial<Call>) => ({ id: 'c', state: 'offered', area: null, taken_by: null, incident_id: null, ...row }) as Call;
const incident = (clocks: Record<string, string>, state: 'open' | 'closed' = 'open') =>
  ({ id: 'i', state, clocks: Object.fromEntries(Object.entries(clocks).map(([code, at]) => [code, { at: `2026-11-22T03:${at}Z`, source: 'automatic' }])) }) as unknown as Incident;
const seen = (more: Partial<Seen>): Seen => ({ me: 'plas2', call: null, incident: null, noted: false, screen: 'floor', ...more });
const last = (done: Step[]) => next(STEPS, new Set(done), new Set());

describe('the first shift', () => {
  it('goes on by what happened, in whatever order it did', () => {
    expect(last(shown(seen({ call: call({}) })))).toBe('take');
    const mine = call({ state: 'answered', taken_by: { id: 'plas2', name: 'Plas 2' } });
    expect(last(shown(seen({ call: mine })))).toBe('place');
    expect(last(shown(seen({ call: { ...mine, area: { lat: 18, lon: -72, radius_m: 90, source: 'landmark', confidence: 'likely' } } })))).toBe('open');
    const opened = incident({ entered: '00:10', location_known: '00:10' });
    expect(last(shown(seen({ call: mine, incident: opened })))).toBe('send');
    const there = incident({ entered: '00:10', location_known: '00:10', first_assigned: '00:20', on_scene: '01:00' });
    expect(last(shown(seen({ call: mine, incident: there })))).toBe('note');
    expect(last(shown(seen({ call: mine, incident: there, noted: true })))).toBe('close');
    expect(last(shown(seen({ call: mine, incident: { ...there, state: 'closed' }, noted: true })))).toBe('handover');
    expect(last(shown(seen({ call: mine, incident: { ...there, state: 'closed' }, noted: true, screen: 'handover' })))).toBeNull();
  });

  it('does not count what somebody else took', () => {
    expect(shown(seen({ call: call({ state: 'answered', taken_by: { id: 'plas1', name: 'Plas 1' } }) }))).toEqual([]);
  });

  it('leaves out what was skipped, and what this house has not', () => {
    expect(next(STEPS, new Set(), new Set(['take']))).toBe('place');
    expect(next(['take'], new Set(['take']), new Set())).toBeNull();
  });

  it('shows a key for each step', () => {
    for (const step of STEPS) expect(KEYS[step].length).toBeGreaterThan(0);
  });

  it('measures against the norms, where there are some', () => {
    const norms = [{ code: 'answer_90', from: 'ring', to: 'answer', seconds: 15 }] as unknown as Norm[];
    const done = incident({ ring: '00:00', answer: '00:04', location_known: '00:20', entered: '00:31' });
    expect(measure(done, norms)).toEqual([
      { from: 'ring', to: 'answer', seconds: 4, norm_s: 15 },
      { from: 'answer', to: 'location_known', seconds: 16, norm_s: null },
      { from: 'answer', to: 'entered', seconds: 27, norm_s: null },
    ]);
  });
});
