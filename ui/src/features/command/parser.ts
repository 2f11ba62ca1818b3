/** The command line's grammar: verb first, then what it is about; tags where there is more to say. Pure. */

import type { AssignmentStatus, Priority } from '../../live/rows';
import { bare, TAGS, verbNamed, VERBS, type Verb } from './verbs';

export interface KnownIncident {
  id: string;
  number: number;
}
export interface KnownUnit {
  id: string;
  callsign: string;
}
export interface KnownCall {
  id: string;
  number: number;
}
/** A word of the vocabulary, as whoever types would say it. */
export interface Choice {
  code: string;
  label: string;
}
/** Whom a message goes to. */
export interface Party {
  kind: 'unit' | 'role' | 'account' | 'channel';
  id: string;
  name: string;
}
export type ListName = 'reasons' | 'types' | 'dispositions' | 'unserved' | 'roads';

export interface Known {
  incidents: readonly KnownIncident[];
  units: readonly KnownUnit[];
  /** calls that one talks to now */
  calls: readonly KnownCall[];
  /** the incident in the pane: what a command is about when it names none */
  current: KnownIncident | null;
  /** words of the vocabulary, in the typist's language */
  choices: (list: ListName) => readonly Choice[];
  /** names of places that answer to these words, as far as they have been asked for */
  places: (words: string) => readonly string[];
  parties: () => readonly Party[];
  /** screens that may be opened */
  rooms: () => readonly Choice[];
  /** whether an alarm or a call waits to be taken */
  waits: boolean;
  /** whether something can still be undone */
  undoable: boolean;
  /** whether whoever types may do this action */
  may: (action: string) => boolean;
}

export type StatusStep = AssignmentStatus | 'available' | 'out_of_service';

/** What a tagged N says; what it does not say is not there. */
export interface Opening {
  type?: Choice;
  loc?: string;
  priority?: Priority;
  title?: string;
  note?: string;
}

export type Intent =
  | { verb: 'new' }
  | ({ verb: 'open' } & Opening)
  | { verb: 'dispatch'; incident: KnownIncident; units: KnownUnit[] }
  | { verb: 'status'; unit: KnownUnit; status: StatusStep; reason?: string }
  | { verb: 'note'; incident: KnownIncident; words: string }
  | { verb: 'priority'; incident: KnownIncident; priority: Priority }
  | { verb: 'classify'; incident: KnownIncident; type: Choice }
  | { verb: 'relocate'; incident: KnownIncident; loc: string }
  | { verb: 'link'; incident: KnownIncident; other: KnownIncident }
  | { verb: 'join'; call: KnownCall; incident: KnownIncident }
  | { verb: 'close'; incident: KnownIncident; how: Choice; words: string }
  | { verb: 'unserved'; incident: KnownIncident; why: Choice; words: string }
  | { verb: 'major'; incident: KnownIncident }
  | { verb: 'recommend'; incident: KnownIncident }
  | { verb: 'timer'; unit: KnownUnit; minutes: number; words: string }
  | { verb: 'welfare'; incident: KnownIncident }
  | { verb: 'emergency'; unit: KnownUnit }
  | { verb: 'message'; to: Party; words: string }
  | { verb: 'road'; kind: Choice; loc: string | null; incident: KnownIncident | null }
  | { verb: 'take' }
  | { verb: 'handover' }
  | { verb: 'go'; room: Choice }
  | { verb: 'undo' }
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
/** A timer of less says nothing, one of more is not for a crew out there. */
export const TIMER_MIN_MINUTES = 1;
export const TIMER_MAX_MINUTES = 240;

const isOpen = (verb: Verb, known: Known) => verb.actions.length === 0 || verb.actions.some(known.may);

/** The verbs that whoever types may use. */
export const verbsOf = (known: Known): readonly Verb[] => VERBS.filter((verb) => isOpen(verb, known));

const lack = (key: string, args?: Record<string, string>, hint?: string): Lack => ({ key, ...(args ? { args } : {}), ...(hint ? { hint } : {}) });
const wants = (key: string, args?: Record<string, string>): Parsed => ({ kind: 'wants', lack: lack(key, args) });
const wrong = (key: string, args?: Record<string, string>, hint?: string): Parsed => ({ kind: 'wrong', lack: lack(key, args, hint) });
const notYours = (verb: string): Parsed => wrong('cmd-not-yours', { verb }, 'cmd-not-yours-hint');
const ready = (intent: Intent): Parsed => ({ kind: 'ready', intent });

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const isNumber = (word: string | undefined): word is string => word !== undefined && /^\d+$/.test(word);

