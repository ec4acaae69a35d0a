import type { Clip, Dataset } from '@serial-oe/datasets';
import type { OptionNames } from '@serial-oe/foundation';
import { TRAIN_OPTIONS, type TrainSerialOeOptions } from '../training/train-options';

/** A recording of a machine of the model's type; one of a data set fits. In memory, or a file of which `path` alone is given. */
export interface LabelledRecording extends Partial<Pick<Clip, 'path' | 'waveform' | 'sampleRate'>> {
  machineId: string;
}

/** What was learnt about recordings in use. */
export interface FinetuneRecordings {
  /** Recordings of faults. */
  anomalies?: readonly LabelledRecording[] | undefined;
  /** Further normal ones, such as false alarms. */
  normals?: readonly LabelledRecording[] | undefined;
}

type FromModel = 'dataset' | 'machineType' | 'preset' | 'pretrainedWeights' | 'ops';

/** Options of `model.finetune`: those of `trainSerialOe`, but for what the model says. */
export interface FinetuneOptions extends Omit<TrainSerialOeOptions, FromModel> {
  /**
   * What the model was trained on, or other recordings of its machines and of other types. Needed for a model that was loaded; one that
   * was trained in this process remembers it.
   */
  dataset?: Dataset | undefined;
}

const { machineType, preset, pretrainedWeights, ops, ...others } = TRAIN_OPTIONS;

/** Their names; another one is an error. */
export const FINETUNE_OPTIONS: OptionNames<FinetuneOptions> = others;
export const RECORDINGS: OptionNames<FinetuneRecordings> = { anomalies: true, normals: true };
