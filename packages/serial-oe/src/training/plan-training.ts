import type { Dataset } from '@serial-oe/datasets';
import { backboneChecksum, type ExtractorOps, readPretrained } from '@serial-oe/efficientnet-extractor';
import { checkNumber, checkOptions, checkThreadCount, POSITIVE_COUNT } from '@serial-oe/foundation';
import { fastestOps, useBackend } from '@serial-oe/runtime';
import { getBackend } from '@tensorflow/tfjs-core';
import type { SerialOeConfig } from '../config/config';
import { resolveConfig } from '../config/resolve-config';
import { buildTrainingSet, type TrainingSet } from '../data/training-set';
import { FrontEnd } from '../features/front-end';
import type { StartModel } from '../model/start-model';
import type { Platform } from '../platform';
import { describeMemoryPlan, type MemoryPlan, planMemory } from './memory-plan';
import { operationsName } from './outlier-exposure';
import type { TrainingProgress } from './progress';
import { TRAIN_OPTIONS, type TrainSerialOeOptions } from './train-options';

/** A training, checked and planned, before any recording is read. */
export interface PlannedTraining {
  options: TrainSerialOeOptions;
  config: SerialOeConfig;
  /** Checksum of the pretrained weights, of the model too that the training goes on from; null without. */
  pretrained: string | null;
  /** Null for a training from the beginning. */
  start: StartModel | null;
  set: TrainingSet;
  plan: MemoryPlan;
  /** Threads that train. */
  workers: number;
  /** Threads that prepare spectrograms. */
  featureWorkers: number;
  ops: ExtractorOps | undefined;
  onProgress: (progress: TrainingProgress) => void;
  signal: AbortSignal | undefined;
}

/** Checks everything that can be known before a recording is read, and makes the backend the active one. */
export async function planTraining(
  platform: Platform,
  options: TrainSerialOeOptions,
  start: StartModel | null = null,
): Promise<PlannedTraining> {
  checkOptions('serial-oe.trainSerialOe', options ?? {}, TRAIN_OPTIONS);
  checkDataset(options);
  const { dataset, machineType, pretrainedWeights, signal, onProgress = () => {} } = options;
  const config = resolveConfig(options.preset, options.config);
  const pretrained = pretrainedWeights
    ? backboneChecksum(readPretrained(pretrainedWeights).weights)
    : (start?.provenance.pretrainedWeights ?? null);
  if (start !== null) checkStart(start, { machineType, config });
  const { workers, featureWorkers } = checkThreads(platform, options);
  await useBackend(options.backend, { caller: 'trainSerialOe' });
  platform.checkTrainingThreads(workers);
  const warn = (message: string) => onProgress({ kind: 'warning', message });
  const ops = options.ops ?? (await fastestOps('training', warn));
  const { validationClips } = start?.provenance ?? {};
  const set = buildTrainingSet({ clips: dataset.clips, validationClips }, machineType, config);
  const plan = planPasses({ config, set, workers, ops });
  const { microBatchSize, nMicroBatches, heapBytes } = plan;
  const message = describeMemoryPlan(plan, workers);
  onProgress({ kind: 'memoryPlan', microBatchSize, nMicroBatches, heapBytes, message });
  return { options, config, pretrained, start, set, plan, workers, featureWorkers, ops, onProgress, signal };
}

/** What the weights are made for cannot change. */
function checkStart(
  start: StartModel,
  { machineType, config }: { machineType: string; config: SerialOeConfig },
): void {
  const where = 'serial-oe.trainSerialOe';
  if (machineType !== start.machineType) {
    throw new RangeError(
      `${where}: machineType must be that of the model that is tuned further, ${start.machineType}, got ${machineType}.`,
    );
  }
  for (const section of ['frontEnd', 'network'] as const) {
    const fields = Object.entries(config[section]);
    const known = start.config[section] as Readonly<Record<string, unknown>>;
    const changed = fields.find(([key, value]) => JSON.stringify(value) !== JSON.stringify(known[key]));
    if (changed === undefined) continue;
    const [key, value] = changed;
    throw new RangeError(
      `${where}: config.${section}.${key} must be ${JSON.stringify(known[key])} as in the model that is tuned further, got ` +
        `${JSON.stringify(value)}. Train anew to change it.`,
    );
  }
}

/** How the batches pass through the network. */
function planPasses({
  config,
  set,
  workers,
  ops,
}: Pick<PlannedTraining, 'config' | 'set' | 'workers' | 'ops'>): MemoryPlan {
  return planMemory({
    config,
    inputShape: new FrontEnd(config.frontEnd).imageShape,
    nMachineIds: set.machineIds.length,
    backend: getBackend(),
    operations: operationsName(ops),
    workers,
  });
}

function checkThreads(
  { threads }: Platform,
  { workers = 1, featureWorkers = threads.features, checkpointEveryEpochs, ops }: TrainSerialOeOptions,
): { workers: number; featureWorkers: number } {
  const where = 'serial-oe.trainSerialOe';
  checkThreadCount(`${where}: featureWorkers`, featureWorkers, 0);
  checkThreadCount(`${where}: workers`, workers);
  if (checkpointEveryEpochs !== undefined)
    checkNumber(`${where}: checkpointEveryEpochs`, checkpointEveryEpochs, POSITIVE_COUNT);
  if (workers > 1 && ops !== undefined) {
    throw new TypeError(
      `${where}: ops must be left out with workers above 1: they cannot be sent to threads.`,
    );
  }
  return { workers, featureWorkers };
}

function checkDataset(options: TrainSerialOeOptions | undefined): void {
  const dataset: Partial<Dataset> | undefined = options?.dataset;
  if (Array.isArray(dataset?.clips)) return;
  throw new TypeError(
    `serial-oe.trainSerialOe: dataset must be a data set { clips }, got ${Array.isArray(dataset) ? 'an array' : typeof dataset}. ` +
      'scanDataset and synthesizeMachineSounds of @serial-oe/datasets find or make clips.',
  );
}
