/** What was begun in each conversation stays there: through other conversations, other screens and refusals. */

import type { MessagePriority } from '../../live/rows';

export interface Draft {
  text: string;
  template: string | null;
  args: Record<string, string>;
  /** null: what the template asks for, else routine */
  priority: MessagePriority | null;
  incident: string;
  reply_to: string | null;
}

function fresh(): Draft {
  const draft = $state<Draft>({ text: '', template: null, args: {}, priority: null, incident: '', reply_to: null });
  return draft;
}
const held = new Map<string, Draft>();
export const DRAFTS_MAX = 200;

/** The draft of this person in this conversation; nobody else's. */
export function draftOf(me: string, key: string): Draft {
  const name = `${me} ${key}`;
  let draft = held.get(name);
  if (!draft) {
    if (held.size >= DRAFTS_MAX) held.delete(held.keys().next().value!);
    draft = fresh();
    held.set(name, draft);
  }
  return draft;
}

/** Sent: the conversation is empty again. */
export function forget(me: string, key: string): Draft {
  held.delete(`${me} ${key}`);
  return draftOf(me, key);
}
