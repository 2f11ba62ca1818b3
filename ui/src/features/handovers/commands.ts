/** What the two do to a hand-over. Each answer is shown at once; its push finds it there. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Handover } from '../../live/rows';

async function shown(answer: Promise<Handover>): Promise<Handover> {
  const handover = await answer;
  if (handover.state !== 'signed' && handover.state !== 'withdrawn') picture.put('handover', handover);
  return handover;
}

const act = (id: string, verb: string, body: object = {}) =>
  shown(api.command<Handover>(`/handovers/${id}/${verb}`, body, { about: id }));

export const start = (seat: string) =>
  shown(api.command<Handover>('/handovers', (seat ? { seat } : {}) satisfies Body<'StartBody'>));
/** `to`: only this account may take it. */
export const offer = (id: string, to: string) => act(id, 'offer', (to ? { to } : {}) satisfies Body<'OfferHandoverBody'>);
export const take = (id: string) => act(id, 'take');
export const letGo = (id: string) => act(id, 'let_go');
export const withdraw = (id: string) => act(id, 'withdraw');
export const remark = (id: string, words: string) => act(id, 'remarks', { words } satisfies Body<'HandoverWordsBody'>);
export const acknowledge = (id: string, n: number, rev: number) =>
  act(id, `lines/${n}/acknowledge`, { rev } satisfies Body<'AcknowledgeLineBody'>);
export const ask = (id: string, n: number, words: string) => act(id, `lines/${n}/question`, { words } satisfies Body<'HandoverWordsBody'>);
export const answer = (id: string, n: number, words: string) => act(id, `lines/${n}/answer`, { words } satisfies Body<'HandoverWordsBody'>);

/** Signs the list as it was before the person's eyes. Sent at once or not at all: a password does not wait in a queue. */
export const sign = (read: Handover, password: string) =>
  shown(api.now<Handover>('POST', `/handovers/${read.id}/sign`, { password } satisfies Body<'SignBody'>, read.version));
