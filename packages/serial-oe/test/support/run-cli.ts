import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(__dirname, '../../dist/cli.js');

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built command in a folder, as a user would; `watch` sees stderr as it grows. */
export function runCli(
  args: readonly string[],
  folder: string,
  watch?: (stderr: string, child: ChildProcess) => void,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      outcome.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      outcome.stderr += chunk;
      watch?.(outcome.stderr, child);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...outcome, code }));
  });
}
