/** The proof, checked here and not by the server: RFC 6962 hashes, the walk of RFC 9162 section 2.1.3.2,
 *  the comparison of 2.1.4.2, and the Ed25519 signature of the checkpoint. */

const utf8 = new TextEncoder();

/** Why nothing can be checked here, or null: browsers keep their hashing to encrypted pages and this machine. */
export function unable(): boolean {
  return globalThis.crypto?.subtle === undefined;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

/** Bytes of a hexadecimal text; throws RangeError on anything else. */
export function unhex(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 2 || /[^0-9a-f]/i.test(text)) throw new RangeError('not hexadecimal');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16));
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

/** SHA-256(0x00 ‖ preimage) */
export const leafOf = (preimage: string) => sha256(LEAF, utf8.encode(preimage));
/** SHA-256(0x01 ‖ left ‖ right) */
export const innerOf = (left: Uint8Array, right: Uint8Array) => sha256(INNER, left, right);

const half = (n: number) => Math.floor(n / 2);
const odd = (n: number) => n % 2 === 1;

export interface Step {
  /** on which side the neighbour stands */
  side: 'left' | 'right';
  neighbour: string;
  result: string;
}

export interface Walk {
  leaf: string;
  steps: Step[];
  root: string;
  /** whether the walk used the whole path and ended at the top of the tree */
  whole: boolean;
}

/** Climbs from a leaf to the root. @param index seq − 1 @param size entries in the tree */
export async function climb(leaf: Uint8Array, index: number, size: number, path: readonly string[]): Promise<Walk> {
  const steps: Step[] = [];
  let hash = leaf;
  let fn = index;
  let sn = size - 1;
  let whole = index >= 0 && index < size;
  for (const neighbour of path) {
    if (sn === 0) {
      whole = false;
      break;
    }
    const other = unhex(neighbour);
    if (odd(fn) || fn === sn) {
      hash = await innerOf(other, hash);
      steps.push({ side: 'left', neighbour, result: hex(hash) });
      while (!odd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      hash = await innerOf(hash, other);
      steps.push({ side: 'right', neighbour, result: hex(hash) });
    }
    fn = half(fn);
    sn = half(sn);
  }
  return { leaf: hex(leaf), steps, root: hex(hash), whole: whole && sn === 0 };
}

/** Whether the tree of `to` entries only adds to that of `from` entries. */
export async function onlyAdds(
  from: number, to: number, fromRoot: string, toRoot: string, path: readonly string[],
): Promise<boolean> {
  if (from < 1 || from > to) return false;
  if (from === to) return path.length === 0 && fromRoot === toRoot;
  const way = path.map(unhex);
  // A complete first tree is its own first node, and is left out of the path.
  if (Number.isInteger(Math.log2(from))) way.unshift(unhex(fromRoot));
  if (way.length === 0) return false;
  let fn = from - 1;
  let sn = to - 1;
  while (odd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  let fr: Uint8Array = way[0]!;
  let sr: Uint8Array = way[0]!;
  for (const node of way.slice(1)) {
    if (sn === 0) return false;
    if (odd(fn) || fn === sn) {
      fr = await innerOf(node, fr);
      sr = await innerOf(node, sr);
      while (!odd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      sr = await innerOf(sr, node);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && hex(fr) === fromRoot && hex(sr) === toRoot;
}

export interface Checkpoint {
  site: string;
  size: number;
  root: string;
  at: string;
  at_us: number;
  key_id: string;
  signature: string;
  public_key: string;
}

export type Signature = 'good' | 'bad' | 'wrong-key' | 'unable';

/** Whether the checkpoint was signed by the key that it names. */
export async function signed(c: Checkpoint): Promise<Signature> {
  const key = unhex(c.public_key);
  if (hex(await sha256(key)).slice(0, 16) !== c.key_id) return 'wrong-key';
  const text = utf8.encode(`lanbi-checkpoint/1\n${c.site}\n${c.size}\n${c.root}\n${c.at_us}\n`);
  try {
    const imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    return (await crypto.subtle.verify({ name: 'Ed25519' }, imported, unhex(c.signature), text)) ? 'good' : 'bad';
  } catch {
    return 'unable'; // an older browser without Ed25519
  }
}
