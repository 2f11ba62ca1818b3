/** The code of a screen that did not come: why, and how it is asked for again. */

/** `cut`: nobody answers. `renewed`: the screens were built anew, and what this page knows has other names by now.
 *  `broken`: it is there, and yet it does not come. */
export type Missing = 'cut' | 'renewed' | 'broken';

const ENTRY = /<script\b(?=[^>]*\btype="module")[^>]*\bsrc="([^"]+)"/;

/** The address of a page's first module, which changes with every build; null where it has none. */
export const entryOf = (html: string): string | null => ENTRY.exec(html)?.[1] ?? null;

/** `page`: the page as the server gives it now, rejected when nobody answers. `own`: the entry of the page that stands. */
export async function whyMissing(page: () => Promise<string>, own: string | null): Promise<Missing> {
  const now = await page().then(entryOf, () => null);
  // Something on the way that answers with a page of its own is no link either.
  if (now === null) return 'cut';
  return now === own ? 'broken' : 'renewed';
}

/** Where the module that a browser could not get can be asked for anew: a browser remembers for as long as the page
 *  lives that an address gave nothing. Null where the refusal names no address. */
export function elsewhere(reason: unknown, attempt: number): string | null {
  const named = /https?:\/\/[^\s?#]+\.js/.exec(reason instanceof Error ? reason.message : String(reason));
  return named ? `${named[0]}?again=${attempt}` : null;
}

/** Asks once more: under its own address, and where the browser will not, under another. */
export async function again<T>(load: () => Promise<T>, from: (url: string) => Promise<T>, attempt: number): Promise<T> {
  try {
    return await load();
  } catch (reason) {
    const url = elsewhere(reason, attempt);
    if (!url) throw reason;
    return from(url);
  }
}

/** Whether a style sheet came: a browser keeps an empty one, or one that it lets nobody look into, where none did. */
function came(sheet: CSSStyleSheet | null): boolean {
  try {
    return sheet !== null && sheet.cssRules.length > 0;
  } catch {
    return false;
  }
}

/** Style sheets that did not come, asked for once more: a build asks for each of them only once. */
export async function sheetsAgain(of: Document): Promise<void> {
  const lost = [...of.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].filter((link) => !came(link.sheet));
  await Promise.all(
    lost.map((link) => {
      const fresh = link.cloneNode() as HTMLLinkElement;
      const come = new Promise<void>((done, fail) => {
        fresh.addEventListener('load', () => done());
        fresh.addEventListener('error', () => fail(new Error(`no style sheet ${fresh.href}`)));
      });
      link.replaceWith(fresh);
      return come;
    }),
  );
}
