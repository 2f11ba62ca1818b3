/** What a reload of this tab must not lose: put by when the page goes, taken up once by the next one. */

export interface Kept {
  /** undefined when there is nothing to keep */
  out: () => unknown;
  back: (kept: never) => void;
}

const PREFIX = 'lanbi.kept.';

export function putBy(into: Storage, name: string, kept: Kept): void {
  const value = kept.out();
  if (value !== undefined) into.setItem(PREFIX + name, JSON.stringify(value));
}

export function takeUp(from: Storage, name: string, kept: Kept): void {
  const value = from.getItem(PREFIX + name);
  from.removeItem(PREFIX + name);
  if (value) kept.back(JSON.parse(value) as never);
}

export function keepOverReload(name: string, kept: Kept): void {
  if (typeof window === 'undefined') return;
  takeUp(sessionStorage, name, kept);
  window.addEventListener('pagehide', () => putBy(sessionStorage, name, kept));
}
