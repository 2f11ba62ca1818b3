/** The browser's passkeys: the server's JSON to what `navigator.credentials` takes, and its answer back (WebAuthn Level 3, 5.1.9). */

type Json = Record<string, unknown>;

export function toBytes(base64url: string): ArrayBuffer {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/').padEnd(Math.ceil(base64url.length / 4) * 4, '='));
  return Uint8Array.from(text, (c) => c.charCodeAt(0)).buffer;
}

export function fromBytes(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

const described = (list: unknown) => (list as Json[] | undefined)?.map((c) => ({ ...c, id: toBytes(c['id'] as string) })) as PublicKeyCredentialDescriptor[] | undefined;

/** Whether this browser at this address can hold a passkey: browsers give none to a number. */
export function canPasskey(): boolean {
  return 'PublicKeyCredential' in window && window.isSecureContext && !/^[\d.]+$|:/.test(location.hostname);
}

/** Makes one; null when the person turned away. */
export async function makePasskey(options: Json): Promise<Json | null> {
  const user = options['user'] as Json;
  const { excludeCredentials, ...rest } = options;
  const made = (await navigator.credentials.create({
    publicKey: {
      ...rest, challenge: toBytes(options['challenge'] as string), user: { ...user, id: toBytes(user['id'] as string) },
      excludeCredentials: described(excludeCredentials) ?? [],
    } as unknown as PublicKeyCredentialCreationOptions,
  }).catch(turnedAway)) as PublicKeyCredential | null;
  if (!made) return null;
  const answer = made.response as AuthenticatorAttestationResponse;
  return said(made, { attestationObject: fromBytes(answer.attestationObject), transports: answer.getTransports?.() ?? [] });
}

/** Asks for one; null when the person turned away. */
export async function askPasskey(options: Json): Promise<Json | null> {
  const { allowCredentials, ...rest } = options;
  const given = (await navigator.credentials.get({
    publicKey: {
      ...rest, challenge: toBytes(options['challenge'] as string), allowCredentials: described(allowCredentials) ?? [],
    } as unknown as PublicKeyCredentialRequestOptions,
  }).catch(turnedAway)) as PublicKeyCredential | null;
  if (!given) return null;
  const answer = given.response as AuthenticatorAssertionResponse;
  return said(given, {
    authenticatorData: fromBytes(answer.authenticatorData), signature: fromBytes(answer.signature),
    userHandle: answer.userHandle ? fromBytes(answer.userHandle) : null,
  });
}

function turnedAway(reason: unknown): null {
  if (reason instanceof DOMException && (reason.name === 'NotAllowedError' || reason.name === 'AbortError')) return null;
  throw reason;
}

const said = (credential: PublicKeyCredential, response: Json): Json => ({
  id: credential.id, rawId: fromBytes(credential.rawId), type: credential.type,
  response: { clientDataJSON: fromBytes(credential.response.clientDataJSON), ...response },
});
