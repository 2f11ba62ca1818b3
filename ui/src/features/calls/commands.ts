/** What can be done to a call and to a promise. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Area, Call, PromiseRow } from '../../live/rows';

async function shown(answer: Promise<Call>): Promise<Call> {
  const call = await answer;
  picture.put('call', call);
  return call;
}

const act = (id: string, verb: string, body: object = {}) => shown(api.command<Call>(`/calls/${id}/${verb}`, body, { about: id }));

export const answer = (id: string) => act(id, 'answer');
export const end = (id: string) => act(id, 'end');
export const abandon = (id: string) => act(id, 'abandon');
export const locate = (id: string, area: Area) => act(id, 'locate', { area } satisfies Body<'LocateBody'>);
export const language = (id: string, lang: string) => act(id, 'language', { lang } satisfies Body<'LanguageBody'>);
export const say = (id: string, words: string, lang: string) => act(id, 'words', { words, lang } satisfies Body<'WordsBody'>);
export const join = (id: string, incident_id: string) => act(id, 'join', { incident_id } satisfies Body<'JoinBody'>);
export const unjoin = (id: string) => act(id, 'unjoin');
export const callback = (id: string, outcome: 'reached' | 'no_answer' | 'settled') => act(id, 'callback', { outcome } satisfies Body<'CallbackBody'>);

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
