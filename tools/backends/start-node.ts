import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job, JobAnswer } from './job';

/** A runtime that is not there: its package is missing, or its device. The message says what mends it. */
export class RuntimeMissingError extends Error {
  override readonly name = 'RuntimeMissingError';
}

/** Exit code of run-in-node.ts where the runtime is missing. */
const MISSING = 3;

/**
 * Runs a job in a Node process of its own.
 * @throws RuntimeMissingError; Error with what the process wrote, where the job fails
 */
export function runJobInNode(root: string, job: Job): JobAnswer {
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-job-'));
  try {
    const file = join(folder, 'job.json');
    writeFileSync(file, JSON.stringify(job));
    const script = join(root, 'tools', 'backends', 'run-in-node.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, file], {
      cwd: root,
      encoding: 'utf8',
    });
    if (status === MISSING) throw new RuntimeMissingError(stderr.trim());
    if (status !== 0) throw new Error(`${job.runtime} in Node ended with code ${status}:\n${stderr}`);
    return JSON.parse(stdout.trim().split('\n').at(-1) as string) as JobAnswer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
