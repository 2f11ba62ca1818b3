/** Layers are data. The base comes as one GeoJSON document or as vector tiles with the same kinds. */

import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Palette } from './palette';
import { UNIT_GRADES } from './shapes';
import type { Base, StyleInfo } from './types';

const MEDIUM = ['Lanbi Medium'];
const SEMIBOLD = ['Lanbi Semibold'];
const EMPTY = { type: 'FeatureCollection' as const, features: [] };
/** Nearer than this, everything stands by itself. */
const UNIT_PILE_ZOOM_MAX = 13;
const BOX_PILE_ZOOM_MAX = 14;
const UNIT_NAME_ZOOM = 10.5;
export const LANDMARK_ZOOM = 12;
const LANDMARK_NAME_ZOOM = 13.5;
export const TILES_URL = '/api/v1/map/tiles.pmtiles';
/** Kinds of the sketch map; in the tiles each is a layer of that name. */
const KINDS = ['sea', 'land', 'coast', 'depth', 'area', 'water', 'river', 'contour', 'commune', 'road', 'runway', 'label'] as const;
type KindName = (typeof KINDS)[number];

const zoomed = (...stops: [number, number][]): ExpressionSpecification =>
  ['interpolate', ['exponential', 1.5], ['zoom'], ...stops.flat()] as ExpressionSpecification;

/** Name of a place in the reader's language, else in the next one that has it: abroad, places go by their French names. */
function named(lang: string): ExpressionSpecification {
  const order = [lang, 'fr', 'ht', 'en'];
  return ['coalesce', ...order.map((l) => ['get', `name_${l}`]), ['get', 'name']] as unknown as ExpressionSpecification;
}

