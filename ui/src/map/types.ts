/** What the map is given to draw. It knows nothing of incidents or units beyond this. */

import type { FeatureCollection } from 'geojson';

export interface MapIncident {
  id: string;
  text: string;
  priority: string;
  lat: number;
  lon: number;
  radius_m: number;
  loose: boolean;
  selected: boolean;
}

export interface MapUnit {
  id: string;
  text: string;
  letter: string;
  lat: number;
  lon: number;
  age: 'fresh' | 'ageing' | 'old';
  lit: boolean;
}

export interface MapDraft {
  lat: number;
  lon: number;
  radius_m: number;
  loose: boolean;
}

/** The sketch map, when there are no tiles. */
export type Base = FeatureCollection | null;

export interface StyleInfo {
  tiles: boolean;
  bounds: [number, number, number, number];
  attribution?: string;
}

/** Hold the view on this place until told otherwise. */
export interface Hold {
  key: string;
  lat: number;
  lon: number;
  radius_m: number;
}
