/** What is the same for every pane and asked for once: the schema, the coast, the purpose of this session. */

import { api } from '../../api/client.svelte';
import { labelOf, words } from '../../i18n/index.svelte';
import { openDesk, seeCoast, seeDesk, seeSchema } from './commands';
import { seeForm } from './recoveries';
import { waters, type Coast } from './route';
import type { Desk, FormInfo, Prop, Schema } from './rows';

class Shared {
  schema = $state.raw<Schema | null>(null);
  coast = $state.raw<Coast | null>(null);
  form = $state.raw<FormInfo | null>(null);
  desk = $state.raw<Desk | null>(null);
  /** something that was seen here is invented */
  synthetic = $state(false);
  /** this site's code among its partners, as "HT-PAP" */
  us = $state('');
  /** moves when something of tracing changed; who shows some of it asks anew */
  pulse = $state(0);
  #water: Uint8Array | null = null;
  #asked = new Set<string>();

  #once(what: string, ask: () => Promise<void>): void {
    if (this.#asked.has(what)) return;
    this.#asked.add(what);
    ask().catch(() => this.#asked.delete(what)); // asked again by whoever needs it next
  }
  wantSchema(): void {
    this.#once('schema', async () => {
      this.schema = await seeSchema();
    });
  }
  wantForm(): void {
    this.wantSchema();
    this.#once('form', async () => {
      this.form = await seeForm();
    });
  }
  wantUs(): void {
    this.#once('us', async () => {
      this.us = (await api.get<{ code: string }>('/partners/us')).code;
    });
  }
  wantCoast(): void {
    this.#once('coast', async () => {
      this.coast = await seeCoast();
    });
  }
  /** Which half degrees are water; reckoned once. */
  get water(): Uint8Array | null {
    if (this.coast && !this.#water) this.#water = waters(this.coast);
    return this.#water;
  }

  async askDesk(signal?: AbortSignal): Promise<void> {
    this.desk = await seeDesk(signal);
  }
  async sayDesk(purpose: string, kase: string): Promise<Desk> {
    this.desk = await openDesk(purpose, kase);
    return this.desk;
  }
  /** Whether this session reads for something now. */
  reads(now: number): boolean {
    const until = this.desk?.until;
    return Boolean(this.desk?.purpose && until && Date.parse(until) > now);
  }

  prop(kind: string | undefined, name: string): Prop | undefined {
    return kind ? this.schema?.[kind]?.props[name] : undefined;
  }
  /** What a trace cannot do without, of a kind. */
  needed(kind: string): string[] {
    return this.form?.needed[kind] ?? Object.entries(this.schema?.[kind]?.props ?? {}).filter(([, p]) => p.needed).map(([name]) => name);
  }
  kindLabel(kind: string): string {
    const found = this.schema?.[kind];
    return found ? labelOf({ code: kind, labels: found.labels }) : kind;
  }
  propLabel(kind: string | undefined, name: string): string {
    const found = this.prop(kind, name);
    return found ? labelOf({ code: name, labels: found.labels }) : name;
  }
}

export const shared = new Shared();

const BLANK = /\{([a-z_]+)\}/g;
/** A code of the centre's vocabulary as a sentence, its blanks filled with the facts that came with it. */
export function told(tables: readonly string[], code: string, args: Readonly<Record<string, string | number>> = {}): string {
  const entry = tables.map((table) => words.entry(table, code)).find(Boolean);
  return labelOf(entry, code.replaceAll('_', ' ')).replace(BLANK, (_, name: string) => String(args[name] ?? '…'));
}
