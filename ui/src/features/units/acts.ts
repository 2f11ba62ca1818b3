/** What the board can do to a unit; handed in, since the orders belong to other features. */

import type { Unit } from '../../live/rows';

export interface UnitActs {
  setTimer: (unitId: string, minutes: number, words?: string) => Promise<Unit>;
  stopTimer: (unitId: string) => Promise<Unit>;
  askWelfare: (incidentId: string) => Promise<Unit[]>;
  answerWelfare: (unitId: string, ok: boolean) => Promise<Unit>;
  emergency: (unitId: string) => Promise<Unit>;
  settleEmergency: (unitId: string, reason: string) => Promise<Unit>;
  /** the ways back, within ten seconds */
  undoTimer: (unitId: string) => Promise<Unit>;
  undoEmergency: (unitId: string) => Promise<Unit>;
  undoAvailability: (was: Unit) => Promise<Unit>;
  availability: (unit: Unit, to: Unit['availability'], reason?: string) => Promise<Unit>;
}
