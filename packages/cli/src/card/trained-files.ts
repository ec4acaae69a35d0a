import type { Clip } from '@serial-oe/datasets';
import {
  ALL_MACHINE_TYPES,
  type AsdSystem,
  type ClipScorer,
  type ModelCard,
  type Platform,
  type ScoreChange,
  type TrainingJob,
  toCardFiles,
  withDecisions,
} from '@serial-oe/runtime/contract';
import { isDeciding } from '../model/decide';
import { isEnsemble } from '../model/loaded-model';
import { isOfType, knownMachine } from '../model/machine-names';
import { hasNetwork, isSystemName, learnsFromAnomalies, usesOtherTypes } from '../system-table';
import { describeData } from './describe-data';
import { makeCard } from './make-card';
import { measureChange } from './measure-change';

export interface TrainedFilesOptions {
  system: AsdSystem;
  job: TrainingJob;
  platform: Platform;
  /** Of the recordings. */
  licence: string | undefined;
  /** Whether the network's weights take half the room. */
  isFloat16: boolean;
}

export interface TrainedFiles {
  files: Map<string, Uint8Array>;
  /** What float16 did to the scores of the normal training clips; null where the weights are float32, or there are none. */
  change: ScoreChange | null;
}

/** Everything that is saved of a model that was just trained: its own files and its card. */
export async function trainedFiles(
  scorer: ClipScorer,
  { system, job, platform, licence, isFloat16 }: TrainedFilesOptions,
): Promise<TrainedFiles> {
  const { machineType, machineTypes } = job.target;
  const own = isDeciding(scorer) ? scorer.scorer : scorer;
  const members = isEnsemble(own) ? own.members.map(({ name }) => name) : [system.name];
  const isNetwork = members.some((name) => isSystemName(name) && hasNetwork(name));
  const isOfAllTypes = members.some((name) => isSystemName(name) && usesOtherTypes(name));
  const used = job.clips.filter(
    ({ split, label, machineType: type }) =>
      split === 'train' &&
      (isOfAllTypes || isOfType({ machineType: type }, machineType)) &&
      (label === 'normal' || learnsFromAnomalies(members)),
  );
  const type = isNetwork ? (isFloat16 ? 'float16' : 'float32') : null;
  const files = await scorer.toFiles(type === null ? undefined : { weights: type });
  const normals = used.flatMap((clip): Clip[] => {
    if (clip.label !== 'normal' || !isOfType(clip, machineType)) return [];
    if (machineType !== ALL_MACHINE_TYPES) return [clip];
    const machineId = knownMachine({ machineType, machineIds: scorer.machineIds }, clip);
    return machineId === undefined ? [] : [{ ...clip, machineId }];
  });
  const change =
    type === 'float16' && normals.length > 0
      ? await changeOf(scorer, files, { system, job, platform, normals })
      : null;
  const data: ModelCard['data'] = {
    ...{ name: job.datasetName ?? 'unnamed', licence: licence ?? null },
    folders: await describeData(used, { machineType, machineTypes, signal: job.signal }),
  };
  const card = makeCard(scorer, { system: system.name, machineType, data, weights: { type, change } });
  return { files: new Map([...files, ...toCardFiles(card)]), change };
}

/** The model as it is saved, beside the one that was trained. */
async function changeOf(
  scorer: ClipScorer,
  files: ReadonlyMap<string, Uint8Array>,
  {
    system,
    job,
    platform,
    normals,
  }: Pick<TrainedFilesOptions, 'system' | 'job' | 'platform'> & { normals: TrainingJob['clips'] },
): Promise<ScoreChange> {
  const loaded = await system.load(files, platform);
  const saved = isDeciding(scorer) ? withDecisions(loaded, scorer.decisions) : loaded;
  try {
    return await measureChange([scorer, saved], normals, { loadClip: platform.loadClip, signal: job.signal });
  } finally {
    saved.dispose();
  }
}
