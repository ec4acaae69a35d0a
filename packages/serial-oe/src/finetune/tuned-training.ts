import { type Clip, type Dataset, findMachineId } from '@serial-oe/datasets';
import { checkOptions, show } from '@serial-oe/foundation';
import { TrainingDataError } from '@serial-oe/runtime';
import type { ModelParts } from '../model/model-parts';
import type { TrainSerialOeOptions } from '../training/train-options';
import { finetuneConfig } from './finetune-config';
import {
  FINETUNE_OPTIONS,
  type FinetuneOptions,
  type FinetuneRecordings,
  type LabelledRecording,
  RECORDINGS,
} from './finetune-options';

const WHERE = 'serial-oe.finetune';

/** The training by which a model is tuned further: its data with the recordings in the split `train`. */
export function tunedTraining(
  { config, machineType, detectors, dataset: remembered }: ModelParts,
  recordings: FinetuneRecordings,
  options: FinetuneOptions,
): TrainSerialOeOptions {
  checkOptions(WHERE, recordings, RECORDINGS);
  checkOptions(WHERE, options, FINETUNE_OPTIONS);
  const { dataset = remembered, config: changes, heldOutClips = [], ...others } = options;
  const known = { machineType, machineIds: [...detectors.keys()] };
  const added = [
    ...(recordings.anomalies ?? []).map((each, i) => toClip(each, { ...known, label: 'anomaly', i })),
    ...(recordings.normals ?? []).map((each, i) => toClip(each, { ...known, label: 'normal', i })),
  ];
  if (added.length === 0) {
    throw new TrainingDataError(
      `${WHERE}: anomalies or normals must hold at least one recording, got none of both.`,
    );
  }
  const paths = new Set(added.map(({ path }) => path));
  const { clips, name } = checkDataset(dataset);
  const taken = clips.filter((clip) => clip.split === 'test' && paths.has(clip.path));
  return {
    ...others,
    dataset: { clips: [...clips.filter(({ path }) => !paths.has(path)), ...added], ...(name && { name }) },
    machineType,
    preset: config.preset,
    config: finetuneConfig(config, changes),
    heldOutClips: [...heldOutClips, ...taken],
  };
}

function checkDataset(dataset: Dataset | undefined): Dataset {
  if (Array.isArray(dataset?.clips)) return dataset!;
  throw new TypeError(
    `${WHERE}: dataset must hold the recordings that the model was trained on, or others of its machines and of other types, got ` +
      `${show(dataset)}. A model that was loaded does not remember them.`,
  );
}

interface Labelling {
  machineType: string;
  machineIds: readonly string[];
  label: Clip['label'];
  /** Which of the recordings of its label it is. */
  i: number;
}

function toClip(
  { machineId, path, waveform, sampleRate }: LabelledRecording,
  { machineType, machineIds, label, i }: Labelling,
): Clip {
  const where = `${WHERE}: ${label === 'anomaly' ? 'anomalies' : 'normals'}[${i}]`;
  if (typeof machineId !== 'string' || machineId === '') {
    throw new TypeError(`${where}.machineId must be a name, got ${show(machineId)}.`);
  }
  if (path === undefined && waveform === undefined) {
    throw new TypeError(`${where} must hold a path or a waveform, got neither.`);
  }
  return {
    ...{ machineType, label, split: 'train', path: path ?? `${label} ${i + 1}` },
    machineId: findMachineId(machineIds, machineId) ?? machineId,
    ...(waveform !== undefined && { waveform }),
    ...(sampleRate !== undefined && { sampleRate }),
  };
}
