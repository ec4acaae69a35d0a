import type { Dataset } from '@serial-oe/datasets';
import {
  backboneChecksum,
  type Extractor,
  type ExtractorOps,
  readPretrained,
} from '@serial-oe/efficientnet-extractor';
import { fastestOps, useBackend } from '@serial-oe/runtime';
import { getBackend } from '@tensorflow/tfjs-core';
import type { PresetName, SerialOeConfig, SerialOeConfigOverrides } from './config/config';
import { resolveConfig } from './config/resolve-config';
import { readClips } from './data/read-clips';
import { buildTrainingSet, type TrainingSet } from './data/training-set';
import type { FeatureSource } from './features/feature-source';
import { FrontEnd } from './features/front-end';
import { Embedder } from './model/embedder';
import { fitDetectors } from './model/fit-detectors';
import { clipKey, type Provenance } from './model/provenance';
import { SerialOeModel } from './model/serial-oe-model';
import type { Platform } from './platform';
import { sha256 } from './sha256';
import { countSteps } from './training/batch-plan';
import { checkpointFile } from './training/checkpoint-file';
import { selectEpoch } from './training/epoch-selection';
import { describeMemoryPlan, type MemoryPlan, planMemory } from './training/memory-plan';
import type { EpochSummary, TrainingProgress } from './training/progress';
import { initialPosition, runTraining } from './training/run-training';
import { operationsName } from './training/training-engine';
import { createValidation } from './training/validation';
import { VERSION } from './version';

export interface TrainSerialOeOptions {
  /** Clips of the target type and of others; those of the split `train` are used. */
  dataset: Dataset;
  /** The type to watch, such as `fan`. */
  machineType: string;
  /** Default 'quick'. */
  preset?: PresetName | undefined;
  /** Changes to the preset. */
  config?: SerialOeConfigOverrides | undefined;
  /**
   * tfjs backend, which must be registered (imported) already, such as 'wasm'. Default: the active one.
   */
  backend?: string | undefined;
  /**
   * timm's safetensors file of `tf_efficientnet_b0*`, or what `importPretrained` made of it. Default: random weights by
   * the seed.
   */
  pretrainedWeights?: Uint8Array | undefined;
  /**
   * Threads that train (Node; backends wasm and cpu). Default 1, this thread. With more, each batch is dealt out in equal
   * shards, each normalised by its own batch statistics, and gradients are averaged: about 1.9 times as fast with 2.
   * The result depends on the number, and is the same again for the same number.
   */
  workers?: number | undefined;
  /** Threads that prepare spectrograms beside the training. Default 1 in Node, 0 in a browser. */
  featureWorkers?: number | undefined;
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Stops the training after the running update, with a checkpoint where there is a `checkpointDir`. */
  signal?: AbortSignal | undefined;
  /** Folder for `checkpoint.safetensors`. Default: no checkpoints. */
  checkpointDir?: string | undefined;
  /** Goes on from the checkpoint in `checkpointDir`, if there is one. Default false: one that is there is an error. */
  resume?: boolean | undefined;
  /** A checkpoint is written after the first update beyond this time, and after the last of all. Default 60. */
  checkpointEverySeconds?: number | undefined;
  /** A checkpoint is also written at the end of every so many epochs, at least 1. Default: none for that reason. */
  checkpointEveryEpochs?: number | undefined;
  /** Decoded waveforms kept in memory, bytes a thread; default 1 GiB. Others are read again when they are drawn. */
  maxCacheBytes?: number | undefined;
  /** Test anomalies put aside for training by `selectKnownAnomalies`; noted in the model so that `evaluate` skips them. */
  heldOutClips?: readonly { machineType: string; machineId: string; path: string }[] | undefined;
  /**
   * Implementation of the extractor's operations. Default: `createWasmOps` of @serial-oe/wasm-kernels on the WASM
   * backend, which also gives that backend the training kernels that it lacks; pure tfjs elsewhere.
   */
  ops?: ExtractorOps | undefined;
}

const DEFAULT_CACHE_BYTES = 2 ** 30;
const DEFAULT_CHECKPOINT_SECONDS = 60;

