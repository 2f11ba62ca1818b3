/** What is done to shifts. Each answer is shown at once; its push finds it there. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Shift } from '../../live/rows';

export interface Member {
  id: string;
  version: number;
  number: string;
  qualifications: string[];
  retired_at: string | null;
}

async function shown(answer: Promise<Shift>): Promise<Shift> {
  const shift = await answer;
  picture.put('shift', shift);
  return shift;
}
const act = (id: string, verb: string, body: object = {}, seen?: number) =>
  shown(api.command<Shift>(`/shifts/${id}/${verb}`, body, seen === undefined ? { about: id } : { about: id, ifMatch: seen }));

export const signOn = (id: string) => act(id, 'sign_on', {} satisfies Body<'SignOnBody'>);
export const signOff = (id: string) => act(id, 'sign_off', {} satisfies Body<'SignOffBody'>);
export const cancel = (id: string, seen: number) => act(id, 'cancel', {}, seen);
export const justify = (id: string, reason: string) => act(id, 'justify', { reason } satisfies Body<'JustifyBody'>);
export const edit = (id: string, change: Body<'EditShiftBody'>, seen: number) => act(id, 'edit', change, seen);
export const plan = (shift: Body<'PlanBody'>) => shown(api.command<Shift>('/shifts', shift, { about: shift.unit_id ?? null }));

/** The sealed name, read for a stated purpose; the reading itself is recorded. */
export const revealName = (id: string, purpose: string) =>
  api.now<{ value: string }>('POST', `/members/${id}/reveal`, { purpose } satisfies Body<'RevealNameBody'>);

/** All members, page by page. */
export async function members(signal: AbortSignal): Promise<Member[]> {
  const found: Member[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: Member[]; next: string | null } = await api.get(`/members?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, signal);
    found.push(...page.items.filter((m) => !m.retired_at));
    cursor = page.next;
  }
  return found;
}
