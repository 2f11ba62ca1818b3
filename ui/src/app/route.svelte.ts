/** Where the screen is, in the address: back and forward work, and a place can be sent to somebody. */

/** Screens that show one thing, or the list of them where `id` is null; tracing has rooms of its own, each with its things. */
export const PLAIN = ['map', 'wall', 'situation', 'major', 'handover', 'messages', 'rosters', 'tips', 'tracing', 'seat'] as const;
export type PlainName = (typeof PLAIN)[number];

export type Route =
  | { name: 'floor'; incident: number | null }
  | { name: 'journal'; seq: number | null; subject: string }
  | { name: PlainName; id: string | null };

const isPlain = (room: string | undefined): room is PlainName => (PLAIN as readonly (string | undefined)[]).includes(room);

export function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [room, arg, ...deeper] = path.split('/');
  const number = arg && /^\d+$/.test(arg) ? Number(arg) : null;
  if (room === 'journal') return { name: 'journal', seq: number, subject: new URLSearchParams(query).get('subject') ?? '' };
  if (isPlain(room)) return { name: room, id: arg ? [arg, ...deeper].map(decodeURIComponent).join('/') : null };
  return { name: 'floor', incident: room === 'incident' ? number : null };
}

export function write(route: Route): string {
  if (route.name === 'journal') {
    return `#/journal${route.seq === null ? '' : `/${route.seq}`}${route.subject ? `?subject=${encodeURIComponent(route.subject)}` : ''}`;
  }
  if (route.name !== 'floor') return `#/${route.name}${route.id === null ? '' : `/${route.name === 'tracing' ? route.id.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(route.id)}`}`;
  return route.incident === null ? '#/' : `#/incident/${route.incident}`;
}

class Where {
  at = $state.raw<Route>(read(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => (this.at = read(location.hash)));
  }

  go(route: Route): void {
    const hash = write(route);
    if (hash !== location.hash) location.hash = hash;
    this.at = route;
  }
}

export const where = new Where();

/** `#demo=ACCOUNT` asks for a demonstration account once, and leaves no trace in the address. */
export function demoAsked(): string | null {
  const account = /^#demo=([\w.-]+)$/.exec(location.hash)?.[1] ?? null;
  if (account) history.replaceState(null, '', '#/');
  return account;
}
