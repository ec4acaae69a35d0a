import type { Dataset } from '@serial-oe/datasets';
import { ALL_MACHINE_TYPES, TrainingDataError } from '@serial-oe/runtime/contract';
import { UsageError } from '../command/usage-error';
import type { LoadedModel } from '../model/loaded-model';
import { typesIn } from '../model/machine-names';
import { modelOfType } from '../model/model-of-type';

export interface AskedEvaluation {
  /** Undefined for every type of the model that has test clips. */
  readonly machineType: string | undefined;
  readonly report: string | undefined;
  readonly writeCard: boolean;
}

/**
 * The model; of one that covers all types a model for each that the data set can test.
 * @throws UsageError for a type that it is not of, or flags that need a single type; TrainingDataError where nothing can be tested
 */
export function modelsToEvaluate(
  model: LoadedModel,
  { clips }: Pick<Dataset, 'clips'>,
  { machineType, report, writeCard }: AskedEvaluation,
): LoadedModel[] {
  if (model.machineType !== ALL_MACHINE_TYPES) {
    if (machineType === undefined || machineType === model.machineType) return [model];
    throw new UsageError(
      `--machine-type must be ${model.machineType}, which the model is of, got "${machineType}".`,
    );
  }
  const types = typesIn(model.machineIds);
  if (machineType !== undefined && !types.includes(machineType)) {
    throw new UsageError(`--machine-type must be one of ${types.join(', ')}, got "${machineType}".`);
  }
  if (writeCard && machineType !== undefined) {
    throw new UsageError(
      '--write-card goes without --machine-type: the card holds results of all types of the model. Leave --machine-type out.',
    );
  }
  const tested = (machineType === undefined ? types : [machineType]).filter((type) =>
    clips.some((clip) => clip.split === 'test' && clip.machineType === type),
  );
  if (tested.length === 0) {
    throw new TrainingDataError(
      `serial-oe evaluate: --data must hold test clips of ${machineType ?? types.join(', ')}, got none.`,
    );
  }
  if (report !== undefined && tested.length > 1) {
    throw new UsageError(
      `--report goes with one machine type. Name it by --machine-type: ${tested.join(', ')}.`,
    );
  }
  return tested.map((type) => modelOfType(model, type));
}
