/** Where in tracing one is, as it stands in the address after #/tracing. */

export const ROOMS = ['board', 'workspace', 'matches', 'requests', 'indicators', 'openings', 'exports'] as const;
export type Room = (typeof ROOMS)[number];
/** What the board shows, or does. */
export type Board = 'recoveries' | 'firearms' | 'new' | 'import';

export type Place =
  | { room: 'board'; board: Board; id: string | null }
  | { room: 'workspace'; id: string | null }
  | { room: 'requests'; id: string | null }
  | { room: 'matches' | 'indicators' | 'openings' | 'exports' };

const BOARDS: readonly string[] = ['recoveries', 'firearms', 'new', 'import'];

/** "workspace/ID", "board/firearms", "matches"; the board of recoveries where it says nothing that is known. */
export function readPlace(path: string | null): Place {
  const [room = '', ...rest] = (path ?? '').split('/');
  if (room === 'workspace' || room === 'requests') return { room, id: rest[0] || null };
  if (room === 'matches' || room === 'indicators' || room === 'openings' || room === 'exports') return { room };
  const board = BOARDS.includes(rest[0] ?? '') ? (rest[0] as Board) : 'recoveries';
  return { room: 'board', board, id: rest[1] || null };
}

export function writePlace(place: Place): string {
  if (place.room === 'board') return ['board', place.board, ...(place.id ? [place.id] : [])].join('/');
  if (place.room === 'workspace' || place.room === 'requests') return [place.room, ...(place.id ? [place.id] : [])].join('/');
  return place.room;
}
