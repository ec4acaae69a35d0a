import { aggregate } from '@serial-oe/aggregator';
import { seededRandom } from '@serial-oe/datasets';
import { anomalyScores, type OutlierDetector } from '@serial-oe/detectors';
import { TrainingDataError } from '@serial-oe/runtime';
import type { SerialOeConfig } from '@serial-oe/serial-oe';
import { ALL_MACHINES, stackEmbeddings } from '@serial-oe/serial-oe';
import { createDetector } from './detector-spec';
import type { ClipRow, EmbeddedClip, ScoringJob } from './job-types';

/**
 * Scores test clips by detectors on the embeddings of normal clips, one a machine ID, or one for all in a run without
 * machine IDs. With the configuration's own detector and aggregation these are the scores of the trained model.
 *
 * @throws TrainingDataError naming the machine ID whose detector cannot be fitted
 */
export function scoreEmbeddings(
  clips: readonly EmbeddedClip[],
  config: SerialOeConfig,
  job: ScoringJob,
): ClipRow[] {
  const asked = new Set(job.testClips);
  const tested = clips.filter(({ role, name }) => role === 'test' && asked.has(name));
  const isFitted = ({ role, isContaminant }: EmbeddedClip) =>
    role === 'fit' && !(isContaminant && job.protocol.contamination === 'extractorOnly');
  const fitted = clips.filter(isFitted);
  const groups = config.useMachineIds
    ? [...new Set(tested.map(({ machineId }) => machineId))]
    : [ALL_MACHINES];
  return groups.flatMap((group) => {
    const ofGroup = (some: readonly EmbeddedClip[]) =>
      some.filter(({ machineId }) => group === ALL_MACHINES || machineId === group);
    const detector = fitDetector(group, ofGroup(fitted), config, job);
    const ofClips = ofGroup(tested);
    const chunkScores = ofClips.map(({ embeddings }) => anomalyScores(detector, embeddings));
    if (job.protocol.scoreNormalization === 'perIdZScore') standardize(ofClips, chunkScores);
    return ofClips.map(({ name, machineId, label }, i) => ({
      name,
      machineId,
      label,
      anomalyScore: aggregate(chunkScores[i] as Float64Array, job.aggregation),
    }));
  });
}

function fitDetector(
  group: string,
  clips: readonly EmbeddedClip[],
  config: SerialOeConfig,
  { detector: asked }: ScoringJob,
): OutlierDetector {
  const { detector, seed } = config;
  const spec = asked ?? { kind: 'gaussianMixture', nComponents: detector.nComponents };
  try {
    const created = createDetector(spec, detector, seededRandom(seed, 'mixture', group));
    return created.fit(stackEmbeddings(clips.map(({ embeddings }) => embeddings)));
  } catch (cause) {
    throw new TrainingDataError(
      `serial-oe.experiment: the detector ${JSON.stringify(spec)} of machine ID ${group} cannot be fitted on ` +
        `${clips.length} clip(s): ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Mean 0 and standard deviation 1 over the chunks of all clips of a machine ID; in place. */
function standardize(clips: readonly EmbeddedClip[], chunkScores: readonly Float64Array[]): void {
  for (const id of new Set(clips.map(({ machineId }) => machineId))) {
    const ofId = chunkScores.filter((_, i) => clips[i]?.machineId === id);
    const n = ofId.reduce((sum, { length }) => sum + length, 0);
    const total = (of: (score: number) => number) =>
      ofId.reduce((sum, scores) => scores.reduce((inner, score) => inner + of(score), sum), 0);
    const mean = total((score) => score) / n;
    const std = Math.sqrt(total((score) => (score - mean) ** 2) / n);
    if (std === 0) continue; // all alike: nothing to scale, and no order to lose
    for (const scores of ofId) for (const [i, score] of scores.entries()) scores[i] = (score - mean) / std;
  }
}
