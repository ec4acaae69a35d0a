import { checkNumber, checkOptions, FRACTION } from '@serial-oe/foundation';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '../gradient-kernels/register-wasm-training-kernels';
import { prepareInference } from '../inference/prepare-inference';
import { DeferredBackend } from '../rows/deferred-backend';
import { checkActive, createRuntime, type SimdOptions } from '../runtime/create-runtime';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import { batchNormInference, batchNormTraining } from './batch-norm';
import { biasLeakyRelu } from './bias-leaky-relu';
import { checkBatchNorm, checkImages, checkShape, checkSqueezeExcite, checkWindows } from './check';
import { conv2d, pointwiseConv2d } from './convolution';
import { depthwiseConv2d } from './depthwise-convolution';
import { createDifferentiable } from './differentiable';
import { globalAveragePool } from './global-average-pool';
import type { OpsContext } from './ops-context';
import { addTensors } from './residual';
import { squeezeExcite } from './squeeze-excite';
import type { BatchNormOptions, WasmOps } from './wasm-ops';

/**
 * Fast operations for `@serial-oe/efficientnet-extractor`, in SIMD kernels that work directly on the memory of tfjs's
 * WASM backend. Pass them as `ops` to `createExtractor`.
 *
 * Make `wasm` the active backend first; the operations belong to this instance of it. The call also runs
 * `registerWasmTrainingKernels`.
 *
 * @throws {WasmBackendMissingError} (as a rejection) when `wasm` is not the active backend.
 * @throws {WasmSimdMissingError} (as a rejection) when the engine has no (relaxed) SIMD, or the backend keeps its memory
 *   to itself. The extractor's own operations, `createTfOps`, run there too.
 * @example
 * await tf.setBackend('wasm');
 * const extractor = createExtractor({ nMachineIds: 4, ops: await createWasmOps() });
 */
export async function createWasmOps(options: SimdOptions = {}): Promise<WasmOps> {
  const { runtime, level } = await createRuntime('createWasmOps', options);
  await registerWasmTrainingKernels();
  return opsOf(`wasm-${level}`, {
    runtime,
    deferred: new DeferredBackend(runtime),
    differentiable: createDifferentiable(runtime),
    batchStatistics: new WeakMap(),
    normGradientSums: new WeakMap(),
  });
}

/** Checks the arguments and the active backend, then computes. */
function opsOf(name: string, context: OpsContext): WasmOps {
  const { runtime } = context;
  return {
    name,
    conv2d(x, filter, options) {
      checkCall(runtime, { caller: 'conv2d', x });
      checkOptions('wasm-kernels.conv2d', options, { stride: true, isInput: true, padding: true });
      checkShape({ caller: 'conv2d', name: 'filter' }, filter, [null, null, x.shape[3], null]);
      checkWindows('conv2d', { x, filter }, options);
      return conv2d(context, { x, filter }, options);
    },
    pointwiseConv2d(x, filter) {
      checkCall(runtime, { caller: 'pointwiseConv2d', x });
      checkShape({ caller: 'pointwiseConv2d', name: 'filter' }, filter, [1, 1, x.shape[3], null]);
      return pointwiseConv2d(context, x, filter);
    },
    depthwiseConv2d(x, filter, options) {
      checkCall(runtime, { caller: 'depthwiseConv2d', x });
      checkOptions('wasm-kernels.depthwiseConv2d', options, { stride: true, padding: true });
      checkShape({ caller: 'depthwiseConv2d', name: 'filter' }, filter, [null, null, x.shape[3], 1]);
      checkWindows('depthwiseConv2d', { x, filter }, options);
      return depthwiseConv2d(context, { x, filter }, options);
    },
    batchNormTraining(x, { gamma, beta, slope }, options) {
      checkCall(runtime, { caller: 'batchNormTraining', x });
      checkBatchNorm(
        'batchNormTraining',
        { gamma, beta, ...slopeFor(options, slope), nChannels: x.shape[3] },
        options,
      );
      return batchNormTraining(context, { x, gamma, beta, ...slopeFor(options, slope) }, options);
    },
    batchNormInference(x, statistics, options) {
      checkCall(runtime, { caller: 'batchNormInference', x });
      const { gamma, beta, mean, variance, slope } = statistics;
      const vectors = { gamma, beta, mean, variance, ...slopeFor(options, slope) };
      checkBatchNorm('batchNormInference', { ...vectors, nChannels: x.shape[3] }, options);
      return batchNormInference(context, { x, statistics: vectors }, options);
    },
    biasLeakyRelu(x, bias, slope) {
      checkCall(runtime, { caller: 'biasLeakyRelu', x });
      if (bias) checkShape({ caller: 'biasLeakyRelu', name: 'bias' }, bias, [x.shape[3]]);
      checkNumber('wasm-kernels.biasLeakyRelu: slope', slope, FRACTION);
      return biasLeakyRelu(context, x, { bias, slope });
    },
    squeezeExcite(x, weights) {
      checkCall(runtime, { caller: 'squeezeExcite', x });
      checkSqueezeExcite(x.shape[3], weights);
      return squeezeExcite(context, x, weights);
    },
    globalAveragePool(x) {
      checkCall(runtime, { caller: 'globalAveragePool', x });
      return globalAveragePool(context, x);
    },
    add(a, b) {
      checkCall(runtime, { caller: 'add', x: a, name: 'a' });
      checkShape({ caller: 'add', name: 'b' }, b, a.shape);
      return addTensors(context, a, b);
    },
    release: (x) => x.dispose(),
    prepareInference(network) {
      checkActive(runtime, 'prepareInference', 'createWasmOps');
      return prepareInference(runtime, network);
    },
  };
}

/** The slope where the activation has one; undefined there where it is missing, which the check names. */
function slopeFor({ activation }: BatchNormOptions, slope: Tensor1D | undefined): { slope?: Tensor1D } {
  return activation === 'prelu' ? { slope: slope! } : {};
}

function checkCall(
  runtime: WasmRuntime,
  { caller, x, name = 'x' }: { caller: string; x: Tensor4D; name?: string },
): void {
  checkActive(runtime, caller, 'createWasmOps');
  checkImages({ caller, name }, x);
}
