import { SerialOeModel } from './model/serial-oe-model';
import type { StartModel } from './model/start-model';
import type { Platform } from './platform';
import { trainParts } from './train-parts';
import { modelFingerprint } from './training/fingerprint';
import { planTraining } from './training/plan-training';
import type { TrainSerialOeOptions } from './training/train-options';

/** `trainSerialOe` on a platform, from the beginning or from a model that was trained. */
export async function trainSerialOeWith(
  platform: Platform,
  options: TrainSerialOeOptions,
  start: StartModel | null = null,
): Promise<SerialOeModel> {
  return new SerialOeModel(await trainParts(platform, options, start), platform);
}

/** `trainingFingerprint` on a platform. */
export async function trainingFingerprintWith(
  platform: Platform,
  options: TrainSerialOeOptions,
  start: StartModel | null = null,
): Promise<string> {
  return modelFingerprint(await planTraining(platform, { ...options, onProgress: undefined }, start));
}
