import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import {
  backboneChecksum,
  createExtractor,
  exportBackbone,
  inspectPretrained,
  loadPretrained,
  WeightMismatchError,
} from '../src/index';

describe('start weights out of an extractor', () => {
  beforeAll(async () => {
    await setBackend('cpu');
  });

  it('make the backbone of another one the same, and leave its neck and heads', () => {
    const before = memory().numTensors;
    const taught = createExtractor({ nMachineIds: 3, seed: 1 });
    const fresh = createExtractor({ nMachineIds: 2, embeddingSize: 16, seed: 2 });
    const weights = taught.toWeights();
    const head = fresh.toWeights().get('type_head.weight')!.data.slice();
    const { missing, ignored } = loadPretrained(fresh, exportBackbone(weights, { sourceName: 'ours' }));
    expect(backboneChecksum(fresh.toWeights())).toBe(backboneChecksum(weights));
    expect(fresh.toWeights().get('type_head.weight')!.data).toEqual(head);
    expect(missing).toContain('type_head.weight');
    expect(ignored).toEqual([]);
    taught.dispose();
    fresh.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('say what they are', () => {
    const extractor = createExtractor({ nMachineIds: 1 });
    const weights = extractor.toWeights();
    extractor.dispose();
    const summary = inspectPretrained(exportBackbone(weights, { sourceName: 'synthetic machines' }));
    expect(summary).toMatchObject({
      format: 'serial-oe',
      sourceName: 'synthetic machines',
      sourceSha256: 'not noted',
      checksum: backboneChecksum(weights),
    });
  });

  it('are refused where a tensor is missing or not finite', () => {
    const extractor = createExtractor({ nMachineIds: 1 });
    const weights = extractor.toWeights();
    extractor.dispose();
    const without = new Map([...weights].filter(([name]) => name !== 'conv_stem.weight'));
    expect(() => exportBackbone(without)).toThrow(WeightMismatchError);
    const stem = weights.get('conv_stem.weight')!;
    const broken = new Map([...weights, ['conv_stem.weight', { ...stem, data: stem.data.map(() => NaN) }]]);
    expect(() => exportBackbone(broken)).toThrow(RangeError);
    expect(() => exportBackbone(weights, { name: 'x' } as never)).toThrow(/unknown/);
  });
});
