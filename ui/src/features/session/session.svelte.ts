/** Who sits here. The cookie is the server's; here is only what the screen needs to know. */

import { api, Problem, speak } from '../../api/client.svelte';
import { rights } from '../../api/rights.svelte';
import type { components } from '../../api/schema';
import type { Vocabulary } from '../../api/vocabulary';
import { LANGS, speech, words, type Lang } from '../../i18n/index.svelte';
import { askPasskey } from './passkey';

export type Session = components['schemas']['SessionRow'];
/** The password was right; one of `kinds` is still to be proved. */
export type Second = components['schemas']['SecondRow'];
export type DemoAccount = components['schemas']['DemoAccountRow'];

/** Why somebody has to sign in again, said where they do. */
export interface Farewell {
  text: string;
  hint: string;
}

class Seat {
  session = $state.raw<Session | null>(null);
  /** false until the server has said who sits here, or that nobody does */
  known = $state(false);
  demo = $state.raw<DemoAccount[]>([]);
  unreachable = $state(false);
  farewell = $state.raw<Farewell | null>(null);

  async resume(): Promise<void> {
    try {
      await this.#enter(await api.get<Session>('/session'));
      this.unreachable = false;
    } catch (reason) {
      this.unreachable = !(reason instanceof Problem) || reason.status >= 500;
    }
    this.known = true;
  }

  async demoAccounts(): Promise<void> {
    try {
      this.demo = (await api.get<components['schemas']['DemoAccounts']>('/demo/accounts')).items;
    } catch {
      // No such page: this is no demonstration.
      this.demo = [];
    }
  }

  /** Signs in, or says what is still to be proved. */
  async signIn(account: string, password: string): Promise<Second | null> {
    const answer = await api.now<Session | Second>('POST', '/session', { account, password });
    if ('ticket' in answer) return answer;
    await this.#enter(answer);
    return null;
  }

  async prove(ticket: string, code: string): Promise<void> {
    await this.#enter(await api.now<Session>('POST', '/session/second', { ticket, code }));
  }

  /** With a passkey, after the password or in its place; false when the person turned away. */
  async passkey(second?: Second): Promise<boolean> {
    const { ticket, passkey } = second ?? (await api.now<Second>('POST', '/session/passkey'));
    const credential = await askPasskey(passkey as Record<string, unknown>);
    if (!credential) return false;
    await this.#enter(await api.now<Session>('POST', '/session/second', { ticket, credential }));
    return true;
  }

  async signInDemo(account: string): Promise<void> {
    await this.#enter(await api.now<Session>('POST', '/demo/session', { account }));
  }

  async signOut(): Promise<void> {
    try {
      await api.now('DELETE', '/session');
    } finally {
      this.forget();
    }
  }

  /** The server ended the session: what waited must not be sent as somebody else. */
  forget(farewell: Farewell | null = null): void {
    api.clear();
    rights.grant([]);
    this.farewell = farewell;
    this.session = null;
  }

  /** One click: the screen at once, the server when it can. */
  async setLang(lang: Lang): Promise<void> {
    speech.set(lang);
    speak(lang);
    if (this.session) await api.now('PUT', '/session/lang', { lang }).catch(() => undefined);
  }

  async #enter(session: Session): Promise<void> {
    const lang = LANGS.find((l) => l === session.actor.lang);
    // A language chosen on this machine goes first; the server then refuses and hints in it too.
    if (lang && !speech.chosen) speech.lang = lang;
    else if (speech.lang !== lang) await api.now('PUT', '/session/lang', { lang: speech.lang }).catch(() => undefined);
    speak(speech.lang);
    words.load(await api.get<Vocabulary>('/vocabulary'));
    rights.grant(session.may);
    this.farewell = null;
    this.session = session;
  }
}

export const seat = new Seat();
