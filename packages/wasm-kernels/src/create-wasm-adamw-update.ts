import type { Tensor } from '@tensorflow/tfjs-core';
import { checkActive, createRuntime, type SimdOptions } from './runtime/create-runtime';
import { sizeOf } from './runtime/wasm-runtime';

/** What one AdamW update of one variable starts from. The tensors share one shape, are float32 and stay the caller's. */
export interface AdamWUpdateInput {
  parameter: Tensor;
  gradient: Tensor;
  /** First moment, the running mean of the gradient. */
  m: Tensor;
  /** Second moment, the running mean of the squared gradient. */
  v: Tensor;
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Number of this update of this variable, from 1. */
  step: number;
}

/** Three new tensors. */
export interface AdamWUpdateOutput {
  parameter: Tensor;
  m: Tensor;
  v: Tensor;
}

/**
 * Makes an AdamW update in one pass over the values: the `updateKernel` of `AdamW` in `@serial-oe/optimizers`, matched
 * by structure. Make `wasm` the active backend first; the update belongs to this instance of it.
 *
 * With t = step, c1 = 1 - beta1^t and c2 = 1 - beta2^t it computes
 *
 *     m' = beta1 m + (1 - beta1) g
 *     v' = beta2 v + (1 - beta2) g^2
 *     p' = (1 - lr wd) p - (lr sqrt(c2) / c1) m' / (sqrt(v') + eps sqrt(c2))
 *
 * which is `torch.optim.AdamW` (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019) with numerator and
 * denominator of the last term multiplied by sqrt(c2). The factors are float64 numbers until they reach the kernel.
 *
 * @throws {WasmBackendMissingError} (as a rejection) when `wasm` is not the active backend.
 * @throws {WasmSimdMissingError} (as a rejection) when the engine has no (relaxed) SIMD.
 * @example
 * const optimizer = new AdamW({ updateKernel: await createWasmAdamWUpdate() });
 */
export async function createWasmAdamWUpdate(
  options: SimdOptions = {},
): Promise<(input: AdamWUpdateInput) => AdamWUpdateOutput> {
  const { runtime } = await createRuntime('createWasmAdamWUpdate', options);
  return (input) => {
    checkActive(runtime, 'adamWUpdate', 'createWasmAdamWUpdate');
    checkShapes(input);
    const { learningRate, beta1, beta2, epsilon, weightDecay, step } = input;
    const rootOfCorrection2 = Math.sqrt(1 - beta2 ** step);
    const inputs = [input.parameter, input.gradient, input.m, input.v];
    const { shape } = input.parameter;
    const outputs = [runtime.makeData(shape), runtime.makeData(shape), runtime.makeData(shape)];
    const [p, gradient, m, v] = inputs.map((tensor) => runtime.addressOf(tensor)) as FourAddresses;
    const [nextP, nextM, nextV] = outputs.map((info) => runtime.addressOf(info)) as FourAddresses;
    runtime.kernels.adamW(
      ...([p, gradient, m, v, nextP, nextM, nextV, sizeOf(shape)] as const),
      ...([beta1, 1 - beta1, beta2, 1 - beta2] as const),
      1 - learningRate * weightDecay,
      (learningRate * rootOfCorrection2) / (1 - beta1 ** step),
      epsilon * rootOfCorrection2,
    );
    const [parameter, nextFirst, nextSecond] = outputs.map((info) => runtime.toTensor(info));
    return { parameter: parameter!, m: nextFirst!, v: nextSecond! };
  };
}

type FourAddresses = [number, number, number, number];

function checkShapes({ parameter, gradient, m, v }: AdamWUpdateInput): void {
  for (const [name, tensor] of Object.entries({ parameter, gradient, m, v })) {
    if (tensor.dtype !== 'float32' || tensor.shape.join() !== parameter.shape.join()) {
      throw new RangeError(
        `wasm-kernels.adamWUpdate: ${name} must be float32 of shape [${parameter.shape}], ` +
          `got ${tensor.dtype} of shape [${tensor.shape}].`,
      );
    }
  }
}
