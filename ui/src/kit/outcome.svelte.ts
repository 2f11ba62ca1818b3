/** One message per outcome, refusals included, with the next step. The newest stands beside the command line. */

export interface Outcome {
  at: number;
  kind: 'done' | 'refused' | 'waits';
  text: string;
  hint: string;
}

export const OUTCOMES_MAX = 50;

class Outcomes {
  list = $state.raw<Outcome[]>([]);

  get last(): Outcome | undefined {
    return this.list[0];
  }

  tell(kind: Outcome['kind'], text: string, hint = ''): void {
    this.list = [{ at: Date.now(), kind, text, hint }, ...this.list].slice(0, OUTCOMES_MAX);
  }

  /** Follows a command to its end and says how it ended. Resolves with the answer, or undefined. */
  async of<T>(work: Promise<T>, done: string | ((answer: T) => string)): Promise<T | undefined> {
    try {
      const answer = await work;
      const text = typeof done === 'string' ? done : done(answer);
      if (text) this.tell('done', text);
      return answer;
    } catch (reason) {
      const said = reason as { detail?: string; hint?: string; message?: string };
      this.tell('refused', said.detail || said.message || String(reason), said.hint ?? '');
      return undefined;
    }
  }
}

export const outcomes = new Outcomes();
