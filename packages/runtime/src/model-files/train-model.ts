import type { Clip } from '@serial-oe/datasets';
import type { FalseAlarmRate, Tail } from '@serial-oe/decision';
import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import {
  ALL_MACHINE_TYPES,
  type AsdSystem,
  type ClipScorer,
  type Target,
  type TrainingCheckpoint,
} from '../contract/asd-system';
import type { Platform } from '../contract/platform';
import type { TrainingProgress } from '../contract/training-progress';
import { decideByTraining } from '../decisions/decide-by-training';

export interface TrainModelOptions {
  /** Of the machines and of others; those of the split `train` are used. `scanDataset(folder).clips` of @serial-oe/datasets/node. */
  clips: readonly Clip[];
  /**
   * The type to watch, such as `fan`; for a system of the scope `dataset` also several types, or `'all'`: its machines are called `type/ID`
   * then.
   */
  machineType: string | readonly string[];
  /** The one machine, for a system that is trained for each. */
  machineId?: string | undefined;
  /** Of the configuration; default: the system's. */
  preset?: string | undefined;
  /** Changes to the preset. */
  config?: object | undefined;
  /** The share of normal clips that may be called anomalous, or alarms in a time; default 0.01. */
  falseAlarmRate?: FalseAlarmRate | undefined;
  /** How thresholds go on beyond the scores that there are; see `Decisions`. */
  tail?: Tail | undefined;
  /** `createNodePlatform()` of @serial-oe/runtime/node/files, or `createBrowserPlatform()`. */
  platform: Platform;
  /** Pretrained weights, or the files of a model that is tuned further. */
  startFrom?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Where the state of an unfinished training is kept; default nowhere. */
  checkpoint?: TrainingCheckpoint | undefined;
  onProgress?: ((event: TrainingProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const OPTIONS: OptionNames<TrainModelOptions> = {
  ...{ clips: true, machineType: true, machineId: true, preset: true, config: true, falseAlarmRate: true },
  ...{ tail: true, platform: true, startFrom: true, checkpoint: true, onProgress: true, signal: true },
};

const DEFAULT_FALSE_ALARM_RATE = 0.01;

/**
 * Trains a system, sets the threshold of each machine by held-out scores of its normal clips, and gives each score a severity: what
 * `serial-oe train` does. `saveModel` writes the result.
 *
 * @throws TrainingDataError where the clips do not suffice; RangeError or TypeError naming an option or a field of the configuration
 * @example
 * const scorer = await trainModel(melStatistics, { clips, machineType: 'fan', platform: createNodePlatform() });
 */
export async function trainModel<Config extends object>(
  system: AsdSystem<Config>,
  options: TrainModelOptions,
): Promise<ClipScorer> {
  checkOptions('runtime.trainModel', options, OPTIONS);
  const { clips, machineType, machineId, platform, startFrom, signal, tail } = options;
  const { preset, config = {}, falseAlarmRate = DEFAULT_FALSE_ALARM_RATE } = options;
  const trained = await system.train(
    {
      ...{
        clips,
        target: { ...typesOf(machineType), machineId },
        config: system.resolveConfig(preset, config),
      },
      ...{ startFrom, signal, checkpoint: options.checkpoint ?? null },
      onProgress: options.onProgress ?? (() => {}),
    },
    platform,
  );
  try {
    const { loadClip } = platform;
    return await decideByTraining(trained, {
      ...{ clips, loadClip, signal },
      rule: () => ({ falseAlarmRate, tail }),
    });
  } catch (error) {
    trained.dispose(); // without a scorer nobody else would
    throw error;
  }
}

function typesOf(machineType: string | readonly string[]): Pick<Target, 'machineType' | 'machineTypes'> {
  return typeof machineType === 'string'
    ? { machineType }
    : { machineType: ALL_MACHINE_TYPES, machineTypes: machineType };
}
