/** What is wrong with a WAV file; the field `problem` of {@link WavError}. */
export type WavProblem =
  /** The bytes are not a RIFF/WAVE file. */
  | 'not-wav'
  /** The file ends before its headers are complete. */
  | 'truncated'
  /** The header states more audio than the file holds: it was cut off, or the header is wrong. */
  | 'length-mismatch'
  /** The file is sound and holds no samples. */
  | 'empty'
  /** No `fmt ` chunk before the audio, no `data` chunk, or no `ds64` chunk in RF64. */
  | 'missing-chunk'
  /** The format cannot be: 0 channels, a sample rate that no recorder has. */
  | 'bad-format'
  /** Compressed audio, or a sample width that is not read. */
  | 'unsupported'
  /** A floating-point file holds NaN, infinity or values beyond float32. */
  | 'not-finite';
