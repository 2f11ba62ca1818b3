/** What a person calls those who write and are written to. */

import { labelOf, t, words } from '../../i18n/index.svelte';
import { picture } from '../../live/picture.svelte';
import type { Channel, Message } from '../../live/rows';
import type { To } from './commands';

export interface Person {
  id: string;
  name: string;
  role: string;
  lang: 'ht' | 'fr' | 'es' | 'en';
  seated: boolean;
}

/** The name of a channel: its label, what its maker called it, or that the name was erased. */
export function channelName(channel: Channel | undefined, id = ''): string {
  if (channel && channel.code === null) return channel.name ?? t('log-erased');
  const code = channel?.code ?? id;
  return labelOf(words.entry('message_channels', code), t('msg-channel-closed'));
}

export const fromKey = (key: string): To => {
  const at = key.indexOf(':');
  return { kind: key.slice(0, at) as To['kind'], id: key.slice(at + 1) };
};
const KINDS = new Set(['unit', 'role', 'account', 'channel']);
/** Whether this is the address of a conversation at all. */
export const isKey = (key: string | null): key is string => key !== null && KINDS.has(key.split(':', 1)[0]!) && key.includes(':');

/** The name of whom or what a conversation is with. `seen`: a message of it, for whoever has left the picture. */
export function titleOf(to: To, people: readonly Person[], seen?: Message | null): string {
  switch (to.kind) {
    case 'channel':
      return channelName(picture.get('channel', to.id), to.id);
    case 'role':
      return t('msg-every', { role: words.label('roles', to.id) });
    case 'unit':
      return picture.get('unit', to.id)?.callsign ?? (seen?.from.unit_id === to.id ? seen.from.name : seen?.receipts.find((r) => r.id === to.id)?.name) ?? t('msg-unit-gone');
    case 'account':
      return people.find((p) => p.id === to.id)?.name ?? (seen?.from.id === to.id ? seen.from.name : seen?.to.id === to.id ? seen.to.name : to.id);
  }
}

/** Whom a message was for, in few words. */
export const toWords = (message: Message, people: readonly Person[]): string => titleOf(message.to, people, message);
