import { withKnownAnomalies } from '@serial-oe/datasets';
import type { ExperimentProtocol } from '@serial-oe/serial-oe';
import type { ScoringRecipe, TrainingRecipe } from '../experiment-types';
import type { NamedClip, RunJob } from '../jobs/job-types';

/** Of a run: what trains, and what may be tested on. */
export type RunData = Pick<RunJob, 'trainClips' | 'testClips' | 'moved' | 'isLeaky'>;

export interface PlanDataOptions {
  machineType: string;
  seed: number;
  moved: TrainingRecipe['moved'];
  /** Size of the pool that is never tested on. */
  nHeldOut: number;
  protocol: ExperimentProtocol;
}

/** The roles of a data set's clips in one run. The draw of anomalies depends on the seed and the clips' names alone. */
export function planData(clips: readonly NamedClip[], options: PlanDataOptions): RunData {
  const { machineType, seed, moved, nHeldOut, protocol } = options;
  const train = clips.filter(({ split }) => split === 'train');
  const test = testClipsOf(clips, machineType);
  if (moved === undefined) return { trainClips: train, testClips: test, moved: [], isLeaky: false };
  const draw = { machineType, seed, nHeldOut, ...moved, protocol: protocol.knownAnomalies };
  const added = withKnownAnomalies({ clips }, draw).trainClips;
  const isLeaky = moved.as === 'anomaly' && protocol.knownAnomalies === 'reference';
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

/** Test clips of the type, of machine IDs that have normal training clips: others have no detector. */
function testClipsOf(clips: readonly NamedClip[], machineType: string): NamedClip[] {
  const ofType = clips.filter((clip) => clip.machineType === machineType);
  const trained = new Set(
    ofType
      .filter(({ split, label }) => split === 'train' && label === 'normal')
      .map(({ machineId }) => machineId),
  );
  return ofType.filter(({ split, machineId }) => split === 'test' && trained.has(machineId));
}
