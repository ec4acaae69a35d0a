import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 500;

export interface UntilSentOptions {
  /** Ends a pause at once. */
  signal: AbortSignal;
  /** After a failure: whether it is not tried again. */
  isGivenUp: () => boolean;
  /** At each failure; whether it is the same as before is the caller's to know. */
  onProblem: (message: string) => void;
}

/** Sends something to a server that may be away, again and again. @returns false where it was given up */
export async function untilSent(
  send: () => Promise<unknown>,
  { signal, isGivenUp, onProblem }: UntilSentOptions,
): Promise<boolean> {
  for (;;) {
    try {
      await send();
      return true;
    } catch (error) {
      onProblem((error as Error).message);
      if (isGivenUp()) return false;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
