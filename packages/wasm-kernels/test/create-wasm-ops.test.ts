import {
  engine,
  memory,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import {
  createWasmAdamWUpdate,
  createWasmOps,
  WasmBackendMissingError,
  WasmMemoryError,
  type WasmOps,
  WasmSimdMissingError,
} from '../src/index';
import { enableRelaxedSimd } from '../src/node';
import type { WasmBackend } from '../src/runtime/wasm-backend';
import { expectCloseToMaximum } from './expect-close-to-maximum';
import { randomValues } from './random-values';
import { useBackend } from './use-backend';

const zeros4 = (...shape: [number, number, number, number]) => zeros(shape) as Tensor4D;

afterEach(() => jest.restoreAllMocks());

test.each([
  ['createWasmOps', createWasmOps],
  ['createWasmAdamWUpdate', createWasmAdamWUpdate],
] as const)('%s refuses options that there are not', async (name, create) => {
  await useBackend('wasm');
  await expect(create({ simdlevel: 'simd' } as never)).rejects.toThrow(
    `wasm-kernels.${name}: unknown option 'simdlevel'. Did you mean 'simdLevel'?`,
  );
  await expect(create({ simdLevel: 'avx' as never })).rejects.toThrow(
    `wasm-kernels.${name}: simdLevel must be one of 'simd', 'relaxed-simd', got 'avx'.`,
  );
});

test('another backend than wasm is refused, when they are created and when they are used', async () => {
  await useBackend('cpu');
  const refused = createWasmOps();
  await expect(refused).rejects.toThrow(WasmBackendMissingError);
  await expect(refused).rejects.toThrow("the active backend must be 'wasm', got 'cpu'");
  await useBackend('wasm');
  const ops = await createWasmOps();
  await useBackend('cpu');
  tidy(() => {
    expect(() => ops.globalAveragePool(zeros4(1, 2, 2, 1))).toThrow(WasmBackendMissingError);
  });
});

describe('without', () => {
  const withSupport = (supports: (nBytes: number) => boolean) =>
    jest.spyOn(WebAssembly, 'validate').mockImplementation((bytes) => supports(bytes.byteLength));
  beforeEach(() => useBackend('wasm'));

  it('SIMD they are refused, with the way out', async () => {
    withSupport(() => false);
    const refused = createWasmOps();
    await expect(refused).rejects.toThrow(WasmSimdMissingError);
    await expect(refused).rejects.toThrow('createTfOps');
  });

  it('relaxed SIMD the plain build is taken, unless the other one was asked for', async () => {
    withSupport((nBytes) => nBytes < 45); // the probe of relaxed SIMD is the longer one
    expect((await createWasmOps()).name).toBe('wasm-simd');
    await expect(createWasmOps({ simdLevel: 'relaxed-simd' })).rejects.toThrow(WasmSimdMissingError);
  });

  it('a visible memory they are refused', async () => {
    const { wasm } = engine().backend as WasmBackend;
    const { asm } = wasm;
    Object.assign(wasm, { asm: {} });
    await expect(createWasmOps()).rejects.toThrow('the WASM backend must show its memory');
    Object.assign(wasm, { asm });
  });
});

test('Node compiles relaxed SIMD once it is enabled, and the faster build is the default', async () => {
  await useBackend('wasm');
  expect(enableRelaxedSimd()).toBe(true);
  expect(enableRelaxedSimd()).toBe(true);
  expect((await createWasmOps()).name).toBe('wasm-relaxed-simd');
});

describe('arguments', () => {
  let ops: WasmOps;
  beforeAll(async () => {
    await useBackend('wasm');
    ops = await createWasmOps();
  });

  const norm = { epsilon: 1e-3, activation: 'swish' as const };
  const vector = (n: number) => zeros([n]) as Tensor1D;
  // biome-ignore format: a table
  const WRONG: [string, () => unknown, string][] = [
    ['no tensor', () => ops.globalAveragePool(3 as unknown as Tensor4D), 'globalAveragePool: x must be a tensor, got 3'],
    ['rank 2', () => ops.globalAveragePool(zeros([2, 2]) as unknown as Tensor4D), 'globalAveragePool: x must have shape [batch, height, width, channels]'],
    ['no image', () => ops.globalAveragePool(zeros4(0, 2, 2, 1)), 'without zeros, got [0,2,2,1]'],
    ['int32', () => ops.pointwiseConv2d(zeros([1, 1, 1, 1], 'int32') as Tensor4D, zeros4(1, 1, 1, 1)), 'pointwiseConv2d: x must be float32, got int32'],
    ['a filter of other channels', () => ops.pointwiseConv2d(zeros4(1, 2, 2, 3), zeros4(1, 1, 4, 2)), 'pointwiseConv2d: filter must have shape [1, 1, 3, any], got [1, 1, 4, 2]'],
    ['a multiplier', () => ops.depthwiseConv2d(zeros4(1, 2, 2, 3), zeros4(3, 3, 3, 2), { stride: 1 }), 'depthwiseConv2d: filter must have shape [any, any, 3, 1], got [3, 3, 3, 2]'],
    ['half a stride', () => ops.conv2d(zeros4(1, 2, 2, 3), zeros4(3, 3, 3, 2), { stride: 0.5 }), 'conv2d: stride must be a whole number of at least 1, got 0.5'],
    ['an option of another name', () => ops.conv2d(zeros4(1, 2, 2, 3), zeros4(3, 3, 3, 2), { strides: 1 } as never), "conv2d: unknown option 'strides'. Did you mean 'stride'?"],
    ['one more', () => ops.depthwiseConv2d(zeros4(1, 2, 2, 3), zeros4(3, 3, 3, 1), { strides: 1 } as never), "depthwiseConv2d: unknown option 'strides'. Did you mean 'stride'?"],
    ['one of BatchNorm', () => ops.batchNormTraining(zeros4(1, 2, 2, 3), { gamma: vector(3), beta: vector(3) }, { ...norm, eps: 1 } as never), "batchNormTraining: unknown option 'eps'. There are 'epsilon', 'activation'."],
    ['gamma of another length', () => ops.batchNormTraining(zeros4(1, 2, 2, 3), { gamma: vector(4), beta: vector(3) }, norm), 'batchNormTraining: gamma must have shape [3], got [4]'],
    ['a negative epsilon', () => ops.batchNormTraining(zeros4(1, 2, 2, 3), { gamma: vector(3), beta: vector(3) }, { ...norm, epsilon: -1 }), 'batchNormTraining: epsilon must be a finite number of at least 0, got -1'],
    ['another activation', () => ops.batchNormTraining(zeros4(1, 2, 2, 3), { gamma: vector(3), beta: vector(3) }, { ...norm, activation: 'relu' as 'swish' }), "activation must be one of 'none', 'swish', 'prelu', got 'relu'"],
    ['a statistic too many', () => ops.batchNormInference(zeros4(1, 2, 2, 3), { gamma: vector(3), beta: vector(3), mean: vector(3), variance: vector(2) }, norm), 'batchNormInference: variance must have shape [3], got [2]'],
    ['a kernel transposed', () => ops.squeezeExcite(zeros4(1, 2, 2, 3), { reduceKernel: zeros([2, 3]) as Tensor2D, reduceBias: vector(2), expandKernel: zeros([2, 3]) as Tensor2D, expandBias: vector(3) }), 'squeezeExcite: reduceKernel must have shape [3, 2], got [2, 3]'],
    ['summands of two shapes', () => ops.add(zeros4(1, 2, 2, 3), zeros4(1, 2, 3, 2)), 'add: b must have shape [1, 2, 2, 3], got [1, 2, 3, 2]'],
  ];

  test.each(WRONG)('%s', async (_, call, message) => {
    await useBackend('wasm');
    const before = memory();
    tidy(() =>
      expect(call).toThrow(
        `wasm-kernels.${message}`
          .replace('wasm-kernels.without', 'without')
          .replace('wasm-kernels.activation', 'activation'),
      ),
    );
    expect(memory()).toEqual(before);
  });

  test('more memory than there is', async () => {
    await useBackend('wasm');
    const { wasm } = engine().backend as WasmBackend;
    const malloc = wasm._malloc;
    const before = { ...memory(), numDataIds: engine().backend.numDataIds() };
    const inputs = [zeros4(1, 2, 2, 3), zeros4(1, 1, 3, 2)] as const;
    jest.spyOn(wasm, '_malloc').mockImplementation((nBytes) => (nBytes > 31 ? 0 : malloc(nBytes)));
    expect(() => ops.pointwiseConv2d(...inputs)).toThrow(WasmMemoryError);
    expect(() => ops.pointwiseConv2d(...inputs)).toThrow('must have room for 32 more bytes');
    jest.restoreAllMocks();
    for (const input of inputs) input.dispose();
    expect({ ...memory(), numDataIds: engine().backend.numDataIds() }).toEqual(before);
  });
});

test('BatchNorm keeps the digits of a small variance beside a large mean, whatever the first pixel is', async () => {
  await useBackend('wasm');
  const ops = await createWasmOps();
  const shape: [number, number, number, number] = [4, 40, 31, 2];
  for (const first of [30, -1000]) {
    const x = randomValues(4 * 40 * 31 * 2, 3).map((u) => 30 + 0.5 * u);
    x.fill(first, 0, 2);
    const exact = [0, 1].map((channel) => moments(x.filter((_, i) => i % 2 === channel)));
    tidy(() => {
      const ones = tensor([1, 1]) as Tensor1D;
      const options = { epsilon: 0, activation: 'none' } as const;
      const { output, mean, variance } = ops.batchNormTraining(
        tensor(x, shape) as Tensor4D,
        { gamma: ones, beta: ones },
        options,
      );
      expectCloseToMaximum(
        mean.dataSync(),
        exact.map(({ mean: m }) => m),
        1e-6,
      );
      expectCloseToMaximum(
        variance.dataSync(),
        exact.map(({ variance: v }) => v),
        1e-6,
      );
      const normalized = x.map(
        (value, i) => 1 + (value - exact[i % 2]!.mean) / Math.sqrt(exact[i % 2]!.variance),
      );
      expectCloseToMaximum(output.dataSync(), normalized, 1e-5);
    });
  }
});

function moments(values: Float32Array): { mean: number; variance: number } {
  let [total, squares] = [0, 0];
  for (const value of values) total += value;
  const mean = total / values.length;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, variance: squares / values.length };
}
