import type { ScoredClipOrError } from '@serial-oe/serial-oe';
import { textTable } from '../terminal/format';

/** A clip's row of the results. */
export interface ScoreRow {
  path: string;
  machineId: string;
  anomalyScore: number;
  isAnomaly: boolean;
  threshold: number;
}

/** Columns of `--csv`. */
export const FIELDS = [
  'path',
  'machineId',
  'anomalyScore',
  'isAnomaly',
  'threshold',
] as const satisfies readonly (keyof ScoreRow)[];

/** The message, with the path where it does not say it. */
export function errorText({ clip, error }: Extract<ScoredClipOrError, { error: Error }>): string {
  return error.message.includes(clip.path) ? error.message : `${clip.path}: ${error.message}`;
}

/** A score as a row. */
export function toRow({
  clip,
  score: { anomalyScore, isAnomaly, threshold },
}: Extract<ScoredClipOrError, { score: unknown }>): ScoreRow {
  return { path: clip.path, machineId: clip.machineId, anomalyScore, isAnomaly, threshold };
}

/** The rows as text. */
export function rowsText(rows: readonly ScoreRow[]): string {
  return textTable(
    [
      { title: 'path' },
      { title: 'ID' },
      { title: 'score', align: 'right' },
      { title: 'threshold', align: 'right' },
      { title: 'verdict' },
    ],
    rows.map(({ path, machineId, anomalyScore, threshold, isAnomaly }) => [
      path,
      machineId,
      anomalyScore.toFixed(2),
      threshold.toFixed(2),
      isAnomaly ? 'ANOMALY' : 'normal',
    ]),
  );
}
