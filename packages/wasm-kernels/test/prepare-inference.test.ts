import { memory, type Tensor, type Tensor4D, tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {
  createWasmOps,
  type FoldedConvolution,
  type FoldedNetwork,
  type PreparedNetwork,
  WasmBackendMissingError,
  type WasmOps,
} from '../src/index';
import { enableRelaxedSimd } from '../src/node';
import { expectCloseToMaximum } from './expect-close-to-maximum';
import { GuardedHeap } from './guarded-heap';
import { plainOps } from './plain-ops';
import { randomValues, sizeOf } from './random-values';
import { useBackend } from './use-backend';

/** Shapes of a network and of its input. */
interface NetworkCase {
  input: [number, number, number, number];
  stem: { kernel: [number, number]; stride: number; nOut: number };
  blocks: {
    /** Null for a block without expansion. */
    nMid: number | null;
    kernelSize: number;
    stride: number;
    nSqueezed: number;
    /** Null for a block with a residual, where the stride lets it have one. */
    nOut: number | null;
  }[];
  nFeatures: number;
  seed: number;
}

const channels = fc.integer({ min: 1, max: 21 });
const stride = fc.integer({ min: 1, max: 3 });
const kernelSize = fc.integer({ min: 1, max: 5 });
const block = fc.record({
  nMid: fc.option(fc.integer({ min: 1, max: 37 })),
  kernelSize: fc.oneof(fc.constantFrom(3, 5), kernelSize),
  stride: fc.oneof(fc.constantFrom(1, 2), stride),
  nSqueezed: fc.integer({ min: 1, max: 9 }),
  nOut: fc.option(channels),
});
const cases: fc.Arbitrary<NetworkCase> = fc.record({
  input: fc.tuple(
    fc.integer({ min: 1, max: 6 }), // more than go through the network together
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 1, max: 3 }),
  ),
  stem: fc.record({ kernel: fc.tuple(kernelSize, kernelSize), stride, nOut: channels }),
  blocks: fc.array(block, { maxLength: 3 }),
  nFeatures: channels,
  seed: fc.nat(1000),
});

/** One block on images so large that it works on them band by band. */
const LARGE: NetworkCase[] = [3, 5].flatMap((kernelSize) =>
  [1, 2, 3].map(
    (stride): NetworkCase => ({
      input: [2, 67, 45, 1],
      stem: { kernel: [3, 3], stride: 1, nOut: 5 },
      blocks: [{ nMid: 42, kernelSize, stride, nSqueezed: 2, nOut: null }],
      nFeatures: 9,
      seed: stride,
    }),
  ),
);

/** Weights of standard deviation 1 / sqrt(inputs), so that values keep their size from layer to layer. */
function networkOf(drawn: NetworkCase): FoldedNetwork {
  let { seed } = drawn;
  const random = <T extends Tensor>(shape: number[], nInputs = 1): T => {
    const scale = Math.sqrt(3 / nInputs);
    return tensor(
      randomValues(sizeOf(shape), seed++).map((value) => scale * value),
      shape,
    ) as T;
  };
  const convolution = (shape: number[]): FoldedConvolution => {
    const [kh, kw, nIn, nOut] = shape as [number, number, number, number];
    return { filter: random(shape, kh * kw * nIn), bias: random([nOut], 10) };
  };
  const depthwise = (k: number, n: number): FoldedConvolution => ({
    filter: random([k, k, n, 1], k * k),
    bias: random([n], 10),
  });
  const { stem, blocks } = drawn;
  let nIn = stem.nOut;
  return {
    stem: convolution([...stem.kernel, drawn.input[3], stem.nOut]),
    stemStride: stem.stride,
    blocks: blocks.map(({ nMid, kernelSize, stride, nSqueezed, nOut }) => {
      const [nBefore, n] = [nIn, nMid ?? nIn];
      nIn = nOut ?? nBefore;
      return {
        expand: nMid === null ? null : convolution([1, 1, nBefore, nMid]),
        depthwise: depthwise(kernelSize, n),
        stride,
        squeezeExcite: {
          reduceKernel: random([n, nSqueezed], n),
          reduceBias: random([nSqueezed]),
          expandKernel: random([nSqueezed, n], nSqueezed),
          expandBias: random([n]),
        },
        project: convolution([1, 1, n, nIn]),
        hasResidual: nOut === null && stride === 1,
      };
    }),
    head: convolution([1, 1, nIn, drawn.nFeatures]),
  };
}

const inputOf = ({ input, seed }: NetworkCase): Tensor4D =>
  tensor(randomValues(sizeOf(input), seed + 500), input) as Tensor4D;

