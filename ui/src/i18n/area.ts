/** Places in words: what was said first, then how well it is known. */

import { radius } from './format';
import { t, words } from './index.svelte';

interface AreaLike {
  lat: number | null;
  lon: number | null;
  radius_m: number | null;
  source: string;
  confidence: string;
  words?: string | null;
}

/** The words of a place; its coordinates when nobody said any. */
export function areaWords(area: AreaLike | null | undefined): string {
  if (!area) return t('area-none');
  if (area.words) return area.words;
  if (area.lat !== null && area.lon !== null) return `${area.lat.toFixed(4)}, ${area.lon.toFixed(4)}`;
  return t('area-none');
}

/** ±150 m, or that no place on the map is known yet. */
export function areaRadius(area: AreaLike | null | undefined): string {
  return area?.lat != null && area.radius_m != null ? radius(area.radius_m) : t('area-unplaced');
}

/** Whether the ring is drawn dashed: only heard, or not known. */
export function isLoose(area: AreaLike | null | undefined): boolean {
  return !area || area.confidence === 'heard' || area.confidence === 'unknown';
}

/** "±150 m, heard only, said by the caller": the whole of what is known about how well it is known. */
export function areaQuality(area: AreaLike | null | undefined): string {
  if (!area) return t('area-none');
  return t('area-quality', {
    radius: areaRadius(area),
    confidence: words.label('confidences', area.confidence),
    source: words.label('area_sources', area.source),
  });
}
