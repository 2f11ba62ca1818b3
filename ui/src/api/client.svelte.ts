/** The one way to the server: reads, and commands that happen once. */

import { Outbox, type Command, type Waiting } from './outbox';
import { LinkCut, Problem } from './problem';

const BASE = '/api/v1';
export const REQUEST_TIMEOUT_MS = 10_000;
/** A busy server is asked again this often before the command is said to wait. */
const BUSY_RETRIES_MAX = 2;
const BUSY_PAUSE_MS = 400;

let language = 'ht';

/** The language in which the server words its refusals. */
export function speak(lang: string): void {
  language = lang;
}

/** A key for one command. randomUUID is kept to encrypted pages; plain chance is enough to be unique. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
}

interface Answer<T> {
  body: T;
  version: number | null;
}

async function ask<T>(method: string, path: string, options: {
  body?: unknown; key?: string; ifMatch?: number | null; signal?: AbortSignal;
} = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.key) headers['Idempotency-Key'] = options.key;
  if (options.ifMatch != null) headers['If-Match'] = `"${options.ifMatch}"`;
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      credentials: 'same-origin',
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
  } catch (reason) {
    if (options.signal?.aborted) throw reason;
    throw new LinkCut();
  }
  // 502 and 504 come from something between us and the server: the command may not have arrived.
  if (response.status === 502 || response.status === 504) throw new LinkCut();
  if (!response.ok) throw await Problem.of(response);
  const tag = response.headers.get('ETag')?.match(/"(\d+)"/)?.[1];
  let text = '';
  try {
    if (response.status !== 204) text = await response.text();
  } catch (reason) {
    if (options.signal?.aborted) throw reason;
    throw new LinkCut();
  }
  return { body: (text ? JSON.parse(text) : null) as T, version: tag ? Number(tag) : null };
}

async function carry(command: Command): Promise<unknown> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { method, path, body, key, ifMatch } = command;
      return (await ask(method, path, { body, key, ifMatch })).body;
    } catch (reason) {
      if (!(reason instanceof Problem) || reason.status !== 503 || attempt >= BUSY_RETRIES_MAX) throw reason;
      await new Promise((done) => setTimeout(done, BUSY_PAUSE_MS * (attempt + 1)));
    }
  }
}

class Api {
  /** Commands that wait for the link, oldest first. */
  waiting = $state.raw<Waiting[]>([]);
  #outbox = new Outbox(carry, () => Date.now(), () => {
    this.waiting = this.#outbox.waiting;
  });

  /** Reads. `signal` drops an answer that nobody waits for any more. */
  async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return (await ask<T>('GET', path, signal ? { signal } : {})).body;
  }

  /** Sends at once and never waits: for signing in and out, where a late success would surprise.
   *  `ifMatch`: the version that the person had before their eyes. */
  async now<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, ifMatch?: number): Promise<T> {
    return (await ask<T>(method, path, { body, key: newKey(), ifMatch: ifMatch ?? null })).body;
  }

  /** A command: happens once; waits its turn when the link is cut. */
  async command<T>(path: string, body: unknown, options: { about?: string | null; ifMatch?: number } = {}): Promise<T> {
    return (await this.#outbox.send({
      key: newKey(), method: 'POST', path, body,
      ifMatch: options.ifMatch ?? null, about: options.about ?? null,
    })) as T;
  }

  /** How many commands about this row wait for the link. */
  waitingFor(id: string): number {
    return this.waiting.filter((w) => w.about === id).length;
  }

  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  clear(): void {
    this.#outbox.clear();
  }
}

export const api = new Api();
export { LinkCut, Problem };
