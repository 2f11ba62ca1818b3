/** The ground of the map as data: what both ways of drawing lay down, from the bottom up. */

import type { Palette } from './palette';

type Colour = Exclude<keyof Palette, 'states' | 'sans'>;
/** Kinds of the sketch map; in the tiles each is a layer of that name. */
export type KindName = 'sea' | 'land' | 'coast' | 'depth' | 'area' | 'water' | 'river' | 'contour' | 'commune' | 'road' | 'runway' | 'label';
export type Stops = readonly (readonly [number, number])[];

export interface GroundLayer {
  id: string;
  kind: KindName;
  classes?: readonly string[];
  /** only what is a surface */
  surface?: true;
  fill?: Colour;
  opacity?: number;
  line?: Colour;
  /** in pixels, by zoom */
  width?: Stops;
  /** in widths of the line */
  dash?: readonly [number, number];
  round?: true;
  zoom_min?: number;
}

const THIN: Stops = [[0, 1]];

export const GROUND: readonly GroundLayer[] = [
  { id: 'land', kind: 'land', fill: 'land' },
  { id: 'sea', kind: 'sea', surface: true, fill: 'sea' },
  { id: 'water', kind: 'water', fill: 'water' },
  { id: 'contour', kind: 'contour', line: 'relief', width: THIN },
  { id: 'ground', kind: 'area', fill: 'relief', opacity: 0.55 },
  { id: 'depth', kind: 'depth', line: 'water', width: THIN },
  { id: 'coast', kind: 'coast', line: 'road2', width: THIN },
  { id: 'river', kind: 'river', line: 'water', width: [[9, 1], [14, 3]], round: true },
  { id: 'commune', kind: 'commune', line: 'line2', width: THIN, dash: [1, 4] },
  { id: 'street', kind: 'road', classes: ['street', 'residential', 'tertiary', 'service', 'unclassified'], line: 'street', width: [[11, 0.5], [15, 2.4]], round: true, zoom_min: 11.5 },
  { id: 'secondary', kind: 'road', classes: ['secondary'], line: 'road', width: [[9, 0.8], [12, 1.3], [16, 4]], round: true },
  { id: 'primary', kind: 'road', classes: ['primary', 'trunk', 'motorway'], line: 'road2', width: [[8, 1], [12, 2.2], [16, 5]], round: true },
  { id: 'runway', kind: 'runway', line: 'road2', width: [[10, 2], [13, 5], [16, 14]] },
];

/** From here on landmarks and the names of roads stand on the map. */
export const LANDMARK_ZOOM = 12;
export const LANDMARK_NAME_ZOOM = 13.5;
export const ROAD_NAME_ZOOM = 12.5;
export const UNIT_NAME_ZOOM = 10.5;
export const LABEL_BIG_ZOOM = 8;
export const LABEL_SMALL_ZOOM = 10;
/** Nearer than this, everything stands by itself. */
export const UNIT_PILE_ZOOM_MAX = 13;
export const BOX_PILE_ZOOM_MAX = 14;
export const UNIT_PILE_PX = 24;
export const BOX_PILE_PX = 26;
/** Farther out, the sketch map would end inside the pane. */
export const SKETCH_ZOOM_MIN = 9;
export const ZOOM_MAX = 18;

/** In whose language a place is named: in the reader's, else in the next that has it. Abroad, places go by their French names. */
export const namesFor = (lang: string): string[] => [...[lang, 'fr', 'ht', 'en'].map((l) => `name_${l}`), 'name'];
