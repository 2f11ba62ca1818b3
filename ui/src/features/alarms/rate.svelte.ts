/** How fast alarms come: asked of the server when one is raised, and every so often, since time alone lowers it. */

import { api } from '../../api/client.svelte';
import { LIMIT_RAISED } from './alarm';

export const ASK_EVERY_MS = 15_000;

class Rate {
  raised = $state(0);
  limit = $state(LIMIT_RAISED);
  #asking = false;

  get flood(): boolean {
    return this.raised > this.limit;
  }

  /** What cannot be read now stays as it was. */
  async ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const said = await api.get<{ raised_10_min: number; limit: number }>('/alarms/rate');
      this.raised = said.raised_10_min;
      this.limit = said.limit;
    } catch {
      // The age of the picture says already that the link is cut.
    } finally {
      this.#asking = false;
    }
  }
}

export const rate = new Rate();
