/** Taking back what was done last, within ten seconds of the server's clock: a command like any other, on the
 *  record, that is sent at once or not at all. */

import { LinkCut } from '../../api/client.svelte';
import { t } from '../../i18n/index.svelte';
import { outcomes } from '../../kit/outcome.svelte';
import { picture } from '../../live/picture.svelte';

outcomes.clock = () => picture.instant();

/** Whole seconds in which Z still takes the last thing back; 0 when there is nothing. */
export function secondsLeft(): number {
  const { undoing } = outcomes;
  return undoing ? Math.max(0, Math.ceil((undoing.until - picture.now) / 1_000)) : 0;
}

export async function takeBack(): Promise<void> {
  const { undoing } = outcomes;
  if (!undoing || undoing.until <= picture.instant()) {
    outcomes.undoing = null;
    outcomes.tell('refused', t('undo-none'), t('undo-none-hint'));
    return;
  }
  // A command that waited for the link would come when it is too late to be what was meant.
  if (picture.link === 'cut' || picture.link === 'ended') {
    outcomes.tell('refused', t('undo-cut', { what: undoing.text }), t('undo-cut-hint'));
    return;
  }
  outcomes.undoing = null;
  try {
    await undoing.back();
    outcomes.tell('done', t('did-undo', { what: undoing.text }));
  } catch (reason) {
    if (reason instanceof LinkCut) outcomes.tell('refused', t('undo-cut', { what: undoing.text }), t('undo-cut-hint'));
    else outcomes.refuse(reason);
  }
}
