import { describe, expect, it } from 'vitest';
import type { Norm } from '../api/vocabulary';
import type { Incident } from '../live/rows';
import { kept } from './norms';

const norm: Norm = { code: 'answer_90', labels: {}, seconds: 15, share: 0.9, from: 'ring', to: 'answer', priorities: ['P0', 'P1'] };
const incident = (priority: Incident['priority'], answered_s: number | null): Incident => ({
  id: 'i', version: 1, number: 1, type: null, title: null, priority, state: 'open', area: null, opened_at: '', closed_at: null,
  disposition: null, links: [], calls: 1, needs: [],
  clocks: {
    ring: { at: '2026-11-22T03:00:00Z', source: 'automatic' },
    ...(answered_s === null ? {} : { answer: { at: new Date(Date.parse('2026-11-22T03:00:00Z') + answered_s * 1000).toISOString(), source: 'automatic' as const } }),
  },
});

describe('a norm in the status line', () => {
  it('counts what kept it over what could be measured, and nothing else', () => {
    const held = [incident('P1', 9), incident('P1', 15), incident('P0', 16), incident('P1', null), incident('P3', 3)];
    expect(kept(norm, held)).toEqual({ kept: 2, of: 3 });
  });

  it('has no denominator while nothing was measured', () => {
    expect(kept(norm, [incident('P1', null)])).toEqual({ kept: 0, of: 0 });
  });
});
