/** The small piece of work that stands in for an identity: a number whose SHA-256 together with the challenge
 *  begins with enough zero bits. SHA-256 is FIPS 180-4 section 6.2, written out, because browsers keep theirs to
 *  encrypted pages; a challenge and its answer fit in one block of 64 bytes. */

const CHUNK_MS = 24;
const LOOK_EVERY = 256;
const BLOCK_BYTES = 64;
const ROOM_BYTES = 55;

/** The first bits of the fractional parts of the roots of the first primes (FIPS 180-4 sections 4.2.2 and 5.3.3). */
function fractions(count: number, root: (n: number) => number): Uint32Array {
  const found = new Uint32Array(count);
  for (let n = 2, i = 0; i < count; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (prime) found[i++] = (root(n) % 1) * 2 ** 32;
  }
  return found;
}
const K = fractions(64, Math.cbrt);
const START = fractions(8, Math.sqrt);

const block = new Uint8Array(BLOCK_BYTES);
const words = new DataView(block.buffer);
const w = new Int32Array(64);

/** The first 32 bits of SHA-256 of one padded block. */
function hash(): number {
  for (let i = 0; i < 16; i += 1) w[i] = words.getInt32(i * 4);
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = START as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  return (a + START[0]!) >>> 0;
}

/** The first 32 bits of SHA-256 of a short ASCII text (at most 55 characters). */
export function firstBits(text: string): number {
  if (text.length > ROOM_BYTES) throw new RangeError('one block holds 55 bytes');
  block.fill(0);
  for (let i = 0; i < text.length; i += 1) block[i] = text.charCodeAt(i);
  block[text.length] = 0x80;
  words.setUint32(60, text.length * 8);
  return hash();
}

/** Works in short pieces, so that the page stays awake. `share(x)`: 0 to 1, how likely it would be done by now. */
export async function solve(challenge: string, bits: number, share: (done: number) => void): Promise<string> {
  const bound = 2 ** (32 - bits);
  const usual = 2 ** bits;
  for (let guess = 0; ; ) {
    const until = performance.now() + CHUNK_MS;
    do {
      for (let i = 0; i < LOOK_EVERY; i += 1, guess += 1) {
        if (firstBits(`${challenge}:${guess}`) < bound) {
          share(1);
          return String(guess);
        }
      }
    } while (performance.now() < until);
    share(1 - Math.exp(-guess / usual));
    await new Promise((next) => setTimeout(next));
  }
}
