/** What the incidents are that lead major ones, also those that are closed and have left the picture. */

import { untrack } from 'svelte';
import { api } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Incident, Major } from '../../live/rows';

export type Lead = Pick<Incident, 'type' | 'area'>;

/** Of those wanted, which neither stand in the picture nor were asked for. */
export const unknown = (wanted: readonly string[], held: (id: string) => unknown, asked: ReadonlyMap<string, unknown>): string[] =>
  wanted.filter((id) => !held(id) && !asked.has(id));

/** The lead of each major incident: from the picture, else as it was last seen, else as the server has it.
 *  Call while a component is made. */
export function leads(majors: () => readonly Major[], every_ms: number): (major: Major) => Lead | undefined {
  let seen = $state.raw<ReadonlyMap<string, Lead>>(new Map());
  let round = $state(0);
  const keep = (id: string, { type, area }: Lead) => (seen = new Map(seen).set(id, { type, area }));
  $effect(() => {
    for (const major of majors()) {
      const lead = picture.get('incident', major.incidents[0]?.incident_id);
      if (lead) untrack(() => keep(lead.id, lead));
    }
  });
  $effect(() => {
    void round;
    if (!picture.whole) return;
    const wanted = majors().flatMap((m) => m.incidents[0]?.incident_id ?? []);
    const missing = untrack(() => unknown(wanted, (id) => picture.get('incident', id), seen));
    if (!missing.length) return;
    const drop = new AbortController();
    for (const id of missing) api.get<Incident>(`/incidents/${id}`, drop.signal).then((found) => keep(id, found), () => undefined);
    // What was not answered is asked again, as long as it is missing.
    const timer = setTimeout(() => (round += 1), every_ms);
    return () => {
      drop.abort();
      clearTimeout(timer);
    };
  });
  return (major) => {
    const id = major.incidents[0]?.incident_id;
    return picture.get('incident', id) ?? (id === undefined ? undefined : seen.get(id));
  };
}
