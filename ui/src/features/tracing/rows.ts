/** Rows of firearms tracing, as the server sends them. Days are ISO 8601 texts: a day, a month or a year. */

import type { Labels } from '../../api/vocabulary';
import type { Instant } from '../../live/rows';

export type NodeKind = 'dealer' | 'person' | 'contact' | 'firearm' | 'materiel' | 'consignment' | 'port' | 'recovery';
/** evidenced: a document says the tie itself; inferred: concluded from a coincidence; the others are of a laboratory. */
export type Evidence = 'evidenced' | 'inferred' | 'lead' | 'confirmed' | 'excluded';
export type Day = string;

export interface Node {
  id: string;
  kind: NodeKind;
  ref: string;
  title: string;
  /** data, in no language */
  detail: string;
  /** a word beside it: table of the vocabulary and code */
  code: [table: string, code: string] | null;
  date: Day | null;
  sealed: boolean;
  /** how many of its neighbours stand folded behind a hub; null where it is none */
  folded: number | null;
  /** how many of its neighbours are not shown, the folded ones too */
  more: number;
  network: string | null;
}

export interface Edge {
  id: string;
  a: string;
  b: string;
  kind: string;
  via: string | null;
  evidence: Evidence;
  confidence: number | null;
  on: Day | null;
  until: Day | null;
}

export type Lane = 'sale' | 'consignment' | 'recovery' | 'request';

/** `from` to `from_latest` and `to` to `to_latest` are ranges in which an unknown day lies. */
export interface Time {
  id: string;
  node: string;
  lane: Lane;
  title: string;
  from: Day | null;
  to: Day | null;
  from_latest: Day | null;
  to_latest: Day | null;
  kind: 'point' | 'span';
  /** how many things it tells of: firearms sold at once */
  count: number;
}

export interface Stop {
  code: string;
  name: string;
  lat: number;
  lon: number;
}

export interface Leg {
  id: string;
  /** the consignment, or the recovery that a likely way leads to */
  node: string;
  from: Stop;
  to: Stop;
  evidence: Evidence;
  confidence: number | null;
  on: Day | null;
  until: Day | null;
}

/** A stop of a likely route: it left there between `low` and `high` (10 and 90 %). */
export interface RouteStop extends Stop {
  low: Day;
  middle: Day;
  high: Day;
}

export interface LikelyRoute {
  probability: number;
  prior: number;
  stops: RouteStop[];
  modes: string[];
  supported: string[];
  contradicted: string[];
}

/** All probabilities with `other_routes` and `none_of_these` make one. */
export interface Routes {
  recovery: string;
  routes: LikelyRoute[];
  other_routes: number;
  none_of_these: number;
  /** how many pieces of evidence it was reckoned from */
  evidence: number;
  complete: boolean;
}

/** Where something was recovered: an area, never a point. */
export interface Site {
  node: string;
  lat: number;
  lon: number;
  radius_m: number;
  words: string;
}

export interface Workspace {
  root: string;
  nodes: Node[];
  edges: Edge[];
  times: Time[];
  legs: Leg[];
  sites: Site[];
  shown: number;
  total: number;
  synthetic: boolean;
}

/** Firearms that a search found tied together. */
export interface Network {
  id: string;
  firearms: number;
  recoveries: number;
  countries: string[];
  first: Day | null;
  last: Day | null;
}
export interface NetworkSearch {
  at: Instant | null;
  /** something was stated since */
  stale: boolean;
  firearms: number;
  in_networks: number;
  networks: Network[];
}
export interface NetworkWhy {
  id: string;
  firearms: [id: string, ref: string][];
  evidenced_share: number;
  strongest: { left: string; right: string; left_ref: string; right_ref: string; reason: string; evidence: string; confidence: number; about: string }[];
  /** without this shared thing it falls into parts of so many */
  breaks: { reason: string; about: string; parts: number[] }[];
}