function unitOf(word: string, known: Known): KnownUnit | undefined {
  const callsign = word.toUpperCase();
  return known.units.find((u) => u.callsign.toUpperCase() === callsign);
}
const incidentOf = (word: string, known: Known) => known.incidents.find((i) => String(i.number) === word);
const listed = (choices: readonly Choice[]) => choices.map((c) => c.label).join(' · ');
const noIncident = (number: string) => wrong('cmd-no-incident', { number }, 'cmd-no-incident-hint');
const noUnit = (unit: string) => wrong('cmd-no-unit', { unit: unit.toUpperCase() }, 'cmd-no-unit-hint');

/** The text that follows the first words, as it was typed. */
function after(text: string, words: number): string {
  let rest = text.trimStart();
  for (let n = 0; n < words; n += 1) rest = rest.replace(/^\S+\s*/, '');
  return rest.trim();
}

interface Chosen {
  choice: Choice;
  /** what follows the choice's own words */
  rest: string;
}

/** The choice that a text begins with, or that it is the beginning of; what was heard first goes first. */
export function choose(choices: readonly Choice[], text: string): Chosen | null {
  const said = text.normalize('NFC').trim();
  const wanted = fold(said);
  if (!wanted) return null;
  const whole = choices.find((c) => fold(c.label) === wanted || c.code === wanted);
  if (whole) return { choice: whole, rest: '' };
  const heads = choices.filter((c) => wanted.startsWith(`${fold(c.label)} `)).sort((a, b) => b.label.length - a.label.length);
  if (heads[0]) return { choice: heads[0], rest: said.slice(fold(heads[0].label).length).trim() };
  const tries = wanted.split(/\s+/);
  const ranked = choices.flatMap((choice) => {
    const label = fold(choice.label);
    const parts = label.split(/[^\p{L}\p{N}]+/u);
    if (label.startsWith(wanted)) return [{ choice, rank: 0 }];
    return tries.every((w) => parts.some((p) => p.startsWith(w))) ? [{ choice, rank: 1 }] : [];
  });
  ranked.sort((a, b) => a.rank - b.rank || a.choice.label.length - b.choice.label.length);
  return ranked[0] ? { choice: ranked[0].choice, rest: '' } : null;
}

export interface Tagged {
  /** what stands before the first tag */
  loose: string;
  values: ReadonlyMap<string, string>;
  /** the first tag that this verb does not know */
  unknown: string | null;
  twice: string | null;
}

const CANON = new Map(Object.entries(TAGS).flatMap(([tag, names]) => [tag, ...names].map((name) => [name, tag])));
const TAG = /(^|\s)(\p{L}+):/gu;

/** Cuts a text at its tags; a value runs to the next tag. Words that end in a colon but are no tag are words. */
export function tagged(text: string, allowed: readonly string[]): Tagged {
  const values = new Map<string, string>();
  let unknown: string | null = null;
  let twice: string | null = null;
  const cuts: { tag: string; from: number; begin: number }[] = [];
  for (const m of text.matchAll(TAG)) {
    const name = CANON.get(fold(m[2]!));
    // A note runs to the end of the line, whatever its words look like.
    if (!name || cuts.at(-1)?.tag === 'a') continue;
    if (!allowed.includes(name)) unknown ??= m[2]!;
    else cuts.push({ tag: name, from: m.index, begin: m.index + m[0].length });
  }
  cuts.forEach((cut, n) => {
    if (values.has(cut.tag)) twice ??= cut.tag;
    values.set(cut.tag, text.slice(cut.begin, cuts[n + 1]?.from ?? text.length).trim());
  });
  return { loose: text.slice(0, cuts[0]?.from ?? text.length).trim(), values, unknown, twice };
}

/** Whom the words begin with: the longest name that stands there, else the only name that begins like the first. */
function partyOf(tail: string, known: Known): Party | undefined {
  const said = bare(tail);
  const parties = known.parties();
  const whole = parties.filter((p) => said === bare(p.name) || said.startsWith(`${bare(p.name)} `)).sort((a, b) => b.name.length - a.name.length);
  if (whole[0]) return whole[0];
  const first = bare(tail.split(/\s+/)[0] ?? '');
  const begun = parties.filter((p) => bare(p.name).startsWith(first));
  return begun.length === 1 ? begun[0] : undefined;
}

