/** What was signed, recomputed in this browser: the document's hash, and the site key's signature over it. */

export interface Proof {
  document: string;
  format: string;
  site: string;
  sha256: string;
  signature: string;
  key_id: string;
  public_key: string;
}

export type Verdict = 'holds' | 'fails' | 'unable';

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (buffer: ArrayBuffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Browsers compute on encrypted pages and on this machine only, and not all know Ed25519. */
export async function check(proof: Proof): Promise<{ hash: Verdict; signature: Verdict }> {
  if (!globalThis.crypto?.subtle) return { hash: 'unable', signature: 'unable' };
  const digest = hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(proof.document)));
  const hash: Verdict = digest === proof.sha256 ? 'holds' : 'fails';
  try {
    const key = await crypto.subtle.importKey('raw', bytes(proof.public_key), 'Ed25519', false, ['verify']);
    const signed = new TextEncoder().encode(`${proof.format}\n${proof.site}\n${digest}\n`);
    const good = await crypto.subtle.verify('Ed25519', key, bytes(proof.signature), signed);
    return { hash, signature: good ? 'holds' : 'fails' };
  } catch {
    return { hash, signature: 'unable' };
  }
}
