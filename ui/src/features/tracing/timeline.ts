/** What happened when: scales, lanes, ranges of unknown days, the brush. Days are numbers since 1970. */

import { byText } from '../../kit/order';
import { first, isoOf, last } from './days';
import type { Lane, Time, Workspace } from './rows';
import type { Brush } from './select';

/** Days on pixels. */
export interface Scale {
  from: number;
  to: number;
  left: number;
  right: number;
}
export const xOf = (scale: Scale, day: number): number => scale.left + ((day - scale.from) / (scale.to - scale.from)) * (scale.right - scale.left);
export const dayAt = (scale: Scale, x: number): number => Math.round(scale.from + ((x - scale.left) / (scale.right - scale.left)) * (scale.to - scale.from));
export const pxPerDay = (scale: Scale): number => (scale.right - scale.left) / (scale.to - scale.from);

/** A time with its days read. `solid`: for certain; `hatched`: somewhere in here it began or ended; `open`: not over. */
export interface Span {
  time: Time;
  from: number;
  to: number;
  solid: readonly [number, number] | null;
  hatched: readonly (readonly [number, number])[];
  open: boolean;
}

/** Null where no day of it is known. `today`: until when what has no end has lasted. */
export function spanOf(time: Time, today: number): Span | null {
  const begin = first(time.from ?? time.from_latest ?? time.to ?? time.to_latest);
  if (begin === null) return null;
  if (time.kind === 'point') {
    // A month is a range of days, whether or not the row says so.
    const end = Math.max(begin, last(time.from_latest ?? time.from ?? time.to_latest ?? time.to) ?? begin);
    return end === begin
      ? { time, from: begin, to: begin, solid: [begin, begin], hatched: [], open: false }
      : { time, from: begin, to: end, solid: null, hatched: [[begin, end]], open: false };
  }
  const begun = Math.max(begin, last(time.from_latest ?? time.from) ?? begin);
  const open = time.to === null && time.to_latest === null;
  const ends = open ? Math.max(today, begun) : Math.max(begin, first(time.to ?? time.to_latest)!);
  const ended = open ? ends : Math.max(ends, last(time.to_latest ?? time.to)!);
  const hatched: (readonly [number, number])[] = [];
  if (begun > begin) hatched.push([begin, Math.min(begun, Math.max(begin, ends))]);
  if (ended > ends) hatched.push([Math.max(ends, begun), ended]);
  return { time, from: begin, to: ended, solid: ends > begun || begun === begin ? [Math.min(begun, ends), ends] : null, hatched, open };
}

/** From the first day to the last that something is known of, with a margin; a year around today where nothing is known. */
export function extent(spans: readonly Span[], today: number): { from: number; to: number } {
  if (!spans.length) return { from: today - 365, to: today };
  const from = Math.min(...spans.map((s) => s.from));
  // What is not over would stretch the rest to nothing: its line runs to the edge, and its words say how long it has been.
  const to = Math.max(...spans.map((s) => (s.open ? (s.solid?.[0] ?? s.from) : s.to)));
  const margin = Math.max(MARGIN_DAYS_MIN, Math.round((to - from) * MARGIN_SHARE));
  return { from: from - margin, to: to + margin };
}
const MARGIN_DAYS_MIN = 10;
const MARGIN_SHARE = 0.08;

// ---- lanes -------------------------------------------------------------------------------------------

export interface Row {
  key: string;
  lane: Lane;
  /** of a consignment's own row */
  node: string | null;
  spans: readonly Span[];
}
const ORDER: readonly Lane[] = ['sale', 'consignment', 'recovery', 'request'];

/** A row for sales, one for each consignment, one for recoveries, one for trace requests; those that hold something. */
export function rowsOf(spans: readonly Span[]): Row[] {
  const rows: Row[] = [];
  for (const lane of ORDER) {
    const mine = spans.filter((s) => s.time.lane === lane).toSorted((a, b) => a.from - b.from || byText(a.time.id, b.time.id));
    if (!mine.length) continue;
    if (lane !== 'consignment') {
      rows.push({ key: lane, lane, node: null, spans: mine });
      continue;
    }
    for (const node of new Set(mine.map((s) => s.time.node))) rows.push({ key: `${lane} ${node}`, lane, node, spans: mine.filter((s) => s.time.node === node) });
  }
  return rows;
}

/** In which line of its row each stands, so that no words lie over a mark: `bare` is where the mark alone ends. Where no
 *  line has room, an earlier one gives up its words; where not even that helps, the mark stands in the last line. */
export function pack(boxes: readonly { id: string; left: number; right: number; bare: number }[], lines: number): Map<string, { line: number; words: boolean }> {
  const state = Array.from({ length: lines }, () => ({ marks: -Infinity, words: -Infinity, id: '' }));
  const found = new Map<string, { line: number; words: boolean }>();
  for (const box of boxes.toSorted((a, b) => a.left - b.left || byText(a.id, b.id))) {
    const free = state.findIndex((line) => Math.max(line.marks, line.words) <= box.left);
    const freed = free >= 0 ? free : state.findIndex((line) => line.marks <= box.left);
    const at = freed >= 0 ? freed : lines - 1;
    const line = state[at]!;
    if (free < 0 && freed >= 0) found.set(line.id, { line: at, words: false });
    found.set(box.id, { line: at, words: freed >= 0 });
    line.marks = Math.max(line.marks, box.bare);
    if (freed >= 0) {
      line.words = box.right;
      line.id = box.id;
    } else if (line.words > box.left) {
      // Its mark lies over the words that stand there: they go.
      found.set(line.id, { line: at, words: false });
      line.words = line.marks;
    }
  }
  return found;
}

