import { type Clip, type Dataset, withKnownAnomalies } from '@serial-oe/datasets';
import type { FileAccess } from '@serial-oe/runtime';
import { BundleError, CheckpointError, FileExistsError } from '@serial-oe/runtime';
import { checkWritable, claimFolder, createFileAccess } from '@serial-oe/runtime/node';
import type {
  SerialOeConfig,
  SerialOeModel,
  TrainingProgress,
  TrainSerialOeOptions,
} from '@serial-oe/serial-oe';
import { loadSerialOe, MANIFEST_FILE, trainingFingerprint, trainSerialOe } from '@serial-oe/serial-oe';
import { CHECKPOINT_FILE } from '@serial-oe/training';
import { readWeightsFile } from '../weights/read-weights-file';
import { withRecordedAnomalies } from './known-anomalies';

/** What `serial-oe train` was asked for. */
export interface TrainCommand {
  dataset: Dataset;
  machineType: string;
  out: string;
  config: SerialOeConfig;
  weightsFile: string | undefined;
  /** How many test anomalies an ID become known, or the folder that holds known anomalies. */
  knownAnomalies: number | string | undefined;
  /** Test anomalies an ID that are put aside; at least the known ones. */
  nHeldOut: number | undefined;
  workers: number | undefined;
  isResumed: boolean;
  isRestarted: boolean;
  isOverwriting: boolean;
  signal: AbortSignal;
  onProgress: (progress: TrainingProgress) => void;
}

/** A model that a training was to make. */
export interface MadeModel {
  model: SerialOeModel;
  /** Whether it was there before: nothing was done. */
  isFinishedAlready: boolean;
}

/**
 * Trains a model and saves it; the checkpoint beside it goes once the model is there. A run that is resumed and has made its model
 * already is finished.
 */
export async function trainModel(command: TrainCommand): Promise<MadeModel> {
  const { out } = command;
  const files = createFileAccess();
  const checkpointDir = `${out.replace(/[\\/]+$/, '')}.checkpoint`;
  const checkpoint = files.join(checkpointDir, CHECKPOINT_FILE);
  let made: Promise<TrainSerialOeOptions> | null = null;
  const optionsOnce = () => {
    made ??= trainOptions(command);
    return made;
  };
  const finished = command.isResumed ? await finishedModel(command.out, files, optionsOnce) : null;
  if (finished === null) await checkOut(command, files);
  const release = await claimFolder(checkpointDir, 'serial-oe train');
  try {
    if (finished !== null || command.isRestarted) await files.remove(checkpoint);
    if (finished !== null) return { model: finished, isFinishedAlready: true };
    if (!command.isResumed && (await files.exists(checkpoint))) {
      throw new CheckpointError(
        `serial-oe train: ${checkpoint} holds an unfinished run. Pass --resume to go on with it, or --restart to start over.`,
      );
    }
    const options = await optionsOnce();
    const { isResumed: resume, onProgress, signal } = command;
    const checkpoints = { checkpointDir, resume, checkpointEveryEpochs: 1 };
    const model = await trainSerialOe({ ...options, ...checkpoints, onProgress, signal });
    await model.save(out);
    await files.remove(checkpoint);
    return { model, isFinishedAlready: false };
  } finally {
    await release();
  }
}

/** The model that is there, where it is what this training would make; null where there is none or another. */
async function finishedModel(
  out: string,
  files: FileAccess,
  options: () => Promise<TrainSerialOeOptions>,
): Promise<SerialOeModel | null> {
  if (!(await files.exists(out))) return null;
  const model = await loadSerialOe(out).catch((error) => {
    if (error instanceof BundleError) return null; // no model: checkOut says so
    throw error;
  });
  if (model === null) return null;
  let isSame = false;
  try {
    isSame = model.provenance.fingerprint === (await trainingFingerprint(await options()));
    return isSame ? model : null;
  } finally {
    if (!isSame) model.dispose();
  }
}

async function trainOptions(command: TrainCommand): Promise<TrainSerialOeOptions> {
  const { machineType, config, weightsFile, workers } = command;
  const pretrainedWeights =
    weightsFile === undefined ? undefined : await readWeightsFile('serial-oe train: --weights', weightsFile);
  const { dataset, heldOutClips } = withAnomalies(command);
  return { dataset, machineType, config, pretrainedWeights, heldOutClips, workers };
}

/** What would make saving fail is told before the training. */
async function checkOut({ out, isOverwriting }: TrainCommand, files: FileAccess): Promise<void> {
  const isZip = out.toLowerCase().endsWith('.zip');
  if (!(await files.exists(out))) return checkWritable(out, { isFile: isZip });
  if (!isOverwriting) {
    throw new FileExistsError(
      `serial-oe train: ${out} must not exist yet. Choose another --out, or pass --overwrite.`,
    );
  }
  const isFolder = await files.isFolder(out);
  const isModel = isZip ? !isFolder : isFolder && (await files.exists(files.join(out, MANIFEST_FILE)));
  if (!isModel) {
    throw new FileExistsError(
      `serial-oe train: ${out} must be a model to be replaced, got something else. Choose another --out.`,
    );
  }
  await checkWritable(out, { isFile: isZip });
}

/** The data set with known anomalies in its training split, and the test clips that were put aside for them. */
function withAnomalies(command: TrainCommand): { dataset: Dataset; heldOutClips: Clip[] } {
  const { dataset, machineType, knownAnomalies, config, onProgress } = command;
  if (typeof knownAnomalies === 'string') {
    const onWarning = (message: string) => onProgress({ kind: 'warning', message });
    const path = knownAnomalies;
    return { dataset: withRecordedAnomalies(dataset, machineType, { path, onWarning }), heldOutClips: [] };
  }
  const { nHeldOut } = command;
  return withKnownAnomalies(dataset, {
    machineType,
    nPerId: knownAnomalies ?? 0,
    nHeldOut,
    seed: config.seed,
  });
}
