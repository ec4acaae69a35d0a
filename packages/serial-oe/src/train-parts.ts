import { readClips } from './data/read-clips';
import type { Amplitude } from './features/front-end';
import type { SpectrogramSource } from './features/spectrogram-source';
import { checkDetectorData } from './model/check-detector-data';
import { createEmbedder } from './model/create-embedder';
import { describeProvenance } from './model/describe-provenance';
import { fitDetectors } from './model/fit-detectors';
import type { ModelParts } from './model/model-parts';
import type { StartModel } from './model/start-model';
import type { Platform } from './platform';
import { type PlannedTraining, planTraining } from './training/plan-training';
import { trainExtractor } from './training/train-extractor';
import type { TrainSerialOeOptions } from './training/train-options';

const DEFAULT_CACHE_BYTES = 2 ** 30;

/** What a model is made of: check, read, train, fit. The training goes on from `start`, where there is one. */
export async function trainParts(
  platform: Platform,
  options: TrainSerialOeOptions,
  start: StartModel | null = null,
): Promise<ModelParts> {
  const training = await planTraining(platform, options, start);
  const { amplitude: measured, nChunks } = await readClips(platform.loadClip, training.set, training);
  const amplitude = start?.amplitude ?? measured;
  checkDetectorData(training.set, training.config, nChunks);
  const source = openSource(platform, training, amplitude);
  try {
    const { weights, history } = await trainExtractor(platform, training, source);
    const nHeadOutputs = weights.get('id_head.weight')?.shape[1] ?? 0;
    const { config, ops, set } = training;
    const embedder = createEmbedder({ config, weights, nHeadOutputs }, ops);
    try {
      const { effectiveRank, ...fitted } = await fitDetectors({ ...training, source, embedder });
      const provenance = describeProvenance(training, { history, effectiveRank });
      const { machineType } = set;
      const { dataset } = options;
      const made = { config, machineType, amplitude, weights, nHeadOutputs, embedder, ...fitted, provenance };
      return { ...made, dataset };
    } catch (error) {
      embedder.dispose(); // without a model nobody else would
      throw error;
    }
  } finally {
    await source.close();
  }
}

function openSource(
  platform: Platform,
  { set, config, options, featureWorkers }: PlannedTraining,
  amplitude: Amplitude,
): SpectrogramSource {
  const setup = {
    clips: set.clips,
    frontEnd: config.frontEnd,
    amplitude,
    nMachineIds: config.loss.alpha > 0 ? set.machineIds.length : 0,
    maxCacheBytes: options.maxCacheBytes ?? DEFAULT_CACHE_BYTES,
  };
  return platform.createSpectrogramSource(setup, featureWorkers);
}
