/** The rows of the live picture, as the server sends them (times are RFC 3339 UTC text, ids UUIDv7 text). */

export type Instant = string;
export type Priority = 'P0' | 'P1' | 'P2' | 'P3' | 'P4';
export type Confidence = 'exact' | 'likely' | 'heard' | 'unknown';
export type AreaSource =
  | 'caller' | 'gazetteer' | 'landmark' | 'map' | 'device' | 'cell' | 'unit' | 'import';

/** A place as it is known: words, and a circle when there is one. Never a false pin. */
export interface Area {
  lat: number | null;
  lon: number | null;
  radius_m: number | null;
  source: AreaSource;
  confidence: Confidence;
  words?: string;
  place_id?: string | null;
}

export interface Ref {
  id: string;
  name: string;
}

export interface Row {
  id: string;
  version: number;
}

export interface Callback {
  due_at: Instant;
  attempts: number;
  settled_at: Instant | null;
  outcome: string | null;
}

export interface Call extends Row {
  number: number;
  channel: string;
  state: 'offered' | 'answered' | 'ended' | 'abandoned';
  offered_at: Instant;
  answered_at: Instant | null;
  ended_at: Instant | null;
  line: string | null;
  lang: string | null;
  area: Area | null;
  taken_by: Ref | null;
  incident_id: string | null;
  words: string | null;
  callback: Callback | null;
}

export type ClockCode =
  | 'ring' | 'answer' | 'location_known' | 'type_known' | 'entered' | 'first_assigned' | 'notified'
  | 'acknowledged' | 'en_route' | 'on_scene' | 'contact' | 'transport' | 'at_destination' | 'clear' | 'closed';

export interface ClockMark {
  at: Instant;
  source: 'automatic' | 'manual' | 'late';
  by?: string | null;
}

export interface Need {
  capability: string;
  count: number;
}

export interface Link {
  incident_id: string;
  relation: string;
}

export interface Incident extends Row {
  number: number;
  type: string | null;
  title: string | null;
  priority: Priority | null;
  state: 'open' | 'closed';
  area: Area | null;
  opened_at: Instant;
  closed_at: Instant | null;
  disposition: string | null;
  clocks: Partial<Record<ClockCode, ClockMark>>;
  links: Link[];
  calls: number;
  needs: Need[];
}

export type UnitState =
  | 'available' | 'assigned' | 'en_route' | 'on_scene' | 'transporting' | 'at_destination' | 'out_of_service';

export interface Unit extends Row {
  callsign: string;
  kind: string;
  capabilities: string[];
  crew: number;
  home: Area | null;
  shift_until: Instant | null;
  availability: 'available' | 'out_of_service';
  reason: string | null;
  state: UnitState;
  since: Instant;
  assignment_id: string | null;
  incident_id: string | null;
}

export type AssignmentStatus =
  | 'assigned' | 'notified' | 'acknowledged' | 'en_route' | 'on_scene' | 'transporting' | 'at_destination'
  | 'cleared' | 'cancelled' | 'preempted' | 'replaced';

export interface Assignment extends Row {
  unit_id: string;
  incident_id: string;
  status: AssignmentStatus;
  clocks: Partial<Record<AssignmentStatus, { at: Instant; source: string }>>;
  by: string | null;
  reason: string | null;
  replaces: string | null;
}

export interface PromiseRow extends Row {
  call_id: string | null;
  incident_id: string | null;
  kind: string;
  words: string | null;
  owner: Ref | null;
  made_at: Instant;
  due_at: Instant;
  settled_at: Instant | null;
  outcome: string | null;
}

export interface Track extends Row {
  unit_id: string;
  at: Instant;
  received_at: Instant;
  lat: number;
  lon: number;
  accuracy_m: number | null;
  speed_mps: number | null;
  course_deg: number | null;
}

export interface Observation extends Row {
  kind: string;
  area: Area | null;
  words: string | null;
  at: Instant;
  by: string | null;
}

export type MessageStep = 'sent' | 'received' | 'acknowledged' | 'will_comply' | 'cannot_comply' | 'done';
export type MessagePriority = 'routine' | 'urgent' | 'flash';
export type AddresseeKind = 'unit' | 'role' | 'account' | 'channel';

/** How far one addressee got with a message; a step absent from `steps` was never heard of. */
export interface Receipt {
  kind: 'unit' | 'account';
  id: string;
  name: string;
  step: MessageStep;
  steps: Partial<Record<MessageStep, { at: Instant; by: string; source: 'automatic' | 'manual' | 'late' }>>;
  reason: string | null;
  /** addressed when it was sent, rather than taken on afterwards */
  listed: boolean;
}

export interface Message extends Row {
  sent_at: Instant;
  from: { id: string; name: string; unit_id: string | null };
  to: { kind: AddresseeKind; id: string; name: string };
  incident_id: string | null;
  reply_to: string | null;
  thread: string;
  priority: MessagePriority;
  template: string | null;
  args: Record<string, string>;
  words: string | null;
  acknowledge_by: Instant | null;
  open: boolean;
  counts: { of: number; received: number; acknowledged: number; will_comply: number; cannot_comply: number; done: number };
  receipts: Receipt[];
}

export interface Channel extends Row {
  code: string | null;
  name: string | null;
  incident_id: string | null;
  kinds: string[];
  units: string[];
  roles: string[];
  opened_at: Instant | null;
  closed_at: Instant | null;
}

export interface Rows {
  message: Message;
  channel: Channel;
  call: Call;
  incident: Incident;
  unit: Unit;
  assignment: Assignment;
  promise: PromiseRow;
  track: Track;
  observation: Observation;
}
export type Kind = keyof Rows;

const ENDED: ReadonlySet<AssignmentStatus> = new Set(['cleared', 'cancelled', 'preempted', 'replaced']);

/** True while the unit is still bound by the assignment. */
export function isActive(a: Assignment): boolean {
  return !ENDED.has(a.status);
}

export type StateLetter = 'A' | 'D' | 'R' | 'S' | 'T' | 'H' | 'X';
const LETTERS: Record<UnitState, StateLetter> = {
  available: 'A', assigned: 'D', en_route: 'R', on_scene: 'S',
  transporting: 'T', at_destination: 'H', out_of_service: 'X',
};

/** The letter of a unit's state, which with shape and colour is its mark. */
export function letterOf(state: UnitState): StateLetter {
  return LETTERS[state] ?? 'X';
}
