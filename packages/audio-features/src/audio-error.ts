import type { WavProblem } from './wav-problem';

/** What is wrong with a recording; the field `problem` of {@link AudioError}. */
export type AudioProblem =
  | WavProblem
  /** The bytes are no recording, or one of a kind that is not read; the message names what they are. */
  | 'not-audio'
  /** The recording was altered or cut off: it is not what its own header says of it. */
  | 'damaged'
  /** The package that reads this kind is not installed. */
  | 'no-decoder';

/** A recording that cannot be read. `problem` tells why, for callers that react; the message, for people. */
export class AudioError extends Error {
  override readonly name: string = 'AudioError';
  readonly problem: AudioProblem;

  constructor(problem: AudioProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
