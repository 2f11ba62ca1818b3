/** Landmarks that somebody learnt of during a call: everybody finds them at once. */

import type { Body } from '../../api/bodies';
import { api } from '../../api/client.svelte';
import type { FoundPlace } from './place';

export const addLandmark = (name: string, kind: string, lat: number, lon: number, radius_m: number) =>
  api.command<FoundPlace>('/places', { name, kind, lat, lon, radius_m, names: {} } satisfies Body<'AddBody'>);

export const findPlaces = async (q: string, signal: AbortSignal): Promise<FoundPlace[]> =>
  (await api.get<{ items: FoundPlace[] }>(`/places?q=${encodeURIComponent(q)}&limit=8`, signal)).items;