function features(ops: WasmOps, drawn: NetworkCase): Float32Array {
  return tidy(() => {
    const network = ops.prepareInference(networkOf(drawn));
    const x = inputOf(drawn);
    const nTensors = memory().numTensors;
    const result = network.features(x);
    expect(result.shape).toEqual([drawn.input[0], drawn.nFeatures]);
    expect(memory().numTensors).toBe(nTensors + 1);
    const values = result.dataSync() as Float32Array;
    expect(network.features(x).dataSync()).toEqual(values); // it changes nothing of its own
    network.dispose();
    return values;
  });
}

describe.each(['simd', 'relaxed-simd'] as const)('prepareInference in the %s build', (simdLevel) => {
  let ops: WasmOps;
  beforeAll(async () => {
    enableRelaxedSimd();
    await useBackend('wasm');
    ops = await createWasmOps({ simdLevel });
  });

  async function expectSameAsCpu(drawn: NetworkCase): Promise<void> {
    await useBackend('cpu');
    const expected = features(plainOps, drawn);
    await useBackend('wasm');
    expectCloseToMaximum(features(ops, drawn), expected, 1e-5);
  }

  /** Within its own memory, all of which it gives back. */
  async function guarded(run: (heap: GuardedHeap) => Promise<void>): Promise<void> {
    await useBackend('wasm');
    const heap = new GuardedHeap();
    try {
      await run(heap);
    } finally {
      heap.restore();
    }
  }

  test('networks of any shape equal plain tfjs on the cpu backend', async () => {
    await guarded(async (heap) => {
      await fc.assert(
        fc.asyncProperty(cases, async (drawn) => {
          await expectSameAsCpu(drawn);
          heap.check();
          expect(heap.nLive).toBe(0);
        }),
        { seed: 20_200_512, numRuns: 100, endOnFailure: true },
      );
    });
  });

  test.each(LARGE)('so does a large image, stride $seed', async (drawn) => {
    await guarded(async (heap) => {
      await expectSameAsCpu(drawn);
      heap.check();
      expect(heap.nLive).toBe(0);
    });
  });
});

describe('prepareInference', () => {
  const drawn: NetworkCase = {
    input: [1, 6, 5, 1],
    stem: { kernel: [3, 3], stride: 2, nOut: 4 },
    blocks: [{ nMid: 8, kernelSize: 3, stride: 1, nSqueezed: 2, nOut: 3 }],
    nFeatures: 5,
    seed: 1,
  };
  let ops: WasmOps;
  beforeAll(async () => {
    await useBackend('wasm');
    ops = await createWasmOps();
  });

  /** Its tensors are gone. */
  function prepared(): PreparedNetwork {
    let network: PreparedNetwork | undefined;
    tidy(() => {
      network = ops.prepareInference(networkOf(drawn));
    });
    return network!;
  }

  test('keeps its weights beyond the tensors, and frees them', () => {
    const heap = new GuardedHeap();
    try {
      const nTensors = memory().numTensors;
      const network = prepared();
      expect(memory().numTensors).toBe(nTensors);
      expect(heap.nLive).toBeGreaterThan(0);
      network.dispose();
      expect(heap.nLive).toBe(0);
      network.dispose();
      tidy(() => expect(() => network.features(inputOf(drawn))).toThrow(/must not be disposed/));
    } finally {
      heap.restore();
    }
  });

  test.each<[string, (network: FoldedNetwork) => FoldedNetwork]>([
    ['stem.bias must have shape \\[4\\]', (n) => ({ ...n, stem: { ...n.stem, bias: zeros([3]) } })],
    ['head.filter must have shape \\[1, 1, 4, any\\]', (n) => ({ ...n, blocks: [] })],
    [
      'blocks\\[0\\] must keep the shape of its input to have a residual',
      (n) => withBlock(n, { hasResidual: true }),
    ],
    ['blocks\\[0\\].expand.filter must have shape', (n) => withBlock(n, { expand: n.head })],
    ['stride must be a whole number', (n) => withBlock(n, { stride: 0 })],
    [
      'blocks\\[0\\].depthwise.filter must have shape \\[3, 3, 8, 1\\]',
      (n) => withBlock(n, { depthwise: { ...n.blocks[0]!.depthwise, filter: zeros([3, 2, 8, 1]) } }),
    ],
  ])('refuses a network with a wrong shape: %s', (message, change) => {
    tidy(() => {
      const network = change(networkOf(drawn));
      expect(() => ops.prepareInference(network)).toThrow(new RegExp(message));
    });
  });

  test('refuses images with other channels, and another backend', async () => {
    const network = prepared();
    tidy(() => {
      expect(() => network.features(zeros([1, 4, 4, 2]))).toThrow('x must have 1 channel(s), got 2');
    });
    await useBackend('cpu');
    const x = inputOf(drawn);
    expect(() => network.features(x)).toThrow(WasmBackendMissingError);
    await useBackend('wasm');
    x.dispose();
    network.dispose();
  });
});

function withBlock(network: FoldedNetwork, change: Partial<FoldedNetwork['blocks'][0]>): FoldedNetwork {
  return { ...network, blocks: [{ ...network.blocks[0]!, ...change }] };
}
