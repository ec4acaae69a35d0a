import { setTimeout as sleep } from 'node:timers/promises';
import { restartDelay } from '@serial-oe/monitor';
import type { Fleet, PublishAudioOptions, PublishedAudio } from '@serial-oe/monitor/nats';
import { AudioSourceError } from '@serial-oe/monitor/node';

export interface PublishSoundOptions extends Omit<PublishAudioOptions, 'signal'> {
  fleet: Fleet;
  publishAudio: (fleet: Fleet, options: PublishAudioOptions) => Promise<PublishedAudio>;
  signal: AbortSignal;
  onMessage: (message: string) => void;
}

/** So long a source must have run for its next failure to count as the first. */
const GOOD_MS = 60_000;

/**
 * Sends a source's sound until its end or the signal. A source that should not end is started again, ever later.
 * @throws AudioSourceError for a source that is not
 */
export async function publishSound(options: PublishSoundOptions): Promise<PublishedAudio> {
  const { fleet, publishAudio, source, signal, onMessage, ...rest } = options;
  const total: PublishedAudio = { nPieces: 0, nDropped: 0 };
  for (let nFailures = 0; ; nFailures++) {
    const begin = performance.now();
    const problem = await attempt(async () => {
      const sent = await publishAudio(fleet, { ...rest, source, signal, onMessage });
      total.nPieces += sent.nPieces;
      total.nDropped += sent.nDropped;
    });
    if (signal.aborted || (problem === null && !source.isEndless)) return total;
    if (!source.isEndless) throw problem;
    onMessage(problem?.message ?? `${source.name} has ended; it is started again`);
    if (performance.now() - begin > GOOD_MS) nFailures = 0;
    await sleep(1000 * restartDelay(nFailures), undefined, { signal }).catch(() => {});
    if (signal.aborted) return total;
  }
}

async function attempt(work: () => Promise<void>): Promise<AudioSourceError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AudioSourceError) return error;
    throw error;
  }
}
