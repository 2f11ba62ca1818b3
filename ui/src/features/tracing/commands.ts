/** What is asked of tracing, and what is done to it. */

import { api } from '../../api/client.svelte';
import { coastOf } from './route';
import type { Cell, Desk, Dossier, Entity, EvidenceRow, Judgement, Match, NetworkSearch, NetworkWhy, Opening, Page, Routes, Schema, Verdict, Workspace } from './rows';

const query = (args: Record<string, string | number | null | undefined>): string => {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(args)) if (value !== null && value !== undefined && value !== '') q.set(name, String(value));
  const text = q.toString();
  return text ? `?${text}` : '';
};

export const seeWorkspace = (root: string, expand: readonly string[], inferred: boolean, signal?: AbortSignal) =>
  api.get<Workspace>(`/tracing/workspace${query({ root, expand: expand.join(','), inferred: String(inferred) })}`, signal);
export const seeEvidence = (edge: string, signal?: AbortSignal) => api.get<EvidenceRow>(`/tracing/evidence${query({ edge })}`, signal);
export const seeEntity = (id: string, signal?: AbortSignal) => api.get<Dossier>(`/tracing/entities/${id}`, signal);
export const seeSchema = () => api.get<Schema>('/tracing/schema');
export const seeCoast = async () => coastOf(await api.get<unknown>('/tracing/coast'));
export const seeRoutes = (recovery: string, signal?: AbortSignal) => api.get<Routes>(`/tracing/routes/${recovery}`, signal);
export const seeNetworks = (signal?: AbortSignal) => api.get<NetworkSearch>('/tracing/networks', signal);
export const seeNetwork = (name: string, signal?: AbortSignal) => api.get<NetworkWhy>(`/tracing/networks/${name}`, signal);
export const searchNetworks = () => api.now<NetworkSearch>('POST', '/tracing/networks/search', {});
/** An analyst's own rating of one item against one reading; on the record. */
export const rate = (edge: string, ground: string, hypothesis: string, rating: Cell) => api.command<EvidenceRow>('/tracing/evidence/rate', { edge, ground, hypothesis, rating });

// ---- persons: for a purpose, on the record ------------------------------------------------------------

export const seeDesk = (signal?: AbortSignal) => api.get<Desk>('/tracing/desk', signal);
export const openDesk = (purpose: string, kase: string) => api.now<Desk>('POST', '/tracing/desk', { purpose, case: kase });
/** A reading is an entry of the journal: it is never sent later by itself. */
export const readPerson = (id: string) => api.now<Dossier>('POST', `/tracing/persons/${id}/read`, {});
export const askOpening = (id: string) => api.now<Opening>('POST', `/tracing/persons/${id}/ask_opening`, {});
export const openingsOf = (id: string, signal?: AbortSignal) => api.get<Opening[]>(`/tracing/persons/${id}/openings`, signal);
export const openingsWaiting = (signal?: AbortSignal) => api.get<Opening[]>('/tracing/openings', signal);
export const decideOpening = (id: string, allowed: boolean) => api.now<Opening>('POST', `/tracing/openings/${id}/decide`, { allowed });
export const unseal = (id: string, prop: string) => api.now<{ values: string[] }>('POST', `/tracing/persons/${id}/unseal`, { prop });

// ---- claims --------------------------------------------------------------------------------------------

export const prefer = (statement: string) => api.command<Entity>(`/tracing/statements/${statement}/prefer`, {});
export const withdraw = (statements: string[], reason: string) => api.command<Entity[]>('/tracing/statements/withdraw', { statements, reason });
export const judge = (left: string, right: string, verdict: Judgement['verdict'], why: string) => api.command<Judgement>('/tracing/judgements', { left, right, verdict, why });
export const undoJudgement = (id: string) => api.command<Judgement>(`/tracing/judgements/${id}/undo`, {});

// ---- matches -------------------------------------------------------------------------------------------

export const seeMatches = (more: { verdict?: Verdict | 'none' | 'all'; firearm?: string | null; cursor?: string | null; limit?: number }, signal?: AbortSignal) =>
  api.get<Page<Match>>(`/tracing/matches${query(more)}`, signal);
export const decideMatch = (match: Match, verdict: Verdict, why: string) =>
  api.command<Match>(`/tracing/matches/${match.id}/decide`, { verdict, why }, { about: match.id, ifMatch: match.version });
export const undoMatch = (match: Match) => api.command<Match>(`/tracing/matches/${match.id}/undo`, {}, { about: match.id, ifMatch: match.version });

export const photoUrl = (digest: string, small = true): string => `/api/v1/tracing/photos/${digest}${small ? '?small=true' : ''}`;
export { query };
