/** How many of the incidents on this screen kept a norm, for whoever may not see the server's figures of the whole.
 *  Says its denominator: what is not held is not counted. */

import type { Norm } from '../api/vocabulary';
import type { ClockCode, Incident } from '../live/rows';

export interface Score {
  kept: number;
  of: number;
}

export function kept(norm: Norm, incidents: readonly Incident[]): Score {
  const score: Score = { kept: 0, of: 0 };
  for (const incident of incidents) {
    if (incident.priority && !norm.priorities.includes(incident.priority)) continue;
    const from = incident.clocks[norm.from as ClockCode];
    const to = incident.clocks[norm.to as ClockCode];
    if (!from || !to) continue;
    score.of += 1;
    if (Date.parse(to.at) - Date.parse(from.at) <= norm.seconds * 1000) score.kept += 1;
  }
  return score;
}
