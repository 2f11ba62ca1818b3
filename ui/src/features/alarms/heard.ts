/** Which raisings this screen has already sounded: kept beside the screens, so that none sounds twice when one goes. */

import type { Alarm } from '../../live/rows';

/** One raising: the same alarm raised again is another. */
const raising = (a: Alarm): string => `${a.id} ${a.count}`;

export class Heard {
  #known: Set<string> | null = null;

  /** The unseen alarms that are new here. What stands in the first picture is not news. */
  fresh(unseen: readonly Alarm[]): Alarm[] {
    const known = this.#known;
    const now = new Set(unseen.map(raising));
    this.#known = now;
    return known === null ? [] : unseen.filter((a) => !known.has(raising(a)));
  }

  /** Somebody else sits here now. */
  forget(): void {
    this.#known = null;
  }
}

export const heard = new Heard();
