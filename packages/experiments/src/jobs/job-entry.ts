// The entry of a process that does one job of an experiment, or writes its results: a fresh heap for each, and one that dies takes no
// other along.

import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { type AsdSystem, type FileAccess, FolderInUseError, type Platform } from '@serial-oe/runtime';
import {
  claimFolderFor,
  createFileAccess,
  createNodePlatform,
  type FolderClaim,
  packError,
  startBackend,
} from '@serial-oe/runtime/node';
import { doReport } from '../report-job';
import { doJobUntil } from './do-job';
import { ExperimentError } from './experiment-error';
import type { FromJob, JobSetting, Task, ToJob } from './job-messages';
import type { JobEvent } from './job-types';
import { backendName } from './process-queue';

/** Progress is told so often at most; every step of a small training would keep the other process busy. */
const EVENT_MS = 100;

const CALLER = 'experiments.runExperiments';
/** A job's process on another machine that gives no sign of life for so long has lost it. */
type Lease = Parameters<typeof claimFolderFor>[2];
const LEASE: Lease = { leaseMs: 60_000, renewMs: 10_000 };

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

async function work({ task, commit, setting }: Extract<ToJob, { kind: 'task' }>): Promise<void> {
  const claims: FolderClaim[] = [];
  const claim = async (folder: string, lease?: Lease) => {
    const claimed = await claimWithin(setting.patienceMs, folder, lease);
    claims.push(claimed);
    return claimed;
  };
  const release = async () => {
    for (const claimed of claims) await claimed.release();
  };
  try {
    await (task.kind === 'job'
      ? doJobHere(task, { commit, setting, claim })
      : doReportHere(task, { commit, setting, claim }));
    await release();
    end({ kind: 'done' });
  } catch (error) {
    await release().catch(() => {}); // the first error tells more
    end({ kind: 'failed', error: packError(error) });
  }
}

interface Around {
  commit: string | null;
  setting: JobSetting;
  claim: (folder: string, lease?: Lease) => Promise<FolderClaim>;
}

async function doJobHere(
  { job, until }: Extract<Task, { kind: 'job' }>,
  { commit, setting, claim }: Around,
): Promise<void> {
  const { backend, featureThreads, systemsModule } = setting;
  const systems = await loadSystems(systemsModule);
  if (backend !== null) await startBackend(backend);
  const claimed = await claim(job.folder, LEASE);
  const onEvent = (event: JobEvent) => {
    const isStep = event.kind === 'embedding' || (event.kind === 'training' && event.event.kind === 'step');
    if (isStep && performance.now() - lastEvent < EVENT_MS) return;
    lastEvent = performance.now();
    tell({ kind: 'event', event });
  };
  await doJobUntil(until, job, {
    ...{ systems, commit, onEvent, signal: stop.signal },
    backend: backendName(backend),
    platform: fencedPlatform(createNodePlatform({ training: 1, features: featureThreads }), claimed),
  });
}

/** Figures come from the files of jobs: no backend is needed. The folder is the one that a call which waits for its jobs claims too. */
async function doReportHere(
  { report, reasons }: Extract<Task, { kind: 'report' }>,
  { commit, setting, claim }: Around,
): Promise<void> {
  const systems = await loadSystems(setting.systemsModule);
  const claimed = await claim(report.outFolder);
  const files = fencedFiles(createFileAccess(), claimed);
  await doReport(report, { systems, files, reasons, commit, signal: stop.signal });
}

/**
 * A process that was held up (a suspended machine, a network folder that was gone) may find that another has its job: what it writes
 * then would stand among the other's files.
 */
function fencedFiles(files: FileAccess, { isHeld }: FolderClaim): FileAccess {
  const check = async () => {
    if (await isHeld()) return;
    throw new FolderInUseError(
      `${CALLER}: the job is done by another process now; nothing more is written here.`,
    );
  };
  return {
    ...files,
    writeFile: (...args) => check().then(() => files.writeFile(...args)),
    writeFolder: (...args) => check().then(() => files.writeFolder(...args)),
    remove: (...args) => check().then(() => files.remove(...args)),
  };
}

function fencedPlatform(platform: Platform, claim: FolderClaim): Platform {
  return platform.files === null ? platform : { ...platform, files: fencedFiles(platform.files, claim) };
}

/** Waits for the process of the same job that an experiment which was killed has left behind. */
async function claimWithin(ms: number, folder: string, lease?: Lease): Promise<FolderClaim> {
  for (const startedAt = performance.now(); ; await sleep(500)) {
    try {
      return await claimFolderFor(folder, CALLER, lease);
    } catch (error) {
      const isHeld = error instanceof FolderInUseError && error.cause === undefined;
      if (!isHeld || performance.now() - startedAt > ms || stop.signal.aborted) throw error;
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
