import { sessionOf } from '@serial-oe/datasets';
import { nameSome } from '@serial-oe/foundation';
import { TrainingDataError } from '@serial-oe/runtime';
import type { SerialOeConfig } from '../config/config';
import type { TrainingSet } from '../data/training-set';
import { clipsOfDetector, detectorNames } from './detector-clips';
import { foldsOf } from './fit-detector';

/**
 * Whether each machine ID has what its detector is fitted on, before the extractor is trained for hours.
 *
 * @param nChunks of each clip of the set
 * @throws TrainingDataError naming each machine ID whose clips, or a fold of them, hold too few chunks
 */
export function checkDetectorData(
  set: TrainingSet,
  config: SerialOeConfig,
  nChunks: ArrayLike<number>,
): void {
  const problems = detectorNames(set, config).flatMap((machineId) => {
    const { fitted, validation } = clipsOfDetector(set, config, machineId);
    if (fitted.length === 0) return [`machine ID ${machineId} has no clip to fit it on`];
    if (config.detector.kind === 'clipMahalanobis') return []; // one clip will do: others lend it their spread, or a mixture stands in
    const sessions = fitted.map((i) => sessionOf(set.clips[i]!.path));
    const folds = validation.length > 0 ? [] : foldsOf(fitted, sessions);
    const fits = [fitted, ...folds.map(({ seen }) => seen)];
    const fewest = Math.min(...fits.map((clips) => clips.reduce((sum, clip) => sum + nChunks[clip]!, 0)));
    return fewest >= leastChunks(config)
      ? []
      : [`machine ID ${machineId} has ${describe(fewest, fitted, fits)}`];
  });
  if (problems.length === 0) return;
  const { nComponents, covarianceType, regCovar } = config.detector;
  const sparing = isBare(config) ? 'Raise detector.regCovar' : 'Lower detector.nComponents';
  const remedy =
    config.detector.fitOn === 'validation'
      ? "Raise validation.fraction, or set detector.fitOn to 'train'."
      : `${sparing}, or record more normal clips.`;
  throw new TrainingDataError(
    `serial-oe.trainSerialOe: a detector of ${nComponents} component(s), ${covarianceType} covariance and regCovar ${regCovar} must have ` +
      `at least ${leastChunks(config)} chunks to be fitted on, but ${nameSome(problems, { separator: '; ' })}. ${remedy}`,
  );
}

/** A component needs a chunk; without regCovar a full matrix of D columns has an inverse from D + 1 chunks on. */
function leastChunks(config: SerialOeConfig): number {
  return Math.max(config.detector.nComponents, isBare(config) ? config.network.embeddingSize + 1 : 1);
}

function isBare({ detector: { covarianceType, regCovar } }: SerialOeConfig): boolean {
  return regCovar === 0 && (covarianceType === 'full' || covarianceType === 'tied');
}

function describe(fewest: number, fitted: readonly number[], fits: readonly unknown[]): string {
  const where = fits.length > 1 ? ` in the folds of its ${fitted.length} clips that set the threshold` : '';
  return `${fewest}${where}`;
}
