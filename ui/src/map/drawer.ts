/** Which way this machine draws the map. The full one asks WebGL 2 of a graphics card; without a card a browser either has
 *  none, or plays one in software, at the price of every key pressed meanwhile. The simple one draws on a plain canvas. */

export type Drawing = 'full' | 'simple';

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
const KEY = 'lanbi.map.drawing';

/** `card`: WebGL 2 drawn by a graphics card; `software`: drawn by the processor; `none`: not at all. */
export type Power = 'card' | 'software' | 'none';

export const powerOf = (renderer: string | null): Power => (renderer === null ? 'none' : SOFTWARE.test(renderer) ? 'software' : 'card');

/** Asked once: a browser keeps few such contexts. */
let known: Power | null = null;
export function power(): Power {
  if (known) return known;
  const gl = document.createElement('canvas').getContext('webgl2');
  const told = gl?.getExtension('WEBGL_debug_renderer_info');
  known = powerOf(gl ? String(gl.getParameter(told ? told.UNMASKED_RENDERER_WEBGL : gl.RENDERER)) : null);
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return known;
}

/** What was chosen on this machine, where it can be had; else what the machine draws without keeping anybody waiting. */
export function chosen(has: Power, kept: string | null): Drawing {
  if (has === 'none') return 'simple';
  return kept === 'full' || kept === 'simple' ? kept : has === 'card' ? 'full' : 'simple';
}
export const drawing = (): Drawing => chosen(power(), localStorage.getItem(KEY));
export const keep = (what: Drawing): void => localStorage.setItem(KEY, what);
