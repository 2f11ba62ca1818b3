/** Which conversation a message belongs to, whom it waits for, and what of it is whose. Pure. */

import type { Channel, Message, MessageStep, Receipt } from '../../live/rows';

/** Whoever sits here. */
export interface Me {
  id: string;
  role: string;
  unit_id: string | null;
}

export const RANK: Record<MessageStep, number> = {
  sent: 0, received: 1, acknowledged: 2, will_comply: 3, cannot_comply: 4, done: 4,
};
export const atLeast = (receipt: Receipt, step: MessageStep): boolean => RANK[receipt.step] >= RANK[step];

export const isMine = (receipt: Receipt, me: Me): boolean =>
  me.unit_id === null ? receipt.kind === 'account' && receipt.id === me.id : receipt.kind === 'unit' && receipt.id === me.unit_id;
export const sentByMe = (message: Message, me: Me): boolean =>
  me.unit_id === null ? message.from.id === me.id : message.from.unit_id === me.unit_id;
export const myReceipt = (message: Message, me: Me): Receipt | undefined => message.receipts.find((r) => isMine(r, me));

/** Whether it is for me: I was addressed, or it went to my role and nobody has taken it yet. */
export function forMe(message: Message, me: Me, channels: ReadonlyMap<string, Channel>): boolean {
  if (sentByMe(message, me)) return false;
  if (myReceipt(message, me)) return true;
  if (message.counts.acknowledged > 0) return false;
  if (message.to.kind === 'role') return message.to.id === me.role;
  const channel = message.to.kind === 'channel' ? channels.get(message.to.id) : undefined;
  // A channel of crews is only listened in to: nobody of the room is waited for there.
  return channel !== undefined && message.receipts.every((r) => r.kind === 'account') && channel.roles.includes(me.role);
}

/** Whether I have yet to acknowledge it. */
export function unread(message: Message, me: Me, channels: ReadonlyMap<string, Channel>): boolean {
  const own = myReceipt(message, me);
  return forMe(message, me, channels) && !(own && atLeast(own, 'acknowledged'));
}

/** Whether the room waits for somebody else to acknowledge it. */
export const waitedFor = (message: Message, me: Me): boolean =>
  message.counts.acknowledged < Math.max(1, message.counts.of) && !message.receipts.some((r) => isMine(r, me) && !atLeast(r, 'acknowledged'));

/** The conversation that it stands in, as `kind:id`: a channel, a role, a unit, or the other person. */
export function conversation(message: Message, me: Me): string {
  if (message.to.kind === 'channel') return `channel:${message.to.id}`;
  if (message.from.unit_id !== null) return `unit:${message.from.unit_id}`;
  if (message.to.kind !== 'account') return `${message.to.kind}:${message.to.id}`;
  return `account:${message.to.id === me.id ? message.from.id : message.to.id}`;
}

/** Where an answer to it goes: back to whoever wrote it, on into the channel, or to the same people again. */
export function answerTo(message: Message, me: Me): { kind: Message['to']['kind']; id: string } {
  if (message.to.kind === 'channel' || sentByMe(message, me)) return { kind: message.to.kind, id: message.to.id };
  return message.from.unit_id === null ? { kind: 'account', id: message.from.id } : { kind: 'unit', id: message.from.unit_id };
}

export interface Conversation {
  key: string;
  last: Message | null;
  unread: number;
  waiting: number;
  /** a flash message in it is overdue, or waits for me */
  alarm: boolean;
}

/** Every conversation with what stands in it, by key. `now`: server milliseconds. */
export function gather(messages: readonly Message[], me: Me, channels: ReadonlyMap<string, Channel>, now: number): Map<string, Conversation> {
  const found = new Map<string, Conversation>();
  for (const message of messages) {
    const key = conversation(message, me);
    const held = found.get(key) ?? { key, last: null, unread: 0, waiting: 0, alarm: false };
    if (!held.last || message.sent_at > held.last.sent_at) held.last = message;
    if (unread(message, me, channels)) held.unread += 1;
    else if (waitedFor(message, me)) held.waiting += 1;
    if (overdue(message, now)) held.alarm = true;
    found.set(key, held);
  }
  return found;
}

/** A flash message that somebody has let the time pass for. */
export const overdue = (message: Message, now: number): boolean =>
  message.acknowledge_by !== null && now >= Date.parse(message.acknowledge_by) && message.counts.acknowledged < Math.max(1, message.counts.of);

const WEIGHT = { flash: 0, urgent: 1, routine: 2 } as const;

/** What is for me and not yet acknowledged: the gravest first, then the oldest. */
export function incoming(messages: readonly Message[], me: Me, channels: ReadonlyMap<string, Channel>): Message[] {
  return messages
    .filter((m) => unread(m, me, channels))
    .toSorted((a, b) => WEIGHT[a.priority] - WEIGHT[b.priority] || a.sent_at.localeCompare(b.sent_at));
}

/** When a receipt last moved: its furthest step, or the sending. */
export const movedAt = (message: Message, receipt: Receipt): string => receipt.steps[receipt.step]?.at ?? message.sent_at;
