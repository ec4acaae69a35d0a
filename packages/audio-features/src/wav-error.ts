/** What is wrong with a WAV file; the field `problem` of {@link WavError}. */
export type WavProblem =
  /** The bytes are not a RIFF/WAVE file. */
  | 'not-wav'
  /** The file ends before its headers are complete. */
  | 'truncated'
  /** A size in the header reaches past the end of the file, or two sizes contradict each other. */
  | 'length-mismatch'
  /** The header says that the length was unknown when it was written (streamed: 0xFFFFFFFF, or 0 with audio after it). */
  | 'unknown-length'
  /** The file is sound and holds no samples. */
  | 'empty'
  /** No `fmt ` chunk before the audio, no `data` chunk, or no `ds64` chunk in RF64. */
  | 'missing-chunk'
  /** The format contradicts itself: 0 channels, 0 Hz, block align. */
  | 'bad-format'
  /** Compressed audio, or a sample width that is not read. */
  | 'unsupported'
  /** A floating-point file holds NaN, infinity or values beyond float32. */
  | 'not-finite';

/** A WAV file that cannot be read. `problem` tells why, for callers that react; the message, for people. */
export class WavError extends Error {
  override readonly name = 'WavError';
  readonly problem: WavProblem;

  constructor(problem: WavProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