/** `trainSerialOe` on a platform. */
export async function trainSerialOeWith(
  platform: Platform,
  options: TrainSerialOeOptions,
): Promise<SerialOeModel> {
  checkDataset(options);
  const { dataset, machineType, onProgress = () => {}, signal } = options;
  const config = resolveConfig(options.preset, options.config);
  const { pretrainedWeights } = options;
  const pretrained = pretrainedWeights ? backboneChecksum(readPretrained(pretrainedWeights).weights) : null;
  const featureWorkers = checkCount(
    'featureWorkers',
    options.featureWorkers ?? platform.defaultFeatureWorkers,
    0,
  );
  const workers = checkCount('workers', options.workers ?? 1, 1);
  if (options.checkpointEveryEpochs !== undefined)
    checkCount('checkpointEveryEpochs', options.checkpointEveryEpochs, 1);
  if (workers > 1 && options.ops !== undefined) {
    throw new TypeError(
      'serial-oe.trainSerialOe: ops must be left out with workers above 1: they cannot be sent to threads.',
    );
  }
  await useBackend(options.backend, { caller: 'trainSerialOe' });
  platform.checkTrainingThreads(workers); // before anything is read
  const ops =
    options.ops ?? (await fastestOps('training', (message) => onProgress({ kind: 'warning', message })));
  const set = buildTrainingSet(dataset, machineType, config);
  const plan = planTraining({ set, config, workers, ops, onProgress });
  const shared = { config, onProgress, signal };
  const amplitude = await readClips(platform.loadClip, set, shared);
  const source = platform.createFeatureSource(
    {
      clips: set.clips,
      frontEnd: config.frontEnd,
      amplitude,
      nMachineIds: config.loss.alpha > 0 ? set.machineIds.length : 0,
      maxCacheBytes: options.maxCacheBytes ?? DEFAULT_CACHE_BYTES,
    },
    featureWorkers,
  );
  try {
    const stage = { ...shared, options, pretrained, set, source, plan, workers, featureWorkers, ops };
    const { extractor, history } = await trainExtractor(platform, stage);
    try {
      const embedder = new Embedder(extractor);
      const detectors = await fitDetectors({ set, config, source, embedder, onProgress, signal });
      return new SerialOeModel(
        {
          config,
          machineType,
          amplitude,
          weights: await extractor.toWeightsAsync(),
          nHeadOutputs: extractor.config.nMachineIds,
          embedder,
          detectors,
          provenance: describe({ ...stage, history }),
        },
        platform,
      );
    } finally {
      extractor.dispose();
    }
  } finally {
    await source.close();
  }
}

interface StageOptions {
  config: SerialOeConfig;
  onProgress: (progress: TrainingProgress) => void;
  signal: AbortSignal | undefined;
}

/** Decides how the batches pass, and tells. */
function planTraining({
  set,
  config,
  workers,
  ops,
  onProgress,
}: Pick<TrainingStage, 'set' | 'config' | 'workers' | 'ops' | 'onProgress'>): MemoryPlan {
  const { nMels, nFrames } = new FrontEnd(config.frontEnd);
  const plan = planMemory({
    config,
    inputShape: [nMels, nFrames],
    nMachineIds: set.machineIds.length,
    backend: getBackend(),
    operations: operationsName(ops),
    workers,
  });
  const { microBatchSize, nMicroBatches, heapBytes } = plan;
  const message = describeMemoryPlan(plan, workers);
  onProgress({ kind: 'memoryPlan', microBatchSize, nMicroBatches, heapBytes, message });
  return plan;
}

/** What the stages of a training share. */
interface TrainingStage extends StageOptions {
  options: TrainSerialOeOptions;
  /** Checksum of the pretrained weights; null without. */
  pretrained: string | null;
  set: TrainingSet;
  source: FeatureSource;
  plan: MemoryPlan;
  workers: number;
  featureWorkers: number;
  ops: ExtractorOps | undefined;
}

