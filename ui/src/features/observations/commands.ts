/** What was seen, put on the map for everybody. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Area, Observation } from '../../live/rows';

/** `kind`: a code of the vocabulary `observation_kinds`. */
export async function report(kind: string, area: Area, words = ''): Promise<Observation> {
  const row = await api.command<Observation>('/observations', (words ? { kind, area, words } : { kind, area }) satisfies Body<'ObserveBody'>);
  picture.put('observation', row);
  return row;
}

/** Takes it off the map again, within the time that the server gives: sent at once or not at all. */
export const undoReport = (row: Observation): Promise<Observation> => api.now<Observation>('POST', `/observations/${row.id}/withdraw`, {});
