/** What is being typed about each call in hand. In memory only, one per call, never touched by a push. */

import type { Area, Call, Priority } from '../../live/rows';

export class Draft {
  words = $state('');
  /** how much of `words` the server already holds */
  saved = $state('');
  /** what was said or written before this seat took the call */
  readonly before: string;
  area = $state.raw<Area | null>(null);
  typed = $state('');
  type = $state<string | null>(null);
  priority = $state<Priority | null>(null);
  /** true once a person chose the priority: the type no longer proposes one */
  chosen = $state(false);
  title = $state('');

  constructor(call: Call | null) {
    this.before = call?.words ?? '';
    this.area = call?.area ?? null;
  }
}

const drafts = new Map<string, Draft>();
/** The draft of an incident that no call brought. */
export const WITHOUT_CALL = 'new';

export function draftOf(call: Call | null): Draft {
  const key = call?.id ?? WITHOUT_CALL;
  let draft = drafts.get(key);
  if (!draft) drafts.set(key, (draft = new Draft(call)));
  return draft;
}

export function forget(key: string): void {
  drafts.delete(key);
}

export function forgetAll(): void {
  drafts.clear();
}
