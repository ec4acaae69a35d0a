import type { Clip } from '@serial-oe/datasets';
import { loadRecording } from '@serial-oe/datasets/node';
import {
  type ClipScorer,
  type DatedScore,
  datedScore,
  type NormalRecording,
  TrainingDataError,
} from '@serial-oe/runtime/contract';
import { UsageError } from '../command/usage-error';
import type { LoadedModel } from '../model/loaded-model';

export interface RefitOptions {
  caller: string;
  /** Normal recordings that the model was not trained on. */
  usual: readonly Clip[];
  /** False alarms: normal recordings that it called anomalous. */
  falseAlarms: readonly Clip[];
  signal: AbortSignal;
  onProgress(text: string, share: number): void;
}

/**
 * Machines that raised false alarms are learnt anew, without training, from usual recordings and those together: a detector that knows
 * them, and thresholds by scores that were cross-fitted. False alarms alone would be the strangest of what is normal.
 * @throws UsageError for a model that learns no machine; TrainingDataError for one without usual recordings
 */
export async function refitMachines(
  {
    scorer,
    systemScorer,
    system,
    usesMachineIds,
  }: Pick<LoadedModel, 'scorer' | 'systemScorer' | 'system' | 'usesMachineIds'>,
  { caller, usual, falseAlarms, signal, onProgress }: RefitOptions,
): Promise<{ scorer: ClipScorer; scores: DatedScore[] }> {
  if (scorer.withMachine === undefined || !usesMachineIds) {
    throw new UsageError(
      `--normals needs a model that learns machines anew, and one of the system ${system} does not.`,
    );
  }
  const machineIds = [...new Set(falseAlarms.map(({ machineId }) => machineId))];
  const scores: DatedScore[] = [];
  let refitted = systemScorer;
  let nDone = 0;
  for (const machineId of machineIds) {
    const isOf = (clip: Clip) => clip.machineId === machineId;
    const own = [...usual.filter(isOf), ...falseAlarms.filter(isOf)];
    if (!usual.some(isOf)) {
      throw new TrainingDataError(
        `${caller}: --data must hold usual normal recordings of ${machineId} beside its false alarms, got none.`,
      );
    }
    const recordings: NormalRecording[] = [];
    for (const { path } of own) {
      signal.throwIfAborted();
      const { waveform, sampleRate } = await loadRecording(path);
      recordings.push({ path, waveform, sampleRate });
    }
    refitted = await refitted.withMachine!(machineId, recordings);
    const fitted = (refitted.normalScores ?? []).filter((score) => score.machineId === machineId);
    scores.push(...fitted.map((score) => datedScore(score)));
    onProgress(`learning machines anew ${++nDone}/${machineIds.length}`, nDone / machineIds.length);
  }
  return { scorer: refitted, scores };
}
