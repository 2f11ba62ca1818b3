/** What can be done with tips. Nothing here waits in the outbox: words, codes and passphrases are kept by no one. */

import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Area, Tip } from '../../live/rows';

/** As the server asks; a shorter one is not sent. */
export const PASSPHRASE_CHARS_MIN = 16;

export interface Compartment {
  id: string | null;
  public_key: string | null;
  made_at: string | null;
  open_until: string | null;
  demo_passphrase: string | null;
}
export interface Piece {
  at: string;
  words: string;
  by: string | null;
  channel: string | null;
  lang: string | null;
  place: string | null;
}
export interface Passed {
  as: 'observation' | 'incident';
  subject: string;
  number: number | null;
  words: string;
  by: string;
  at: string;
}
export interface TipWhole extends Tip {
  all_pieces: Piece[];
  passed: Passed | null;
}

const put = async <T extends Tip>(answer: Promise<T>): Promise<T> => {
  const row = await answer;
  const { id, version, number, taken_in_at, state, reliability, credibility, confidence, outcome, unread, pieces, erase_at, erased_at } = row;
  picture.put('tip', { id, version, number, taken_in_at, state, reliability, credibility, confidence, outcome, unread, pieces, erase_at, erased_at });
  return row;
};

export const takeTip = (words: string, place: string, lang: string) => api.now<{ code: string }>('POST', '/tips', { words, place, lang });
export const seeCompartment = (signal: AbortSignal) => api.get<Compartment>('/tips/compartment', signal);
export const makeCompartment = (passphrase: string) => api.now<Compartment>('POST', '/tips/compartment', { passphrase });
export const changePassphrase = (old: string, fresh: string) => api.now<Compartment>('POST', '/tips/compartment/passphrase', { old, new: fresh });
export const unlock = (passphrase: string) => api.now<Compartment>('POST', '/tips/unlock', { passphrase });
export const lock = () => api.now<Compartment>('POST', '/tips/lock', {});
export const callTide = () => api.now<{ taken_in: number }>('POST', '/tips/tide', {});
export const listTips = (state: string, signal: AbortSignal) => api.get<{ items: Tip[] }>(`/tips?state=${state}&limit=100`, signal);
export const readTip = (id: string, purpose: string) => put(api.now<TipWhole>('POST', `/tips/${id}/read`, { purpose }));
export const gradeTip = (id: string, reliability: string, credibility: string, confidence: string) =>
  put(api.now<Tip>('POST', `/tips/${id}/grade`, { reliability, credibility, confidence }));
export const replyTip = (id: string, words: string) => put(api.now<Tip>('POST', `/tips/${id}/reply`, { words }));
export const followTip = (id: string) => put(api.now<Tip>('POST', `/tips/${id}/follow`, {}));
export const closeTip = (id: string, outcome: string) => put(api.now<Tip>('POST', `/tips/${id}/close`, { outcome }));
export const passOn = (id: string, body: { as: 'observation' | 'incident'; words: string; code: string | null; area: Area | null }) =>
  api.now<Passed>('POST', `/tips/${id}/pass-on`, body);