/** Takes the incident that the words begin with, or the one in the pane. */
function about(words: string[], known: Known): { incident: KnownIncident; rest: string[] } | Parsed {
  const [first, ...rest] = words;
  if (isNumber(first)) {
    const incident = incidentOf(first, known);
    return incident ? { incident, rest } : noIncident(first);
  }
  return known.current ? { incident: known.current, rest: words } : wants('cmd-wants-incident');
}

/** The same where words follow that may begin with a figure: only a number that is an incident is taken for one. */
function aboutWords(tail: string, known: Known): { incident: KnownIncident; said: string } | Parsed {
  const first = tail.split(/\s+/)[0];
  const named = isNumber(first) ? incidentOf(first, known) : undefined;
  const incident = named ?? known.current;
  if (!incident) return isNumber(first) ? noIncident(first) : wants('cmd-wants-incident');
  return { incident, said: named ? after(tail, 1) : tail };
}

export function parse(line: string, known: Known): Parsed {
  const text = line.trim();
  if (!text) return { kind: 'empty' };
  const [head = '', ...words] = text.split(/\s+/);
  const tail = text.slice(head.length).trim();
  const verb = verbNamed(head);
  if (!verb) return wrong('cmd-unknown', { verb: head });
  if (!isOpen(verb, known)) return notYours(verb.verb);
  if (verb.step) return status([words[0] ?? '', verb.verb], known);
  return GRAMMAR[verb.id]?.(words, tail, known, verb) ?? wrong('cmd-unknown', { verb: head });
}

type Rule = (words: string[], tail: string, known: Known, verb: Verb) => Parsed;

const alone = (intent: Intent): Rule => (words, _tail, _known, verb) => (words.length ? wrong('cmd-alone', { verb: verb.verb }) : ready(intent));
const onIncident = (intent: (incident: KnownIncident) => Intent): Rule => (words, _tail, known) => {
  const subject = about(words, known);
  if ('kind' in subject) return subject;
  return subject.rest.length ? wrong('cmd-too-much', { given: subject.rest.join(' ') }) : ready(intent(subject.incident));
};
const onUnit = (intent: (unit: KnownUnit) => Intent): Rule => (words, _tail, known) => {
  if (!words[0]) return wants('cmd-wants-unit');
  const unit = unitOf(words[0], known);
  if (!unit) return noUnit(words[0]);
  return words.length > 1 ? wrong('cmd-too-much', { given: words.slice(1).join(' ') }) : ready(intent(unit));
};

/** How it ended, or why nobody came: a word of the vocabulary, then what else there is to say. */
function ending(tail: string, known: Known, list: 'dispositions' | 'unserved', asked: string, none: string): Chosen & { incident: KnownIncident } | Parsed {
  const subject = aboutWords(tail, known);
  if ('kind' in subject) return subject;
  const choices = known.choices(list);
  if (!subject.said) return wants(asked, { list: listed(choices) });
  const chosen = choose(choices, subject.said);
  return chosen ? { ...chosen, incident: subject.incident } : wrong(none, { given: subject.said, list: listed(choices) }, 'cmd-choose-hint');
}

