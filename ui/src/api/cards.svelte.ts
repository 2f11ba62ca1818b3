/** The question cards as GET /cards sends them, kept on this machine so that they work with the link cut. */

import { api } from './client.svelte';
import type { Labels } from './vocabulary';

/** ["eq", question, answer], ["gte", question, number], ["answered", question], ["not", c], ["all" | "any", c, …] */
export type Condition =
  | ['eq', string, string | number]
  | ['gte', string, number]
  | ['answered', string]
  | ['not', Condition]
  | ['all' | 'any', ...Condition[]];

export interface Question {
  code: string;
  kind: 'yesno' | 'choice' | 'count' | 'words';
  ask: Labels;
  short: Labels;
  options: { code: string; labels: Labels }[];
  ask_if: Condition | null;
  danger: string[];
  /** It stands on several cards, and one answer serves them all. */
  common: boolean;
}

export interface Rule {
  code: string;
  when: Condition;
  priority: string;
  type: string | null;
}

export interface Card {
  code: string;
  labels: Labels;
  types: string[];
  words: Record<string, string[]>;
  questions: Question[];
  rules: Rule[];
  advice: { text: Labels; when: Condition | null }[];
  never: Labels[];
  /** what some event does to people: a card for the event goes first */
  effect: boolean;
}

const KEPT = 'lanbi.cards';

class Cards {
  list = $state.raw<Card[]>([]);
  #asked = false;

  /** Takes what this machine holds, and asks the server whether there is something newer; once. */
  want(): void {
    if (this.#asked) return;
    this.#asked = true;
    try {
      this.list = JSON.parse(localStorage.getItem(KEPT) ?? '[]') as Card[];
    } catch {
      this.list = [];
    }
    void this.refresh();
  }

  /** Asks the server; what is held stays where it does not answer. */
  async refresh(): Promise<void> {
    try {
      const fresh = await api.get<Card[]>('/cards');
      this.list = fresh;
      localStorage.setItem(KEPT, JSON.stringify(fresh));
    } catch {
      this.#asked = false;
    }
  }

  get(code: string | null | undefined): Card | undefined {
    return this.list.find((card) => card.code === code);
  }
}

export const cards = new Cards();
