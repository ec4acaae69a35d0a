import {
  COUNT,
  checkedRandom,
  checkNumber,
  checkRandom,
  type OptionNames,
  shuffled,
} from '@serial-oe/foundation';
import type { Clip } from '../clip';
import { NotEnoughAnomaliesError } from '../errors';
import { groupByMachine } from './group-by-machine';

export interface HeldOutAnomaliesOptions {
  /** Anomalous clips that move from test to training, for each machine ID: 0 to `nHeldOut`. */
  nPerId: number;
  /**
   * Anomalous clips of each machine ID that leave the test set, whatever `nPerId`. Default 32, the largest
   * number of the paper; take less for small sets. Every ID that has test clips needs at least one more
   * anomalous clip than this.
   */
  nHeldOut?: number | undefined;
  /** Uniform in [0, 1), such as `seededRandom(0)`. */
  random: () => number;
}

export const HELD_OUT_OPTIONS: OptionNames<HeldOutAnomaliesOptions> = {
  nPerId: true,
  nHeldOut: true,
  random: true,
};

/** The draw that selectKnownAnomalies and contaminate share. */
export interface HeldOutAnomalies<C extends Clip> {
  /** Each ID's pool in drawn order, and all anomalous test clips of that ID. */
  pools: { pool: C[]; anomalies: C[] }[];
  /** The test clips outside every pool, in the order of the input. */
  testClips: C[];
}

/** Draws the held-out pools: one permutation an ID, of which the first `nHeldOut` are the pool. */
export function holdOutAnomalies<C extends Clip>(
  where: string,
  clips: readonly C[],
  { nPerId, nHeldOut = 32, random }: HeldOutAnomaliesOptions,
): HeldOutAnomalies<C> {
  checkNumber(`${where}: nHeldOut`, nHeldOut, COUNT);
  checkNumber(`${where}: nPerId`, nPerId, COUNT);
  if (nPerId > nHeldOut) {
    throw new RangeError(
      `${where}: nPerId must be <= nHeldOut, got nPerId = ${nPerId}, nHeldOut = ${nHeldOut}. ` +
        'Raise nHeldOut, and keep it the same for all points that are compared.',
    );
  }
  const draw = checkedRandom(where, checkRandom(`${where}: random`, random));
  const test = clips.filter((clip) => clip.split === 'test');
  const pools = groupByMachine(test).map(({ machineType, machineId, clips: ofId }) => {
    const anomalies = ofId.filter((clip) => clip.label === 'anomaly');
    if (nHeldOut > 0 && anomalies.length <= nHeldOut) {
      throw new NotEnoughAnomaliesError(
        `${where}: nHeldOut must be below the number of anomalous test clips of each machine ID, got ` +
          `nHeldOut = ${nHeldOut}, but ${machineType} ${machineId} has ${anomalies.length}. ` +
          'Pass a smaller nHeldOut (such as 8), or only the clips of IDs that have enough.',
        { machineType, machineId, nAnomalies: anomalies.length },
      );
    }
    return { anomalies, pool: shuffled(anomalies, draw).slice(0, nHeldOut) };
  });
  const heldOut = new Set(pools.flatMap(({ pool }) => pool));
  return { pools, testClips: test.filter((clip) => !heldOut.has(clip)) };
}

/** First each ID's first clip, then each ID's second: the list for n is a prefix of the list for n + 1. */
export function interleave<C>(lists: readonly (readonly C[])[]): C[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const ranks = Array.from({ length: longest }, (_, rank) => rank);
  return ranks.flatMap((rank) => lists.flatMap((list) => list.slice(rank, rank + 1)));
}
