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
  enrolled_at: string;
  retired_at: string | null;
}

async function shown(answer: Promise<Shift>): Promise<Shift> {
  const shift = await answer;
  picture.put('shift', shift);
  return shift;
}
const act = (id: string, verb: string, body: object = {}, seen?: number) =>
  shown(api.command<Shift>(`/shifts/${id}/${verb}`, body, seen === undefined ? { about: id } : { about: id, ifMatch: seen }));

/** Now, or at a time entered late (RFC 3339). */
export const signOn = (id: string, at?: string) => act(id, 'sign_on', (at ? { at } : {}) satisfies Body<'SignOnBody'>);
export const signOff = (id: string, at?: string) => act(id, 'sign_off', (at ? { at } : {}) satisfies Body<'SignOffBody'>);
export const cancel = (id: string, seen: number) => act(id, 'cancel', {}, seen);
export const justify = (id: string, reason: string) => act(id, 'justify', { reason } satisfies Body<'JustifyBody'>);
export const edit = (id: string, change: Body<'EditShiftBody'>, seen: number) => act(id, 'edit', change, seen);
export const plan = (shift: Body<'PlanBody'>) => shown(api.command<Shift>('/shifts', shift, { about: shift.unit_id ?? null }));

/** The sealed name, read for a stated purpose; the reading itself is recorded. */
export const revealName = (id: string, purpose: string) =>
  api.now<{ value: string }>('POST', `/members/${id}/reveal`, { purpose } satisfies Body<'RevealNameBody'>);

export const enrol = (member: Body<'EnrolBody'>) => api.command<Member>('/members', member);
export const qualify = (id: string, qualifications: string[]) =>
  api.command<Member>(`/members/${id}/qualify`, { qualifications } satisfies Body<'QualifyBody'>, { about: id });
export const retire = (id: string) => api.command<Member>(`/members/${id}/retire`, {}, { about: id });

/** All members, page by page, those who left too. */
export async function members(signal: AbortSignal): Promise<Member[]> {
  const found: Member[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: Member[]; next: string | null } = await api.get(`/members?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, signal);
    found.push(...page.items);
    cursor = page.next;
  }
  return found;
}
