import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { grads, memory, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { WasmOps } from '../src/index';
import { expectCloseToMaximum } from './expect-close-to-maximum';
import { plainOps } from './plain-ops';
import { randomValues, sizeOf } from './random-values';
import { useBackend } from './use-backend';

/** A function of tensors in terms of the operations. */
export interface OpsCase {
  shapes: number[][];
  /** Seed of the inputs. */
  seed: number;
  compute: (ops: WasmOps, inputs: Tensor[]) => Tensor;
  /** Largest difference as a fraction of each tensor's maximum, default 1e-4. */
  tolerance?: number;
}

interface Results {
  output: Float32Array;
  gradients: Float32Array[];
}

/** Output, and the gradients of sum(output w) with a fixed random w for all inputs. Nothing may be left behind. */
export function outputAndGradients(ops: WasmOps, { shapes, seed, compute }: OpsCase): Results {
  const before = memory();
  const results = tidy(() => {
    const inputs = shapes.map((shape, i) => tensor(randomValues(sizeOf(shape), seed + i), shape));
    const output = compute(ops, inputs);
    const dy = tensor(randomValues(output.size, seed + 99), output.shape);
    const nTensors = memory().numTensors;
    const gradients = grads((...args: Tensor[]) => compute(ops, args))(inputs, dy);
    expect(memory().numTensors - nTensors).toBe(inputs.length);
    expect(dy.isDisposed).toBe(false);
    expect(gradients.map((gradient) => gradient.shape)).toEqual(shapes);
    return {
      output: output.dataSync() as Float32Array,
      gradients: gradients.map((gradient) => gradient.dataSync() as Float32Array),
    };
  });
  expect(memory()).toEqual(before);
  return results;
}

/** Below this fraction of the largest gradient of all, what is left after cancellation is rounding. */
const NOISE = 1e-2;

/**
 * Asserts that outputs and gradients equal those of plain tfjs ops on the cpu backend, to 1e-4 of each tensor's maximum
 * (gradients that cancel in a chain of BatchNorms: of a hundredth of the largest maximum).
 */
export async function expectSameAsCpu(ops: WasmOps, opsCase: OpsCase): Promise<void> {
  await useBackend('cpu');
  const expected = outputAndGradients(plainOps, opsCase);
  await useBackend('wasm');
  const actual = outputAndGradients(ops, opsCase);
  const { tolerance = 1e-4 } = opsCase;
  expectCloseToMaximum(actual.output, expected.output, tolerance);
  const floor = NOISE * Math.max(...expected.gradients.map(maximumOf));
  for (const [i, gradient] of actual.gradients.entries()) {
    const atol = tolerance * Math.max(maximumOf(expected.gradients[i]!), floor);
    expectAllClose(gradient, expected.gradients[i]!, { rtol: 0, atol });
  }
}

function maximumOf(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
