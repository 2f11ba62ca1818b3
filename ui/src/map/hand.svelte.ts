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

/** After a key, or a move of the view by a hand, new rows wait so long for the next one, and never longer in all than this. */
const HAND_QUIET_MS = 150;
const HAND_WAIT_MS_MAX = 1_000;
let hand_ms = -Infinity;
/** A hand is at work: what only follows rows waits. */
export const touched = (): void => {
  hand_ms = performance.now();
};
if (typeof window !== 'undefined') window.addEventListener('keydown', touched, { capture: true, passive: true });

/** Whether drawing lets the hand go first. `asked_ms`: since when it waits. */
export const handFirst = (now_ms: number, moved_ms: number, asked_ms: number): boolean => now_ms - moved_ms < HAND_QUIET_MS && now_ms - asked_ms < HAND_WAIT_MS_MAX;

/** A piece of drawing that is asked for more often than it is done: once after a pause, and after the hand. */
export class Turn {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked_ms = 0;

  constructor(private readonly work: () => void) {}

  ask(pause_ms: number): void {
    if (this.#timer !== undefined) return;
    this.#asked_ms = performance.now();
    this.#timer = setTimeout(this.#come, pause_ms);
  }

  now(): void {
    this.stop();
    this.work();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #come = (): void => {
    this.#timer = undefined;
    if (handFirst(performance.now(), hand_ms, this.#asked_ms)) this.#timer = setTimeout(this.#come, HAND_QUIET_MS);
    else this.work();
  };
}

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
