import { type Clip, type Dataset, withKnownAnomalies } from '@serial-oe/datasets';
import type { FileAccess } from '@serial-oe/runtime';
import { CheckpointError, FileExistsError } from '@serial-oe/runtime';
import { claimFolder, createFileAccess } from '@serial-oe/runtime/node';
import type { SerialOeConfig, SerialOeModel, TrainingProgress } from '@serial-oe/serial-oe';
import { MANIFEST_FILE, trainSerialOe } from '@serial-oe/serial-oe';
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

/** Trains a model and saves it; the checkpoint beside it goes once the model is there. */
export async function trainModel(command: TrainCommand): Promise<SerialOeModel> {
  const { out } = command;
  const files = createFileAccess();
  await checkOut(command, files);
  const checkpointDir = `${out.replace(/[\\/]+$/, '')}.checkpoint`;
  const release = await claimFolder(checkpointDir, 'serial-oe train');
  try {
    const checkpoint = files.join(checkpointDir, CHECKPOINT_FILE);
    if (command.isRestarted) await files.remove(checkpoint);
    if (!command.isResumed && (await files.exists(checkpoint))) {
      throw new CheckpointError(
        `serial-oe train: ${checkpoint} holds an unfinished run. Pass --resume to go on with it, or --restart to start over.`,
      );
    }
    const model = await trainFromFiles(command, checkpointDir);
    await model.save(out);
    await files.remove(checkpoint);
    return model;
  } finally {
    await release();
  }
}

async function trainFromFiles(command: TrainCommand, checkpointDir: string): Promise<SerialOeModel> {
  const { machineType, config, weightsFile, onProgress, signal, workers } = command;
  const pretrainedWeights =
    weightsFile === undefined ? undefined : await readWeightsFile('serial-oe train: --weights', weightsFile);
  const { dataset, heldOutClips } = withAnomalies(command);
  return trainSerialOe({
    dataset,
    machineType,
    config,
    pretrainedWeights,
    heldOutClips,
    workers,
    checkpointDir,
    resume: command.isResumed,
    onProgress,
    signal,
  });
}

/** What would make saving fail is told before the training. */
async function checkOut({ out, isOverwriting }: TrainCommand, files: FileAccess): Promise<void> {
  if (!(await files.exists(out))) return;
  if (!isOverwriting) {
    throw new FileExistsError(
      `serial-oe train: ${out} must not exist yet. Choose another --out, or pass --overwrite.`,
    );
  }
  const isZip = out.toLowerCase().endsWith('.zip');
  const isFolder = await files.isFolder(out);
  const isModel = isZip ? !isFolder : isFolder && (await files.exists(files.join(out, MANIFEST_FILE)));
  if (!isModel) {
    throw new FileExistsError(
      `serial-oe train: ${out} must be a model to be replaced, got something else. Choose another --out.`,
    );
  }
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