// ---- the axis ----------------------------------------------------------------------------------------

export interface Tick {
  day: number;
  /** of a year's or a month's beginning, or of a day */
  unit: 'year' | 'month' | 'day';
}
const MONTH_DAYS = 30.44;
const TICK_PX_MIN = 52;
const STEPS_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120] as const;
const STEPS_DAYS = [1, 2, 5, 10] as const;

/** Where the axis is marked: as often as the words find room. */
export function ticks(scale: Scale): Tick[] {
  const px = pxPerDay(scale);
  const found: Tick[] = [];
  const daily = STEPS_DAYS.find((step) => step * px >= TICK_PX_MIN);
  const begins = new Date(scale.from * 86_400_000);
  const months = STEPS_MONTHS.find((step) => step * MONTH_DAYS * px >= TICK_PX_MIN) ?? 240;
  const year = begins.getUTCFullYear();
  const start = months >= 12 ? Math.floor(year / (months / 12)) * (months / 12) * 12 : year * 12;
  for (let month = start; ; month += daily ? 1 : months) {
    const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / 86_400_000;
    if (day > scale.to) break;
    if (day >= scale.from) found.push({ day, unit: month % 12 === 0 ? 'year' : 'month' });
    if (daily) {
      const next = Date.UTC(Math.floor((month + 1) / 12), (month + 1) % 12, 1) / 86_400_000;
      for (let d = day + daily; d < next - daily / 2 && d <= scale.to; d += daily) if (d >= scale.from) found.push({ day: d, unit: 'day' });
    }
  }
  return found;
}

/** The same stretch nearer or farther, with `about` where it was; within what there is, and never under a week. */
export function zoomed(now: { from: number; to: number }, factor: number, about: number, whole: { from: number; to: number }): { from: number; to: number } {
  const length = Math.min(whole.to - whole.from, Math.max(DAYS_MIN, (now.to - now.from) / factor));
  const share = (about - now.from) / (now.to - now.from);
  return shifted({ from: about - share * length, to: about + (1 - share) * length }, 0, whole);
}
const DAYS_MIN = 7;

/** The same stretch `days` later, kept within what there is. */
export function shifted(now: { from: number; to: number }, days: number, whole: { from: number; to: number }): { from: number; to: number } {
  const length = Math.min(now.to - now.from, whole.to - whole.from);
  const from = Math.min(whole.to - length, Math.max(whole.from, now.from + days));
  return { from: Math.round(from), to: Math.round(from + length) };
}

// ---- the brush ---------------------------------------------------------------------------------------

/** A brush between two days, whichever was named first. */
export const brushOf = (a: number, b: number): Brush => ({ from: isoOf(Math.min(a, b)), to: isoOf(Math.max(a, b)) });

/** One end of the brush moved; it stops at the other end and at the edge of what there is. */
export function nudged(brush: Brush, end: 'from' | 'to', days: number, whole: { from: number; to: number }): Brush {
  const [from, to] = [first(brush.from)!, last(brush.to)!];
  const clamp = (day: number, low: number, high: number) => Math.min(high, Math.max(low, day));
  return end === 'from' ? brushOf(clamp(from + days, whole.from, to), to) : brushOf(from, clamp(to + days, from, whole.to));
}

// ---- time to crime -----------------------------------------------------------------------------------

export interface TimeToCrime {
  firearm: string;
  /** who sold or bought it, by which its mark on the axis is found */
  parties: string[];
  recovery: string;
  sold: readonly [number, number];
  found: readonly [number, number];
  /** whole days; where a day is not known, from and to */
  least: number;
  most: number;
}

/** From the first sale of a firearm to its recovery, where both days are known. */
export function timeToCrime(firearm: string, work: Workspace): TimeToCrime | null {
  const mine = work.edges.filter((e) => e.a === firearm || e.b === firearm);
  const sale = mine.filter((e) => e.kind.startsWith('acquisition.') && first(e.on) !== null).toSorted((a, b) => first(a.on)! - first(b.on)!)[0];
  const link = mine.find((e) => e.kind === 'firearm.recovery');
  const recovery = link && work.nodes.find((n) => n.id === (link.a === firearm ? link.b : link.a));
  if (!sale || !recovery || first(recovery.date) === null) return null;
  const [sold, found] = [[first(sale.on)!, last(sale.on)!] as const, [first(recovery.date)!, last(recovery.date)!] as const];
  const parties = mine.filter((e) => e.kind.startsWith('acquisition.') && e.on === sale.on).flatMap((e) => [e.a, e.b]).filter((id) => id !== firearm);
  return { firearm, parties: [...new Set(parties)], recovery: recovery.id, sold, found, least: Math.max(0, found[0] - sold[1]), most: found[1] - sold[0] };
}
