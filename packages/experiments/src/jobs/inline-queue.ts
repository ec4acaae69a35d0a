import type { Platform } from '@serial-oe/runtime';
import { createNodePlatform } from '@serial-oe/runtime/node';
import { doJob } from './do-job';
import type { JobOptions, JobQueue } from './job-queue';
import { jobStopped } from './job-stopped';
import type { Job } from './job-types';

export interface InlineQueueOptions {
  /** Name of the tfjs backend that is active, for systems that use one. Default 'none'. */
  backend?: string | undefined;
  /** Default: Node's, one thread that trains and one that prepares spectrograms. */
  platform?: Platform | undefined;
}

/** Does jobs one after the other in this process. For tests and small systems; a job that runs out of memory ends the process. */
export function inlineQueue({ backend = 'none', platform }: InlineQueueOptions = {}): JobQueue {
  const host = platform ?? createNodePlatform();
  let last: Promise<unknown> = Promise.resolve();
  const work = async (job: Job, options: JobOptions): Promise<void> => {
    if (options.signal?.aborted) throw jobStopped(job.id);
    options.onEvent({ kind: 'started' });
    try {
      await doJob(job, { ...options, backend, platform: host });
    } catch (error) {
      throw options.signal?.aborted ? jobStopped(job.id, error) : error;
    }
  };
  return {
    backend,
    add(job, options) {
      const done = last.then(() => work(job, options));
      last = done.catch(() => {}); // its own caller is told
      return done;
    },
  };
}
