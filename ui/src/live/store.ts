/** Rows by kind and id, replaced by key. Pure: no socket, no clock, no framework. */

export interface Push {
  kind: string;
  id: string;
  version: number;
  row: object | null;
}

interface Held {
  version: number;
  row: object | null;
}

type Table = Map<string, Held>;

/** Remembered deletions per kind: enough to refuse a late older version, bounded so that a shift fits. */
export const GONE_ROWS_MAX = 5_000;

export class Store {
  #tables = new Map<string, Table>();
  /** A snapshot being received aside, so that the screen never looks empty between two pictures. */
  #next: Map<string, Table> | null = null;
  /** The head that the snapshot leads to: its last frame names it. */
  #until = 0;
  #whole = false;
  #seq = 0;
  #listeners = new Set<(kinds: ReadonlySet<string>) => void>();

  /** The sequence number to resume from; null while no whole snapshot has been applied. */
  get resumeFrom(): number | null {
    return this.#whole ? this.#seq : null;
  }

  get seq(): number {
    return this.#seq;
  }

  onChange(listener: (kinds: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A fresh snapshot follows, as far as `until`: what is held stays in view until all of it is here. */
  restart(until = 0): void {
    this.#next = new Map();
    this.#until = until;
    this.#whole = false;
    this.#seq = 0;
  }

  /** Applies one frame of rows at `seq`. A row older than the one held is ignored; the same version wins. */
  apply(pushes: readonly Push[], seq: number): void {
    if (this.#next && seq < this.#until) {
      for (const push of pushes) this.#put(push, this.#next);
      return;
    }
    const into = this.#next ?? this.#tables;
    const touched = new Set<string>();
    for (const push of pushes) if (this.#put(push, into)) touched.add(push.kind);
    for (const kind of this.#swap()) touched.add(kind);
    if (seq > this.#seq) this.#seq = seq;
    this.#tell(touched);
  }

  /** Applies a row that came as the answer to a command, before its push arrives. */
  put(kind: string, row: { id: string; version: number }): void {
    const push = { kind, id: row.id, version: row.version, row };
    if (this.#next) this.#put(push, this.#next);
    if (this.#put(push, this.#tables)) this.#tell(new Set([kind]));
  }

  /** The server says that everything up to `seq` has been sent. */
  reached(seq: number): void {
    const touched = this.#swap();
    this.#whole = true;
    if (seq > this.#seq) this.#seq = seq;
    this.#tell(touched);
  }

  rows<T = object>(kind: string): T[] {
    const rows: T[] = [];
    for (const held of this.#tables.get(kind)?.values() ?? []) if (held.row) rows.push(held.row as T);
    return rows;
  }

  get<T = object>(kind: string, id: string): T | undefined {
    return (this.#tables.get(kind)?.get(id)?.row ?? undefined) as T | undefined;
  }

  clear(): void {
    const kinds = new Set(this.#tables.keys());
    this.#tables = new Map();
    this.#next = null;
    this.#whole = false;
    this.#seq = 0;
    this.#tell(kinds);
  }

  #swap(): Set<string> {
    if (!this.#next) return new Set();
    const touched = new Set([...this.#tables.keys(), ...this.#next.keys()]);
    this.#tables = this.#next;
    this.#next = null;
    return touched;
  }

  #put(push: Push, into: Map<string, Table>): boolean {
    let table = into.get(push.kind);
    if (!table) into.set(push.kind, (table = new Map()));
    const held = table.get(push.id);
    if (held && push.version < held.version) return false;
    if (push.row === null) {
      table.delete(push.id);
      table.set(push.id, { version: push.version, row: null });
      this.#forgetOldest(table);
    } else {
      table.set(push.id, { version: push.version, row: push.row });
    }
    return true;
  }

  #forgetOldest(table: Table): void {
    if (table.size <= GONE_ROWS_MAX) return;
    let gone = 0;
    for (const held of table.values()) if (!held.row) gone += 1;
    for (const [id, held] of table) {
      if (gone <= GONE_ROWS_MAX) return;
      if (!held.row) {
        table.delete(id);
        gone -= 1;
      }
    }
  }

  #tell(kinds: ReadonlySet<string>): void {
    if (kinds.size > 0) for (const listener of this.#listeners) listener(kinds);
  }
}