const GRAMMAR: Readonly<Record<string, Rule>> = {
  n: (words, tail, known, verb) => {
    if (words.length === 0) return ready({ verb: 'new' });
    const cut = tagged(tail, verb.tags);
    if (cut.unknown) return wrong('cmd-no-tag', { tag: `${cut.unknown}:`, list: verb.tags.map((x) => `${x}:`).join(' ') }, 'cmd-new-hint');
    if (cut.twice) return wrong('cmd-tag-twice', { tag: `${cut.twice}:` }, 'cmd-new-hint');
    if (cut.loose || cut.values.size === 0) return wrong('cmd-new-alone', { given: cut.loose || tail }, 'cmd-new-hint');
    return opening(cut.values, known);
  },
  d: (words, _tail, known) => {
    const subject = about(words, known);
    if ('kind' in subject) return subject;
    if (subject.rest.length === 0) return wants('cmd-wants-unit');
    const units: KnownUnit[] = [];
    for (const word of subject.rest) {
      const unit = unitOf(word, known);
      if (!unit) return noUnit(word);
      if (!units.includes(unit)) units.push(unit);
    }
    return ready({ verb: 'dispatch', incident: subject.incident, units });
  },
  s: (words, _tail, known) => status(words, known),
  a: (_words, tail, known) => {
    const subject = aboutWords(tail, known);
    if ('kind' in subject) return subject;
    return subject.said ? ready({ verb: 'note', incident: subject.incident, words: subject.said }) : wants('cmd-wants-note');
  },
  pr: (words, _tail, known) => {
    const last = words.at(-1);
    const level = last && /^p?[0-4]$/i.test(last) ? last.slice(-1) : null;
    // A lone figure is the priority of what is in hand, also where an incident has that number.
    if (words.length === 1 && level !== null && known.current) {
      return ready({ verb: 'priority', incident: known.current, priority: `P${level}` as Priority });
    }
    const subject = about(words, known);
    if ('kind' in subject) return subject;
    if (subject.rest.length === 0) return wants('cmd-wants-priority');
    if (level === null || subject.rest.length > 1) return wrong('cmd-no-priority', { given: subject.rest.join(' ') }, 'cmd-priority-hint');
    return ready({ verb: 'priority', incident: subject.incident, priority: `P${level}` as Priority });
  },
  y: (_words, tail, known, verb) => {
    const cut = tagged(tail, verb.tags);
    const subject = aboutWords(cut.values.get('type') !== undefined ? cut.loose : tail, known);
    if ('kind' in subject) return subject;
    const said = cut.values.get('type') ?? subject.said;
    if (!said) return wants('cmd-wants-type');
    const type = choose(known.choices('types'), said);
    return type && !type.rest ? ready({ verb: 'classify', incident: subject.incident, type: type.choice }) : wrong('cmd-no-type', { given: said }, 'cmd-type-hint');
  },
  l: (_words, tail, known, verb) => {
    const cut = tagged(tail, verb.tags);
    const subject = aboutWords(cut.values.get('loc') !== undefined ? cut.loose : tail, known);
    if ('kind' in subject) return subject;
    const loc = cut.values.get('loc') ?? subject.said;
    return loc ? ready({ verb: 'relocate', incident: subject.incident, loc }) : wants('cmd-wants-place');
  },
  x: (words, _tail, known) => {
    for (const word of words.slice(0, 2)) {
      if (!isNumber(word) || !incidentOf(word, known)) return noIncident(word);
    }
    const named = words.slice(0, 2).map((w) => incidentOf(w, known)!);
    const [incident, other] = named.length === 1 && known.current ? [known.current, named[0]] : named;
    if (!incident || !other) return wants('cmd-wants-two');
    return incident.id === other.id ? wrong('cmd-same', undefined, 'cmd-wants-two') : ready({ verb: 'link', incident, other });
  },
  j: (words, _tail, known) => {
    const callOf = (word: string | undefined) => known.calls.find((c) => String(c.number) === word);
    let call = callOf(words[0]);
    const rest = call ? words.slice(1) : words;
    // With one call on the line nobody needs to name it.
    if (!call && known.calls.length === 1 && (!words[0] || incidentOf(words[0], known))) call = known.calls[0];
    if (!call) return words[0] ? wrong('cmd-no-call', { number: words[0] }, 'cmd-no-call-hint') : wants('cmd-wants-call');
    const subject = about(rest, known);
    if ('kind' in subject) return subject;
    return ready({ verb: 'join', call, incident: subject.incident });
  },
  c: (_words, tail, known) => {
    const how = ending(tail, known, 'dispositions', 'cmd-wants-disposition', 'cmd-no-disposition');
    return 'kind' in how ? how : ready({ verb: 'close', incident: how.incident, how: how.choice, words: how.rest });
  },
  uv: (_words, tail, known) => {
    const why = ending(tail, known, 'unserved', 'cmd-wants-unserved', 'cmd-no-unserved');
    return 'kind' in why ? why : ready({ verb: 'unserved', incident: why.incident, why: why.choice, words: why.rest });
  },
  maj: onIncident((incident) => ({ verb: 'major', incident })),
  rec: onIncident((incident) => ({ verb: 'recommend', incident })),
  par: onIncident((incident) => ({ verb: 'welfare', incident })),
  m: onIncident((incident) => ({ verb: 'map', incident })),
  sos: onUnit((unit) => ({ verb: 'emergency', unit })),
  t: (words, tail, known) => {
    if (!words[0]) return wants('cmd-wants-unit');
    const unit = unitOf(words[0], known);
    if (!unit) return noUnit(words[0]);
    if (!words[1]) return wants('cmd-wants-minutes');
    const minutes = isNumber(words[1]) ? Number(words[1]) : NaN;
    if (!(minutes >= TIMER_MIN_MINUTES && minutes <= TIMER_MAX_MINUTES)) {
      return wrong('cmd-no-minutes', { given: words[1], most: String(TIMER_MAX_MINUTES) }, 'cmd-minutes-hint');
    }
    return ready({ verb: 'timer', unit, minutes, words: after(tail, 2) });
  },
  msg: (words, tail, known) => {
    if (!words[0]) return wants('cmd-wants-party');
    const unit = unitOf(words[0], known);
    const to = unit ? { kind: 'unit' as const, id: unit.id, name: unit.callsign } : partyOf(tail, known);
    if (!to) return wrong('cmd-no-party', { given: words[0] }, 'cmd-party-hint');
    const said = after(tail, bare(tail).startsWith(bare(to.name)) ? to.name.trim().split(/\s+/).length : 1);
    return said ? ready({ verb: 'message', to, words: said }) : wants('cmd-wants-message', { name: to.name });
  },
  rb: (_words, tail, known, verb) => {
    const cut = tagged(tail, verb.tags);
    const roads = known.choices('roads');
    const first = roads[0];
    if (!first) return wrong('cmd-no-road', { given: tail, list: '' });
    const asked = cut.values.get('kind');
    const kind = asked === undefined ? first : choose(roads, asked)?.choice;
    if (!kind) return asked ? wrong('cmd-no-road', { given: asked, list: listed(roads) }, 'cmd-choose-hint') : wants('cmd-wants-road', { list: listed(roads) });
    const said = cut.values.get('loc') ?? cut.loose;
    if (isNumber(said)) {
      const incident = incidentOf(said, known);
      return incident ? ready({ verb: 'road', kind, loc: null, incident }) : noIncident(said);
    }
    if (said) return ready({ verb: 'road', kind, loc: said, incident: null });
    return known.current ? ready({ verb: 'road', kind, loc: null, incident: known.current }) : wants('cmd-wants-place');
  },
  f: (_words, tail) => (tail ? ready({ verb: 'find', words: tail }) : wants('cmd-wants-words')),
  go: (_words, tail, known) => {
    const rooms = known.rooms();
    if (!tail) return wants('cmd-wants-room', { list: listed(rooms) });
    const room = choose(rooms, tail);
    return room && !room.rest ? ready({ verb: 'go', room: room.choice }) : wrong('cmd-no-room', { given: tail, list: listed(rooms) }, 'cmd-choose-hint');
  },
  ho: alone({ verb: 'handover' }),
  w: (words, tail, known, verb) => (known.waits ? alone({ verb: 'take' })(words, tail, known, verb) : wrong('cmd-no-alarm', undefined, 'cmd-no-alarm-hint')),
  z: (words, tail, known, verb) => (known.undoable ? alone({ verb: 'undo' })(words, tail, known, verb) : wrong('undo-none', undefined, 'undo-none-hint')),
};

