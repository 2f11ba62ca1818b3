import { describe, expect, it } from 'vitest';
import type { Channel, Message, MessageStep, Receipt } from '../../live/rows';
import { answerTo, conversation, forMe, gather, incoming, overdue, unread, waitedFor, type Me } from './messages';

const me: Me = { id: 'plas2', role: 'dispatcher', unit_id: null };
const crew: Me = { id: 'crew.m21', role: 'field_unit', unit_id: 'u21' };
const SENT = '2026-11-22T03:00:00.000000Z';

const receipt = (id: string, step: MessageStep = 'sent', kind: Receipt['kind'] = 'account'): Receipt => ({
  kind, id, name: id, step, steps: {}, reason: null, listed: true,
});
function message(given: Partial<Message> = {}): Message {
  const receipts = given.receipts ?? [];
  const count = (steps: MessageStep[]) => receipts.filter((r) => steps.includes(r.step)).length;
  return {
    id: 'm', version: 1, sent_at: SENT, from: { id: 'plas1', name: 'Plas 1', unit_id: null }, to: { kind: 'role', id: 'dispatcher', name: '' },
    incident_id: null, reply_to: null, thread: 'm', priority: 'routine', template: null, args: {}, words: 'ale', acknowledge_by: null, open: true,
    counts: {
      of: receipts.length, received: receipts.length - count(['sent']), acknowledged: receipts.length - count(['sent', 'received']),
      will_comply: count(['will_comply']), cannot_comply: count(['cannot_comply']), done: count(['done']),
    },
    receipts, ...given,
  };
}
const channel = (id: string, roles: string[]): Channel => ({
  id, version: 1, code: id, name: null, incident_id: null, kinds: [], units: [], roles, opened_at: null, closed_at: null,
});
const channels = new Map([['room', channel('room', ['dispatcher'])], ['police', channel('police', ['dispatcher'])]]);

describe('what is for me', () => {
  it('is what I was addressed with, until I acknowledge it', () => {
    const held = message({ receipts: [receipt('plas2', 'received')] });
    expect(unread(held, me, channels)).toBe(true);
    expect(unread(message({ receipts: [receipt('plas2', 'acknowledged')] }), me, channels)).toBe(false);
  });

  it('is what went to my role while nobody has taken it', () => {
    expect(forMe(message(), me, channels)).toBe(true);
    expect(forMe(message({ receipts: [receipt('plas3', 'received')] }), me, channels)).toBe(true);
    expect(forMe(message({ receipts: [receipt('plas3', 'acknowledged')] }), me, channels)).toBe(false);
    expect(forMe(message({ to: { kind: 'role', id: 'commander', name: '' } }), me, channels)).toBe(false);
  });

  it('is never what I wrote myself', () => {
    expect(forMe(message({ from: { id: 'plas2', name: '', unit_id: null } }), me, channels)).toBe(false);
  });

  it('is not what crews are told on their channel, which I only hear', () => {
    const to = { kind: 'channel', id: 'police', name: '' } as const;
    expect(forMe(message({ to, receipts: [receipt('u7', 'sent', 'unit')] }), me, channels)).toBe(false);
    expect(forMe(message({ to: { ...to, id: 'room' } }), me, channels)).toBe(true);
  });

  it('is, for a crew, what its unit was told', () => {
    expect(forMe(message({ receipts: [receipt('u21', 'sent', 'unit')] }), crew, channels)).toBe(true);
    expect(forMe(message({ receipts: [receipt('u22', 'sent', 'unit')] }), crew, channels)).toBe(false);
  });
});

describe('a conversation', () => {
  it('is the channel, the unit on either side, the role, or the other person', () => {
    expect(conversation(message({ to: { kind: 'channel', id: 'room', name: '' } }), me)).toBe('channel:room');
    expect(conversation(message({ to: { kind: 'unit', id: 'u21', name: 'M21' } }), me)).toBe('unit:u21');
    expect(conversation(message({ from: { id: 'crew.m21', name: 'M21', unit_id: 'u21' } }), me)).toBe('unit:u21');
    expect(conversation(message(), me)).toBe('role:dispatcher');
    expect(conversation(message({ to: { kind: 'account', id: 'plas2', name: '' } }), me)).toBe('account:plas1');
    expect(conversation(message({ from: { id: 'plas2', name: '', unit_id: null }, to: { kind: 'account', id: 'plas1', name: '' } }), me)).toBe('account:plas1');
  });

  it('is answered to whoever wrote, or on into the channel', () => {
    expect(answerTo(message(), me)).toEqual({ kind: 'account', id: 'plas1' });
    expect(answerTo(message({ from: { id: 'crew.m21', name: 'M21', unit_id: 'u21' } }), me)).toEqual({ kind: 'unit', id: 'u21' });
    expect(answerTo(message({ to: { kind: 'channel', id: 'room', name: '' } }), me)).toEqual({ kind: 'channel', id: 'room' });
    expect(answerTo(message({ from: { id: 'plas2', name: '', unit_id: null } }), me)).toEqual({ kind: 'role', id: 'dispatcher' });
  });

  it('counts what I have not acknowledged apart from what others have not', () => {
    const mine = message({ id: 'a', receipts: [receipt('plas2', 'received')] });
    const theirs = message({ id: 'b', from: { id: 'plas2', name: '', unit_id: null }, receipts: [receipt('plas3', 'received')] });
    const settled = message({ id: 'c', receipts: [receipt('plas2', 'acknowledged')] });
    const held = gather([mine, theirs, settled], me, channels, Date.parse(SENT)).get('role:dispatcher');
    expect([held?.unread, held?.waiting]).toEqual([1, 1]);
    expect(waitedFor(message({ from: { id: 'plas2', name: '', unit_id: null } }), me)).toBe(true);
  });
});

describe('what comes in', () => {
  it('is the gravest first, then the oldest', () => {
    const rows = [
      message({ id: 'late', sent_at: '2026-11-22T03:00:09.000000Z', priority: 'urgent' }), message({ id: 'calm' }),
      message({ id: 'early', priority: 'urgent' }), message({ id: 'flash', sent_at: '2026-11-22T03:00:20.000000Z', priority: 'flash' }),
    ];
    expect(incoming(rows, me, channels).map((m) => m.id)).toEqual(['flash', 'early', 'late', 'calm']);
  });

  it('is overdue when a flash message was not acknowledged by all in time, or was heard by nobody', () => {
    const by = '2026-11-22T03:01:00.000000Z';
    const flash = message({ priority: 'flash', acknowledge_by: by, receipts: [receipt('plas2', 'acknowledged'), receipt('plas3')] });
    expect(overdue(flash, Date.parse(by) - 1)).toBe(false);
    expect(overdue(flash, Date.parse(by))).toBe(true);
    expect(overdue(message({ acknowledge_by: by }), Date.parse(by))).toBe(true);
    expect(overdue(message({ acknowledge_by: by, receipts: [receipt('plas2', 'done')] }), Date.parse(by))).toBe(false);
  });
});
