import type { ClipScorer } from '@serial-oe/runtime/contract';
import { ExplanationError } from '../explanation-error';
import type { LogMel } from './log-mel';

/** What clips are compared by: the scorer's own embedding, or where it has none, the mean log-mel spectrum. */
export type EmbeddingKind = 'scorer' | 'logMel';

/** One vector a clip: the mean over its chunks, or over its frames. */
export class ClipEmbedder {
  readonly kind: EmbeddingKind;
  readonly #scorer: Pick<ClipScorer, 'embed'>;
  readonly #mel: LogMel;

  constructor(scorer: Pick<ClipScorer, 'embed'>, mel: LogMel) {
    this.kind = scorer.embed === undefined ? 'logMel' : 'scorer';
    this.#scorer = scorer;
    this.#mel = mel;
  }

  /**
   * @param waveform at the scorer's rate
   * @throws ExplanationError for an embedding that is empty or not finite; what `embed` throws
   */
  async embed(waveform: Float32Array): Promise<Float32Array> {
    const vector =
      this.kind === 'logMel' ? this.#meanSpectrum(waveform) : await this.#meanEmbedding(waveform);
    const wrong = vector.findIndex((value) => !Number.isFinite(value));
    if (vector.length > 0 && wrong < 0) return vector;
    throw new ExplanationError(
      `explain.NormalIndex: the scorer must give finite embeddings, got ${vector.length === 0 ? 'none' : `${vector[wrong]} in dimension ${wrong}`}.`,
    );
  }

  async #meanEmbedding(waveform: Float32Array): Promise<Float32Array> {
    const { data, nRows, nCols } = await this.#scorer.embed!(waveform, {
      sampleRate: this.#mel.frame.sampleRate,
    });
    const sums = new Float64Array(nRows === 0 ? 0 : nCols);
    for (let row = 0; row < nRows; row++) {
      for (let j = 0; j < nCols; j++) sums[j] = sums[j]! + data[row * nCols + j]!;
    }
    return Float32Array.from(sums, (sum) => sum / nRows);
  }

  #meanSpectrum(waveform: Float32Array): Float32Array {
    const { data, nMels, nFrames } = this.#mel.compute(waveform);
    return Float32Array.from({ length: nMels }, (_, band) => {
      let sum = 0;
      for (let at = band * nFrames; at < (band + 1) * nFrames; at++) sum += data[at]!;
      return sum / nFrames;
    });
  }
}
