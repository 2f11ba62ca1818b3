/** A line of the log, as GET /incidents/{id}/log sends it. */
export interface LogEntry {
  seq: number;
  at: string;
  recorded_at: string;
  actor: string;
  kind: string;
  subject: string;
  body: Record<string, unknown>;
  /** Sealed words in clear; null when they were erased. */
  words: Record<string, string | null>;
}

/** An entry written down this much after it happened is marked as late. */
export const LATE_AFTER_S = 60;
