import type { FileAccess } from '@serial-oe/runtime';
import type { OmittedVariant } from '../experiment-types';
import { noEmbeddings } from '../jobs/do-job';
import { parseEmbeddings } from '../jobs/embeddings-file';
import { jobFiles, RUNS_FOLDER, scoresFile } from '../jobs/job-files';
import type { EmbeddedClip, RunRecord, ScoresFile, TimingFile } from '../jobs/job-types';
import { readRecord, readScoresFile, readTiming } from '../jobs/read-job-json';
import type { Cell } from '../plan/plan-jobs';
import { aggregateMeasurements } from './aggregate-measurements';
import { costsOf, type RunOfVariant } from './costs';
import type { ScoredCell } from './difference-data';
import { embeddingMap } from './embedding-map';
import type { EmbeddingMap, ExperimentResults, Failure, Measurement } from './experiment-results';
import { measure } from './measure';

export interface CollectOptions {
  files: FileAccess;
  outFolder: string;
  /** By machine type; default all. */
  averagedIds: Readonly<Record<string, readonly string[]>>;
  /** All that were to be measured. */
  machineTypes: readonly string[];
}

interface Collected
  extends Pick<
    ExperimentResults,
    'measurements' | 'aggregates' | 'costs' | 'runs' | 'failures' | 'omittedVariants'
  > {
  /** The scores behind the measurements. */
  scored: ScoredCell[];
}

/** The figures of an experiment's cells from the files of their jobs. */
export async function collectFigures(
  cells: readonly Cell[],
  failedJobs: ReadonlyMap<string, Error>,
  options: CollectOptions,
): Promise<Collected> {
  const measurements: Measurement[] = [];
  const scored: ScoredCell[] = [];
  const failures: Failure[] = [];
  const omitted = new Map<string, OmittedVariant>();
  const runs = new Map<string, RunRecord>();
  const ofVariants: RunOfVariant[] = [];
  for (const { variant, machineType, seed, scores } of cells) {
    const where = { variant: variant.id, machineType, seed, runIds: scores.map(({ jobId }) => jobId) };
    const error = scores.map(({ jobId }) => failedJobs.get(jobId)).find((each) => each !== undefined);
    if (error) {
      failures.push({ ...where, reason: error.message });
      continue;
    }
    const read = await Promise.all(scores.map((score) => readScores(score, options)));
    for (const { record, timing } of read) {
      runs.set(record.id, record);
      ofVariants.push({ variant: variant.id, seed, record, timing });
    }
    if (read.some(({ file, record }) => file.detector !== null && !record.hasEmbeddings)) {
      const { id, title, system } = variant;
      omitted.set(id, { id, title, reason: noEmbeddings(system) });
      continue;
    }
    const rows = read.flatMap(({ file }) => file.rows);
    const problem = read.map(({ file }) => file.problem).find((each) => each !== null);
    const averagedIds = options.averagedIds[machineType];
    const figures = problem === undefined ? measure(rows, { machineType, averagedIds }) : null;
    if (figures) {
      measurements.push({ ...where, ...figures });
      scored.push({ variant: variant.id, machineType, seed, rows });
    } else failures.push({ ...where, reason: problem ?? 'no clip was scored' });
  }
  return {
    measurements,
    scored,
    aggregates: aggregateMeasurements(measurements, options.machineTypes),
    costs: costsOf(ofVariants),
    runs: [...runs.values()],
    failures,
    omittedVariants: [...omitted.values()],
  };
}

async function readScores(
  { jobId, scoringKey }: Cell['scores'][number],
  { files, outFolder }: CollectOptions,
): Promise<{ file: ScoresFile; record: RunRecord; timing: TimingFile | null }> {
  const folder = files.join(outFolder, RUNS_FOLDER, jobId);
  const paths = jobFiles(files, folder);
  const file = await readScoresFile(files, scoresFile(files, folder, scoringKey));
  const isTimed = file.detector === null && (await files.exists(paths.timing));
  return {
    file,
    record: await readRecord(files, paths.record),
    timing: isTimed ? await readTiming(files, paths.timing) : null,
  };
}

/** A map of each variant and machine type, of the first seed; none of a variant without embeddings. */
export async function collectMaps(
  cells: readonly Cell[],
  { files, outFolder }: CollectOptions,
  onMap: (nDone: number, nTotal: number) => void,
): Promise<EmbeddingMap[]> {
  const first = cells.filter(({ seed }) => seed === cells[0]?.seed);
  const maps: EmbeddingMap[] = [];
  for (const [i, { variant, machineType, seed, scores }] of first.entries()) {
    const ofJobs: EmbeddedClip[][] = [];
    for (const { jobId } of scores) {
      const path = jobFiles(files, files.join(outFolder, RUNS_FOLDER, jobId)).embeddings;
      if (await files.exists(path)) ofJobs.push(parseEmbeddings(await files.read(path), path));
    }
    const ofType = ofJobs.flat().filter((clip) => clip.machineType === machineType);
    const map = embeddingMap(ofType, { seed });
    if (map) {
      const runIds = scores.map(({ jobId }) => jobId);
      maps.push({ variant: variant.id, machineType, seed, runIds, ...map });
    }
    onMap(i + 1, first.length);
  }
  return maps;
}
