import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@serial-oe/foundation';
import { writeFileAtomically } from '@serial-oe/runtime/node';
import { ExperimentError } from '../jobs/experiment-error';
import type { Job, JobEnd, JobEvent } from '../jobs/job-types';
import type { ReportJob } from '../report-job';

/** What the server keeps of a job: where its description lies on the shared folder. */
export interface QueuedJob {
  formatVersion: typeof FORMAT;
  id: string;
  /** How far it is done; `report`: the description is of the results, not of a training. */
  task: JobEnd | 'report';
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

export const FORMAT = 2;
/** Descriptions of results, in the folder of the experiments. */
const REPORTS_FOLDER = 'reports';

/** Jobs of another backend have other names, so that its workers take none of these. */
export function queueName(name: string, backend: string): string {
  return `${name}-${backend}`;
}

/** The same for the same job, whoever adds it. */
export function queuedId({ folder }: Pick<Job, 'folder'>): string {
  return shortHash(folder);
}

/** A job in the server has one parent: the same training for two reports is two, of which the later finds it done. */
export function flowJobId(reportId: string, { id }: Pick<Job, 'id'>, task: JobEnd): string {
  return shortHash(`${reportId}/${id}/${task}`);
}

/** The same for the same experiments on the same recordings in the same folder. */
export function queuedReportId(report: ReportJob): string {
  return shortHash(JSON.stringify(report));
}

function shortHash(text: string): string {
  return sha256(text).slice(0, 32);
}

/**
 * Writes the job's description where workers read it. Another experiment may ask the same training for other scores: each description
 * has a file of its own.
 */
export async function describeJob(job: Job, commit: string | null, task: JobEnd = 'end'): Promise<QueuedJob> {
  return describe(job, { folder: job.folder, id: job.id, task, commit });
}

/** Writes what the results are made of where workers read it. */
export async function describeReport(report: ReportJob, commit: string | null): Promise<QueuedJob> {
  return describe(report, {
    folder: join(report.outFolder, REPORTS_FOLDER),
    id: report.id,
    task: 'report',
    commit,
  });
}

async function describe(
  content: Job | ReportJob,
  { folder, ...about }: Pick<QueuedJob, 'id' | 'task' | 'commit'> & { folder: string },
): Promise<QueuedJob> {
  const text = JSON.stringify(content);
  const checksum = sha256(text);
  const path = join(folder, `job-${checksum.slice(0, 12)}.json`);
  await writeFileAtomically(path, text);
  return { formatVersion: FORMAT, ...about, path, checksum, isCancelled: false };
}

/** @throws ExperimentError where the file is not there or another, so that what is shared is not shared */
export async function readDescribed<T extends Job | ReportJob>({
  formatVersion,
  path,
  checksum,
}: QueuedJob): Promise<T> {
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
  if (sha256(text) === checksum) return JSON.parse(text) as T;
  throw new ExperimentError(`${where}: ${path} must be the job that was added, got another one.`);
}
