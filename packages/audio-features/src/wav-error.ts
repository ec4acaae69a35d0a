import { AudioError } from './audio-error';
import type { WavProblem } from './wav-problem';

/** A WAV file that cannot be read. `problem` tells why, for callers that react; the message, for people. */
export class WavError extends AudioError {
  override readonly name = 'WavError';
  declare readonly problem: WavProblem;

  constructor(problem: WavProblem, message: string, options?: ErrorOptions) {
    super(problem, message, options);
  }
}
