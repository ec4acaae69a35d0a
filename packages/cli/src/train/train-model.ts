import { type Clip, type Dataset, withKnownAnomalies } from '@serial-oe/datasets';
import {
  ALL_MACHINE_TYPES,
  BundleError,
  CheckpointError,
  type ClipScorer,
  decideByTraining,
  type FileAccess,
  FileExistsError,
  holdsModel,
  isZipName,
  type ScoreChange,
  saveModelFiles,
  type TrainingJob,
  type TrainingProgress,
} from '@serial-oe/runtime/contract';
import {
  checkWritable,
  claimFolder,
  createFileAccess,
  createNodePlatform,
} from '@serial-oe/runtime/node/files';
import { trainedFiles } from '../card/trained-files';
import { type DecisionFlags, ruleOf } from '../model/decide';
import { MODEL_MARKS } from '../model/find-model';
import { loadModel } from '../model/load-model';
import { loadSystem } from '../system-table';
import { readWeightsFile } from '../weights/read-weights-file';
import { withRecordedAnomalies } from './known-anomalies';
import type { TrainingConfig, WatchedTypes } from './train-config';

/** What `serial-oe train` was asked for. */
export interface TrainCommand extends TrainingConfig, WatchedTypes, DecisionFlags {
  /** What messages begin with; default `serial-oe train`. */
  caller?: string | undefined;
  dataset: Dataset;
  out: string;
  weightsFile: string | undefined;
  /** How many test anomalies an ID become known, or the folder that holds known anomalies. */
  knownAnomalies: number | string | undefined;
  /** Test anomalies an ID that are put aside; at least the known ones. */
  nHeldOut: number | undefined;
  /** The model that is tuned further. */
  startFrom?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Test clips that are no longer in the data set, since they train. */
  heldOutClips?: readonly Clip[] | undefined;
  workers: number | undefined;
  /** Of the recordings, for the model card. */
  licence?: string | undefined;
  /** Whether the network's weights are saved at half the size. */
  isFloat16?: boolean | undefined;
  isResumed: boolean;
  isRestarted: boolean;
  isOverwriting: boolean;
  signal: AbortSignal;
  onProgress: (progress: TrainingProgress) => void;
}

/** A model that a training was to make. */
export interface MadeModel {
  scorer: ClipScorer;
  /** Whether it was there before: nothing was done. */
  isFinishedAlready: boolean;
  /** What float16 did to the scores, where it was asked for and there is a network. */
  change: ScoreChange | null;
}

const CALLER = 'serial-oe train';

/**
 * Trains a model and saves it; the checkpoint beside it goes once the model is there. A run that is resumed and has made its model
 * already is finished.
 */
export async function trainModel(command: TrainCommand): Promise<MadeModel> {
  const { out, caller = CALLER } = command;
  const files = createFileAccess();
  const folder = `${out.replace(/[\\/]+$/, '')}.checkpoint`;
  const checkpoint = files.join(folder, 'checkpoint.safetensors'); // CHECKPOINT_FILE of training, which comes with tfjs
  let made: Promise<TrainingJob> | null = null;
  const jobOnce = () => {
    made ??= trainingJob(command, folder);
    return made;
  };
  const finished = command.isResumed ? await finishedModel(command, files, jobOnce) : null;
  if (finished === null) await checkOut(command, files);
  const release = await claimFolder(folder, caller);
  try {
    if (finished !== null || command.isRestarted) await files.remove(checkpoint);
    if (finished !== null) return { scorer: finished, isFinishedAlready: true, change: null };
    if (!command.isResumed && (await files.exists(checkpoint))) {
      throw new CheckpointError(
        `${caller}: ${checkpoint} holds an unfinished run. Pass --resume to go on with it, or --restart to start over.`,
      );
    }
    const job = await jobOnce();
    const system = await loadSystem(command.name);
    const platform = platformOf(command);
    const trained = await system.train(job, platform);
    const scorer = await decideByTraining(trained, {
      ...{ clips: job.clips, loadClip: platform.loadClip, signal: job.signal },
      rule: (clipSeconds) => ruleOf(command, { input: { ...trained.input, clipSeconds } }),
    });
    const { licence, isFloat16 = false } = command;
    const saved = await trainedFiles(scorer, { system, job, platform, licence, isFloat16 });
    const saving = { target: out, access: files, caller, marks: MODEL_MARKS };
    await saveModelFiles(saved.files, saving);
    await files.remove(checkpoint);
    return { scorer, isFinishedAlready: false, change: saved.change };
  } finally {
    await release();
  }
}