/** " A …" at the end of a place or a title begins the note, as it does on a line of its own. */
const NOTE_AT_END = /\sA(\s+|$)/;

/** What to ask for where a tag has no value yet. */
const EMPTY: Readonly<Record<string, string>> = {
  loc: 'cmd-wants-place', type: 'cmd-wants-type', pr: 'cmd-wants-priority', title: 'cmd-wants-title', a: 'cmd-wants-note',
};

function opening(given: ReadonlyMap<string, string>, known: Known): Parsed {
  const values = new Map(given);
  if (values.get('a') === undefined) {
    const [tag, value] = [...values].at(-1)!;
    const at = NOTE_AT_END.exec(` ${value}`);
    if (at) {
      values.set(tag, value.slice(0, Math.max(0, at.index - 1)).trim());
      values.set('a', ` ${value}`.slice(at.index + at[0].length).trim());
    }
  }
  const opened: Opening = {};
  for (const [tag, value] of values) {
    if (!value) return wants(EMPTY[tag] ?? 'cmd-wants-words');
    if (tag === 'loc') opened.loc = value;
    else if (tag === 'title') opened.title = value;
    else if (tag === 'a') opened.note = value;
    else if (tag === 'pr') {
      if (!/^p?[0-4]$/i.test(value)) return wrong('cmd-no-priority', { given: value }, 'cmd-priority-hint');
      opened.priority = `P${value.slice(-1)}` as Priority;
    } else {
      const type = choose(known.choices('types'), value);
      if (!type || type.rest) return wrong('cmd-no-type', { given: value }, 'cmd-type-hint');
      opened.type = type.choice;
    }
  }
  return ready({ verb: 'open', ...opened });
}

