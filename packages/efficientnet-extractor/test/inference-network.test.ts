import { formulaWeight } from '@serial-oe/tooling/test-support/formula-values';
import {
  type InferenceConvolution,
  inferenceNetwork,
  type WeightMap,
  WeightMismatchError,
} from '../src/index';
import { backboneParameters, headParameters } from '../src/parameters';

const EMBEDDING_SIZE = 6;
const INPUT_SHAPE = [40, 32] as const;

/** No backend is registered in this file: none is needed. */
function formulaWeights(): WeightMap {
  const parameters = [...backboneParameters(), ...headParameters(EMBEDDING_SIZE, 3)];
  return new Map(parameters.map(({ name, shape }) => [name, { shape, data: formulaWeight(name, shape) }]));
}

const weights = formulaWeights();
const network = inferenceNetwork(weights, { inputShape: INPUT_SHAPE });
const weightAt = (name: string, index: number) => weights.get(name)!.data[index]!;

describe('inferenceNetwork', () => {
  it('lists the layers of EfficientNet-B0, each taking what the one before gives', () => {
    const { stem, blocks, head, neck } = network;
    const chain = [
      stem,
      ...blocks.flatMap((block) => [block.expand ?? [], block.depthwise, block.project].flat()),
      head,
    ];
    expect(chain).toHaveLength(1 + 16 * 3 - 1 + 1);
    let nChannels = 1;
    for (const { name, filter, bias, isDepthwise } of chain) {
      expect([name, filter.shape[2]]).toEqual([name, nChannels]);
      nChannels = bias.shape[0]!;
      expect(filter.shape[3]).toBe(isDepthwise ? 1 : nChannels);
    }
    expect(neck.linear1.weight.shape).toEqual([nChannels, EMBEDDING_SIZE]);
    expect(neck.linear2.weight.shape).toEqual([EMBEDDING_SIZE, EMBEDDING_SIZE]);
    expect(network.embeddingSize).toBe(EMBEDDING_SIZE);
    expect(network.inputShape).toEqual(INPUT_SHAPE);
    expect(blocks.filter(({ hasResidual }) => hasResidual)).toHaveLength(9);
    expect(blocks.map(({ depthwise }) => depthwise.stride).filter((stride) => stride === 2)).toHaveLength(4);
  });

  it.each([
    ['conv_stem', 'bn1', network.stem, 32],
    ['blocks.0.0.conv_dw', 'blocks.0.0.bn1', network.blocks[0]!.depthwise, 32],
    ['blocks.2.1.conv_pw', 'blocks.2.1.bn1', network.blocks[4]!.expand!, 240],
    ['blocks.2.1.conv_pwl', 'blocks.2.1.bn3', network.blocks[4]!.project, 40],
  ] as [string, string, InferenceConvolution, number][])(
    'folds the BatchNorm of %s',
    (layer, norm, folded, nOut) => {
      expect(folded.name).toBe(layer);
      expect(folded.filter.shape).toEqual(weights.get(`${layer}.weight`)!.shape);
      for (let index = 0; index < folded.filter.data.length; index += 7) {
        const channel = index % nOut;
        const scale =
          weightAt(`${norm}.weight`, channel) / Math.sqrt(weightAt(`${norm}.running_var`, channel) + 1e-3);
        const shift = weightAt(`${norm}.bias`, channel) - weightAt(`${norm}.running_mean`, channel) * scale;
        expect(folded.filter.data[index]).toBe(Math.fround(weightAt(`${layer}.weight`, index) * scale));
        expect(folded.bias.data[channel]).toBe(Math.fround(shift));
      }
    },
  );

  it('does without the heads, and names what is missing or misshapen', () => {
    const some = new Map([...weights].filter(([name]) => !name.includes('head.')));
    some.set('conv_head.weight', weights.get('conv_head.weight')!);
    expect(inferenceNetwork(some, { inputShape: INPUT_SHAPE }).embeddingSize).toBe(EMBEDDING_SIZE);
    some.delete('blocks.1.0.bn2.running_var');
    some.set('conv_stem.weight', { shape: [1], data: new Float32Array(1) });
    const run = () => inferenceNetwork(some, { inputShape: INPUT_SHAPE });
    expect(run).toThrow(WeightMismatchError);
    expect(run).toThrow(/missing: blocks\.1\.0\.bn2\.running_var; misshapen: conv_stem\.weight \[1\]/);
  });

  it.each([
    ['conv_stem.weight', Number.NaN, /weights must be finite, got NaN at conv_stem\.weight\[0\]/],
    ['bn1.running_var', -1, /running variances of at least 0, got -1 at bn1\.running_var\[0\]/],
  ])('refuses %s with %p', (name, value, message) => {
    const broken = formulaWeights();
    broken.get(name)!.data[0] = value;
    expect(() => inferenceNetwork(broken, { inputShape: INPUT_SHAPE })).toThrow(message);
  });
});
