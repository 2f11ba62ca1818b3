/** What is asked of recoveries, firearms and imports, and what is done to them. */

import { api, LinkCut, Problem } from '../../api/client.svelte';
import { speech } from '../../i18n/index.svelte';
import { query } from './commands';
import type { FirearmLine, FormInfo, ImportFile, Mapping, Page, RecordBody, Recorded, RecoveryLine, RecoveryPage, TakenFile } from './rows';

export interface RecoveryFilter {
  q: string;
  country: string;
  disposition: string;
  since: string;
  until: string;
  incomplete: boolean;
}
export interface FirearmFilter {
  q: string;
  state: string;
  country: string;
  incomplete: boolean;
  contested: boolean;
}
const yes = (on: boolean) => (on ? 'true' : null);

export const seeRecoveries = (f: RecoveryFilter, cursor: string | null, limit: number, signal?: AbortSignal) =>
  api.get<Page<RecoveryLine>>(`/tracing/recoveries${query({ ...f, incomplete: yes(f.incomplete), cursor, limit })}`, signal);
export const seeFirearms = (f: FirearmFilter, cursor: string | null, limit: number, signal?: AbortSignal) =>
  api.get<Page<FirearmLine>>(`/tracing/board${query({ ...f, incomplete: yes(f.incomplete), contested: yes(f.contested), cursor, limit })}`, signal);
export const seeRecovery = (id: string, signal?: AbortSignal) => api.get<RecoveryPage>(`/tracing/recoveries/${id}`, signal);
export const seeForm = () => api.get<FormInfo>('/tracing/form');
export const record = (body: RecordBody) => api.now<Recorded>('POST', '/tracing/recoveries', body);
export const addItems = (id: string, body: Omit<RecordBody, 'values'>) => api.now<Recorded>('POST', `/tracing/recoveries/${id}/items`, body);

// ---- imports -------------------------------------------------------------------------------------------

export const seeMappings = (signal?: AbortSignal) => api.get<Mapping[]>('/tracing/imports/mappings', signal);
export const seeTaken = (signal?: AbortSignal) => api.get<TakenFile[]>('/tracing/imports', signal);
export const judgeImport = (id: string, mapping: string | Mapping, more: { originator: string | null; grade: string | null }) => api.now<ImportFile>('POST', `/tracing/imports/${id}/judge`, { mapping, ...more });
export const runImport = (id: string, skip_bad: boolean) => api.now<ImportFile>('POST', `/tracing/imports/${id}/run`, { skip_bad });

// ---- bytes ---------------------------------------------------------------------------------------------

/** As long as a thin link may stay silent while bytes go up. */
const SILENT_MS_MAX = 60_000;

/** Sends the bytes as the body, telling how many have gone. Refused with the server's own words. */
export function upload<T>(path: string, bytes: Blob, told: (sent: number, of: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const ask = new XMLHttpRequest();
    ask.open('POST', `/api/v1${path}`);
    ask.setRequestHeader('Accept', 'application/json');
    ask.setRequestHeader('Accept-Language', speech.lang);
    ask.setRequestHeader('Content-Type', 'application/octet-stream');
    ask.setRequestHeader('Idempotency-Key', Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join(''));
    ask.responseType = 'text';
    let silent: ReturnType<typeof setTimeout>;
    const heard = () => {
      clearTimeout(silent);
      silent = setTimeout(() => ask.abort(), SILENT_MS_MAX);
    };
    heard();
    ask.upload.onprogress = (e) => {
      heard();
      told(e.loaded, e.total);
    };
    ask.onload = () => {
      clearTimeout(silent);
      if (ask.status >= 200 && ask.status < 300) resolve(JSON.parse(ask.responseText) as T);
      else void Problem.of(new Response(ask.responseText, { status: ask.status, statusText: ask.statusText })).then(reject);
    };
    ask.onerror = ask.onabort = () => {
      clearTimeout(silent);
      reject(new LinkCut());
    };
    signal?.addEventListener('abort', () => ask.abort());
    ask.send(bytes);
  });
}

export const sendPhoto = (file: Blob, told: (sent: number, of: number) => void, signal?: AbortSignal) => upload<{ digest: string; media: string; width: number; height: number }>('/tracing/photos', file, told, signal);
export const sendFile = (file: File, told: (sent: number, of: number) => void, signal?: AbortSignal) => upload<ImportFile>(`/tracing/imports${query({ file: file.name.slice(0, 120) })}`, file, told, signal);