export type Tlp = 'CLEAR' | 'GREEN' | 'AMBER' | 'AMBER_STRICT' | 'RED';

export interface Handling {
  originator: string;
  tlp: Tlp;
  releasable: string[];
  purposes: string[];
  onward: boolean;
  review_on: Day | null;
}

/** One claim of one source; `value` is null where it is sealed or erased. */
export interface Statement {
  id: string;
  entity_id: string;
  prop: string;
  value: string | null;
  original: string | null;
  sealed: boolean;
  source_id: string;
  handling: Handling;
  flag: string | null;
  by: string;
  said_at: Instant;
  preferred: boolean;
  stands: boolean;
}

export interface Source {
  id: string;
  kind: string;
  originator: string;
  reference: string;
  /** reliability A to F and credibility 1 to 6 */
  grade: string;
  digest: string;
  received_at: Instant;
  by: string;
  synthetic: boolean;
}

export interface Entity {
  id: string;
  version: number;
  kind: string;
  ref: string;
  canonical: string;
  values: Record<string, unknown>;
  contested: number;
  made_at: Instant;
  expires_at: Instant | null;
}

export interface Judgement {
  id: string;
  version: number;
  left: string;
  right: string;
  verdict: 'same' | 'different' | 'unsure';
  why: string | null;
  by: string;
  at: Instant;
  undone_at: Instant | null;
  undone_by: string | null;
}

export interface Dossier {
  entity: Entity;
  members: Entity[];
  statements: Statement[];
  sources: Source[];
  judgements: Judgement[];
}

export interface Opening {
  id: string;
  version: number;
  number: number;
  entity_id: string;
  case: string;
  purpose: string;
  asked_by: string;
  asked_at: Instant;
  decided_by: string | null;
  decided_at: Instant | null;
  allowed: boolean | null;
  until: Instant | null;
}

/** Something that speaks for or against, as a code of the vocabulary `link_reasons` and its facts. */
export interface Ground {
  code: string;
  args: Record<string, string | number>;
  id: string | null;
}

/** How well an item of evidence fits a hypothesis: very well, well, neither, not at all applicable, badly, very badly. */
export type Cell = 'CC' | 'C' | 'N' | 'NA' | 'I' | 'II';

export interface Hypothesis {
  code: string;
  innocent: boolean;
  inconsistency: number;
  rank: number;
  cells: Record<string, Cell>;
}

export interface Item {
  id: string;
  words: string;
  grade: string;
}

export interface Inferred {
  reason: string;
  confidence: number;
  /** what the two share */
  about: string;
  guns: number;
  /** days or serials between the two, where that counts */
  apart: number | null;
  for: Ground[];
  against: Ground[];
  refute: string[];
  hypotheses: Hypothesis[];
  items: Item[];
  /** items without any one of which another reading would lead */
  turns: string[];
}

export interface EvidenceRow {
  statements: Statement[];
  sources: Source[];
  inferred: Inferred | null;
}

export interface Desk {
  purpose: string | null;
  case: string | null;
  until: Instant | null;
}

/** How a mark of one side stands to the other's: the same, taken for one another, unread, on one side only, changed places. */
export type Relation = 'same' | 'look_alike' | 'unknown' | 'missing' | 'extra' | 'swapped' | 'other';
export type Verdict = 'same' | 'different' | 'unsure';

export interface Pair {
  recovered: string | null;
  register: string | null;
  relation: Relation;
}

/** Part of a score: log10 of a likelihood ratio, and the facts it was reckoned from. */
export interface Part {
  code: string;
  args: Record<string, string | number | null>;
  weight: number;
}

interface Marked {
  /** "?" is a mark that nobody can read, "…" an unknown number of them */
  marks: string;
  make: string | null;
  model: string | null;
  calibre: string | null;
}

