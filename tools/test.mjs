// `npm test`: installs if needed, builds, runs every test, and ends with one line `N passed, N failed, N skipped`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackages } from './workspace/build-packages.mjs';
import { ensureInstalled } from './workspace/ensure-installed.mjs';
import { ROOT, runAsMain, runNode } from './workspace/run-command.mjs';

const HELP = `npm test                        everything: unit and integration tests, examples, README snippets, packed packages
npm run test:unit               the quick tests alone
npm run test:integration        the slower tests alone
npm test -- [--unit | --integration] [-- JEST_ARGUMENTS]

Dependencies are installed if needed and the packages built first. The last line counts tests; each check of the packed
packages (publint and are-the-types-wrong; installing the tarballs into an empty folder) counts as one.
Exit code: 0 when all passed, 1 otherwise.`;

const OPTIONS = {
  unit: { type: 'boolean', default: false },
  integration: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

await runAsMain(async (args) => {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const isAll = values.unit === values.integration;
  await ensureInstalled();
  await buildPackages();
  const counts = await runJest(isAll ? 'all' : values.unit ? 'unit' : 'integration', positionals);
  if (isAll && positionals.length === 0) {
    await countStage(counts, 'Packed packages: publint and types', () =>
      runNode([join(ROOT, 'tools', 'check-package.mjs'), '--all']),
    );
    await countStage(counts, 'Packed packages: installed into an empty folder', () =>
      runNode([join(ROOT, 'tools', 'install-smoke.mjs'), '--no-build']),
    );
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});

/** Jest over all packages, two files at a time. What runs in jest's own workers has them started anew when their memory has grown. */
async function runJest(kind, jestArguments) {
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-test-'));
  const outputFile = join(folder, 'jest.json');
  try {
    const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
    const memory = ['--maxWorkers=2', '--workerIdleMemoryLimit=1GB'];
    const exitCode = await runNode(
      [jest, ...memory, '--json', `--outputFile=${outputFile}`, ...jestArguments],
      {
        env: { ...process.env, SERIAL_OE_TESTS: kind },
        stdio: ['inherit', 'ignore', 'inherit'], // with --json, stdout repeats the results as JSON; the summary is on stderr
      },
    );
    return countTests(JSON.parse(readFileSync(outputFile, 'utf8')), exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A test file that could not run counts as one failure; so does a jest that failed for any other reason. */
function countTests(results, exitCode) {
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

async function countStage(counts, title, run) {
  console.log(`\n${title}`);
  const exitCode = await run();
  counts[exitCode === 0 ? 'passed' : 'failed'] += 1;
  console.log(`${title}: ${exitCode === 0 ? 'passed' : `FAILED (exit code ${exitCode})`}`);
}
