import { describe, expect, it } from 'vitest';
import { ServerClock } from './clock';
import { Connection, CUT_AFTER_MS, LATE_AFTER_MS, RETRY_MAX_MS, retryDelay, type Socket } from './connection';
import { Store } from './store';

class Line implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly since: { seq: number; epoch: string } | null) {}
  close() {
    this.closed = true;
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify({ now: '2026-11-22T03:47:12.000000Z', ...frame }) });
  }
}

/** A world whose time moves only when told. */
function world() {
  let now = 0;
  let next = 1;
  const timers = new Map<number, { at: number; work: () => void }>();
  const lines: Line[] = [];
  const store = new Store();
  const clock = new ServerClock(() => now);
  const states: string[] = [];
  const connection = new Connection(store, clock, {
    open: (since) => {
      const line = new Line(since);
      lines.push(line);
      return line;
    },
    later: (work, ms) => {
      timers.set(next, { at: now + ms, work });
      return next++;
    },
    never: (timer) => void timers.delete(timer),
    chance: () => 0,
    monotonic_ms: () => now,
  }, () => states.push(connection.state));
  const pass = (ms: number) => {
    const end = now + ms;
    for (;;) {
      const due = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      timers.delete(due[0]);
      now = due[1].at;
      due[1].work();
    }
    now = end;
  };
  return { connection, store, clock, lines, states, pass };
}

const unit = (version: number) => ({ kind: 'unit', id: 'a', version, row: { id: 'a', version } });

describe('the link', () => {
  it('asks for a snapshot first, and after a cut resumes from the last whole sequence number', () => {
    const { connection, lines, pass } = world();
    connection.start();
    expect(lines[0]!.since).toBeNull();
    lines[0]!.say({ t: 'hello', seq: 7, resumed: false, epoch: 'e1', kinds: ['unit'] });
    lines[0]!.say({ t: 'rows', seq: 7, rows: [unit(7)] });
    lines[0]!.say({ t: 'tick', seq: 7 });
    lines[0]!.say({ t: 'rows', seq: 9, rows: [unit(9)] });
    expect(connection.state).toBe('live');
    lines[0]!.onclose?.({ code: 1006 });
    expect(connection.state).toBe('cut');
    pass(1_000);
    expect(lines[1]!.since).toEqual({ seq: 9, epoch: 'e1' });
  });

  it('is late after missed ticks, live again with the next word, and cut when silence lasts', () => {
    const { connection, lines, pass } = world();
    connection.start();
    lines[0]!.say({ t: 'hello', seq: 1, resumed: false, kinds: [] });
    pass(LATE_AFTER_MS + 1_500);
    expect(connection.state).toBe('late');
    lines[0]!.say({ t: 'tick', seq: 1 });
    expect(connection.state).toBe('live');
    pass(CUT_AFTER_MS + 1_500);
    expect(connection.state).toBe('cut');
    expect(lines[0]!.closed).toBe(true);
  });

  it('keeps its rows when cut', () => {
    const { connection, lines, store } = world();
    connection.start();
    lines[0]!.say({ t: 'hello', seq: 1, resumed: false, kinds: [] });
    lines[0]!.say({ t: 'rows', seq: 1, rows: [unit(1)] });
    lines[0]!.onclose?.({ code: 1006 });
    expect(store.rows('unit')).toHaveLength(1);
  });

  it('does not come back by itself after being signed out', () => {
    const { connection, lines, pass } = world();
    connection.start();
    lines[0]!.say({ t: 'bye', code: 'signed-out', hint: 'Sign in again.' });
    lines[0]!.onclose?.({ code: 4401 });
    pass(60_000);
    expect(connection.state).toBe('ended');
    expect(lines).toHaveLength(1);
  });

  it('gives up on a socket that never says hello, and tries another', () => {
    const { connection, lines, pass } = world();
    connection.start();
    pass(12_000);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]!.closed).toBe(true);
  });

  it('ignores what an abandoned socket still says', () => {
    const { connection, lines, pass, store } = world();
    connection.start();
    const first = lines[0]!;
    const ear = first.onmessage!;
    pass(12_000);
    ear({ data: JSON.stringify({ t: 'rows', seq: 5, now: '2026-11-22T03:47:12Z', rows: [unit(5)] }) });
    expect(store.rows('unit')).toHaveLength(0);
  });

  it('waits longer and longer, never beyond the limit, never all at the same moment', () => {
    expect(retryDelay(0, 0)).toBe(250);
    expect(retryDelay(0, 0.999)).toBeLessThan(500);
    expect(retryDelay(3, 0)).toBe(2_000);
    expect(retryDelay(30, 0.999)).toBeLessThanOrEqual(RETRY_MAX_MS);
  });
});

describe('the server clock', () => {
  it('trusts the sample that waited least on the way', () => {
    let local = 1_000;
    const clock = new ServerClock(() => local);
    clock.heard(5_000); // 4000 ahead, seen at once
    local = 2_000;
    clock.heard(5_400); // the same clock, 600 ms late
    expect(clock.now()).toBe(6_000);
  });

  it('keeps its estimate when a frame has no readable time', () => {
    const clock = new ServerClock(() => 1_000);
    clock.heard(3_000);
    clock.heard(Number.NaN);
    expect(clock.now()).toBe(3_000);
  });
});
