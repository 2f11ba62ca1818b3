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
  covers: string[];
  distance_m: number | null;
  seconds: number | null;
  basis: string;
  position_age_s: number | null;
  reasons: Reason[];
}

export interface Shortfall {
  capability: string;
  missing: number;
  because: (Reason & { unit_id: string; callsign: string })[];
}

export interface Recommendation {
  needs: { capability: string; count: number }[];
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
