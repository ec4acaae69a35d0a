import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { ClipFeatures } from './front-end';
import type { LearningNetwork, WindowOutputs } from './network-method';
import { cutWindow, type InputKind, inputShape, inputSize, type WindowPlan, windowStarts } from './windows';

/** Values of all inputs of a pass: what keeps a core busy, and a small machine's memory free. */
const MAX_VALUES_A_PASS = 2 ** 20;

export interface RunWindowsOptions {
  inputs: readonly InputKind[];
  window: WindowPlan;
  hopLength: number;
  /** Index of the machine among those that are watched. */
  machine: number;
}

/** The windows of a clip, and what the network makes of them. */
export async function runWindows(
  network: Pick<LearningNetwork, 'outputs'>,
  features: ClipFeatures,
  options: RunWindowsOptions,
): Promise<WindowOutputs> {
  const { inputs: kinds, window, hopLength, machine } = options;
  const starts = windowStarts(features, window);
  const sizes = kinds.map((kind) => inputSize(kind, window, features.nMels));
  const inputs = kinds.map((kind, k) => {
    const values = new Float32Array(starts.length * sizes[k]!);
    for (const [i, start] of starts.entries()) {
      const out = values.subarray(i * sizes[k]!, (i + 1) * sizes[k]!);
      cutWindow(features, out, { kind, plan: window, hopLength, start });
    }
    return values;
  });
  const shapes = kinds.map((kind) => inputShape(kind, window, features.nMels));
  return runInputs(network, inputs, { shapes, nWindows: starts.length, machine });
}

/** What the network makes of inputs, some windows at a time. */
export async function runInputs(
  network: Pick<LearningNetwork, 'outputs'>,
  inputs: readonly Float32Array[],
  {
    shapes,
    nWindows,
    machine,
  }: { shapes: readonly (readonly number[])[]; nWindows: number; machine: number },
): Promise<WindowOutputs> {
  const sizes = inputs.map(({ length }) => length / nWindows);
  const perPass = Math.max(1, Math.floor(MAX_VALUES_A_PASS / Math.max(...sizes)));
  const parts: Float32Array[] = [];
  for (let first = 0; first < nWindows; first += perPass) {
    const n = Math.min(perPass, nWindows - first);
    const outputs: Tensor = tidy(() => {
      const tensors = inputs.map((values, k) =>
        tensor(values.slice(first * sizes[k]!, (first + n) * sizes[k]!), [n, ...shapes[k]!], 'float32'),
      );
      return network.outputs(tensors, machine);
    });
    parts.push(Float32Array.from(await outputs.data()));
    outputs.dispose();
  }
  const nOutputs = parts.reduce((sum, { length }) => sum + length, 0) / nWindows;
  const outputs = new Float32Array(nWindows * nOutputs);
  let offset = 0;
  for (const part of parts) {
    outputs.set(part, offset);
    offset += part.length;
  }
  return { nWindows, outputs, nOutputs, inputs };
}
