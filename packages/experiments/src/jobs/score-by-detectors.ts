import { seededRandom } from '@serial-oe/datasets';
import { anomalyScores, type OutlierDetector } from '@serial-oe/detectors';
import type { Embeddings } from '@serial-oe/runtime';
import { TrainingDataError } from '@serial-oe/runtime';
import { createDetector } from './detector-spec';
import type { ClipScores, EmbeddedClip, ScoringJob } from './job-types';

/** Name of the random stream of a detector that all machines of a type share. */
const ALL_MACHINES = 'all';

/**
 * Scores the chunks of test clips by detectors on the embeddings of normal clips: one a machine ID, or one a type.
 * @throws TrainingDataError naming the machine ID whose detector cannot be fitted
 */
export function scoreByDetectors(
  clips: readonly EmbeddedClip[],
  scoring: ScoringJob,
  seed: number,
): ClipScores[] {
  const asked = new Set(scoring.testClips);
  const tested = clips.filter(({ role, name }) => role === 'test' && asked.has(name));
  const isFitted = ({ role, isContaminant }: EmbeddedClip) =>
    role === 'fit' && !(isContaminant && scoring.protocol.contamination === 'extractorOnly');
  const fitted = clips.filter(isFitted);
  const isPerId = scoring.detectorScope === 'machineId';
  const groupOf = ({ machineType, machineId }: EmbeddedClip) =>
    JSON.stringify([machineType, isPerId ? machineId : ALL_MACHINES]);
  const groups = new Map(tested.map((clip) => [groupOf(clip), isPerId ? clip.machineId : ALL_MACHINES]));
  return [...groups].flatMap(([group, machineId]) => {
    const ofGroup = (some: readonly EmbeddedClip[]) => some.filter((clip) => groupOf(clip) === group);
    const random = seededRandom(seed, 'mixture', machineId);
    const detector = fitDetector(ofGroup(fitted), { machineId, random, spec: scoring.detector });
    return ofGroup(tested).map(
      ({ name, machineType, machineId: id, label, embeddings }): ClipScores => ({
        ...{ name, machineType, machineId: id, label, anomalyScore: null },
        chunkScores: anomalyScores(detector, embeddings),
      }),
    );
  });
}

function fitDetector(
  clips: readonly EmbeddedClip[],
  { machineId, random, spec }: { machineId: string; random: () => number; spec: ScoringJob['detector'] },
): OutlierDetector {
  try {
    const detector = createDetector(spec as NonNullable<typeof spec>, random);
    return detector.fit(stack(clips.map(({ embeddings }) => embeddings)));
  } catch (cause) {
    throw new TrainingDataError(
      `experiments.runExperiments: the detector ${JSON.stringify(spec)} of machine ID ${machineId} cannot be fitted on ` +
        `${clips.length} clip(s): ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** The rows of all clips in one matrix. */
function stack(clips: readonly Embeddings[]): Embeddings {
  const nRows = clips.reduce((sum, clip) => sum + clip.nRows, 0);
  const nCols = clips[0]?.nCols ?? 0;
  const data = new Float32Array(nRows * nCols);
  let offset = 0;
  for (const clip of clips) {
    data.set(clip.data, offset);
    offset += clip.data.length;
  }
  return { data, nRows, nCols };
}
