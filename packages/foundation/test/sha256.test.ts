import { createHash } from 'node:crypto';
import { sha256 } from '../src/sha256';

const { getBuiltinModule } = process;

describe.each(['node:crypto', 'its own code'])('sha256 by %s', (by) => {
  beforeAll(() => {
    if (by !== 'node:crypto') Object.assign(process, { getBuiltinModule: undefined });
  });
  afterAll(() => Object.assign(process, { getBuiltinModule }));

  it('runs where it should', () => {
    expect(typeof process.getBuiltinModule === 'function').toBe(by === 'node:crypto');
  });

  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 2654435761) >>> 13);

  it.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 900])('of %p bytes is what OpenSSL says', (length) => {
    const part = bytes.subarray(7, 7 + length); // starts anywhere in its buffer
    expect(sha256(part)).toBe(createHash('sha256').update(part).digest('hex'));
  });

  it('of abc is the one of FIPS 180-4', () => {
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256(new TextEncoder().encode('abc'))).toBe(expected);
    expect(sha256('abc')).toBe(expected);
  });

  it('of text is that of its UTF-8', () => {
    const text = 'Lüfter 風 🌀';
    expect(sha256(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  });
});
