/** Derived from the rows, never stored: who works where, and how to find a thing by what people call it. */

import { picture } from './picture.svelte';
import { isActive, type Assignment, type Incident, type Unit } from './rows';

class Views {
  /** Assignments still bound, by incident. */
  readonly teams = $derived.by(() => {
    const teams = new Map<string, Assignment[]>();
    for (const a of picture.list('assignment')) {
      if (!isActive(a)) continue;
      const team = teams.get(a.incident_id);
      if (team) team.push(a);
      else teams.set(a.incident_id, [a]);
    }
    return teams;
  });

  readonly byNumber = $derived.by(() => {
    const found = new Map<number, Incident>();
    for (const i of picture.list('incident')) found.set(i.number, i);
    return found;
  });

  readonly byCallsign = $derived.by(() => {
    const found = new Map<string, Unit>();
    for (const u of picture.list('unit')) found.set(u.callsign.toUpperCase(), u);
    return found;
  });

  teamOf(incidentId: string): Assignment[] {
    return this.teams.get(incidentId) ?? [];
  }
}

export const views = new Views();
