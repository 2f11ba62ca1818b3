/** What can be done to an incident. Each answer is shown at once; its push finds it there. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Area, Incident } from '../../live/rows';

export interface Opening {
  call_id?: string;
  type?: string;
  title?: string;
  priority?: string;
  area?: Area;
}

async function shown(answer: Promise<Incident>): Promise<Incident> {
  const incident = await answer;
  picture.put('incident', incident);
  return incident;
}

export const openIncident = (opening: Opening & Body<'OpenBody'>) =>
  shown(api.command<Incident>('/incidents', opening, { about: opening.call_id ?? null }));

/** Acts on an incident; `seen` is the version that the person had before their eyes (If-Match). */
export const actOn = (id: string, verb: string, body: object, seen?: number) =>
  shown(api.command<Incident>(`/incidents/${id}/${verb}`, body, seen === undefined ? { about: id } : { about: id, ifMatch: seen }));

export const note = (id: string, words: string, lang: string) => actOn(id, 'note', { words, lang } satisfies Body<'NoteBody'>);
export const prioritise = (id: string, priority: string, seen: number) => actOn(id, 'prioritise', { priority } satisfies Body<'PrioritiseBody'>, seen);
export const unlink = (id: string, other: string) => actOn(id, 'unlink', { incident_id: other } satisfies Body<'UnlinkBody'>);
export const link = (id: string, other: string, relation: string) =>
  actOn(id, 'link', { incident_id: other, relation } satisfies Body<'LinkBody'>);
