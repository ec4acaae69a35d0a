import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { ROOT } from '../../tools/workspace/run-command.mjs';

/** What a reader has to know about the machine and the versions, as text and numbers for the table. */
export function describeMachine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    cpu: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${distribution() ?? type()} (kernel ${release()})`,
    load: loadavg()[0].toFixed(1),
    node: process.versions.node,
    tfjs: createRequire(import.meta.url)('@tensorflow/tfjs-core/package.json').version,
  };
}

/** Short hash of the checkout, with a plus sign where it holds changes. */
function commit() {
  const git = (...args) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  const { status, stdout } = git('rev-parse', '--short', 'HEAD');
  if (status !== 0) return 'unknown';
  const isChanged = git('status', '--porcelain', '--untracked-files=no').stdout.trim() !== '';
  return `${stdout.trim()}${isChanged ? '+' : ''}`;
}

function distribution() {
  try {
    return readFileSync('/etc/os-release', 'utf8').match(/^PRETTY_NAME="?([^"\n]+)/m)?.[1];
  } catch {
    return undefined; // not a Linux that has the file
  }
}