export interface Match {
  id: string;
  version: number;
  number: number;
  kind: 'register' | 'firearm' | 'duplicate';
  firearm: { id: string; ref: string };
  other: (Marked & { id: string; ref: string; photos: string[]; recovery: { id: string; ref: string } | null }) | null;
  /** 0 to 1 */
  score: number;
  recovered: Marked & { photos: string[] };
  register: (Marked & { id: string; number: number; name: string; kind: string; originator: string; entry: number; row: number; withdrawn: boolean }) | null;
  alignment: Pair[];
  parts: Part[];
  /** how many others fit about as well, of how many that were searched */
  near: number;
  of: number;
  verdict: Verdict | 'none';
  decided_by: string | null;
  decided_at: Instant | null;
  why: string | null;
  proposed_at: Instant;
  withdrawn_at: Instant | null;
}

export type PropType =
  | 'text' | 'words' | 'date' | 'integer' | 'country' | 'make' | 'model' | 'calibre' | 'firearm_type' | 'serial'
  | 'container' | 'port' | 'area' | 'photo' | 'code' | 'entity' | 'personal';

export interface Prop {
  type: PropType;
  labels: Labels;
  of: string[];
  table: string;
  needed: boolean;
  many: boolean;
}

export interface Kind {
  letter: string;
  node: boolean;
  labels: Labels;
  props: Record<string, Prop>;
}

export type Schema = Record<string, Kind>;

export interface Page<T> {
  items: T[];
  next: string | null;
}


// ---- recoveries ----------------------------------------------------------------------------------------

export interface RecoveryLine {
  id: string;
  version: number;
  ref: string;
  number: number;
  date: Day | null;
  country: string | null;
  place: string | null;
  lat: number | null;
  lon: number | null;
  radius_m: number | null;
  agency: string | null;
  case: string | null;
  disposition: string | null;
  legal_basis: string | null;
  firearms: number;
  materiel: number;
  missing: number;
}

export interface FirearmLine {
  id: string;
  version: number;
  ref: string;
  number: number;
  recovery_id: string | null;
  recovery: string | null;
  type: string | null;
  make: string | null;
  model: string | null;
  calibre: string | null;
  serial: string | null;
  serial_status: string | null;
  country: string | null;
  missing: number;
  contested: number;
  recovered_on: Day | null;
  recovered_in: string | null;
  sold_on: Day | null;
  sold_in: string | null;
  dealer_id: string | null;
  trace_state: string;
  outcome: string | null;
  /** the first sale is said to be after the recovery: one of the two is wrong */
  sold_after: boolean;
}

export type Standing = 'given' | 'doubtful' | 'missing' | 'excused';
export interface Completeness {
  have: number;
  of: number;
  identifiers: { prop: string; standing: Standing; box: string; next: Labels }[];
}
export interface Flag {
  prop: string;
  value: string;
  original: string | null;
  flag: string;
}
export interface Similar {
  of: string;
  of_ref: string;
  id: string;
  ref: string;
  reason: 'same_serial' | 'same_case';
  values: Record<string, string>;
}
export interface RecoveryItem {
  id: string;
  version: number;
  ref: string;
  kind: 'firearm' | 'materiel';
  canonical: string;
  contested: number;
  values: Record<string, string | string[]>;
  completeness: Completeness;
  flags: Flag[];
  line: FirearmLine | null;
}
export interface RecoveryPage {
  id: string;
  version: number;
  recovery: RecoveryLine;
  values: Record<string, string | string[]>;
  canonical: string;
  contested: number;
  completeness: Completeness;
  flags: Flag[];
  items: RecoveryItem[];
  similar: Similar[];
  more: boolean;
}
export interface Recorded {
  recovery: RecoveryPage;
  made: string[];
  similar: Similar[];
}

