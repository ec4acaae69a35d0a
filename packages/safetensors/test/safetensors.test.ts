import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensors, SafetensorsError, serializeSafetensors, type WeightArray } from '../src/index';

interface Golden {
  base64: string;
  metadata: Record<string, string>;
  tensors: Record<string, { shape: number[]; values: number[] }>;
}

const golden = JSON.parse(readFileSync(join(__dirname, 'golden', 'safetensors.json'), 'utf8')) as Golden;
const goldenBytes = new Uint8Array(Buffer.from(golden.base64, 'base64'));

/** A file of any header and `nDataBytes` zeros. */
function fileWith(header: unknown, nDataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.byteLength + nDataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.byteLength), true);
  file.set(json, 8);
  return file;
}

function problemOf(bytes: Uint8Array): string {
  try {
    parseSafetensors(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) return error.problem;
    throw error;
  }
  return 'none';
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

const ENTRY = JSON.stringify(entry(0, 8));
const EMPTY = JSON.stringify(entry(8, 8));

describe('parseSafetensors', () => {
  it.each(Object.keys(golden.tensors))('reads %s as the safetensors library wrote it', (name) => {
    const { shape, data } = parseSafetensors(goldenBytes).get(name)!;
    expect(shape).toEqual(golden.tensors[name]!.shape);
    expect([...data]).toEqual([...Float32Array.from(golden.tensors[name]!.values)]);
  });

  it('reads the metadata and every name', () => {
    const file = parseSafetensors(goldenBytes);
    expect(file.metadata).toEqual(golden.metadata);
    expect([...file.keys()].sort()).toEqual(Object.keys(golden.tensors).sort());
    expect(file.get('bf16')!.dtype).toBe('BF16');
  });

  it('reads a view that starts within its buffer, and an ArrayBuffer', () => {
    const shifted = new Uint8Array(goldenBytes.byteLength + 3);
    shifted.set(goldenBytes, 3);
    expect(parseSafetensors(shifted.subarray(3)).get('i64')!.data[5]).toBe(1 << 20);
    expect(parseSafetensors(shifted.slice(3).buffer).get('i32')!.data[1]).toBe(-8);
  });

  it('refuses every truncation of a valid file', () => {
    for (const length of [0, 7, 8, 20, goldenBytes.byteLength - 1]) {
      expect(problemOf(goldenBytes.subarray(0, length))).toBe('truncated');
    }
  });

  it.each([
    ['bytes after the last tensor', fileWith({ a: entry(0, 8) }, 9), 'range'],
    ['an overlap', fileWith({ a: entry(0, 8), b: entry(4, 12) }, 12), 'range'],
    ['a gap', fileWith({ a: entry(0, 8), b: entry(12, 16) }, 16), 'range'],
    ['a range that does not fit the shape', fileWith({ a: entry(0, 8, [3]) }, 8), 'range'],
    ['a range backwards', fileWith({ a: entry(8, 0, [2]) }, 8), 'range'],
    ['a negative offset', fileWith({ a: entry(-4, 4) }, 8), 'range'],
    ['offsets that are no pair', fileWith({ a: { ...entry(0, 8), data_offsets: [0] } }, 8), 'range'],
    ['a range beyond the file', fileWith({ a: entry(0, 8) }, 4), 'truncated'],
    ['a fractional size', fileWith({ a: entry(0, 8, [0.5, 4]) }, 8), 'header'],
    ['a shape that is no list', fileWith({ a: { ...entry(0, 8), shape: 2 } }, 8), 'header'],
    ['an unknown dtype', fileWith({ a: { ...entry(0, 8), dtype: 'F8_E5M2' } }, 8), 'dtype'],
    ['an inherited name as dtype', fileWith({ a: { ...entry(0, 8), dtype: 'toString' } }, 8), 'dtype'],
    ['an entry that is null', fileWith({ a: null }, 0), 'dtype'],
    ['a header that is a list', fileWith([], 0), 'header'],
    ['a header that is no JSON', fileWith('{"a":', 0), 'header'],
    ['metadata that is not text', fileWith({ __metadata__: { a: 1 } }, 0), 'header'],
    ['a length beyond reason', new Uint8Array(16).fill(255), 'header'],
    ['a header that does not start with a brace', fileWith(' {}', 0), 'header'],
    ['a byte order mark', fileWith('\uFEFF{}', 0), 'header'],
    ['bytes that are no UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff), 'header'],
    ['an empty header', new Uint8Array(8), 'header'],
    ['a shape beyond exact numbers', fileWith({ a: entry(0, 0, [2 ** 52, 2 ** 52, 0]) }, 0), 'range'],
    ['a name twice', fileWith(`{"a":${ENTRY},"b":${EMPTY},"a":${ENTRY}}`, 8), 'header'],
    ['a name twice, once escaped', fileWith(`{"a" :${ENTRY},"\\u0061":${EMPTY}}`, 8), 'header'],
    [
      'a dtype twice',
      fileWith('{"a":{"dtype":"F32","dtype":"I32","shape":[0],"data_offsets":[0,0]}}', 0),
      'header',
    ],
  ])('refuses %s', (_, bytes, problem) => {
    expect(problemOf(bytes)).toBe(problem);
  });

  it('takes quotes, braces and colons in names and metadata for what they are', () => {
    const header = {
      __metadata__: { 'a"': '{"a":1}' },
      'a": {': entry(0, 4),
      ':"a': entry(4, 8),
      '\\"a': entry(8, 8),
    };
    expect([...parseSafetensors(fileWith(header, 8)).keys()]).toEqual(['a": {', ':"a', '\\"a']);
  });

  it('reads metadata of many megabytes, such as the list of 100,000 clips', () => {
    const clips = Array.from({ length: 100_000 }, (_, i) => ({
      path: `fan/train/"normal"_${i}.wav`,
      nChunks: 10,
    }));
    const text = JSON.stringify(clips);
    expect(text.length).toBeGreaterThan(4e6);
    const file = fileWith({ __metadata__: { clips: text, more: '\\"{'.repeat(3e6) }, a: entry(0, 8) }, 8);
    expect(parseSafetensors(file).metadata.clips).toBe(text);
  });

  it('refuses what is nested without end as what it is', () => {
    const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;
    expect(problemOf(fileWith(`{"a":${deep(200_000)}}`, 0))).toBe('dtype');
    expect(problemOf(fileWith(`{"a":{"dtype":${deep(200_000)}}}`, 0))).toBe('dtype');
    expect(problemOf(fileWith(`{"a":{"dtype":"F32","shape":${deep(200_000)}}}`, 0))).toBe('header');
    expect(problemOf(fileWith(`{"a":{"dtype":"F32","shape":[0],"data_offsets":${deep(200_000)}}}`, 0))).toBe(
      'range',
    );
    expect(problemOf(fileWith(`{"__metadata__":{"a":${deep(200_000)}}}`, 0))).toBe('header');
  });

  it('keeps float64 bit for bit where that is asked for', () => {
    const data = Float64Array.of(Math.PI, -0, 5e-324, 1.7976931348623157e308, Number.NaN);
    const tensors = new Map<string, WeightArray<Float32Array | Float64Array>>([
      ['exact', { shape: [5], data }],
      ['float', { shape: [1], data: Float32Array.of(0.1) }],
    ]);
    const file = serializeSafetensors(tensors);
    const exact = parseSafetensors(file, { keepFloat64: true });
    expect(exact.get('exact')).toEqual({ shape: [5], dtype: 'F64', data });
    expect(exact.get('float')).toEqual({ shape: [1], dtype: 'F32', data: Float32Array.of(0.1) });
    expect(parseSafetensors(file).get('exact')!.data[0]).toBe(Math.fround(Math.PI));
    expect(parseSafetensors(goldenBytes, { keepFloat64: true }).get('f64')!.data).toBeInstanceOf(
      Float64Array,
    );
    expect(() => parseSafetensors(file, { keepFloat64: 1 } as never)).toThrow(
      /keepFloat64 must be a boolean, got 1/,
    );
    expect(() => parseSafetensors(file, { float64: true } as never)).toThrow(/unknown option 'float64'/);
  });

  it('names the tensor, what it needs and what it got', () => {
    expect(() => parseSafetensors(fileWith({ 'a.weight': entry(0, 8, [3]) }, 8))).toThrow(
      /^safetensors\.parseSafetensors: a\.weight must take 12 bytes \(F32, \[3\]\), got the range \[0, 8\)/,
    );
  });

  it('refuses what is no bytes', () => {
    expect(() => parseSafetensors('text' as never)).toThrow(TypeError);
  });
});

describe('serializeSafetensors', () => {
  const weights = new Map([
    ['b', { shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 1e-40) }],
    ['a', { shape: [], data: Float32Array.of(7) }],
    ['none', { shape: [0], data: new Float32Array(0) }],
  ]);

  it('writes what parseSafetensors reads', () => {
    const file = parseSafetensors(serializeSafetensors(weights, { step: '3' }));
    expect(file.metadata).toEqual({ step: '3' });
    expect([...file.keys()]).toEqual(['b', 'a', 'none']);
    for (const [name, { shape, data }] of weights) {
      expect(file.get(name)).toEqual({ shape, data, dtype: 'F32' });
    }
  });

  it('keeps names that objects treat in their own way', () => {
    const odd = new Map([['__proto__', { shape: [1], data: Float32Array.of(4) }]]);
    expect(parseSafetensors(serializeSafetensors(odd)).get('__proto__')!.data[0]).toBe(4);
  });

  it.each(['f16', 'bf16'] as const)('writes %s bit for bit as the safetensors library does', (name) => {
    const dtype = name === 'f16' ? 'F16' : 'BF16';
    const floats = { shape: [11], data: parseSafetensors(goldenBytes).get('f32')!.data };
    const file = parseSafetensors(serializeSafetensors(new Map([['x', floats]]), {}, { dtype }));
    expect(file.get('x')!.dtype).toBe(dtype);
    expect([...file.get('x')!.data]).toEqual(golden.tensors[name]!.values);
  });

  it.each(['F16', 'BF16'] as const)('writes every value of %s as it was read', (dtype) => {
    const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i);
    const header = { x: { dtype, shape: [65_536], data_offsets: [0, 131_072] } };
    const file = fileWith(header, 131_072);
    file.set(new Uint8Array(bits.buffer), file.byteLength - 131_072);
    const all = parseSafetensors(file);
    const written = serializeSafetensors(all, {}, { dtype });
    const back = new Uint16Array(written.slice(written.byteLength - 131_072).buffer);
    const { data } = all.get('x')!;
    expect(bits.findIndex((bit, i) => bit !== back[i] && !Number.isNaN(data[i]!))).toBe(-1);
    const again = parseSafetensors(written).get('x')!.data;
    expect(data.findIndex((value, i) => Number.isNaN(value) !== Number.isNaN(again[i]!))).toBe(-1);
  });

  it.each([
    ['F16', 1 + 2 ** -11, 1], // ties to even
    ['F16', 1 + 3 * 2 ** -11, 1 + 2 ** -9],
    ['F16', 1.9999, 2], // carries into the exponent
    ['F16', 2 ** -14 - 2 ** -26, 2 ** -14],
    ['F16', 3 * 2 ** -26, 2 ** -24],
    ['F16', 65_519, 65_504],
    ['BF16', 1 + 2 ** -8, 1],
    ['BF16', 1 + 3 * 2 ** -8, 1 + 2 ** -6],
    ['BF16', Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ] as const)('rounds in %s %d to %d', (dtype, value, expected) => {
    const tensors = new Map([['x', { shape: [1], data: Float32Array.of(value) }]]);
    expect(parseSafetensors(serializeSafetensors(tensors, {}, { dtype })).get('x')!.data[0]).toBe(expected);
  });

  it('refuses a value that would become infinite', () => {
    const tensors = new Map([['x', { shape: [2], data: Float32Array.of(1, -65_520) }]]);
    expect(() => serializeSafetensors(tensors, {}, { dtype: 'F16' })).toThrow(
      /x must fit F16, got -65520 at index 1\. Write it as F32\./,
    );
    tensors.get('x')!.data[1] = 3.4e38;
    expect(() => serializeSafetensors(tensors, {}, { dtype: 'BF16' })).toThrow(RangeError);
    expect(() => serializeSafetensors(tensors, {}, { dtype: 'I8' as 'F16' })).toThrow(
      /dtype must be one of 'F64', 'F32', 'F16', 'BF16', got 'I8'/,
    );
  });

  it('takes the dtype of each tensor from a function', () => {
    const tensors = new Map<string, { shape: number[]; data: Float32Array | Float64Array }>([
      ['a', { shape: [2], data: Float64Array.of(0.1, 0.2) }],
      ['b', { shape: [2, 1], data: Float32Array.of(0.1, 0.2) }],
      ['c', { shape: [1], data: Float32Array.of(0.3) }],
    ]);
    const dtype = (name: string, shape: readonly number[]) =>
      shape.length > 1 && name === 'b' ? 'F16' : undefined;
    const file = parseSafetensors(serializeSafetensors(tensors, {}, { dtype }), { keepFloat64: true });
    expect([...file.values()].map(({ dtype: each }) => each)).toEqual(['F64', 'F16', 'F32']);
    expect(file.get('a')!.data).toEqual(Float64Array.of(0.1, 0.2));
    expect(() => serializeSafetensors(tensors, {}, { dtype: () => 'I8' as 'F16' })).toThrow(
      /dtype must be one of/,
    );
  });

  it('names the option that was meant', () => {
    expect(() => serializeSafetensors(weights, {}, { dType: 'F16' } as object)).toThrow(
      new TypeError("safetensors.serializeSafetensors: unknown option 'dType'. Did you mean 'dtype'?"),
    );
  });

  it('aligns the data to 8 bytes', () => {
    const bytes = serializeSafetensors(weights);
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it('refuses a shape that does not fit its values and the reserved name', () => {
    const misshapen = new Map([['x', { shape: [3], data: Float32Array.of(1, 2) }]]);
    expect(() => serializeSafetensors(misshapen)).toThrow(/x must hold as many values as its shape says/);
    const reserved = new Map([['__metadata__', { shape: [1], data: Float32Array.of(1) }]]);
    expect(() => serializeSafetensors(reserved)).toThrow(RangeError);
  });
});
