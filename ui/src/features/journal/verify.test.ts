import { generateKeyPairSync, createHash, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { climb, hex, innerOf, leafOf, onlyAdds, signed, unhex, type Checkpoint } from './verify';

const SIZE_MAX = 33;
const leaves: Uint8Array[] = [];

/** The tree head and the paths as RFC 6962 section 2.1 defines them, by recursion. */
const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1);
async function head(from: number, to: number): Promise<Uint8Array> {
  if (to - from === 1) return leaves[from]!;
  const k = split(to - from);
  return innerOf(await head(from, from + k), await head(from + k, to));
}
async function path(m: number, from: number, to: number): Promise<string[]> {
  if (to - from === 1) return [];
  const k = split(to - from);
  return m < k
    ? [...(await path(m, from, from + k)), hex(await head(from + k, to))]
    : [...(await path(m - k, from + k, to)), hex(await head(from, from + k))];
}
async function sub(m: number, from: number, to: number, complete: boolean): Promise<string[]> {
  if (m === to - from) return complete ? [] : [hex(await head(from, to))];
  const k = split(to - from);
  return m <= k
    ? [...(await sub(m, from, from + k, complete)), hex(await head(from + k, to))]
    : [...(await sub(m - k, from + k, to, false)), hex(await head(from, from + k))];
}

beforeAll(async () => {
  for (let i = 0; i < SIZE_MAX; i += 1) leaves.push(await leafOf(`lanbi-entry/1\n${i + 1}\n`));
});

describe('a proof checked in the browser', () => {
  it('leads from every entry to the root, in trees of every size', async () => {
    for (let size = 1; size <= SIZE_MAX; size += 1) {
      const root = hex(await head(0, size));
      for (let i = 0; i < size; i += 1) {
        const walk = await climb(leaves[i]!, i, size, await path(i, 0, size));
        expect(walk.root, `${i}/${size}`).toBe(root);
        expect(walk.whole).toBe(true);
      }
    }
  });

  it('leads elsewhere when one letter of the entry was changed', async () => {
    const walk = await climb(await leafOf('lanbi-entry/1\n6.\n'), 5, 20, await path(5, 0, 20));
    expect(walk.root).not.toBe(hex(await head(0, 20)));
  });

  it('is not whole when the path is cut short or too long', async () => {
    const way = await path(5, 0, 20);
    expect((await climb(leaves[5]!, 5, 20, way.slice(0, -1))).whole).toBe(false);
    expect((await climb(leaves[5]!, 5, 20, [...way, way[0]!])).whole).toBe(false);
    expect((await climb(leaves[5]!, 25, 20, way)).whole).toBe(false);
  });

  it('shows that a later tree only adds, for every pair of sizes', async () => {
    for (let to = 1; to <= SIZE_MAX; to += 1) {
      for (let from = 1; from <= to; from += 1) {
        const proof = from === to ? [] : await sub(from, 0, to, true);
        const ok = await onlyAdds(from, to, hex(await head(0, from)), hex(await head(0, to)), proof);
        expect(ok, `${from}→${to}`).toBe(true);
      }
    }
  });

  it('notices a rewritten past', async () => {
    const proof = await sub(7, 0, 20, true);
    expect(await onlyAdds(7, 20, hex(leaves[3]!), hex(await head(0, 20)), proof)).toBe(false);
    expect(await onlyAdds(7, 20, hex(await head(0, 7)), hex(leaves[3]!), proof)).toBe(false);
  });

  it('knows a good signature from a forged one and from a key with another name', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const body = { site: 'demo', size: 20, root: hex(leaves[0]!), at: '2026-11-22T03:47:12.000000Z', at_us: 1_795_319_232_000_000 };
    const text = `lanbi-checkpoint/1\n${body.site}\n${body.size}\n${body.root}\n${body.at_us}\n`;
    const checkpoint: Checkpoint = {
      ...body,
      public_key: raw.toString('hex'),
      key_id: createHash('sha256').update(raw).digest('hex').slice(0, 16),
      signature: sign(null, Buffer.from(text), privateKey).toString('hex'),
    };
    expect(await signed(checkpoint)).toBe('good');
    expect(await signed({ ...checkpoint, size: 21 })).toBe('bad');
    expect(await signed({ ...checkpoint, key_id: '0'.repeat(16) })).toBe('wrong-key');
  });

  it('reads hexadecimal and nothing else', () => {
    expect(unhex('00ff')).toEqual(Uint8Array.of(0, 255));
    expect(() => unhex('0g')).toThrow(RangeError);
    expect(() => unhex('abc')).toThrow(RangeError);
  });
});
