import type { MachineThreshold, NormalScore, Platform } from '@serial-oe/runtime/contract';
import type { WeightMap, WeightType } from '@serial-oe/safetensors';
import type { ClipFeatures, NetworkFrontEnd } from './front-end';
import type { NetworkConfig } from './network-config';
import type { LearningNetwork, NetworkMethod, ScoreRule } from './network-method';
import type { Machine } from './network-set';
import type { NetworkSpec } from './network-spec';
import type { WindowPlan } from './windows';

/** What training found out about the clips, and the model must know; plain JSON. */
export interface ModelFacts {
  window: WindowPlan;
  /** Seconds that the window lasts. */
  windowSeconds: number;
  /** Median length of the training clips of the machines that are watched, seconds. */
  clipSeconds: number;
  /** Of each mel band over the training clips; null where bands are left as they are. */
  bands: { mean: number[]; deviation: number[] } | null;
}

/** How a model came to be; kept in its file, plain JSON. */
export interface NetworkProvenance {
  dataset: string | null;
  /** Test clips that were put aside (`clipKey`). */
  heldOutClips: string[];
  fingerprint: string;
  backend: string;
  nNormalClips: number;
  nClasses: number;
  nParameters: number;
  /** Millions of multiply-accumulates for a clip of the training clips' length. */
  mMacPerClip: number;
  /** One summary an epoch. */
  history: object[];
}

/** A trained network with all that it takes to score. */
export interface NetworkModel<Config extends NetworkConfig> {
  spec: NetworkSpec<Config>;
  method: NetworkMethod<Config>;
  config: Config;
  /** Undefined where it watches all types. */
  machineType: string | undefined;
  /** `type/ID` of all machines that it was trained on. */
  classes: readonly string[];
  machines: readonly Machine[];
  thresholds: ReadonlyMap<string, MachineThreshold>;
  facts: ModelFacts;
  trainingLevel: number;
  provenance: NetworkProvenance;
  weights: WeightMap;
  /** How the model's file held them. */
  weightType: WeightType;
  network: LearningNetwork;
  rule: ScoreRule;
  frontEnd: NetworkFrontEnd;
  platform: Platform;
  /** Undefined for a model that was loaded. */
  normalScores?: readonly NormalScore[] | undefined;
}

/** Brings each band to mean 0 and deviation 1, in place. */
export function standardize(
  { spectrogram, nMels, nFrames }: ClipFeatures,
  bands: NonNullable<ModelFacts['bands']>,
): void {
  for (let band = 0; band < nMels; band++) {
    const [mean, deviation] = [bands.mean[band]!, bands.deviation[band]!];
    for (let i = band * nFrames; i < (band + 1) * nFrames; i++)
      spectrogram[i] = (spectrogram[i]! - mean) / deviation;
  }
}
