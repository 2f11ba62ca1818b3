/** What was begun in each conversation stays there: through other conversations, other screens, refusals and a reload. */

import { keepOverReload, type Kept } from '../../kit/reload';
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

const EMPTY: Draft = { text: '', template: null, args: {}, priority: null, incident: '', reply_to: null };
function fresh(begun: Partial<Draft> = {}): Draft {
  const draft = $state<Draft>({ ...EMPTY, args: {}, ...begun });
  return draft;
}
const held = new Map<string, Draft>();
export const DRAFTS_MAX = 200;

const isBegun = (draft: Draft): boolean => draft.text !== '' || draft.template !== null;
export const kept: Kept = {
  out: () => {
    const begun = [...held].filter(([, draft]) => isBegun(draft)).map(([name, draft]) => [name, { ...draft, args: { ...draft.args } }]);
    return begun.length ? begun : undefined;
  },
  back: (begun: [string, Draft][]) => {
    for (const [name, draft] of begun) held.set(name, fresh(draft));
  },
};
keepOverReload('messages', kept);

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

/** Somebody else sits here now. */
export function forgetMessages(): void {
  held.clear();
}
