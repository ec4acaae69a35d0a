import { readdir } from 'node:fs/promises';
import type { FileAccess } from '@serial-oe/runtime';
import { jobFiles, RUNS_FOLDER, scoresFile } from '../jobs/job-files';
import type { Job } from '../jobs/job-types';
import { readRecord, readScoresFile } from '../jobs/read-job-json';

/**
 * Jobs with something left to do.
 * @throws ExperimentError naming a file of a finished job that is cut off, before days are spent on others
 */
export async function openJobs(jobs: readonly Job[], files: FileAccess): Promise<Job[]> {
  const open: Job[] = [];
  for (const job of jobs) if (!(await isFinished(job, files))) open.push(job);
  return open;
}

async function isFinished(job: Job, files: FileAccess): Promise<boolean> {
  const { record, embeddings } = jobFiles(files, job.folder);
  let isWhole = true;
  for (const { key } of job.scorings) {
    const path = scoresFile(files, job.folder, key);
    if (await files.exists(path)) await readScoresFile(files, path);
    else isWhole = false;
  }
  if (!(await files.exists(record))) return false;
  const { hasEmbeddings } = await readRecord(files, record);
  return isWhole && (!job.isMapped || !hasEmbeddings || (await files.exists(embeddings)));
}

/**
 * Looks at what earlier calls left in the folder.
 * @throws ExperimentError naming a run of another format
 */
export async function checkRuns(outFolder: string, files: FileAccess): Promise<void> {
  const folder = files.join(outFolder, RUNS_FOLDER);
  const names = await readdir(folder).catch(() => []); // there are none yet
  for (const name of names) {
    const { record } = jobFiles(files, files.join(folder, name));
    if (await files.exists(record)) await readRecord(files, record);
  }
}
