/** The queue of matches: asked for once, shared by the narrow pane and the whole screen. */

import { refusalOf, type Refusal } from '../../kit/outcome.svelte';
import { seeMatches } from './commands';
import type { Match, Verdict } from './rows';

const PAGE_ROWS = 60;

export class Queue {
  items = $state.raw<Match[]>([]);
  next = $state<string | null>(null);
  refused = $state.raw<Refusal | null>(null);
  asked = $state(false);
  which = $state<Verdict | 'none' | 'all'>('none');
  /** the one in hand */
  id = $state<string | null>(null);
  /** decided here, newest last: Z takes the last one back */
  done = $state.raw<Match[]>([]);
  readonly match = $derived(this.items.find((m) => m.id === this.id) ?? this.items[0] ?? null);
  #drop: AbortController | null = null;

  async ask(firearm: string | null = null): Promise<void> {
    this.#drop?.abort();
    const drop = (this.#drop = new AbortController());
    try {
      const page = await seeMatches({ verdict: this.which, limit: PAGE_ROWS, firearm }, drop.signal);
      this.items = page.items;
      this.next = page.next;
      this.refused = null;
      this.asked = true;
    } catch (reason) {
      if (!drop.signal.aborted) this.refused = refusalOf(reason);
    }
  }
  async more(): Promise<void> {
    if (!this.next) return;
    try {
      const page = await seeMatches({ verdict: this.which, limit: PAGE_ROWS, cursor: this.next });
      const held = new Set(this.items.map((m) => m.id));
      this.items = [...this.items, ...page.items.filter((m) => !held.has(m.id))];
      this.next = page.next;
    } catch (reason) {
      this.refused = refusalOf(reason);
    }
  }
  /** Puts in what the server answered. A decided one leaves the undecided, and the next one is in hand. */
  take(match: Match): void {
    const at = this.items.findIndex((m) => m.id === match.id);
    const leaves = this.which !== 'all' && match.verdict !== this.which;
    if (leaves && at >= 0) {
      if (this.match?.id === match.id) this.id = this.items[at + 1]?.id ?? this.items[at - 1]?.id ?? null;
      this.items = this.items.filter((m) => m.id !== match.id);
    } else if (at >= 0) this.items = this.items.map((m) => (m.id === match.id ? match : m));
    else if (!leaves) {
      this.items = [match, ...this.items];
      this.id = match.id;
    }
  }
  leave(): void {
    this.#drop?.abort();
  }
}
