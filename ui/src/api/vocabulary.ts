/** The centre's own words, as GET /vocabulary sends them. */

export type Labels = Partial<Record<'ht' | 'fr' | 'es' | 'en', string>>;

export interface Entry {
  code: string;
  labels: Labels;
}

export interface IncidentType extends Entry {
  priority: string;
  needs: { capability: string; count: number }[];
  group: string;
}

export interface Norm extends Entry {
  seconds: number;
  /** The share of cases that must keep it, from 0 to 1. */
  share: number;
  from: string;
  to: string;
  /** Priorities that it is for. */
  priorities: string[];
  /** Whether it stands in the floor's status line. */
  shown?: boolean;
}

export interface AlarmKind extends Entry {
  group: string;
  severity: string;
  after_s: number;
  escalate_after_s: number;
  /** For how long it may be put aside at once; 0 for an emergency. */
  shelve_minutes_max: number;
}

export interface Vocabulary {
  incident_types: IncidentType[];
  priorities: (Entry & { meaning?: Labels })[];
  capabilities: Entry[];
  unit_kinds: Entry[];
  dispositions: Entry[];
  languages: Entry[];
  channels: Entry[];
  relations: Entry[];
  availability_reasons: Entry[];
  preempt_reasons: Entry[];
  cancel_reasons: Entry[];
  replace_reasons: Entry[];
  callback_outcomes: Entry[];
  promise_outcomes: Entry[];
  event_kinds: Entry[];
  roles: Entry[];
  promise_kinds: (Entry & { due_in_s?: number })[];
  assignment_statuses: (Entry & { letter: string })[];
  clocks: Entry[];
  norms: Norm[];
  alarm_kinds: AlarmKind[];
  alarm_groups: Entry[];
  purposes: Entry[];
  observation_kinds: Entry[];
  area_sources: Entry[];
  confidences: Entry[];
}
