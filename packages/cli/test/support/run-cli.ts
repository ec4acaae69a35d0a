import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(__dirname, '../../dist/cli.js');

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Sees stderr as it grows. */
export type Watch = (stderr: string, child: ChildProcess) => void;

/** Runs the built command in a folder, as a user would; `env` comes on top of the environment. */
export function runCli(
  args: readonly string[],
  folder: string,
  { watch, env }: { watch?: Watch | undefined; env?: NodeJS.ProcessEnv | undefined } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...process.env, ...env } });
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
