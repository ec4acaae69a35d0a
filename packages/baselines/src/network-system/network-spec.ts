import type { AsdSystem } from '@serial-oe/runtime/contract';
import type { FrontEndKind } from './front-end';
import type { NetworkConfig } from './network-config';
import type { NetworkMethod } from './network-method';
import type { FieldDescription } from './preset-config';
import type { InputKind } from './windows';

/** A part of the training with a learning rate and moments of its own. */
export interface Stage {
  nEpochs: number;
  learningRate: number;
  /** Undefined for a rate that stays. */
  cosine?: { tMax: number; etaMin: number; startEpoch: number } | undefined;
  /** Whether each batch holds as many samples of one class as of any other; default no. */
  isClassBalanced?: boolean | undefined;
}

/** Which windows an epoch is made of. */
export type Sampling =
  /** All training clips, so many windows of each, shuffled. */
  | { kind: 'shuffled'; windowsPerClip: number }
  /** So many updates; half of each batch from the machine of the stage, the other half from all others. */
  | { kind: 'balanced'; nSteps: number };

/** How long a window is, and how far it is to the next one when a clip is scored. */
export type WindowRule =
  /** As long as the training clips; windows overlap by half. */
  | { kind: 'clip'; seconds: number | null }
  | { kind: 'frames'; nFrames: number; hop: number }
  /** So many windows, spread evenly over a clip. */
  | { kind: 'spread'; nFrames: number; nWindows: number };

/**
 * A system with a network, as far as it needs no tfjs: the rest comes with `load`, once something is trained or scored.
 */
export interface NetworkSpec<Config extends NetworkConfig> {
  readonly name: string;
  readonly scope: AsdSystem['scope'];
  /** Whose normal clips take part: those of all types, or of the target alone. */
  readonly participants: 'all' | 'target';
  /** Whether known anomalies of the training split take part. */
  readonly usesAnomalies: boolean;
  /** Whether classes are told apart, so that two at least are needed. */
  readonly isClassifier: boolean;
  readonly frontEnd: FrontEndKind;
  /** Whether each mel band is brought to mean 0 and deviation 1 over the training clips. */
  readonly standardizes: boolean;
  readonly inputs: readonly InputKind[];
  /** @throws RangeError or TypeError naming the field */
  resolveConfig(preset: string | undefined, overrides: object): Config;
  /** For a table. */
  describeConfig(): FieldDescription[];
  window(config: Config): WindowRule;
  sampling(config: Config): Sampling;
  /** In order. */
  stages(config: Config, facts: { nMachines: number; nSteps: number }): readonly Stage[];
  /** Share of all training clips on which the epoch is chosen by its loss; 0 for the last epoch. */
  validationFraction(config: Config): number;
  load(): Promise<NetworkMethod<Config>>;
}
