/** Where the learner is: kept for this tab, so that a reload or another screen takes nothing away. */

import { api } from '../../api/client.svelte';
import type { Step } from './steps';

interface Kept {
  on: boolean;
  folded: boolean;
  call: string | null;
  number: number | null;
  incident: string | null;
  done: Step[];
  skipped: Step[];
}
const KEY = 'lanbi.lesson';
const NOTHING: Kept = { on: false, folded: false, call: null, number: null, incident: null, done: [], skipped: [] };

function kept(): Kept {
  try {
    return { ...NOTHING, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Kept>) };
  } catch {
    return NOTHING;
  }
}

class Lesson {
  at = $state.raw<Kept>(kept());

  set(change: Partial<Kept>): void {
    this.at = { ...this.at, ...change };
    sessionStorage.setItem(KEY, JSON.stringify(this.at));
  }

  /** From the first ring on. */
  async begin(): Promise<void> {
    this.set({ ...NOTHING, on: true });
    await this.ring();
  }

  /** Lets a synthetic call ring for the learner. */
  async ring(): Promise<void> {
    const call = await api.now<{ call_id: string; number: number }>('POST', '/demo/lesson', {});
    this.set({ call: call.call_id, number: call.number, incident: null, done: [], skipped: [] });
  }

  end(): void {
    this.set(NOTHING);
  }
}

export const lesson = new Lesson();
