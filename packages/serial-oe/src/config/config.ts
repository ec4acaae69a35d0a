import type { InferOutput } from 'valibot';
import type { FIELDS } from './config-schema';

/** Everything that decides the result of a training, with the data and the backend. Plain JSON; `describeConfig` explains each field. */
export type SerialOeConfig = InferOutput<typeof FIELDS>;

export type PresetName = SerialOeConfig['preset'];

/** How waveforms become spectrograms; the fields of `MelSpectrogram`'s options that matter here, plus chunking. */
export type FrontEndConfig = SerialOeConfig['frontEnd'];

/** The embedding network. */
export type NetworkConfig = SerialOeConfig['network'];

/** Eq. 1-4. */
export type LossConfig = SerialOeConfig['loss'];

/** Which ID loss is weighted by alpha. */
export type IdLossName = LossConfig['idLoss'];

/** Eq. 5-7. */
export type MixupConfig = SerialOeConfig['mixup'];

/** Samples of each kind in a mini-batch. */
export type BatchConfig = SerialOeConfig['batch'];

/** AdamW and OneCycleLR. */
export type OptimizationConfig = SerialOeConfig['optimization'];

/** Clips of each machine ID that are kept out of training. */
export type ValidationConfig = SerialOeConfig['validation'];

/** Which epoch's weights become the model. */
export type EpochSelection = ValidationConfig['selection'];

/** One Gaussian mixture a machine ID. */
export type DetectorConfig = SerialOeConfig['detector'];

/** From chunk scores to a verdict. */
export type DecisionConfig = SerialOeConfig['decision'];

/** Changes to a preset: any part of a {@link SerialOeConfig}, or all of one. */
export type SerialOeConfigOverrides = {
  [Name in keyof SerialOeConfig]?: SerialOeConfig[Name] extends object
    ? Partial<SerialOeConfig[Name]>
    : SerialOeConfig[Name];
};
