/** Notes begun and not yet sent, by incident: another incident in the pane, a call or a reload takes none away. */

import { keepOverReload } from '../../kit/reload';

const begun = new Map<string, string>();
keepOverReload('notes', {
  out: () => (begun.size ? [...begun] : undefined),
  back: (notes: [string, string][]) => {
    for (const [id, text] of notes) begun.set(id, text);
  },
});

export const begunOn = (id: string): string => begun.get(id) ?? '';

export function begin(id: string, text: string): void {
  if (text) begun.set(id, text);
  else begun.delete(id);
}

export function forgetNotes(): void {
  begun.clear();
}
