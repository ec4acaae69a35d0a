import { checkOneOf, checkOptions, type OptionNames, seededRandom, shuffled } from '@serial-oe/foundation';
import type { Clip } from '../clip';
import {
  HELD_OUT_OPTIONS,
  type HeldOutAnomaliesOptions,
  holdOutAnomalies,
  interleave,
} from './hold-out-anomalies';

export interface SelectKnownAnomaliesOptions extends HeldOutAnomaliesOptions {
  /**
   * `nested` (default): as below. `reference`: what the method's published code does: each `nPerId` is an
   * independent draw from all anomalous test clips, while only the pool of `nHeldOut` leaves the test set, so
   * that for `nPerId < nHeldOut` most of the training anomalies are tested on as well. A leak, here only to
   * compare with figures that have it; assertNoLeak refuses its result.
   */
  protocol?: 'nested' | 'reference';
}

const OPTIONS: OptionNames<SelectKnownAnomaliesOptions> = { ...HELD_OUT_OPTIONS, protocol: true };

/**
 * Moves some anomalous test clips of each machine ID to the training set (Fig. 4 of the paper).
 *
 * One pool of `nHeldOut` clips an ID leaves the test set at every `nPerId`, so that the points of a curve are
 * measured on the same test clips. The known anomalies are the first `nPerId` of each pool: for the same seed
 * the list for n is a prefix of the list for n + 1. Depends on the clips' paths, not on their order.
 *
 * @param clips a data set's clips; those with split `test` take part
 * @returns `knownAnomalies`, copies with split `train`, label `anomaly`; and `testClips`, what remains to test
 * @throws NotEnoughAnomaliesError where an ID has too few; RangeError where nPerId > nHeldOut
 * @example
 * const random = seededRandom(0, 'known anomalies');
 * const { knownAnomalies, testClips } = selectKnownAnomalies(dataset.clips, { nPerId: 4, random });
 */
export function selectKnownAnomalies<C extends Clip>(
  clips: readonly C[],
  options: SelectKnownAnomaliesOptions,
): { knownAnomalies: C[]; testClips: C[] } {
  const here = 'datasets.selectKnownAnomalies';
  checkOptions(here, options, OPTIONS);
  const { nPerId, nHeldOut = 32, protocol = 'nested', random } = options;
  checkOneOf(`${here}: protocol`, protocol, ['nested', 'reference']);
  const { pools, testClips } = holdOutAnomalies(here, clips, options);
  let chosen = pools.map(({ pool }) => pool.slice(0, nPerId));
  if (protocol === 'reference' && nPerId < nHeldOut) {
    const independent = seededRandom(Math.floor(random() * 2 ** 32), 'reference', nPerId);
    chosen = pools.map(({ anomalies }) => shuffled(anomalies, independent).slice(0, nPerId));
  }
  const knownAnomalies = interleave(chosen).map((clip): C => ({ ...clip, split: 'train' }));
  return { knownAnomalies, testClips };
}
