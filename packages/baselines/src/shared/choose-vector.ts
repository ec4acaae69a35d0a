import { rocAuc } from '@serial-oe/evaluation';
import type { TrainingProgress } from '@serial-oe/runtime/contract';
import { crossFitScores, fitDetector, scoreVector } from './fit-machine';
import type { Choice, VectorConfig, VectorMethod } from './vector-method';

/** A machine's normal clips: of each, one vector a choice. */
export interface DescribedMachine {
  machineId: string;
  /** `[nClips][nChoices]`. */
  vectors: readonly (readonly Float64Array[])[];
}

export interface ChooseVectorOptions<Config extends VectorConfig> {
  method: VectorMethod<Config>;
  config: Config;
  choices: readonly Choice[];
  onProgress(event: TrainingProgress): void;
}

/** Machines of fewer clips say little of how well a vector tells them from others. */
const MIN_CLIPS = 4;

/**
 * The choice by which the machines' normal clips are told best from each other: of each machine, its clips, scored by fits
 * without them, against the normal clips of the type's other machines as if these were faulty; AUC, averaged over machines.
 * Likelihoods of held-out clips would not do, because they do not compare between vectors of different kinds.
 *
 * @returns the index; where fewer than two machines have four clips, that of the last choice, with a warning
 */
export function chooseVector<Config extends VectorConfig>(
  described: readonly DescribedMachine[],
  { method, config, choices, onProgress }: ChooseVectorOptions<Config>,
): number {
  const last = choices.length - 1;
  if (choices.length === 1) return last;
  const judged = described.filter(({ vectors }) => vectors.length >= MIN_CLIPS);
  if (judged.length === 0 || described.length < 2) {
    const message =
      `${method.name}: one machine, or fewer than ${MIN_CLIPS} clips of each, cannot tell which of ${choices.length} ways to pool is ` +
      `best; ${JSON.stringify(choices[last])} is taken.`;
    onProgress({ kind: 'warning', message });
    return last;
  }
  const aucs = choices.map((_, choice) => {
    const ofChoice = described.map(({ machineId, vectors }) => ({
      machineId,
      vectors: vectors.map((of) => of[choice]!),
    }));
    const own = ofChoice.filter(({ machineId }) => judged.some((each) => each.machineId === machineId));
    const sum = own.reduce((total, machine) => total + separation(machine, ofChoice, { method, config }), 0);
    return sum / own.length;
  });
  return aucs.reduce((best, auc, i) => (auc >= aucs[best]! ? i : best), 0); // of equals the last, the nearest to the mean
}

interface Machine {
  machineId: string;
  vectors: readonly Float64Array[];
}

/** AUC of one machine's clips against those of the others. */
function separation<Config extends VectorConfig>(
  { machineId, vectors }: Machine,
  all: readonly Machine[],
  { method, config }: Pick<ChooseVectorOptions<Config>, 'method' | 'config'>,
): number {
  const options = { method, config, machineId, deviations: [] };
  const others = all.filter((each) => each.machineId !== machineId).flatMap((each) => each.vectors);
  const detector = fitDetector(vectors, options);
  const normal = crossFitScores(vectors, options);
  const foreign = others.map((vector) => scoreVector(detector, vector, method));
  const labels = [...normal.map(() => 0 as const), ...foreign.map(() => 1 as const)];
  return rocAuc(labels, [...normal, ...foreign]);
}