/** Trains the extractor, from the start or from a checkpoint; the caller disposes it. */
async function trainExtractor(
  platform: Platform,
  stage: TrainingStage,
): Promise<{ extractor: Extractor; history: EpochSummary[] }> {
  const { options, config, set, source, plan, workers, ops, onProgress, signal } = stage;
  const { nMels, nFrames } = new FrontEnd(config.frontEnd);
  const setup = {
    config,
    nMachineIds: set.machineIds.length,
    inputShape: [nMels, nFrames] as [number, number],
    totalSteps: config.optimization.nEpochs * countSteps(set, config),
    microBatchSize: plan.microBatchSize,
    pretrainedWeights: options.pretrainedWeights,
  };
  const engine = await platform.createTrainingEngine(setup, { workers, ops });
  try {
    const { checkpointDir: folder, resume: isResumed = false } = options;
    const checkpoint = folder === undefined ? null : checkpointFile(platform, folder, fingerprint(stage));
    const restored = checkpoint && (await checkpoint.restore(engine, { isResumed }));
    if (restored) {
      const { epoch, stepInEpoch } = restored;
      onProgress({ kind: 'resumed', path: checkpoint.path, epoch, stepInEpoch });
    }
    const history = await runTraining({
      engine,
      set,
      config,
      source,
      nAhead: Math.max(1, stage.featureWorkers),
      position: restored ?? initialPosition(),
      onProgress,
      signal,
      saveCheckpoint: checkpoint && ((position) => checkpoint.save(engine, position)),
      checkpointEverySeconds: options.checkpointEverySeconds ?? DEFAULT_CHECKPOINT_SECONDS,
      checkpointEveryEpochs: options.checkpointEveryEpochs ?? Number.POSITIVE_INFINITY,
      validate: createValidation(engine, { set, config, source }),
      rssBytes: platform.rssBytes,
    });
    const extractor = await engine.takeExtractor();
    await engine.close();
    return { extractor, history };
  } catch (error) {
    await engine.close().catch(() => {}); // a backend that has run out of memory may fail here again
    throw error;
  }
}

/** What must be the same for a checkpoint to be continued. */
function fingerprint({ config, pretrained, set, ops, plan, workers }: TrainingStage): Record<string, string> {
  const { preset: _, ...sections } = config;
  const clips = set.clips.map((clip) => `${clipKey(clip)}/${clip.label}`).join('\n');
  return {
    machineType: set.machineType,
    backend: getBackend(),
    operations: operationsName(ops),
    workers: String(workers),
    'samples at once': String(plan.microBatchSize),
    'training clips': `${set.clips.length}, ${sha256(clips).slice(0, 12)}`,
    'pretrained weights': pretrained?.slice(0, 12) ?? 'none',
    ...Object.fromEntries(Object.entries(sections).map(([name, value]) => [name, JSON.stringify(value)])),
  };
}

function describe(stage: TrainingStage & { history: EpochSummary[] }): Provenance {
  const { options, config, pretrained, set, ops, plan, workers, history } = stage;
  return {
    trainedAt: new Date().toISOString(),
    version: VERSION,
    backend: getBackend(),
    operations: operationsName(ops),
    workers,
    microBatchSize: plan.microBatchSize,
    nMicroBatches: plan.nMicroBatches,
    dataset: options.dataset.name ?? 'unnamed',
    nNormalClips: set.normal.length,
    nPseudoAnomalousClips: set.pseudoAnomalous.length,
    nKnownAnomalies: set.anomalous.length,
    nValidationClips: set.validationNormal.length,
    nSteps: config.optimization.nEpochs * countSteps(set, config),
    selectedEpoch: (selectEpoch(history, config.validation.selection) as number) + 1,
    pretrainedWeights: pretrained,
    heldOutClips: (options.heldOutClips ?? []).map(clipKey),
    history,
  };
}

function checkDataset(options: TrainSerialOeOptions | undefined): void {
  const dataset: Partial<Dataset> | undefined = options?.dataset;
  if (Array.isArray(dataset?.clips)) return;
  throw new TypeError(
    `serial-oe.trainSerialOe: dataset must be a data set { clips }, got ${Array.isArray(dataset) ? 'an array' : typeof dataset}. ` +
      'scanDataset and synthesizeMachineSounds of @serial-oe/datasets find or make clips.',
  );
}

function checkCount(name: string, value: number, minimum: number): number {
  if (Number.isInteger(value) && value >= minimum) return value;
  throw new RangeError(`serial-oe.trainSerialOe: ${name} must be an integer >= ${minimum}, got ${value}.`);
}
