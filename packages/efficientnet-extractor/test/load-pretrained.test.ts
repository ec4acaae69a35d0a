import '@tensorflow/tfjs-backend-wasm';
import { formulaWeight } from '@serial-oe/tooling/test-support/formula-values';
import { asTorch } from '@serial-oe/tooling/test-support/timm-file';
import { memory, setBackend, tidy } from '@tensorflow/tfjs-core';
import {
  createExtractor,
  type Extractor,
  loadPretrained,
  serializeSafetensors,
  type WeightArray,
  type WeightMap,
  WeightMismatchError,
} from '../src/index';
import { expectTensor, formulaInput, golden, OUTPUT_TOLERANCE } from './parity-support';
import { isSameWeights } from './same-weights';

const goldenCase = golden.cases.small;
const isBackbone = (name: string) => !/^(neck|type_head|id_head)\./.test(name);

/** The formula's weights as timm would save them. */
function timmWeights(extractor: Extractor): Map<string, WeightArray> {
  const weights = new Map<string, WeightArray>();
  for (const [name, { shape }] of extractor.toWeights()) {
    if (isBackbone(name)) weights.set(name, asTorch(name, { shape, data: formulaWeight(name, shape) }));
  }
  weights.set('bn1.num_batches_tracked', { shape: [], data: Float32Array.of(3) });
  weights.set('classifier.weight', { shape: [2, 1280], data: new Float32Array(2560) });
  weights.set('classifier.bias', { shape: [2], data: new Float32Array(2) });
  return weights;
}

describe('loadPretrained', () => {
  let extractor: Extractor;
  let weights: Map<string, WeightArray>;

  beforeAll(() => setBackend('wasm'));
  beforeEach(() => {
    const [, nMels, nFrames] = goldenCase.inputShape;
    extractor = createExtractor({ nMachineIds: 3, inputShape: [nMels, nFrames], seed: 5 });
    weights = timmWeights(extractor);
  });
  afterEach(() => extractor.dispose());

  const expectGoldenFeatures = () =>
    tidy(() => {
      const features = extractor.features(formulaInput(goldenCase));
      expectTensor(features, goldenCase.evaluation.features!, OUTPUT_TOLERANCE);
    });

  it('gives the features of timm with the same weights, and leaves neck and heads alone', () => {
    const before = extractor.toWeights();
    const nTensors = memory().numTensors;
    const report = loadPretrained(extractor, serializeSafetensors(weights));
    expect(memory().numTensors).toBe(nTensors);
    expectGoldenFeatures();
    expect(report.loaded).toHaveLength(weights.size - 3);
    expect(report.ignored).toEqual(['bn1.num_batches_tracked', 'classifier.weight', 'classifier.bias']);
    const after = extractor.toWeights();
    expect(report.missing).toEqual([...after.keys()].filter((name) => !isBackbone(name)));
    const kept = (weights: WeightMap) => new Map([...weights].filter(([name]) => !isBackbone(name)));
    expect(isSameWeights(kept(after), kept(before))).toBe(true);
  });

  it('sums an RGB stem into one channel', () => {
    const { shape, data } = weights.get('conv_stem.weight')!;
    const rgb = new Float32Array(data.length * 3);
    const shares = [0.5, 0.2, 0.3];
    data.forEach((value, i) => {
      const [o, p] = [Math.floor(i / 9), i % 9];
      shares.forEach((share, channel) => {
        rgb[(o * 3 + channel) * 9 + p] = value * share;
      });
    });
    weights.set('conv_stem.weight', { shape: [shape[0]!, 3, 3, 3], data: rgb });
    loadPretrained(extractor, serializeSafetensors(weights));
    expectGoldenFeatures();
  });

  it('names missing, unexpected and misshapen tensors and changes nothing', () => {
    const before = extractor.toWeights();
    weights.delete('blocks.3.1.bn2.running_var');
    weights.set('blocks.9.0.conv_pw.weight', { shape: [1], data: Float32Array.of(1) });
    weights.set('conv_head.weight', { shape: [4, 320, 1, 1], data: new Float32Array(1280) });
    let caught: unknown;
    try {
      loadPretrained(extractor, serializeSafetensors(weights));
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(WeightMismatchError);
    const error = caught as WeightMismatchError;
    expect(error.missing).toEqual(['blocks.3.1.bn2.running_var']);
    expect(error.unexpected).toEqual(['blocks.9.0.conv_pw.weight']);
    expect(error.misshapen).toEqual(['conv_head.weight [4, 320, 1, 1], needs [1280, 320, 1, 1]']);
    expect(error.message).toContain('efficientnet-extractor.loadPretrained');
    expect(isSameWeights(extractor.toWeights(), before)).toBe(true);
  });

  it('refuses weights that are not finite', () => {
    weights.get('bn1.weight')!.data[2] = Number.NaN;
    expect(() => loadPretrained(extractor, serializeSafetensors(weights))).toThrow(
      /must be finite, got NaN at bn1\.weight\[2\]/,
    );
  });
});
