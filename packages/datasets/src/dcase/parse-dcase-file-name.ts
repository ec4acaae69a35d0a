import type { Label } from '../clip';

/** What a DCASE2020 file name says. */
export interface DcaseFileName {
  label: Label;
  /** Two digits, such as `00`. */
  machineId: string;
  /** The running number of the recording. */
  clipNumber: number;
}

const DCASE_NAME = /(?:^|[/\\])(normal|anomaly)_id_(\d{2})_(\d{8})\.wav$/i;

/**
 * Reads a DCASE2020 Task 2 file name, `{normal,anomaly}_id_<NN>_<NNNNNNNN>.wav`, with or without folders
 * before it.
 *
 * @returns label, machine ID and running number, or `null` where the name is of another kind (so are the
 *   unlabelled `id_<NN>_<NNNNNNNN>.wav` of the challenge's evaluation set)
 * @example
 * parseDcaseFileName('fan/test/anomaly_id_02_00000017.wav');
 * // { label: 'anomaly', machineId: '02', clipNumber: 17 }
 */
export function parseDcaseFileName(name: string): DcaseFileName | null {
  const match = DCASE_NAME.exec(name);
  if (!match) return null;
  const [, label, machineId, clipNumber] = match as unknown as [string, string, string, string];
  return { label: label.toLowerCase() as Label, machineId, clipNumber: Number(clipNumber) };
}
