// `npm run demo`: installs and builds what the demo needs, then runs it. Arguments go to the demo: `npm run demo -- --help`.
import { join } from 'node:path';
import { buildPackages } from './workspace/build-packages.mjs';
import { ensureInstalled } from './workspace/ensure-installed.mjs';
import { ROOT, runAsMain, runNode } from './workspace/run-command.mjs';

await runAsMain(async (args) => {
  await ensureInstalled();
  await buildPackages('@serial-oe/cli');
  return runNode([join(ROOT, 'tools', 'demo', 'run-demo.mjs'), ...args]);
});
