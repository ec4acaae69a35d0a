import {
  add,
  type backend_util,
  engine,
  maxPool,
  memory,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  type Tensor4D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { prepareRuntimes } from '../src/gradient-kernels/runtime-of-backend';
import { registerWasmTrainingKernels, type SimdLevel } from '../src/index';
import { enableRelaxedSimd } from '../src/node';
import { type ConvolutionCase, convolutionCases, outputSize } from './convolution-case';
import { expectCloseToMaximum } from './expect-close-to-maximum';
import { GuardedHeap } from './guarded-heap';
import { randomValues, sizeOf } from './random-values';
import { depthwiseGradients } from './reference-gradients';
import { registerGradientKernels } from './register-gradient-kernels';
import { useBackend } from './use-backend';

const RUNS = { seed: 20_200_512, numRuns: 100, endOnFailure: false };

const random = (shape: number[], seed: number) => tensor(randomValues(sizeOf(shape), seed), shape);

/** Runs a kernel on the present backend, with inputs made there; nothing but the result may be left. */
function runKernel(
  kernelName: string,
  inputs: Record<string, [number[], number]>,
  attrs: object,
): { shape: number[]; values: Float32Array } {
  const before = { ...memory(), numDataIds: engine().backend.numDataIds() };
  const result = tidy(() => {
    const tensors: NamedTensorMap = {};
    for (const [name, [shape, seed]] of Object.entries(inputs)) tensors[name] = random(shape, seed);
    const output = engine().runKernel(kernelName, tensors, attrs as NamedAttrMap) as Tensor;
    return { shape: output.shape, values: output.dataSync() as Float32Array };
  });
  expect(memory().numTensors).toBe(before.numTensors);
  expect(memory().numBytes).toBe(before.numBytes);
  expect(engine().backend.numDataIds()).toBe(before.numDataIds);
  return result;
}

async function expectSameOnBothBackends(...call: Parameters<typeof runKernel>): Promise<void> {
  await useBackend('cpu');
  const expected = runKernel(...call);
  await useBackend('wasm');
  const actual = runKernel(...call);
  expect(actual.shape).toEqual(expected.shape);
  expectCloseToMaximum(actual.values, expected.values);
}

function denseCall(drawn: ConvolutionCase): Parameters<typeof runKernel> {
  const { input, kernel, nFilters, strides, pad, seed } = drawn;
  const dyShape = [input[0], ...outputSize(drawn), nFilters];
  return [
    'Conv2DBackpropFilter',
    { x: [input, seed], dy: [dyShape, seed + 1] },
    { strides, pad, dataFormat: 'NHWC', filterShape: [...kernel, input[3], nFilters] },
  ];
}

function depthwiseCalls(drawn: ConvolutionCase): Parameters<typeof runKernel>[] {
  const { input, kernel, nFilters, strides, dilations, pad, seed } = drawn;
  const dyShape = [input[0], ...outputSize(drawn), input[3] * nFilters];
  const filterShape = [...kernel, input[3], nFilters];
  const attrs = { strides, pad, dilations };
  return [
    [
      'DepthwiseConv2dNativeBackpropInput',
      { dy: [dyShape, seed], filter: [filterShape, seed + 1] },
      { ...attrs, inputShape: input },
    ],
    [
      'DepthwiseConv2dNativeBackpropFilter',
      { x: [input, seed], dy: [dyShape, seed + 1] },
      { ...attrs, filterShape },
    ],
  ];
}

const EXAMPLE: ConvolutionCase = {
  input: [2, 20, 17, 6],
  kernel: [3, 3],
  nFilters: 1,
  strides: [1, 1],
  dilations: [1, 1],
  pad: 'same',
  seed: 1,
};
// biome-ignore format: one line
const ALL_ROUND: backend_util.ExplicitPadding = [[0, 0], [5, 2], [0, 7], [0, 0]];

const registerBuild = async (level: SimdLevel) => {
  enableRelaxedSimd();
  await useBackend('wasm');
  const runtimeOf = await prepareRuntimes(level);
  expect(runtimeOf(engine().backend)).not.toBeNull();
  registerGradientKernels(runtimeOf);
};

const REGISTER: [string, () => Promise<void>][] = [
  ['they are registered before the backend has started', registerWasmTrainingKernels],
  ['SIMD kernels', () => registerBuild('simd')],
  ['relaxed SIMD kernels', () => registerBuild('relaxed-simd')],
  ['compositions', async () => registerGradientKernels()],
];

describe.each(REGISTER)('as %s', (_, register) => {
  let heap: GuardedHeap;
  beforeAll(async () => {
    await register();
    await useBackend('wasm');
    heap = new GuardedHeap();
  });
  afterEach(() => {
    heap.check();
    expect(heap.nLive).toBe(0);
  });
  afterAll(() => heap.restore());

  test('Conv2DBackpropFilter equals the cpu backend', async () => {
    await fc.assert(
      fc.asyncProperty(convolutionCases({ maxFilters: 9 }), (drawn) =>
        expectSameOnBothBackends(...denseCall(drawn)),
      ),
      RUNS,
    );
  });

  test('the depthwise gradients equal the cpu backend', async () => {
    await fc.assert(
      fc.asyncProperty(convolutionCases({ maxFilters: 3 }), async (drawn) => {
        for (const call of depthwiseCalls(drawn)) await expectSameOnBothBackends(...call);
      }),
      RUNS,
    );
  });

  test('MaxPoolGrad equals the cpu backend, below 0 too', async () => {
    const cases = convolutionCases({ maxFilters: 1 });
    await fc.assert(
      fc.asyncProperty(cases, async ({ input, kernel, strides, pad, seed }) => {
        if (typeof pad !== 'string') return; // tfjs's own pooling refuses some others
        const attrs = { filterSize: kernel, strides, pad };
        await useBackend('cpu');
        const pool = (shift: number) =>
          tidy(() => {
            const x = add(random(input, seed), shift) as Tensor4D;
            const y = maxPool(x, kernel, strides, pad);
            const inputs = { input: x, output: y, dy: random(y.shape, seed + 1) };
            const dx = engine().runKernel('MaxPoolGrad', inputs, attrs as unknown as NamedAttrMap) as Tensor;
            return dx.dataSync() as Float32Array;
          });
        const expected = [pool(0), pool(-5)];
        await useBackend('wasm');
        [pool(0), pool(-5)].forEach((actual, i) => {
          expectCloseToMaximum(actual, expected[i]!);
        });
      }),
      RUNS,
    );
  });

  test('the depthwise gradients of dilated convolutions follow the definition', async () => {
    await useBackend('wasm');
    fc.assert(
      fc.property(convolutionCases({ maxFilters: 2, maxDilation: 3 }), (drawn) => {
        const [forInput, forFilter] = depthwiseCalls(drawn);
        const values = ([shape, seed]: [number[], number]) => randomValues(sizeOf(shape), seed);
        const { dx } = depthwiseGradients(drawn, {
          x: new Float32Array(sizeOf(drawn.input)),
          filter: values(forInput![1].filter!),
          dy: values(forInput![1].dy!),
        });
        const { dFilter } = depthwiseGradients(drawn, {
          x: values(forFilter![1].x!),
          filter: new Float32Array(sizeOf([...drawn.kernel, drawn.input[3], drawn.nFilters])),
          dy: values(forFilter![1].dy!),
        });
        expectCloseToMaximum(runKernel(...forInput!).values, dx);
        expectCloseToMaximum(runKernel(...forFilter!).values, dFilter);
      }),
      RUNS,
    );
  });

  test.each<[string, Partial<ConvolutionCase>]>([
    ['a 9 x 11 kernel', { kernel: [9, 11], strides: [2, 1] }],
    ['strides beyond the kernel', { kernel: [2, 3], strides: [5, 7] }],
    ['a 1 x 1 kernel with stride', { kernel: [1, 1], strides: [2, 2] }],
    ['padding beyond the kernel', { pad: ALL_ROUND, kernel: [2, 3] }],
    ['padding beyond a strided kernel', { pad: ALL_ROUND, kernel: [1, 2], strides: [3, 2] }],
    ['one pixel', { input: [1, 1, 1, 5], kernel: [5, 5] }],
    ['more channels than a tile', { input: [2, 6, 5, 67], nFilters: 2 }],
    ['EfficientNet 5 x 5, stride 2', { input: [2, 28, 16, 24], kernel: [5, 5], strides: [2, 2] }],
  ])('%s', async (_, changes) => {
    const drawn = { ...EXAMPLE, ...changes };
    await expectSameOnBothBackends(...denseCall({ ...drawn, nFilters: 7 }));
    for (const call of depthwiseCalls(drawn)) await expectSameOnBothBackends(...call);
  });

  test('an empty batch has zero gradients for the filter and an empty one for the input', async () => {
    await useBackend('wasm');
    const drawn = { ...EXAMPLE, input: [0, 8, 8, 3] as [number, number, number, number] };
    const [forInput, forFilter] = depthwiseCalls(drawn);
    expect(runKernel(...forInput!).shape).toEqual([0, 8, 8, 3]);
    expect(runKernel(...forFilter!).values).toEqual(new Float32Array(27));
    expect(runKernel(...denseCall(drawn)).values).toEqual(new Float32Array(27));
  });

  test('long sums stay accurate', async () => {
    const input: ConvolutionCase['input'] = [8, 96, 64, 2];
    const magnitudes = (seed: number) => randomValues(sizeOf(input), seed).map(Math.abs);
    const [x, dy] = [magnitudes(1), magnitudes(2)];
    const drawn: ConvolutionCase = { ...EXAMPLE, input };
    const { dFilter } = depthwiseGradients(drawn, { x, dy, filter: new Float32Array(18) });
    const depthwise = depthwiseCalls(drawn)[1]!;
    const dense = denseCall({ ...drawn, nFilters: 2 });
    await useBackend('wasm');
    const [depthwiseSums, denseSums] = [depthwise, dense].map(([kernelName, , attrs]) =>
      tidy(() => {
        const inputs = { x: tensor(x, input), dy: tensor(dy, input) };
        const output = engine().runKernel(kernelName, inputs, attrs as NamedAttrMap) as Tensor;
        return output.dataSync() as Float32Array;
      }),
    );
    expectCloseToMaximum(depthwiseSums!, dFilter, 1e-5);
    const diagonal = denseSums!.filter((_, i) => i % 4 === 0 || i % 4 === 3);
    expectCloseToMaximum(diagonal, dFilter, 1e-5);
  });

  test('an output that was rounded up keeps its last row, though tfjs does not say how it was rounded', async () => {
    await useBackend('wasm');
    const input: ConvolutionCase['input'] = [2, 5, 9, 1];
    const small: ConvolutionCase = { ...EXAMPLE, input, kernel: [2, 4], strides: [2, 2], pad: 0 };
    for (const kernel of [small.kernel, [6, 8] as [number, number]]) {
      const drawn: ConvolutionCase = { ...small, kernel, pad: 1, nFilters: 3, dimRoundingMode: 'ceil' };
      const call = denseCall(drawn);
      const values = ([shape, seed]: [number[], number]) => randomValues(sizeOf(shape), seed);
      const { dFilter } = depthwiseGradients(drawn, {
        x: values(call[1].x!),
        dy: values(call[1].dy!),
        filter: new Float32Array(sizeOf([...kernel, 3])),
      });
      expectCloseToMaximum(runKernel(...call).values, dFilter);
    }
  });

  test('what cannot be computed is refused by name', async () => {
    await useBackend('wasm');
    const [, inputs, attrs] = denseCall(EXAMPLE);
    const [forInput, forFilter] = depthwiseCalls(EXAMPLE);
    const wrongDy: [number[], number] = [[2, 19, 17, 6], 1];
    expect(() => runKernel('Conv2DBackpropFilter', inputs, { ...attrs, dataFormat: 'NCHW' })).toThrow(
      "wasm-kernels.Conv2DBackpropFilter: dataFormat must be 'NHWC', got 'NCHW'",
    );
    expect(() => runKernel(forFilter![0], { ...forFilter![1], dy: wrongDy }, forFilter![2])).toThrow(
      'wasm-kernels.DepthwiseConv2dNativeBackpropFilter: dy must have shape [2, 20, 17, 6], got [2, 19, 17, 6]',
    );
    expect(() =>
      runKernel(forInput![0], forInput![1], { ...forInput![2], inputShape: [2, 20, 17, 5] }),
    ).toThrow(
      "wasm-kernels.DepthwiseConv2dNativeBackpropInput: the filter must have the input's 5 channels, got 6",
    );
  });
});
