import { describe, expect, it } from 'vitest';
import { fromBytes, toBytes } from './passkey';

describe('base64url', () => {
  it('comes back as it went, whatever its length', () => {
    for (let n = 0; n < 70; n += 1) {
      const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 97 + n * 31) % 256);
      const text = fromBytes(bytes.buffer);
      expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
      expect([...new Uint8Array(toBytes(text))]).toEqual([...bytes]);
    }
  });
});
