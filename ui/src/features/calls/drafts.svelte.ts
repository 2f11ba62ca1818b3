/** What is being typed about each call in hand: in memory, one per call, never touched by a push. It is put by
 *  for the moment of a reload, in this tab alone. */

import { keepOverReload, type Kept } from '../../kit/reload';
import type { Area, Call, Priority } from '../../live/rows';

export class Draft {
  words = $state('');
  /** how much of `words` the server already holds */
  saved = $state('');
  /** what was said or written before this seat took the call */
  before: string;
  area = $state.raw<Area | null>(null);
  typed = $state('');
  type = $state<string | null>(null);
  priority = $state<Priority | null>(null);
  /** true once a person chose the priority: the type no longer proposes one */
  chosen = $state(false);
  title = $state('');
  /** the question card in hand */
  card = $state<string | null>(null);
  /** answers given here, by "card.question"; '' for one that was taken back */
  answers = $state.raw<Readonly<Record<string, string>>>({});
  /** questions passed over, by "card.question" */
  skipped = $state.raw<readonly string[]>([]);
  /** the card's proposal that was accepted; gone once type or priority are chosen otherwise */
  because = $state.raw<{ card: string; rule: string | null } | null>(null);
  /** the pieces of what was said that this seat wrote down */
  wrote = $state.raw<readonly string[]>([]);

  constructor(call: Call | null) {
    this.before = call?.words ?? '';
    this.area = call?.area ?? null;
  }

  /** What a reload must not lose. */
  get typing() {
    const { words, saved, before, area, typed, type, priority, chosen, title, card, answers, skipped, because, wrote } = this;
    return { words, saved, before, area, typed, type, priority, chosen, title, card, answers, skipped, because, wrote };
  }
}

const drafts = new Map<string, Draft>();

export const kept: Kept = {
  out: () => (drafts.size ? [...drafts].map(([key, draft]) => [key, draft.typing]) : undefined),
  back: (typing: [string, Draft['typing']][]) => {
    for (const [key, typed] of typing) drafts.set(key, Object.assign(new Draft(null), typed));
  },
};
keepOverReload('calls', kept);
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
