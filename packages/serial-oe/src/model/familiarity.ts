import {
  MahalanobisDistance,
  type MahalanobisDistanceJSON,
  SingularCovarianceError,
} from '@serial-oe/detectors';
import { ABOVE_ZERO, checkKind, checkNumber, wholeNumber } from '@serial-oe/foundation';
import { meanOfRows } from './mean-of-rows';

/** A clip this many times as far away as the farthest training clip is unlike anything in training. */
export const UNLIKE_TRAINING = 1.5;

/** Fewer clips say nothing of how far apart normal clips lie. */
const MIN_CLIPS = 5;
/** Folds of the cross-fit: most clips are measured by a fit to nearly all others. */
const N_FOLDS = 20;

const WHERE = 'serial-oe.Familiarity';

/** What a bundle holds of a `Familiarity`. */
export interface FamiliarityJSON {
  /** Mean band levels of each machine, `[nLevels]`. */
  means: Record<string, number[]>;
  /** Of the deviations from them, which all machines share. */
  deviations: MahalanobisDistanceJSON;
  /** Distance of the farthest training clip from the nearest machine, each clip measured by a fit without it. */
  farthest: number;
  nClips: number;
}

/** Band levels of the normal clips of each machine. */
type Groups = ReadonlyMap<string, readonly Float64Array[]>;

/**
 * How far a sound lies from all normal sounds of training, whatever the network makes of it: the network was never asked
 * about sounds that it has not met, and may well call them normal.
 *
 * A clip is its long-term spectrum in few bands (`bandLevels`); its distance is Mahalanobis' to the nearest machine's mean,
 * under one covariance within machines, shrunk by Ledoit and Wolf's formula. The unit is the distance of the farthest
 * training clip, each measured by a fit without it: of new normal clips of the same kind one in nClips + 1 at most is
 * expected above 1.
 */
export class Familiarity {
  readonly #means: Map<string, Float64Array>;
  readonly #deviations: MahalanobisDistance;
  readonly #farthest: number;
  /** Normal clips that it was fitted on. */
  readonly nClips: number;

  private constructor({ means, deviations, farthest, nClips }: FittedFamiliarity) {
    this.#means = means;
    this.#deviations = deviations;
    this.#farthest = farthest;
    this.nClips = nClips;
  }

  /** Null where the clips are fewer than five or do not differ: they say nothing of how far is far. */
  static fit(groups: Groups): Familiarity | null {
    const clips = [...groups].flatMap(([id, members]) => members.map((levels) => ({ id, levels })));
    if (clips.length < MIN_CLIPS) return null;
    try {
      const whole = fitLevels(clips);
      const nFolds = Math.min(N_FOLDS, clips.length);
      const distances = Array.from({ length: nFolds }, (_, fold) => {
        const seen = fitLevels(clips.filter((_, i) => i % nFolds !== fold));
        return clips.filter((_, i) => i % nFolds === fold).map(({ levels }) => distanceTo(seen, levels));
      }).flat();
      const farthest = distances.reduce((most, distance) => Math.max(most, distance), 0);
      return farthest > 0 && farthest < Infinity
        ? new Familiarity({ ...whole, farthest, nClips: clips.length })
        : null;
    } catch (error) {
      if (error instanceof SingularCovarianceError) return null;
      throw error;
    }
  }

  /**
   * @param nLevels that clips will have
   * @throws RangeError or TypeError that names the field
   */
  static fromJSON(json: FamiliarityJSON, nLevels: number): Familiarity {
    const { means, deviations, farthest, nClips } = checkKind(
      `${WHERE}: json`,
      json,
      'object',
    ) as FamiliarityJSON;
    const entries = Object.entries(checkKind(`${WHERE}: means`, means, 'object'));
    if (entries.length === 0) throw new TypeError(`${WHERE}: means must hold a machine, got none.`);
    const detector = MahalanobisDistance.fromJSON(deviations);
    if (detector.toJSON().mean.length !== nLevels) {
      throw new RangeError(
        `${WHERE}: deviations must be of ${nLevels} levels, got ${detector.toJSON().mean.length}.`,
      );
    }
    return new Familiarity({
      means: new Map(entries.map(([id, mean]) => [id, readLevels(`means["${id}"]`, mean, nLevels)])),
      deviations: detector,
      farthest: checkNumber(`${WHERE}: farthest`, farthest, ABOVE_ZERO),
      nClips: checkNumber(`${WHERE}: nClips`, nClips, wholeNumber(MIN_CLIPS)),
    });
  }

  /** How many times as far from all training machines as the farthest training clip; 1 and below is familiar. */
  distance(levels: Float64Array): number {
    return distanceTo({ means: this.#means, deviations: this.#deviations }, levels) / this.#farthest;
  }

  /** A machine that came later becomes familiar: its mean joins the others, and its clips may widen the unit. */
  with(machineId: string, clips: readonly Float64Array[]): Familiarity {
    const means = new Map(this.#means).set(machineId, meanOfRows(clips));
    const fitted = { means, deviations: this.#deviations };
    const farthest = Math.max(this.#farthest, ...clips.map((levels) => distanceTo(fitted, levels)));
    return new Familiarity({ ...fitted, farthest, nClips: this.nClips + clips.length });
  }

  toJSON(): FamiliarityJSON {
    return {
      means: Object.fromEntries([...this.#means].map(([id, mean]) => [id, Array.from(mean)])),
      deviations: this.#deviations.toJSON(),
      farthest: this.#farthest,
      nClips: this.nClips,
    };
  }
}

interface FittedLevels {
  means: Map<string, Float64Array>;
  deviations: MahalanobisDistance;
}

interface FittedFamiliarity extends FittedLevels {
  farthest: number;
  nClips: number;
}

function fitLevels(clips: readonly { id: string; levels: Float64Array }[]): FittedLevels {
  const ids = [...new Set(clips.map(({ id }) => id))];
  const membersOf = (id: string) => clips.filter((clip) => clip.id === id).map(({ levels }) => levels);
  const means = new Map(ids.map((id) => [id, meanOfRows(membersOf(id))]));
  const rows = clips.map(({ id, levels }) => Array.from(deviation(levels, means.get(id)!)));
  return { means, deviations: new MahalanobisDistance({ shrinkage: 'ledoitWolf' }).fit(rows) };
}

function distanceTo({ means, deviations }: FittedLevels, levels: Float64Array): number {
  const rows = [...means.values()].map((mean) => Array.from(deviation(levels, mean)));
  return Math.sqrt(-Math.max(...deviations.scoreSamples(rows)));
}

function deviation(levels: Float64Array, mean: Float64Array): Float64Array {
  return levels.map((level, i) => level - mean[i]!);
}

function readLevels(field: string, values: unknown, length: number): Float64Array {
  if (Array.isArray(values) && values.length === length && values.every(Number.isFinite)) {
    return Float64Array.from(values);
  }
  throw new TypeError(`${WHERE}: ${field} must be ${length} finite numbers.`);
}
