import type { CountedScorer } from './counted-scorer';
import { type Tile, withTile } from './tile';

/** The clip and the normal sound that parts of it give way to, of equal length, with their scores. */
export interface ComparedSounds {
  clip: Float32Array;
  normal: Float32Array;
  clipScore: number;
  normalScore: number;
}

/** Of the strongest rise, below which no second tile is worth it. */
const CLOSE_SECOND = 0.5;

/** Which tiles are asked about. */
export interface TileQuestion {
  /** Parts of normal - clip. */
  tiles: readonly Tile[];
  /** How many of the strongest are taken out of the clip too. */
  nVerified: number;
  /** Whether the strongest are worth taking out of the clip; where not, the rises are the importance. Default: they are. */
  isVerifying?: (rises: readonly number[]) => boolean;
}

/**
 * What each tile makes of the score. First each is put into the normal sound, and the score rises; then the strongest are taken
 * out of the clip (the second only where it comes near the first), and the score drops. The mean of rise and drop is a tile's
 * importance: Shapley's value of a tile has these two as its first and last terms. A tile that was not taken out gets its rise times
 * what the verified ones kept of theirs, and never more than they.
 *
 * @returns `[nTiles]`, in units of the score; below 0 where a part of the clip is more normal than the normal sound's
 */
export async function tileImportance(
  scorer: CountedScorer,
  { clip, normal, clipScore, normalScore }: ComparedSounds,
  { tiles, nVerified, isVerifying = () => true }: TileQuestion,
): Promise<number[]> {
  const rises: number[] = [];
  for (const tile of tiles) {
    rises.push((await scorer.score(withTile(normal, tile, -1), 'a part of the clip')) - normalScore);
  }
  if (!isVerifying(rises)) return rises;
  const order = rises.map((_, i) => i).sort((a, b) => rises[b]! - rises[a]!);
  const highest = rises[order[0]!]!;
  const verified = order
    .slice(0, nVerified)
    .filter((i, rank) => rank === 0 || rises[i]! > CLOSE_SECOND * highest);
  const means = new Map<number, number>();
  for (const i of verified) {
    const drop = clipScore - (await scorer.score(withTile(clip, tiles[i]!, 1), 'the clip less a part of it'));
    means.set(i, (rises[i]! + drop) / 2);
  }
  const all = [...means.values()];
  const sumOfRises = verified.reduce((sum, i) => sum + rises[i]!, 0);
  const kept = sumOfRises > 0 ? Math.max(0, all.reduce((sum, mean) => sum + mean, 0) / sumOfRises) : 1;
  return rises.map((rise, i) => means.get(i) ?? Math.min(rise * kept, ...all));
}
