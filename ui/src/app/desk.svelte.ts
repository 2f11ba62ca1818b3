/** Two windows of one desk: what is chosen in one is shown in the other. Nothing leaves the machine. */

import type { Area } from '../live/rows';

export interface Look {
  key: string;
  title: string;
  area: Area;
}

export type Word =
  /** the incident in hand on the floor, and where the floor looks */
  | { t: 'hand'; incident: string | null; look: Look | null; unit: string | null }
  /** the map window asks the floor */
  | { t: 'incident'; id: string }
  | { t: 'unit'; id: string }
  | { t: 'new'; lat: number; lon: number }
  /** somebody has just opened: say what is in hand */
  | { t: 'ask' };

const NAME = 'lanbi.desk';

/** Joins the desk; returns how to speak, and how to leave. */
export function join(hear: (word: Word) => void): { say: (word: Word) => void; leave: () => void } {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = (e: MessageEvent<Word>) => hear(e.data);
  return { say: (word) => channel.postMessage(word), leave: () => channel.close() };
}
