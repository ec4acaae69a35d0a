import { join } from 'node:path';
import { seconds } from './ensure-installed.mjs';
import { CommandError, ROOT, runNode } from './run-command.mjs';

/** Builds every package, or one with what it depends on. What did not change since the last build is skipped. */
export async function buildPackages(name) {
  console.log(`Building ${name ? `${name} and what it needs` : 'the packages'} ...`);
  const start = performance.now();
  const exitCode = await turbo(['build', ...(name ? [`--filter=${name}`] : [])]);
  if (exitCode !== 0) throw new CommandError('turbo run build', exitCode);
  console.log(`Built in ${seconds(start)}.`);
}

/** Runs `turbo run <args>`, which prints what fails alone, and resolves with its exit code. */
export function turbo(args) {
  const script = join(ROOT, 'node_modules', 'turbo', 'bin', 'turbo');
  const quiet = ['--output-logs=errors-only', '--log-order=grouped'];
  return runNode([script, 'run', ...args, ...quiet], {
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
}
