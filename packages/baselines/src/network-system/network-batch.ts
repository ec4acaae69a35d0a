import { seededRandom } from '@serial-oe/foundation';
import { applyMixup, type Mixup } from '@serial-oe/losses-mixup';
import type { FeatureStore } from './feature-store';
import type { NetworkConfig } from './network-config';
import type { Mixing, NetworkMethod } from './network-method';
import type { NetworkSpec } from './network-spec';
import type { NetworkPlan } from './plan-epoch';
import { cutWindow, inputSize, nPositions, type WindowPlan } from './windows';

/** What passes the network: numbers alone. */
export interface NetworkBatch {
  nSamples: number;
  /** One array an input, `[nSamples, size]`, mixed already. */
  inputs: Float32Array[];
  labels: Int32Array;
  mixing: Mixing | null;
  augmentations: Uint8Array | null;
  stage: number;
}

export interface PrepareContext<Config extends NetworkConfig> {
  spec: NetworkSpec<Config>;
  method: NetworkMethod<Config>;
  config: Config;
  store: FeatureStore;
  window: WindowPlan;
  nMels: number;
}

/** Cuts, augments and mixes the windows of a plan. */
export async function prepareBatch<Config extends NetworkConfig>(
  plan: NetworkPlan,
  context: PrepareContext<Config>,
): Promise<NetworkBatch> {
  const { spec, method, config, store, window, nMels } = context;
  const nSamples = plan.clips.length;
  const random = seededRandom(config.seed, ...plan.seedPath);
  const sizes = spec.inputs.map((kind) => inputSize(kind, window, nMels));
  const inputs = sizes.map((size) => new Float32Array(nSamples * size));
  for (const [i, clip] of plan.clips.entries()) {
    const features = await store.features(clip);
    const start = Math.floor(plan.starts[i]! * nPositions(features, window));
    for (const [k, kind] of spec.inputs.entries()) {
      const out = inputs[k]!.subarray(i * sizes[k]!, (i + 1) * sizes[k]!);
      cutWindow(features, out, { kind, plan: window, hopLength: config.frontEnd.hopLength, start });
    }
  }
  const augmentations = augment(inputs[0]!, random, context);
  const mixup = method.mixup?.(config, nSamples, random) ?? null;
  const mixed = mixup === null ? inputs : inputs.map((each) => mixRows(each, mixup));
  const { labels, stage } = plan;
  const mixing = mixup && {
    ...{ lambda: mixup.lambda, partners: Int32Array.from(mixup.permutation, (partner) => labels[partner]!) },
  };
  return { nSamples, inputs: mixed, labels, mixing, augmentations, stage };
}

/** Sends each window of the first input through one of the augmentations. */
function augment<Config extends NetworkConfig>(
  windows: Float32Array,
  random: () => number,
  { method, config, window, nMels }: PrepareContext<Config>,
): Uint8Array | null {
  const { augmentation } = method;
  if (augmentation === undefined) return null;
  const size = window.nFrames * nMels;
  const count = augmentation.count(config);
  return Uint8Array.from({ length: windows.length / size }, (_, i) => {
    const index = Math.floor(random() * count);
    const facts = { config, nMels, nFrames: window.nFrames };
    augmentation.apply(windows.subarray(i * size, (i + 1) * size), index, facts);
    return index;
  });
}

function mixRows(values: Float32Array, mixup: Mixup): Float32Array {
  return applyMixup({ waveforms: values, y: new Float32Array(mixup.lambda.length) }, mixup).waveforms;
}

/** Equal parts of a batch, in order; of a last, smaller batch a sample or two may be left over, which this epoch goes without. */
export function splitBatch(batch: NetworkBatch, nParts: number): NetworkBatch[] {
  if (nParts === 1) return [batch];
  const { nSamples, inputs, mixing, augmentations } = batch;
  const n = Math.floor(nSamples / nParts);
  return Array.from({ length: nParts }, (_, part) => {
    const rows = <A extends Float32Array | Int32Array | Uint8Array>(values: A, size = 1) =>
      values.subarray(part * n * size, (part + 1) * n * size) as A;
    return {
      ...{ nSamples: n, stage: batch.stage, labels: rows(batch.labels) },
      inputs: inputs.map((values) => rows(values, values.length / nSamples)),
      augmentations: augmentations && rows(augmentations),
      mixing: mixing && { lambda: rows(mixing.lambda), partners: rows(mixing.partners) },
    };
  });
}
