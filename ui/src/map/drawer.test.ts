import { describe, expect, it } from 'vitest';
import { chosen, powerOf } from './drawer';

describe('which way the map is drawn', () => {
  it('knows a graphics card from a processor that plays one', () => {
    expect(powerOf('ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)')).toBe('software');
    expect(powerOf('llvmpipe (LLVM 15.0.6, 256 bits)')).toBe('software');
    expect(powerOf('ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11)')).toBe('software');
    expect(powerOf('ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)')).toBe('card');
    expect(powerOf('Mali-G57')).toBe('card');
    expect(powerOf(null)).toBe('none');
  });

  it('asks a card only where there is one, unless somebody chose otherwise', () => {
    expect([chosen('card', null), chosen('software', null), chosen('none', null)]).toEqual(['full', 'simple', 'simple']);
    expect([chosen('card', 'simple'), chosen('software', 'full')]).toEqual(['simple', 'full']);
    expect(chosen('none', 'full')).toBe('simple');
    expect(chosen('card', 'nonsense')).toBe('full');
  });
});