function platformOf({ workers }: TrainCommand) {
  return createNodePlatform(workers === undefined ? {} : { training: workers });
}

/** The model that is there, where it is what this training would make; null where there is none or another. */
async function finishedModel(
  command: TrainCommand,
  files: FileAccess,
  job: () => Promise<TrainingJob>,
): Promise<ClipScorer | null> {
  if (!(await files.exists(command.out))) return null;
  const model = await loadModel(command.out, { takesAllTypes: true }).catch((error) => {
    if (error instanceof BundleError) return null; // no model: checkOut says so
    throw error;
  });
  if (model === null) return null;
  let isSame = false;
  try {
    const system = await loadSystem(command.name);
    const { fingerprint } = model.scorer.provenance ?? {};
    isSame =
      model.system === command.name &&
      fingerprint !== undefined &&
      fingerprint === (await system.fingerprint?.(await job(), platformOf(command)));
    return isSame ? model.scorer : null;
  } finally {
    if (!isSame) await model.close();
  }
}

async function trainingJob(command: TrainCommand, folder: string): Promise<TrainingJob> {
  const { machineType, machineTypes, config, weightsFile, isResumed, onProgress, signal } = command;
  const { dataset, heldOutClips } = withAnomalies(command);
  return {
    clips: dataset.clips,
    datasetName: dataset.name,
    target: { machineType, machineTypes },
    ...{ config, heldOutClips, onProgress, signal },
    startFrom: weightsFile === undefined ? command.startFrom : await pretrained(weightsFile),
    checkpoint: { folder, resume: isResumed, everyEpochs: 1 },
  };
}

async function pretrained(weightsFile: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { PRETRAINED_FILE } = await import('@serial-oe/serial-oe');
  return new Map([[PRETRAINED_FILE, await readWeightsFile(`${CALLER}: --weights`, weightsFile)]]);
}

/** What would make saving fail is told before the training. */
async function checkOut(
  { out, isOverwriting, caller = CALLER }: TrainCommand,
  files: FileAccess,
): Promise<void> {
  const isZip = isZipName(out);
  if (!(await files.exists(out))) return checkWritable(out, { isFile: isZip });
  if (!isOverwriting) {
    throw new FileExistsError(
      `${caller}: ${out} must not exist yet. Choose another --out, or pass --overwrite.`,
    );
  }
  const isFolder = await files.isFolder(out);
  const isModel = isZip ? !isFolder : isFolder && (await holdsModel(out, files, MODEL_MARKS));
  if (!isModel) {
    throw new FileExistsError(
      `${caller}: ${out} must be a model to be replaced, got something else. Choose another --out.`,
    );
  }
  await checkWritable(out, { isFile: isZip });
}

/** The data set with known anomalies in its training split, and the test clips that were put aside for them. */
function withAnomalies(command: TrainCommand): { dataset: Dataset; heldOutClips: Clip[] } {
  const { dataset, machineType, knownAnomalies, seed, onProgress, heldOutClips = [] } = command;
  if (typeof knownAnomalies === 'string') {
    const onWarning = (message: string) => onProgress({ kind: 'warning', message });
    const path = knownAnomalies;
    return { dataset: withRecordedAnomalies(dataset, machineType, { path, onWarning }), heldOutClips: [] };
  }
  const { nHeldOut } = command;
  const made = { dataset, heldOutClips: [...heldOutClips] };
  for (const type of typesOf(command)) {
    const options = { machineType: type, nPerId: knownAnomalies ?? 0, nHeldOut, seed };
    const drawn = withKnownAnomalies(made.dataset, options);
    made.dataset = drawn.dataset;
    made.heldOutClips.push(...drawn.heldOutClips);
  }
  return made;
}

/** The types that are watched. */
function typesOf({ dataset, machineType, machineTypes }: TrainCommand): readonly string[] {
  if (machineType !== ALL_MACHINE_TYPES) return [machineType];
  return machineTypes ?? [...new Set(dataset.clips.map((clip) => clip.machineType))];
}
