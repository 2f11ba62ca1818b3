/** The live picture as the screens read it: the same rows, made reactive by kind. */

import { ServerClock } from './clock';
import { Connection, type LinkState, type Socket } from './connection';
import type { Kind, Rows } from './rows';
import { Store } from './store';

const store = new Store();
const clock = new ServerClock(() => performance.timeOrigin + performance.now());

class Picture {
  #stamp = $state<Partial<Record<string, number>>>({});
  #lists = new Map<string, { stamp: number; rows: unknown[] }>();
  /** State of the link to the server. */
  link = $state<LinkState>('connecting');
  farewell = $state<{ code: string; hint: string } | null>(null);
  /** Server time in milliseconds, moved once a second: what every age on the screen is counted from. */
  now = $state(clock.now());
  /** Seconds since the last word from the server; null before the first. */
  silence_s = $state<number | null>(null);
  /** True once a whole snapshot has been shown. */
  whole = $state(false);
  #connection: Connection;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor() {
    store.onChange((kinds) => {
      for (const kind of kinds) this.#stamp[kind] = (this.#stamp[kind] ?? 0) + 1;
      this.whole = true;
    });
    this.#connection = new Connection(
      store,
      clock,
      {
        open: (since) => {
          const url = new URL('/api/v1/live', location.href);
          url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
          if (since) {
            url.searchParams.set('since', String(since.seq));
            url.searchParams.set('epoch', since.epoch);
          }
          return new WebSocket(url) as unknown as Socket;
        },
        later: (work, ms) => window.setTimeout(work, ms),
        never: (timer) => window.clearTimeout(timer),
        chance: Math.random,
        monotonic_ms: () => performance.now(),
      },
      () => {
        this.link = this.#connection.state;
        this.farewell = this.#connection.farewell;
        this.#beat();
      },
    );
  }

  start(): void {
    this.#connection.start();
    this.#timer ??= setInterval(() => this.#beat(), 1_000);
    window.addEventListener('online', this.#hurry);
  }

  stop(): void {
    this.#connection.stop();
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    window.removeEventListener('online', this.#hurry);
    store.clear();
    this.whole = false;
  }

  #hurry = () => this.#connection.hurry();

  #beat(): void {
    this.now = clock.now();
    const silence = this.#connection.silence_ms();
    this.silence_s = silence === null ? null : Math.floor(silence / 1_000);
  }

  list<K extends Kind>(kind: K): Rows[K][] {
    const stamp = this.#stamp[kind] ?? 0;
    const held = this.#lists.get(kind);
    if (held && held.stamp === stamp) return held.rows as Rows[K][];
    const rows = store.rows<Rows[K]>(kind);
    this.#lists.set(kind, { stamp, rows });
    return rows;
  }

  get<K extends Kind>(kind: K, id: string | null | undefined): Rows[K] | undefined {
    void this.#stamp[kind];
    return id ? store.get<Rows[K]>(kind, id) : undefined;
  }

  /** Shows the answer to a command at once; its push will find it there. */
  put<K extends Kind>(kind: K, row: Rows[K]): void {
    store.put(kind, row);
  }

  /** Server milliseconds right now, finer than `now`. */
  instant(): number {
    return clock.now();
  }
}

export const picture = new Picture();
export type { Picture };
