/** The work in hand: rows around one root, one selection, one brush. Every pane reads here and nowhere else. */

import { untrack } from 'svelte';
import { refusalOf, type Refusal } from '../../kit/outcome.svelte';
import { seeWorkspace } from './commands';
import type { Edge, Node, Workspace } from './rows';
import { edgesOf, litBy, outside, step, still, type Brush, type Chosen } from './select';
import { shared } from './shared.svelte';

/** More than about so many nobody reads as a picture. */
export const NODES_MAX = 200;

export class Work {
  rows = $state.raw<Workspace | null>(null);
  refused = $state.raw<Refusal | null>(null);
  busy = $state(false);
  /** nodes that were opened step by step, oldest first */
  expand = $state.raw<readonly string[]>([]);
  inferred = $state(true);
  chosen = $state.raw<Chosen | null>(null);
  /** the node whose links are walked */
  anchor = $state<string | null>(null);
  brush = $state.raw<Brush | null>(null);
  #root = '';
  #asked = 0;
  #drop: AbortController | null = null;

  readonly lit = $derived(this.rows ? litBy(this.rows, this.chosen) : litBy({ root: '', nodes: [], edges: [], times: [], legs: [], sites: [], shown: 0, total: 0, synthetic: false }, null));
  readonly out = $derived(this.rows ? outside(this.rows, this.brush) : outside({ root: '', nodes: [], edges: [], times: [], legs: [], sites: [], shown: 0, total: 0, synthetic: false }, null));
  readonly nodes = $derived(new Map<string, Node>(this.rows?.nodes.map((n) => [n.id, n])));
  readonly edges = $derived(new Map<string, Edge>(this.rows?.edges.map((e) => [e.id, e])));
  /** the links that are walked, in their order */
  readonly walk = $derived(this.rows && this.anchor ? edgesOf(this.rows, this.anchor) : []);

  /** Begins anew with another root; the same root is only asked for again. */
  begin(root: string): void {
    if (root !== this.#root) {
      this.#root = root;
      this.rows = null;
      this.expand = [];
      this.brush = null;
      this.chosen = { kind: 'node', id: root };
      this.anchor = root;
    }
    void this.ask();
  }

  async ask(): Promise<void> {
    const asked = (this.#asked += 1);
    this.#drop?.abort();
    const drop = (this.#drop = new AbortController());
    this.busy = true;
    try {
      const rows = await seeWorkspace(this.#root, this.expand, this.inferred, drop.signal);
      if (asked !== this.#asked) return;
      this.rows = rows;
      shared.synthetic ||= rows.synthetic;
      this.refused = null;
      this.chosen = still(rows, this.chosen, this.anchor);
      if (this.anchor && !rows.nodes.some((n) => n.id === this.anchor)) this.anchor = rows.root;
    } catch (reason) {
      if (asked === this.#asked && !drop.signal.aborted) this.refused = refusalOf(reason);
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }

  leave(): void {
    this.#asked += 1;
    this.#drop?.abort();
  }

  node(id: string | null | undefined): Node | undefined {
    return id ? this.nodes.get(id) : undefined;
  }

  choose(chosen: Chosen | null): void {
    this.chosen = chosen;
    if (!chosen) return;
    if (chosen.kind === 'node') this.anchor = chosen.id;
    else if (chosen.kind === 'leg') this.anchor = this.rows?.legs.find((l) => l.id === chosen.id)?.node ?? this.anchor;
    else {
      const edge = this.edges.get(chosen.id);
      if (edge && this.anchor !== edge.a && this.anchor !== edge.b) this.anchor = edge.a;
    }
  }

  /** To the next or the former link of the node in hand. */
  along(by: 1 | -1): void {
    const edge = step(this.walk, this.chosen?.kind === 'edge' ? this.chosen.id : null, by);
    if (edge) this.chosen = { kind: 'edge', id: edge.id };
  }

  /** How many rows there would be with this node opened. */
  would(node: Node): number {
    return (this.rows?.nodes.length ?? 0) + node.more;
  }
  mayOpen(node: Node): boolean {
    return node.more > 0 && this.would(node) <= NODES_MAX;
  }
  open(id: string): void {
    if (this.expand.includes(id)) return;
    this.expand = [...this.expand, id];
    void this.ask();
  }
  fold(id: string): void {
    if (!this.expand.includes(id)) return;
    this.expand = this.expand.filter((one) => one !== id);
    void this.ask();
  }
  infer(on: boolean): void {
    this.inferred = on;
    void untrack(() => this.ask());
  }
}
