/** Layers are data. The base comes as one GeoJSON document or as vector tiles with the same kinds. */

import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import {
  BOX_PILE_PX, BOX_PILE_ZOOM_MAX, GROUND, LABEL_BIG_ZOOM, LABEL_SMALL_ZOOM, LANDMARK_NAME_ZOOM, LANDMARK_ZOOM, namesFor, ROAD_NAME_ZOOM,
  UNIT_NAME_ZOOM, UNIT_PILE_PX, UNIT_PILE_ZOOM_MAX, type KindName, type Stops,
} from './ground';
import type { Palette } from './palette';
import { UNIT_GRADES } from './shapes';
import type { Base, StyleInfo } from './types';
import { GROWTH } from './view';

const MEDIUM = ['Lanbi Medium'];
const SEMIBOLD = ['Lanbi Semibold'];
const EMPTY = { type: 'FeatureCollection' as const, features: [] };
export const TILES_URL = '/api/v1/map/tiles.pmtiles';

const zoomed = (stops: Stops): ExpressionSpecification =>
  ['interpolate', ['exponential', GROWTH], ['zoom'], ...stops.flat()] as ExpressionSpecification;

const named = (lang: string): ExpressionSpecification =>
  ['coalesce', ...namesFor(lang).map((name) => ['get', name])] as unknown as ExpressionSpecification;

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
  for (const g of GROUND) {
    // Tiles have no layer of their own for the coast: it is the edge of the land.
    const kind = g.kind === 'coast' && info.tiles ? 'land' : g.kind;
    const filter = g.classes ? ['in', ['get', 'class'], ['literal', g.classes]] : g.surface ? ['==', ['geometry-type'], 'Polygon'] : null;
    const paint = g.fill
      ? { 'fill-color': c[g.fill], ...(g.opacity ? { 'fill-opacity': g.opacity } : {}) }
      : { 'line-color': c[g.line!], 'line-width': g.width!.length > 1 ? zoomed(g.width!) : g.width![0]![1], ...(g.dash ? { 'line-dasharray': g.dash } : {}) };
    add(g.id, kind, filter as FilterSpecification | null, {
      type: g.fill ? 'fill' : 'line', paint, ...(g.zoom_min ? { minzoom: g.zoom_min } : {}), ...(g.round ? { layout: { 'line-cap': 'round', 'line-join': 'round' } } : {}),
    });
  }
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
    type: 'symbol', minzoom: ROAD_NAME_ZOOM,
    layout: { 'symbol-placement': 'line', 'text-field': named(lang), 'text-font': MEDIUM, 'text-size': 10, 'symbol-spacing': 420 },
    paint: { 'text-color': c.ink3, 'text-halo-color': c.land, 'text-halo-width': 1.5 },
  });
  // A name makes room for the mark that lies on its place, and stands beside it.
  const aside = (offset: number): object => ({ 'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'], 'text-radial-offset': offset, 'text-justify': 'auto' });
  const rank: ExpressionSpecification = ['coalesce', ['get', 'rank'], ['match', ['get', 'class'], ['city', 'town', 'commune'], 1, 3]] as unknown as ExpressionSpecification;
  add('label-small', 'label', ['>', rank, 1] as unknown as FilterSpecification, {
    type: 'symbol', minzoom: LABEL_SMALL_ZOOM,
    layout: { 'text-field': named(lang), 'text-font': MEDIUM, 'text-size': 11, 'text-padding': 4, 'symbol-sort-key': rank, ...aside(0.9) },
    paint: { 'text-color': c.ink2, 'text-halo-color': c.land, 'text-halo-width': 2 },
  });
  add('label-sea', 'sea', ['==', ['geometry-type'], 'Point'], {
    type: 'symbol', layout: { 'text-field': named(lang), 'text-font': MEDIUM, 'text-size': 12, 'text-letter-spacing': 0.04 },
    paint: { 'text-color': c.ink3 },
  });
  add('label-big', 'label', ['<=', rank, 1] as unknown as FilterSpecification, {
    type: 'symbol', minzoom: LABEL_BIG_ZOOM,
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
      units: { ...given, cluster: true, clusterRadius: UNIT_PILE_PX, clusterMaxZoom: UNIT_PILE_ZOOM_MAX, clusterProperties: { grade: ['min', ['get', 'grade']] } },
      boxes: { ...given, cluster: true, clusterRadius: BOX_PILE_PX, clusterMaxZoom: BOX_PILE_ZOOM_MAX, clusterProperties: { gravity: ['min', ['get', 'gravity']], waits: ['+', ['get', 'waits']] } },
    },
    layers,
  };
}
