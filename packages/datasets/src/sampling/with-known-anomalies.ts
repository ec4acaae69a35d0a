import { checkKind, checkOneOf, checkOptions, type OptionNames, seededRandom } from '@serial-oe/foundation';
import type { Clip, Dataset } from '../clip';
import { contaminate } from './contaminate';
import { selectKnownAnomalies } from './select-known-anomalies';

export interface KnownAnomaliesOptions {
  /** The type whose test anomalies are drawn from. */
  machineType: string;
  /** Anomalous clips that move from test to training, for each machine ID: 0 to `nHeldOut`. */
  nPerId: number;
  /** Anomalous clips of each machine ID that leave the test set, whatever `nPerId`. Default `nPerId`. */
  nHeldOut?: number | undefined;
  /** The same seed draws the same clips, for every `nPerId` from the same pool. Any finite number. */
  seed: number;
  /** How they train: as known anomalies (default), or hidden among the normal clips, see contaminate. */
  as?: 'anomaly' | 'normal' | undefined;
  /** See selectKnownAnomalies. Default `nested`. */
  protocol?: 'nested' | 'reference' | undefined;
}

const OPTIONS: OptionNames<KnownAnomaliesOptions> = {
  machineType: true,
  nPerId: true,
  nHeldOut: true,
  seed: true,
  as: true,
  protocol: true,
};

/** A data set with some of its test anomalies in training. */
export interface WithKnownAnomalies<C extends Clip> {
  /** Without the test clips that were put aside, and with those that train after all others. */
  dataset: Omit<Dataset, 'clips'> & { clips: C[] };
  /** What was added: copies with split `train` and the label `as`. */
  trainClips: C[];
  /** The test clips that were put aside: the pools of `nHeldOut` an ID. */
  heldOutClips: C[];
}

/**
 * Moves anomalies of one machine type from test to training, by the one draw that training and experiments share: the
 * stream of the seed and the machine type, over the clips' paths.
 *
 * Machine IDs without a normal training clip, which have no detector, and IDs without anomalies are left as they are.
 *
 * @throws NotEnoughAnomaliesError where an ID has anomalies but not more than `nHeldOut`; RangeError where
 *   nPerId > nHeldOut, and where `nPerId` is above 0 and no ID has anomalies
 * @example
 * const { dataset, heldOutClips } = withKnownAnomalies(scanDcase2020(root), { machineType: 'fan', nPerId: 2, seed: 0 });
 */
export function withKnownAnomalies<C extends Clip>(
  dataset: Omit<Dataset, 'clips'> & { clips: readonly C[] },
  options: KnownAnomaliesOptions,
): WithKnownAnomalies<C> {
  const here = 'datasets.withKnownAnomalies';
  checkOptions(here, options, OPTIONS);
  const { machineType, nPerId, nHeldOut = nPerId, seed, as = 'anomaly', protocol = 'nested' } = options;
  checkKind(`${here}: machineType`, machineType, 'string');
  checkOneOf(`${here}: as`, as, ['anomaly', 'normal']);
  const candidates = candidatesOf(dataset.clips, machineType);
  if (nPerId > 0 && candidates.length === 0) {
    throw new RangeError(
      `${here}: machineType must have machine IDs with normal training clips and anomalous test clips, got '${machineType}' without.`,
    );
  }
  const draw = { nPerId, nHeldOut, random: seededRandom(seed, 'known-anomalies', machineType) };
  const { trainClips, testClips } = move(candidates, { ...draw, as, protocol });
  const kept = new Set(testClips);
  const heldOutClips = candidates.filter((clip) => !kept.has(clip));
  const heldOut = new Set(heldOutClips);
  const clips = [...dataset.clips.filter((clip) => !heldOut.has(clip)), ...trainClips];
  return { dataset: { ...dataset, clips }, trainClips, heldOutClips };
}

interface Move {
  nPerId: number;
  nHeldOut: number;
  random: () => number;
  as: 'anomaly' | 'normal';
  protocol: 'nested' | 'reference';
}

function move<C extends Clip>(candidates: readonly C[], { as, protocol, ...draw }: Move) {
  if (as === 'normal') {
    const { contaminants, testClips } = contaminate(candidates, draw);
    return { trainClips: contaminants, testClips };
  }
  const { knownAnomalies, testClips } = selectKnownAnomalies(candidates, { ...draw, protocol });
  return { trainClips: knownAnomalies, testClips };
}

/** The test clips of the type's IDs that are trained and have anomalies. */
function candidatesOf<C extends Clip>(clips: readonly C[], machineType: string): C[] {
  const ofType = clips.filter((clip) => clip.machineType === machineType);
  const idsWith = (split: Clip['split'], label: Clip['label']) =>
    new Set(
      ofType.filter((clip) => clip.split === split && clip.label === label).map((clip) => clip.machineId),
    );
  const [trained, anomalous] = [idsWith('train', 'normal'), idsWith('test', 'anomaly')];
  return ofType.filter(
    ({ split, machineId }) => split === 'test' && trained.has(machineId) && anomalous.has(machineId),
  );
}
