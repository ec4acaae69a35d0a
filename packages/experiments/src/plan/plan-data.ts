import { type Clip, withKnownAnomalies } from '@serial-oe/datasets';
import type { ExperimentProtocol, ScoringRecipe, TrainingRecipe } from '../experiment-types';
import type { Job, NamedClip } from '../jobs/job-types';

/** Of a job: what trains, and what may be tested on. */
export type JobData = Pick<Job, 'trainClips' | 'testClips' | 'moved' | 'isLeaky'>;

export interface PlanDataOptions {
  /** Types whose test clips are the job's. */
  machineTypes: readonly string[];
  /** The ones among them whose anomalies move; default all. */
  movedTypes?: readonly string[] | undefined;
  seed: number;
  moved: TrainingRecipe['moved'];
  /** Size of the pool that is never tested on. */
  nHeldOut: number;
  protocol: Pick<ExperimentProtocol, 'knownAnomalies'>;
}

/** The roles of a data set's clips in one job. The draw of anomalies depends on the seed and the clips' names alone. */
export function planData(clips: readonly NamedClip[], options: PlanDataOptions): JobData {
  const { machineTypes, movedTypes = machineTypes, seed, moved, nHeldOut, protocol } = options;
  const train = clips.filter(({ split }) => split === 'train');
  const test = machineTypes.flatMap((machineType) => testClipsOf(clips, machineType));
  if (moved === undefined) return { trainClips: train, testClips: test, moved: [], isLeaky: false };
  const isLeaky = moved.as === 'anomaly' && protocol.knownAnomalies === 'reference';
  const draw = { seed, nHeldOut, ...moved, protocol: protocol.knownAnomalies };
  const added = movedTypes.flatMap(
    (machineType) => withKnownAnomalies({ clips }, { machineType, ...draw }).trainClips,
  );
  const names = new Set(added.map(({ name }) => name));
  return {
    trainClips: [...train, ...added],
    testClips: isLeaky ? test : test.filter(({ name }) => !names.has(name)),
    moved: [...names].sort(),
    isLeaky,
  };
}

/** The test clips that are left when the pool of `nHeldOut` anomalies an ID is put aside. */
export function evaluatedClips(
  clips: readonly NamedClip[],
  {
    machineType,
    seed,
    nHeldOut = 0,
  }: { machineType: string; seed: number } & Pick<ScoringRecipe, 'nHeldOut'>,
): NamedClip[] {
  const test = testClipsOf(clips, machineType);
  if (nHeldOut === 0) return test;
  const draw = { machineType, seed, nPerId: 0, nHeldOut };
  const heldOut = new Set(withKnownAnomalies({ clips }, draw).heldOutClips);
  return test.filter((clip) => !heldOut.has(clip));
}

/** IDs of a type that have normal training clips, as they come. */
export function trainedIds(clips: readonly Clip[], machineType: string): string[] {
  const normals = clips.filter(
    (clip) => clip.machineType === machineType && clip.split === 'train' && clip.label === 'normal',
  );
  return [...new Set(normals.map(({ machineId }) => machineId))];
}

/** Test clips of the type, of machine IDs that have normal training clips: others have no detector. */
function testClipsOf(clips: readonly NamedClip[], machineType: string): NamedClip[] {
  const trained = new Set(trainedIds(clips, machineType));
  return clips.filter(
    (clip) => clip.machineType === machineType && clip.split === 'test' && trained.has(clip.machineId),
  );
}
