/** The order of the unit board: who calls for help first, then what the command names, then by state, then by callsign. */

import { byName } from '../../kit/order';
import type { Unit, UnitState } from '../../live/rows';

/** Who can still be sent comes first, who is out of service last. */
export const STATES: readonly UnitState[] = [
  'available', 'assigned', 'en_route', 'on_scene', 'transporting', 'at_destination', 'out_of_service',
];

export function board(units: readonly Unit[], lit: ReadonlySet<string>): Unit[] {
  const rank = (u: Unit) => (u.emergency_at ? -2 : lit.has(u.id) ? -1 : STATES.indexOf(u.state));
  return [...units].sort(
    (a, b) => rank(a) - rank(b) || byName(a.callsign, b.callsign),
  );
}

export function tally(units: readonly Unit[]): Record<UnitState, number> {
  const counts = Object.fromEntries(STATES.map((s) => [s, 0])) as Record<UnitState, number>;
  for (const unit of units) counts[unit.state] += 1;
  return counts;
}
