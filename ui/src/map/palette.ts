/** The theme's colours as the map needs them, read from the page's own tokens. */
export interface Palette {
  bg: string; ink: string; ink2: string; ink3: string; line: string; line2: string; shell: string; on: string; alarm: string;
  sea: string; land: string; relief: string; street: string; road: string; road2: string; water: string;
  area: string; badbg: string; sans: string;
  states: Record<string, string>;
}

export function palette(of: Element): Palette {
  const css = getComputedStyle(of);
  const read = (name: string): string => {
    const value = css.getPropertyValue(`--${name}`).trim();
    const link = /^var\(--(\w+)\)$/.exec(value);
    return link ? read(link[1]!) : value;
  };
  const states = Object.fromEntries(['A', 'D', 'R', 'S', 'T', 'H', 'X'].map((l) => [l, read(l)]));
  const names = ['bg', 'ink', 'ink2', 'ink3', 'line', 'line2', 'shell', 'on', 'alarm', 'sea', 'land', 'relief', 'street', 'road', 'road2', 'water', 'area', 'badbg', 'sans'] as const;
  return { ...(Object.fromEntries(names.map((n) => [n, read(n)])) as Omit<Palette, 'states'>), states };
}
