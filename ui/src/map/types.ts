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
  /** nobody is on the way to it */
  waits: boolean;
}

export interface MapUnit {
  id: string;
  text: string;
  letter: string;
  lat: number;
  lon: number;
  age: 'fresh' | 'ageing' | 'old';
  lit: boolean;
  /** its emergency button was pressed */
  alarm: boolean;
  /** how far its position may be off, where it is worth a ring */
  accuracy_m: number | null;
}

/** Something that was seen. `mark`: the family of signs; `old`: it may no longer be so. */
export interface MapSight {
  id: string;
  text: string;
  mark: string;
  lat: number;
  lon: number;
  radius_m: number;
  old: boolean;
}

export interface MapLandmark {
  id: string;
  text: string;
  lat: number;
  lon: number;
  /** added by this room's people */
  own: boolean;
}

/** A zone and how it is silent, or not. */
export interface MapZone {
  id: string;
  text: string;
  state: 'quiet' | 'no_link' | 'no_unit' | 'not_reporting' | 'unknown';
  outline: [number, number][][];
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

/** What a hand pointed at: a spot, what lies there, and where on the pane it is. */
export interface Spot {
  lat: number;
  lon: number;
  x: number;
  y: number;
  incident: string | null;
  unit: string | null;
}

/** West, south, east, north. */
export type Bounds = [number, number, number, number];

/** What a way of drawing the map is given, and what it tells back. */
export interface MapProps {
  info: StyleInfo;
  base: Base;
  lang: string;
  theme: string;
  label: string;
  incidents: MapIncident[];
  units: MapUnit[];
  sights: MapSight[];
  landmarks: MapLandmark[];
  zones: MapZone[];
  draft: MapDraft | null;
  hold: Hold | null;
  /** what is going on, as a whole: the view where nothing is held */
  home: Bounds | null;
  /** a click places instead of selecting */
  placing: boolean;
  /** a hand moved the view: nothing else moves it until it is let go */
  locked: boolean;
  /** whether a unit may be dragged to an incident */
  draggable: boolean;
  onincident: (id: string) => void;
  onunit: (id: string) => void;
  onplace: (lat: number, lon: number) => void;
  onhand: () => void;
  onmenu: (spot: Spot) => void;
  ondrop: (unit: string, incident: string) => void;
  /** the view came to rest; null where it is too wide for landmarks */
  onview: (bounds: Bounds | null) => void;
}
