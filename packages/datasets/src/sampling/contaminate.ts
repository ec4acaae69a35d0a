import { checkOptions } from '@serial-oe/foundation';
import type { Clip } from '../clip';
import {
  HELD_OUT_OPTIONS,
  type HeldOutAnomaliesOptions,
  holdOutAnomalies,
  interleave,
} from './hold-out-anomalies';

/**
 * Hides anomalous clips among the normal training clips (Fig. 5 of the paper): the clips that
 * selectKnownAnomalies would draw for the same options and seed, but labelled `normal`.
 *
 * @param clips a data set's clips, train and test
 * @returns `contaminants`, copies with split `train` and the wrong label `normal`; `trainClips`, the training
 *   clips of the input with the contaminants after them; `testClips`, what remains to test: the same at every
 *   `nPerId`
 * @throws NotEnoughAnomaliesError where an ID has too few; RangeError where nPerId > nHeldOut
 */
export function contaminate<C extends Clip>(
  clips: readonly C[],
  options: HeldOutAnomaliesOptions,
): { trainClips: C[]; contaminants: C[]; testClips: C[] } {
  const here = 'datasets.contaminate';
  checkOptions(here, options, HELD_OUT_OPTIONS);
  const { pools, testClips } = holdOutAnomalies(here, clips, options);
  const chosen = interleave(pools.map(({ pool }) => pool.slice(0, options.nPerId)));
  const contaminants = chosen.map((clip): C => ({ ...clip, split: 'train', label: 'normal' }));
  const trainClips = [...clips.filter((clip) => clip.split === 'train'), ...contaminants];
  return { trainClips, contaminants, testClips };
}
