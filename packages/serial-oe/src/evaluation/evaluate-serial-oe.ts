import type { Dataset } from '@serial-oe/datasets';
import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import { chooseTestClips, type Evaluation, measureScores } from '@serial-oe/runtime/contract';
import type { SerialOeModel } from '../model/serial-oe-model';
import { type ScoringThreadOptions, scoreClips } from './score-clips';

export interface EvaluateSerialOeOptions extends ScoringThreadOptions {
  dataset: Dataset;
  /** Highest false-positive rate of pAUC; default 0.1. */
  maxFpr?: number | undefined;
  onProgress?: ((progress: { nDone: number; nTotal: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const OPTIONS: OptionNames<EvaluateSerialOeOptions> = {
  dataset: true,
  maxFpr: true,
  workers: true,
  featureWorkers: true,
  onProgress: true,
  signal: true,
};

/**
 * Scores the test clips of the model's machine type and measures how well the scores tell anomalies from normal sounds.
 *
 * @throws TrainingDataError where the data set has no test clip of the model's type and IDs
 */
export async function evaluateSerialOe(
  model: SerialOeModel,
  options: EvaluateSerialOeOptions,
): Promise<Evaluation> {
  const where = 'serial-oe.evaluateSerialOe';
  checkOptions(where, options, OPTIONS);
  const { dataset, maxFpr, workers, featureWorkers, onProgress, signal } = options;
  const { machineType, machineIds, config, provenance } = model;
  const { heldOutClips } = provenance;
  const tested = { machineType, machineIds, heldOutClips, usesMachineIds: config.useMachineIds };
  const chosen = chooseTestClips(dataset, tested, where);
  const scores = await scoreClips(model, chosen.clips, { workers, featureWorkers, onProgress, signal });
  return measureScores(chosen, scores, { machineType, maxFpr });
}
