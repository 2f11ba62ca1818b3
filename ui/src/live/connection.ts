/** One socket to the live picture: resumes where it stopped, backs off when refused, and always knows
 *  how old the picture is. Socket, timers and chance are handed in, so that it can be tested. */

import type { ServerClock } from './clock';
import type { Push, Store } from './store';

export type LinkState = 'connecting' | 'live' | 'late' | 'cut' | 'ended';

/** The server ticks every 2 s: two and a half missed ticks are a late link, six a cut one. */
export const LATE_AFTER_MS = 5_000;
export const CUT_AFTER_MS = 12_000;
export const RETRY_FIRST_MS = 500;
export const RETRY_MAX_MS = 15_000;
export const CONNECT_TIMEOUT_MS = 8_000;

export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
  close(): void;
}

export interface Surroundings {
  /** @param since where to resume, and in which history; null for a fresh snapshot */
  open(since: { seq: number; epoch: string } | null): Socket;
  later(work: () => void, ms: number): number;
  never(timer: number): void;
  /** From 0 (inclusive) to 1 (exclusive). */
  chance(): number;
  monotonic_ms(): number;
}

type Frame =
  | { t: 'hello'; seq: number; now: string; resumed: boolean; epoch?: string; kinds: string[] }
  | { t: 'rows'; seq: number; now: string; rows: Push[] }
  | { t: 'tick'; seq: number; now: string }
  | { t: 'bye'; code: string; hint: string };

/** Full-jitter back-off: anywhere between half and all of a doubling wait. */
export function retryDelay(attempt: number, chance: number): number {
  const full = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** attempt);
  return full / 2 + (full / 2) * chance;
}

export class Connection {
  state: LinkState = 'connecting';
  /** Why the server said goodbye, when it did. */
  farewell: { code: string; hint: string } | null = null;
  /** Monotonic milliseconds of the last frame; null before the first. */
  heardAt: number | null = null;
  #socket: Socket | null = null;
  #attempt = 0;
  #retry: number | null = null;
  #watch: number | null = null;
  #stopped = true;
  #openedAt = 0;
  /** Names the server's history: rows of another one are not resumed from. */
  #epoch = '';

  constructor(
    private readonly store: Store,
    private readonly clock: ServerClock,
    private readonly around: Surroundings,
    private readonly changed: () => void,
  ) {}

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.farewell = null;
    this.#set('connecting');
    this.#open();
    this.#look();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#retry !== null) this.around.never(this.#retry);
    if (this.#watch !== null) this.around.never(this.#watch);
    this.#retry = this.#watch = null;
    this.#drop();
  }

  /** Tries at once, for instance when the machine says that the network is back. */
  hurry(): void {
    if (this.#stopped || this.#socket) return;
    if (this.#retry !== null) this.around.never(this.#retry);
    this.#attempt = 0;
    this.#open();
  }

  /** Milliseconds since the last word from the server; null before the first. */
  silence_ms(): number | null {
    return this.heardAt === null ? null : this.around.monotonic_ms() - this.heardAt;
  }

  #open(): void {
    this.#retry = null;
    this.#openedAt = this.around.monotonic_ms();
    const seq = this.store.resumeFrom;
    const socket = this.around.open(seq === null ? null : { seq, epoch: this.#epoch });
    this.#socket = socket;
    socket.onmessage = (event) => {
      if (socket === this.#socket && typeof event.data === 'string') this.#hear(JSON.parse(event.data) as Frame);
    };
    socket.onerror = () => undefined;
    socket.onclose = (event) => {
      if (socket === this.#socket) this.#lost(event.code);
    };
  }

  #hear(frame: Frame): void {
    if (frame.t === 'bye') {
      this.farewell = { code: frame.code, hint: frame.hint };
      return;
    }
    this.heardAt = this.around.monotonic_ms();
    this.clock.heard(Date.parse(frame.now));
    if (frame.t === 'hello') {
      this.#attempt = 0;
      this.farewell = null;
      if (!frame.resumed) this.store.restart(frame.seq);
      this.#epoch = frame.epoch ?? '';
    } else if (frame.t === 'rows') {
      this.store.apply(frame.rows, frame.seq);
    } else {
      this.store.reached(frame.seq);
    }
    this.#set('live');
  }

  #lost(code: number): void {
    this.#drop();
    if (this.#stopped) return;
    if (code === 4401 || this.farewell?.code === 'signed-out') {
      this.#stopped = true;
      if (this.#watch !== null) this.around.never(this.#watch);
      this.#set('ended');
      return;
    }
    this.#set('cut');
    this.#retry = this.around.later(() => this.#open(), retryDelay(this.#attempt, this.around.chance()));
    this.#attempt += 1;
  }

  #look(): void {
    this.#watch = this.around.later(() => {
      const silence = this.silence_ms() ?? 0;
      const waited = this.around.monotonic_ms() - this.#openedAt;
      if (this.#socket && this.state !== 'live' && this.state !== 'late' && waited > CONNECT_TIMEOUT_MS) {
        this.#lost(0);
      } else if (this.#socket && (this.state === 'live' || this.state === 'late')) {
        if (silence > CUT_AFTER_MS) this.#lost(0);
        else this.#set(silence > LATE_AFTER_MS ? 'late' : 'live');
      }
      if (!this.#stopped) this.#look();
    }, 1_000);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  #set(state: LinkState): void {
    if (state === this.state) return;
    this.state = state;
    this.changed();
  }
}
