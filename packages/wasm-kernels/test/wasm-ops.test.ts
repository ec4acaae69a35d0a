import { engine, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { createWasmOps, type WasmOps } from '../src/index';
import { enableRelaxedSimd } from '../src/node';
import { GuardedHeap } from './guarded-heap';
import { expectSameAsCpu, type OpsCase } from './ops-on-backends';
import { useBackend } from './use-backend';

const RUNS = { seed: 20_200_512, numRuns: 50, endOnFailure: true };

const size = fc.integer({ min: 1, max: 14 });
const images = fc.tuple(fc.integer({ min: 1, max: 3 }), size, size, fc.integer({ min: 1, max: 37 }));
const seed = fc.nat(1000);
const stride = fc.integer({ min: 1, max: 3 });
const kernelSize = fc.integer({ min: 1, max: 5 });
const kernel = fc.oneof(fc.constantFrom([3, 3], [5, 5]), fc.tuple(kernelSize, kernelSize));

const pointwise = fc.record({ x: images, nOut: fc.integer({ min: 1, max: 37 }), seed }).map(
  ({ x, nOut, ...rest }): OpsCase => ({
    ...rest,
    shapes: [x, [1, 1, x[3], nOut]],
    compute: (ops, [a, w]) => ops.pointwiseConv2d(a as Tensor4D, w as Tensor4D),
  }),
);

const around = fc.integer({ min: 2, max: 3 }); // with it, no kernel of at most 5 is larger than the image
const padding = fc.oneof(
  fc.constant('same' as const),
  fc.tuple(fc.tuple(around, around), fc.tuple(around, around)),
);

const dense = fc
  .record({ x: images, kernel, nOut: fc.integer({ min: 1, max: 19 }), stride, padding, seed })
  .map(
    ({ x, kernel, nOut, stride, padding, seed }): OpsCase => ({
      seed,
      shapes: [
        [x[0], x[1], x[2], Math.ceil(x[3] / 4)],
        [...kernel, Math.ceil(x[3] / 4), nOut],
      ],
      compute: (ops, [a, w]) => ops.conv2d(a as Tensor4D, w as Tensor4D, { stride, padding }),
    }),
  );

/** Whose gradient for the input is gathered instead of spread. */
const denseInEights = fc
  .record({
    x: images,
    nIn: fc.constantFrom(8, 16, 24),
    kernel,
    nOut: fc.integer({ min: 1, max: 19 }),
    padding,
    seed,
  })
  .map(
    ({ x: [batch, height, width], nIn, kernel, nOut, padding, seed }): OpsCase => ({
      seed,
      shapes: [
        [batch, height, width, nIn],
        [...kernel, nIn, nOut],
      ],
      compute: (ops, [a, w]) => ops.conv2d(a as Tensor4D, w as Tensor4D, { stride: 1, padding }),
    }),
  );

const depthwise = fc.record({ x: images, kernel, stride, padding, seed }).map(
  ({ x, kernel, stride, padding, seed }): OpsCase => ({
    seed,
    shapes: [x, [...kernel, x[3], 1]],
    compute: (ops, [a, w]) => ops.depthwiseConv2d(a as Tensor4D, w as Tensor4D, { stride, padding }),
  }),
);

const activation = fc.constantFrom('none' as const, 'swish' as const, 'prelu' as const);

const batchNorm = fc.record({ x: images, activation, seed }).map(({ x, activation, seed }): OpsCase => {
  const hasSlope = activation === 'prelu';
  return {
    seed,
    shapes: [x, [x[3]], [x[3]], ...(hasSlope ? [[x[3]]] : [])],
    compute: (ops, [a, gamma, beta, slope]) =>
      ops.batchNormTraining(
        a as Tensor4D,
        {
          gamma: gamma as Tensor1D,
          beta: beta as Tensor1D,
          ...(hasSlope ? { slope: slope as Tensor1D } : {}),
        },
        { epsilon: 0.1, activation },
      ).output,
  };
});

/** A BatchNorm with PReLU between convolutions of each kind, whose gradients are taken block by block. */
const preluNetwork = fc
  .record({ x: images, nOut: fc.integer({ min: 1, max: 19 }), kernel, stride, seed })
  .map(
    ({ x, nOut, kernel, stride, seed }): OpsCase => ({
      seed,
      shapes: [
        [Math.max(2, x[0]), x[1], x[2], x[3]],
        [1, 1, x[3], nOut],
        ...[[nOut], [nOut], [nOut]],
        [...kernel, nOut, 1],
        ...[[nOut], [nOut], [nOut]],
        [1, 1, nOut, 5],
      ],
      compute(ops, [a, w1, g1, b1, s1, w2, g2, b2, s2, w3]) {
        const norm = (y: Tensor4D, [gamma, beta, slope]: Tensor[]) =>
          ops.batchNormTraining(y, { gamma, beta, slope } as never, { epsilon: 0.1, activation: 'prelu' })
            .output;
        const first = norm(ops.pointwiseConv2d(a as Tensor4D, w1 as Tensor4D), [g1!, b1!, s1!]);
        const second = norm(ops.depthwiseConv2d(first, w2 as Tensor4D, { stride }), [g2!, b2!, s2!]);
        return ops.pointwiseConv2d(second, w3 as Tensor4D);
      },
      tolerance: 1e-3,
    }),
  );

const slope = fc.constantFrom(0, 0.1, 1);

const bend = fc.record({ x: images, slope, hasBias: fc.boolean(), seed }).map(
  ({ x, slope, hasBias, seed }): OpsCase => ({
    seed,
    shapes: [x, ...(hasBias ? [[x[3]]] : [])],
    compute: (ops, [a, bias]) => ops.biasLeakyRelu(a as Tensor4D, (bias ?? null) as Tensor1D | null, slope),
  }),
);

/** A block of a residual network: what a BatchNorm gives is bent, convolved, normalised, and added to itself. */
const bentNetwork = fc.record({ x: images, slope, seed }).map(
  ({ x: [batch, height, width, n], slope, seed }): OpsCase => ({
    seed,
    shapes: [
      [Math.max(2, batch), height, width, n],
      ...[[n], [n]],
      [1, 1, n, n],
      ...[[n], [n], [n]],
      ...[[n], [n]],
    ],
    compute(ops, [a, g1, b1, w, bias, g2, b2, g3, b3]) {
      const norm = (y: Tensor4D, gamma: Tensor, beta: Tensor) =>
        ops.batchNormTraining(y, { gamma, beta } as never, { epsilon: 0.1, activation: 'none' }).output;
      const first = norm(a as Tensor4D, g1!, b1!);
      const convolved = ops.pointwiseConv2d(ops.biasLeakyRelu(first, null, slope), w as Tensor4D);
      const second = norm(ops.biasLeakyRelu(convolved, bias as Tensor1D, slope), g2!, b2!);
      return norm(ops.add(second, first), g3!, b3!);
    },
    tolerance: 1e-3,
  }),
);

const squeezeExcite = fc.record({ x: images, nSqueezed: fc.integer({ min: 1, max: 11 }), seed }).map(
  ({ x, nSqueezed, seed }): OpsCase => ({
    seed,
    shapes: [x, [x[3], nSqueezed], [nSqueezed], [nSqueezed, x[3]], [x[3]]],
    compute: (ops, [a, reduceKernel, reduceBias, expandKernel, expandBias]) =>
      ops.squeezeExcite(a as Tensor4D, {
        reduceKernel: reduceKernel as Tensor2D,
        reduceBias: reduceBias as Tensor1D,
        expandKernel: expandKernel as Tensor2D,
        expandBias: expandBias as Tensor1D,
      }),
  }),
);

const pool = fc.record({ x: images, seed }).map(
  ({ x, seed }): OpsCase => ({
    seed,
    shapes: [x],
    compute: (ops, [a]) => ops.globalAveragePool(a as Tensor4D),
  }),
);

const sum = fc.record({ x: images, seed }).map(
  ({ x, seed }): OpsCase => ({
    seed,
    shapes: [x, x],
    compute: (ops, [a, b]) => ops.add(a as Tensor4D, b as Tensor4D),
  }),
);

/** Stem, depthwise, squeeze-excite, projection, expansion, residual, pool: each operation on the output of a BatchNorm. */
const network = fc
  .record({
    x: fc.tuple(fc.integer({ min: 2, max: 3 }), size, size),
    nChannels: fc.tuple(fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 10 })),
    kernel,
    stride,
    seed,
  })
  .map(({ x, nChannels: [wide, narrow], kernel, stride, seed }): OpsCase => {
    const norms = [wide, wide, narrow, wide, wide, narrow].flatMap((n) => [[n], [n]]);
    return {
      seed,
      shapes: [
        ...[
          [...x, 2],
          [3, 3, 2, wide],
          [...kernel, wide, 1],
        ],
        ...[[wide, 3], [3], [3, wide], [wide]],
        ...[
          [1, 1, wide, narrow],
          [1, 1, narrow, wide],
          [...kernel, wide, 1],
          [1, 1, wide, narrow],
        ],
        ...norms,
      ],
      compute: (ops, inputs) => smallNetwork(ops, inputs, stride),
      tolerance: 3e-4, // six BatchNorms over a few values amplify the rounding of both
    };
  });

