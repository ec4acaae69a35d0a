import type { WeightMap } from '@serial-oe/safetensors';
import { checkpointFile, runTraining } from '@serial-oe/training';
import { FrontEnd } from '../features/front-end';
import type { SpectrogramSource } from '../features/spectrogram-source';
import type { StartModel } from '../model/start-model';
import type { Platform } from '../platform';
import { planEpoch, scheduledSteps } from './batch-plan';
import { fingerprint } from './fingerprint';
import type { NetworkSetup, StartWeights } from './outlier-exposure';
import type { PlannedTraining } from './plan-training';
import type { EpochSummary, TrainingProgress } from './progress';
import { createValidation } from './validation';

/** Trains the extractor, from the start or from a checkpoint; its weights of the selected epoch. */
export async function trainExtractor(
  platform: Platform,
  training: PlannedTraining,
  source: SpectrogramSource,
): Promise<{ weights: WeightMap; history: EpochSummary[] }> {
  const { options, config, set, plan, workers, ops, onProgress } = training;
  const { checkpointDir: folder } = options;
  const checkpoint =
    folder === undefined ? null : checkpointFile(platform.files, folder, fingerprint(training));
  const engine = await platform.createTrainingEngine(networkSetup(training), {
    workers,
    ops,
    microBatchSize: plan.microBatchSize,
  });
  try {
    const { weights, history } = await runTraining(
      { planEpoch: (epoch) => planEpoch(set, config, epoch), prepare: (batch) => source.prepare(batch) },
      {
        engine,
        nEpochs: config.optimization.nEpochs,
        selection: config.validation.selection,
        validate: createValidation(engine, { set, config, source }),
        validateEveryEpochs: config.validation.everyEpochs,
        nAhead: Math.max(1, training.featureWorkers),
        checkpoint,
        resume: options.resume,
        checkpointEverySeconds: options.checkpointEverySeconds,
        checkpointEveryEpochs: options.checkpointEveryEpochs,
        onProgress: (event) => onProgress(event as TrainingProgress), // the terms are those of this loss
        signal: training.signal,
        rssBytes: platform.rssBytes,
      },
    );
    return { weights, history: history as EpochSummary[] };
  } finally {
    await engine.close().catch(() => {}); // a backend that has run out of memory may fail here again
  }
}

function networkSetup({ options, config, set, start }: PlannedTraining): NetworkSetup {
  return {
    config,
    nMachineIds: set.machineIds.length,
    inputShape: new FrontEnd(config.frontEnd).imageShape,
    scheduleSteps: config.optimization.nEpochs * scheduledSteps(set.normal.length, config),
    pretrainedWeights: options.pretrainedWeights,
    start: start === null ? undefined : startWeights(start, set.machineIds),
  };
}

/** Machines that were added to the model without training have no output. */
function startWeights(
  { weights, machineIds: known }: StartModel,
  machineIds: readonly string[],
): StartWeights {
  const trained = known.slice(0, weights.get('id_head.weight')?.shape[1] ?? 0);
  return { weights, outputs: machineIds.map((id) => trained.indexOf(id)) };
}
