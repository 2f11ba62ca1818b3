/** The command line's grammar: verb first, then what it is about. Pure. */

import type { AssignmentStatus, Priority } from '../../live/rows';

export interface KnownIncident {
  id: string;
  number: number;
}
export interface KnownUnit {
  id: string;
  callsign: string;
}

export interface Known {
  incidents: readonly KnownIncident[];
  units: readonly KnownUnit[];
  /** the incident in the pane: what a command is about when it names none */
  current: KnownIncident | null;
  /** why a unit may be out of service, in the reader's words */
  reasons: readonly { code: string; label: string }[];
  /** whether whoever types may do this action */
  may: (action: string) => boolean;
}

export type StatusStep = AssignmentStatus | 'available' | 'out_of_service';

export type Intent =
  | { verb: 'new' }
  | { verb: 'dispatch'; incident: KnownIncident; units: KnownUnit[] }
  | { verb: 'status'; unit: KnownUnit; status: StatusStep; reason?: string }
  | { verb: 'note'; incident: KnownIncident; words: string }
  | { verb: 'priority'; incident: KnownIncident; priority: Priority }
  | { verb: 'link'; incident: KnownIncident; other: KnownIncident }
  | { verb: 'find'; words: string }
  | { verb: 'map'; incident: KnownIncident };

/** Why a line cannot be done yet: a message key and what it names. */
export interface Lack {
  key: string;
  args?: Record<string, string>;
  /** the next step, where it is not the list of commands */
  hint?: string;
}

export type Parsed =
  | { kind: 'empty' }
  | { kind: 'ready'; intent: Intent }
  /** the line is right so far: this is what must follow */
  | { kind: 'wants'; lack: Lack }
  /** something in it is wrong */
  | { kind: 'wrong'; lack: Lack };

export const STATUS_WORDS: Readonly<Record<string, StatusStep>> = {
  NT: 'notified', AK: 'acknowledged', ER: 'en_route', OS: 'on_scene', TR: 'transporting', AT: 'at_destination', CL: 'cleared',
  AV: 'available', OOS: 'out_of_service',
};
const STATUS_VERBS = ['AK', 'ER', 'OS', 'TR', 'AT', 'CL'] as const;
export const VERBS = ['N', 'D', 'S', ...STATUS_VERBS, 'A', 'PR', 'X', 'F', 'M'] as const;
/** Of each verb the actions that make it of use: one of them is enough. Finding and looking are everybody's. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  N: ['incidents.open'], D: ['assignments.make'], S: ['assignments.status', 'units.availability'],
  ...Object.fromEntries(STATUS_VERBS.map((verb) => [verb, ['assignments.status']])),
  A: ['incidents.note'], PR: ['incidents.prioritise'], X: ['incidents.link'],
};
const isOpen = (verb: string, known: Known) => NEEDS[verb]?.some(known.may) ?? true;

/** The verbs that whoever types may use. */
export const verbsOf = (known: Known): string[] => VERBS.filter((verb) => isOpen(verb, known));

const wants = (key: string, args?: Record<string, string>): Parsed => ({ kind: 'wants', lack: args ? { key, args } : { key } });
const wrong = (key: string, args?: Record<string, string>): Parsed => ({ kind: 'wrong', lack: args ? { key, args } : { key } });
const notYours = (verb: string): Parsed => ({ kind: 'wrong', lack: { key: 'cmd-not-yours', args: { verb }, hint: 'cmd-not-yours-hint' } });
const ready = (intent: Intent): Parsed => ({ kind: 'ready', intent });

function unitOf(word: string, known: Known): KnownUnit | undefined {
  const callsign = word.toUpperCase();
  return known.units.find((u) => u.callsign.toUpperCase() === callsign);
}
const isNumber = (word: string | undefined): word is string => word !== undefined && /^\d+$/.test(word);
const incidentOf = (word: string, known: Known) => known.incidents.find((i) => String(i.number) === word);

/** Takes the incident that the words begin with, or the one in the pane. */
function about(words: string[], known: Known): { incident: KnownIncident; rest: string[] } | Parsed {
  const [first, ...rest] = words;
  if (isNumber(first)) {
    const incident = incidentOf(first, known);
    return incident ? { incident, rest } : wrong('cmd-no-incident', { number: first });
  }
  return known.current ? { incident: known.current, rest: words } : wants('cmd-wants-incident');
}

