// The entry of a process that does one run of an experiment: a fresh heap for each, and one that dies takes no other along.

import { packError, startBackend } from '@serial-oe/runtime/node';
import { createPlatform } from '@serial-oe/serial-oe';
import { performRun } from './do-job';
import type { FromRun, ToRun } from './job-messages';

/** Progress is told so often at most; every step of a small run would keep the other process busy. */
const EVENT_MS = 100;

const stop = new AbortController();
let lastEvent = 0;

process.on('message', (message: ToRun) => {
  if (message.kind === 'stop') stop.abort();
  else void perform(message);
});
// Ctrl-C reaches every process of the terminal; the one that started this one may also be gone.
process.on('SIGINT', () => stop.abort());
process.on('SIGTERM', () => stop.abort());
process.on('disconnect', () => stop.abort());

async function perform({ job, backend, commit }: Extract<ToRun, { kind: 'job' }>): Promise<void> {
  try {
    await startBackend(backend);
    await performRun(createPlatform(), job, {
      commit,
      signal: stop.signal,
      onEvent: (event) => {
        const isStep =
          event.kind === 'embedding' || (event.kind === 'training' && event.event.kind === 'step');
        if (isStep && performance.now() - lastEvent < EVENT_MS) return;
        lastEvent = performance.now();
        tell({ kind: 'event', event });
      },
    });
    end({ kind: 'done' });
  } catch (error) {
    end({ kind: 'failed', error: packError(error) });
  }
}

function tell(message: FromRun): void {
  if (process.connected) process.send?.(message);
}

function end(message: FromRun): void {
  if (!process.connected) process.exit(1);
  process.send?.(message, () => process.exit(0));
}
