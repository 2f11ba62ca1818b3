/** What the journal's pages answer. */

export interface Entry {
  seq: number;
  id: string;
  site: string;
  subject: string;
  kind: string;
  at: string;
  recorded_at: string;
  actor: string;
  purpose: string;
  body: unknown;
  leaf: string;
  preimage?: string | null;
}
