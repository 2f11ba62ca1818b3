/** The keys of each screen, for the help sheet: key, sentence, and the action without which it is left out. */

import type { Route } from './route.svelte';

export type KeyLine = readonly [key: string, sentence: string, action?: string];

export const EVERYWHERE: readonly KeyLine[] = [
  ['/  F2', 'key-command'], ['Z  Ctrl Z', 'key-undo'], ['W', 'key-alarm', 'alarms.take'], ['K', 'key-msg-k', 'messages.receipt'], ['G', 'key-go'],
  ['↑ ↓', 'key-rows'], ['Tab', 'key-next'], ['Esc', 'key-leave'], ['?', 'key-help'],
];

export const OF_SCREEN: Readonly<Record<Route['name'], readonly KeyLine[]>> = {
  messages: [
    ['Q', 'key-msg-q'], ['M', 'key-msg-m'], ['N', 'key-msg-n'], ['A', 'key-msg-a', 'messages.send'], ['R', 'key-msg-r', 'messages.send'],
    ['T  Alt T', 'key-msg-t', 'messages.send'], ['Alt 1 2 3', 'key-msg-priority', 'messages.send'], ['K', 'key-msg-k', 'messages.receipt'],
    ['O', 'key-msg-o', 'messages.receipt'], ['X', 'key-msg-x', 'messages.receipt'], ['F', 'key-msg-f', 'messages.receipt'], ['C', 'key-msg-c', 'channels.make'],
  ],
  floor: [
    ['T', 'key-take', 'calls.answer'], ['A', 'key-claim', 'calls.answer'], ['I', 'key-calls', 'calls.answer'], ['E', 'key-end', 'calls.end'],
    ['N', 'key-new', 'incidents.open'], ['Ctrl ↵', 'key-open', 'incidents.open'], ['Q', 'key-queue'], ['U', 'key-units'],
    ['V', 'key-send', 'assignments.make'], ['A', 'key-note', 'incidents.note'], ['P', 'key-priority', 'incidents.prioritise'],
    ['Y', 'key-type', 'incidents.classify'], ['L', 'key-place', 'incidents.relocate'], ['X', 'key-link', 'incidents.link'],
    ['C', 'key-close', 'incidents.close'], ['O', 'unserved-mark', 'situation.unserved'], ['Alt ↑↓←→', 'key-nudge', 'incidents.relocate'],
  ],
  map: [['↑ ↓ ← →', 'key-map-move'], ['+ −', 'key-map-zoom'], ['⇧F10', 'key-map-menu'], ['Esc', 'map-release']],
  wall: [['Esc', 'to-floor']],
  situation: [['↵', 'key-choose']],
  major: [
    ['N', 'major-declare', 'crisis.declare'], ['M', 'key-major-seven'], ['O', 'major-objectives', 'crisis.edit'], ['R', 'major-requests', 'crisis.edit'],
    ['L', 'major-incidents', 'crisis.edit'], ['P', 'major-posts', 'crisis.edit'], ['V', 'major-divisions', 'crisis.edit'], ['C', 'major-radio', 'crisis.edit'],
    ['K', 'major-periods', 'crisis.edit'], ['E', 'major-messages', 'crisis.edit'], ['N', 'major-name', 'crisis.edit'], ['X', 'key-major-down', 'crisis.stand_down'],
    ['F', 'major-forms'], ['← →', 'key-major-form'], ['P', 'key-major-print'], ['B', 'major-all'],
  ],
  handover: [
    ['H', 'handover-begin', 'handovers.make'], ['J K', 'handover-keys-move'], ['␣', 'handover-keys-take', 'handovers.make'], ['Q', 'key-handover-ask', 'handovers.make'],
    ['R', 'handover-remark', 'handovers.make'], ['O', 'handover-offer', 'handovers.make'], ['T', 'handover-take', 'handovers.make'], ['S', 'handover-sign', 'handovers.make'],
  ],
  rosters: [
    ['J K', 'key-roster-post'], ['← →', 'key-roster-shift'], ['S', 'key-roster-sign', 'rosters.sign'], ['A', 'roster-add', 'rosters.edit'], ['E', 'roster-edit', 'rosters.edit'],
    ['L', 'roster-late-short', 'rosters.sign'], ['M', 'members-title'],
  ],
  tips: [
    ['N', 'tips-take', 'tips.take'], ['1 2 3 4', 'tips-why', 'tips.triage'], ['V', 'tips-form-grade', 'tips.triage'],
    ['R', 'tips-form-reply', 'tips.triage'], ['S', 'tips-follow', 'tips.triage'], ['P', 'tips-form-pass', 'tips.pass_on'],
    ['C', 'tips-form-close', 'tips.triage'], ['T', 'tips-tide', 'tips.triage'], ['K', 'tips-lock', 'tips.triage'], ['F', 'tips-change', 'tips.compartment'],
  ],
  tracing: [
    ['1 2 3 4 5', 'tracing-rooms'], ['O', 'tracing-purpose-title'], ['← ↑ ↓ →', 'key-tracing-move'], ['↵', 'key-tracing-open'], ['[ ]', 'key-tracing-walk'], ['T', 'key-tracing-table'], ['F', 'key-tracing-big'], ['I', 'key-tracing-inferred'],
    ['B', 'key-tracing-brush'], ['+ − 0', 'key-tracing-near'], ['R', 'tracing-ask-trace', 'tracing.request'], ['P', 'tracing-export-new', 'tracing.export'], ['N', 'tracing-new-recovery', 'tracing.record'], ['M', 'tracing-import', 'tracing.record'], ['S', 'tracing-filter'], ['L', 'tracing-person-read'], ['Y N U', 'key-tracing-decide', 'tracing.match'], ['V', 'tracing-photos'], ['Z', 'key-tracing-undo', 'tracing.match'],
  ],
  journal: [['↵', 'key-choose']],
  seat: [['← →', 'key-louder'], ['␣', 'key-tick']],
};

/** Whether a screen has a use of its own for that key, so that nobody else may take it there. */
export const takes = (screen: Route['name'], key: string): boolean => OF_SCREEN[screen].some(([keys]) => keys.split(' ').includes(key));
