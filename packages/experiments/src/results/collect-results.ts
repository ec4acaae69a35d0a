import type { FileAccess } from '@serial-oe/runtime';
import { parseEmbeddings } from '../jobs/embeddings-file';
import { RUNS_FOLDER, runFiles, scoresFile } from '../jobs/job-files';
import type { RunRecord, ScoresFile } from '../jobs/job-types';
import { readRunJson } from '../jobs/read-job-json';
import type { Cell } from '../plan/plan-runs';
import { aggregateMeasurements } from './aggregate-measurements';
import { embeddingMap } from './embedding-map';
import type { EmbeddingMap, ExperimentResults, Failure, Measurement } from './experiment-results';
import { measure } from './measure';

export interface CollectOptions {
  files: FileAccess;
  outFolder: string;
  isDcase2020: boolean;
  /** All that were to be measured. */
  machineTypes: readonly string[];
  onMap: (nDone: number, nTotal: number) => void;
}

type Collected = Pick<ExperimentResults, 'measurements' | 'aggregates' | 'runs' | 'failures'>;

/** The figures of an experiment's cells from the files of their runs. */
export async function collectFigures(
  cells: readonly Cell[],
  failedRuns: ReadonlyMap<string, Error>,
  { files, outFolder, isDcase2020, machineTypes }: Omit<CollectOptions, 'onMap'>,
): Promise<Collected> {
  const measurements: Measurement[] = [];
  const failures: Failure[] = [];
  const runs = new Map<string, RunRecord>();
  for (const { variant, machineType, seed, runId, scoringKey } of cells) {
    const where = { variant: variant.id, machineType, seed, runId };
    const error = failedRuns.get(runId);
    if (error) {
      failures.push({ ...where, reason: error.message });
      continue;
    }
    const folder = files.join(outFolder, RUNS_FOLDER, runId);
    const { rows, problem } = await readRunJson<ScoresFile>(files, scoresFile(files, folder, scoringKey));
    const figures = measure(rows, { machineType, isDcase2020 });
    if (figures) measurements.push({ ...where, ...figures });
    else failures.push({ ...where, reason: problem ?? 'no clip was scored' });
    if (!runs.has(runId))
      runs.set(runId, await readRunJson<RunRecord>(files, runFiles(files, folder).record));
  }
  return {
    measurements,
    aggregates: aggregateMeasurements(measurements, machineTypes),
    runs: [...runs.values()],
    failures,
  };
}

/** A map of each variant and machine type, of the first seed. */
export async function collectMaps(
  cells: readonly Cell[],
  { files, outFolder, onMap }: CollectOptions,
): Promise<EmbeddingMap[]> {
  const first = cells.filter(({ seed }) => seed === cells[0]?.seed);
  const maps: EmbeddingMap[] = [];
  for (const [i, { variant, machineType, seed, runId }] of first.entries()) {
    const { embeddings: path } = runFiles(files, files.join(outFolder, RUNS_FOLDER, runId));
    if (await files.exists(path)) {
      const map = embeddingMap(parseEmbeddings(await files.read(path), path), { seed });
      if (map) maps.push({ variant: variant.id, machineType, seed, runId, ...map });
    }
    onMap(i + 1, first.length);
  }
  return maps;
}
