/** Figures that are asked for again and again: the old ones stand, with their age, until newer ones come. */

import { untrack } from 'svelte';
import { api, Problem } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';

/** Rows change many times a second; figures about them need not. */
const SETTLE_MS = 400;

export interface Asked<T> {
  readonly value: T | null;
  /** server milliseconds at which the value was true; null before the first */
  readonly at: number | null;
  /** why the last question was refused, in the reader's words */
  readonly refusal: string;
}

/** Asks for `path()` at once, whenever it or `stamp()` changes, and every `every_ms`. Call while a component is made. */
export function asked<T>(path: () => string | null, every_ms: number, stamp: () => unknown = () => null): Asked<T> {
  let value = $state.raw<T | null>(null);
  let at = $state<number | null>(null);
  let refusal = $state('');
  let held = '';
  $effect(() => {
    const wanted = path();
    stamp();
    if (wanted === null) return;
    let dropped = false;
    const ask = () =>
      api.get<T>(wanted).then(
        (answer) => {
          if (dropped) return;
          value = answer;
          at = picture.instant();
          refusal = '';
        },
        (reason) => {
          // A cut link refuses nothing: what was known stands, and its age says how old it is.
          if (!dropped && reason instanceof Problem) refusal = reason.detail;
        },
      );
    const first = setTimeout(ask, untrack(() => value !== null && held === wanted) ? SETTLE_MS : 0);
    held = wanted;
    const timer = setInterval(ask, every_ms);
    return () => {
      dropped = true;
      clearTimeout(first);
      clearInterval(timer);
    };
  });
  return {
    get value() { return value; },
    get at() { return at; },
    get refusal() { return refusal; },
  };
}
