import { readJson } from '../src/index';

const read = (source: unknown) => readJson('gmm.fromJSON', source, { kind: 'mixture', version: 2 });
const good = { kind: 'mixture', version: 2, weights: [1] };

describe('readJson', () => {
  it('reads an object and its text alike', () => {
    expect(read(good)).toBe(good);
    expect(read(JSON.stringify(good))).toEqual(good);
  });

  it.each([
    { source: '{', error: TypeError, message: 'gmm.fromJSON: json must be JSON, got text that is not.' },
    { source: 'null', error: TypeError, message: 'json must be an object or JSON text, got null.' },
    { source: [good], error: TypeError, message: 'json must be an object or JSON text, got [an object].' },
    { source: 3, error: TypeError, message: 'got 3.' },
    { source: undefined, error: TypeError, message: 'got undefined.' },
    {
      source: { ...good, kind: 'tree' },
      error: TypeError,
      message: "json.kind must be 'mixture', got 'tree'.",
    },
    { source: { version: 2 }, error: TypeError, message: "json.kind must be 'mixture', got undefined." },
    { source: { ...good, version: 1 }, error: RangeError, message: 'json.version must be 2, got 1.' },
    { source: { kind: 'mixture' }, error: RangeError, message: 'json.version must be 2, got undefined.' },
  ])('refuses $source', ({ source, error, message }) => {
    expect(() => read(source)).toThrow(error);
    expect(() => read(source)).toThrow(message);
  });
});