export function parse(line: string, known: Known): Parsed {
  const text = line.trim();
  if (!text) return { kind: 'empty' };
  const [head = '', ...words] = text.split(/\s+/);
  const verb = head.toUpperCase();
  const tail = text.slice(head.length).trim();
  if (!isOpen(verb, known)) return notYours(verb);

  if (verb === 'N') return words.length ? wrong('cmd-new-alone') : ready({ verb: 'new' });
  if (verb === 'F') return tail ? ready({ verb: 'find', words: tail }) : wants('cmd-wants-words');

  if ((STATUS_VERBS as readonly string[]).includes(verb)) return status([words[0] ?? '', verb], known);
  if (verb === 'S') return status(words, known);

  if (verb === 'D') {
    const subject = about(words, known);
    if ('kind' in subject) return subject;
    if (subject.rest.length === 0) return wants('cmd-wants-unit');
    const units: KnownUnit[] = [];
    for (const word of subject.rest) {
      const unit = unitOf(word, known);
      if (!unit) return wrong('cmd-no-unit', { unit: word.toUpperCase() });
      if (!units.includes(unit)) units.push(unit);
    }
    return ready({ verb: 'dispatch', incident: subject.incident, units });
  }
  if (verb === 'A') {
    // A note may begin with a figure: only a number that is an incident is taken for one.
    const named = isNumber(words[0]) ? incidentOf(words[0], known) : undefined;
    const incident = named ?? known.current;
    if (!incident) return words.length && isNumber(words[0]) ? wrong('cmd-no-incident', { number: words[0] }) : wants('cmd-wants-incident');
    const said = named ? tail.slice(words[0]!.length).trim() : tail;
    return said ? ready({ verb: 'note', incident, words: said }) : wants('cmd-wants-note');
  }
  if (verb === 'PR') {
    const last = words.at(-1);
    const level = last && /^p?[0-4]$/i.test(last) ? last.slice(-1) : null;
    if (words.length === 1 && level !== null && known.current && !incidentOf(last!, known)) {
      return ready({ verb: 'priority', incident: known.current, priority: `P${level}` as Priority });
    }
    const subject = about(words, known);
    if ('kind' in subject) return subject;
    if (subject.rest.length === 0) return wants('cmd-wants-priority');
    if (level === null || subject.rest.length > 1) return wrong('cmd-no-priority', { given: subject.rest.join(' ') });
    return ready({ verb: 'priority', incident: subject.incident, priority: `P${level}` as Priority });
  }
  if (verb === 'X') {
    for (const word of words.slice(0, 2)) {
      if (!isNumber(word) || !incidentOf(word, known)) return wrong('cmd-no-incident', { number: word });
    }
    const named = words.slice(0, 2).map((w) => incidentOf(w, known)!);
    const [incident, other] = named.length === 1 && known.current ? [known.current, named[0]] : named;
    if (!incident || !other) return wants('cmd-wants-two');
    return incident.id === other.id ? wrong('cmd-same') : ready({ verb: 'link', incident, other });
  }
  if (verb === 'M') {
    const subject = about(words, known);
    return 'kind' in subject ? subject : ready({ verb: 'map', incident: subject.incident });
  }
  return wrong('cmd-unknown', { verb: head });
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function status(words: string[], known: Known): Parsed {
  const [callsign, word, ...because] = words;
  if (!callsign) return wants('cmd-wants-unit');
  const unit = unitOf(callsign, known);
  if (!unit) return wrong('cmd-no-unit', { unit: callsign.toUpperCase() });
  if (!word) return wants('cmd-wants-status');
  const step = STATUS_WORDS[word.toUpperCase()];
  if (!step) return wrong('cmd-no-status', { given: word });
  const action = step === 'available' || step === 'out_of_service' ? 'units.availability' : 'assignments.status';
  if (!known.may(action)) return notYours(word.toUpperCase());
  if (step !== 'out_of_service') return ready({ verb: 'status', unit, status: step });
  const said = plain(because.join(' '));
  const all = known.reasons.map((r) => r.label).join(' · ');
  if (!said) return wants('cmd-wants-reason', { list: all });
  const reason = known.reasons.find((r) => plain(r.label).startsWith(said) || r.code === said);
  return reason ? ready({ verb: 'status', unit, status: step, reason: reason.code }) : wrong('cmd-no-reason', { given: because.join(' '), list: all });
}

const COMPLETIONS_MAX = 8;

/** What the last word may become, likeliest first. */
export function complete(line: string, known: Known, likely: readonly string[] = []): string[] {
  const words = line.trimStart().split(/\s+/);
  const last = (words.at(-1) ?? '').toUpperCase();
  const starts = (candidates: readonly string[]) =>
    [...new Set(candidates)].filter((c) => c.toUpperCase().startsWith(last) && c.toUpperCase() !== last).slice(0, COMPLETIONS_MAX);
  if (words.length <= 1) return starts(verbsOf(known));
  const verb = words[0]!.toUpperCase();
  if (!isOpen(verb, known)) return [];
  const numbers = known.incidents.map((i) => String(i.number));
  const used = new Set(words.slice(1, -1).map((w) => w.toUpperCase()));
  const callsigns = [...likely, ...known.units.map((u) => u.callsign)].filter((c) => !used.has(c.toUpperCase()));
  const position = words.length - 1;
  if ((STATUS_VERBS as readonly string[]).includes(verb)) return position === 1 ? starts(callsigns) : [];
  switch (verb) {
    case 'D': {
      const named = isNumber(words[1]) && words.length > 2;
      if (position === 1 && !known.current) return starts(numbers);
      return named || position > 1 ? starts(callsigns) : starts(/^\d/.test(last) ? numbers : callsigns);
    }
    case 'S':
      return position === 1 ? starts(callsigns) : position === 2 ? starts(Object.keys(STATUS_WORDS)) : [];
    case 'PR':
      return position === 1 ? starts(numbers) : starts(['P0', 'P1', 'P2', 'P3', 'P4']);
    case 'A':
    case 'M':
      return position === 1 ? starts(numbers) : [];
    case 'X':
      return position <= 2 ? starts(numbers) : [];
    default:
      return [];
  }
}

/** The line with its last word replaced. */
export function accept(line: string, word: string): string {
  return `${line.replace(/\S*$/, '')}${word} `;
}