function smallNetwork(ops: WasmOps, inputs: Tensor[], stride: number): Tensor {
  const [x, stem, depthwise1, ...rest] = inputs as Tensor4D[];
  const [reduceKernel, reduceBias, expandKernel, expandBias] = rest as unknown as Tensor2D[] as [
    Tensor2D,
    Tensor1D & Tensor2D,
    Tensor2D,
    Tensor1D & Tensor2D,
  ];
  const [project1, expand, depthwise2, project2] = rest.slice(4);
  const norms = rest.slice(8) as unknown as Tensor1D[];
  let nNorms = 0;
  const normalize = (y: Tensor4D, activation: 'none' | 'swish') => {
    const [gamma, beta] = norms.slice(2 * nNorms++);
    const { output } = ops.batchNormTraining(y, { gamma: gamma!, beta: beta! }, { epsilon: 0.1, activation });
    ops.release(y);
    return output;
  };
  let y = normalize(ops.conv2d(x!, stem!, { stride: 1 }), 'swish');
  y = normalize(ops.depthwiseConv2d(y, depthwise1!, { stride }), 'swish');
  y = ops.squeezeExcite(y, { reduceKernel, reduceBias, expandKernel, expandBias });
  const narrow = normalize(ops.pointwiseConv2d(y, project1!), 'none');
  y = normalize(ops.pointwiseConv2d(narrow, expand!), 'swish');
  y = normalize(ops.depthwiseConv2d(y, depthwise2!, { stride: 1 }), 'swish');
  y = normalize(ops.pointwiseConv2d(y, project2!), 'swish');
  return ops.globalAveragePool(ops.add(y, narrow));
}

