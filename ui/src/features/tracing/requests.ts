/** What is asked of trace requests, and what is done to them. A command goes at once or not at all: a letter to another
 *  state is never sent later by itself. */

import { api } from '../../api/client.svelte';
import { query } from './commands';
import type { Due, Page, PartnerRow, TracePreview, TraceRequest, TraceStory } from './rows';

export interface RequestFilter {
  side: '' | 'in' | 'out';
  state: string;
  partner: string;
  open: boolean;
}
export const seeRequests = (f: RequestFilter, cursor: string | null, limit: number, signal?: AbortSignal) =>
  api.get<Page<TraceRequest>>(`/tracing/requests${query({ ...f, open: f.open ? 'true' : null, cursor, limit })}`, signal);
export const seeDues = (signal?: AbortSignal) => api.get<Due[]>('/tracing/requests/dues', signal);
export const seeStory = (id: string, signal?: AbortSignal) => api.get<TraceStory>(`/tracing/requests/${id}`, signal);
export const seePreview = (id: string, persons: boolean, signal?: AbortSignal) => api.get<TracePreview>(`/tracing/requests/${id}/preview${query({ persons: persons ? 'true' : null })}`, signal);
export const seePartners = async (signal?: AbortSignal): Promise<PartnerRow[]> => {
  const found = await api.get<PartnerRow[] | Page<PartnerRow>>('/partners', signal);
  return Array.isArray(found) ? found : found.items;
};

export interface NewRequest {
  firearm_id: string;
  to: string;
  purpose: string;
  legal_basis: string;
  case: string;
  priority: string;
  channel: string;
  words?: string;
}
export const draftRequest = (body: NewRequest) => api.now<TraceRequest>('POST', '/tracing/requests', body);
export const act = (r: TraceRequest, verb: string, body: object = {}) => api.now<TraceRequest>('POST', `/tracing/requests/${r.id}/${verb}`, body, r.version);
