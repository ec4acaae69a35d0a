import type { ClipScore, ClipScorer, ScoreOptions } from '@serial-oe/runtime/contract';
import { ExplanationError } from '../explanation-error';

/** Scores sounds that were made of a clip, and counts them. */
export class CountedScorer {
  readonly #scorer: Pick<ClipScorer, 'score'>;
  readonly #options: ScoreOptions;
  #nScorings = 0;

  constructor(scorer: Pick<ClipScorer, 'score'>, options: ScoreOptions) {
    this.#scorer = scorer;
    this.#options = options;
  }

  get nScorings(): number {
    return this.#nScorings;
  }

  /**
   * The clip itself: what its scorer throws is about the clip, and passes through.
   * @throws ExplanationError for a score that is not finite
   */
  async scoreClip(waveform: Float32Array): Promise<number> {
    this.#nScorings++;
    return finiteScore(await this.#scorer.score(waveform, this.#options), 'the clip');
  }

  /**
   * A sound made from it.
   * @param what the sound, for messages
   * @throws ExplanationError where the scorer throws, or its score is not finite
   */
  async score(waveform: Float32Array, what: string): Promise<number> {
    this.#nScorings++;
    let score: ClipScore;
    try {
      score = await this.#scorer.score(waveform, this.#options);
    } catch (cause) {
      throw new ExplanationError(`explain.occlusionMap: the scorer failed on ${what}.`, { cause });
    }
    return finiteScore(score, what);
  }
}

/** @throws ExplanationError for a score that is not finite */
export function finiteScore({ anomalyScore }: Pick<ClipScore, 'anomalyScore'>, what: string): number {
  if (Number.isFinite(anomalyScore)) return anomalyScore;
  throw new ExplanationError(
    `explain.occlusionMap: the scorer must give finite scores, got ${anomalyScore} for ${what}.`,
  );
}
