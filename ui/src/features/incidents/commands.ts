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
  /** the question card that proposed type and priority */
  because?: { card: string; rule: string | null };
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

// ---- taking back: sent at once or not at all -------------------------------------------------------

type Field = 'type' | 'title' | 'priority' | 'area';
const back = (id: string, verb: string, body: object) => shown(api.now<Incident>('POST', `/incidents/${id}/${verb}`, body));

/** The note whose entry gave the incident this version. */
export const undoNote = (noted: Incident) => back(noted.id, `notes/${noted.version}/withdraw`, {});
export const undoOpen = (opened: Incident) => back(opened.id, 'undo', { what: ['opened'] });
export const undoLink = (id: string, other: string) => back(id, 'unlink', { incident_id: other } satisfies Body<'UnlinkBody'>);
export const undoUnlink = (id: string, other: string, relation: string) => back(id, 'link', { incident_id: other, relation } satisfies Body<'LinkBody'>);
/** `why`: the words for the log, in the language of who takes it back. */
export const undoClose = (id: string, why: string) => back(id, 'reopen', { reason: why } satisfies Body<'ReopenBody'>);

/** What a change touched, told by the rows before and after it. */
export function changedFields(was: Incident, now: Incident): Field[] {
  const fields: Field[] = [];
  if (was.type !== now.type) fields.push('type');
  if (was.title !== now.title) fields.push('title');
  if (was.priority !== now.priority) fields.push('priority');
  if (JSON.stringify(was.area) !== JSON.stringify(now.area)) fields.push('area');
  return fields;
}
/** What each verb may touch: what else changed meanwhile was somebody else. */
const TOUCHES: Readonly<Record<string, readonly Field[]>> = {
  title: ['title'], prioritise: ['priority'], classify: ['type', 'title', 'priority'], relocate: ['area'],
};

/** How a change made by that verb is taken back; undefined where it is not. */
export function wayBack(verb: string, was: Incident, body: Record<string, unknown>, why: string): ((now: Incident) => Promise<unknown>) | undefined {
  const other = typeof body['incident_id'] === 'string' ? body['incident_id'] : '';
  if (verb === 'link') return () => undoLink(was.id, other);
  if (verb === 'close') return () => undoClose(was.id, why);
  const touches = TOUCHES[verb];
  return touches && ((now) => back(now.id, 'undo', { what: changedFields(was, now).filter((field) => touches.includes(field)) }));
}
