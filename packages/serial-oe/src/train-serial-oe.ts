import { readClips } from './data/read-clips';
import type { Amplitude } from './features/front-end';
import type { SpectrogramSource } from './features/spectrogram-source';
import { checkDetectorData } from './model/check-detector-data';
import { createEmbedder } from './model/create-embedder';
import { describeProvenance } from './model/describe-provenance';
import { fitDetectors } from './model/fit-detectors';
import { SerialOeModel } from './model/serial-oe-model';
import type { Platform } from './platform';
import { modelFingerprint } from './training/fingerprint';
import { type PlannedTraining, planTraining } from './training/plan-training';
import { trainExtractor } from './training/train-extractor';
import type { TrainSerialOeOptions } from './training/train-options';

const DEFAULT_CACHE_BYTES = 2 ** 30;

/** `trainSerialOe` on a platform: check, read, train, fit, and the model is there. */
export async function trainSerialOeWith(
  platform: Platform,
  options: TrainSerialOeOptions,
): Promise<SerialOeModel> {
  const training = await planTraining(platform, options);
  const { amplitude, nChunks } = await readClips(platform.loadClip, training.set, training);
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
      return new SerialOeModel(
        { config, machineType, amplitude, weights, nHeadOutputs, embedder, ...fitted, provenance },
        platform,
      );
    } catch (error) {
      embedder.dispose(); // without a model nobody else would
      throw error;
    }
  } finally {
    await source.close();
  }
}

/** `trainingFingerprint` on a platform. */
export async function trainingFingerprintWith(
  platform: Platform,
  options: TrainSerialOeOptions,
): Promise<string> {
  return modelFingerprint(await planTraining(platform, { ...options, onProgress: undefined }));
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
