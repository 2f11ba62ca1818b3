/** Every screen there is, once. What is not the floor comes in its own chunk, when somebody first opens it. */

import type { Component } from 'svelte';
import type { Route } from './route.svelte';

export interface Screen {
  name: Route['name'];
  /** after G, this key opens it */
  key: string;
  /** message key of its name */
  title: string;
  /** one of these actions opens it; none: it is everybody's */
  actions: readonly string[];
  /** a component that takes `id`; the floor and the journal have roads of their own */
  load?: () => Promise<{ default: Component<{ id: string | null }> }>;
  /** it fills the whole window: no status line, no command line */
  whole?: boolean;
}

export const SCREENS: readonly Screen[] = [
  { name: 'floor', key: 's', title: 'room-floor', actions: ['incidents.see', 'calls.see'] },
  { name: 'map', key: 'm', title: 'room-map', actions: ['incidents.see'], load: () => import('./MapScreen.svelte') },
  { name: 'messages', key: 'e', title: 'room-messages', actions: ['messages.see'], load: () => import('./MessagesScreen.svelte') },
  { name: 'major', key: 'd', title: 'room-major', actions: ['crisis.see'], load: () => import('./MajorScreen.svelte') },
  { name: 'situation', key: 'k', title: 'room-situation', actions: ['situation.see'], load: () => import('./SituationScreen.svelte') },
  { name: 'wall', key: 'w', title: 'room-wall', actions: ['incidents.see'], load: () => import('./WallScreen.svelte'), whole: true },
  { name: 'tips', key: 't', title: 'room-tips', actions: ['tips.take', 'tips.triage'], load: () => import('./TipsScreen.svelte') },
  { name: 'tracing', key: 'f', title: 'room-tracing', actions: ['tracing.see'], load: () => import('./TracingScreen.svelte') },
  { name: 'handover', key: 'h', title: 'room-handover', actions: ['handovers.see'], load: () => import('./HandoverScreen.svelte') },
  { name: 'rosters', key: 'r', title: 'room-rosters', actions: ['rosters.see'], load: () => import('./RostersScreen.svelte') },
  { name: 'journal', key: 'j', title: 'room-journal', actions: ['journal.see'] },
  { name: 'seat', key: 'y', title: 'room-seat', actions: [], load: () => import('./SeatScreen.svelte') },
];

export const screenNamed = (name: Route['name']): Screen | undefined => SCREENS.find((s) => s.name === name);
