/** Words that only the screen can put: a code's own name in the reader's language. Null leaves the server's. */
type Wording = (code: string, args: Readonly<Record<string, unknown>>) => string | null;
let wording: Wording = () => null;

export function reword(how: Wording): void {
  wording = how;
}

/** An error as the server says it: application/problem+json, already in the reader's language. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly hint: string,
    readonly args: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || code);
  }

  /** Reads a refused answer; bodies that are no problem document still become a Problem. */
  static async of(response: Response): Promise<Problem> {
    let body: Record<string, unknown> = {};
    try {
      body = (await response.json()) as Record<string, unknown>;
    } catch {
      // A proxy's page, or nothing at all: the status is all there is to say.
    }
    const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : '');
    const code = text('code') || `http-${response.status}`;
    return new Problem(
      response.status,
      code,
      wording(code, body) || text('detail') || text('title') || `${response.status} ${response.statusText}`.trim(),
      text('hint'),
      body,
    );
  }
}

/** The request did not reach the server, or its answer did not reach us. */
export class LinkCut extends Error {
  override readonly name = 'LinkCut';
  /** what happened and what next, in the reader's words */
  readonly detail = wording('link-cut', {}) ?? '';
  readonly hint = wording('link-cut-hint', {}) ?? '';
}