export interface Named {
  code: string;
  name: string | null;
  labels: Labels | null;
  make: string | null;
  type: string | null;
  calibres: string[];
}
export interface FormBox {
  name: string;
  box: string;
  required: boolean;
  next: Labels;
  doubt: Labels;
}
/** What entry forms need beside the schema. */
export interface FormInfo {
  form: string;
  boxes: Record<string, Record<string, FormBox>>;
  needed: Record<string, string[]>;
  makes: Named[];
  models: Named[];
  calibres: Named[];
  types: Named[];
}

export interface GivenBody {
  prop: string;
  value: string;
}
export interface SourceBody {
  kind: string;
  reference: string;
  grade: string;
  words?: string;
}
export interface HandlingBody {
  tlp: Tlp;
  releasable: string[];
  purposes: string[];
  onward: boolean;
  review_on: Day | null;
}
export interface RecordBody {
  values: GivenBody[];
  items: { kind: string; values: GivenBody[] }[];
  source: SourceBody;
  handling: HandlingBody;
}

// ---- imports -------------------------------------------------------------------------------------------

export interface ValueRule {
  column?: string;
  constant?: string;
  entity?: string;
  split?: string;
  [more: string]: unknown;
}
export interface EntityRule {
  kind: string;
  values: Record<string, ValueRule>;
  key?: string[];
  when?: string[];
  name?: string;
}
export interface Mapping {
  name: string;
  labels: Labels;
  entity: EntityRule[];
  originator?: string | null;
  [more: string]: unknown;
}
export interface Guess {
  column: string;
  kind: string | null;
  prop: string | null;
  score: number;
}
export interface Fault {
  column: string | null;
  code: string;
  words: string;
  hint: string;
}
export interface ImportReport {
  state: 'judged' | 'running' | 'done';
  mapping: string;
  rows: number;
  good: number;
  bad: number;
  rows_done: number;
  made: number;
  stated: number;
  known: number;
  kinds: Record<string, { new: number; known: number }>;
  reasons: Record<string, number>;
  flags: Record<string, number>;
  bad_rows: { line: number; faults: Fault[] }[];
  similar: { line: number; reason: 'same_serial' | 'same_case'; ref: string | null; other_line: number | null }[];
  similar_count: number;
  absent: string[];
  unread: string[];
}
export interface ImportFile {
  id: string;
  file: string;
  digest: string;
  kind: string;
  encoding: string;
  delimiter: string;
  sheet: string;
  columns: string[];
  sample: string[][];
  rows: number;
  until: Instant;
  proposal: { mapping: Mapping | null; columns: Guess[]; doubts: string[] };
  mapping: Mapping | null;
  report: ImportReport | null;
}
export interface TakenFile {
  id: string;
  file: string;
  digest: string;
  mapping: string;
  rows: number;
  bad: number;
  rows_done: number;
  made: number;
  stated: number;
  known: number;
  by: string;
  began_at: Instant;
  done_at: Instant | null;
}

// ---- trace requests ------------------------------------------------------------------------------------

export type Verb = 'edit' | 'approve' | 'send' | 'acknowledge' | 'progress' | 'need_more' | 'refuse' | 'answer' | 'wait' | 'ask_again';

export interface TraceRequest {
  id: string;
  version: number;
  number: number;
  ref: string;
  /** out: we asked; in: we were asked */
  side: 'out' | 'in';
  partner: string;
  /** how the asker calls it */
  theirs: string;
  firearm: { id: string; ref: string };
  channel: string;
  priority: string;
  purpose: string;
  legal_basis: string;
  case: string;
  state: string;
  /** what is possible now, the likeliest first */
  next: Verb[];
  round: number;
  clocks: Partial<Record<string, Instant>>;
  ack_due_at: Instant | null;
  answer_due_at: Instant | null;
  lapse_at: Instant | null;
  overdue: string[];
  drafted_by: string;
  changed_by: string | null;
  approved_by: string | null;
  leave_out: string[];
  asks: string[];
  outcome: string | null;
  reason: string | null;
  purchaser: 'none' | 'exists' | 'sealed';
  prepared_by: string | null;
  trouble: string | null;
  synthetic: boolean;
}

