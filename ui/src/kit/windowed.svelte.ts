/** Of a long list only what is in view stands in the page: a thousand rows cost as much as forty.
 *  Rows are of one height; spacers above and below keep the scroll bar true. */

/** A list this short is shown whole. */
export const WHOLE_MAX = 120;
/** Rows kept beyond the edge, so that a key finds the next one there. */
const BEYOND = 16;

export interface Slice {
  from: number;
  to: number;
}

/** Which rows are needed for a view of `height` pixels, `top` pixels down a list of `count` rows. */
export function sliceOf(count: number, top: number, height: number, row: number): Slice {
  if (count <= WHOLE_MAX || row <= 0) return { from: 0, to: count };
  const first = Math.min(Math.max(0, Math.floor(top / row)), count);
  const from = Math.max(0, first - BEYOND);
  return { from, to: Math.min(count, first + Math.ceil(height / row) + BEYOND) };
}

export class Windowed {
  #top = $state(0);
  #height = $state(0);
  #row = $state(0);

  /** How high a row is, in pixels; 0 before one was measured. */
  get row(): number {
    return this.#row;
  }

  slice(count: number): Slice {
    return sliceOf(count, this.#top, this.#height || 1_000, this.#row || 26);
  }

  /** Put on the element that scrolls. */
  attach = (scroller: HTMLElement) => {
    const look = () => {
      this.#top = scroller.scrollTop;
      this.#height = scroller.clientHeight;
      const row = scroller.querySelector<HTMLElement>('[data-row]')?.offsetHeight;
      if (row) this.#row = row;
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(scroller);
    scroller.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      sizes.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  };
}
