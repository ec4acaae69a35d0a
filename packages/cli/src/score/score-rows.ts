import type { Clip } from '@serial-oe/datasets';
import type { Explanation } from '@serial-oe/explain';
import { nameSome, printableLine } from '@serial-oe/foundation';
import type { ClipScore } from '@serial-oe/runtime/contract';
import { textTable } from '../terminal/format';

/** A clip's row of the results. */
export interface ScoreRow {
  path: string;
  machineId: string;
  /** 0 to 100, the threshold at 50; null where the model holds no normal scores. */
  severity: number | null;
  /** Among the machine's normal scores, in (0, 1); null where the model holds none. */
  percentile: number | null;
  anomalyScore: number;
  isAnomaly: boolean;
  threshold: number;
  /** How far the sound is from all normal training sounds, in distances of the farthest; null where the model cannot say. */
  distanceFromTraining: number | null;
  /** Whether that is so far that score and verdict mean little. */
  isUnlikeTraining: boolean;
  /** Of an ensemble: each member's score, in deviations above the mean of the machine's normal clips. */
  members?: Readonly<Record<string, number>>;
  /** Which seconds and frequencies made the score, where that was asked for. */
  explanation?: Explanation;
}

/** Columns of `--csv`. */
export const FIELDS = [
  'path',
  'machineId',
  'anomalyScore',
  'isAnomaly',
  'threshold',
  'distanceFromTraining',
  'isUnlikeTraining',
  'severity',
  'percentile',
] as const satisfies readonly Exclude<keyof ScoreRow, 'members' | 'explanation'>[];

/** The message, with the path where it does not say it. */
export function errorText({ clip, error }: { clip: Clip; error: Error }): string {
  const path = printableLine(clip.path);
  const message = error.message.replaceAll(clip.path, () => path);
  return message.includes(path) ? message : `${path}: ${message}`;
}

/** A score as a row. */
export function toRow({
  clip,
  score: { anomalyScore, isAnomaly, threshold, distanceFromTraining, isUnlikeTraining, members, ...score },
}: {
  clip: Clip;
  score: ClipScore;
}): ScoreRow {
  return {
    ...{ path: clip.path, machineId: clip.machineId },
    ...{ anomalyScore, isAnomaly, threshold },
    distanceFromTraining: distanceFromTraining ?? null,
    isUnlikeTraining: isUnlikeTraining ?? false,
    severity: score.severity ?? null,
    percentile: score.percentile ?? null,
    ...(members && { members }),
  };
}

/** Clips named in a warning. */
const N_NAMED = 5;

/** Warns of verdicts on sounds that the model cannot know; null where there are none. */
export function unlikeText(rows: readonly ScoreRow[]): string | null {
  const unlike = rows.filter(({ isUnlikeTraining }) => isUnlikeTraining);
  if (unlike.length === 0) return null;
  const named = unlike.map(
    ({ path, distanceFromTraining }) =>
      `${printableLine(path)} (${(distanceFromTraining ?? Number.NaN).toFixed(1)})`,
  );
  return (
    `${unlike.length} of ${rows.length} recording(s) sound unlike anything in training, so that score and verdict mean little. ` +
    'In distances of the training recording farthest from the others: ' +
    `${nameSome(named, { limit: N_NAMED, separator: ', ' })}. ` +
    'Another machine, another place or another microphone sounds so, and so may a grave fault: listen to them.'
  );
}

/** A line for each clip that was explained. */
export function explanationsText(rows: readonly ScoreRow[]): string {
  return rows
    .flatMap(({ path, explanation }) =>
      explanation ? [`${printableLine(path)}: ${explanation.text}\n`] : [],
    )
    .join('');
}

/** `12 of 43 clips anomalous`. */
export function verdictText(rows: readonly ScoreRow[]): string {
  return `${rows.filter(({ isAnomaly }) => isAnomaly).length} of ${rows.length} clip(s) anomalous`;
}

/** The rows as text. */
export function rowsText(rows: readonly ScoreRow[]): string {
  return textTable(
    [
      { title: 'path' },
      { title: 'ID' },
      { title: 'severity', align: 'right' },
      { title: 'percentile', align: 'right' },
      { title: 'score', align: 'right' },
      { title: 'threshold', align: 'right' },
      { title: 'verdict' },
    ],
    rows.map(({ path, machineId, anomalyScore, threshold, isAnomaly, isUnlikeTraining, ...row }) => [
      path,
      machineId,
      row.severity?.toFixed(0) ?? '-',
      row.percentile === null ? '-' : (100 * row.percentile).toFixed(1),
      anomalyScore.toFixed(2),
      threshold.toFixed(2),
      `${isAnomaly ? 'ANOMALY' : 'normal'}${isUnlikeTraining ? ', but unlike training' : ''}`,
    ]),
  );
}
