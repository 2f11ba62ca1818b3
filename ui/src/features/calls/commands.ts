/** What can be done to a call and to a promise. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Area, Call, Incident, PromiseRow } from '../../live/rows';

async function shown(answer: Promise<Call>): Promise<Call> {
  const call = await answer;
  picture.put('call', call);
  return call;
}

const act = (id: string, verb: string, body: object = {}) => shown(api.command<Call>(`/calls/${id}/${verb}`, body, { about: id }));

export const answer = (id: string) => act(id, 'answer');
/** Tells the others that this seat takes it. */
export const claim = (id: string) => act(id, 'claim');
export const hold = (id: string) => act(id, 'hold');
export const resume = (id: string) => act(id, 'resume');
export const answerCard = (id: string, card: string, question: string, answer: string | null, lang: string) =>
  act(id, 'answers', { card, question, answer, lang } satisfies Body<'AnswerBody'>);
export const end = (id: string) => act(id, 'end');
export const abandon = (id: string) => act(id, 'abandon');
/** `seen`: the version before one's eyes; somebody else's placing since then is not overwritten. */
export const locate = (id: string, area: Area, seen?: number) =>
  shown(api.command<Call>(`/calls/${id}/locate`, { area } satisfies Body<'LocateBody'>, seen === undefined ? { about: id } : { about: id, ifMatch: seen }));
export const language = (id: string, lang: string) => act(id, 'language', { lang } satisfies Body<'LanguageBody'>);
export const say = (id: string, words: string, lang: string) => act(id, 'words', { words, lang } satisfies Body<'WordsBody'>);
export const join = (id: string, incident_id: string) => act(id, 'join', { incident_id } satisfies Body<'JoinBody'>);
export const unjoin = (id: string) => act(id, 'unjoin');
export const callback = (id: string, outcome: 'reached' | 'no_answer' | 'settled') => act(id, 'callback', { outcome } satisfies Body<'CallbackBody'>);

/** Every piece of what was said, as it was written down, the first first. */
export async function said(id: string, signal: AbortSignal): Promise<string[]> {
  const whole = await api.get<{ all_words: { words: string | null }[] }>(`/calls/${id}`, signal);
  return whole.all_words.map((piece) => piece.words ?? '').filter(Boolean);
}

/** What a card proposed for an incident that stands already: its type, its priority, and why. */
export async function adopt(incident: Incident, type: string, priority: string, because: { card: string; rule: string | null }): Promise<Incident> {
  const step = async (verb: string, body: object) => {
    const row = await api.command<Incident>(`/incidents/${incident.id}/${verb}`, body, { about: incident.id, ifMatch: incident.version });
    picture.put('incident', row);
    return row;
  };
  let row = incident;
  if (incident.type !== type) row = await step('classify', { type, because } satisfies Body<'ClassifyBody'>);
  if (row.priority !== priority) row = await step('prioritise', { priority, reason: '', because } satisfies Body<'PrioritiseBody'>);
  return row;
}

/** Takes a joining back: sent at once or not at all. */
export const undoJoin = (id: string) => shown(api.now<Call>('POST', `/calls/${id}/unjoin`, {}));

/** The sealed value, read for a stated purpose; the reading itself is recorded. */
export const reveal = (id: string, field: 'number' | 'name', purpose: string) =>
  api.now<{ value: string | null }>('POST', `/calls/${id}/reveal`, { field, purpose } satisfies Body<'RevealBody'>);

export interface Promising {
  call_id?: string;
  incident_id?: string;
  kind: string;
  words?: string;
  due_in_s: number;
}

export async function promise(what: Promising & Body<'PromiseBody'>): Promise<PromiseRow> {
  const row = await api.command<PromiseRow>('/promises', what, { about: what.call_id ?? what.incident_id ?? null });
  picture.put('promise', row);
  return row;
}

export async function settle(id: string, outcome: 'kept' | 'released' | 'broken'): Promise<PromiseRow> {
  const row = await api.command<PromiseRow>(`/promises/${id}/settle`, { outcome } satisfies Body<'SettleBody'>, { about: id });
  picture.put('promise', row);
  return row;
}

/** Takes a promise back: released at once, or not at all. */
export async function undoPromise(id: string): Promise<PromiseRow> {
  const row = await api.now<PromiseRow>('POST', `/promises/${id}/settle`, { outcome: 'released' } satisfies Body<'SettleBody'>);
  picture.put('promise', row);
  return row;
}
