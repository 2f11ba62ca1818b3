/** What GET /recommendations answers. */

import type { UnitState } from '../../live/rows';

export interface Reason {
  code: string;
  [arg: string]: unknown;
}

export interface Offer {
  unit_id: string;
  callsign: string;
  state: UnitState;
  /** the proposal, the next best, or at other work */
  choice: 'chosen' | 'alternative' | 'preempt';
  covers: string[];
  distance_m: number | null;
  seconds: number | null;
  basis: string;
  position_age_s: number | null;
  reasons: Reason[];
}

export interface Shortfall {
  /** null where the needs are unknown and no unit at all is free */
  capability: string | null;
  missing: number;
  because: (Reason & { unit_id: string | null; callsign: string | null })[];
}

export interface Recommendation {
  needs: { capability: string; count: number; met: number }[];
  units: Offer[];
  shortfalls: Shortfall[];
}

/** An assignment status of the vocabulary: `next` are those that may follow. */
export interface AssignmentStatus {
  code: string;
  labels: Partial<Record<'ht' | 'fr' | 'es' | 'en', string>>;
  letter: string;
  next?: string[];
}
