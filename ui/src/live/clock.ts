/** The server's clock as seen from here. Every frame carries the server's time; the network only ever
 *  makes it look older, so the largest offset of the recent samples is the nearest to the truth. */

export const SAMPLES_MAX = 30;

export class ServerClock {
  #samples: number[] = [];
  #offset = 0;

  /** @param local milliseconds since 1970 on this machine */
  constructor(private readonly local: () => number) {}

  /** Notes that the server's clock read `server_ms` just now. */
  heard(server_ms: number): void {
    if (!Number.isFinite(server_ms)) return;
    this.#samples.push(server_ms - this.local());
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
    this.#offset = Math.max(...this.#samples);
  }

  /** Milliseconds since 1970 on the server. */
  now(): number {
    return this.local() + this.#offset;
  }

  get offset_ms(): number {
    return this.#offset;
  }
}
