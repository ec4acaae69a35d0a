import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@serial-oe/foundation';
import { writeFileAtomically } from '@serial-oe/runtime/node';
import { ExperimentError } from '../jobs/experiment-error';
import type { Job, JobEvent } from '../jobs/job-types';

/** What the server keeps of a job: where its description lies on the shared folder. */
export interface QueuedJob {
  formatVersion: typeof FORMAT;
  id: string;
  /** Absolute, the same for all machines. */
  path: string;
  /** SHA-256 of the file. */
  checksum: string;
  /** Of the source that planned it. */
  commit: string | null;
  /** Whoever waits for it has given it up. */
  isCancelled: boolean;
}

/** What a worker tells of a job under way. */
export type QueuedProgress = Extract<JobEvent, { kind: 'started' | 'training' | 'embedding' | 'scoring' }>;

export const FORMAT = 1;
/** Beside what the job itself writes. */
const JOB_FILE = 'job.json';

/** Jobs of another backend have other names, so that its workers take none of these. */
export function queueName(name: string, backend: string): string {
  return `${name}-${backend}`;
}

/** The same for the same job, whoever adds it. */
export function queuedId({ folder }: Pick<Job, 'folder'>): string {
  return sha256(folder).slice(0, 32);
}

/** Writes the job's description where workers read it. */
export async function describeJob(job: Job, commit: string | null): Promise<QueuedJob> {
  const path = join(job.folder, JOB_FILE);
  const text = JSON.stringify(job);
  await writeFileAtomically(path, text);
  return { formatVersion: FORMAT, id: job.id, path, checksum: sha256(text), commit, isCancelled: false };
}

/** @throws ExperimentError where the file is not there or another, so that what is shared is not shared */
export async function readDescribedJob({ formatVersion, path, checksum }: QueuedJob): Promise<Job> {
  const where = 'experiments.runBullWorker';
  if (formatVersion !== FORMAT) {
    throw new ExperimentError(
      `${where}: the job must be of format ${FORMAT}, got ${formatVersion}. Workers and whoever adds the jobs must be of the same release.`,
    );
  }
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new ExperimentError(
      `${where}: ${path} must be there: data and results must lie on a folder that all machines see at the same path.`,
      { cause },
    );
  });
  if (sha256(text) === checksum) return JSON.parse(text) as Job;
  throw new ExperimentError(`${where}: ${path} must be the job that was added, got another one.`);
}
