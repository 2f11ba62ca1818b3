/** Zones on the screen: in what order, in which words, and drawn flat without a map. */

import { age, ms } from '../../i18n/format';
import { speech, t } from '../../i18n/index.svelte';
import type { Zone, ZoneState } from '../../live/rows';
import { decimal } from './figures';

/** What needs somebody first; the quiet last. */
export const STATES: readonly ZoneState[] = ['no_link', 'not_reporting', 'no_unit', 'unknown', 'quiet'];

/** In the reader's language, where the zone has a name in it. */
export const nameOf = (zone: Zone): string => zone.names[speech.lang] ?? zone.name;

export function arrange(zones: readonly Zone[]): Zone[] {
  const rank = (zone: Zone) => (zone.state === null ? STATES.length : STATES.indexOf(zone.state));
  return [...zones].sort((a, b) => rank(a) - rank(b) || (a.since ?? '').localeCompare(b.since ?? '') || nameOf(a).localeCompare(nameOf(b)));
}

/** Why a zone is in its state, with the figures that it was concluded from. */
export function why(zone: Zone, now: number): string {
  const { facts } = zone;
  const counts = {
    n: facts.baseline_hours, least: facts.baseline_least ?? 0, median: decimal(facts.baseline_median ?? 0),
    events: facts.events, units: facts.units,
  };
  switch (facts.reason) {
    case 'no_unit': return t('zone-why-no-unit');
    case 'links_lost': return t('zone-why-links-lost', { lost: facts.lost.join(', '), age: facts.heard_at ? age((now - ms(facts.heard_at)) / 1_000) : '—' });
    case 'never_so_few': return t('zone-why-never-so-few', counts);
    case 'as_usual': return t('zone-why-as-usual', counts);
    case 'heard': return t('zone-why-heard', counts);
    case 'too_little_history': return t('zone-why-too-little-history', counts);
    case 'no_link_to_check': return t('zone-why-no-link-to-check', counts);
    default: return t('zone-why-not-yet');
  }
}

export interface Flat {
  width: number;
  height: number;
  /** SVG path of a zone's outlines */
  path(zone: Zone): string;
  at(zone: Zone): [number, number];
  /** width of a zone on the drawing */
  wide(zone: Zone): number;
}

/** Lays the zones on a flat sheet of this size, north up, a metre east as long as a metre north. */
export function flatten(zones: readonly Zone[], width: number, height: number, margin: number): Flat {
  const points = zones.flatMap((zone) => zone.rings.flat());
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((width - 2 * margin) / Math.max((east - west) * squeeze, 1e-9), (height - 2 * margin) / Math.max(north - south, 1e-9));
  const x = (lon: number) => width / 2 + (lon - (west + east) / 2) * squeeze * scale;
  const y = (lat: number) => height / 2 - (lat - (south + north) / 2) * scale;
  return {
    width,
    height,
    path: (zone) => zone.rings.map((ring) => `M${ring.map(([lon, lat]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join('L')}Z`).join(''),
    at: (zone) => [x(zone.lon), y(zone.lat)],
    wide: (zone) => {
      const own = zone.rings.flat().map(([lon]) => x(lon));
      return Math.max(...own) - Math.min(...own);
    },
  };
}

/** The zone in whose outlines that point lies; undefined where none does. */
export function zoneAt(zones: readonly Zone[], lat: number, lon: number): Zone | undefined {
  return zones.find((zone) => {
    let inside = false;
    for (const ring of zone.rings) {
      for (let i = 0, before = ring.length - 1; i < ring.length; before = i++) {
        const [x1, y1] = ring[i]!;
        const [x0, y0] = ring[before]!;
        if (y1 > lat !== y0 > lat && lon < ((x0 - x1) * (lat - y1)) / (y0 - y1) + x1) inside = !inside;
      }
    }
    return inside;
  });
}
