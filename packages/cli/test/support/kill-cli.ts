import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CLI = join(__dirname, '../../dist/cli.js');

/** How a run ended that was to be killed. */
export interface Ending {
  /** False where it was over before. */
  isKilled: boolean;
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built command in a folder and kills it (-9) after a while; stdout goes to a file, as with `> FILE`. */
export async function runAndKill(
  args: readonly string[],
  folder: string,
  { afterMs }: { afterMs: number },
): Promise<Ending> {
  const file = join(folder, 'stdout.txt');
  const stdout = openSync(file, 'w');
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    stdio: ['ignore', stdout, 'pipe'],
    env: { ...process.env, SERIAL_OE_TFJS_NODE: folder },
  });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  // Not 'close': the process of a job outlives its parent for a moment, with the same stderr.
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (...ending) => resolve(ending));
  });
  clearTimeout(timer);
  if (signal === null) await new Promise((resolve) => setTimeout(resolve, 50)); // the last lines arrive
  closeSync(stdout);
  return { isKilled: signal === 'SIGKILL', code, stdout: readFileSync(file, 'utf8'), stderr };
}
