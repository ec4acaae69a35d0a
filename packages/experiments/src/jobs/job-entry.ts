// The entry of a process that does one job of an experiment: a fresh heap for each, and one that dies takes no other along.

import type { AsdSystem } from '@serial-oe/runtime';
import { createNodePlatform, packError, startBackend } from '@serial-oe/runtime/node';
import { doJob } from './do-job';
import { ExperimentError } from './experiment-error';
import type { FromJob, ToJob } from './job-messages';
import { backendName } from './process-queue';

/** Progress is told so often at most; every step of a small training would keep the other process busy. */
const EVENT_MS = 100;

const stop = new AbortController();
let lastEvent = 0;

process.on('message', (message: ToJob) => {
  if (message.kind === 'stop') stop.abort();
  else void work(message);
});
// Ctrl-C reaches every process of the terminal; the one that started this one may also be gone.
process.on('SIGINT', () => stop.abort());
process.on('SIGTERM', () => stop.abort());
process.on('disconnect', () => stop.abort());

async function work({ job, commit, setting }: Extract<ToJob, { kind: 'job' }>): Promise<void> {
  const { backend, featureThreads, systemsModule } = setting;
  try {
    const systems = await loadSystems(systemsModule);
    if (backend !== null) await startBackend(backend);
    await doJob(job, {
      systems,
      commit,
      backend: backendName(backend),
      platform: createNodePlatform({ training: 1, features: featureThreads }),
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

async function loadSystems(url: string): Promise<readonly AsdSystem[]> {
  const { systems } = (await import(url)) as { systems?: readonly AsdSystem[] };
  if (Array.isArray(systems)) return systems;
  throw new ExperimentError(
    `experiments.processQueue: systemsModule must export a list \`systems\`, got ${typeof systems} from ${url}.`,
  );
}

function tell(message: FromJob): void {
  if (process.connected) process.send?.(message);
}

function end(message: FromJob): void {
  if (!process.connected) process.exit(1);
  process.send?.(message, () => process.exit(0));
}
