import { TrainingInterruptedError } from './errors';

/** Throws a {@link TrainingInterruptedError} once the signal has aborted. */
export function throwIfStopped(
  signal: AbortSignal | undefined,
  when: string,
  checkpoint: string | null = null,
): void {
  if (!signal?.aborted) return;
  throw new TrainingInterruptedError(`training: interrupted ${when}.`, checkpoint);
}
