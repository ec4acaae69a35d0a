// The entry of a process that does one job of an experiment: a fresh heap for each, and one that dies takes no other along.

import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { type AsdSystem, FolderInUseError, type Platform } from '@serial-oe/runtime';
import {
  claimFolderFor,
  createNodePlatform,
  type FolderClaim,
  packError,
  startBackend,
} from '@serial-oe/runtime/node';
import { doJob } from './do-job';
import { ExperimentError } from './experiment-error';
import type { FromJob, ToJob } from './job-messages';
import { backendName } from './process-queue';

/** Progress is told so often at most; every step of a small training would keep the other process busy. */
const EVENT_MS = 100;

/** The process of a job whose parent was killed saves its state and ends; it takes that long at most. */
const PREDECESSOR_MS = 120_000;

const CALLER = 'experiments.runExperiments';
/** A job's process on another machine that gives no sign of life for so long has lost it. */
const LEASE = { leaseMs: 60_000, renewMs: 10_000 };

/** Standard streams that are a terminal at the start. */
const terminals = [0, 1, 2].filter((fd) => isatty(fd));
const stop = new AbortController();
let lastEvent = 0;

process.on('message', (message: ToJob) => {
  if (message.kind === 'stop') stop.abort();
  else void work(message);
});
// Ctrl-C and a closed terminal reach every process of it; the one that started this one may also be gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
// With the terminal goes what is written to it; the state is to be saved all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.on('disconnect', () => stop.abort());

async function work({ job, commit, setting }: Extract<ToJob, { kind: 'job' }>): Promise<void> {
  const { backend, featureThreads, systemsModule } = setting;
  let release = async () => {};
  try {
    const systems = await loadSystems(systemsModule);
    if (backend !== null) await startBackend(backend);
    const claim = await claimJob(job.folder);
    release = claim.release;
    await doJob(job, {
      systems,
      commit,
      backend: backendName(backend),
      platform: fencedPlatform(createNodePlatform({ training: 1, features: featureThreads }), claim),
      signal: stop.signal,
      onEvent: (event) => {
        const isStep =
          event.kind === 'embedding' || (event.kind === 'training' && event.event.kind === 'step');
        if (isStep && performance.now() - lastEvent < EVENT_MS) return;
        lastEvent = performance.now();
        tell({ kind: 'event', event });
      },
    });
    await release();
    end({ kind: 'done' });
  } catch (error) {
    await release().catch(() => {}); // the first error tells more
    end({ kind: 'failed', error: packError(error) });
  }
}

/**
 * A process that was held up (a suspended machine, a network folder that was gone) may find that another has its job: what it writes
 * then would stand among the other's files.
 */
function fencedPlatform(platform: Platform, { isHeld }: FolderClaim): Platform {
  const { files } = platform;
  if (files === null) return platform;
  const check = async () => {
    if (await isHeld()) return;
    throw new FolderInUseError(
      `${CALLER}: the job is done by another process now; nothing more is written here.`,
    );
  };
  return {
    ...platform,
    files: {
      ...files,
      writeFile: (...args) => check().then(() => files.writeFile(...args)),
      writeFolder: (...args) => check().then(() => files.writeFolder(...args)),
      remove: (...args) => check().then(() => files.remove(...args)),
    },
  };
}

/** Waits for the process of the same job that an experiment which was killed has left behind. */
async function claimJob(folder: string): Promise<FolderClaim> {
  for (const startedAt = performance.now(); ; await sleep(500)) {
    try {
      return await claimFolderFor(folder, CALLER, LEASE);
    } catch (error) {
      const isHeld = error instanceof FolderInUseError && error.cause === undefined;
      if (!isHeld || performance.now() - startedAt > PREDECESSOR_MS || stop.signal.aborted) throw error;
    }
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
  if (!process.connected) leave(1);
  process.send?.(message, () => leave(0));
}

/** Where the terminal has gone, Node would put back its settings, fail, and abort with a core dump. */
function leave(code: number): void {
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  process.exit(code);
}
