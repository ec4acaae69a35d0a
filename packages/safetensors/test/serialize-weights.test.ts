import { parseSafetensors, serializeWeights, type WeightMap } from '../src/index';

const weights: WeightMap = new Map([
  ['filters', { shape: [1, 3], data: Float32Array.of(1, 1 / 3, -2) }],
  ['bias', { shape: [1], data: Float32Array.of(1 / 3) }],
]);
const others = new Map([['means', { shape: [1, 1], data: Float64Array.of(1 / 3) }]]);
const read = (bytes: Uint8Array) => parseSafetensors(bytes, { keepFloat64: true });

describe('serializeWeights', () => {
  it('keeps everything as it is unless float16 is asked for', () => {
    const tensors = read(serializeWeights(weights, { others }));
    expect([...tensors].map(([name, { dtype }]) => [name, dtype])).toEqual([
      ['means', 'F64'],
      ['filters', 'F32'],
      ['bias', 'F32'],
    ]);
    expect(tensors.get('filters')!.data).toEqual(weights.get('filters')!.data);
  });

  it('halves matrices and filters, and leaves what has one dimension and the others', () => {
    const tensors = read(serializeWeights(weights, { weightType: 'float16', others }));
    expect([...tensors].map(([name, { dtype }]) => [name, dtype])).toEqual([
      ['means', 'F64'],
      ['bias', 'F32'],
      ['filters', 'F16'], // the narrowest last, so that all are aligned
    ]);
    const [, third] = tensors.get('filters')!.data;
    expect(third).not.toBe(Math.fround(1 / 3));
    expect(third).toBeCloseTo(1 / 3, 3);
    expect(tensors.get('bias')!.data[0]).toBe(Math.fround(1 / 3));
    expect(tensors.get('means')!.data[0]).toBe(1 / 3);
  });

  it('refuses what float16 cannot hold, and another type', () => {
    const large: WeightMap = new Map([['filters', { shape: [1, 1], data: Float32Array.of(1e6) }]]);
    expect(() => serializeWeights(large, { weightType: 'float16' })).toThrow(RangeError);
    expect(() => serializeWeights(weights, { weightType: 'float8' as 'float16' })).toThrow(/weightType/);
  });
});
