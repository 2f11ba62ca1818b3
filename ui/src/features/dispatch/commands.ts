/** Sending, following and clearing. */

import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Assignment, AssignmentStatus, Unit } from '../../live/rows';

async function shown(answer: Promise<Assignment>): Promise<Assignment> {
  const assignment = await answer;
  picture.put('assignment', assignment);
  return assignment;
}

export const send = (incident_id: string, unit_id: string) =>
  shown(api.command<Assignment>('/assignments', { incident_id, unit_id, mode: 'normal' }, { about: incident_id }));

export const preempt = (incident_id: string, unit_id: string, reason: string) =>
  shown(api.command<Assignment>('/assignments', { incident_id, unit_id, mode: 'preempt', reason }, { about: incident_id }));

export const status = (assignment_id: string, to: AssignmentStatus, unit_id: string) =>
  shown(api.command<Assignment>(`/assignments/${assignment_id}/status`, { status: to }, { about: unit_id }));

export const cancel = (assignment_id: string, reason: string, unit_id: string) =>
  shown(api.command<Assignment>(`/assignments/${assignment_id}/cancel`, { reason }, { about: unit_id }));

export const replace = (assignment_id: string, unit_id: string, reason: string) =>
  shown(api.command<Assignment>(`/assignments/${assignment_id}/replace`, { unit_id, reason }, { about: unit_id }));

export async function availability(unit: Unit, to: Unit['availability'], reason?: string): Promise<Unit> {
  const row = await api.command<Unit>(
    `/units/${unit.id}/availability`, reason ? { availability: to, reason } : { availability: to }, { about: unit.id },
  );
  picture.put('unit', row);
  return row;
}