function status(words: string[], known: Known): Parsed {
  const [callsign, word, ...because] = words;
  if (!callsign) return wants('cmd-wants-unit');
  const unit = unitOf(callsign, known);
  if (!unit) return noUnit(callsign);
  if (!word) return wants('cmd-wants-status');
  const step = STATUS_WORDS[word.toUpperCase()];
  if (!step) return wrong('cmd-no-status', { given: word }, 'cmd-wants-status');
  const action = step === 'available' || step === 'out_of_service' ? 'units.availability' : 'assignments.status';
  if (!known.may(action)) return notYours(word.toUpperCase());
  if (step !== 'out_of_service') return ready({ verb: 'status', unit, status: step });
  const said = because.join(' ');
  const reasons = known.choices('reasons');
  if (!said) return wants('cmd-wants-reason', { list: listed(reasons) });
  const reason = choose(reasons, said);
  return reason ? ready({ verb: 'status', unit, status: step, reason: reason.choice.code }) : wrong('cmd-no-reason', { given: said, list: listed(reasons) }, 'cmd-choose-hint');
}

// ---- completion ----------------------------------------------------------------------------------

const COMPLETIONS_MAX = 8;

export interface Completion {
  /** where in the line the proposals begin: what stands after is replaced */
  from: number;
  options: string[];
}
const NONE: Completion = { from: 0, options: [] };

