/** Where the screen is, in the address: back and forward work, and a place can be sent to somebody. */

export type Route =
  | { name: 'floor'; incident: number | null }
  | { name: 'journal'; seq: number | null; subject: string };

export function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [room, arg] = path.split('/');
  const number = arg && /^\d+$/.test(arg) ? Number(arg) : null;
  if (room === 'journal') return { name: 'journal', seq: number, subject: new URLSearchParams(query).get('subject') ?? '' };
  return { name: 'floor', incident: room === 'incident' ? number : null };
}

export function write(route: Route): string {
  if (route.name === 'journal') {
    return `#/journal${route.seq === null ? '' : `/${route.seq}`}${route.subject ? `?subject=${encodeURIComponent(route.subject)}` : ''}`;
  }
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
