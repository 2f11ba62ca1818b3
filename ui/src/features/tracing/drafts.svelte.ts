/** The recovery that is being written down: kept when the screen changes and when the page is loaded anew, for whoever
 *  began it and nobody else. It goes when it is recorded, or thrown away. */

import { keepOverReload } from '../../kit/reload';
import type { Area } from '../../live/rows';
import type { Typed } from './completeness';
import type { HandlingBody, SourceBody } from './rows';

export interface DraftItem {
  key: string;
  kind: 'firearm' | 'materiel';
  typed: Typed;
}
export interface Draft {
  /** the account that writes it */
  of: string;
  /** the recovery that gets more items; null: a new one */
  to: { id: string; ref: string } | null;
  typed: Typed;
  area: Area | null;
  items: DraftItem[];
  source: SourceBody;
  handling: HandlingBody;
}

/** The strictest: nobody but this site, until somebody says otherwise. */
export const strictest = (): HandlingBody => ({ tlp: 'AMBER_STRICT', releasable: [], purposes: [], onward: false, review_on: null });
const UNGRADED = 'F6';

let keys = 0;
export const newItem = (kind: DraftItem['kind']): DraftItem => ({ key: `${Date.now().toString(36)}-${(keys += 1)}`, kind, typed: {} });
const fresh = (of: string): Draft => ({ of, to: null, typed: {}, area: null, items: [newItem('firearm')], source: { kind: 'seizure_report', reference: '', grade: UNGRADED }, handling: strictest() });

class Drafts {
  #draft = $state<Draft | null>(null);

  /** The draft of this person, begun where there is none; somebody else's is gone. */
  begin(me: string): Draft {
    if (this.#draft?.of !== me) this.#draft = fresh(me);
    return this.#draft!;
  }
  of(me: string): Draft | null {
    return this.#draft?.of === me ? this.#draft : null;
  }
  /** Whether something of it was typed. */
  begun(me: string): boolean {
    const d = this.#draft;
    if (d?.of !== me) return false;
    // The agency is carried over from the one before: alone it is nothing begun.
    const some = (typed: Typed) => Object.entries(typed).some(([prop, list]) => prop !== 'agency' && list.some((v) => v.trim()));
    return some(d.typed) || d.area !== null || d.source.reference.trim() !== '' || d.items.some((i) => some(i.typed)) || d.items.length > 1;
  }
  forget(): void {
    this.#draft = null;
  }
  /** The same seizure report often has another seizure after it: its source and rules stay. */
  next(me: string): void {
    const d = this.#draft;
    const clean = fresh(me);
    this.#draft = d?.of === me ? { ...clean, handling: d.handling, source: { ...d.source, reference: '' }, typed: d.typed['agency'] ? { agency: d.typed['agency'] } : {} } : clean;
  }
  keep(): Draft | undefined {
    return this.#draft && this.begun(this.#draft.of) ? ($state.snapshot(this.#draft) as Draft) : undefined;
  }
  back(kept: Draft): void {
    this.#draft = kept;
  }
}

export const drafts = new Drafts();
keepOverReload('tracing-recovery', { out: () => drafts.keep(), back: (kept: Draft) => drafts.back(kept) });
