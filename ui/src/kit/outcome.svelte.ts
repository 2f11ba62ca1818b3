/** One message per outcome, refusals included, with the next step. The newest stands beside the command line; the
 *  last thing done that can be taken back is kept for ten seconds with the way back. */

export interface Outcome {
  at: number;
  kind: 'done' | 'refused' | 'waits';
  text: string;
  hint: string;
}

/** What was done last and can still be taken back. */
export interface Undoing {
  /** the outcome's own words */
  text: string;
  /** milliseconds on the server's clock */
  until: number;
  back: () => Promise<unknown>;
}

export interface Refusal {
  text: string;
  hint: string;
}
/** Why something was refused, in the reader's words, and the next step. */
export function refusalOf(reason: unknown): Refusal {
  const said = reason as { detail?: string; hint?: string; message?: string };
  return { text: said.detail || said.message || String(reason), hint: said.hint ?? '' };
}

export const OUTCOMES_MAX = 50;
/** As long as the server lets it, without the grace that it gives the way there. */
export const UNDO_WITHIN_MS = 10_000;

class Outcomes {
  list = $state.raw<Outcome[]>([]);
  undoing = $state.raw<Undoing | null>(null);
  /** the server's clock in milliseconds, as soon as somebody sets it */
  clock: () => number = Date.now;

  get last(): Outcome | undefined {
    return this.list[0];
  }

  tell(kind: Outcome['kind'], text: string, hint = '', back?: () => Promise<unknown>): void {
    this.list = [{ at: this.clock(), kind, text, hint }, ...this.list].slice(0, OUTCOMES_MAX);
    if (back) this.undoing = { text, until: this.clock() + UNDO_WITHIN_MS, back };
  }

  /** Follows a command to its end and says how it ended. Resolves with the answer, or undefined.
   *  `undo`: the command that takes it back; offered for ten seconds from the answer. */
  async of<T>(work: Promise<T>, done: string | ((answer: T) => string), undo?: (answer: T) => Promise<unknown>): Promise<T | undefined> {
    try {
      const answer = await work;
      const text = typeof done === 'string' ? done : done(answer);
      if (text) this.tell('done', text, '', undo && (() => undo(answer)));
      return answer;
    } catch (reason) {
      this.refuse(reason);
      return undefined;
    }
  }

  /** Says why something was refused, and the next step. */
  refuse(reason: unknown): void {
    const { text, hint } = refusalOf(reason);
    this.tell('refused', text, hint);
  }

  /** Forgets what was done: somebody else sits here now. */
  forget(): void {
    this.list = [];
    this.undoing = null;
  }
}

export const outcomes = new Outcomes();
