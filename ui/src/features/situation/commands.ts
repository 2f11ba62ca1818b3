/** What can be said about the whole picture: that nobody can come, and how the house is. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { HouseRow, UnservedRow } from '../../live/rows';

async function told(answer: Promise<HouseRow>): Promise<HouseRow> {
  const row = await answer;
  picture.put('house', row);
  return row;
}

/** Nobody can come to this incident. */
export async function markUnserved(incident: string, reason: string, words: string): Promise<UnservedRow> {
  const body = { reason, words } satisfies Body<'UnservedBody'>;
  const row = await api.command<UnservedRow>(`/incidents/${incident}/unserved`, body, { about: incident });
  picture.put('unserved', row);
  return row;
}

/** It was said by mistake. */
export const withdrawUnserved = (row: UnservedRow): Promise<UnservedRow> =>
  api.command<UnservedRow>(`/unserved/${row.id}/withdraw`, { words: '' } satisfies Body<'UnservedWithdrawBody'>, { about: row.incident_id });

/** The same, sent at once or not at all. */
export const undoUnserved = (row: UnservedRow): Promise<UnservedRow> => api.now<UnservedRow>('POST', `/unserved/${row.id}/withdraw`, { words: '' });

export const tellPower = (source: string, generator_s: number | null, battery_s: number | null): Promise<HouseRow> =>
  told(api.command<HouseRow>('/house/power', { source, generator_s, battery_s } satisfies Body<'HousePowerBody'>, { about: 'power' }));

export const tellLink = (name: string, kind: string, state: string, latency_ms: number | null): Promise<HouseRow> =>
  told(api.command<HouseRow>(`/house/links/${encodeURIComponent(name)}`, { kind, state, latency_ms } satisfies Body<'HouseLinkBody'>, { about: `link/${name.toLowerCase()}` }));
