/** What a hand feels on the map, the same however it is drawn; and what moves the view where no hand holds it. */

import { untrack } from 'svelte';
import type { MapProps } from './types';

/** From here on a press is a drag. */
export const DRAG_FROM_PX = 6;
/** So near to an incident a dragged unit falls on it. */
export const DROP_NEAR_PX = 22;
/** A view that was fitted into a small pane is fitted again once the pane is so much larger. */
export const ROOM_GROWN = 1.5;
/** Rows come many times a second; the map is redrawn for them at most this often. */
export const FEED_MS = 200;

/** Fits the view when something is asked for by name and when it is let go; and once, when what is going on becomes
 *  known after the map stood. Never while a hand holds it. Call it while the component is made. */
export function follow(of: () => Pick<MapProps, 'hold' | 'home' | 'locked'>, fit: () => void): void {
  // Each by itself: what is going on is a new list with every row that comes, and moves nothing.
  const held = $derived(of().hold?.key ?? '');
  const locked = $derived(of().locked);
  $effect(() => {
    void held;
    if (!locked) untrack(fit);
  });
  const known = $derived(of().home !== null);
  let shown = false;
  $effect(() => {
    if (!known || shown) return;
    shown = true;
    untrack(() => {
      if (!locked && !held) fit();
    });
  });
}
