/** What is in hand on the floor, and the floor's hands: what a command needs of the screen, wherever it is typed. */

import type { Area, Call, Incident } from '../live/rows';
import { where } from './route.svelte';

/** What the floor can be asked to do. It does them when it stands; the route to it is taken first. */
export interface FloorHands {
  /** an intake without a call */
  begin: () => void;
  /** an incident that was opened just now */
  opened: (incident: Incident) => void;
  /** brings an incident into the pane; again on the same one changes nothing */
  show: (incidentId: string) => void;
  showUnit: (unitId: string) => void;
  look: (title: string, area: Area) => void;
  take: (call: Call) => void;
  /** the hands on the first unit of the list of whom to send */
  nearest: (incidentId: string) => void;
}

class Hand {
  incident = $state.raw<Incident | null>(null);
  /** the call whose intake is open */
  call = $state.raw<Call | null>(null);
  /** whether a ringing call is told across the floor: what is not urgent waits until it is taken */
  rings = $state(false);
  /** units that the typed line names, lit on the floor */
  lit = $state.raw<ReadonlySet<string>>(new Set());
  /** the field of the command line */
  field = $state.raw<HTMLInputElement | undefined>(undefined);
  /** the line, set from elsewhere: a verb chosen by mouse */
  write: (text: string) => void = () => undefined;
  #floor: FloorHands | null = null;
  #waiting: ((floor: FloorHands) => void) | null = null;

  /** The floor stands; returns what to call when it goes. */
  stand(floor: FloorHands): () => void {
    this.#floor = floor;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(floor);
    return () => {
      this.#floor = null;
      this.incident = null;
      this.call = null;
      this.rings = false;
    };
  }

  /** Does something on the floor; goes there first if another screen stands. */
  on(work: (floor: FloorHands) => void): void {
    if (this.#floor) {
      work(this.#floor);
      return;
    }
    this.#waiting = work;
    where.go({ name: 'floor', incident: null });
  }
}

export const hand = new Hand();
