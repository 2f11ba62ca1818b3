/** What can be done with messages. Each answer is shown at once; its push finds it there. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { AddresseeKind, Channel, Message, MessagePriority } from '../../live/rows';

export interface To {
  kind: AddresseeKind;
  id: string;
}

export interface Letter {
  words?: string;
  template?: string;
  args?: Record<string, string>;
  incident_id?: string;
  reply_to?: string;
  priority?: MessagePriority;
}

export const keyOf = (to: To) => `${to.kind}:${to.id}`;

async function shown(answer: Promise<Message>): Promise<Message> {
  const message = await answer;
  picture.put('message', message);
  return message;
}

/** Sends; while the link is cut it waits in the outbox, and says so: not even sent. */
export const send = (to: To, letter: Letter) =>
  shown(api.command<Message>('/messages', { to: { kind: to.kind, id: to.id }, ...letter } satisfies Body<'MessageBody'>, { about: keyOf(to) }));

/** For the command line: plain words to a unit, a role, an account or a channel. */
export const sendMessage = (to: To, words: string, about?: string): Promise<Message> =>
  send(to, about === undefined ? { words } : { words, incident_id: about });

export type Verb = 'receive' | 'acknowledge' | 'comply' | 'refuse' | 'done';

export interface Heard {
  /** the unit that was heard by radio; absent for one's own */
  for?: string;
  /** when, if not now */
  at?: string;
  reason?: string;
}

export const step = (id: string, verb: Verb, heard: Heard = {}) =>
  shown(api.command<Message>(`/messages/${id}/${verb}`, heard satisfies Body<'ReceiptBody'> | Body<'RefuseBody'>, { about: id }));

async function seen(answer: Promise<Channel>): Promise<Channel> {
  const channel = await answer;
  if (channel.closed_at === null) picture.put('channel', channel);
  return channel;
}

export const openChannel = (name: string, incident_id: string | null) =>
  seen(api.command<Channel>('/channels', { name, ...(incident_id ? { incident_id } : {}) } satisfies Body<'ChannelBody'>));
export const closeChannel = (id: string) => seen(api.command<Channel>(`/channels/${id}/close`, {}, { about: id }));
