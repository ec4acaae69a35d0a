import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Commit of the checkout that this package runs from, with `+` where its files were changed since; null where it was
 * installed from a registry (its version then says what it is) or git is not there.
 */
export async function sourceCommit(): Promise<string | null> {
  const folder = dirname(fileURLToPath(import.meta.url));
  if (folder.split(/[\\/]/).includes('node_modules')) return null; // the user's repository, not ours
  const git = async (...args: string[]) => (await run('git', ['-C', folder, ...args])).stdout.trim();
  try {
    const commit = await git('rev-parse', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return changes === '' ? commit : `${commit}+`;
  } catch {
    return null;
  }
}
