import { readFile } from 'node:fs/promises';
import { type Clip, type Dataset, seededRandom, selectKnownAnomalies } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import type { PresetName, SerialOeConfigOverrides } from '../../config/config';
import { resolveConfig } from '../../config/resolve-config';
import { BundleError, CheckpointError } from '../../errors';
import type { SerialOeModel } from '../../model/serial-oe-model';
import { trainSerialOe } from '../../node';
import { createFileAccess } from '../../node/file-access';
import { CHECKPOINT_FILE } from '../../training/checkpoint-file';
import type { TrainingProgress } from '../../training/progress';

/** What `serial-oe train` was asked for. */
export interface TrainCommand {
  dataset: Dataset;
  machineType: string;
  out: string;
  preset: PresetName | undefined;
  config: SerialOeConfigOverrides;
  weightsFile: string | undefined;
  /** How many test anomalies an ID become known, or the folder that holds known anomalies. */
  knownAnomalies: number | string | undefined;
  /** Test anomalies an ID that are put aside; at least the known ones. */
  nHeldOut: number | undefined;
  nWorkers: number | undefined;
  isResumed: boolean;
  isRestarted: boolean;
  isOverwriting: boolean;
  signal: AbortSignal;
  onProgress: (progress: TrainingProgress) => void;
}

/** Trains a model and saves it; the checkpoint beside it goes once the model is there. */
export async function train(command: TrainCommand): Promise<SerialOeModel> {
  const { machineType, preset, config, out, onProgress, signal } = command;
  const files = createFileAccess();
  const checkpointDir = `${out.replace(/[\\/]+$/, '')}.checkpoint`;
  const checkpoint = files.join(checkpointDir, CHECKPOINT_FILE);
  if (!command.isOverwriting && (await files.exists(out))) {
    throw new BundleError(
      'format',
      `serial-oe train: ${out} must not exist yet. Choose another --out, or pass --overwrite.`,
    );
  }
  if (command.isRestarted) await files.remove(checkpoint);
  if (!command.isResumed && (await files.exists(checkpoint))) {
    throw new CheckpointError(
      `serial-oe train: ${checkpoint} holds an unfinished run. Pass --resume to go on with it, or --restart to start over.`,
    );
  }
  const pretrainedWeights =
    command.weightsFile === undefined ? undefined : await readFile(command.weightsFile);
  const { dataset, heldOutClips } = withKnownAnomalies(command);
  const model = await trainSerialOe({
    dataset,
    machineType,
    preset,
    config,
    pretrainedWeights,
    heldOutClips,
    nWorkers: command.nWorkers,
    checkpointDir,
    resume: command.isResumed,
    onProgress,
    signal,
  });
  await model.save(out);
  await files.remove(checkpointDir);
  return model;
}

/** The data set with known anomalies in its training split, and the test clips that were put aside for them. */
function withKnownAnomalies(command: TrainCommand): { dataset: Dataset; heldOutClips: Clip[] } {
  const { dataset, machineType, knownAnomalies, preset, config } = command;
  if (typeof knownAnomalies === 'string') {
    const known = scanDataset(knownAnomalies, { machineType }).clips.map(
      (clip): Clip => ({ ...clip, machineType, label: 'anomaly', split: 'train' }),
    );
    return { dataset: { ...dataset, clips: [...dataset.clips, ...known] }, heldOutClips: [] };
  }
  const nHeldOut = command.nHeldOut ?? knownAnomalies ?? 0;
  if (nHeldOut === 0) return { dataset, heldOutClips: [] };
  const ofType = dataset.clips.filter((clip) => clip.machineType === machineType);
  const { seed } = resolveConfig(preset, config);
  const { knownAnomalies: chosen, testClips } = selectKnownAnomalies(ofType, {
    nPerId: knownAnomalies ?? 0,
    nHeldOut,
    random: seededRandom(seed, 'known-anomalies'),
  });
  const kept = new Set(testClips);
  const heldOutClips = ofType.filter((clip) => clip.split === 'test' && !kept.has(clip));
  const heldOut = new Set(heldOutClips);
  const clips = [...dataset.clips.filter((clip) => !heldOut.has(clip)), ...chosen];
  return { dataset: { ...dataset, clips }, heldOutClips };
}