export interface TraceStep {
  n: number;
  what: string;
  /** the other side said it */
  heard: boolean;
  at: Instant;
  by: string;
  words: string | null;
  letter: string | null;
  receipt: { id: string | null; key_id: string | null; at: Instant | null; outcome: string | null; reason: string | null } | null;
  facts: Record<string, unknown>;
}

export interface TraceStory {
  id: string;
  version: number;
  request: TraceRequest;
  words: string;
  steps: TraceStep[];
}

/** What would leave now. */
export interface TracePreview {
  request: TraceRequest;
  items: { entity: string; kind: string; statement: Statement; kept: string | null }[];
  sources: Source[];
  needed: { prop: string; state: 'goes' | 'stays' | 'missing' }[];
  going: number;
  kept: number;
  purchaser: boolean;
  digest: string;
}

export interface Due {
  request_id: string;
  ref: string;
  side: 'out' | 'in';
  partner: string;
  kind: 'ack_due' | 'answer_due' | 'review_due' | 'approval_due';
  owed_by: 'us' | 'them';
  due_at: Instant;
  count: number;
}

export interface PartnerRow {
  id: string;
  code: string;
  name: string;
  enabled: boolean;
  retired_at: Instant | null;
}

// ---- figures -------------------------------------------------------------------------------------------

export interface Indicator {
  code: string;
  numerator: number | null;
  denominator: number | null;
  share: number | null;
  at_least: number | null;
  at_most: number | null;
  withheld: boolean;
}
export interface Table {
  rows: string[];
  columns: string[];
  cells: (number | null)[][];
  row_totals: (number | null)[];
  column_totals: (number | null)[];
  total: number | null;
  withheld: number | boolean;
}
export interface Indicators {
  first: Day;
  last: Day;
  as_of: Day;
  indicators: Indicator[];
  response: { asked: number | null; responded: number | null; median_days: number | null; low: number | null; high: number | null };
  answered_by_partner: Table;
  outcomes_by_year: Table;
}
export interface Share {
  value: number;
  low: number;
  high: number;
}
export interface Curve {
  group: string;
  suppressed: boolean;
  n: number | null;
  events: number | null;
  censored: number | null;
  excluded: Record<string, number>;
  days: number[];
  recovered: number[];
  low: number[];
  high: number[];
  median_days: number | null;
  within_1_year: Share | null;
  within_3_years: Share | null;
  weibull_shape: number | null;
  weibull_scale_years: number | null;
}
export interface TimeToCrimeRow {
  as_of: Day;
  by: string;
  whole: Curve;
  groups: Curve[];
  p: number | null;
  impossible: string[];
}

// ---- exports -------------------------------------------------------------------------------------------

export interface ExportPreview {
  tlp: Tlp;
  /** another person would have to allow it */
  second: boolean;
  personal: boolean;
  synthetic: boolean;
  snapshot: string;
  entities: number;
  statements: number;
  sources: number;
  /** how many stay, by reason */
  kept: Record<string, number>;
  rules: Handling[];
  items: { id: string; kind: string; ref: string; goes: boolean; statements: number; kept: { statement_id: string; prop: string; originator: string; reason: string }[] }[];
}
export interface Export {
  id: string;
  version: number;
  number: number;
  case: string | null;
  chosen: string[];
  judgements: boolean;
  to: string;
  purpose: string;
  format: string;
  lang: string;
  desk_case: string;
  tlp: Tlp;
  snapshot: string;
  entities: number;
  statements: number;
  kept: number;
  personal: boolean;
  synthetic: boolean;
  state: 'waiting' | 'ready' | 'refused';
  made_by: string;
  made_at: Instant;
  decided_by: string | null;
  decided_at: Instant | null;
  handed: number;
  handed_at: Instant | null;
  told_at: Instant | null;
}