const CASES: [string, fc.Arbitrary<OpsCase>][] = [
  ['pointwiseConv2d', pointwise],
  ['conv2d', dense],
  ['depthwiseConv2d', depthwise],
  ['batchNormTraining', batchNorm],
  ['batchNormTraining with PReLU between convolutions', preluNetwork],
  ['conv2d of channels in eights', denseInEights],
  ['biasLeakyRelu', bend],
  ['biasLeakyRelu in a residual block', bentNetwork],
  ['squeezeExcite', squeezeExcite],
  ['globalAveragePool', pool],
  ['add', sum],
  ['a small network', network],
];

describe.each(['simd', 'relaxed-simd'] as const)('the operations in the %s build', (simdLevel) => {
  let ops: WasmOps;
  beforeAll(async () => {
    expect(enableRelaxedSimd()).toBe(true);
    await useBackend('wasm');
    ops = await createWasmOps({ simdLevel });
    expect(ops.name).toBe(`wasm-${simdLevel}`);
  });

  test.each(CASES)('%s equals plain tfjs on the cpu backend, within its own memory', async (_, cases) => {
    await useBackend('wasm');
    const heap = new GuardedHeap();
    const nDataIds = engine().backend.numDataIds();
    try {
      await fc.assert(
        fc.asyncProperty(cases, async (opsCase) => {
          await expectSameAsCpu(ops, opsCase);
          heap.check();
          expect(heap.nLive).toBe(0);
        }),
        RUNS,
      );
    } finally {
      heap.restore();
    }
    expect(engine().backend.numDataIds()).toBe(nDataIds);
  });
});
