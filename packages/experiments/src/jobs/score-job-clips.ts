import { quantile } from '@serial-oe/foundation';
import type { ClipScorer, FileAccess, Platform, ReadClip } from '@serial-oe/runtime';
import { readAhead } from '@serial-oe/runtime';
import { ExperimentError } from './experiment-error';
import type { JobContext } from './job-context';
import type { ClipScores, NamedClip, RunRecord, TimingFile } from './job-types';
import { readJobJson } from './read-job-json';

/**
 * Clips whose scoring is timed, enough for a median: of the others the next one is read and decoded meanwhile, on the same thread, which
 * would count as scoring.
 */
export const N_TIMED = 21;

/** By name: the clip's score, and that of each chunk. */
type ClipScoresFile = Record<string, { anomalyScore: number; chunkScores: number[] }>;

/** The test clips that are asked for, as the system scores them: from the job's file, and by its scorer what is not there. */
export async function scoreJobClips(context: JobContext, record: RunRecord): Promise<ClipScores[]> {
  const { files, paths, job } = context;
  const asked = new Set(job.scorings.filter(({ detector }) => detector === null).flatMap((s) => s.testClips));
  const clips = job.testClips.filter(({ name }) => asked.has(name));
  const known = (await files.exists(paths.clipScores)) ? await readClipScores(files, paths.clipScores) : {};
  const missing = clips.filter(({ name }) => !Object.hasOwn(known, name));
  if (missing.length > 0) {
    const scorer = await context.scorer(record);
    const milliseconds: number[] = [];
    let nDone = 0;
    for await (const { isAlone, ...audio } of readClips(missing, context.options.platform.loadClip)) {
      context.throwIfStopped();
      const startedAt = performance.now();
      known[audio.clip.name] = await scoreClip(scorer, audio);
      if (isAlone) milliseconds.push(performance.now() - startedAt);
      context.options.onEvent({ kind: 'scoring', nDone: ++nDone, nTotal: missing.length });
    }
    await files.writeFile(paths.clipScores, JSON.stringify(known));
    const msPerClip = quantile(Float64Array.from(milliseconds).sort(), 0.5);
    const timing: TimingFile = { msPerClip, nClips: milliseconds.length };
    await files.writeFile(paths.timing, JSON.stringify(timing));
  }
  return clips.map(({ name, machineType, machineId, label, domain }) => {
    const { anomalyScore, chunkScores } = known[name] as ClipScoresFile[string];
    const facts = { name, machineType, machineId, label, ...(domain && { domain }) };
    return { ...facts, anomalyScore, chunkScores: Float64Array.from(chunkScores) };
  });
}

/** Clips in turn; `isAlone` where nothing is read while it is scored. */
async function* readClips(
  clips: readonly NamedClip[],
  loadClip: Platform['loadClip'],
): AsyncGenerator<ReadClip<NamedClip> & { isAlone: boolean }> {
  for (const clip of clips.slice(0, N_TIMED)) yield { clip, ...(await loadClip(clip)), isAlone: true };
  for await (const audio of readAhead(clips.slice(N_TIMED), loadClip)) yield { ...audio, isAlone: false };
}

/** Clips whose entry is not what a run writes are scored again. */
async function readClipScores(files: FileAccess, path: string): Promise<ClipScoresFile> {
  const found = (await readJobJson<ClipScoresFile | null>(files, path)) ?? {};
  const isWhole = (entry: Partial<ClipScoresFile[string]> | null) =>
    Array.isArray(entry?.chunkScores) && [entry.anomalyScore, ...entry.chunkScores].every(Number.isFinite);
  return Object.fromEntries(Object.entries(found).filter(([, entry]) => isWhole(entry)));
}

async function scoreClip(
  scorer: ClipScorer,
  { clip, waveform, sampleRate }: { clip: NamedClip; waveform: Float32Array; sampleRate: number },
): Promise<ClipScoresFile[string]> {
  const { machineType, machineId, path } = clip;
  const { anomalyScore, chunkScores } = await scorer.score(waveform, { sampleRate, machineType, machineId });
  if (![anomalyScore, ...chunkScores].every(Number.isFinite)) {
    throw new ExperimentError(
      `experiments.runExperiments: scores must be finite numbers, got ${anomalyScore} for ${path}.`,
    );
  }
  return { anomalyScore, chunkScores: [...chunkScores] };
}
