import '@tensorflow/tfjs-backend-cpu';
import { BundleError } from '@serial-oe/runtime';
import { memory, tensor, tidy } from '@tensorflow/tfjs-core';
import {
  createDenseAutoencoder,
  createMobileNetV2,
  createResnetTwoHeads,
  createScadacosNetwork,
  createStgramNetwork,
  createTastgramNetwork,
  createWavenetPair,
} from '../src/networks';

const small = { nInputs: 6, nHidden: 16, nBottleneck: 8 };

// biome-ignore format: a table
const refusals: [string, () => unknown, string][] = [
  ['an option of another name', () => createDenseAutoencoder({ seed: 1, nInput: 3 } as never), "unknown option 'nInput'. Did you mean 'nInputs'?"],
  ['half a width', () => createDenseAutoencoder({ seed: 1, nHidden: 1.5 }), 'nHidden must be a whole number of at least 1, got 1.5'],
  ['a seed below 0', () => createDenseAutoencoder({ ...small, seed: -1 }), 'seed must be'],
  ['another table', () => createStgramNetwork({ seed: 1, table: 'tail' as never }), "createStgramNetwork: table must be one of"],
  ['frames that the samples do not give', () => createTastgramNetwork({ seed: 1, nSamples: 9000, nFrames: 17 }), 'nFrames must be the 18 that 9000 samples give'],
  ['an image without a window', () => createScadacosNetwork({ seed: 1, nFrames: 5 }), 'nFrames must be a whole number of at least 6, got 5'],
  ['no class', () => createMobileNetV2({ seed: 1, nClasses: 0 }), 'nClasses must be'],
  ['no cycle', () => createWavenetPair({ seed: 1, nCycles: 0 }), 'nCycles must be'],
  ['no band', () => createResnetTwoHeads({ seed: 1, nMels: 0 }), 'nMels must be'],
];

it.each(refusals)('%s is refused by name', (_, create, message) => {
  const nTensors = memory().numTensors;
  expect(create).toThrow(message);
  expect(memory().numTensors).toBe(nTensors);
});

it('starts from its seed, and takes the weights of another', async () => {
  const nTensors = memory().numTensors;
  const [first, again, other] = [1, 1, 2].map((seed) => createDenseAutoencoder({ ...small, seed }));
  const outputs = (network: typeof first) =>
    tidy(() => [...network!.forward([tensor([1, 2, 3, 4, 5, 6], [1, 6])], { training: false }).dataSync()]);
  expect(outputs(again)).toEqual(outputs(first));
  expect(outputs(other)).not.toEqual(outputs(first));
  other!.loadWeights(await first!.toWeights());
  expect(outputs(other)).toEqual(outputs(first));
  for (const network of [first, again, other]) network!.dispose();
  expect(memory().numTensors).toBe(nTensors);
});

it('names what is wrong with weights, and changes nothing', async () => {
  const network = createDenseAutoencoder({ ...small, seed: 1 });
  const weights = await network.toWeights();
  const name = 'layers.0.linear.weight';
  const cases: [typeof weights, string][] = [
    [new Map([...weights].filter(([each]) => each !== name)), `missing: ${name}`],
    [new Map([...weights, ['more', weights.get(name)!]]), 'unexpected: more'],
    [new Map([...weights, [name, { shape: [1], data: new Float32Array(1) }]]), `misshapen: ${name}`],
    [
      new Map([...weights, [name, { shape: [1, 1, 6, 16], data: new Float32Array(96).fill(Number.NaN) }]]),
      'finite',
    ],
  ];
  for (const [wrong, message] of cases) {
    expect(() => network.loadWeights(wrong)).toThrow(BundleError);
    expect(() => network.loadWeights(wrong)).toThrow(message);
  }
  expect(await network.toWeights()).toEqual(weights);
  network.dispose();
});
