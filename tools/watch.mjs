// `npm run watch`: the unit tests of what differs from the last commit, then of each file that changes, from source.
import { execFileSync } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './workspace/ensure-installed.mjs';
import { ROOT, runAsMain, runNode } from './workspace/run-command.mjs';

const WATCHED = ['packages', 'tooling', 'tools'];
const IGNORED = /(?:^|[\\/])(?:node_modules|dist|\.turbo|generated)(?:[\\/]|$)/;
/** An editor saves, a formatter follows. */
const QUIET_MS = 150;

await runAsMain(async () => {
  await ensureInstalled();
  const { relatedTests } = await import('@serial-oe/tooling/related-tests'); // there is nothing to import before
  let changed = new Set(changedSinceCommit());
  let wake = () => {};
  for (const folder of WATCHED) {
    watch(join(ROOT, folder), { recursive: true }, (_, name) => {
      if (name === null || IGNORED.test(name)) return;
      changed.add(join(folder, name));
      wake();
    });
  }
  for (;;) {
    const files = [...changed];
    changed = new Set();
    if (files.length > 0) await runTests(await relatedTests(ROOT, files), files);
    console.log('Waiting for changes; Ctrl-C ends.');
    if (changed.size === 0) await new Promise((resolve) => (wake = resolve));
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
});

/** What git sees as changed or new. */
function changedSinceCommit() {
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n');
  return [...git('diff', '--name-only', 'HEAD'), ...git('ls-files', '--others', '--exclude-standard')].filter(
    (path) => WATCHED.includes(path.split('/')[0]),
  );
}

async function runTests(tests, files) {
  console.log(`\nChanged: ${files.join(', ')}`);
  if (tests.length === 0) {
    console.log('No unit test uses that.');
    return;
  }
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const env = { ...process.env, SERIAL_OE_TESTS: 'unit' };
  await runNode([jest, '--runTestsByPath', ...tests], { env }); // what fails is told; the watch goes on
}
