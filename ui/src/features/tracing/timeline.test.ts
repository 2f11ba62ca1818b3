import { describe, expect, it } from 'vitest';
import { first, isoOf, last } from './days';
import type { Edge, Node, Time, Workspace } from './rows';
import { brushOf, dayAt, extent, nudged, pack, rowsOf, shifted, spanOf, ticks, timeToCrime, xOf, zoomed } from './timeline';

const TODAY = first('2024-12-01')!;
const time = (more: Partial<Time>): Time => ({ id: 't', node: 'n', lane: 'consignment', title: '', from: null, to: null, from_latest: null, to_latest: null, kind: 'span', count: 1, ...more });
const days = (range: readonly [number, number] | null | undefined) => range && [isoOf(range[0]), isoOf(range[1])];

describe('a day', () => {
  it('that is a month or a year is a range', () => {
    expect([isoOf(first('2024-02')!), isoOf(last('2024-02')!)]).toEqual(['2024-02-01', '2024-02-29']);
    expect([isoOf(first('2023')!), isoOf(last('2023')!)]).toEqual(['2023-01-01', '2023-12-31']);
    expect(first('yesterday')).toBeNull();
    expect(first(null)).toBeNull();
  });
});

describe('a time', () => {
  it('known at both ends is solid', () => {
    const span = spanOf(time({ from: '2024-03-01', to: '2024-04-10' }), TODAY)!;
    expect(days(span.solid)).toEqual(['2024-03-01', '2024-04-10']);
    expect(span.hatched).toEqual([]);
  });
  it('not known at its ends is hatched there', () => {
    const span = spanOf(time({ from: '2024-03-01', from_latest: '2024-03-12', to: '2024-06-01', to_latest: '2024-06-20' }), TODAY)!;
    expect(days(span.solid)).toEqual(['2024-03-12', '2024-06-01']);
    expect(span.hatched.map(days)).toEqual([['2024-03-01', '2024-03-12'], ['2024-06-01', '2024-06-20']]);
  });
  it('whose ranges overlap is certain nowhere', () => {
    const span = spanOf(time({ from: '2024-03-01', from_latest: '2024-05-01', to: '2024-04-01', to_latest: '2024-06-01' }), TODAY)!;
    expect(span.solid).toBeNull();
    expect(days([span.from, span.to])).toEqual(['2024-03-01', '2024-06-01']);
  });
  it('without an end lasts until today', () => {
    const span = spanOf(time({ lane: 'request', from: '2024-08-17' }), TODAY)!;
    expect(span.open).toBe(true);
    expect(isoOf(span.to)).toBe('2024-12-01');
  });
  it('of a point is one day, or the month that it lies in', () => {
    expect(days(spanOf(time({ kind: 'point', from: '2024-03-09' }), TODAY)!.solid)).toEqual(['2024-03-09', '2024-03-09']);
    const month = spanOf(time({ kind: 'point', from: '2024-03' }), TODAY)!;
    expect(month.solid).toBeNull();
    expect(days(month.hatched[0])).toEqual(['2024-03-01', '2024-03-31']);
  });
  it('of which nothing is known is not drawn', () => {
    expect(spanOf(time({}), TODAY)).toBeNull();
  });
});

describe('the rows', () => {
  it('are sales, one for each consignment by its first day, recoveries, requests', () => {
    const spans = [
      time({ id: '1', lane: 'recovery', kind: 'point', from: '2024-07-10', node: 'r' }), time({ id: '2', from: '2024-06-01', to: '2024-07-01', node: 'c2' }),
      time({ id: '3', lane: 'sale', kind: 'point', from: '2024-03-09', node: 'f' }), time({ id: '4', from: '2024-04-01', to: '2024-05-01', node: 'c1' }), time({ id: '5', from: '2024-05-01', to: '2024-06-01', node: 'c1' }),
    ].map((t) => spanOf(t, TODAY)!);
    expect(rowsOf(spans).map((r) => [r.key, r.spans.map((s) => s.time.id)])).toEqual([['sale', ['3']], ['consignment c1', ['4', '5']], ['consignment c2', ['2']], ['recovery', ['1']]]);
  });
  it('hold what would lie over another in several lines, and let words go where there is no room', () => {
    const box = (id: string, left: number) => ({ id, left, right: left + 60, bare: left + 12 });
    const two = pack([box('a', 0), box('b', 20), box('c', 70)], 2);
    expect([two.get('a'), two.get('b'), two.get('c')]).toEqual([{ line: 0, words: true }, { line: 1, words: true }, { line: 0, words: true }]);
    const one = pack([box('a', 0), box('b', 20), box('c', 70)], 1);
    expect(one.get('a')!.words).toBe(false);
    expect(one.get('b')!.words).toBe(false);
    expect(one.get('c')!.words).toBe(true);
  });
});

