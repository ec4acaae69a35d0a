// `serial-oe demo` of the build, into a folder of the repository. Usage: npm run demo -- [--out DIR] [--seed N] [--quick]
import { join } from 'node:path';
import { ROOT, runAsMain, runNode } from '../workspace/run-command.mjs';

await runAsMain((args) => {
  const cli = join(ROOT, 'packages', 'cli', 'dist', 'cli.js');
  const hasOut = args.some((arg) => arg === '--out' || arg.startsWith('--out='));
  return runNode([cli, 'demo', ...(hasOut ? [] : ['--out', join(ROOT, 'demo-output')]), ...args], {
    cwd: process.cwd(),
  });
});
