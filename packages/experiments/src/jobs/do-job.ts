import { assertNoLeak } from '@serial-oe/datasets';
import { TrainingDataError } from '@serial-oe/runtime';
import { embedJobClips } from './embed-job-clips';
import { type DoJobOptions, JobContext } from './job-context';
import { scoresFile } from './job-files';
import type { ClipScores, EmbeddedClip, Job, JobEnd, RunRecord, ScoresFile, ScoringJob } from './job-types';
import { readRecord } from './read-job-json';
import { scoreByDetectors } from './score-by-detectors';
import { scoreJobClips } from './score-job-clips';
import { toClipRows } from './to-clip-rows';
import { trainJob } from './train-job';

/**
 * Does what is not done yet of a job: trains its system (going on from a checkpoint), and scores its test clips in each way
 * that was asked for. Everything that is finished stands in the job's folder and is kept.
 *
 * @throws DataLeakError where a test clip is among the training clips, under any protocol but the published code's
 * @throws JobStoppedError, and what the system throws
 */
export async function doJob(job: Job, options: DoJobOptions): Promise<void> {
  await doJobUntil('end', job, options);
}

/**
 * As {@link doJob}, up to there; whoever does the rest finds what is done.
 * @throws as {@link doJob}
 */
export async function doJobUntil(until: JobEnd, job: Job, options: DoJobOptions): Promise<void> {
  if (!job.isLeaky) assertNoLeak(job.trainClips, job.testClips);
  const context = new JobContext(job, options);
  const { files, paths } = context;
  try {
    const isTrained = await files.exists(paths.record);
    const record = isTrained ? await readRecord(files, paths.record) : await trainJob(context);
    const source = new ScoreSource(context, record);
    const isEmbedded = job.isMapped || (until === 'embeddings' && hasDetectors(job));
    if (isEmbedded && record.hasEmbeddings) await source.embeddings();
    const asked = until === 'end' ? job.scorings : job.scorings.filter(({ detector }) => detector === null);
    for (const [i, scoring] of asked.entries()) {
      context.throwIfStopped();
      const path = scoresFile(files, job.folder, scoring.key);
      if (!(await files.exists(path))) {
        const { testClips: _, ...way } = scoring;
        const scores: ScoresFile = { ...way, ...(await score(source, scoring)) };
        await files.writeFile(path, JSON.stringify(scores));
      }
      options.onEvent({ kind: 'scoring', nDone: i + 1, nTotal: asked.length });
    }
  } finally {
    context.dispose();
  }
}

/** Whether embeddings of it are scored by detectors. */
export function hasDetectors({ scorings }: Pick<Job, 'scorings'>): boolean {
  return scorings.some(({ detector }) => detector !== null);
}

/** What scorings of a job share, each made when the first of them asks. */
class ScoreSource {
  readonly context: JobContext;
  readonly record: RunRecord;
  #clipScores: Promise<ClipScores[]> | null = null;
  #embeddings: Promise<EmbeddedClip[]> | null = null;

  constructor(context: JobContext, record: RunRecord) {
    this.context = context;
    this.record = record;
  }

  /** The test clips, as the system scores them. */
  clipScores(): Promise<ClipScores[]> {
    this.#clipScores ??= scoreJobClips(this.context, this.record);
    return this.#clipScores;
  }

  embeddings(): Promise<EmbeddedClip[]> {
    this.#embeddings ??= embedJobClips(this.context, this.record);
    return this.#embeddings;
  }
}

/** What a detector cannot do on these clips, it can never do: that is a result too, and the other scorings go on. */
async function score(
  source: ScoreSource,
  scoring: ScoringJob,
): Promise<Pick<ScoresFile, 'rows' | 'problem'>> {
  const { record, context } = source;
  const asked = new Set(scoring.testClips);
  const isAsked = ({ name }: { name: string }) => asked.has(name);
  if (scoring.detector === null) {
    const clips = (await source.clipScores()).filter(isAsked);
    return { rows: toClipRows(clips, scoring), problem: null };
  }
  if (!record.hasEmbeddings) return { rows: [], problem: noEmbeddings(record.system) };
  const clips = await source.embeddings();
  try {
    const scores = scoreByDetectors(clips, scoring, context.job.seed);
    return { rows: toClipRows(scores, scoring), problem: null };
  } catch (error) {
    if (!(error instanceof TrainingDataError)) throw error;
    return { rows: [], problem: error.message };
  }
}

/** Why a detector or a map is left out. */
export function noEmbeddings(system: string): string {
  return `${system} gives no embeddings, which this needs (its scorer has no \`embed\`)`;
}
