/** What leaves this site as a file: cut to what its recipient may have, seen before it is made, and on the record. */

import { api, LinkCut, Problem } from '../../api/client.svelte';
import { speech } from '../../i18n/index.svelte';
import { query } from './commands';
import type { Export, ExportPreview, Page } from './rows';

export const FORMATS = ['report', 'ftm', 'stix', 'csv', 'statements'] as const;
export type Format = (typeof FORMATS)[number];
export interface Selection {
  to: string;
  purpose: string;
  case: string | null;
  entities: string[];
  judgements: boolean;
}
export const previewExport = (body: Selection, signal?: AbortSignal): Promise<ExportPreview> => {
  signal?.throwIfAborted();
  return api.now<ExportPreview>('POST', '/tracing/exports/preview', body);
};
export const makeExport = (body: Selection, format: Format) => api.now<Export>('POST', '/tracing/exports', { ...body, format, lang: speech.lang });
export const approveExport = (id: string, allowed: boolean) => api.now<Export>('POST', `/tracing/exports/${id}/approve`, { allowed });
export const seeExports = (cursor: string | null, signal?: AbortSignal) => api.get<Page<Export>>(`/tracing/exports${query({ cursor, limit: 50 })}`, signal);

const NAME = /filename="?([^";]+)"?/;
/** Hands the file to whoever sits here; each handing out is an entry. */
export async function takeFile(id: string): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/tracing/exports/${id}/file`, { credentials: 'same-origin', headers: { 'Accept-Language': speech.lang } });
  } catch {
    throw new LinkCut();
  }
  if (!answer.ok) throw await Problem.of(answer);
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = NAME.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'export';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
