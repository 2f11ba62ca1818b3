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
  /** Who means to take it; says something until `claimed_until`. */
  claimed_by?: Ref | null;
  claimed_until?: Instant | null;
  /** Since when the caller waits on the line. */
  held_at?: Instant | null;
  /** To the questions of the cards, as they stand. */
  answers?: CardAnswer[];
}

export interface CardAnswer {
  card: string;
  question: string;
  answer: string | null;
  words: string | null;
  lang: string | null;
  at: Instant;
  by: Ref;
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
  timer_due_at: Instant | null;
  timer_words: string | null;
  welfare_asked_at: Instant | null;
  welfare_due_at: Instant | null;
  emergency_at: Instant | null;
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
  withdrawn_at: Instant | null;
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

export type ZoneState = 'quiet' | 'no_link' | 'no_unit' | 'not_reporting' | 'unknown';

/** From what a zone's state was concluded; see docs/concepts/silence.md. */
export interface ZoneFacts {
  reason: string;
  units: number;
  lost: string[];
  heard_at: Instant | null;
  events: number;
  event_at: Instant | null;
  baseline_hours: number;
  baseline_least: number | null;
  baseline_median: number | null;
}

export interface Zone extends Row {
  name: string;
  names: Partial<Record<string, string>>;
  lat: number;
  lon: number;
  /** outlines as (lon, lat) */
  rings: [number, number][][];
  state: ZoneState | null;
  since: Instant | null;
  facts: ZoneFacts;
}

/** A demand that nobody could serve, while it stands. */
export interface UnservedRow extends Row {
  incident_id: string;
  number: number;
  priority: Priority | null;
  reason: string;
  words: string | null;
  at: Instant;
  by: string;
  ended_at: Instant | null;
  ended_how: string | null;
}

/** The house's power (id "power") or one of its links, as told at `at`. */
export interface HouseRow extends Row {
  what: 'power' | 'link';
  name: string | null;
  kind: string | null;
  state: string;
  generator_s: number | null;
  battery_s: number | null;
  latency_ms: number | null;
  at: Instant;
  by: string;
}

export type Severity = 'emergency' | 'high' | 'medium' | 'low';

/** What time made wrong; it stands until somebody has taken it and it is over. */
export interface Alarm extends Row {
  kind: string;
  severity: Severity;
  subject: string;
  incident_id: string | null;
  unit_id: string | null;
  facts: Record<string, string | number>;
  since: Instant;
  raised_at: Instant;
  cleared_at: Instant | null;
  taken_by: Ref | null;
  taken_at: Instant | null;
  shelved_until: Instant | null;
  shelved_by: string | null;
  shelf_reason: string | null;
  escalated_at: Instant | null;
  count: number;
}

/** A major incident; the first of its incidents leads. */
export interface Major extends Row {
  number: number;
  name: string | null;
  state: 'open' | 'stood_down';
  incidents: { incident_id: string; number: number }[];
  declared_at: Instant;
  declared_by: Ref;
  commander: Ref | null;
  stood_down_at: Instant | null;
  words: string | null;
}

interface MajorPart extends Row {
  major_id: string;
  at: Instant;
  by: Ref;
}
export type Letter = 'major' | 'exact' | 'type' | 'hazards' | 'access' | 'number' | 'emergency';
export type Casualty = 'p1' | 'p2' | 'p3' | 'dead' | 'missing';
export interface Statement extends MajorPart {
  item: 'statement';
  letter: Letter;
  stated_at: Instant;
  words: string | null;
  source: string | null;
  counts: Partial<Record<Casualty, number>> | null;
}
export interface Post extends MajorPart {
  item: 'post';
  kind: string;
  name: string | null;
  area: Area | null;
  closed_at: Instant | null;
}
export interface Objective extends MajorPart {
  item: 'objective';
  words: string | null;
  owner: string | null;
  priority: number;
  status: 'open' | 'met' | 'dropped';
  due_at: Instant | null;
  settled_at: Instant | null;
}
export type RequestStatus = 'requested' | 'approved' | 'ordered' | 'en_route' | 'arrived' | 'declined' | 'cancelled';
export interface ResourceRequest extends MajorPart {
  item: 'request';
  number: number;
  capability: string;
  count: number;
  words: string | null;
  source: string | null;
  reason: string | null;
  needed_by: Instant | null;
  status: RequestStatus;
  clocks: Partial<Record<RequestStatus, Instant>>;
}
export interface Division extends MajorPart {
  item: 'division';
  name: string | null;
  supervisor: string | null;
  work: string | null;
  unit_ids: string[];
  closed_at: Instant | null;
}
export interface RadioRow extends MajorPart {
  item: 'radio';
  channel: string | null;
  function: string | null;
  frequency: string | null;
  assignment: string | null;
  remarks: string | null;
}
export interface Period extends MajorPart {
  item: 'period';
  number: number;
  begins_at: Instant;
  ends_at: Instant;
}
export interface DemobCheck extends MajorPart {
  item: 'demob';
  unit_id: string;
  callsign: string;
  step: string;
}
export interface GeneralMessage extends MajorPart {
  item: 'message';
  number: number;
  to: string | null;
  sender: string | null;
  subject: string | null;
  words: string | null;
  reply: string | null;
  replied_at: Instant | null;
  replied_by: string | null;
}
/** A part of a major incident, told apart by `item`. */
export type MajorItem = Statement | Post | Objective | ResourceRequest | Division | RadioRow | Period | DemobCheck | GeneralMessage;

export interface Hand {
  id: string;
  /** the service number; of a seat, the account's name */
  number: string;
  qualifications: string[];
  /** hours between their last shift and this one, if there was any */
  rest_h: number | null;
}

export interface DutyWarning {
  code: 'rest_short' | 'duty_long';
  /** whose rest is short, by service number */
  member: string | null;
  hours: number;
  limit_h: number;
}

/** A unit's crew, or an account at a seat, from when to when. Ended without `on_at`: it did not take place. */
export interface Shift extends Row {
  unit_id: string | null;
  callsign: string | null;
  seat: string | null;
  account: Ref | null;
  starts_at: Instant;
  ends_at: Instant;
  on_at: Instant | null;
  off_at: Instant | null;
  state: 'planned' | 'on_duty' | 'ended';
  members: Hand[];
  brings: string[];
  warnings: DutyWarning[];
  reason: string | null;
  justified: boolean;
}

export interface Said {
  by: string;
  at: Instant;
  words: string | null;
}

/** A line of a hand-over: what is open, as a code and its facts. */
export interface HandoverLine {
  n: number;
  section: string;
  code: string;
  about: string;
  since: Instant | null;
  place: string;
  facts: Record<string, string | number | boolean | string[] | null>;
  /** how often what it says has changed; acknowledging names it */
  rev: number;
  state: 'open' | 'acknowledged' | 'asked' | 'answered';
  changed: boolean;
  fresh: boolean;
  gone: boolean;
  acknowledged_at: Instant | null;
  remark: Said | null;
  question: Said | null;
  answer: Said | null;
}

export interface Party {
  id: string;
  name: string;
  role: string;
}

export interface HandoverHead extends Row {
  post: string;
  state: 'draft' | 'offered' | 'acknowledging' | 'signed' | 'withdrawn';
  outgoing: Party;
  incoming: Party | null;
  /** the only account that may take it */
  to: string | null;
  started_at: Instant;
  offered_at: Instant | null;
  taken_at: Instant | null;
  ended_at: Instant | null;
  signatures: { by: string; name: string; at: Instant }[];
}

export interface Handover extends HandoverHead {
  settled: number;
  lines: HandoverLine[];
}

/** An anonymous tip without its words: those stay in the compartment. */
export interface Tip extends Row {
  number: number;
  taken_in_at: Instant;
  state: 'new' | 'read' | 'followed' | 'closed' | 'passed_on';
  reliability: string | null;
  credibility: string | null;
  confidence: string | null;
  outcome: string | null;
  unread: number;
  pieces: number;
  erase_at: Instant;
  erased_at: Instant | null;
}

export interface TracingPulse extends Row {
  recoveries: number;
  firearms: number;
  openings: number;
  /** something of it is invented, and all of it is labelled so */
  synthetic?: boolean;
}

export interface Rows {
  tracing: TracingPulse;
  tip: Tip;
  shift: Shift;
  handover: Handover;
  major: Major;
  major_item: MajorItem;
  alarm: Alarm;
  zone: Zone;
  unserved: UnservedRow;
  house: HouseRow;
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
