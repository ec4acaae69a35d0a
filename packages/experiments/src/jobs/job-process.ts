import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TrainingInterruptedError, TrainingWorkerError } from '@serial-oe/runtime';
import type { BackendName } from '@serial-oe/runtime/node';
import { unpackError } from '@serial-oe/runtime/node';
import type { FromRun, ToRun } from './job-messages';
import type { RunEvent, RunJob } from './job-types';

export interface RunProcessOptions {
  backend: BackendName;
  commit: string | null;
  onEvent: (event: RunEvent) => void;
  signal: AbortSignal | undefined;
}

/**
 * Does a run in a process of its own.
 * @throws TrainingInterruptedError after `signal` has aborted; TrainingWorkerError where the process died; what the run throws
 */
export async function runInProcess(job: RunJob, options: RunProcessOptions): Promise<void> {
  const { backend, commit, onEvent, signal } = options;
  const child = fork(fileURLToPath(new URL('./job-entry.js', import.meta.url)), {
    serialization: 'advanced',
    execArgv: [], // an inspector's port can be had once only
  });
  const stop = () => send(child, { kind: 'stop' });
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      let last: FromRun | null = null;
      child.on('message', (message: FromRun) => {
        if (message.kind === 'event') onEvent(message.event);
        else last = message;
      });
      child.on('error', reject);
      child.on('exit', (code, killedBy) => {
        if (last?.kind === 'done') resolve();
        else if (last?.kind === 'failed') reject(unpackError(last.error));
        else reject(died(killedBy ?? `exit code ${code}`));
      });
      send(child, { kind: 'job', job, backend, commit });
      if (signal?.aborted) stop();
    });
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new TrainingInterruptedError(`serial-oe.runExperiment: run ${job.id} was interrupted.`, null);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function died(how: string): TrainingWorkerError {
  const memory = how === 'SIGKILL' ? ' If the system ran out of memory, use fewer --workers.' : '';
  return new TrainingWorkerError(
    `serial-oe.runExperiment: the process of the run ended (${how}); its last checkpoint is intact.${memory}`,
  );
}

function send(child: ChildProcess, message: ToRun): void {
  if (child.connected) child.send(message, () => {}); // a process that has just died is told by its exit
}