describe('the axis', () => {
  const scale = { from: first('2024-01-01')!, to: first('2024-12-31')!, left: 100, right: 900 };
  it('finds a day again where it drew it', () => {
    for (const day of ['2024-01-01', '2024-07-10', '2024-12-31']) expect(isoOf(dayAt(scale, xOf(scale, first(day)!)))).toBe(day);
  });
  it.each([[30, 3], [400, 4], [3_000, 4], [15_000, 3]])('is marked in %i days without crowding', (length, least) => {
    const one = { from: first('2010-05-20')!, to: first('2010-05-20')! + length, left: 0, right: 800 };
    const found = ticks(one);
    expect(found.length).toBeGreaterThanOrEqual(least);
    const xs = found.map((t) => xOf(one, t.day));
    for (let i = 1; i < xs.length; i += 1) expect(xs[i]! - xs[i - 1]!).toBeGreaterThan(24);
  });
  it('holds all that is known, with a margin', () => {
    const spans = [spanOf(time({ from: '2024-03-01', to: '2024-04-10' }), TODAY)!];
    const { from, to } = extent(spans, TODAY);
    expect(from).toBeLessThan(first('2024-03-01')!);
    expect(to).toBeGreaterThan(first('2024-04-10')!);
  });
  it('is not stretched by what is not over yet', () => {
    const spans = [spanOf(time({ from: '2021-03-01', to: '2021-04-10' }), TODAY)!, spanOf(time({ from: '2021-03-20' }), TODAY)!];
    expect(extent(spans, TODAY).to).toBeLessThan(first('2021-06-01')!);
  });
  it('comes nearer about a day, and never leaves what there is', () => {
    const whole = { from: 0, to: 1_000 };
    const near = zoomed(whole, 4, 500, whole);
    expect(near.to - near.from).toBe(250);
    expect(near.from).toBeLessThan(500);
    expect(zoomed(near, 0.001, 500, whole)).toEqual(whole);
    expect(shifted(near, 9_999, whole)).toEqual({ from: 750, to: 1_000 });
    expect(zoomed(whole, 9_999, 500, whole).to - zoomed(whole, 9_999, 500, whole).from).toBe(7);
  });
});

describe('the brush', () => {
  const whole = { from: first('2024-01-01')!, to: first('2024-12-31')! };
  it('lies between two days, whichever came first', () => {
    expect(brushOf(first('2024-10-05')!, first('2024-02-20')!)).toEqual({ from: '2024-02-20', to: '2024-10-05' });
  });
  it('is moved at one end, as far as the other end and as what there is', () => {
    const brush = { from: '2024-02-20', to: '2024-10-05' };
    expect(nudged(brush, 'from', 1, whole)).toEqual({ from: '2024-02-21', to: '2024-10-05' });
    expect(nudged(brush, 'from', 999, whole)).toEqual({ from: '2024-10-05', to: '2024-10-05' });
    expect(nudged(brush, 'to', 999, whole)).toEqual({ from: '2024-02-20', to: '2024-12-31' });
  });
});

describe('time to crime', () => {
  const node = (id: string, kind: Node['kind'], date: string | null = null): Node => ({ id, kind, ref: id, title: '', detail: '', code: null, date, sealed: false, folded: null, more: 0, network: null });
  const edge = (a: string, b: string, kind: string, on: string | null = null): Edge => ({ id: `${a}${b}${on}`, a, b, kind, via: null, evidence: 'evidenced', confidence: null, on, until: null });
  const work = (sold: string | null, found: string | null, more: Edge[] = []): Workspace => ({
    root: 'r', nodes: [node('f', 'firearm'), node('p', 'person'), node('r', 'recovery', found)], edges: [edge('p', 'f', 'acquisition.buyer.firearm', sold), edge('f', 'r', 'firearm.recovery'), ...more],
    times: [], legs: [], sites: [], shown: 3, total: 3, synthetic: true,
  });
  it('is counted in days from the first sale', () => {
    const time_ = timeToCrime('f', work('2024-03-09', '2024-07-22', [edge('q', 'f', 'acquisition.buyer.firearm', '2024-05-01')]))!;
    expect([time_.least, time_.most, time_.parties, time_.recovery]).toEqual([135, 135, ['p'], 'r']);
  });
  it('is a range where a day is not known, and nothing where one is missing', () => {
    const time_ = timeToCrime('f', work('2024-03', '2024-07-22'))!;
    expect([time_.least, time_.most]).toEqual([113, 143]);
    expect(timeToCrime('f', work(null, '2024-07-22'))).toBeNull();
    expect(timeToCrime('f', work('2024-03-09', null))).toBeNull();
  });
});
