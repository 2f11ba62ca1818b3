/** Taking alarms, putting them aside, and watching over units: each an order to the server, shown at once. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { t } from '../../i18n/index.svelte';
import { picture } from '../../live/picture.svelte';
import type { Alarm, Unit } from '../../live/rows';

async function alarmShown(answer: Promise<Alarm>): Promise<Alarm> {
  const alarm = await answer;
  if (alarm.taken_at === null || alarm.cleared_at === null) picture.put('alarm', alarm);
  return alarm;
}
async function unitShown(answer: Promise<Unit>): Promise<Unit> {
  const unit = await answer;
  picture.put('unit', unit);
  return unit;
}

export const takeAlarm = (id: string) => alarmShown(api.command<Alarm>(`/alarms/${id}/take`, {}, { about: id }));

/** Several at once; whoever has one already keeps it. */
export async function takeAlarms(ids: readonly string[]): Promise<Alarm[]> {
  const page = await api.command<{ items: Alarm[] }>('/alarms/take', { ids: [...ids] } satisfies Body<'TakeAlarmsBody'>);
  for (const alarm of page.items) if (alarm.cleared_at === null) picture.put('alarm', alarm);
  return page.items;
}

export const shelve = (id: string, minutes: number, reason: string) =>
  alarmShown(api.command<Alarm>(`/alarms/${id}/shelve`, { minutes, reason } satisfies Body<'ShelveBody'>, { about: id }));

export const unshelve = (id: string) => alarmShown(api.command<Alarm>(`/alarms/${id}/unshelve`, {}, { about: id }));

// ---- watching over units -------------------------------------------------------------------------------

export const setTimer = (unit_id: string, minutes: number, words?: string) => {
  const body: Body<'TimerBody'> = words ? { minutes, words } : { minutes };
  return unitShown(api.command<Unit>(`/units/${unit_id}/timer`, body, { about: unit_id }));
};

export const stopTimer = (unit_id: string) => unitShown(api.command<Unit>(`/units/${unit_id}/timer/cancel`, {}, { about: unit_id }));

/** Asks every unit on the incident whether all are well. */
export async function askWelfare(incident_id: string): Promise<Unit[]> {
  const page = await api.command<{ items: Unit[] }>(`/incidents/${incident_id}/welfare`, {}, { about: incident_id });
  for (const unit of page.items) picture.put('unit', unit);
  return page.items;
}

export const answerWelfare = (unit_id: string, ok: boolean) =>
  unitShown(api.command<Unit>(`/units/${unit_id}/welfare`, { ok } satisfies Body<'WelfareBody'>, { about: unit_id }));

/** The emergency button, for a crew that calls for help. */
export const emergency = (unit_id: string) => unitShown(api.command<Unit>(`/units/${unit_id}/emergency`, {}, { about: unit_id }));

// Taking back: sent at once or not at all.

export const undoTimer = (unit_id: string) => unitShown(api.now<Unit>('POST', `/units/${unit_id}/timer/cancel`, {}));

/** Settles an emergency that was pressed by mistake; the journal keeps both. */
export const undoEmergency = (unit_id: string) =>
  unitShown(api.now<Unit>('POST', `/units/${unit_id}/emergency/settle`, { reason: t('undo-emergency') } satisfies Body<'EmergencySettleBody'>));

export const settleEmergency = (unit_id: string, reason: string) =>
  unitShown(api.command<Unit>(`/units/${unit_id}/emergency/settle`, { reason } satisfies Body<'EmergencySettleBody'>, { about: unit_id }));
