/** The keys of each screen, for the help sheet: key, sentence, and the action without which it is left out. */

import type { Route } from './route.svelte';

export type KeyLine = readonly [key: string, sentence: string, action?: string];

export const EVERYWHERE: readonly KeyLine[] = [
  ['/  F2', 'key-command'], ['Z  Ctrl Z', 'key-undo'], ['W', 'key-alarm', 'alarms.take'], ['G', 'key-go'], ['↑ ↓', 'key-rows'], ['Tab', 'key-next'], ['Esc', 'key-leave'], ['?', 'key-help'],
];

export const OF_SCREEN: Readonly<Partial<Record<Route['name'], readonly KeyLine[]>>> = {
  messages: [
    ['Q', 'key-msg-q'], ['M', 'key-msg-m'], ['N', 'key-msg-n'], ['A', 'key-msg-a', 'messages.send'], ['R', 'key-msg-r', 'messages.send'],
    ['T  Alt T', 'key-msg-t', 'messages.send'], ['Alt 1 2 3', 'key-msg-priority', 'messages.send'], ['K', 'key-msg-k', 'messages.receipt'],
    ['O', 'key-msg-o', 'messages.receipt'], ['X', 'key-msg-x', 'messages.receipt'], ['F', 'key-msg-f', 'messages.receipt'], ['C', 'key-msg-c', 'channels.make'],
  ],
  floor: [
    ['T', 'key-take', 'calls.answer'], ['A', 'key-claim', 'calls.answer'], ['I', 'key-calls', 'calls.answer'], ['E', 'key-end', 'calls.end'],
    ['N', 'key-new', 'incidents.open'], ['Ctrl ⏎', 'key-open', 'incidents.open'], ['Q', 'key-queue'], ['U', 'key-units'],
    ['V', 'key-send', 'assignments.make'], ['A', 'key-note', 'incidents.note'], ['P', 'key-priority', 'incidents.prioritise'],
    ['Y', 'key-type', 'incidents.classify'], ['L', 'key-place', 'incidents.relocate'], ['X', 'key-link', 'incidents.link'],
    ['C', 'key-close', 'incidents.close'], ['O', 'unserved-mark', 'situation.unserved'], ['Alt ↑↓←→', 'key-nudge', 'incidents.relocate'],
    ['K', 'key-msg-k', 'messages.receipt'],
  ],
  tips: [
    ['N', 'tips-take', 'tips.take'], ['1 2 3 4', 'tips-why', 'tips.triage'], ['V', 'tips-form-grade', 'tips.triage'],
    ['R', 'tips-form-reply', 'tips.triage'], ['S', 'tips-follow', 'tips.triage'], ['P', 'tips-form-pass', 'tips.pass_on'],
    ['C', 'tips-form-close', 'tips.triage'], ['T', 'tips-tide', 'tips.triage'], ['K', 'tips-lock', 'tips.triage'],
  ],
};
