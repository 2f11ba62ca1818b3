/** The verbs as data: the parser, the help sheet and docs/reference/commands.md read the same file. Of each verb
 *  its sentences are `cmd-does-…` (one word) and `verb-…` (one line) with its id. */

import type { AssignmentStatus } from '../../live/rows';
import { t } from '../../i18n/index.svelte';
import data from './verbs.json';

export interface Verb {
  id: string;
  /** what is typed; the aliases mean the same */
  verb: string;
  aliases: readonly string[];
  /** one of these actions opens it; none: it is everybody's */
  actions: readonly string[];
  /** how it is written, with … for words and 123 for an incident */
  shape: string;
  example: string;
  group: string;
  /** the tags that it takes, such as loc: */
  tags: readonly string[];
  /** it stands beside the empty line */
  idle: boolean;
  /** what it does can be taken back for ten seconds */
  undo: boolean;
  /** the step that it says of a unit */
  step?: AssignmentStatus;
}

export const VERBS = data.verbs as readonly Verb[];
/** Every tag, with what else people write for it. */
export const TAGS = data.tags as Readonly<Record<string, readonly string[]>>;
export const GROUPS = ['incident', 'units', 'alarm', 'room'] as const;

const named = new Map(VERBS.flatMap((v) => [v.verb, ...v.aliases].map((name) => [name, v])));
/** What is left of a verb however it is written: capitals, no accents. */
export const bare = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
export const verbNamed = (word: string): Verb | undefined => named.get(bare(word));

/** What it does, in one word and in one line. */
export const does = (v: Verb) => t(`cmd-does-${v.id}`);
export const tells = (v: Verb) => t(`verb-${v.id}`);