export function build(info: StyleInfo, base: Base, c: Palette, lang: string, origin: string): StyleSpecification {
  const layers: LayerSpecification[] = [{ id: 'bg', type: 'background', paint: { 'background-color': c.sea } }];
  const add = (id: string, kind: KindName, filter: FilterSpecification | null, rest: object) => {
    const isKind = ['==', ['get', 'kind'], kind] as unknown as ExpressionSpecification;
    layers.push({
      id, source: 'base', ...(info.tiles ? { 'source-layer': kind } : {}),
      ...(info.tiles ? (filter ? { filter } : {}) : { filter: (filter ? ['all', isKind, filter] : isKind) as FilterSpecification }),
      ...rest,
    } as LayerSpecification);
  };
  const cls = (...names: string[]): FilterSpecification => ['in', ['get', 'class'], ['literal', names]] as unknown as FilterSpecification;

  add('land', 'land', null, { type: 'fill', paint: { 'fill-color': c.land } });
  add('sea', 'sea', ['==', ['geometry-type'], 'Polygon'], { type: 'fill', paint: { 'fill-color': c.sea } });
  add('water', 'water', null, { type: 'fill', paint: { 'fill-color': c.water } });
  add('contour', 'contour', null, { type: 'line', paint: { 'line-color': c.relief, 'line-width': 1 } });
  add('ground', 'area', null, { type: 'fill', paint: { 'fill-color': c.relief, 'fill-opacity': 0.55 } });
  add('depth', 'depth', null, { type: 'line', paint: { 'line-color': c.water, 'line-width': 1 } });
  add('coast', info.tiles ? 'land' : 'coast', null, { type: 'line', paint: { 'line-color': c.road2, 'line-width': 1 } });
  add('river', 'river', null, { type: 'line', layout: { 'line-cap': 'round' }, paint: { 'line-color': c.water, 'line-width': zoomed([9, 1], [14, 3]) } });
  add('commune', 'commune', null, { type: 'line', paint: { 'line-color': c.line2, 'line-width': 1, 'line-dasharray': [1, 4] } });
  add('street', 'road', cls('street', 'residential', 'tertiary', 'service', 'unclassified'), {
    type: 'line', minzoom: 11.5, layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c.street, 'line-width': zoomed([11, 0.5], [15, 2.4]) },
  });
  add('secondary', 'road', cls('secondary'), {
    type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c.road, 'line-width': zoomed([9, 0.8], [12, 1.3], [16, 4]) },
  });
  add('primary', 'road', cls('primary', 'trunk', 'motorway'), {
    type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c.road2, 'line-width': zoomed([8, 1], [12, 2.2], [16, 5]) },
  });
  add('runway', 'runway', null, { type: 'line', paint: { 'line-color': c.road2, 'line-width': zoomed([10, 2], [13, 5], [16, 14]) } });
  // A silence lies under every word; its zone's name is told where the map does not name the place already.
  layers.push(
    { id: 'zones', type: 'fill', source: 'zones', filter: ['!=', ['get', 'state'], 'quiet'], paint: { 'fill-pattern': ['concat', 'z-', ['get', 'state']], 'fill-opacity': 0.5 } } as LayerSpecification,
    { id: 'zone-edge', type: 'line', source: 'zones', filter: ['!=', ['get', 'state'], 'quiet'], paint: { 'line-color': c.ink3, 'line-width': 1.2, 'line-dasharray': [3, 2] } } as LayerSpecification,
    { id: 'zone-name', type: 'symbol', source: 'zones', filter: ['!=', ['get', 'state'], 'quiet'], layout: { 'text-field': ['get', 'text'], 'text-font': MEDIUM, 'text-size': 11 }, paint: { 'text-color': c.ink2, 'text-halo-color': c.land, 'text-halo-width': 2 } } as LayerSpecification,
  );
  // Below the names of places: those go first where there is no room for both.
  const landmark = (id: string, own: boolean, minzoom: number) =>
    layers.push({
      id, type: 'symbol', source: 'landmarks', minzoom, filter: ['==', ['get', 'icon'], own ? 'l-own' : 'l-std'],
      layout: {
        'icon-image': ['get', 'icon'], 'symbol-sort-key': ['get', 'rank'], 'text-field': ['get', 'text'], 'text-font': MEDIUM, 'text-size': 10,
        'text-anchor': 'left', 'text-offset': [0.7, 0], 'text-padding': 3,
      },
      paint: { 'text-color': own ? c.ink2 : c.ink3, 'text-halo-color': c.land, 'text-halo-width': 2 },
    } as LayerSpecification);
  landmark('landmarks', false, LANDMARK_NAME_ZOOM);
  landmark('landmarks-own', true, LANDMARK_ZOOM);
  add('road-name', 'road', ['has', 'name'], {
    type: 'symbol', minzoom: 12.5,
    layout: { 'symbol-placement': 'line', 'text-field': named(lang), 'text-font': MEDIUM, 'text-size': 10, 'symbol-spacing': 420 },
    paint: { 'text-color': c.ink3, 'text-halo-color': c.land, 'text-halo-width': 1.5 },
  });
  // A name makes room for the mark that lies on its place, and stands beside it.
  const aside = (offset: number): object => ({ 'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'], 'text-radial-offset': offset, 'text-justify': 'auto' });
  const rank: ExpressionSpecification = ['coalesce', ['get', 'rank'], ['match', ['get', 'class'], ['city', 'town', 'commune'], 1, 3]] as unknown as ExpressionSpecification;
  add('label-small', 'label', ['>', rank, 1] as unknown as FilterSpecification, {
    type: 'symbol', minzoom: 10,
    layout: { 'text-field': named(lang), 'text-font': MEDIUM, 'text-size': 11, 'text-padding': 4, 'symbol-sort-key': rank, ...aside(0.9) },
    paint: { 'text-color': c.ink2, 'text-halo-color': c.land, 'text-halo-width': 2 },
  });
  add('label-sea', 'sea', ['==', ['geometry-type'], 'Point'], {
    type: 'symbol', layout: { 'text-field': named(lang), 'text-font': MEDIUM, 'text-size': 12, 'text-letter-spacing': 0.04 },
    paint: { 'text-color': c.ink3 },
  });
  add('label-big', 'label', ['<=', rank, 1] as unknown as FilterSpecification, {
    type: 'symbol', minzoom: 8,
    layout: { 'text-field': named(lang), 'text-font': SEMIBOLD, 'text-size': 13, 'text-padding': 4, 'symbol-sort-key': rank, ...aside(1) },
    paint: { 'text-color': c.ink, 'text-halo-color': c.land, 'text-halo-width': 2 },
  });

  const tint: ExpressionSpecification = ['case', ['get', 'p0'], c.alarm, c.shell];
  const ring = (loose: boolean): object => ({
    type: 'line', source: 'areas', filter: ['==', ['get', 'loose'], loose],
    paint: {
      'line-color': tint, 'line-width': ['case', ['get', 'selected'], 1.6, 1], 'line-opacity': ['case', ['any', ['get', 'selected'], ['get', 'p0']], 1, 0.55],
      ...(loose ? { 'line-dasharray': [3, 3] } : {}),
    },
  });
  const stateColour = ['match', ['get', 'letter'], ...Object.entries(c.states).flat(), c.ink2] as unknown as ExpressionSpecification;
  const alone = ['!', ['has', 'point_count']] as unknown as FilterSpecification;
  const several = ['has', 'point_count'] as unknown as FilterSpecification;
  // Every mark is drawn. Words come after all marks: they look for room beside theirs, or wait for a nearer view.
  const mark = (icon: unknown, order: unknown): object => ({ 'icon-image': icon, 'icon-allow-overlap': true, 'icon-padding': 0, 'symbol-sort-key': order });
  const own = mark(['get', 'icon'], ['get', 'rank']);
  const beside = (text: unknown, offset: number): object => ({
    'text-field': text, 'text-font': SEMIBOLD, 'text-size': 11, 'text-padding': 1, 'text-radial-offset': offset, 'text-justify': 'auto',
    'text-variable-anchor': ['left', 'right', 'top', 'bottom', 'top-left', 'top-right', 'bottom-left', 'bottom-right'],
  });
  const count = beside(['to-string', ['get', 'point_count']], 1.35);
  const halo = { 'text-halo-color': c.land, 'text-halo-width': 2 };
  const worst = ['at', ['get', 'grade'], ['literal', [...UNIT_GRADES]]] as unknown as ExpressionSpecification;
  const symbol = (id: string, source: string, filter: FilterSpecification | null, layout: object, paint: object, minzoom?: number): LayerSpecification =>
    ({ id, type: 'symbol', source, ...(filter ? { filter } : {}), ...(minzoom ? { minzoom } : {}), layout, paint }) as LayerSpecification;
  layers.push(
    { id: 'area', type: 'fill', source: 'areas', paint: { 'fill-color': ['case', ['get', 'p0'], c.badbg, c.area] } },
    { id: 'ring', ...ring(false) } as LayerSpecification,
    { id: 'ring-loose', ...ring(true) } as LayerSpecification,
    symbol('sight-names', 'sights', null, beside(['get', 'text'], 1.2), { 'text-color': c.ink2, ...halo }),
    symbol('unit-counts', 'units', several, count, { 'text-color': c.ink, ...halo }),
    symbol('unit-names', 'units', alone, beside(['step', ['zoom'], '', UNIT_NAME_ZOOM, ['get', 'text']], 1.1), { 'text-color': stateColour, ...halo }),
    symbol('unit-apart-names', 'units-apart', null, beside(['get', 'text'], 1.4), { 'text-color': stateColour, ...halo }),
    symbol('box-counts', 'boxes', several, count, { 'text-color': c.ink, ...halo }),
    symbol('box-names', 'boxes', alone, beside(['get', 'text'], 1.35), { 'text-color': c.ink, ...halo }),
    symbol('box-apart-names', 'boxes-apart', null, beside(['get', 'text'], 1.4), { 'text-color': c.ink, ...halo }),
    symbol('sights', 'sights', null, own, { 'icon-opacity': ['case', ['get', 'old'], 0.7, 1] }),
    symbol('unit-piles', 'units', several, mark(['concat', 'uc-', worst], ['-', 9, ['get', 'grade']]), {}),
    symbol('units', 'units', alone, own, {}),
    symbol('units-apart', 'units-apart', null, own, {}),
    symbol('piles', 'boxes', several, mark(['concat', 'pc-', ['to-string', ['get', 'gravity']], ['case', ['>', ['get', 'waits'], 0], '-waits', '-std']], ['-', 9, ['get', 'gravity']]), {}),
    symbol('boxes', 'boxes', alone, own, {}),
    symbol('boxes-apart', 'boxes-apart', null, own, {}),
    { id: 'thread', type: 'line', source: 'thread', paint: { 'line-color': c.shell, 'line-width': 2, 'line-dasharray': [1, 1.6] } } as LayerSpecification,
    { id: 'centre', type: 'symbol', source: 'centre', layout: { 'icon-image': 'cross', 'icon-allow-overlap': true } },
  );
  const given = { type: 'geojson', data: EMPTY } as const;

  return {
    version: 8,
    // No `glyphs`: words are drawn here from the page's own fonts, so that no server is asked.
    sources: {
      base: info.tiles ? { type: 'vector', url: `pmtiles://${origin}${TILES_URL}` } : { type: 'geojson', data: base ?? EMPTY },
      zones: given, areas: given, landmarks: given, sights: given, 'units-apart': given, 'boxes-apart': given, thread: given, centre: given,
      // Far out, what lies on top of each other gathers, and shows the gravest of it.
      units: { ...given, cluster: true, clusterRadius: 24, clusterMaxZoom: UNIT_PILE_ZOOM_MAX, clusterProperties: { grade: ['min', ['get', 'grade']] } },
      boxes: { ...given, cluster: true, clusterRadius: 26, clusterMaxZoom: BOX_PILE_ZOOM_MAX, clusterProperties: { gravity: ['min', ['get', 'gravity']], waits: ['+', ['get', 'waits']] } },
    },
    layers,
  };
}
