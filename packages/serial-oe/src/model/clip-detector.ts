import {
  borrowSpread,
  MahalanobisDistance,
  SingularCovarianceError,
  spreadAboutMean,
} from '@serial-oe/detectors';
import type { Embeddings } from '@serial-oe/runtime';
import { meanOfRows } from './mean-of-rows';

/**
 * Detectors on the means of clips: Mahalanobis' distance under a covariance that Ledoit and Wolf's formula shrinks, which carries
 * embeddings of more columns than there are clips. A machine of few clips borrows the spread of its type's other machines.
 */

/** Fewer clips than that tell no spread of their own. */
export const MIN_CLIPS = 4;
/** Fewer rows tell none that could be lent. */
const MIN_SPREAD = 3;

/** Mean of the embeddings of a clip's chunks, `[nCols]`. */
export function meanEmbedding({ data, nRows, nCols }: Embeddings): Float64Array {
  const mean = new Float64Array(nCols);
  for (let i = 0; i < data.length; i++) mean[i % nCols]! += data[i]! / nRows;
  return mean;
}

/** How the clips of machines lie about the means of theirs; machines of one clip tell nothing. */
export function spreadOf(machines: readonly (readonly Embeddings[])[]): Float64Array[] {
  return machines.flatMap((clips) => {
    const means = clips.map(meanEmbedding);
    return spreadAboutMean(means, meanOfRows(means));
  });
}

/** What a machine's detector is fitted on. */
export interface ClipRows {
  rows: readonly Float64Array[];
  /** Whether they are its own clips, or others' about its mean. */
  isBorrowed: boolean;
}

/**
 * @param spread of other machines; `nClips` of the machine's own make its mean uncertain by so much
 * @returns null where neither tells a spread
 */
export function clipRows(clips: readonly Embeddings[], spread: readonly Float64Array[]): ClipRows | null {
  const means = clips.map(meanEmbedding);
  if (means.length >= MIN_CLIPS) return { rows: means, isBorrowed: false };
  if (spread.length < MIN_SPREAD) return null;
  const rows = borrowSpread(spread, { mean: meanOfRows(means), nRows: means.length });
  return { rows, isBorrowed: true };
}

/** @returns null for rows that do not differ */
export function fitClipMeans(rows: readonly Float64Array[]): MahalanobisDistance | null {
  try {
    return new MahalanobisDistance({ shrinkage: 'ledoitWolf' }).fit(rows.map((row) => Array.from(row)));
  } catch (error) {
    if (error instanceof SingularCovarianceError) return null;
    throw error;
  }
}

/** The detector of another machine, moved to the mean of these clips. */
export function movedTo(detector: MahalanobisDistance, clips: readonly Embeddings[]): MahalanobisDistance {
  const mean = Array.from(meanOfRows(clips.map(meanEmbedding)));
  return MahalanobisDistance.fromJSON({ ...detector.toJSON(), mean });
}
