import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TrainingWorkerError } from '@serial-oe/runtime';
import { unpackError } from '@serial-oe/runtime/node';
import type { FromJob, JobSetting, Task, ToJob } from './job-messages';
import type { JobOptions } from './job-queue';
import { jobStopped } from './job-stopped';

/**
 * Does a job, or writes a report, in a process of its own.
 * @throws JobStoppedError after `signal` has aborted; TrainingWorkerError where the process died; what the job throws
 */
export async function doInProcess(
  task: Task,
  setting: JobSetting,
  { commit, onEvent, signal }: Omit<JobOptions, 'systems'>,
): Promise<void> {
  const child = fork(fileURLToPath(new URL('./job-entry.js', import.meta.url)), {
    serialization: 'advanced',
    execArgv: [], // an inspector's port can be had once only
  });
  const stop = () => send(child, { kind: 'stop' });
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      let last: FromJob | null = null;
      child.on('message', (message: FromJob) => {
        if (message.kind === 'event') onEvent(message.event);
        else last = message;
      });
      child.on('error', reject);
      // Not 'exit': where two end at once, that can come before the second one's last message is read.
      child.on('close', (code, killedBy) => {
        if (last?.kind === 'done') resolve();
        else if (last?.kind === 'failed') reject(unpackError(last.error));
        else reject(died(killedBy ?? `exit code ${code}`));
      });
      send(child, { kind: 'task', task, commit, setting });
      if (signal?.aborted) stop();
    });
  } catch (error) {
    throw signal?.aborted ? jobStopped(task.kind === 'job' ? task.job.id : task.report.id, error) : error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function died(how: string): TrainingWorkerError {
  const memory = how === 'SIGKILL' ? ' If the system ran out of memory, use fewer workers.' : '';
  return new TrainingWorkerError(
    `experiments.runExperiments: the process of the job ended (${how}); its last checkpoint is intact.${memory}`,
  );
}

function send(child: ChildProcess, message: ToJob): void {
  if (child.connected) child.send(message, () => {}); // a process that has just died is told by its exit
}
