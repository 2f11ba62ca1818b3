/** Places asked for by their words while a line is typed; each question once. */

import { api } from '../api/client.svelte';
import { areaOf, type FoundPlace } from '../features/places/place';
import type { Area } from '../live/rows';

const PAUSE_MS = 120;
const KEPT_MAX = 200;
const FOUND_MAX = 6;

class PlaceSearch {
  #found = $state.raw<ReadonlyMap<string, readonly FoundPlace[]>>(new Map());
  #asked = new Map<string, Promise<readonly FoundPlace[]>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Names of the places that answer to these words, as far as they have been asked for. */
  names(words: string): readonly string[] {
    return (this.#found.get(words) ?? []).map((p) => p.name);
  }

  /** The place that these words mean; undefined while nobody knows yet, null where the gazetteer has none. */
  area(words: string): Area | null | undefined {
    const found = this.#found.get(words);
    if (!found) return undefined;
    return found[0] ? areaOf(found[0]) : null;
  }

  /** Asks, as soon as the hands rest. */
  soon(words: string): void {
    clearTimeout(this.#timer);
    if (!words || this.#found.has(words)) return;
    this.#timer = setTimeout(() => void this.ask(words).catch(() => undefined), PAUSE_MS);
  }

  async ask(words: string): Promise<Area | null> {
    const held = this.#found.get(words);
    if (!held) {
      let asked = this.#asked.get(words);
      if (!asked) {
        asked = api.get<{ items: FoundPlace[] }>(`/places?q=${encodeURIComponent(words)}&limit=${FOUND_MAX}`).then((page) => page.items);
        this.#asked.set(words, asked);
      }
      try {
        const items = await asked;
        this.#found = new Map([...this.#found, [words, items] as const].slice(-KEPT_MAX));
      } finally {
        this.#asked.delete(words);
      }
    }
    return this.area(words) ?? null;
  }
}

export const search = new PlaceSearch();
/** Words alone are already a place: heard, not yet on the map. */
export const heard = (words: string): Area => ({ lat: null, lon: null, radius_m: null, source: 'caller', confidence: 'heard', words });
