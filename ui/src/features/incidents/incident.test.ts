import { beforeAll, describe, expect, it } from 'vitest';
import type { Norm } from '../../api/vocabulary';
import { speech } from '../../i18n/index.svelte';
import type { Incident } from '../../live/rows';
import { nameOf, runningClock, sinceFirst, toward } from './incident';

const at = (seconds: number) => new Date(Date.parse('2026-11-22T03:44:51Z') + seconds * 1000).toISOString();
const mark = (seconds: number) => ({ at: at(seconds), source: 'automatic' as const });
const incident: Incident = {
  id: 'i', version: 1, number: 2417, type: null, title: 'Aksidan wout', priority: 'P1', state: 'open', area: null,
  opened_at: at(61), closed_at: null, disposition: null, links: [], calls: 1, needs: [],
  clocks: { ring: mark(0), answer: mark(4), entered: mark(61) },
};
const processing: Norm = { code: 'processing', labels: { ht: 'Trètman ≤ 60 s' }, seconds: 60, share: 0.9, from: 'answer', to: 'notified', priorities: ['P0', 'P1'] };
const now = Date.parse(at(124));

beforeAll(() => {
  speech.lang = 'ht';
});

describe('an incident', () => {
  it('is so far toward the norm of its stage', () => {
    expect(toward(incident, [processing], 'waiting', now)).toMatchObject({ value: 2, text: '2:00 / 1:00' });
  });

  it('has no norm to run toward once it was met, or when the norm is not for its priority', () => {
    expect(toward({ ...incident, clocks: { ...incident.clocks, notified: mark(70) } }, [processing], 'waiting', now)).toBeNull();
    expect(toward({ ...incident, priority: 'P3' }, [processing], 'waiting', now)).toBeNull();
    expect(toward(incident, [processing], 'underway', now)).toBeNull();
  });

  it('counts its clocks from the first that struck', () => {
    expect(sinceFirst(incident, 'answer')).toBe(4);
    expect(sinceFirst(incident, 'on_scene')).toBeNull();
  });

  it('shows the clock that runs, and none when it is closed', () => {
    expect(runningClock(incident)).toBe('first_assigned');
    expect(runningClock({ ...incident, clocks: { ...incident.clocks, first_assigned: mark(80), on_scene: mark(600) } })).toBe('transport');
    expect(runningClock({ ...incident, state: 'closed' })).toBeNull();
  });

  it('has a name even before anybody gave it one', () => {
    expect(nameOf(incident)).toBe('Aksidan wout');
    expect(nameOf({ ...incident, title: '' })).toBe('Kalite poko konnen');
  });
});
