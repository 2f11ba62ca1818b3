/** What a screen has applied has been received: said once per person and message, and nothing more is claimed. */

import type { Channel, Message } from '../../live/rows';
import { step } from './commands';
import { atLeast, forMe, myReceipt, type Me } from './messages';

const told = new Set<string>();

/** Tells the room that these have reached me. A cut link keeps it waiting; a refusal is not repeated. */
export function confirmReceived(messages: readonly Message[], me: Me, channels: ReadonlyMap<string, Channel>): void {
  for (const message of messages) {
    const own = myReceipt(message, me);
    const mark = `${me.id} ${message.id}`;
    if (told.has(mark) || !forMe(message, me, channels) || (own && atLeast(own, 'received'))) continue;
    told.add(mark);
    step(message.id, 'receive').catch(() => undefined);
  }
}
