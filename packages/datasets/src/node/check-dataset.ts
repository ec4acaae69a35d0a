import {
  AT_LEAST_ZERO,
  checkNumber,
  checkOneOf,
  checkOptions,
  type OptionNames,
  show,
} from '@serial-oe/foundation';
import type { Clip, Dataset } from '../clip';
import { TRAIN_ANOMALY_NOTE } from '../layout/placing-notes';
import { type CheckedClip, groupBy } from './check/checked-clip';
import type { DatasetProblem } from './check/dataset-problem';
import { findAudioProblems } from './check/find-audio-problems';
import { findMissingMachines } from './check/find-missing-machines';
import { findSameAudio } from './check/find-same-audio';
import { findTooFew } from './check/find-too-few';
import { inspectClip, type UnusableClip } from './check/inspect-clip';
import { type MachineSummary, summarizeMachines } from './check/summarize-machines';
import { scanDataset } from './scan-dataset';

export interface CheckDatasetOptions {
  /**
   * `dcase2020`: the data set must be DCASE2020 Task 2: six types, the IDs of `DCASE2020_SPLITS`, 16 kHz, mono, normal
   * training clips alone. `none`: any. Default: `dcase2020` where its name says so, else `none`.
   */
  expected?: 'dcase2020' | 'none' | undefined;
  /** Shortest clip that can be used, seconds. Default 2, the chunk of the presets. */
  minSeconds?: number | undefined;
  /** Stops between two clips: the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called after each clip. */
  onProgress?: ((progress: { nDone: number; nTotal: number; path: string }) => void) | undefined;
}

const OPTIONS: OptionNames<CheckDatasetOptions> = {
  expected: true,
  minSeconds: true,
  signal: true,
  onProgress: true,
};

/** What checkDataset found. */
export interface DatasetCheck {
  name: string;
  nClips: number;
  /** What it was read as, in words; null where the data set does not say it. */
  readAs: string | null;
  expected: 'dcase2020' | 'none';
  /** Errors first. */
  problems: DatasetProblem[];
  /** A row a machine, sorted. */
  machines: MachineSummary[];
}

const CALLER = 'datasets.checkDataset';
const DEFAULT_MIN_SECONDS = 2;
const DCASE2020_NAME = /dcase[-_ ]?2020/i;

/**
 * Reads every clip of a data set and says what is wrong with it: files that cannot be read, audio that is silent, clipped,
 * too short or of another format than the rest, the same recording in train and test or under two labels, anomalies in
 * train, machines that are missing, and what too few clips prevent.
 *
 * The same recording is found by its samples; a copy at another level or sample rate is not.
 *
 * @param source a data set, or the folder or CSV manifest of one, in any layout that scanDataset reads
 * @throws DatasetError as scanDataset does; the signal's reason where it was aborted
 * @example
 * const { problems, machines } = await checkDataset('dcase2020');
 * const isUsable = problems.every(({ severity }) => severity !== 'error');
 */
export async function checkDataset(
  source: string | Dataset,
  options: CheckDatasetOptions = {},
): Promise<DatasetCheck> {
  checkOptions(CALLER, options, OPTIONS);
  const { expected, minSeconds = DEFAULT_MIN_SECONDS } = options;
  if (typeof source !== 'string' && !Array.isArray(source?.clips)) {
    throw new TypeError(`${CALLER}: source must be a path or a data set { clips }, got ${show(source)}.`);
  }
  checkNumber(`${CALLER}: minSeconds`, minSeconds, AT_LEAST_ZERO);
  if (expected !== undefined) checkOneOf(`${CALLER}: expected`, expected, ['dcase2020', 'none']);
  const dataset = typeof source === 'string' ? scanDataset(source) : source;
  const { clips, name = 'unnamed', warnings = [] } = dataset;
  const resolved = expected ?? (DCASE2020_NAME.test(name) ? 'dcase2020' : 'none');
  const isDcase2020 = resolved === 'dcase2020';
  const { checked, unusable } = await inspectClips(clips, options);
  const machines = summarizeMachines(clips, checked);
  const problems = [
    ...findUnusable(unusable),
    ...findAudioProblems(checked, { minSeconds, isDcase2020 }),
    ...findSameAudio(checked),
    ...findTrainAnomalies(clips, isDcase2020),
    ...warnings.filter((warning) => !warning.endsWith(TRAIN_ANOMALY_NOTE)).map(oddLayout),
    ...(isDcase2020 ? findMissingMachines(machines) : []),
    ...findTooFew(machines, { isDcase2020 }),
  ];
  const errors = problems.filter(({ severity }) => severity === 'error');
  return {
    name,
    nClips: clips.length,
    readAs: dataset.readAs ?? null,
    expected: resolved,
    problems: [...errors, ...problems.filter(({ severity }) => severity !== 'error')],
    machines,
  };
}

interface InspectedClips {
  checked: CheckedClip[];
  unusable: (UnusableClip & { clip: Clip })[];
}

async function inspectClips(
  clips: readonly Clip[],
  { signal, onProgress }: CheckDatasetOptions,
): Promise<InspectedClips> {
  const inspected: InspectedClips = { checked: [], unusable: [] };
  for (const [i, clip] of clips.entries()) {
    signal?.throwIfAborted();
    const facts = await inspectClip(clip);
    if ('hash' in facts) inspected.checked.push({ clip, facts });
    else inspected.unusable.push({ clip, ...facts });
    onProgress?.({ nDone: i + 1, nTotal: clips.length, path: clip.path });
  }
  return inspected;
}

/** One problem for each reason, whatever its figures, since what broke a copy often broke many files alike. */
function findUnusable(unusable: InspectedClips['unusable']): DatasetProblem[] {
  const groups = groupBy(
    unusable,
    ({ kind, reason }) => `${kind} ${reason.replace(/ffmpeg -i .*|\d+/g, 'N')}`,
  );
  return [...groups.values()].flatMap((alike) =>
    alike.slice(0, 1).map(({ kind, reason }) => ({
      severity: 'error',
      kind,
      message: `${alike.length} clip(s) cannot be read: ${reason}`,
      paths: alike.map(({ clip }) => clip.path),
    })),
  );
}

function findTrainAnomalies(clips: readonly Clip[], isDcase2020: boolean): DatasetProblem[] {
  const found = clips.filter(({ split, label }) => split === 'train' && label === 'anomaly');
  if (found.length === 0) return [];
  return [
    {
      severity: isDcase2020 ? 'error' : 'warning',
      kind: 'trainAnomaly',
      message: isDcase2020
        ? `${found.length} anomalous clip(s) in train, where DCASE2020 has none.`
        : `${found.length} anomalous clip(s) in train: they train as known anomalies.`,
      paths: found.map(({ path }) => path),
    },
  ];
}

function oddLayout(message: string): DatasetProblem {
  return { severity: 'warning', kind: 'layout', message, paths: [] };
}
