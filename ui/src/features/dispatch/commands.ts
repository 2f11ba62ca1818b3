/** Sending, following and clearing. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Assignment, AssignmentStatus, Unit } from '../../live/rows';

async function shown(answer: Promise<Assignment>): Promise<Assignment> {
  const assignment = await answer;
  picture.put('assignment', assignment);
  return assignment;
}

export const send = (incident_id: string, unit_id: string) =>
  shown(api.command<Assignment>('/assignments', { incident_id, unit_id, mode: 'normal' } satisfies Body<'AssignBody'>, { about: incident_id }));

export const preempt = (incident_id: string, unit_id: string, reason: string) =>
  shown(api.command<Assignment>('/assignments', { incident_id, unit_id, mode: 'preempt', reason } satisfies Body<'AssignBody'>, { about: incident_id }));

export const status = (assignment_id: string, to: AssignmentStatus, unit_id: string) =>
  shown(api.command<Assignment>(`/assignments/${assignment_id}/status`, { status: to } satisfies Body<'StatusBody'>, { about: unit_id }));

export const cancel = (assignment_id: string, reason: string, unit_id: string) =>
  shown(api.command<Assignment>(`/assignments/${assignment_id}/cancel`, { reason } satisfies Body<'CancelBody'>, { about: unit_id }));

export const replace = (assignment_id: string, unit_id: string, reason: string) =>
  shown(api.command<Assignment>(`/assignments/${assignment_id}/replace`, { unit_id, reason } satisfies Body<'ReplaceBody'>, { about: unit_id }));

export async function availability(unit: Unit, to: Unit['availability'], reason?: string): Promise<Unit> {
  const body: Body<'AvailabilityBody'> = reason ? { availability: to, reason } : { availability: to };
  const row = await api.command<Unit>(`/units/${unit.id}/availability`, body, { about: unit.id });
  picture.put('unit', row);
  return row;
}

// ---- taking back: sent at once or not at all -------------------------------------------------------

/** Takes back the step that the assignment stands at; "assigned" takes back its being sent. */
export const undoStep = (id: string, step: AssignmentStatus) =>
  shown(api.now<Assignment>('POST', `/assignments/${id}/undo`, { status: step }));

/** Sets a unit's availability to what it was before. */
export async function undoAvailability(was: Unit): Promise<Unit> {
  const body: Body<'AvailabilityBody'> = was.reason ? { availability: was.availability, reason: was.reason } : { availability: was.availability };
  const row = await api.now<Unit>('POST', `/units/${was.id}/availability`, body);
  picture.put('unit', row);
  return row;
}
