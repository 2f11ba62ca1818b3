import { describe, expect, it } from 'vitest';
import { inOrder, running, story, turn } from './clocks';
import type { TraceRequest } from './rows';

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T12:00:00Z`;
const NOW = Date.parse(at(11));
const request = (number: number, more: Partial<TraceRequest>): TraceRequest => ({
  id: String(number), version: 1, number, ref: `Q-${number}`, side: 'in', partner: 'JM', theirs: '', firearm: { id: 'f', ref: 'F-1' }, channel: 'lanbi', priority: 'routine', purpose: 'prosecution', legal_basis: 'mutual_assistance', case: '24-1',
  state: 'sent', next: ['acknowledge', 'refuse'], round: 1, clocks: { sent: at(1), arrived: at(1) }, ack_due_at: at(6), answer_due_at: at(21), lapse_at: at(30), overdue: [], drafted_by: 'a', changed_by: null, approved_by: null, leave_out: [], asks: [],
  outcome: null, reason: null, purchaser: 'none', prepared_by: null, trouble: null, synthetic: true, ...more,
});

describe('the clock of a request', () => {
  it('runs to the acknowledgement first, then to the answer', () => {
    const first = running(request(1, {}), NOW)!;
    expect([first.kind, first.over, first.share]).toEqual(['ack_due', true, 2]);
    const then = running(request(1, { state: 'acknowledged', clocks: { arrived: at(1), acknowledged: at(2) } }), NOW)!;
    expect([then.kind, then.over, then.share]).toEqual(['answer_due', false, 0.5]);
  });
  it('begins anew when it was sent again', () => {
    expect(running(request(1, { state: 'acknowledged', clocks: { sent: at(1), sent_again: at(9) } }), NOW)!.from).toBe(Date.parse(at(9)));
  });
  it('does not run for what is written still, or over', () => {
    expect(running(request(1, { state: 'draft' }), NOW)).toBeNull();
    expect(running(request(1, { state: 'answered' }), NOW)).toBeNull();
  });
});

describe('a request', () => {
  it('waits for whoever has the next word', () => {
    expect(turn(request(1, {}))).toBe('us');
    expect(turn(request(1, { next: ['wait'] }))).toBe('them');
    expect(turn(request(1, { state: 'answered', next: ['ask_again'] }))).toBe('nobody');
  });
  it('tells what happened in its order', () => {
    expect(story(request(1, { clocks: { answered: at(9), sent: at(1), acknowledged: at(2) } })).map((s) => s.code)).toEqual(['sent', 'acknowledged', 'answered']);
  });
  it('stands before others when it is our turn, then by what is due soonest', () => {
    const list = [request(1, { next: ['wait'] }), request(2, { answer_due_at: at(28), state: 'acknowledged' }), request(3, {}), request(4, { state: 'answered', next: ['ask_again'] })];
    expect(inOrder(list, NOW).map((r) => r.number)).toEqual([3, 2, 1, 4]);
  });
});
