/** What was begun in the command line stays there: through a screen that has none, and a reload of this tab. */

import { keepOverReload, type Kept } from '../../kit/reload';

export interface Line {
  text: string;
}

const held = new Map<string, Line>();
function fresh(text = ''): Line {
  const line = $state<Line>({ text });
  return line;
}

export const kept: Kept = {
  out: () => {
    const begun = [...held].filter(([, line]) => line.text !== '').map(([me, line]) => [me, line.text]);
    return begun.length ? begun : undefined;
  },
  back: (begun: [string, string][]) => {
    for (const [me, text] of begun) held.set(me, fresh(text));
  },
};
keepOverReload('command', kept);

/** The line of this person; nobody else's. */
export function lineOf(me: string): Line {
  let line = held.get(me);
  if (!line) held.set(me, (line = fresh()));
  return line;
}

/** Somebody else sits here now. */
export function forgetLines(): void {
  held.clear();
}