/** What the last word, or the value of the last tag, may become; likeliest first. */
export function complete(line: string, known: Known, likely: () => readonly string[] = () => []): Completion {
  const lead = line.length - line.trimStart().length;
  const words = line.slice(lead).split(/\s+/);
  const last = words.at(-1) ?? '';
  const from = line.length - last.length;
  const starts = (candidates: Iterable<string>): Completion => {
    const wanted = fold(last);
    const options: string[] = [];
    for (const c of candidates) {
      const text = fold(c);
      if (text.startsWith(wanted) && text !== wanted && !options.includes(c)) options.push(c);
      if (options.length >= COMPLETIONS_MAX) break;
    }
    return { from, options };
  };
  if (words.length <= 1) return starts(verbsOf(known).map((v) => v.verb));
  const verb = verbNamed(words[0]!);
  if (!verb || !isOpen(verb, known)) return NONE;

  /** Labels for a value of several words: the whole value is replaced. */
  const labels = (choices: readonly Choice[], value: string): Completion => {
    const wanted = fold(value).split(/\s+/).filter(Boolean);
    const ranked = choices.flatMap((c) => {
      const text = fold(c.label);
      if (text === fold(value.trim())) return [];
      if (text.startsWith(fold(value.trimStart()))) return [{ label: c.label, rank: 0 }];
      const parts = text.split(/[^\p{L}\p{N}]+/u);
      return wanted.every((w) => parts.some((p) => p.startsWith(w))) ? [{ label: c.label, rank: 1 }] : [];
    });
    ranked.sort((a, b) => a.rank - b.rank);
    return { from: line.length - value.length, options: ranked.slice(0, COMPLETIONS_MAX).map((r) => r.label) };
  };
  if (verb.tags.length) {
    const cuts = [...line.matchAll(TAG)].filter((m) => verb.tags.includes(CANON.get(fold(m[2]!)) ?? ''));
    const cut = cuts.at(-1);
    if (cut) {
      const tag = CANON.get(fold(cut[2]!))!;
      const value = line.slice(cut.index + cut[0].length).trimStart();
      const used = new Set(cuts.map((m) => CANON.get(fold(m[2]!))));
      // After a finished value the next tag may come.
      const more = verb.tags.filter((x) => !used.has(x)).map((x) => `${x}:`);
      const next = last && !last.includes(':') && /\s/.test(value) ? starts(more) : { from, options: line.endsWith(' ') ? more : [] };
      const values = tag === 'type' ? labels(known.choices('types'), value)
        : tag === 'kind' ? labels(known.choices('roads'), value)
        : tag === 'loc' && value ? { from: line.length - value.length, options: known.places(value.trim()).filter((n) => fold(n) !== fold(value.trim())).slice(0, COMPLETIONS_MAX) }
        : tag === 'pr' && !value ? { from: line.length, options: ['0', '1', '2', '3', '4'] }
        : NONE;
      const typing = value !== '' && !line.endsWith(' ');
      if (typing && next.options.length) return next;
      if (values.options.length && !(line.endsWith(' ') && value && choose(tag === 'kind' ? known.choices('roads') : known.choices('types'), value)?.rest === '' && tag !== 'loc')) return values;
      return next;
    }
  }
  const used = new Set(words.slice(1, -1).map((w) => w.toUpperCase()));
  function* callsigns() {
    for (const c of likely()) if (!used.has(c.toUpperCase())) yield c;
    for (const u of known.units) if (!used.has(u.callsign.toUpperCase())) yield u.callsign;
  }
  function* numbers() {
    for (const i of known.incidents) yield String(i.number);
  }
  const position = words.length - 1;
  const named = isNumber(words[1]) && words.length > 2;
  /** the words after an incident's number, if there is one */
  const said = named ? line.slice(lead).replace(/^\S+\s+\S+\s+/, '') : line.slice(lead).replace(/^\S+\s+/, '');
  if (verb.step) return position === 1 ? starts(callsigns()) : NONE;
  switch (verb.id) {
    case 'd':
      if (position === 1 && (!known.current || /^\d/.test(last))) return starts(numbers());
      return starts(callsigns());
    case 's':
      if (position === 1) return starts(callsigns());
      if (position === 2) return starts(Object.keys(STATUS_WORDS));
      return words[2]!.toUpperCase() === 'OOS' ? labels(known.choices('reasons'), line.slice(lead).replace(/^\S+\s+\S+\s+\S+\s+/, '')) : NONE;
    case 'pr':
      return position === 1 ? starts(numbers()) : starts(['P0', 'P1', 'P2', 'P3', 'P4']);
    case 'a':
    case 'm':
    case 'rec':
    case 'maj':
    case 'par':
      return position === 1 ? starts(numbers()) : NONE;
    case 'x':
      return position <= 2 ? starts(numbers()) : NONE;
    case 'j':
      return position === 1 ? starts([...known.calls.map((c) => String(c.number)), ...numbers()]) : position === 2 ? starts(numbers()) : NONE;
    case 't':
    case 'sos':
      return position === 1 ? starts(callsigns()) : NONE;
    case 'msg':
      return position === 1 ? starts([...callsigns(), ...known.parties().map((p) => p.name)]) : NONE;
    case 'y':
    case 'l':
      if (position === 1 && (/^\d/.test(last) || (!known.current && !last))) return starts(numbers());
      if (named || known.current) {
        if (!said.trim()) return { from, options: verb.tags.map((x) => `${x}:`) };
        if (verb.id === 'y') return labels(known.choices('types'), said);
        return { from: line.length - said.length, options: known.places(said.trim()).filter((n) => fold(n) !== fold(said.trim())).slice(0, COMPLETIONS_MAX) };
      }
      return NONE;
    case 'c':
    case 'uv':
      if (position === 1 && (/^\d/.test(last) || (!known.current && !last))) return starts(numbers());
      return named || known.current ? labels(known.choices(verb.id === 'c' ? 'dispositions' : 'unserved'), said) : NONE;
    case 'go':
      return labels(known.rooms(), said);
    case 'n':
    case 'rb':
      return starts(verb.tags.map((x) => `${x}:`));
    default:
      return NONE;
  }
}

/** The line with what stands after `from` replaced; a tag waits for its value without a space. */
export function accept(line: string, from: number, option: string): string {
  return `${line.slice(0, from)}${option}${option.endsWith(':') ? '' : ' '}`;
}

/** The words of a place that this line names, if it names one: what to ask the gazetteer while it is typed. */
export function placeIn(parsed: Parsed): string {
  if (parsed.kind !== 'ready') return '';
  const { intent } = parsed;
  return 'loc' in intent ? (intent.loc ?? '') : '';
}
