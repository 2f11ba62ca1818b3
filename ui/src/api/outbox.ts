/** Commands that the link could not carry wait here, in order, each with the key that makes it happen
 *  once however often it is sent. Held in memory only: no command survives the tab. */

import { LinkCut } from './problem';

export interface Command {
  /** Idempotency-Key: the same through every retry. */
  key: string;
  method: 'POST' | 'PUT' | 'DELETE';
  path: string;
  body: unknown;
  ifMatch: number | null;
  /** The row that it is about, so that the row can say that something of it waits. */
  about: string | null;
}

export interface Waiting extends Command {
  since_ms: number;
}

/** Beyond this a shift's worth of typing is at stake: refuse rather than pretend. */
export const WAITING_MAX = 200;

interface Place {
  command: Waiting;
  resolve(answer: unknown): void;
  reject(reason: unknown): void;
}

export class Outbox {
  #queue: Place[] = [];
  #flushing = false;

  /**
   * @param carry sends one command; throws LinkCut when it may not have arrived
   * @param changed called whenever what waits changes
   */
  constructor(
    private readonly carry: (command: Command) => Promise<unknown>,
    private readonly now_ms: () => number,
    private readonly changed: () => void,
  ) {}

  get waiting(): Waiting[] {
    return this.#queue.map((place) => place.command);
  }

  /** Sends now, or keeps the order when others already wait. Resolves with the server's answer. */
  async send(command: Command): Promise<unknown> {
    if (this.#queue.length === 0) {
      try {
        return await this.carry(command);
      } catch (reason) {
        if (!(reason instanceof LinkCut)) throw reason;
      }
    }
    if (this.#queue.length >= WAITING_MAX) throw new LinkCut('outbox full');
    return new Promise((resolve, reject) => {
      this.#queue.push({ command: { ...command, since_ms: this.now_ms() }, resolve, reject });
      this.changed();
    });
  }

  /** Sends what waits, oldest first, until done or cut again. A refused command does not hold the rest. */
  async flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      while (this.#queue.length > 0) {
        const place = this.#queue[0]!;
        try {
          const answer = await this.carry(place.command);
          this.#queue.shift();
          place.resolve(answer);
        } catch (reason) {
          if (reason instanceof LinkCut) return;
          this.#queue.shift();
          place.reject(reason);
        }
        this.changed();
      }
    } finally {
      this.#flushing = false;
    }
  }

  /** Drops what waits, for instance when another person signs in. */
  clear(): void {
    for (const place of this.#queue.splice(0)) place.reject(new LinkCut('dropped'));
    this.changed();
  }
}
